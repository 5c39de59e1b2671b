//! Learning gain by agency type: of all courses, or of one topic.

use super::{beside::parts_view, item::*};
use crate::{
    calendar::rules::{board_year, board_year_text, london_day},
    learning_gain::store::{self, PartGain},
    web::{components::*, error::PageResult, form::FormState, page::Page, visit::Visit},
};
use leptos::prelude::*;

/// GET /board/agency-types?year=2020&topic=…
pub async fn agency_types_page(visit: Visit) -> PageResult {
    let mut years = store::gain_year_list(visit.db()).await?;
    if years.is_empty() {
        years.push(board_year(london_day(visit.now)));
    }
    let year = visit.parameter("year").parse().ok().filter(|year| years.contains(year)).unwrap_or(years[0]);
    let topics = store::topic_list(visit.db()).await?;
    let topic = Some(visit.parameter("topic")).filter(|topic| topics.contains(topic)).unwrap_or_default();
    let parts = store::topic_parts(&topic, year, visit.db()).await?;
    let form = FormState::default().with_value("year", year.to_string()).with_value("topic", topic.clone());
    let page = Page::new("Learning gain by agency type")
        .back(format!("/board/courses?year={year}"), format!("All courses in {}", board_year_text(year)))
        .wide()
        .form(form);
    Ok(visit.page(page, move || body(year, &years, &topic, &topics, &parts)))
}

fn body(year: i32, years: &[i32], topic: &str, topics: &[String], parts: &[PartGain]) -> AnyView {
    let year_choices: Vec<_> = years.iter().map(|year| Choice::new(year.to_string(), board_year_text(*year))).collect();
    let topic_choices: Vec<_> = topics.iter().map(|topic| Choice::new(topic.clone(), topic.clone())).collect();
    let of = if topic.is_empty() { "All courses".to_owned() } else { topic.to_owned() };
    let heading = view! {
        <Heading text="By agency type" caption=format!("Learning gain in {}", board_year_text(year))/>
        <FilterPanel action="/board/agency-types" summary="Board year and topic" button="Show" active=!topic.is_empty()>
            <Select label="Board year" name="year" options=year_choices/>
            <Select label="Topic" name="topic" options=topic_choices empty="All topics"/>
        </FilterPanel>
    };
    if parts.is_empty() {
        return view! {
            {heading}
            <EmptyState heading="Not enough answers yet">
                <p class="govuk-body">"Agency types appear when enough people of several types have answered before and after the same course, so that nothing can be worked out about a few of them."</p>
            </EmptyState>
            {how_link()}
        }
        .into_any();
    }
    let asked = [("year", year.to_string()), ("topic", topic.to_owned())];
    let asked: Vec<_> = asked.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let query = format!("?{}", serde_urlencoded::to_string(asked).unwrap_or_default());
    view! {
        {heading}
        <p class="govuk-body">
            "Overall confidence, by the kind of agency that people worked for. Types with few people on a course are told together, so each type can have more people than are counted under its name. The intervals take people, not sessions, as independent, and so are a little too narrow: small differences between types say nothing."
        </p>
        <p class="govuk-body">
            "Answers to two wordings are never added up: where courses ask the statement differently, the one that most people answered counts. A course on which a type has to be hidden, because it would tell what all of its people answered, is not counted at all. Intervals between sessions would be made of the few people of one type in one session, and would tell about them."
        </p>
        {parts_view(&format!("{of} by agency type"), parts)}
        <Heading text="The data" level=2 size=Size::M/>
        {data_view("/board/agency-types", &query, "Agency types")}
        {how_link()}
    }
    .into_any()
}
