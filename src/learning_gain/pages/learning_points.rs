//! Learning points from case reviews: the gain of the statements that are tagged with them, and of no others.

use super::item::*;
use crate::{
    calendar::rules::{board_year, board_year_text, london_day},
    entity::course,
    learning_gain::store::{self, LearningPointGain},
    surveys::rules::ItemKind,
    web::{charts::*, components::*, error::PageResult, page::Page, visit::Visit},
};
use leptos::prelude::*;

/// GET /board/learning-points?year=2020
pub async fn learning_points_page(visit: Visit) -> PageResult {
    let years = store::gain_year_list(visit.db()).await?;
    let newest = years.first().copied().unwrap_or_else(|| board_year(london_day(visit.now)));
    let year = visit.parameter("year").parse().unwrap_or(newest);
    let points = store::learning_point_gains(year, visit.db()).await?;
    let page = Page::new("Learning points")
        .back(format!("/board/courses?year={year}"), format!("All courses in {}", board_year_text(year)))
        .wide();
    Ok(visit.page(page, move || body(year, years, &points)))
}

fn body(year: i32, mut years: Vec<i32>, points: &[LearningPointGain]) -> AnyView {
    years.sort_unstable();
    let tabs: Vec<NavItem> = years
        .into_iter()
        .map(|other| {
            NavItem::new(format!("/board/learning-points?year={other}"), board_year_text(other), other == year)
        })
        .collect();
    let tabs = (tabs.len() > 1).then(|| view! { <TabsNav label="Board years" items=tabs/> });
    let heading = view! {
        <Heading text="Learning points from case reviews" caption=format!("Learning gain in {}", board_year_text(year))/>
        {tabs}
    };
    if points.is_empty() {
        return view! {
            {heading}
            <EmptyState heading="No learning points yet">
                <p class="govuk-body">"Lessons from case reviews appear here once courses are linked with them."</p>
            </EmptyState>
            {how_link()}
        }
        .into_any();
    }
    let sections: Vec<_> = points.iter().map(|point| point_view(year, point)).collect();
    view! {
        {heading}
        <p class="govuk-body">
            "A learning point’s gain comes only from statements that ask about it. Statements of different courses are worded differently, so they stand side by side and are never added up."
        </p>
        {sections}
        <Heading text="The data" level=2 size=Size::M/>
        {data_view("/board/learning-points", &format!("?year={year}"), "Learning points")}
        {how_link()}
    }
    .into_any()
}

fn point_view(year: i32, point: &LearningPointGain) -> AnyView {
    let taught = match point.taught_by {
        0 => "No course teaches it yet.".to_owned(),
        1 => "Taught by 1 course.".to_owned(),
        courses => format!("Taught by {courses} courses."),
    };
    let title = point.title.clone();
    if point.items.is_empty() {
        return view! {
            <section>
                <Heading text=title level=2 size=Size::M/>
                <p class="govuk-body">{taught} " No statement that asks about it has answers in this board year."</p>
            </section>
        }
        .into_any();
    }
    let items: Vec<&store::ItemGain> = point.items.iter().map(|(_, item)| item).collect();
    let words = format!("{taught} {}", standing_words(&items));
    let name_of = |course: &course::Model, item: &store::ItemGain| format!("{}: {}", course.title, item.text);
    let each = point
        .items
        .iter()
        .map(|(course, item)| (name_of(course, item), line_words(&item.line, subject_of(item.kind))))
        .collect();
    let rows: Vec<BeforeAfterRow> = point
        .items
        .iter()
        .map(|(course, item)| {
            let name = name_of(course, item);
            let href = format!("/board/courses/{}?year={year}", course.slug);
            // Knowledge is counted in right answers, which have no place on the chart's scale.
            if item.kind == ItemKind::Knowledge {
                let note = line_words(&item.line, subject_of(item.kind));
                return BeforeAfterRow { name, href, note, ..BeforeAfterRow::default() };
            }
            before_after_row(name, href, &item.line)
        })
        .collect();
    view! {
        <section>
            <Heading text=title level=2 size=Size::M/>
            <p class="govuk-body"><strong>{words}</strong></p>
            <BeforeAfterChart title=format!("Statements about: {}", point.title) row_label="Course and statement" rows/>
            {words_view("Each statement in words", &format!("Statements about {} in words", point.title), "Course and statement", each)}
        </section>
    }
    .into_any()
}

/// In how many statements confidence rose or fell clearly, and in how many questions right answers did: never counted
/// together.
fn standing_words(items: &[&store::ItemGain]) -> String {
    let shown: Vec<_> = items.iter().filter(|item| item.line.is_ok()).collect();
    if shown.is_empty() {
        return "None of its statements can be shown yet.".to_owned();
    }
    let (knowledge, confidence): (Vec<&store::ItemGain>, Vec<&store::ItemGain>) =
        shown.into_iter().partition(|item| item.kind == ItemKind::Knowledge);
    let of = |items: &[&store::ItemGain], what: &str, moved: &str| {
        let count = |above: bool| items.iter().filter(|item| is_clear(item, above)).count();
        let plural = if items.len() == 1 { "" } else { "s" };
        (!items.is_empty()).then(|| {
            format!(
                "Of {} {what}{plural} shown, {moved} rose clearly in {} and fell clearly in {}.",
                items.len(),
                count(true),
                count(false)
            )
        })
    };
    let sentences = [of(&confidence, "statement", "confidence"), of(&knowledge, "question", "right answers")];
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Whether a statement's interval lies above nought, or below it.
fn is_clear(item: &store::ItemGain, above: bool) -> bool {
    item.line
        .as_ref()
        .ok()
        .and_then(|line| line.whole().ci95.ok())
        .is_some_and(|interval| if above { interval.low > 0.0 } else { interval.high < 0.0 })
}
