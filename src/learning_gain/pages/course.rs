//! A course's learning gain, for the board.

use super::item::{item_view, subject_of};
use crate::{
    calendar::rules::{board_year, board_year_text, london_day, short_moment_text},
    entity::course,
    learning_gain::{
        rules::{benjamini_hochberg, sentence::gain_sentence},
        store::{self, ItemGain, SessionGain},
        suppression::line::{Hidden, ShownLine},
    },
    surveys::rules::ItemKind,
    web::{
        charts::*,
        components::*,
        error::{PageError, PageResult},
        page::Page,
        visit::Visit,
    },
};
use axum::extract::Path;
use leptos::prelude::*;

/// GET /board/courses/{slug}?year=2020
pub async fn course_page(visit: Visit, Path(slug): Path<String>) -> PageResult {
    let course = store::course_by_slug(&slug, visit.db()).await?.ok_or(PageError::NotFound)?;
    let this_year = board_year(london_day(visit.now));
    let years = store::course_year_lines(course.id, visit.db()).await?;
    let newest = years.iter().map(|(year, _)| *year).max().unwrap_or(this_year);
    let year = visit.parameter("year").parse().unwrap_or(newest);
    let items = store::course_items(course.id, year, visit.db()).await?;
    let sessions = store::course_sessions(course.id, year, visit.db()).await?;
    let q = adjusted_p(course.id, year, &visit).await?;
    let is_office = visit.viewer.is_office();
    let title = format!("Learning gain: {}", course.title);
    let page = Page::new(title).back(format!("/board?year={year}"), format!("Board {}", board_year_text(year))).wide();
    Ok(visit.page(page, move || body(&course, year, years, items, sessions, q, is_office)))
}

/// The p-value of the course's core statement, adjusted for all courses of the year (Benjamini and Hochberg).
async fn adjusted_p(
    course: crate::courses::rules::CourseId,
    year: i32,
    visit: &Visit,
) -> Result<Option<f64>, PageError> {
    let lines = store::course_lines(year, visit.db()).await?;
    let shown: Vec<_> =
        lines.iter().filter_map(|line| line.line.as_ref().ok().map(|shown| (line.course, shown))).collect();
    let adjusted = benjamini_hochberg(&shown.iter().map(|(_, line)| line.whole().p).collect::<Vec<_>>());
    let place = shown.iter().position(|(shown, _)| *shown == course);
    Ok(place.and_then(|place| adjusted[place].ok()))
}

fn body(
    course: &course::Model,
    year: i32,
    years: Vec<(i32, Result<ShownLine, Hidden>)>,
    items: Vec<ItemGain>,
    sessions: Vec<SessionGain>,
    q: Option<f64>,
    is_office: bool,
) -> AnyView {
    let base = format!("/board/courses/{}", course.slug);
    let tabs: Vec<NavItem> = years
        .iter()
        .map(|(other, _)| NavItem::new(format!("{base}?year={other}"), board_year_text(*other), *other == year))
        .collect();
    let tabs = (tabs.len() > 1).then(|| view! { <TabsNav label="Board years" items=tabs/> });
    let heading =
        view! { <Heading text=course.title.clone() caption=format!("Learning gain in {}", board_year_text(year))/> };
    if items.is_empty() {
        return view! {
            {heading}
            {tabs}
            <EmptyState heading="Not enough answers yet">
                <p class="govuk-body">
                    "A gain appears when five people who attended have answered both before and after the course. Answers are added in groups of at least five, so that nobody's can be worked out."
                </p>
            </EmptyState>
        }
        .into_any();
    }
    let rows: Vec<BeforeAfterRow> = items.iter().map(item_row).collect();
    let core: Vec<_> = items.iter().filter(|item| item.kind == ItemKind::Core).map(|item| item_view(item, q)).collect();
    let others: Vec<_> =
        items.iter().filter(|item| item.kind != ItemKind::Core).map(|item| item_view(item, None)).collect();
    let forest = sessions_view(&items, sessions, is_office);
    let trend = trend_view(&years);
    view! {
        {heading}
        {tabs}
        <p class="govuk-body">
            "These are people’s own ratings of their confidence, before and after. They show whether people feel surer, not whether children are safer, and nobody was asked who did not come. "
            <a class="govuk-link" href="/learning-gain/how">"How learning gain is computed"</a>
        </p>
        <BeforeAfterChart title=format!("Statements of {}", course.title) row_label="Statement" rows/>
        <Heading text="Overall confidence" level=2 size=Size::M/>
        {core}
        <Heading text="Each statement" level=2 size=Size::M/>
        {others}
        {forest}
        {trend}
        <Heading text="The data" level=2 size=Size::M/>
        <ul class="govuk-list">
            <li><a class="govuk-link" href=format!("{base}/items.csv?year={year}")>"Statements as CSV"</a></li>
            <li><a class="govuk-link" href=format!("{base}/items.json?year={year}")>"Statements as JSON"</a></li>
        </ul>
    }
    .into_any()
}

