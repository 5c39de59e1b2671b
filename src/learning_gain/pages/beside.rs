//! What stands beside a course's gains: all statements together, knowledge, looking back, answers given at the door,
//! three months later, the manager's view, agency types. Each with its own number of people; none is mixed with
//! another.

use super::item::*;
use crate::{
    learning_gain::{
        rules::{
            Figure,
            sentence::{Subject, figure_words, managers_sentence, share_words, signed_figure_words, thousands},
        },
        store::{Beside, ComparedItem, CompositeGain, ItemGain, ManagersView, MaybeLine, PartGain},
    },
    surveys::rules::ItemKind,
    web::{charts::*, components::*},
};
use leptos::prelude::*;

/// All statements of confidence together, with how well they agree.
pub fn composite_view(composite: Option<&CompositeGain>) -> AnyView {
    let Some(composite) = composite else { return ().into_any() };
    let alpha = composite.alpha.map(|(before, after)| {
        let words = alpha_sentence(before, after);
        view! { <p class="govuk-body">{words}</p> }
    });
    let heading = format!("All {} statements of confidence together", composite.statements);
    view! {
        {line_view(&heading, &composite.line, Subject::Confidence, &complete_sentence(composite))}
        {alpha}
    }
    .into_any()
}

/// Whom the composite leaves out.
fn complete_sentence(composite: &CompositeGain) -> String {
    let complete = "They answered everything both times";
    match (composite.share_answered_everything(), composite.answered_core) {
        (Some(share), Some(core)) => format!(
            "{complete}: {} of the {} people who did so with the statement about overall confidence.",
            share_words(Ok(share)),
            thousands(core)
        ),
        _ => format!("{complete}."),
    }
}

/// "The statements agree with each other well before (Cronbach’s alpha 0.86) and after (0.83)."
fn alpha_sentence(before: Figure, after: Figure) -> String {
    /// Below this a composite says little (Nunnally 1978).
    const ENOUGH: f64 = 0.7;
    match (before, after) {
        (Ok(before), Ok(after)) => {
            let judged = if before.min(after) >= ENOUGH {
                "The statements agree with each other, so their mean can stand for them"
            } else {
                "The statements do not agree well with each other, so look at them one by one"
            };
            format!(
                "{judged} (Cronbach’s alpha {} before, {} after).",
                figure_words(Ok(before)),
                figure_words(Ok(after))
            )
        }
        (Err(reason), _) | (_, Err(reason)) => format!("How well the statements agree cannot be given: {reason}."),
    }
}

/// Questions with a right answer, apart from confidence.
pub fn knowledge_view(items: &[ItemGain]) -> AnyView {
    let items: Vec<_> =
        items.iter().filter(|item| item.kind == ItemKind::Knowledge).map(|item| item_view(item, None)).collect();
    if items.is_empty() {
        return ().into_any();
    }
    view! {
        <Heading text="Knowledge" level=2 size=Size::M/>
        <p class="govuk-body">"Questions that have a right answer. What people know and how sure they feel can go different ways, so the two are never added up."</p>
        {items}
    }
    .into_any()
}

/// How confident people say afterwards that they were before, beside what they said before.
pub fn looking_back_view(beside: &Beside, core: Option<&ItemGain>) -> AnyView {
    if beside.looking_back.is_empty() {
        return ().into_any();
    }
    let mut rows: Vec<(String, MaybeLine)> =
        core.map(|core| ("Asked before the course".to_owned(), core.line.clone())).into_iter().collect();
    let back = "Asked afterwards, looking back";
    rows.extend(beside.looking_back.iter().map(|item| (back.to_owned(), item.line.clone())));
    view! {
        <Heading text="Looking back" level=2 size=Size::M/>
        <p class="govuk-body">"A course can show people that they knew less than they thought, so they were also asked afterwards how confident they had been. Where the two differ, people’s yardstick has moved. The two stand side by side and are never mixed."</p>
        {lines_table("Overall confidence, asked before and looking back", "When they were asked", &rows)}
    }
    .into_any()
}

/// The gain with and without answers that were given when the session had begun.
pub fn door_view(beside: &Beside, core: Option<&ItemGain>) -> AnyView {
    let (Some((without, people)), Some(core)) = (&beside.without_door, core) else { return ().into_any() };
    let rows =
        vec![("Everybody".to_owned(), core.line.clone()), ("Without answers at the door".to_owned(), without.clone())];
    let words = format!(
        "{} people gave their first answers when the session had already begun. Whoever had heard the beginning may have rated themselves differently.",
        thousands(*people)
    );
    view! {
        <Heading text="Answers at the door" level=2 size=Size::M/>
        <p class="govuk-body">{words}</p>
        {lines_table("Overall confidence with and without answers at the door", "Who is counted", &rows)}
    }
    .into_any()
}

