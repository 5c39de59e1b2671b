//! Fields with one input.

use leptos::prelude::*;

use super::field::{Field, label as field_label};
use super::{Choice, classes, filled};

/// How wide an input is: as wide as what belongs into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// As wide as the column.
    #[default]
    Full,
    /// About two characters.
    Chars2,
    /// About three characters.
    Chars3,
    /// About four characters.
    Chars4,
    /// About five characters: a time, an amount.
    Chars5,
    /// About ten characters: a postcode, a reference.
    Chars10,
    /// About twenty characters: a telephone number.
    Chars20,
    /// Two thirds of the column.
    TwoThirds,
    /// Half of the column.
    Half,
}

impl Width {
    fn class(self) -> &'static str {
        match self {
            Width::Full => "govuk-input",
            Width::Chars2 => "govuk-input govuk-input--width-2",
            Width::Chars3 => "govuk-input govuk-input--width-3",
            Width::Chars4 => "govuk-input govuk-input--width-4",
            Width::Chars5 => "govuk-input govuk-input--width-5",
            Width::Chars10 => "govuk-input govuk-input--width-10",
            Width::Chars20 => "govuk-input govuk-input--width-20",
            Width::TwoThirds => "govuk-input govuk-!-width-two-thirds",
            Width::Half => "govuk-input govuk-!-width-one-half",
        }
    }
}

/// One line of text.
#[component]
pub fn TextInput(
    /// The question.
    #[prop(into)]
    label: String,
    /// The field's name, and its id.
    #[prop(into)]
    name: String,
    /// Help that is there before anything goes wrong.
    #[prop(optional, into)]
    hint: String,
    /// The input's type: `text`, `email`, `tel`, `url`, `search`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What the browser may fill in: `name`, `email`, `organization` …
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// Which keyboard a phone shows: `numeric`, `decimal` …
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// As wide as what belongs into it.
    #[prop(optional)]
    width: Width,
    /// Before the input: "£".
    #[prop(optional, into)]
    prefix: String,
    /// After the input: "places".
    #[prop(optional, into)]
    suffix: String,
    /// What the page proposes while nothing was typed.
    #[prop(optional, into)]
    value: String,
    /// The label is the page's heading: the page asks only this.
    #[prop(optional)]
    page_heading: bool,
) -> impl IntoView {
    let field = Field::new(&name, hint);
    let value = filled(field.value_or(value));
    let spellcheck = (kind == "email").then_some("false");
    let class = classes(width.class(), &[("govuk-input--error", field.has_error())]);
    let input = view! {
        <input
            class=class
            id=name.clone()
            name=name.clone()
            type=kind
            value=value
            autocomplete=autocomplete
            inputmode=inputmode
            spellcheck=spellcheck
            aria-describedby=field.described_by()
        />
    };
    view! {
        <div class=field.group_class()>
            {field_label(&name, label, page_heading)}
            {field.hint_and_error()}
            {affixed(input.into_any(), prefix, suffix)}
        </div>
    }
}

fn affixed(input: AnyView, prefix: String, suffix: String) -> AnyView {
    if prefix.is_empty() && suffix.is_empty() {
        return input;
    }
    let prefix = filled(prefix).map(|text| view! { <div class="govuk-input__prefix" aria-hidden="true">{text}</div> });
    let suffix = filled(suffix).map(|text| view! { <div class="govuk-input__suffix" aria-hidden="true">{text}</div> });
    view! { <div class="govuk-input__wrapper">{prefix}{input}{suffix}</div> }.into_any()
}

/// A time of day, typed as "09:30".
#[component]
pub fn TimeInput(
    /// The question.
    #[prop(into)]
    label: String,
    /// The field's name, and its id.
    #[prop(into)]
    name: String,
    /// Help; unless given, an example.
    #[prop(default = "For example, 09:30 or 14:00".into(), into)]
    hint: String,
    /// What the page proposes while nothing was typed.
    #[prop(optional, into)]
    value: String,
) -> impl IntoView {
    view! { <TextInput label=label name=name hint=hint value=value width=Width::Chars5 /> }
}

