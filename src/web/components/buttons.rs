//! Buttons, and the forms that they send.

use leptos::prelude::*;

use super::{Hidden, filled};

/// What pressing a button means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing the page is for.
    #[default]
    Primary,
    /// Something else that can be done here.
    Secondary,
    /// Something that cannot easily be taken back.
    Warning,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            ButtonKind::Primary => "govuk-button",
            ButtonKind::Secondary => "govuk-button govuk-button--secondary",
            ButtonKind::Warning => "govuk-button govuk-button--warning",
        }
    }
}

/// A button that sends the form around it.
#[component]
pub fn Button(
    /// What it does, as a verb: "Book a place".
    #[prop(into)]
    text: String,
    /// Primary unless said otherwise.
    #[prop(optional)]
    kind: ButtonKind,
    /// With `value`: which of several buttons was pressed.
    #[prop(optional, into)]
    name: String,
    /// With `name`: which of several buttons was pressed.
    #[prop(optional, into)]
    value: String,
    /// What it acts on, read out after the text but not shown: "Amira Khan".
    #[prop(optional, into)]
    about: String,
) -> impl IntoView {
    view! {
        <button type="submit" class=kind.class() name=filled(name) value=filled(value)>
            {text}
            {about_view(about)}
        </button>
    }
}

/// A link that looks like a button: it goes somewhere and changes nothing.
#[component]
pub fn ButtonLink(
    /// Where it goes.
    #[prop(into)]
    href: String,
    /// What it leads to.
    #[prop(into)]
    text: String,
    /// Primary unless said otherwise.
    #[prop(optional)]
    kind: ButtonKind,
    /// What it acts on, read out after the text but not shown.
    #[prop(optional, into)]
    about: String,
) -> impl IntoView {
    view! {
        <a href=href class=kind.class() draggable="false">
            {text}
            {about_view(about)}
        </a>
    }
}

/// Buttons and links side by side, one below the other on a phone.
#[component]
pub fn ButtonGroup(
    /// [`Button`]s, [`ButtonLink`]s and plain links of class `govuk-link`.
    children: Children,
) -> impl IntoView {
    view! { <div class="govuk-button-group">{children()}</div> }
}

/// A form that posts. The server says what is wrong, so the browser does not.
#[component]
pub fn PostForm(
    /// The path that it posts to, usually the page's own.
    #[prop(into)]
    action: String,
    /// Fields that travel unseen.
    #[prop(optional)]
    hidden: Vec<(String, String)>,
    /// Set it when the form holds a file.
    #[prop(optional)]
    multipart: bool,
    /// Name and value of the button that the Enter key presses, where that is not the first one on the page.
    #[prop(optional, into)]
    enter: Option<(&'static str, &'static str)>,
    /// The fields and the button.
    children: Children,
) -> impl IntoView {
    // Browsers press the first button of a form, shown or not.
    let enter =
        enter.map(|(name, value)| view! { <button type="submit" name=name value=value hidden=true>"Save"</button> });
    view! {
        <form
            method="post"
            action=action
            enctype=multipart.then_some("multipart/form-data")
            novalidate=true
        >
            {enter}
            {hidden_fields(hidden)}
            {children()}
        </form>
    }
}

/// A form that is nothing but its button: "Leave the waiting list".
#[component]
pub fn PostButton(
    /// The path that it posts to.
    #[prop(into)]
    action: String,
    /// What it does, as a verb.
    #[prop(into)]
    text: String,
    /// Primary unless said otherwise.
    #[prop(optional)]
    kind: ButtonKind,
    /// Fields that travel unseen.
    #[prop(optional)]
    hidden: Vec<(String, String)>,
    /// What it acts on, read out after the text but not shown.
    #[prop(optional, into)]
    about: String,
    /// What pressing it means, where that cannot simply be taken back. The button then stands behind this sentence.
    #[prop(optional, into)]
    asks: String,
    /// A line that may be typed beside it, sent as `reason`: what it is for.
    #[prop(optional, into)]
    reason: String,
) -> impl IntoView {
    let opens = format!("{text}…");
    // Unlike any other on a page with several such buttons.
    let reason_id = format!("reason{}", action.replace('/', "-"));
    let form = view! {
        <form method="post" action=action class="lg-post-button" novalidate=true>
            {hidden_fields(hidden)}
            {filled(reason).map(|label| view! {
                <div class="govuk-form-group">
                    <label class="govuk-label" for=reason_id.clone()>{label}</label>
                    <input class="govuk-input" id=reason_id name="reason" type="text" autocomplete="off" />
                </div>
            })}
            <Button text=text kind=kind about=about.clone() />
        </form>
    };
    match filled(asks) {
        None => form.into_any(),
        Some(sentence) => view! {
            <details class="govuk-details lg-asks">
                <summary class="govuk-details__summary">
                    <span class="govuk-details__summary-text">{opens}{about_view(about)}</span>
                </summary>
                <div class="govuk-details__text">
                    <p class="govuk-body">{sentence}</p>
                    {form}
                </div>
            </details>
        }
        .into_any(),
    }
}

fn hidden_fields(fields: Vec<(String, String)>) -> Vec<AnyView> {
    fields.into_iter().map(|(name, value)| view! { <Hidden name=name value=value /> }.into_any()).collect()
}

/// The part of a control's name that is only read out.
fn about_view(about: String) -> Option<AnyView> {
    filled(about).map(|about| view! { <span class="govuk-visually-hidden">" "{about}</span> }.into_any())
}
