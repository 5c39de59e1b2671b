//! A date as three fields.

use leptos::prelude::*;

use super::field::{Field, legend as group_legend};
use super::{classes, filled};

/// A date as day, month and year: the fields `name-day`, `name-month` and
/// `name-year`. Put an error on `name`, or on one part to mark only that part.
#[component]
pub fn DateInput(
    /// The question.
    #[prop(into)]
    legend: String,
    /// The start of the three fields' names.
    #[prop(into)]
    name: String,
    /// Help; unless given, an example.
    #[prop(default = "For example, 31 3 2021".into(), into)]
    hint: String,
    /// The legend is the page's heading: the page asks only this.
    #[prop(optional)]
    page_heading: bool,
    /// What the page proposes while nothing was typed, as "2021-03-31".
    #[prop(optional, into)]
    value: String,
) -> impl IntoView {
    let names = ["day", "month", "year"].map(|part| format!("{name}-{part}"));
    let field = Field::new(&name, hint).with_parts(&names);
    let one_part_is_wrong = field.form().error(&name).is_none();
    let proposed = proposed_parts(&value);
    let [day, month, year] = names;
    // An error of the whole date links to `name`, so the first input has that id.
    let day_id = if field.form().error(&day).is_some() { day.clone() } else { name.clone() };
    let part = |label, id, name: String, proposed, class| {
        let form = field.form();
        let wrong = field.has_error() && (!one_part_is_wrong || form.error(&name).is_some());
        let value = if form.holds(&name) { form.value(&name).to_owned() } else { proposed };
        part_view(label, id, name, value, class, wrong)
    };
    let [year_value, month_value, day_value] = proposed;
    view! {
        <div class=field.group_class()>
            <fieldset class="govuk-fieldset" aria-describedby=field.described_by()>
                {group_legend(legend, page_heading)}
                {field.hint_and_error()}
                <div class="govuk-date-input">
                    {part("Day", day_id, day, day_value, "govuk-input--width-2")}
                    {part("Month", month.clone(), month, month_value, "govuk-input--width-2")}
                    {part("Year", year.clone(), year, year_value, "govuk-input--width-4")}
                </div>
            </fieldset>
        </div>
    }
}

/// Year, month and day of "2021-03-31", without leading noughts.
fn proposed_parts(date: &str) -> [String; 3] {
    let mut parts = date.splitn(3, '-').map(|part| part.trim_start_matches('0').to_owned());
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

fn part_view(
    label: &'static str,
    id: String,
    name: String,
    value: String,
    width: &'static str,
    wrong: bool,
) -> AnyView {
    let class = classes("govuk-input govuk-date-input__input", &[(width, true), ("govuk-input--error", wrong)]);
    view! {
        <div class="govuk-date-input__item">
            <div class="govuk-form-group">
                <label class="govuk-label govuk-date-input__label" for=id.clone()>{label}</label>
                <input
                    class=class
                    id=id
                    name=name
                    type="text"
                    inputmode="numeric"
                    value=filled(value)
                />
            </div>
        </div>
    }
    .into_any()
}
