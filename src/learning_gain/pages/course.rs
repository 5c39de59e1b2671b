//! A course's learning gain, for the board.

use super::{beside::*, item::*};
use crate::{
    calendar::rules::{board_year, board_year_text, london_day, short_moment_text},
    entity::course,
    learning_gain::{
        comparison::compare_courses,
        rules::sentence::Subject,
        store::{self, Beside, ItemGain, PartGain, SessionGain, YearLine},
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
use sea_orm::DbErr;

/// GET /board/courses/{slug}?year=2020
pub async fn course_page(visit: Visit, Path(slug): Path<String>) -> PageResult {
    let course = store::course_by_slug(&slug, visit.db()).await?.ok_or(PageError::NotFound)?;
    let this_year = board_year(london_day(visit.now));
    let years = store::year_lines(&[course.id], visit.db()).await?;
    let newest = years.iter().map(|line| line.board_year).max().unwrap_or(this_year);
    let year = visit.parameter("year").parse().unwrap_or(newest);
    let (lines, hidden) = store::course_lines_with_hidden(year, visit.db()).await?;
    let q = compare_courses(&lines).q(course.id).ok();
    let items_and_beside = async {
        let items = store::course_items(course.id, &hidden, visit.db()).await?;
        let beside = store::course_beside(course.id, year, &items, visit.db()).await?;
        Ok::<_, DbErr>((items, beside))
    };
    // Side by side: a database has more than one core.
    let ((items, beside), sessions, parts) = tokio::try_join!(
        items_and_beside,
        store::course_sessions(course.id, &hidden, visit.db()),
        store::course_parts(course.id, &hidden, visit.db()),
    )?;
    let is_office = visit.viewer.is_office();
    let title = format!("Learning gain: {}", course.title);
    let page = Page::new(title)
        .back(format!("/board/courses?year={year}"), format!("All courses in {}", board_year_text(year)))
        .wide();
    Ok(visit
        .page(page, move || body(CourseGains { course, year, years, items, sessions, beside, parts, q, is_office })))
}

struct CourseGains {
    course: course::Model,
    year: i32,
    years: Vec<YearLine>,
    items: Vec<ItemGain>,
    sessions: Vec<SessionGain>,
    beside: Beside,
    parts: Vec<PartGain>,
    q: Option<f64>,
    is_office: bool,
}

fn body(gains: CourseGains) -> AnyView {
    let CourseGains { course, year, years, items, sessions, beside, parts, q, is_office } = gains;
    let base = format!("/board/courses/{}", course.slug);
    let tabs = year_tabs(&base, &years, year);
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
            {how_link()}
        }
        .into_any();
    }
    let confidence = || items.iter().filter(|item| item.kind.is_confidence());
    let rows: Vec<BeforeAfterRow> = confidence().map(|item| before_after_row(&item.text, "", &item.line)).collect();
    let core = items.iter().find(|item| item.kind == ItemKind::Core);
    let core_line = core.map(|item| item_view(item, q));
    let others: Vec<_> =
        confidence().filter(|item| item.kind != ItemKind::Core).map(|item| item_view(item, None)).collect();
    let by_type = (!parts.is_empty()).then(|| {
        view! {
            <Heading text="By agency type" level=2 size=Size::M/>
            <p class="govuk-body">"Types with few people are told together."</p>
            {parts_view("Overall confidence by agency type", &parts)}
        }
    });
    let forest = sessions_view(&items, &sessions, is_office);
    let trend = trend_view("Gain in overall confidence", &years);
    view! {
        {heading}
        {tabs}
        <p class="govuk-body">
            "These are people’s own ratings of their confidence, before and after. They show whether people feel surer, not whether children are safer, and nobody was asked who did not come. "
            <a class="govuk-link" href="/learning-gain/how">"How learning gain is computed"</a>
        </p>
        <p class="govuk-body">
            "Some rise would be expected without any course: people who start low tend to answer higher the next time, and people like to please those who ask. Who came to several sessions is counted each time. Where people answer to get their certificate, they may answer in haste."
        </p>
        {other_wording_view(&items)}
        <BeforeAfterChart title=format!("Statements of {}", course.title) row_label="Statement" rows/>
        <Heading text="Overall confidence" level=2 size=Size::M/>
        {core_line}
        {composite_view(beside.composite.as_ref())}
        <Heading text="Each statement" level=2 size=Size::M/>
        {others}
        {knowledge_view(&items)}
        {looking_back_view(&beside, core)}
        {door_view(&beside, core)}
        {later_view(&beside, &items)}
        {forest}
        {by_type}
        {trend}
        <Heading text="The data" level=2 size=Size::M/>
        {data_view(&format!("{base}/items"), &format!("?year={year}"), "Statements")}
        {data_view(&format!("{base}/spread"), &format!("?year={year}"), "Answers before and after")}
        {data_view(&format!("{base}/sessions"), &format!("?year={year}"), "Sessions")}
        {data_view(&format!("{base}/beside"), &format!("?year={year}"), "What stands beside the statements")}
        {data_view(&format!("{base}/years"), "", "Board years")}
    }
    .into_any()
}

/// That a statement was asked in two wordings, whose answers are never added up: how many people answered the one that
/// the figures of all courses leave out.
fn other_wording_view(items: &[ItemGain]) -> AnyView {
    let mut people: Vec<u64> = items
        .iter()
        .filter(|item| item.kind == ItemKind::Core && item.line.is_ok())
        .map(|item| item.histogram.n())
        .collect();
    people.sort_unstable();
    people.pop();
    let sentences: Vec<_> = people
        .into_iter()
        .map(|people| {
            let words = format!(
                "{} people answered the statement about overall confidence in another wording. Answers to two wordings are never added up, so these people are counted here and not where courses stand side by side.",
                thousands(people)
            );
            view! { <p class="govuk-body">{words}</p> }
        })
        .collect();
    sentences.into_any()
}

fn sessions_view(items: &[ItemGain], sessions: &[SessionGain], is_office: bool) -> AnyView {
    if sessions.is_empty() {
        return ().into_any();
    }
    let name = |row: &SessionGain| short_moment_text(row.session.starts_at);
    let words = sessions.iter().map(|row| (name(row), line_words(&row.line, Subject::Confidence))).collect();
    let mut rows: Vec<ForestRow> = sessions
        .iter()
        .map(|row| {
            let href = if is_office { format!("/training/sessions/{}/gain", row.session.id) } else { String::new() };
            forest_row(name(row), href, &row.line)
        })
        .collect();
    if let Some(core) = items.iter().find(|item| item.kind == ItemKind::Core && item.line.is_ok()) {
        rows.push(ForestRow { overall: true, ..forest_row("All sessions", "", &core.line) });
    }
    view! {
        <Heading text="Session by session" level=2 size=Size::M/>
        <p class="govuk-body">
            "Overall confidence. All sessions together can have more people than the sessions above added up: groups too small to be shown by themselves are counted only together."
        </p>
        <ForestPlot title="Gain in each session" rows/>
        {words_view("Each session in words", "Sessions in words", "Session", words)}
    }
    .into_any()
}
