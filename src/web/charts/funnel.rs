//! Which sessions differ from the others by more than chance.

use leptos::prelude::*;

use super::scale::{Scale, percent};
use super::{Interval, SvgText, chart_figure, gain_text};
use crate::web::components::{Cell, Details, Head, Table, thousands};

/// One session or course.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FunnelPoint {
    /// Its name.
    pub name: String,
    /// Its page, or empty.
    pub href: String,
    /// How many people answered before and after.
    pub matched: u64,
    /// Its gain.
    pub gain: f64,
}

/// Where chance alone would leave a session of this size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FunnelLimit {
    /// The size.
    pub matched: f64,
    /// 95 in 100 would lie in here.
    pub usual: Interval,
    /// 998 in 1,000 would lie in here.
    pub wide: Interval,
}

const HEIGHT: f64 = 280.0;
const TOP: f64 = 22.0;
const FOOT: f64 = 236.0;

/// Gains by size, with the limits of chance around the mean of all.
#[component]
pub fn FunnelPlot(
    /// What is shown; unique on the page.
    #[prop(into)]
    title: String,
    /// What the drawing says, in a sentence.
    #[prop(into)]
    description: String,
    /// What a point is: "Session".
    #[prop(default = "Session".into(), into)]
    row_label: String,
    /// The mean of all.
    mean: f64,
    /// The points.
    points: Vec<FunnelPoint>,
    /// The limits, from the smallest size to the largest.
    limits: Vec<FunnelLimit>,
) -> impl IntoView {
    let table = table_view(&title, row_label, &points);
    let below = view! {
        <p class="lg-chart__note">
            "Solid line: the mean of all. Dashed lines: 95 of 100 would lie between these by chance. "
            "Dotted lines: 998 of 1,000."
        </p>
        <Details summary="Show these figures as a table">{table}</Details>
    };
    let drawing = |text: SvgText| {
        let area = Area::around(&points, &limits, mean);
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
                {area.grid_view()}
                {area.limits_view(&limits)}
                {area.mean_view(mean)}
                {area.points_view(&points)}
                <text class="lg-axis__text" x="50%" y="274">"How many answered both"</text>
            </svg>
        }
        .into_any()
    };
    chart_figure(&title, &description, drawing, below.into_any())
}

/// Sizes from left to right, gains from foot to top.
#[derive(Clone, Copy)]
struct Area {
    sizes: Scale,
    gains: Scale,
}

impl Area {
    fn around(points: &[FunnelPoint], limits: &[FunnelLimit], mean: f64) -> Self {
        let sizes = points.iter().map(|point| point.matched as f64);
        let sizes = sizes.chain(limits.iter().map(|limit| limit.matched));
        let gains = points.iter().map(|point| point.gain);
        let gains = gains.chain(limits.iter().flat_map(|limit| [limit.wide.0, limit.wide.1]));
        Self { sizes: Scale::around(sizes), gains: Scale::around(gains.chain([mean])) }
    }

    fn x(&self, matched: f64) -> String {
        percent(6.0 + 0.9 * self.sizes.at(matched))
    }

    fn y(&self, gain: f64) -> String {
        format!("{:.1}", FOOT - (FOOT - TOP) * self.gains.at(gain) / 100.0)
    }

    fn grid_view(&self) -> AnyView {
        let rows: Vec<_> = self
            .gains
            .ticks()
            .into_iter()
            .map(|tick| {
                let y = self.y(tick);
                let text = self.gains.tick_text(tick);
                view! {
                    <line class="lg-grid" x1="0" x2="100%" y1=y.clone() y2=y.clone() />
                    <text class="lg-axis__text lg-axis__text--start" x="0" y=y dy="-4">{text}</text>
                }
            })
            .collect();
        let columns: Vec<_> = self
            .sizes
            .ticks()
            .into_iter()
            .map(|tick| {
                let text = self.sizes.tick_text(tick);
                view! { <text class="lg-axis__text" x=self.x(tick) y="254">{text}</text> }
            })
            .collect();
        view! { {rows} {columns} }.into_any()
    }

    fn limits_view(&self, limits: &[FunnelLimit]) -> Vec<AnyView> {
        limits
            .windows(2)
            .map(|pair| {
                let (from, to) = (pair[0], pair[1]);
                let side = |class, low: f64, high: f64| {
                    view! {
                        <line
                            class=class
                            x1=self.x(from.matched)
                            x2=self.x(to.matched)
                            y1=self.y(low)
                            y2=self.y(high)
                        />
                    }
                };
                view! {
                    {side("lg-limit", from.usual.0, to.usual.0)}
                    {side("lg-limit", from.usual.1, to.usual.1)}
                    {side("lg-limit lg-limit--wide", from.wide.0, to.wide.0)}
                    {side("lg-limit lg-limit--wide", from.wide.1, to.wide.1)}
                }
                .into_any()
            })
            .collect()
    }

    fn mean_view(&self, mean: f64) -> AnyView {
        let y = self.y(mean);
        view! { <line class="lg-whisker" x1="0" x2="100%" y1=y.clone() y2=y /> }.into_any()
    }

    fn points_view(&self, points: &[FunnelPoint]) -> Vec<AnyView> {
        points
            .iter()
            .map(|point| {
                let (x, y) = (self.x(point.matched as f64), self.y(point.gain));
                view! { <circle class="lg-point" cx=x cy=y r="5" /> }.into_any()
            })
            .collect()
    }
}

fn table_view(title: &str, row_label: String, points: &[FunnelPoint]) -> AnyView {
    let head = vec![Head::text(row_label), Head::number("Answered both"), Head::number("Gain")];
    let rows = points
        .iter()
        .map(|point| {
            let name = match point.href.as_str() {
                "" => Cell::text(&point.name),
                href => Cell::link(href, &point.name),
            };
            vec![name, Cell::number(thousands(point.matched)), Cell::number(gain_text(point.gain))]
        })
        .collect();
    view! { <Table caption=format!("{title}: figures") head=head rows=rows caption_hidden=true /> }.into_any()
}
