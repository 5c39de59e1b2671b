//! How the answers were spread, before and after.

use leptos::prelude::*;

use super::scale::percent;
use super::{SvgText, chart_figure};
use crate::web::components::{Cell, Details, Head, Table, thousands};

/// How many people gave each of the five answers at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerSpread {
    /// When they were asked: "Before", "After".
    pub name: String,
    /// How many answered 1, 2, 3, 4 and 5.
    pub counts: [u64; 5],
}

const BAR_HEIGHT: usize = 36;
const BAR_DISTANCE: usize = 64;

/// A segment narrower than this has no room for its number.
const ROOM_FOR_TEXT: f64 = 9.0;

/// A bar per time, cut into the five answers from the lowest to the highest;
/// higher answers are darker and each segment says its share.
#[component]
pub fn StackedAnswers(
    /// What is shown; unique on the page.
    #[prop(into)]
    title: String,
    /// What the drawing says, in a sentence.
    #[prop(into)]
    description: String,
    /// What the answers 1 to 5 are called.
    labels: [String; 5],
    /// Before and after, in that order.
    spreads: Vec<AnswerSpread>,
) -> impl IntoView {
    let key = key_view(&labels);
    let table = table_view(&title, labels, &spreads);
    let below = view! {
        {key}
        <Details summary="Show these figures as a table">{table}</Details>
    };
    let drawing = |text: SvgText| {
        let height = (spreads.len() * BAR_DISTANCE).to_string();
        let labelled_by = text.labelled_by();
        let bars: Vec<_> = spreads.iter().enumerate().map(bar_view).collect();
        view! {
            <svg class="lg-plot" role="img" aria-labelledby=labelled_by width="100%" height=height>
                {text.view()}
                {bars}
            </svg>
        }
        .into_any()
    };
    chart_figure(&title, &description, drawing, below.into_any())
}

fn bar_view((index, spread): (usize, &AnswerSpread)) -> AnyView {
    let top = index * BAR_DISTANCE;
    let bar_top = top + 22;
    let total: u64 = spread.counts.iter().sum();
    let name = format!("{} ({} people)", spread.name, thousands(total));
    let mut left = 0.0;
    let segments: Vec<_> = shares(spread)
        .into_iter()
        .enumerate()
        .filter(|(_, share)| *share > 0.0)
        .map(|(answer, share)| {
            let view = segment_view(answer, left, share, bar_top);
            left += share;
            view
        })
        .collect();
    view! {
        <text class="lg-axis__name" x="0" y=(top + 15).to_string()>{name}</text>
        {segments}
    }
    .into_any()
}

fn segment_view(answer: usize, left: f64, share: f64, top: usize) -> AnyView {
    let number = answer + 1;
    let text = (share >= ROOM_FOR_TEXT).then(|| {
        view! {
            <text
                class=format!("lg-answer-text lg-answer-text--{number}")
                x=percent(left + share / 2.0)
                y=(top + BAR_HEIGHT / 2 + 5).to_string()
            >
                {format!("{share:.0}%")}
            </text>
        }
    });
    view! {
        <rect
            class=format!("lg-answer lg-answer--{number}")
            x=percent(left)
            y=top.to_string()
            width=percent(share)
            height=BAR_HEIGHT.to_string()
        />
        {text}
    }
    .into_any()
}

fn shares(spread: &AnswerSpread) -> [f64; 5] {
    let total = spread.counts.iter().sum::<u64>().max(1);
    spread.counts.map(|count| count as f64 / total as f64 * 100.0)
}

fn key_view(labels: &[String; 5]) -> AnyView {
    let items: Vec<_> = labels
        .iter()
        .enumerate()
        .map(|(answer, label)| {
            let number = answer + 1;
            view! {
                <li class="lg-chart-key__item">
                    <svg class="lg-key" width="18" height="18" aria-hidden="true" focusable="false">
                        <rect class=format!("lg-answer lg-answer--{number}") x="1" y="1" width="16" height="16" />
                    </svg>
                    {format!("{number} {label}")}
                </li>
            }
        })
        .collect();
    view! { <ul class="lg-chart-key lg-chart-key--list">{items}</ul> }.into_any()
}

fn table_view(title: &str, labels: [String; 5], spreads: &[AnswerSpread]) -> AnyView {
    let mut head = vec![Head::text("Answer")];
    head.extend(spreads.iter().map(|spread| Head::number(&spread.name)));
    let rows = labels
        .into_iter()
        .enumerate()
        .map(|(answer, label)| {
            let mut row = vec![Cell::text(format!("{} {label}", answer + 1))];
            row.extend(spreads.iter().map(|spread| {
                let (count, share) = (spread.counts[answer], shares(spread)[answer]);
                Cell::number(format!("{} ({share:.0}%)", thousands(count)))
            }));
            row
        })
        .collect();
    view! { <Table caption=format!("{title}: figures") head=head rows=rows caption_hidden=true /> }.into_any()
}
