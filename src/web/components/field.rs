//! What all fields share: the label, hint and error around an input, and the
//! ids that join them to it.

use leptos::prelude::*;

use super::filled;
use crate::web::form::FormState;

/// A field on the page: its name, its hint and what the form state says of it.
pub(super) struct Field {
    name: String,
    hint: String,
    error: Option<String>,
    form: FormState,
}

impl Field {
    pub(super) fn new(name: &str, hint: String) -> Self {
        let form = FormState::current();
        let error = form.error(name).map(str::to_owned);
        Self { name: name.to_owned(), hint, error, form }
    }

    /// A field made of several inputs shows the first error of any of them.
    pub(super) fn with_parts(mut self, parts: &[String]) -> Self {
        let of_part = || parts.iter().find_map(|part| self.form.error(part));
        if self.error.is_none() {
            self.error = of_part().map(str::to_owned);
        }
        self
    }

    pub(super) fn form(&self) -> &FormState {
        &self.form
    }

    pub(super) fn has_error(&self) -> bool {
        self.error.is_some()
    }

    /// What was typed; before that, what the page proposes.
    pub(super) fn value_or(&self, proposed: String) -> String {
        if self.form.holds(&self.name) { self.form.value(&self.name).to_owned() } else { proposed }
    }

    /// Whether a choice is chosen; before anything was sent, what the page proposes.
    pub(super) fn is_chosen(&self, value: &str, proposed: bool) -> bool {
        if self.form.is_untouched() { proposed } else { self.form.is_chosen(&self.name, value) }
    }

    pub(super) fn described_by(&self) -> Option<String> {
        let hint = (!self.hint.is_empty()).then(|| self.hint_id());
        let error = self.has_error().then(|| self.error_id());
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
            (hint, error) => hint.or(error),
        }
    }

    pub(super) fn group_class(&self) -> &'static str {
        if self.has_error() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }
    }

    /// The hint and the error message, in the order in which they are read.
    pub(super) fn hint_and_error(&self) -> impl IntoView + use<> {
        let (hint_id, error_id) = (self.hint_id(), self.error_id());
        let hint = filled(self.hint.clone());
        let error = self.error.clone();
        view! {
            {hint.map(|hint| view! { <div id=hint_id class="govuk-hint">{hint}</div> })}
            {error.map(|error| view! {
                <p id=error_id class="govuk-error-message">
                    <span class="govuk-visually-hidden">"Error:"</span>" "{error}
                </p>
            })}
        }
    }

    fn hint_id(&self) -> String {
        format!("{}-hint", self.name)
    }

    fn error_id(&self) -> String {
        format!("{}-error", self.name)
    }
}

/// The label of a field; as the page's heading when the page asks only this.
pub(super) fn label(id: &str, text: String, page_heading: bool) -> AnyView {
    let id = id.to_owned();
    if page_heading {
        view! {
            <h1 class="govuk-label-wrapper">
                <label class="govuk-label govuk-label--l" for=id>{text}</label>
            </h1>
        }
        .into_any()
    } else {
        view! { <label class="govuk-label" for=id>{text}</label> }.into_any()
    }
}

/// The legend of a group of fields; as the page's heading when the page asks only this.
pub(super) fn legend(text: String, page_heading: bool) -> AnyView {
    if page_heading {
        view! {
            <legend class="govuk-fieldset__legend govuk-fieldset__legend--l">
                <h1 class="govuk-fieldset__heading">{text}</h1>
            </legend>
        }
        .into_any()
    } else {
        view! { <legend class="govuk-fieldset__legend">{text}</legend> }.into_any()
    }
}