/// The code that a person was sent, in large spaced figures.
#[component]
pub fn CodeInput(
    /// The question.
    #[prop(into)]
    label: String,
    /// The field's name, and its id.
    #[prop(into)]
    name: String,
    /// Help.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    let field = Field::new(&name, hint);
    let value = filled(field.value_or(String::new()));
    let class = classes(
        "govuk-input govuk-input--width-10 govuk-input--extra-letter-spacing",
        &[("govuk-input--error", field.has_error())],
    );
    view! {
        <div class=field.group_class()>
            {field_label(&name, label, false)}
            {field.hint_and_error()}
            <input
                class=class
                id=name.clone()
                name=name.clone()
                type="text"
                value=value
                inputmode="numeric"
                autocomplete="one-time-code"
                spellcheck="false"
                aria-describedby=field.described_by()
            />
        </div>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// The question.
    #[prop(into)]
    label: String,
    /// The field's name, and its id.
    #[prop(into)]
    name: String,
    /// Help, such as what not to write.
    #[prop(optional, into)]
    hint: String,
    /// How many lines are shown.
    #[prop(default = 5)]
    rows: u8,
    /// What the page proposes while nothing was typed.
    #[prop(optional, into)]
    value: String,
    /// The label is the page's heading: the page asks only this.
    #[prop(optional)]
    page_heading: bool,
) -> impl IntoView {
    let field = Field::new(&name, hint);
    let class = classes("govuk-textarea", &[("govuk-textarea--error", field.has_error())]);
    let value = textarea_html(&field.value_or(value));
    view! {
        <div class=field.group_class()>
            {field_label(&name, label, page_heading)}
            {field.hint_and_error()}
            <textarea
                class=class
                id=name.clone()
                name=name.clone()
                rows=rows.to_string()
                aria-describedby=field.described_by()
                inner_html=value
            ></textarea>
        </div>
    }
}

/// A text as the content of a `<textarea>`. Leptos writes such a content as it
/// is, so it is escaped here; and because a browser drops a newline right after
/// the tag, a text that begins with one gets a second.
fn textarea_html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if text.starts_with(['\n', '\r']) { format!("\n{escaped}") } else { escaped }
}

/// One of many, in a list that opens. Up to about seven are better as radios.
#[component]
pub fn Select(
    /// The question.
    #[prop(into)]
    label: String,
    /// The field's name, and its id.
    #[prop(into)]
    name: String,
    /// What can be chosen.
    options: Vec<Choice>,
    /// Help.
    #[prop(optional, into)]
    hint: String,
    /// The text of a first option without a value: "Choose an agency".
    #[prop(optional, into)]
    empty: String,
    /// The value that the page proposes while nothing was chosen.
    #[prop(optional, into)]
    chosen: String,
    /// The label is the page's heading: the page asks only this.
    #[prop(optional)]
    page_heading: bool,
) -> impl IntoView {
    let field = Field::new(&name, hint);
    let chosen = field.value_or(chosen);
    let class = classes("govuk-select", &[("govuk-select--error", field.has_error())]);
    let empty = filled(empty).map(|text| Choice::new("", text));
    let options: Vec<_> = empty
        .into_iter()
        .chain(options)
        .map(|choice| {
            let selected = choice.value == chosen;
            view! { <option value=choice.value selected=selected>{choice.label}</option> }
        })
        .collect();
    view! {
        <div class=field.group_class()>
            {field_label(&name, label, page_heading)}
            {field.hint_and_error()}
            <select
                class=class
                id=name.clone()
                name=name.clone()
                aria-describedby=field.described_by()
            >
                {options}
            </select>
        </div>
    }
}

/// A field that travels unseen.
#[component]
pub fn Hidden(
    /// The field's name.
    #[prop(into)]
    name: String,
    /// Its value.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    view! { <input type="hidden" name=name value=value /> }
}

/// A file from the person's machine; its form needs `multipart=true`.
#[component]
pub fn FileUpload(
    /// The question.
    #[prop(into)]
    label: String,
    /// The field's name, and its id.
    #[prop(into)]
    name: String,
    /// Help: which kind, how large.
    #[prop(optional, into)]
    hint: String,
    /// Which files the browser offers: ".csv,.xlsx".
    #[prop(optional, into)]
    accept: String,
) -> impl IntoView {
    let field = Field::new(&name, hint);
    let class = classes("govuk-file-upload", &[("govuk-file-upload--error", field.has_error())]);
    view! {
        <div class=field.group_class()>
            {field_label(&name, label, false)}
            {field.hint_and_error()}
            <input
                class=class
                id=name.clone()
                name=name.clone()
                type="file"
                accept=filled(accept)
                aria-describedby=field.described_by()
            />
        </div>
    }
}
