//! Filters beside or above a list.

use leptos::prelude::*;

use super::classes;

/// A form that filters the list on its page. It can be folded away. With GET what is typed stands in the address, so
/// a filter with a text field, which may hold a name, is posted.
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
    /// Posts the form instead, to `web::search::search`.
    #[prop(optional)]
    post: bool,
    /// Always open where there is room beside the list; then it folds only on a narrow screen.
    #[prop(optional)]
    wide_open: bool,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let class = classes("lg-filter", &[("lg-filter--wide-open", wide_open)]);
    let method = if post { "post" } else { "get" };
    let clear = active.then(|| {
        let href = action.clone();
        view! { <a class="govuk-link" href=href>"Clear filters"</a> }
    });
    view! {
        <details class=class open=open || active>
            <summary class="lg-filter__summary">{summary}</summary>
            <form class="lg-filter__form" method=method action=action novalidate=true>
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