fn item_row(item: &ItemGain) -> BeforeAfterRow {
    match &item.line {
        Ok(line) => {
            BeforeAfterRow { name: item.text.clone(), figures: before_after(line), ..BeforeAfterRow::default() }
        }
        Err(hidden) => {
            BeforeAfterRow { name: item.text.clone(), note: hidden.sentence().into(), ..BeforeAfterRow::default() }
        }
    }
}

/// What a row of a chart needs.
fn before_after(line: &ShownLine) -> Option<BeforeAfter> {
    let whole = line.whole();
    Some(BeforeAfter {
        before: whole.mean_before.ok()?,
        after: whole.mean_after.ok()?,
        gain: whole.mean_gain.ok()?,
        interval: whole.ci95.ok().map(|interval| (interval.low, interval.high)),
        matched: whole.n,
    })
}

fn sessions_view(items: &[ItemGain], sessions: Vec<SessionGain>, is_office: bool) -> AnyView {
    if sessions.is_empty() {
        return ().into_any();
    }
    let mut rows: Vec<ForestRow> = sessions
        .into_iter()
        .map(|row| {
            let name = short_moment_text(row.session.starts_at);
            let href = if is_office { format!("/training/sessions/{}/gain", row.session.id) } else { String::new() };
            match row.line {
                Ok(line) => forest_row(name, href, &line),
                Err(hidden) => ForestRow { name, href, note: hidden.sentence().into(), ..ForestRow::default() },
            }
        })
        .collect();
    if let Some(Ok(line)) = items.iter().find(|item| item.kind == ItemKind::Core).map(|item| &item.line) {
        rows.push(ForestRow { overall: true, ..forest_row("All sessions".into(), String::new(), line) });
    }
    view! {
        <Heading text="Session by session" level=2 size=Size::M/>
        <p class="govuk-body">
            "Overall confidence. All sessions together can have more people than the sessions above added up: groups too small to be shown by themselves are counted only together."
        </p>
        <ForestPlot title="Gain in each session" rows/>
    }
    .into_any()
}

fn forest_row(name: String, href: String, line: &ShownLine) -> ForestRow {
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

fn trend_view(years: &[(i32, Result<ShownLine, Hidden>)]) -> AnyView {
    if years.len() < 2 {
        return ().into_any();
    }
    let rows: Vec<Vec<Cell>> = years
        .iter()
        .map(|(year, line)| {
            let words = match line {
                Ok(line) => gain_sentence(line.whole(), subject_of(ItemKind::Core)),
                Err(hidden) => hidden.sentence().to_owned(),
            };
            vec![Cell::text(board_year_text(*year)), Cell::text(words)]
        })
        .collect();
    view! {
        <Heading text="Year by year" level=2 size=Size::M/>
        <Table caption="Overall confidence year by year" caption_hidden=true head=vec![Head::text("Board year"), Head::text("Gain")] rows/>
    }
    .into_any()
}
