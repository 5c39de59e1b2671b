//! The board's page: one board year in figures, each with what it is a share of, and the gain of every course.

use super::{
    rules::{Places, Rate, confirmed_of_proposed},
    store::{self, YearFigures},
};
use crate::{
    calendar::rules::{board_year, board_year_text, london_day},
    charges::rules::ChargeState,
    learning_gain::{
        rules::{
            Flag,
            sentence::{Subject, flag_sentence, gain_sentence, signed_figure_words},
            wilson_interval,
        },
        store::{CourseLine, board_and_course_lines},
        suppression::line::{Hidden, ShownLine},
    },
    web::{charts::*, components::*, error::PageResult, form::FormState, page::Page, visit::Visit},
};
use leptos::prelude::*;

/// What the page shows.
struct BoardFigures {
    year: i32,
    years: Vec<i32>,
    topic: String,
    topics: Vec<String>,
    figures: YearFigures,
    gain: Result<ShownLine, Hidden>,
    lines: Vec<CourseLine>,
}

/// GET /board?year=2020&topic=…
pub async fn board_page(visit: Visit) -> PageResult {
    let this_year = board_year(london_day(visit.now));
    let (first, last) = store::year_range(visit.db()).await?.unwrap_or((this_year, this_year));
    let years: Vec<i32> = (first..=last.max(this_year)).rev().collect();
    let asked = visit.parameter("year").parse().ok().filter(|year| years.contains(year));
    let year = match asked {
        Some(year) => year,
        // In April people still come for the year that has just ended.
        None => store::last_year_delivered(visit.now, visit.db()).await?.unwrap_or(this_year),
    };
    let (figures, (gain, lines)) =
        tokio::try_join!(store::year_figures(year, visit.db()), board_and_course_lines(year, visit.db()))?;
    let mut topics: Vec<String> = lines.iter().map(|line| line.topic.clone()).collect();
    topics.sort();
    topics.dedup();
    let topic = visit.parameter("topic");
    let shown = BoardFigures {
        year,
        years,
        figures,
        gain,
        lines: lines.into_iter().filter(|line| topic.is_empty() || line.topic == topic).collect(),
        topic: topic.clone(),
        topics,
    };
    let form = FormState::default().with_value("year", year.to_string()).with_value("topic", topic);
    let page = Page::new(format!("Board {}", board_year_text(year))).wide().form(form);
    Ok(visit.page(page, move || body(shown)))
}

fn body(shown: BoardFigures) -> AnyView {
    let BoardFigures { year, years, topic, topics, figures, gain, lines } = shown;
    let year_choices =
        years.iter().map(|year| Choice::new(year.to_string(), board_year_text(*year))).collect::<Vec<_>>();
    let topic_choices = topics.iter().map(|topic| Choice::new(topic.clone(), topic.clone())).collect::<Vec<_>>();
    let is_filtered = !topic.is_empty();
    view! {
        <Heading text=format!("Training in {}", board_year_text(year)) caption="For the board"/>
        <FilterPanel action="/board" summary="Board year and topic" button="Show" active=is_filtered>
            <Select label="Board year" name="year" options=year_choices/>
            <Select label="Topic of the courses below" name="topic" options=topic_choices empty="All topics"/>
        </FilterPanel>
        <Figures items=headline(&figures, &gain)/>
        {gain_section(year, &gain, &lines)}
        {places_section(year, &figures)}
        {charges_section(&figures)}
    }
    .into_any()
}

fn headline(figures: &YearFigures, gain: &Result<ShownLine, Hidden>) -> Vec<Figure> {
    let places = &figures.places;
    let people = Figure::new("People trained", thousands(figures.people)).note(format!(
        "{} in live sessions, {} by recordings, {} by e-learning; each person counted once",
        thousands(figures.people_live),
        thousands(figures.people_recordings),
        thousands(figures.people_e_learning)
    ));
    let attendances = Figure::new("Attendances", thousands(places.attendances()))
        .note(format!("in {} live sessions", thousands(figures.sessions)));
    let attendance = Figure::new("Attendance", places.attendance().percent_text()).note(rate_text(places.attendance()));
    let gain = match gain {
        Ok(line) => {
            let whole = line.whole();
            let interval = whole.ci95.map(|ci| format!("95% interval {}", interval_text((ci.low, ci.high))));
            Figure::new("Gain in confidence", signed_figure_words(whole.mean_gain)).note(format!(
                "{}; {} people answered before and after",
                interval.unwrap_or_else(|reason| format!("no interval: {reason}")),
                thousands(whole.n)
            ))
        }
        Err(hidden) => Figure::new("Gain in confidence", "–").note(hidden.sentence()),
    };
    vec![people, attendances, attendance, gain]
}