/// What lasts after three months, and what managers see.
pub fn later_view(beside: &Beside, items: &[ItemGain]) -> AnyView {
    if beside.follow_up.is_empty() && beside.managers.is_empty() {
        return ().into_any();
    }
    let (knowledge, confidence): (Vec<&ComparedItem>, Vec<&ComparedItem>) =
        beside.follow_up.iter().partition(|item| item.kind == ItemKind::Knowledge);
    let rows: Vec<(String, MaybeLine)> = confidence
        .iter()
        .flat_map(|item| {
            let straight = items.iter().find(|gain| gain.text == item.text);
            let first = straight.map(|gain| (format!("{} Right after the course", item.text), gain.line.clone()));
            first.into_iter().chain([(format!("{} Three months later", item.text), item.line.clone())])
        })
        .collect();
    let words = confidence.iter().find(|item| item.kind == ItemKind::Core).map(|core| {
        let sentence = line_words(&core.line, Subject::Confidence);
        view! { <p class="govuk-body"><strong>"From before the course to three months later: " {sentence}</strong></p> }
    });
    let table = (!rows.is_empty()).then(|| {
        view! {
            {lines_table("Right after the course and three months later", "Statement", &rows)}
            <p class="govuk-body-s">"Of three months later the interval takes people, not sessions, as independent, and so is a little too narrow. One between sessions would have to be made of the people of each session who answered again, and they are often too few to tell about."</p>
        }
    });
    let knowledge: Vec<_> = knowledge
        .into_iter()
        .map(|item| {
            view! { <p class="govuk-body">{item.text.clone()} " Three months later: " {line_words(&item.line, Subject::Knowledge)}</p> }
        })
        .collect();
    let managers: Vec<_> = beside
        .managers
        .iter()
        .map(|manager| view! { <p class="govuk-body">{manager.text.clone()} " " <strong>{managers_words(manager)}</strong></p> })
        .collect();
    let managers = (!managers.is_empty()).then(|| {
        view! {
            <Heading text="The manager’s view" level=3 size=Size::S/>
            <p class="govuk-body">"Managers answer for the people they lead, about the time after the course only, so there is no gain to give. Not the same people as above, and not about each of them."</p>
            {managers}
        }
    });
    view! {
        <Heading text="Three months later" level=2 size=Size::M/>
        {words}
        <p class="govuk-body">"Only people who answered everything again are counted, and fewer answer again, so the numbers of people differ."</p>
        {table}
        {knowledge}
        {managers}
    }
    .into_any()
}

fn managers_words(view: &ManagersView) -> String {
    match view.mean {
        Ok(mean) => managers_sentence(view.managers, mean, view.ci95, view.scale),
        Err(hidden) => format!("{}.", hidden.sentence()),
    }
}

/// Agency types beside each other.
pub fn parts_view(title: &str, parts: &[PartGain]) -> AnyView {
    let rows: Vec<ForestRow> = parts.iter().map(|part| forest_row(&part.name, "", &part.line)).collect();
    let words = parts.iter().map(|part| (part.name.clone(), line_words(&part.line, Subject::Confidence))).collect();
    let caption = format!("{title}, in words");
    view! {
        <ForestPlot title=title.to_owned() row_label="Agency type" rows/>
        {words_view("Each type in words", &caption, "Agency type", words)}
    }
    .into_any()
}

/// One line in figures: name, people, before, after, gain with its interval.
fn line_row(name: &str, line: &MaybeLine) -> Vec<Cell> {
    match line {
        Err(hidden) => {
            let mut row = vec![Cell::text(name)];
            row.extend((0..3).map(|_| Cell::number("–")));
            row.push(Cell::text(hidden.sentence()));
            row
        }
        Ok(shown) => {
            let whole = shown.whole();
            let gain = match whole.ci95 {
                Ok(ci) => format!(
                    "{} (95% interval {})",
                    signed_figure_words(whole.mean_gain),
                    interval_text((ci.low, ci.high))
                ),
                Err(_) => signed_figure_words(whole.mean_gain),
            };
            vec![
                Cell::text(name),
                Cell::number(thousands(whole.n)),
                Cell::number(figure_words(whole.mean_before)),
                Cell::number(figure_words(whole.mean_after)),
                Cell::text(gain),
            ]
        }
    }
}

fn lines_table(caption: &str, first: &str, lines: &[(String, MaybeLine)]) -> AnyView {
    let rows: Vec<Vec<Cell>> = lines.iter().map(|(name, line)| line_row(name, line)).collect();
    let words = lines.iter().map(|(name, line)| (name.clone(), line_words(line, Subject::Confidence))).collect();
    let head = vec![
        Head::text(first),
        Head::number("Answered both"),
        Head::number("Before"),
        Head::number("After"),
        Head::text("Gain"),
    ];
    view! {
        <Table caption=caption.to_owned() caption_hidden=true head rows stacked=true/>
        {words_view("Each line in words", &format!("{caption}, in words"), first, words)}
    }
    .into_any()
}
