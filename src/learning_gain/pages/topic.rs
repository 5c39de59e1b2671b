//! A topic's learning gain: its courses together, and each beside the others.

use super::item::*;
use crate::{
    calendar::rules::{board_year, board_year_text, london_day},
    courses::rules::slug_of,
    learning_gain::{
        rules::sentence::Subject,
        store::{self, CourseLine, ItemGain, YearLine},
    },
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

/// GET /board/topics/{topic}?year=2020
pub async fn topic_page(visit: Visit, Path(address): Path<String>) -> PageResult {
    let (topic, courses) = store::topic_courses(&address, visit.db()).await?.ok_or(PageError::NotFound)?;
    let years = store::year_lines(&courses, visit.db()).await?;
    let newest = years.last().map_or_else(|| board_year(london_day(visit.now)), |line| line.board_year);
    let year = visit.parameter("year").parse().unwrap_or(newest);
    let (lines, hidden) = store::course_lines_with_hidden(year, visit.db()).await?;
    let together = store::courses_together(&courses, &hidden, visit.db()).await?;
    let lines = lines.into_iter().filter(|line| courses.contains(&line.course)).collect();
    let page = Page::new(format!("Learning gain: {topic}"))
        .back(format!("/board/courses?year={year}"), format!("All courses in {}", board_year_text(year)))
        .wide();
    Ok(visit.page(page, move || body(&topic, year, &years, together, lines)))
}

fn body(topic: &str, year: i32, years: &[YearLine], together: Option<ItemGain>, lines: Vec<CourseLine>) -> AnyView {
    let base = format!("/board/topics/{}", slug_of(topic));
    let heading =
        view! { <Heading text=topic.to_owned() caption=format!("Learning gain in {}", board_year_text(year))/> };
    let tabs = year_tabs(&base, years, year);
    let Some(together) = together else {
        return view! {
            {heading}
            {tabs}
            <EmptyState heading="Not enough answers yet">
                <p class="govuk-body">"A gain appears when five people who attended a course of this topic have answered both before and after it."</p>
            </EmptyState>
            {how_link()}
        }
        .into_any();
    };
    let mut rows: Vec<ForestRow> = lines
        .iter()
        .map(|line| forest_row(&line.title, format!("/board/courses/{}?year={year}", line.slug), &line.line))
        .collect();
    let words = lines.iter().map(|line| (line.title.clone(), line_words(&line.line, Subject::Confidence))).collect();
    if together.line.is_ok() && rows.len() > 1 {
        rows.push(ForestRow { overall: true, ..forest_row("All courses of the topic", "", &together.line) });
    }
    let asked = [("year", year.to_string()), ("topic", topic.to_owned())];
    let by_type = format!("/board/agency-types?{}", serde_urlencoded::to_string(asked).unwrap_or_default());
    view! {
        {heading}
        {tabs}
        <p class="govuk-body">"All courses of the topic together, by the one statement that every course asks. Who came to several of them is counted each time."</p>
        <Heading text="All courses of the topic" level=2 size=Size::M/>
        {item_view(&together, None)}
        <Heading text="Course by course" level=2 size=Size::M/>
        <p class="govuk-body">"Courses stand by their titles, not by their gains: most differences between courses are within what chance does."</p>
        <ForestPlot title=format!("Gain of each course, {}", board_year_text(year)) row_label="Course" rows/>
        {words_view("Each course in words", "Each course’s gain in words", "Course", words)}
        <p class="govuk-body"><a class="govuk-link" href=by_type>"This topic by agency type"</a></p>
        {trend_view("Gain in overall confidence", years)}
        <Heading text="The data" level=2 size=Size::M/>
        {data_view(&format!("{base}/courses"), &format!("?year={year}"), "Courses of the topic")}
        {data_view(&format!("{base}/years"), "", "Board years of the topic")}
        {data_view(&format!("{base}/spread"), &format!("?year={year}"), "Answers before and after")}
        {how_link()}
    }
    .into_any()
}
