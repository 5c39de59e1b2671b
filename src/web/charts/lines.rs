//! One measure, board year by board year.

use leptos::prelude::*;

use super::scale::{Scale, percent};
use super::{SvgText, chart_figure};
use crate::web::components::{Cell, Head, Table};

/// The value of one year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct YearValue {
    /// "2020/21"
    pub year: String,
    /// The value; none where the year has none, which leaves a gap.
    pub value: Option<f64>,
    /// The value in words: "93.1% (269 of 289)"; also for a missing one.
    pub text: String,
    /// Whether it cannot be compared with the year before, which leaves them unconnected.
    pub begins_anew: bool,
}

const HEIGHT: f64 = 200.0;
const TOP: f64 = 28.0;
const FOOT: f64 = 172.0;

/// A line through the years, each point with its value in words beneath.
#[component]
pub fn LineByYear(
    /// What is shown; unique on the page.
    #[prop(into)]
    title: String,
    /// What the drawing says, in a sentence.
    #[prop(into)]
    description: String,
    /// What is measured: "Attendance".
    #[prop(into)]
    value_label: String,
    /// The years, earliest first.
    years: Vec<YearValue>,
) -> impl IntoView {
    let table = table_view(&title, value_label, &years);
    let drawing = |text: SvgText| {
        let scale = Scale::around(years.iter().filter_map(|year| year.value));
        let labelled_by = text.labelled_by();
        view! {
            <svg
                class="lg-plot"
                role="img"
                aria-labelledby=labelled_by
                width="100%"
                height=HEIGHT.to_string()
            >
                {text.view()}
                {grid_view(scale)}
                {segments_view(&years, scale)}
                {points_view(&years, scale)}
            </svg>
        }
        .into_any()
    };
    chart_figure(&title, &description, drawing, table)
}

/// Years stand in the middle of equal columns.
fn column(index: usize, count: usize) -> f64 {
    let width = 100.0 / count.max(1) as f64;
    width * (index as f64 + 0.5)
}

fn height_of(value: f64, scale: Scale) -> String {
    let y = FOOT - (FOOT - TOP) * scale.at(value) / 100.0;
    format!("{y:.1}")
}

fn grid_view(scale: Scale) -> Vec<AnyView> {
    scale
        .ticks()
        .into_iter()
        .map(|tick| {
            let y = height_of(tick, scale);
            let text = scale.tick_text(tick);
            view! {
                <line class="lg-grid" x1="0" x2="100%" y1=y.clone() y2=y.clone() />
                <text class="lg-axis__text lg-axis__text--start" x="0" y=y dy="-4">{text}</text>
            }
            .into_any()
        })
        .collect()
}

fn segments_view(years: &[YearValue], scale: Scale) -> Vec<AnyView> {
    let ends = years.windows(2).enumerate();
    ends.filter_map(|(index, pair)| {
        if pair[1].begins_anew {
            return None;
        }
        let (from, to) = (pair[0].value?, pair[1].value?);
        let view = view! {
            <line
                class="lg-line"
                x1=percent(column(index, years.len()))
                x2=percent(column(index + 1, years.len()))
                y1=height_of(from, scale)
                y2=height_of(to, scale)
            />
        };
        Some(view.into_any())
    })
    .collect()
}

fn points_view(years: &[YearValue], scale: Scale) -> Vec<AnyView> {
    years
        .iter()
        .enumerate()
        .map(|(index, year)| {
            let x = percent(column(index, years.len()));
            let point = year.value.map(|value| {
                view! {
                    <circle class="lg-mark-after" cx=x.clone() cy=height_of(value, scale) r="6" />
                }
            });
            view! {
                {point}
                <text class="lg-axis__text" x=x.clone() y="192">{year.year.clone()}</text>
            }
            .into_any()
        })
        .collect()
}

fn table_view(title: &str, value_label: String, years: &[YearValue]) -> AnyView {
    let head = vec![Head::text("Board year"), Head::number(value_label)];
    let rows = years.iter().map(|year| vec![Cell::text(&year.year), Cell::number(&year.text)]).collect();
    view! { <Table caption=format!("{title}: figures") head=head rows=rows caption_hidden=true /> }.into_any()
}
