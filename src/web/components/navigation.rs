//! Ways through the site.

use leptos::prelude::*;

use super::{classes, filled};

/// A link: where it goes and what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Where it goes.
    pub href: String,
    /// What it says.
    pub text: String,
}

impl Link {
    /// A link.
    pub fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into() }
    }
}

/// A link of a navigation, which knows whether the person is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NavItem {
    /// Where it goes.
    pub href: String,
    /// What it says.
    pub text: String,
    /// Whether this is the part of the site on show.
    pub current: bool,
}

impl NavItem {
    /// A link of a navigation.
    pub fn new(href: impl Into<String>, text: impl Into<String>, current: bool) -> Self {
        Self { href: href.into(), text: text.into(), current }
    }
}

/// The way back. The document shows the page's own; a page rarely needs one.
#[component]
pub fn BackLink(
    /// Where it goes.
    #[prop(into)]
    href: String,
    /// What it says.
    #[prop(default = "Back".into(), into)]
    text: String,
) -> impl IntoView {
    view! { <a href=href class="govuk-back-link">{text}</a> }
}

/// Where the page stands in the site. The document shows the page's own.
#[component]
pub fn Breadcrumbs(
    /// From the home page down to the parent of this page.
    items: Vec<Link>,
) -> impl IntoView {
    let items: Vec<_> = items
        .into_iter()
        .map(|link| {
            view! {
                <li class="govuk-breadcrumbs__list-item">
                    <a class="govuk-breadcrumbs__link" href=link.href>{link.text}</a>
                </li>
            }
        })
        .collect();
    view! {
        <nav class="govuk-breadcrumbs" aria-label="Breadcrumb">
            <ol class="govuk-breadcrumbs__list">{items}</ol>
        </nav>
    }
}

/// The first link of the document, shown when the keyboard reaches it.
#[component]
pub fn SkipLink() -> impl IntoView {
    view! { <a href="#main-content" class="govuk-skip-link">"Skip to main content"</a> }
}

/// Tabs that are links: each is a page of its own, or a query of this one.
#[component]
pub fn TabsNav(
    /// What the tabs are parts of, read out: "Session".
    #[prop(into)]
    label: String,
    /// The tabs.
    items: Vec<NavItem>,
) -> impl IntoView {
    let items: Vec<_> = items
        .into_iter()
        .map(|item| {
            let class = classes("lg-tabs__link", &[("lg-tabs__link--current", item.current)]);
            view! {
                <li class="lg-tabs__item">
                    <a class=class href=item.href aria-current=item.current.then_some("page")>
                        {item.text}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <nav class="lg-tabs" aria-label=label>
            <ul class="lg-tabs__list">{items}</ul>
        </nav>
    }
}

/// The pages of a long list. Shows nothing when there is only one.
#[component]
pub fn Pagination(
    /// The page's address with its query, without `page`: "/sessions?topic=neglect".
    #[prop(into)]
    href: String,
    /// The page that was asked for, counted from 1; one beyond the end shows the last.
    page: u64,
    /// How many pages there are.
    pages: u64,
) -> impl IntoView {
    if pages < 2 {
        return None;
    }
    let page = page.clamp(1, pages);
    let to = move |number: u64| format!("{href}{}page={number}", joint(&href));
    let numbers: Vec<_> = shown_pages(page, pages)
        .into_iter()
        .map(|shown| match shown {
            None => view! {
                <li class="govuk-pagination__item govuk-pagination__item--ellipsis">"⋯"</li>
            }
            .into_any(),
            Some(number) => number_view(to(number), number, number == page),
        })
        .collect();
    let previous = (page > 1).then(|| step_view(to(page - 1), Step::Previous));
    let next = (page < pages).then(|| step_view(to(page + 1), Step::Next));
    Some(view! {
        <nav class="govuk-pagination" aria-label="Pagination">
            {previous}
            <ul class="govuk-pagination__list">{numbers}</ul>
            {next}
        </nav>
    })
}

fn joint(href: &str) -> char {
    if href.contains('?') { '&' } else { '?' }
}

/// First, last and the neighbours of the page on show; `None` is a gap.
fn shown_pages(page: u64, pages: u64) -> Vec<Option<u64>> {
    let mut shown = Vec::new();
    let mut last = 0;
    for number in 1..=pages {
        if number == 1 || number == pages || number.abs_diff(page) <= 1 {
            if number > last + 1 {
                shown.push(None);
            }
            shown.push(Some(number));
            last = number;
        }
    }
    shown
}

fn number_view(href: String, number: u64, current: bool) -> AnyView {
    let class = classes("govuk-pagination__item", &[("govuk-pagination__item--current", current)]);
    let label = format!("Page {number}");
    view! {
        <li class=class>
            <a
                class="govuk-link govuk-pagination__link"
                href=href
                aria-label=label
                aria-current=current.then_some("page")
            >
                {number.to_string()}
            </a>
        </li>
    }
    .into_any()
}

#[derive(Clone, Copy)]
enum Step {
    Previous,
    Next,
}

fn step_view(href: String, step: Step) -> AnyView {
    let (class, rel, text) = match step {
        Step::Previous => ("govuk-pagination__prev", "prev", "Previous"),
        Step::Next => ("govuk-pagination__next", "next", "Next"),
    };
    view! {
        <div class=class>
            <a class="govuk-link govuk-pagination__link" href=href rel=rel>
                <span class="govuk-pagination__link-title">
                    {text}<span class="govuk-visually-hidden">" page"</span>
                </span>
            </a>
        </div>
    }
    .into_any()
}

/// A link that goes on to something: "See all sessions".
#[component]
pub fn MoreLink(
    /// Where it goes.
    #[prop(into)]
    href: String,
    /// What it says.
    #[prop(into)]
    text: String,
    /// What it is about, read out after the text but not shown.
    #[prop(optional, into)]
    about: String,
) -> impl IntoView {
    let about = filled(about).map(|about| view! { <span class="govuk-visually-hidden">" "{about}</span> });
    view! { <a class="govuk-link lg-more-link" href=href>{text}{about}</a> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_show_their_ends_and_where_we_are() {
        let gap = None;
        assert_eq!(shown_pages(1, 3), [Some(1), Some(2), Some(3)]);
        assert_eq!(shown_pages(6, 12), [Some(1), gap, Some(5), Some(6), Some(7), gap, Some(12)]);
        assert_eq!(shown_pages(12, 12), [Some(1), gap, Some(11), Some(12)]);
    }
}
