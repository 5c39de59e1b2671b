//! Tables that stay readable on a phone.

use leptos::prelude::*;

use super::{classes, slug};

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest or earliest first.
    Ascending,
    /// Largest or latest first.
    Descending,
}

/// The heading of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    text: String,
    numeric: bool,
    hidden: bool,
    sort: Option<Sort>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Sort {
    href: String,
    direction: Option<Direction>,
}

impl Head {
    /// A column of words.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), numeric: false, hidden: false, sort: None }
    }

    /// A column of numbers, set to the right.
    pub fn number(text: impl Into<String>) -> Self {
        Self { numeric: true, ..Self::text(text) }
    }

    /// A column whose heading is only read out, such as "Actions".
    pub fn hidden(text: impl Into<String>) -> Self {
        Self { hidden: true, ..Self::text(text) }
    }

    /// Makes the heading a link that sorts: `href` is the page sorted by this
    /// column the next way round, `direction` how it is sorted by it now.
    pub fn sortable(mut self, href: impl Into<String>, direction: Option<Direction>) -> Self {
        self.sort = Some(Sort { href: href.into(), direction });
        self
    }
}

/// One cell of a table.
pub struct Cell {
    content: AnyView,
    numeric: bool,
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self { content: text.into().into_any(), numeric: false }
    }

    /// A number, set to the right.
    pub fn number(number: impl ToString) -> Self {
        Self { content: number.to_string().into_any(), numeric: true }
    }

    /// A link.
    pub fn link(href: impl Into<String>, text: impl Into<String>) -> Self {
        let (href, text): (String, String) = (href.into(), text.into());
        Self::view(view! { <a class="govuk-link" href=href>{text}</a> })
    }

    /// Anything else: a tag, a button, several lines.
    pub fn view(content: impl IntoAny) -> Self {
        Self { content: content.into_any(), numeric: false }
    }
}

/// A table. Its first column names the rows. On a narrow screen it scrolls
/// sideways by itself, or with `stacked` each row becomes a card.
#[component]
pub fn Table(
    /// What the table shows; unique on the page.
    #[prop(into)]
    caption: String,
    /// The caption is only read out, because a heading above says the same.
    #[prop(optional)]
    caption_hidden: bool,
    /// The columns.
    head: Vec<Head>,
    /// The rows, each with as many cells as there are columns.
    rows: Vec<Vec<Cell>>,
    /// Rows of totals at the end.
    #[prop(optional)]
    foot: Vec<Vec<Cell>>,
    /// On a phone each row becomes a card with the columns' names in it.
    #[prop(optional)]
    stacked: bool,
) -> impl IntoView {
    let caption_id = format!("table-{}", slug(&caption));
    let caption_class =
        classes("govuk-table__caption govuk-table__caption--m", &[("govuk-visually-hidden", caption_hidden)]);
    let labels: Vec<String> = head.iter().map(|column| column.text.clone()).collect();
    let labels = if stacked { labels } else { Vec::new() };
    let head: Vec<_> = head.into_iter().map(head_view).collect();
    let row_views =
        |rows: Vec<Vec<Cell>>| -> Vec<AnyView> { rows.into_iter().map(|row| row_view(row, &labels)).collect() };
    let body = row_views(rows);
    let foot = (!foot.is_empty()).then(|| view! { <tfoot class="lg-table__foot">{row_views(foot)}</tfoot> });
    let table = view! {
        <table class=classes("govuk-table", &[("lg-table--stacked", stacked)])>
            <caption class=caption_class id=caption_id.clone()>{caption}</caption>
            <thead class="govuk-table__head"><tr class="govuk-table__row">{head}</tr></thead>
            <tbody class="govuk-table__body">{body}</tbody>
            {foot}
        </table>
    };
    if stacked {
        return table.into_any();
    }
    // Focusable, so that the keyboard can scroll it.
    view! {
        <section class="lg-table-scroll" tabindex="0" aria-labelledby=caption_id>{table}</section>
    }
    .into_any()
}

fn head_view(column: Head) -> AnyView {
    let class = classes("govuk-table__header", &[("govuk-table__header--numeric", column.numeric)]);
    let Some(sort) = column.sort else {
        let text = if column.hidden {
            view! { <span class="govuk-visually-hidden">{column.text}</span> }.into_any()
        } else {
            column.text.into_any()
        };
        return view! { <th scope="col" class=class>{text}</th> }.into_any();
    };
    let (state, arrow) = match sort.direction {
        None => ("none", "lg-sort"),
        Some(Direction::Ascending) => ("ascending", "lg-sort lg-sort--up"),
        Some(Direction::Descending) => ("descending", "lg-sort lg-sort--down"),
    };
    view! {
        <th scope="col" class=class aria-sort=state>
            <a class=arrow href=sort.href>{column.text}</a>
        </th>
    }
    .into_any()
}

fn row_view(row: Vec<Cell>, labels: &[String]) -> AnyView {
    let cells: Vec<_> = row
        .into_iter()
        .enumerate()
        .map(|(column, cell)| {
            if column == 0 {
                return view! {
                    <th scope="row" class="govuk-table__header">{cell.content}</th>
                }
                .into_any();
            }
            let class = classes("govuk-table__cell", &[("govuk-table__cell--numeric", cell.numeric)]);
            // Repeats the heading, which a screen reader says anyway.
            let label = labels.get(column).cloned().map(|label| {
                view! {
                    <span class="lg-table__label" aria-hidden="true">{label}</span>
                }
            });
            view! { <td class=class>{label}<div class="lg-table__value">{cell.content}</div></td> }.into_any()
        })
        .collect();
    view! { <tr class="govuk-table__row">{cells}</tr> }.into_any()
}
