//! One item as every page shows it: the least that is honest, in figures and in words.

use crate::{
    calendar::rules::board_year_text,
    learning_gain::{
        rules::{
            Flag, IntervalKind, ItemLine, Scale,
            sentence::{
                Subject, effect_size_sentence, figure_words, flag_sentence, gain_sentence, matching_sentence,
                p_sentence, p_words, share_words, signed_figure_words,
            },
        },
        store::{ItemGain, MaybeLine, YearLine},
        suppression::line::ShownLine,
    },
    surveys::rules::{ItemKind, statements::rating_labels},
    web::{charts::*, components::*},
};
use leptos::prelude::*;

/// What the statement asks about.
pub fn subject_of(kind: ItemKind) -> Subject {
    match kind {
        ItemKind::Knowledge => Subject::Knowledge,
        _ => Subject::Confidence,
    }
}

/// What a row of a chart needs of a line.
pub fn before_after(line: &ShownLine) -> Option<BeforeAfter> {
    let whole = line.whole();
    Some(BeforeAfter {
        before: whole.mean_before.ok()?,
        after: whole.mean_after.ok()?,
        gain: whole.mean_gain.ok()?,
        interval: whole.ci95.ok().map(|interval| (interval.low, interval.high)),
        matched: whole.n,
    })
}

/// A row of a chart of means before and after; the reason where nothing is shown.
pub fn before_after_row(name: impl Into<String>, href: impl Into<String>, line: &MaybeLine) -> BeforeAfterRow {
    let (name, href) = (name.into(), href.into());
    match line {
        Ok(line) => BeforeAfterRow { name, href, figures: before_after(line), ..BeforeAfterRow::default() },
        Err(hidden) => BeforeAfterRow { name, href, note: hidden.sentence().into(), ..BeforeAfterRow::default() },
    }
}

/// A row of a chart of gains; the reason where nothing is shown.
pub fn forest_row(name: impl Into<String>, href: impl Into<String>, line: &MaybeLine) -> ForestRow {
    let (name, href) = (name.into(), href.into());
    match line {
        Ok(line) => {
            let whole = line.whole();
            ForestRow {
                name,
                href,
                gain: whole.mean_gain.ok(),
                interval: whole.ci95.ok().map(|interval| (interval.low, interval.high)),
                matched: whole.n,
                ..ForestRow::default()
            }
        }
        Err(hidden) => ForestRow { name, href, note: hidden.sentence().into(), ..ForestRow::default() },
    }
}

/// What a line says in words, with what must be known before believing it.
pub fn line_words(line: &MaybeLine, subject: Subject) -> String {
    match line {
        Err(hidden) => format!("{}.", hidden.sentence()),
        Ok(shown) => {
            let flags: String = told_flags(shown).map(|sentence| format!(" {sentence}")).collect();
            format!("{}{flags}", gain_sentence(shown.whole(), subject))
        }
    }
}

/// Several lines in words, folded away: `summary` opens them, `first` is what a row is.
pub fn words_view(summary: &str, caption: &str, first: &str, rows: Vec<(String, String)>) -> AnyView {
    let rows: Vec<Vec<Cell>> =
        rows.into_iter().map(|(name, words)| vec![Cell::text(name), Cell::text(words)]).collect();
    let (summary, caption) = (summary.to_owned(), caption.to_owned());
    let head = vec![Head::text(first), Head::text("In words")];
    view! {
        <Details summary>
            <Table caption caption_hidden=true head rows/>
        </Details>
    }
    .into_any()
}

/// Years as tabs; nothing with only one.
pub fn year_tabs(base: &str, years: &[YearLine], year: i32) -> AnyView {
    let joint = if base.contains('?') { '&' } else { '?' };
    let items: Vec<NavItem> = years
        .iter()
        .map(|line| line.board_year)
        .map(|other| NavItem::new(format!("{base}{joint}year={other}"), board_year_text(other), other == year))
        .collect();
    (items.len() > 1).then(|| view! { <TabsNav label="Board years" items/> }).into_any()
}

/// Year by year: a line through the years that asked the same, and each year in words.
pub fn trend_view(title: &str, years: &[YearLine]) -> AnyView {
    if years.len() < 2 {
        return ().into_any();
    }
    let is_new = |place: usize| place > 0 && !years[place].asks_as(&years[place - 1]);
    let points: Vec<YearValue> = years
        .iter()
        .enumerate()
        .map(|(place, year)| YearValue {
            year: board_year_text(year.board_year),
            value: year.line.as_ref().ok().and_then(|line| line.whole().mean_gain.ok()),
            text: year_text(&year.line),
            begins_anew: is_new(place),
        })
        .collect();
    let words = years
        .iter()
        .map(|year| (board_year_text(year.board_year), line_words(&year.line, Subject::Confidence)))
        .collect();
    let reworded: Vec<_> = (0..years.len())
        .filter(|place| is_new(*place))
        .map(|place| view! { <p class="govuk-body">{reworded_sentence(&years[place - 1], &years[place])}</p> })
        .collect();
    view! {
        <Heading text="Year by year" level=2 size=Size::M/>
        {reworded}
        <LineByYear
            title=title.to_owned()
            description="Mean gain in overall confidence, board year by board year; the figures with their intervals stand in the table."
            value_label="Gain"
            years=points
        />
        {words_view("Each year in words", "Years in words", "Board year", words)}
    }
    .into_any()
}

