//! Facts as pairs of a name and a value, and figures in large type.

use leptos::prelude::*;

use super::{Link, filled};

/// One fact of a [`SummaryList`].
pub struct SummaryRow {
    key: String,
    value: AnyView,
    actions: Vec<Link>,
}

impl SummaryRow {
    /// A fact in words.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self::view(key, value.into())
    }

    /// A fact with links, tags or several lines in it.
    pub fn view(key: impl Into<String>, value: impl IntoAny) -> Self {
        Self { key: key.into(), value: value.into_any(), actions: Vec::new() }
    }

    /// Adds "Change" at the end of the row.
    pub fn change(self, href: impl Into<String>) -> Self {
        self.action(href, "Change")
    }

    /// Adds another link at the end of the row; the key is read out after it.
    pub fn action(mut self, href: impl Into<String>, text: impl Into<String>) -> Self {
        self.actions.push(Link::new(href, text));
        self
    }
}

/// A text that stays on the screen: on paper stands "Not printed" in its place. For what people need to take part.
#[component]
pub fn NotPrinted(
    /// The text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <span class="lg-not-printed"><span class="lg-not-printed__text">{text}</span></span> }
}

/// Facts of one thing, one below the other.
#[component]
pub fn SummaryList(
    /// The facts.
    rows: Vec<SummaryRow>,
    /// Without lines between the rows.
    #[prop(optional)]
    plain: bool,
) -> impl IntoView {
    let class = if plain { "govuk-summary-list govuk-summary-list--no-border" } else { "govuk-summary-list" };
    let any_actions = rows.iter().any(|row| !row.actions.is_empty());
    let rows: Vec<_> = rows.into_iter().map(|row| row_view(row, any_actions)).collect();
    view! { <dl class=class>{rows}</dl> }
}

/// Why a form was not saved when somebody else saved theirs first; beside [`OtherVersion`].
pub const CHANGED_MEANWHILE: &str = "Somebody else has changed this while you were typing. Nothing of yours is saved. Compare with theirs, then save again to replace it, or leave the page to keep it";

/// What somebody else has saved meanwhile, above the form with one's own version.
#[component]
pub fn OtherVersion(
    /// What it says now.
    rows: Vec<SummaryRow>,
) -> impl IntoView {
    view! {
        <div class="govuk-inset-text">
            <h2 class="govuk-heading-m">"What it says now"</h2>
            <SummaryList rows plain=true />
        </div>
    }
}

fn row_view(row: SummaryRow, any_actions: bool) -> AnyView {
    let class = if any_actions && row.actions.is_empty() {
        "govuk-summary-list__row govuk-summary-list__row--no-actions"
    } else {
        "govuk-summary-list__row"
    };
    let about = row.key.clone();
    let mut links: Vec<AnyView> = row.actions.into_iter().map(|link| action_view(link, about.clone())).collect();
    let links = match links.len() {
        0 => None,
        1 => links.pop(),
        _ => {
            let items: Vec<_> = links
                .into_iter()
                .map(|link| view! { <li class="govuk-summary-list__actions-list-item">{link}</li> })
                .collect();
            Some(view! { <ul class="govuk-summary-list__actions-list">{items}</ul> }.into_any())
        }
    };
    let actions = links.map(|links| view! { <dd class="govuk-summary-list__actions">{links}</dd> });
    view! {
        <div class=class>
            <dt class="govuk-summary-list__key">{row.key}</dt>
            <dd class="govuk-summary-list__value">{row.value}</dd>
            {actions}
        </div>
    }
    .into_any()
}

fn action_view(link: Link, about: String) -> AnyView {
    view! {
        <a class="govuk-link" href=link.href>
            {link.text}<span class="govuk-visually-hidden">" "{about}</span>
        </a>
    }
    .into_any()
}

/// One number that matters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    label: String,
    value: String,
    note: String,
}

impl Figure {
    /// A number and what it counts.
    pub fn new(label: impl Into<String>, value: impl ToString) -> Self {
        Self { label: label.into(), value: value.to_string(), note: String::new() }
    }

    /// Adds the line below: numerator and denominator, the interval, the change.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

/// A few numbers in large type, side by side where there is room.
#[component]
pub fn Figures(
    /// The numbers; three or four look best.
    items: Vec<Figure>,
) -> impl IntoView {
    let items: Vec<_> = items
        .into_iter()
        .map(|figure| {
            let note = filled(figure.note).map(|note| view! { <dd class="lg-figure__note">{note}</dd> });
            view! {
                <div class="lg-figure">
                    <dt class="lg-figure__label">{figure.label}</dt>
                    <dd class="lg-figure__value">{figure.value}</dd>
                    {note}
                </div>
            }
        })
        .collect();
    view! { <dl class="lg-figures">{items}</dl> }
}
