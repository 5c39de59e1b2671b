//! Charts, drawn on the server as SVG without any script.
//!
//! Positions are percentages and sizes are pixels, so a chart fills whatever
//! width it has while its text and dots keep their size: the same markup reads
//! well on a phone, on a wide screen and on paper. Where each row of a chart
//! has its figures beside it, the chart is a table with a drawing in it; every
//! other chart has its table beneath. Colour never carries meaning alone.

mod bars;
mod before_after;
mod forest;
mod funnel;
mod lines;
mod scale;
mod stacked;

pub use bars::*;
pub use before_after::*;
pub use forest::*;
pub use funnel::*;
pub use lines::*;
pub use stacked::*;

use leptos::prelude::*;

use super::components::slug;

/// A lower and an upper bound.
pub type Interval = (f64, f64);

/// A mean to two places: "3.21".
pub fn mean_text(value: f64) -> String {
    minus_sign(format!("{value:.2}"))
}

/// A difference with its sign: "+1.14", "−0.20", "0.00".
pub fn gain_text(value: f64) -> String {
    let text = format!("{value:+.2}");
    match text.as_str() {
        "+0.00" | "-0.00" => "0.00".to_owned(),
        _ => minus_sign(text),
    }
}

/// An interval in words: "0.98 to 1.30".
pub fn interval_text((low, high): Interval) -> String {
    format!("{} to {}", mean_text(low), mean_text(high))
}

fn minus_sign(text: String) -> String {
    match text.as_str() {
        "-0.00" => "0.00".to_owned(),
        _ => text.replace('-', "−"),
    }
}

/// A chart of its own: title, drawing with its description, and what follows.
fn chart_figure(title: &str, description: &str, drawing: impl FnOnce(SvgText) -> AnyView, below: AnyView) -> AnyView {
    let id = format!("chart-{}", slug(title));
    let text = SvgText {
        title_id: format!("{id}-title"),
        description_id: format!("{id}-desc"),
        title: title.to_owned(),
        description: description.to_owned(),
    };
    let drawing = drawing(text);
    view! {
        <figure class="lg-chart">
            <figcaption class="lg-chart__title">{title.to_owned()}</figcaption>
            {drawing}
            {below}
        </figure>
    }
    .into_any()
}

/// The name and description of a drawing, for those who hear it.
struct SvgText {
    title_id: String,
    description_id: String,
    title: String,
    description: String,
}

impl SvgText {
    fn labelled_by(&self) -> String {
        format!("{} {}", self.title_id, self.description_id)
    }

    fn view(self) -> AnyView {
        view! {
            <title id=self.title_id>{self.title}</title>
            <desc id=self.description_id>{self.description}</desc>
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_those_of_print() {
        assert_eq!(gain_text(1.136), "+1.14");
        assert_eq!(gain_text(-0.204), "−0.20");
        assert_eq!(gain_text(-0.001), "0.00");
        assert_eq!(interval_text((-0.3, 0.001)), "−0.30 to 0.00");
    }
}