/// "In 2021/22 most people answered another wording of the statement than in 2020/21, so the line begins anew: …"
fn reworded_sentence(earlier: &YearLine, later: &YearLine) -> String {
    let what = if earlier.item == later.item { "on another scale" } else { "another wording of the statement" };
    format!(
        "In {} most people answered {what} than in {}, so the line begins anew: the two gains cannot be compared.",
        board_year_text(later.board_year),
        board_year_text(earlier.board_year)
    )
}

/// "+0.57 (95% interval 0.48 to 0.66; 363 people)"
fn year_text(line: &MaybeLine) -> String {
    let shown = match line {
        Ok(shown) => shown,
        Err(hidden) => return hidden.sentence().to_owned(),
    };
    let whole = shown.whole();
    let interval = whole.ci95.map_or_else(
        |_| String::new(),
        |interval| format!("95% interval {}; ", interval_text((interval.low, interval.high))),
    );
    format!("{} ({interval}{} people)", signed_figure_words(whole.mean_gain), thousands(whole.n))
}

/// Where the data of a view can be had.
pub fn data_view(base: &str, query: &str, what: &str) -> AnyView {
    let link = |extension: &str, name: &str| {
        let href = format!("{base}.{extension}{query}");
        view! { <li><a class="govuk-link" href=href>{format!("{what} as {name}")}</a></li> }
    };
    view! {
        <ul class="govuk-list">
            {link("csv", "CSV")}
            {link("xlsx", "XLSX, for spreadsheets")}
            {link("json", "JSON")}
        </ul>
    }
    .into_any()
}

/// The way to the definitions.
pub fn how_link() -> AnyView {
    view! {
        <p class="govuk-body">
            <a class="govuk-link" href="/learning-gain/how">"How learning gain is computed"</a>
        </p>
    }
    .into_any()
}

/// One item: its words, the sentence, the line, the spread of answers. `q` is the p-value adjusted for all courses.
pub fn item_view(item: &ItemGain, q: Option<f64>) -> AnyView {
    let heading = item.text.clone();
    let line = match &item.line {
        Ok(line) => line,
        Err(hidden) => {
            return view! {
                <section>
                    <Heading text=heading level=3 size=Size::S/>
                    <p class="govuk-body">{hidden.sentence()} "."</p>
                </section>
            }
            .into_any();
        }
    };
    let whole = line.whole();
    let sentence = gain_sentence(whole, subject_of(item.kind));
    if item.kind == ItemKind::Knowledge {
        return view! {
            <section>
                <Heading text=heading level=3 size=Size::S/>
                <p class="govuk-body"><strong>{sentence}</strong></p>
                {flags_view(line)}
                <SummaryList rows=knowledge_rows(line)/>
            </section>
        }
        .into_any();
    }
    view! {
        <section>
            <Heading text=heading level=3 size=Size::S/>
            <p class="govuk-body"><strong>{sentence}</strong></p>
            {flags_view(line)}
            <SummaryList rows=line_rows(line, q, matching_sentence(whole))/>
            {spread_view(item)}
        </section>
    }
    .into_any()
}

/// A line that is not of a single item: its heading, the sentence, the figures. `who` says who is counted.
pub fn line_view(heading: &str, line: &MaybeLine, subject: Subject, who: &str) -> AnyView {
    let heading = heading.to_owned();
    let shown = match line {
        Ok(line) => line,
        Err(hidden) => {
            return view! {
                <section>
                    <Heading text=heading level=3 size=Size::S/>
                    <p class="govuk-body">{hidden.sentence()} "."</p>
                </section>
            }
            .into_any();
        }
    };
    let sentence = gain_sentence(shown.whole(), subject);
    view! {
        <section>
            <Heading text=heading level=3 size=Size::S/>
            <p class="govuk-body"><strong>{sentence}</strong></p>
            {flags_view(shown)}
            <SummaryList rows=line_rows(shown, None, who.to_owned())/>
        </section>
    }
    .into_any()
}

/// The line of a question with a right answer.
fn knowledge_rows(line: &ShownLine) -> Vec<SummaryRow> {
    let whole = line.whole();
    let room = match (whole.mean_before, whole.room_used) {
        (Ok(before), Ok(used)) => {
            format!(
                "{} were not right before. Of that room, {} was used.",
                share_words(Ok(1.0 - before)),
                share_words(Ok(used))
            )
        }
        (_, Err(reason)) | (Err(reason), _) => format!("Cannot be given: {reason}."),
    };
    vec![
        SummaryRow::new("Answered both", format!("{} people. {}", thousands(whole.n), matching_share(whole))),
        SummaryRow::new(
            "Right before → after",
            format!("{} → {}", share_words(whole.mean_before), share_words(whole.mean_after)),
        ),
        SummaryRow::new("Who moved", line.changes.sentence()),
        SummaryRow::new("Room to rise", room),
        SummaryRow::new("Could it be chance?", p_sentence(whole)),
    ]
}