fn gain_section(year: i32, gain: &Result<ShownLine, Hidden>, lines: &[CourseLine]) -> AnyView {
    if lines.is_empty() {
        return view! {
            <Heading text="Learning gain" level=2/>
            <EmptyState heading="No course asks before and after" level=3>
                <p class="govuk-body">"Give a course a questionnaire, and its gain appears here when five people who attended have answered before and after."</p>
            </EmptyState>
        }
        .into_any();
    }
    let overall = match gain {
        Ok(line) => format!("All courses together: {}", lower_first(&gain_sentence(line.whole(), Subject::Confidence))),
        Err(hidden) => format!("All courses together: {}.", lower_first(hidden.sentence())),
    };
    // Courses with figures first, each group by title: no ranking.
    let (with, without): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.line.is_ok());
    let rows: Vec<BeforeAfterRow> = with.iter().chain(&without).map(|line| course_row(year, line)).collect();
    let words: Vec<Vec<Cell>> = with.iter().map(|line| words_row(year, line)).collect();
    let in_words = (!words.is_empty()).then(|| view! {
        <Details summary="Each course in words">
            <Table caption="Each course’s gain in words" caption_hidden=true head=vec![Head::text("Course"), Head::text("In words")] rows=words/>
        </Details>
    });
    let whats = [("years", String::new(), "All courses together"), ("courses", format!("?year={year}"), "All courses")];
    let forms = [("csv", "CSV"), ("xlsx", "XLSX, for spreadsheets"), ("json", "JSON")];
    let data: Vec<_> = whats
        .iter()
        .flat_map(|(file, query, what)| {
            forms.map(|(extension, form)| {
                let href = format!("/board/{file}.{extension}{query}");
                view! { <li><a class="govuk-link" href=href>{format!("{what} as {form}")}</a></li> }
            })
        })
        .collect();
    view! {
        <Heading text="Learning gain" level=2/>
        <p class="govuk-body">{overall}</p>
        <BeforeAfterChart title=format!("Overall confidence before and after, {}", board_year_text(year)) rows/>
        {in_words}
        <Details summary="What these figures mean">
            <p class="govuk-body">"Gain: how far the people who attended and answered both before and after moved, on average, on a scale of 1 to 5, in the statement about their overall confidence. It is their own view, not a test."</p>
            <p class="govuk-body">"95% interval: where the true gain lies, as far as chance goes. For a course it compares whole sessions. Courses stand in the order of their titles, because most differences between them are within what chance does."</p>
            <p class="govuk-body">"Not enough answers yet: fewer than five people, whose answers are never shown."</p>
            <p class="govuk-body"><a class="govuk-link" href="/learning-gain/how">"How learning gain is computed, with an example"</a></p>
        </Details>
        <ul class="govuk-list">
            <li><a class="govuk-link" href=format!("/board/courses?year={year}")>"All courses side by side, with their data"</a></li>
            <li><a class="govuk-link" href=format!("/board/learning-points?year={year}")>"Learning points from case reviews"</a></li>
        </ul>
        <ul class="govuk-list">{data}</ul>
    }
    .into_any()
}

