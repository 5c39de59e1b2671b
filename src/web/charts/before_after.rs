//! Before and after, course by course.

use leptos::prelude::*;

use super::scale::Scale;
use super::{Interval, gain_text, interval_text, mean_text};
use crate::web::components::{slug, thousands};

/// One course, session or statement of a [`BeforeAfterChart`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BeforeAfterRow {
    /// Its name.
    pub name: String,
    /// Its page, or empty.
    pub href: String,
    /// The figures; none while there are not enough answers.
    pub figures: Option<BeforeAfter>,
    /// Said instead of the figures, or below them: "Not enough answers yet".
    pub note: String,
}

/// What a row measures.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BeforeAfter {
    /// Mean before.
    pub before: f64,
    /// Mean after.
    pub after: f64,
    /// Mean of the differences.
    pub gain: f64,
    /// The 95 % interval of the gain, where it can be computed.
    pub interval: Option<Interval>,
    /// How many people answered before and after.
    pub matched: u64,
}

/// A row per course: a ring where people began, a dot where they ended with the
/// interval of the gain beneath, and the gain in figures beside it.
#[component]
pub fn BeforeAfterChart(
    /// What is shown; unique on the page.
    #[prop(into)]
    title: String,
    /// What a row is: "Course", "Session", "Statement".
    #[prop(default = "Course".into(), into)]
    row_label: String,
    /// The rows, in the order to show them.
    rows: Vec<BeforeAfterRow>,
) -> impl IntoView {
    let caption_id = format!("chart-{}", slug(&title));
    let rows: Vec<_> = rows.into_iter().map(row_view).collect();
    view! {
        <table class="lg-chart-table lg-chart-table--before-after" aria-describedby=format!("{caption_id}-key")>
            <caption class="lg-chart__title" id=caption_id.clone()>{title}</caption>
            <thead>
                <tr>
                    <th scope="col" class="lg-chart-table__name">{row_label}</th>
                    <th scope="col" class="lg-chart-table__plot">
                        <span class="lg-chart-key" id=format!("{caption_id}-key")>
                            {ring_key()} "before " {dot_key()} "after, on the scale of 1 to 5 " {whisker_key()} "95% interval of the gain"
                        </span>
                        {axis_view()}
                    </th>
                    <th scope="col" class="lg-chart-table__figures">"Gain"</th>
                    <th scope="col" class="lg-chart-table__count">"Answered both"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn ring_key() -> AnyView {
    view! {
        <svg class="lg-key" width="14" height="14" aria-hidden="true" focusable="false">
            <circle class="lg-mark-before" cx="7" cy="7" r="5" />
        </svg>
    }
    .into_any()
}

fn dot_key() -> AnyView {
    view! {
        <svg class="lg-key" width="16" height="16" aria-hidden="true" focusable="false">
            <circle class="lg-mark-after" cx="8" cy="8" r="7" />
        </svg>
    }
    .into_any()
}

fn whisker_key() -> AnyView {
    view! {
        <svg class="lg-key" width="20" height="14" aria-hidden="true" focusable="false">
            <line class="lg-whisker" x1="2" x2="18" y1="7" y2="7" />
            <line class="lg-whisker" x1="2" x2="2" y1="4" y2="10" />
            <line class="lg-whisker" x1="18" x2="18" y1="4" y2="10" />
        </svg>
    }
    .into_any()
}

fn axis_view() -> AnyView {
    let ticks: Vec<_> = Scale::ANSWERS
        .ticks()
        .into_iter()
        .map(|tick| {
            let text = Scale::ANSWERS.tick_text(tick);
            view! { <text class="lg-axis__text" x=Scale::ANSWERS.x(tick) y="13">{text}</text> }
        })
        .collect();
    view! {
        <svg class="lg-plot lg-plot--axis" width="100%" height="18" aria-hidden="true" focusable="false">
            {ticks}
        </svg>
    }
    .into_any()
}

fn row_view(row: BeforeAfterRow) -> AnyView {
    let name = match row.href.as_str() {
        "" => row.name.into_any(),
        _ => view! { <a class="govuk-link" href=row.href>{row.name}</a> }.into_any(),
    };
    let note = (!row.note.is_empty()).then(|| view! { <span class="lg-chart-table__note">{row.note.clone()}</span> });
    let Some(figures) = row.figures else {
        return view! {
            <tr class="lg-chart-table__empty">
                <th scope="row" class="lg-chart-table__name">{name}</th>
                <td class="lg-chart-table__plot" colspan="3">{note}</td>
            </tr>
        }
        .into_any();
    };
    let interval = figures.interval.map(|interval| {
        view! {
            <span class="lg-chart-table__interval">
                <abbr title="95% confidence interval">"95%"</abbr>" " {interval_text(interval)}
            </span>
        }
    });
    let words = format!("{} before, {} after", mean_text(figures.before), mean_text(figures.after));
    view! {
        <tr>
            <th scope="row" class="lg-chart-table__name">{name}</th>
            <td class="lg-chart-table__plot">
                {plot_view(figures)}
                <span class="lg-chart-table__words">{words}</span>
                {note}
            </td>
            <td class="lg-chart-table__figures">
                <strong class="lg-chart-table__gain">{gain_text(figures.gain)}</strong>
                {interval}
            </td>
            <td class="lg-chart-table__count">
                {thousands(figures.matched)}
                <span class="lg-chart-table__unit">" answered both"</span>
            </td>
        </tr>
    }
    .into_any()
}

fn plot_view(figures: BeforeAfter) -> AnyView {
    let scale = Scale::ANSWERS;
    let grid: Vec<_> = scale
        .ticks()
        .into_iter()
        .map(|tick| {
            let x = scale.x(tick);
            view! { <line class="lg-grid" x1=x.clone() x2=x y1="0" y2="30" /> }
        })
        .collect();
    let (before, after) = (scale.x(figures.before), scale.x(figures.after));
    // Where people may have ended, as far as chance goes: the interval of the gain, laid at where they began.
    let whisker = figures.interval.map(|(low, high)| {
        let (low, high) = (scale.x(figures.before + low), scale.x(figures.before + high));
        view! {
            <line class="lg-whisker" x1=low.clone() x2=high.clone() y1="26" y2="26" />
            <line class="lg-whisker" x1=low.clone() x2=low y1="23" y2="29" />
            <line class="lg-whisker" x1=high.clone() x2=high y1="23" y2="29" />
        }
    });
    let way = if figures.after < figures.before { "lg-rise lg-rise--fall" } else { "lg-rise" };
    view! {
        <svg class="lg-plot" width="100%" height="30" aria-hidden="true" focusable="false">
            {grid}
            <line class=way x1=before.clone() x2=after.clone() y1="15" y2="15" />
            <circle class="lg-mark-before" cx=before cy="15" r="5" />
            <circle class="lg-mark-after" cx=after cy="15" r="7" />
            {whisker}
        </svg>
    }
    .into_any()
}