fn matching_share(line: &ItemLine) -> String {
    match line.match_rate {
        Ok(rate) if rate < 1.0 => {
            format!("{} of those who answered did so both times; only they are counted.", share_words(Ok(rate)))
        }
        _ => "Everyone who answered did so both before and after.".to_owned(),
    }
}

/// The warnings of a line that a reader is told, each a sentence: not that somebody answered once only, which stands
/// beside the number of people; not the ceiling of a question with a right answer, whose room to rise is told instead.
fn told_flags(line: &ShownLine) -> impl Iterator<Item = &'static str> + '_ {
    let whole = line.whole();
    let shows_ceiling = whole.scale != Scale::WRONG_OR_RIGHT;
    let is_told = move |flag: &&Flag| match flag {
        Flag::Unmatched => false,
        Flag::Ceiling => shows_ceiling,
        Flag::FewSessions | Flag::NoSpread => true,
    };
    whole.flags.iter().filter(is_told).map(|flag| flag_sentence(*flag))
}

/// What a reader must know before believing the line.
fn flags_view(line: &ShownLine) -> AnyView {
    let flags: Vec<_> = told_flags(line).map(|sentence| view! { <li>{sentence}</li> }).collect();
    if flags.is_empty() {
        return ().into_any();
    }
    view! { <ul class="govuk-list govuk-list--bullet">{flags}</ul> }.into_any()
}

/// The line: matched, before → after, gain with its interval, size, who moved, room, chance.
fn line_rows(line: &ShownLine, q: Option<f64>, matching: String) -> Vec<SummaryRow> {
    let whole = line.whole();
    let interval = match whole.ci95 {
        Ok(interval) => format!(
            "{} (95% interval {})",
            signed_figure_words(whole.mean_gain),
            interval_text((interval.low, interval.high))
        ),
        Err(reason) => format!("{} (no interval: {reason})", signed_figure_words(whole.mean_gain)),
    };
    let basis = match whole.interval_kind {
        IntervalKind::Sessions(sessions) => format!("{interval}, between {sessions} sessions"),
        IntervalKind::Learners => interval,
    };
    let top = match line.top_before() {
        Some(_) => format!("{}. ", share_words(whole.top_before)),
        None => "Not shown: too few people on one side. ".to_owned(),
    };
    let chance = match q {
        Some(q) => format!(
            "{} Counted over all courses of the year: q {}",
            p_sentence(whole),
            p_words(q).trim_start_matches("p ")
        ),
        None => p_sentence(whole),
    };
    vec![
        SummaryRow::new("Answered both", format!("{} people. {matching}", thousands(whole.n))),
        SummaryRow::new(
            "Before → after",
            format!("{} → {}", figure_words(whole.mean_before), figure_words(whole.mean_after)),
        ),
        SummaryRow::new("Gain", basis),
        SummaryRow::new("Size", effect_size_sentence(whole)),
        SummaryRow::new("Who moved", line.changes.sentence()),
        SummaryRow::new(
            "At the top before",
            format!("{top}Of the room to rise, {} was used.", share_words(whole.room_used)),
        ),
        SummaryRow::new("Could it be chance?", chance),
    ]
}

/// The answers before and after, with small groups put together.
fn spread_view(item: &ItemGain) -> AnyView {
    let scale = item.histogram.scale();
    if scale != Scale::ONE_TO_FIVE {
        return view! {
            <p class="govuk-body">"How the answers were spread is drawn for the scale of 1 to 5 only; for another scale it stands in the data, as far as it may be shown."</p>
        }
        .into_any();
    }
    let Some(groups) = item.spread() else {
        return view! {
            <p class="govuk-body">"How the answers were spread is not shown: it would tell about a few people."</p>
        }
        .into_any();
    };
    let words = rating_labels(1, 5, &item.low_label, &item.high_label);
    let word = |rating: i32| -> String {
        let label = words.iter().find(|(value, _)| *value == rating).map(|(_, text)| text.clone()).unwrap_or_default();
        label.split_once(" – ").map(|(_, words)| words.to_owned()).unwrap_or_default()
    };
    let mut labels: [String; 5] = Default::default();
    let mut before = AnswerSpread { name: "Before".into(), ..AnswerSpread::default() };
    let mut after = AnswerSpread { name: "After".into(), ..AnswerSpread::default() };
    for group in &groups {
        // A group stands at its highest answer; the others in it say so.
        let place = (group.to - 1) as usize;
        before.counts[place] = group.before;
        after.counts[place] = group.after;
        for rating in group.from..=group.to {
            labels[(rating - 1) as usize] = match group.to {
                highest if highest == rating => word(rating),
                highest => format!("(counted with {highest})"),
            };
        }
    }
    let title = format!("Answers before and after: {}", item.text);
    let description = "Share of each answer among the people who answered both times; answers of very few people are put together with the next one.";
    view! { <StackedAnswers title description labels spreads=vec![before, after]/> }.into_any()
}