fn course_row(year: i32, line: &CourseLine) -> BeforeAfterRow {
    let href = format!("/board/courses/{}?year={year}", line.slug);
    let name = line.title.clone();
    let figures = line.line.as_ref().ok().and_then(|shown| {
        let whole = shown.whole();
        Some(BeforeAfter {
            before: whole.mean_before.ok()?,
            after: whole.mean_after.ok()?,
            gain: whole.mean_gain.ok()?,
            interval: whole.ci95.ok().map(|ci| (ci.low, ci.high)),
            matched: whole.n,
        })
    });
    let note = match &line.line {
        Ok(shown) => flags_text(shown),
        Err(hidden) => hidden.sentence().to_owned(),
    };
    BeforeAfterRow { name, href, figures, note }
}

/// The flags that change how the figure is read, in a few words.
fn flags_text(shown: &ShownLine) -> String {
    let whole = shown.whole();
    let mut words = Vec::new();
    if whole.mean_gain.is_ok_and(|gain| gain < 0.0) && whole.ci95.is_ok_and(|ci| !ci.contains_zero()) {
        words.push("Confidence fell");
    } else if whole.ci95.is_ok_and(|ci| ci.contains_zero()) {
        words.push("No clear change");
    }
    for flag in &whole.flags {
        match flag {
            Flag::Ceiling => words.push("Many at the top before"),
            Flag::FewSessions => words.push("Few sessions"),
            Flag::NoSpread => words.push("Everybody moved alike"),
            Flag::Unmatched => {}
        }
    }
    words.join(" · ")
}

fn words_row(year: i32, line: &CourseLine) -> Vec<Cell> {
    let words = line.line.as_ref().map_or_else(
        |hidden| hidden.sentence().to_owned(),
        |shown| {
            let whole = shown.whole();
            let flags = whole.flags.iter().filter(|flag| **flag != Flag::Unmatched);
            let flags: String = flags.map(|flag| format!(" {}", flag_sentence(*flag))).collect();
            format!("{}{flags}", gain_sentence(whole, Subject::Confidence))
        },
    );
    let href = format!("/board/courses/{}?year={year}", line.slug);
    vec![Cell::link(href, line.title.clone()), Cell::text(words)]
}

fn places_section(year: i32, figures: &YearFigures) -> AnyView {
    let places = figures.places;
    if places.held() == 0 && places.attendances() == 0 {
        return view! {
            <Heading text="Places and attendance" level=2/>
            <EmptyState heading="No register submitted yet" level=3>
                <p class="govuk-body">"Attendance appears here when the first register of this board year has been submitted."</p>
            </EmptyState>
        }
        .into_any();
    }
    let rate = |name: &str, rate: Rate, what: &str| {
        let interval = wilson_interval(rate.count, rate.of)
            .ok()
            .filter(|_| rate.count <= rate.of)
            .map_or_else(|| "–".to_owned(), |ci| format!("{:.1}% to {:.1}%", 100.0 * ci.low, 100.0 * ci.high));
        vec![
            Cell::text(name),
            Cell::number(rate.percent_text()),
            Cell::text(format!("{} {what}", rate_text(rate))),
            Cell::number(interval),
        ]
    };
    let rates = vec![
        rate("Attendance", places.attendance(), "places held"),
        rate("Did not attend", places.did_not_attend_rate(), "places held"),
        rate("Late cancellation", places.late_cancellation(), "places held and late cancellations"),
        rate("Fill", places.fill(), "places that the sessions had"),
    ];
    view! {
        <Heading text="Places and attendance" level=2/>
        <Table
            caption="Rates of the year"
            caption_hidden=true
            head=vec![Head::text("Rate"), Head::number("Share"), Head::text("Made of"), Head::number("95% interval")]
            rows=rates
        />
        {attendance_chart(year, figures)}
        <Details summary="What became of the places, and what these rates mean">
            <SummaryList rows=place_rows(&places)/>
            <p class="govuk-body">"A place is held by everybody who had booked and not cancelled when the session began. Attendance counts booked people only; people who walked in are counted apart, because they would flatter it. Fill counts everybody who attended."</p>
            <p class="govuk-body">"Only sessions with a submitted register count, in the board year of their first date. Recordings and e-learning have no places."</p>
        </Details>
        <SummaryList rows=vec![
            SummaryRow::new("Recordings", format!("{} completed, by {}", thousands(figures.recordings), people_text(figures.people_recordings))),
            SummaryRow::new("E-learning", format!("{} completed, by {}", thousands(figures.e_learning), people_text(figures.people_e_learning))),
        ]/>
    }
    .into_any()
}

