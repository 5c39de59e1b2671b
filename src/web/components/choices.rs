//! Choosing one or several of a few.

use leptos::prelude::*;

use super::field::{Field, legend as group_legend};
use super::{classes, filled};

/// One thing that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the person reads.
    pub label: String,
    /// A line of help below it.
    pub hint: String,
}

impl Choice {
    /// A choice without a hint.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }

    /// Adds a line of help.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// Choose one.
#[component]
pub fn Radios(
    /// The question.
    #[prop(into)]
    legend: String,
    /// The field's name; the first choice has it as its id.
    #[prop(into)]
    name: String,
    /// What can be chosen.
    options: Vec<Choice>,
    /// Help.
    #[prop(optional, into)]
    hint: String,
    /// Side by side where there is room, for two or three short choices.
    #[prop(optional)]
    inline: bool,
    /// Smaller, for dense pages such as filters.
    #[prop(optional)]
    small: bool,
    /// The legend is the page's heading: the page asks only this.
    #[prop(optional)]
    page_heading: bool,
    /// The value that the page proposes while nothing was chosen.
    #[prop(optional, into)]
    chosen: String,
) -> impl IntoView {
    let field = Field::new(&name, hint);
    let chosen = field.value_or(chosen);
    let class = classes("govuk-radios", &[("govuk-radios--inline", inline), ("govuk-radios--small", small)]);
    let items: Vec<_> = options
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            let checked = !chosen.is_empty() && choice.value == chosen;
            choice_item(Kind::Radio, &name, index, choice, checked)
        })
        .collect();
    group(field, group_legend(legend, page_heading), class, items)
}

/// Choose any.
#[component]
pub fn Checkboxes(
    /// The question.
    #[prop(into)]
    legend: String,
    /// The field's name; the first choice has it as its id.
    #[prop(into)]
    name: String,
    /// What can be chosen.
    options: Vec<Choice>,
    /// Help.
    #[prop(optional, into)]
    hint: String,
    /// Smaller, for dense pages such as filters.
    #[prop(optional)]
    small: bool,
    /// The legend is the page's heading: the page asks only this.
    #[prop(optional)]
    page_heading: bool,
    /// The values that the page proposes before anything is sent.
    #[prop(optional)]
    chosen: Vec<String>,
) -> impl IntoView {
    let field = Field::new(&name, hint);
    let class = classes("govuk-checkboxes", &[("govuk-checkboxes--small", small)]);
    let items: Vec<_> = options
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            let checked = field.is_chosen(&choice.value, chosen.contains(&choice.value));
            choice_item(Kind::Checkbox, &name, index, choice, checked)
        })
        .collect();
    group(field, group_legend(legend, page_heading), class, items)
}

/// One box that stands alone: "I accept the charging policy".
#[component]
pub fn Tick(
    /// What ticking it says.
    #[prop(into)]
    label: String,
    /// The field's name, and its id.
    #[prop(into)]
    name: String,
    /// What the form sends when it is ticked.
    #[prop(default = "yes".into(), into)]
    value: String,
    /// A line of help below it.
    #[prop(optional, into)]
    hint: String,
    /// Smaller, for dense pages such as filters.
    #[prop(optional)]
    small: bool,
    /// Whether the page proposes it ticked before anything is sent.
    #[prop(optional)]
    ticked: bool,
) -> impl IntoView {
    let class = classes("govuk-checkboxes", &[("govuk-checkboxes--small", small)]);
    let field = Field::new(&name, String::new());
    let checked = field.is_chosen(&value, ticked);
    let choice = Choice { value, label, hint };
    view! {
        <div class=field.group_class()>
            {field.hint_and_error()}
            <div class=class>
                {choice_item(Kind::Checkbox, &name, 0, choice, checked)}
            </div>
        </div>
    }
}

/// Fields that belong together under one legend, such as an address.
#[component]
pub fn Fieldset(
    /// What they are about.
    #[prop(into)]
    legend: String,
    /// The legend is the page's heading.
    #[prop(optional)]
    page_heading: bool,
    /// The fields.
    children: Children,
) -> impl IntoView {
    view! {
        <fieldset class="govuk-fieldset lg-fieldset">
            {section_legend(legend, page_heading)}
            {children()}
        </fieldset>
    }
}

/// A legend that reads as the heading of a section, above its fields' labels.
fn section_legend(text: String, page_heading: bool) -> AnyView {
    if page_heading {
        group_legend(text, true)
    } else {
        view! { <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{text}</legend> }.into_any()
    }
}

fn group(field: Field, legend: AnyView, class: String, items: Vec<AnyView>) -> AnyView {
    view! {
        <div class=field.group_class()>
            <fieldset class="govuk-fieldset" aria-describedby=field.described_by()>
                {legend}
                {field.hint_and_error()}
                <div class=class>{items}</div>
            </fieldset>
        </div>
    }
    .into_any()
}

#[derive(Clone, Copy)]
enum Kind {
    Radio,
    Checkbox,
}

fn choice_item(kind: Kind, name: &str, index: usize, choice: Choice, checked: bool) -> AnyView {
    let id = match index {
        0 => name.to_owned(),
        _ => format!("{name}-{}", index + 1),
    };
    let hint_id = format!("{id}-item-hint");
    let described_by = (!choice.hint.is_empty()).then(|| hint_id.clone());
    let hint = filled(choice.hint);
    let name = name.to_owned();
    let (block, input) = match kind {
        Kind::Radio => ("govuk-radios", "radio"),
        Kind::Checkbox => ("govuk-checkboxes", "checkbox"),
    };
    view! {
        <div class=format!("{block}__item")>
            <input
                class=format!("{block}__input")
                id=id.clone()
                name=name
                type=input
                value=choice.value
                checked=checked
                aria-describedby=described_by
            />
            <label class=format!("govuk-label {block}__label") for=id>{choice.label}</label>
            {hint.map(|hint| view! {
                <div id=hint_id class=format!("govuk-hint {block}__hint")>{hint}</div>
            })}
        </div>
    }
    .into_any()
}
