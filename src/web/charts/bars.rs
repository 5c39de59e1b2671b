//! Lengths to compare.

use leptos::prelude::*;

use super::scale::Scale;
use crate::web::components::slug;

/// One bar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    /// What is counted.
    pub name: String,
    /// Its page, or empty.
    pub href: String,
    /// Its length.
    pub value: f64,
    /// The value in words: "1,204", "93.1% (269 of 289)".
    pub text: String,
}

/// Bars one below the other, each with its value in words.
#[component]
pub fn BarChart(
    /// What is shown; unique on the page.
    #[prop(into)]
    title: String,
    /// What a bar is: "Agency type".
    #[prop(into)]
    row_label: String,
    /// What its value is: "People trained".
    #[prop(into)]
    value_label: String,
    /// The bars, in the order to show them.
    bars: Vec<Bar>,
    /// The value of a full bar, such as 100 for percentages; else the longest one.
    #[prop(optional_no_strip)]
    full: Option<f64>,
) -> impl IntoView {
    let longest = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    let scale = Scale::to(full.unwrap_or(longest));
    let caption_id = format!("chart-{}", slug(&title));
    let rows: Vec<_> = bars.into_iter().map(|bar| row_view(bar, scale)).collect();
    view! {
        <table class="lg-chart-table lg-chart-table--bars">
            <caption class="lg-chart__title" id=caption_id>{title}</caption>
            <thead>
                <tr>
                    <th scope="col" class="lg-chart-table__name">{row_label}</th>
                    <th scope="col" class="lg-chart-table__plot">{value_label}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row_view(bar: Bar, scale: Scale) -> AnyView {
    let name = match bar.href.as_str() {
        "" => bar.name.into_any(),
        _ => view! { <a class="govuk-link" href=bar.href>{bar.name}</a> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="lg-chart-table__name">{name}</th>
            <td class="lg-chart-table__plot">
                <span class="lg-bar">
                    <svg class="lg-bar__drawing" width="100%" height="18" aria-hidden="true" focusable="false">
                        <rect class="lg-bar__length" width=scale.x(bar.value) height="18" rx="2" />
                    </svg>
                    <span class="lg-bar__text">{bar.text}</span>
                </span>
            </td>
        </tr>
    }
    .into_any()
}
