//! Gains with their intervals, one below the other.

use leptos::prelude::*;

use super::scale::Scale;
use super::{Interval, gain_text, interval_text};
use crate::web::components::{slug, thousands};

/// One line of a [`ForestPlot`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ForestRow {
    /// The session, or what is compared.
    pub name: String,
    /// Its page, or empty.
    pub href: String,
    /// The gain; none while there are not enough answers.
    pub gain: Option<f64>,
    /// Its 95 % interval, where it can be computed.
    pub interval: Option<Interval>,
    /// How many people answered before and after.
    pub matched: u64,
    /// The line of all together, drawn as a diamond.
    pub overall: bool,
    /// Said where there is no gain: "Not enough answers yet".
    pub note: String,
}

/// A line per session: a square at its gain, and how sure we are of it.
#[component]
pub fn ForestPlot(
    /// What is shown; unique on the page.
    #[prop(into)]
    title: String,
    /// What a row is: "Session", "Course".
    #[prop(default = "Session".into(), into)]
    row_label: String,
    /// The rows, in the order to show them.
    rows: Vec<ForestRow>,
) -> impl IntoView {
    let scale = Scale::around(rows.iter().flat_map(|row| {
        let (low, high) = row.interval.unwrap_or_default();
        [row.gain.unwrap_or_default(), low, high]
    }));
    let caption_id = format!("chart-{}", slug(&title));
    let rows: Vec<_> = rows.into_iter().map(|row| row_view(row, scale)).collect();
    view! {
        <table class="lg-chart-table lg-chart-table--forest" aria-describedby=format!("{caption_id}-key")>
            <caption class="lg-chart__title" id=caption_id.clone()>{title}</caption>
            <thead>
                <tr>
                    <th scope="col" class="lg-chart-table__name">{row_label}</th>
                    <th scope="col" class="lg-chart-table__plot">
                        <span class="lg-chart-key" id=format!("{caption_id}-key")>
                            "Gain with its 95% interval"
                        </span>
                        {axis_view(scale)}
                    </th>
                    <th scope="col" class="lg-chart-table__figures">"Gain"</th>
                    <th scope="col" class="lg-chart-table__count">"Answered both"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn axis_view(scale: Scale) -> AnyView {
    let ticks: Vec<_> = scale
        .ticks()
        .into_iter()
        .map(|tick| {
            let text = scale.tick_text(tick);
            view! { <text class="lg-axis__text" x=scale.x(tick) y="13">{text}</text> }
        })
        .collect();
    view! {
        <svg class="lg-plot lg-plot--axis" width="100%" height="18" aria-hidden="true" focusable="false">
            {ticks}
        </svg>
    }
    .into_any()
}

fn row_view(row: ForestRow, scale: Scale) -> AnyView {
    let class = if row.overall { "lg-chart-table__overall" } else { "lg-chart-table__one" };
    let name = match row.href.as_str() {
        "" => row.name.into_any(),
        _ => view! { <a class="govuk-link" href=row.href>{row.name}</a> }.into_any(),
    };
    let Some(gain) = row.gain else {
        return view! {
            <tr class="lg-chart-table__empty">
                <th scope="row" class="lg-chart-table__name">{name}</th>
                <td class="lg-chart-table__plot" colspan="3">
                    <span class="lg-chart-table__note">{row.note}</span>
                </td>
            </tr>
        }
        .into_any();
    };
    let interval = row.interval.map(|interval| {
        view! {
            <span class="lg-chart-table__interval">{interval_text(interval)}</span>
        }
    });
    view! {
        <tr class=class>
            <th scope="row" class="lg-chart-table__name">{name}</th>
            <td class="lg-chart-table__plot">{plot_view(gain, row.interval, row.overall, scale)}</td>
            <td class="lg-chart-table__figures">
                <strong class="lg-chart-table__gain">{gain_text(gain)}</strong>
                {interval}
            </td>
            <td class="lg-chart-table__count">
                {thousands(row.matched)}
                <span class="lg-chart-table__unit">" answered both"</span>
            </td>
        </tr>
    }
    .into_any()
}

fn plot_view(gain: f64, interval: Option<Interval>, overall: bool, scale: Scale) -> AnyView {
    let zero = scale.x(0.0);
    let whisker = interval.map(|(low, high)| {
        let (low, high) = (scale.x(low), scale.x(high));
        view! {
            <line class="lg-whisker" x1=low.clone() x2=high.clone() y1="15" y2="15" />
            <line class="lg-whisker" x1=low.clone() x2=low y1="10" y2="20" />
            <line class="lg-whisker" x1=high.clone() x2=high y1="10" y2="20" />
        }
    });
    // A nested drawing places a shape of fixed size at a percentage.
    let shape = if overall { "M-8 0 L0 -8 L8 0 L0 8 Z" } else { "M-5 -5 H5 V5 H-5 Z" };
    view! {
        <svg class="lg-plot" width="100%" height="30" aria-hidden="true" focusable="false">
            <line class="lg-grid lg-grid--zero" x1=zero.clone() x2=zero y1="0" y2="30" />
            {whisker}
            <svg class="lg-plot" x=scale.x(gain) y="15">
                <path class="lg-mark-after" d=shape />
            </svg>
        </svg>
    }
    .into_any()
}
