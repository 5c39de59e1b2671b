//! Courses, sessions and bookings as items of a list.

use leptos::prelude::*;

use super::{Colour, Tag, filled};

/// A list of [`Card`]s.
#[component]
pub fn CardList(
    /// The cards.
    children: Children,
) -> impl IntoView {
    view! { <ul class="lg-cards">{children()}</ul> }
}

/// The day of a session as a small calendar leaf.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayLeaf {
    /// "Wed"
    pub weekday: String,
    /// "31"
    pub day: String,
    /// "March 2021" or "Mar"
    pub month: String,
}

impl DayLeaf {
    /// A leaf: weekday, day, month.
    pub fn new(weekday: impl Into<String>, day: impl ToString, month: impl Into<String>) -> Self {
        Self { weekday: weekday.into(), day: day.to_string(), month: month.into() }
    }
}

/// One item of a [`CardList`]: a course, a session, a booking.
#[component]
pub fn Card(
    /// Its name.
    #[prop(into)]
    title: String,
    /// Its page; empty when it has none.
    #[prop(optional, into)]
    href: String,
    /// The title's heading level.
    #[prop(default = 2)]
    level: u8,
    /// Its first day, for sessions.
    #[prop(optional_no_strip)]
    day: Option<DayLeaf>,
    /// States in a word or two: "3 places left".
    #[prop(optional)]
    tags: Vec<(String, Colour)>,
    /// Short facts in a line: "9:30am to 12:30pm", "Online".
    #[prop(optional)]
    facts: Vec<String>,
    /// A paragraph, or buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let title = match filled(href) {
        Some(href) => view! { <a class="govuk-link lg-card__link" href=href>{title}</a> }.into_any(),
        None => title.into_any(),
    };
    let heading = match level {
        2 => view! { <h2 class="lg-card__title">{title}</h2> }.into_any(),
        3 => view! { <h3 class="lg-card__title">{title}</h3> }.into_any(),
        _ => view! { <h4 class="lg-card__title">{title}</h4> }.into_any(),
    };
    view! {
        <li class="lg-card">
            {day.map(day_view)}
            <div class="lg-card__body">
                {heading}
                {facts_view(facts)}
                {tags_view(tags)}
                {children.map(|body| view! { <div class="lg-card__more">{body()}</div> })}
            </div>
        </li>
    }
}

fn day_view(leaf: DayLeaf) -> AnyView {
    view! {
        <p class="lg-leaf">
            <span class="lg-leaf__weekday">{leaf.weekday}</span>" "
            <span class="lg-leaf__day">{leaf.day}</span>" "
            <span class="lg-leaf__month">{leaf.month}</span>
        </p>
    }
    .into_any()
}

fn facts_view(facts: Vec<String>) -> Option<AnyView> {
    if facts.is_empty() {
        return None;
    }
    let items: Vec<_> = facts.into_iter().map(|fact| view! { <li>{fact}</li> }).collect();
    Some(view! { <ul class="lg-card__facts">{items}</ul> }.into_any())
}

fn tags_view(tags: Vec<(String, Colour)>) -> Option<AnyView> {
    if tags.is_empty() {
        return None;
    }
    let items: Vec<_> = tags.into_iter().map(|(text, colour)| view! { <Tag text=text colour=colour /> " " }).collect();
    Some(view! { <p class="lg-card__tags">{items}</p> }.into_any())
}
