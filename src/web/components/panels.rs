//! Filters beside or above a list.

use leptos::prelude::*;

/// A form that filters the list on its page, with GET. It can be folded away.
#[component]
pub fn FilterPanel(
    /// The page's own path.
    #[prop(into)]
    action: String,
    /// What opens it: "Filter sessions".
    #[prop(default = "Filter".into(), into)]
    summary: String,
    /// What its button says.
    #[prop(default = "Apply filters".into(), into)]
    button: String,
    /// Whether it is open; open it when a filter is set.
    #[prop(optional)]
    open: bool,
    /// Whether a filter is set, so that "Clear filters" is offered.
    #[prop(optional)]
    active: bool,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let clear = active.then(|| {
        let href = action.clone();
        view! { <a class="govuk-link" href=href>"Clear filters"</a> }
    });
    view! {
        <details class="lg-filter" open=open || active>
            <summary class="lg-filter__summary">{summary}</summary>
            <form class="lg-filter__form" method="get" action=action novalidate=true>
                <div class="lg-filter__fields">{children()}</div>
                <div class="govuk-button-group">
                    <button type="submit" class="govuk-button govuk-button--secondary">{button}</button>
                    {clear}
                </div>
            </form>
        </details>
    }
}

/// A list with its filters: beside it on a wide screen, above it on a phone.
#[component]
pub fn Split(
    /// The narrow part: a [`FilterPanel`], a side navigation.
    aside: AnyView,
    /// The wide part.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="lg-split">
            <div class="lg-split__aside">{aside}</div>
            <div class="lg-split__main">{children()}</div>
        </div>
    }
}