/// Attendance of each course, by title: no ranking, because most differences are within what chance does.
fn attendance_chart(year: i32, figures: &YearFigures) -> AnyView {
    let bars = figures.courses.iter().map(|(title, places)| {
        let rate = places.attendance();
        let text = format!("{} ({})", rate.percent_text(), rate_text(rate));
        Bar { name: title.clone(), href: String::new(), value: 100.0 * rate.share().unwrap_or_default(), text }
    });
    let bars: Vec<Bar> = bars.collect();
    let title = format!("Attendance by course, {}", board_year_text(year));
    view! {
        <BarChart title row_label="Course" value_label="Attendance, of places held" bars full=Some(100.0)/>
    }
    .into_any()
}

fn place_rows(places: &Places) -> Vec<SummaryRow> {
    let row = |name: &str, count: u64| SummaryRow::new(name, thousands(count));
    vec![
        row("Places held", places.held()),
        row("Attended", places.attended),
        row("Attended in part", places.part_attended),
        row("Refused as too late", places.refused_late),
        row("Did not attend", places.did_not_attend),
        row("Excused", places.excused),
        row("Walked in", places.walked_in),
        row("Cancelled late", places.cancelled_late),
        row("Cancelled in time", places.cancelled_in_time),
        row("Room in the sessions", places.capacity),
    ]
}

fn charges_section(figures: &YearFigures) -> AnyView {
    if figures.charges.is_empty() {
        return view! {
            <Heading text="Charges" level=2/>
            <p class="govuk-body">"No charge was proposed in this board year."</p>
        }
        .into_any();
    }
    let confirmed = confirmed_of_proposed(figures.charges.iter().map(|(state, count, _)| (*state, *count)));
    let all = confirmed.of;
    let row = |name: &str, count: u64, pence: i64| {
        let share = Rate { count, of: all };
        vec![
            Cell::text(name),
            Cell::number(rate_text(share)),
            Cell::number(share.percent_text()),
            Cell::number(pounds_and_pence(pence)),
        ]
    };
    let rows =
        figures.charges.iter().map(|(state, count, pence)| row(state_text(*state), *count, *pence)).collect::<Vec<_>>();
    let pence: i64 = figures.charges.iter().map(|(_, _, pence)| pence).sum();
    let foot = vec![row("All proposed", all, pence)];
    let sentence =
        format!("{} charges proposed in the year were confirmed ({}).", rate_text(confirmed), confirmed.percent_text());
    view! {
        <Heading text="Charges" level=2/>
        <p class="govuk-body">{sentence}</p>
        <Table
            caption="Charges proposed in the year, and what became of them"
            head=vec![Head::text("State"), Head::number("Charges"), Head::number("Share"), Head::number("Amount")]
            rows
            foot
        />
        <Details summary="What counts as a charge">
            <p class="govuk-body">"A charge is proposed by rule for a place that was not used: somebody did not attend, cancelled after the cancel-by moment, or came too late. A person in the office decides about every one. Only confirmed charges and what follows from them are money that is asked for."</p>
        </Details>
    }
    .into_any()
}

fn state_text(state: ChargeState) -> &'static str {
    match state {
        ChargeState::Proposed => "Proposed",
        ChargeState::Notified => "Notified",
        ChargeState::Confirmed => "Confirmed",
        ChargeState::Waived => "Waived",
        ChargeState::Void => "Void: the register was corrected, or the session cancelled or moved",
        ChargeState::Lapsed => "Lapsed: not notified in time",
        ChargeState::Invoiced => "Invoiced",
        ChargeState::Recharged => "Recharged",
        ChargeState::PartPaid => "Paid in part",
        ChargeState::Paid => "Paid",
        ChargeState::Disputed => "Disputed",
        ChargeState::Credited => "Credited",
        ChargeState::WrittenOff => "Written off",
    }
}

fn rate_text(rate: Rate) -> String {
    format!("{} of {}", thousands(rate.count), thousands(rate.of))
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
