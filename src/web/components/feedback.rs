//! What the page tells a person: errors, news, states.

use leptos::prelude::*;

use crate::web::form::FieldError;

/// What is wrong on this page, each line a link to its field. The document
/// shows it by itself; a page never needs to.
#[component]
pub fn ErrorSummary(
    /// What is wrong, in the order of the fields.
    errors: Vec<FieldError>,
) -> impl IntoView {
    let items: Vec<_> = errors
        .into_iter()
        .map(|error| {
            if error.field.is_empty() {
                return view! { <li>{error.message}</li> }.into_any();
            }
            let href = format!("#{}", error.field);
            view! { <li><a href=href>{error.message}</a></li> }.into_any()
        })
        .collect();
    // `autofocus` takes the reader here without any script.
    view! {
        <div class="govuk-error-summary" tabindex="-1" autofocus=true>
            <div role="alert">
                <h2 class="govuk-error-summary__title">"There is a problem"</h2>
                <div class="govuk-error-summary__body">
                    <ul class="govuk-list govuk-error-summary__list">{items}</ul>
                </div>
            </div>
        </div>
    }
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeKind {
    /// Something that the person did has worked.
    Success,
    /// Something that the person should know.
    #[default]
    Important,
}

/// News at the top of a page.
#[component]
pub fn NotificationBanner(
    /// Success or important.
    #[prop(optional)]
    kind: NoticeKind,
    /// The news in one sentence.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let (class, role, title) = match kind {
        NoticeKind::Success => ("govuk-notification-banner govuk-notification-banner--success", "alert", "Success"),
        NoticeKind::Important => ("govuk-notification-banner", "region", "Important"),
    };
    view! {
        <div class=class role=role aria-labelledby="notification-title">
            <div class="govuk-notification-banner__header">
                <h2 class="govuk-notification-banner__title" id="notification-title">{title}</h2>
            </div>
            <div class="govuk-notification-banner__content">
                <p class="govuk-notification-banner__heading">{text}</p>
            </div>
        </div>
    }
}

/// The confirmation at the end of a journey; its title is the page's heading.
#[component]
pub fn Panel(
    /// What has happened: "Place booked".
    #[prop(into)]
    title: String,
    /// The reference or one more line.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="govuk-panel govuk-panel--confirmation">
            <h1 class="govuk-panel__title">{title}</h1>
            {children.map(|body| view! { <div class="govuk-panel__body">{body()}</div> })}
        </div>
    }
}

/// A text set apart: a policy's sentence, a computed moment.
#[component]
pub fn InsetText(
    /// The text.
    children: Children,
) -> impl IntoView {
    view! { <div class="govuk-inset-text">{children()}</div> }
}

/// A consequence that must not be missed.
#[component]
pub fn WarningText(
    /// The sentence.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <div class="govuk-warning-text">
            <span class="govuk-warning-text__icon" aria-hidden="true">"!"</span>
            <strong class="govuk-warning-text__text">
                <span class="govuk-visually-hidden">"Warning"</span>" "{text}
            </strong>
        </div>
    }
}

/// A part that opens when someone wants it.
#[component]
pub fn Details(
    /// What opens it.
    #[prop(into)]
    summary: String,
    /// Whether it is open at first.
    #[prop(optional)]
    open: bool,
    /// What is inside.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="govuk-details" open=open>
            <summary class="govuk-details__summary">
                <span class="govuk-details__summary-text">{summary}</span>
            </summary>
            <div class="govuk-details__text">{children()}</div>
        </details>
    }
}

/// A tag's colour; its words carry the meaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// Neutral: a state without urgency.
    #[default]
    Grey,
    /// Done, in time, free.
    Green,
    /// The service's own colour: new, current.
    Teal,
    /// In progress, under way.
    Blue,
    /// Waiting for someone else.
    Purple,
    /// Nearly full, due soon.
    Yellow,
    /// Needs somebody.
    Orange,
    /// Refused, overdue, cancelled.
    Red,
}

impl Colour {
    fn class(self) -> &'static str {
        match self {
            Colour::Grey => "govuk-tag govuk-tag--grey",
            Colour::Green => "govuk-tag govuk-tag--green",
            Colour::Teal => "govuk-tag govuk-tag--turquoise",
            Colour::Blue => "govuk-tag",
            Colour::Purple => "govuk-tag govuk-tag--purple",
            Colour::Yellow => "govuk-tag govuk-tag--yellow",
            Colour::Orange => "govuk-tag govuk-tag--orange",
            Colour::Red => "govuk-tag govuk-tag--red",
        }
    }
}

/// A state in a word or two: "3 places left".
#[component]
pub fn Tag(
    /// The words.
    #[prop(into)]
    text: String,
    /// Grey unless said otherwise.
    #[prop(optional)]
    colour: Colour,
) -> impl IntoView {
    view! { <strong class=colour.class()>{text}</strong> }
}

/// What a list shows when it has nothing: why, and what to do next.
#[component]
pub fn EmptyState(
    /// What there is none of: "No sessions match these filters".
    #[prop(into)]
    heading: String,
    /// The heading's level.
    #[prop(default = 2)]
    level: u8,
    /// What to do next: a sentence, a link, a button.
    children: Children,
) -> impl IntoView {
    let heading = match level {
        2 => view! { <h2 class="govuk-heading-m">{heading}</h2> }.into_any(),
        _ => view! { <h3 class="govuk-heading-m">{heading}</h3> }.into_any(),
    };
    view! { <div class="lg-empty-state">{heading}{children()}</div> }
}
