//! All courses of a board year side by side: a funnel and a table that can be sorted, never a league table.

use super::item::{data_view, how_link, line_words, words_view};
use crate::{
    calendar::rules::{board_year, board_year_text, london_day},
    courses::rules::slug_of,
    learning_gain::{
        comparison::{Compared, compare_courses},
        rules::{
            courses::{FUNNEL_95, FUNNEL_998},
            funnel_limits,
            sentence::{Subject, comparison_sentence, figure_words, signed_figure_words, standing_words},
        },
        store::{self, CourseLine},
    },
    web::{charts::*, components::*, error::PageResult, form::FormState, page::Page, visit::Visit},
};
use leptos::prelude::*;
use std::cmp::Ordering;

/// What the table can be sorted by: the word in the address and the column's name.
const SORTS: [(&str, &str); 5] =
    [("title", "Course"), ("topic", "Topic"), ("people", "Answered both"), ("before", "Before"), ("gain", "Gain")];
/// How finely the funnel's limits are drawn.
const LIMIT_STEPS: u64 = 40;

/// GET /board/courses?year=2020&topic=…&sort=gain-down
pub async fn courses_page(visit: Visit) -> PageResult {
    let years = store::gain_year_list(visit.db()).await?;
    let this_year = board_year(london_day(visit.now));
    let newest = years.first().copied().unwrap_or(this_year);
    let year = visit.parameter("year").parse().ok().filter(|year| years.contains(year)).unwrap_or(newest);
    let lines = store::course_lines(year, visit.db()).await?;
    let shown = AllCourses {
        year,
        years: if years.is_empty() { vec![this_year] } else { years },
        compared: compare_courses(&lines),
        topics: store::topic_list(visit.db()).await?,
        topic: visit.parameter("topic"),
        sort: visit.parameter("sort"),
        here: visit.address_without(&["sort"]),
        lines,
    };
    let form = FormState::default().with_value("year", year.to_string()).with_value("topic", shown.topic.clone());
    let page = Page::new(format!("All courses in {}", board_year_text(year)))
        .back(format!("/board?year={year}"), format!("Board {}", board_year_text(year)))
        .wide()
        .form(form);
    Ok(visit.page(page, move || body(shown)))
}

struct AllCourses {
    year: i32,
    years: Vec<i32>,
    compared: Compared,
    topics: Vec<String>,
    topic: String,
    sort: String,
    here: String,
    lines: Vec<CourseLine>,
}

fn body(all: AllCourses) -> AnyView {
    let year = all.year;
    let year_choices: Vec<_> =
        all.years.iter().map(|year| Choice::new(year.to_string(), board_year_text(*year))).collect();
    let topic_choices: Vec<_> = all.topics.iter().map(|topic| Choice::new(topic.clone(), topic.clone())).collect();
    let links: Vec<_> = all
        .topics
        .iter()
        .map(|topic| {
            let href = format!("/board/topics/{}?year={year}", slug_of(topic));
            view! { <li><a class="govuk-link" href=href>{topic.clone()}</a></li> }
        })
        .collect();
    let is_filtered = !all.topic.is_empty();
    let heading = view! { <Heading text=format!("All courses in {}", board_year_text(year)) caption="Learning gain"/> };
    let filter = view! {
        <FilterPanel action="/board/courses" summary="Board year and topic" button="Show" active=is_filtered>
            <Select label="Board year" name="year" options=year_choices/>
            <Select label="Topic of the courses in the table" name="topic" options=topic_choices empty="All topics"/>
        </FilterPanel>
    };
    let ways = view! {
        <Heading text="Seen otherwise" level=2 size=Size::M/>
        <ul class="govuk-list">
            <li><a class="govuk-link" href=format!("/board/learning-points?year={year}")>"By learning point from case reviews"</a></li>
            <li><a class="govuk-link" href=format!("/board/agency-types?year={year}")>"By agency type"</a></li>
        </ul>
        <Details summary="By topic"><ul class="govuk-list">{links}</ul></Details>
    };
    if all.lines.iter().all(|line| line.line.is_err()) {
        return view! {
            {heading}
            {filter}
            <EmptyState heading="Not enough answers yet">
                <p class="govuk-body">"A course appears here when five people who attended have answered both before and after it."</p>
            </EmptyState>
            {ways}
            {how_link()}
        }
        .into_any();
    }
    view! {
        {heading}
        {filter}
        <p class="govuk-body"><strong>{comparison_sentence(&all.compared.comparison)}</strong></p>
        <p class="govuk-body">
            "All comparisons use the one statement that every course asks: overall confidence. The order of the table is yours to choose and means nothing more: a course for experienced people has less room to rise."
        </p>
        {funnel_view(&all)}
        {table_view(&all)}
        {ways}
        <Heading text="The data" level=2 size=Size::M/>
        {data_view("/board/courses", &format!("?year={year}"), "All courses")}
        {how_link()}
    }
    .into_any()
}

fn funnel_view(all: &AllCourses) -> AnyView {
    let comparison = &all.compared.comparison;
    let (Ok(mean), Ok(sd)) = (comparison.grand_mean, comparison.pooled_sd) else {
        return view! { <p class="govuk-body">"A funnel needs two courses with answers that differ."</p> }.into_any();
    };
    let points: Vec<FunnelPoint> = all
        .lines
        .iter()
        .filter(|line| all.compared.standing(line.course).is_some())
        .filter_map(|line| {
            let whole = line.line.as_ref().ok()?.whole();
            Some(FunnelPoint {
                name: line.title.clone(),
                href: format!("/board/courses/{}?year={}", line.slug, all.year),
                matched: whole.n,
                gain: whole.mean_gain.ok()?,
            })
        })
        .collect();
    let most = points.iter().map(|point| point.matched).max().unwrap_or(1);
    let least = points.iter().map(|point| point.matched).min().unwrap_or(1);
    // Close together where the limits bend most: at the small end.
    let sizes = (0..=LIMIT_STEPS)
        .map(|step| least as f64 * (most as f64 / least as f64).powf(step as f64 / LIMIT_STEPS as f64));
    let limits: Vec<FunnelLimit> = sizes
        .map(|size| {
            let at = |limit| {
                let limits = funnel_limits(mean, sd, size.round() as u64, limit);
                (limits.low, limits.high)
            };
            FunnelLimit { matched: size.round(), usual: at(FUNNEL_95), wide: at(FUNNEL_998) }
        })
        .collect();
    let description = format!(
        "Each dot is a course: to the right, more people answered; higher up, a larger gain. {}",
        comparison_sentence(comparison)
    );
    let left_out =
        all.lines.iter().filter(|line| line.line.is_ok() && all.compared.standing(line.course).is_none()).count();
    view! {
        {left_out_sentence(left_out).map(|words| view! { <p class="govuk-body">{words}</p> })}
        <FunnelPlot title=format!("Gain and size of the courses in {}", board_year_text(all.year)) description row_label="Course" mean points limits/>
    }
    .into_any()
}

/// Why shown courses are not in the funnel; None where all of them are.
fn left_out_sentence(courses: usize) -> Option<String> {
    let who = match courses {
        0 => return None,
        1 => "1 course asks the statement in another wording or on another scale, so it is".to_owned(),
        _ => format!("{courses} courses ask the statement in another wording or on another scale, so they are"),
    };
    Some(format!("{who} not compared and not in the funnel."))
}

fn table_view(all: &AllCourses) -> AnyView {
    let (column, direction) = sort_of(&all.sort);
    let mut lines: Vec<&CourseLine> =
        all.lines.iter().filter(|line| all.topic.is_empty() || line.topic == all.topic).collect();
    // Sorting is stable, and the lines come by title.
    lines.sort_by(|left, right| {
        // What is not shown stands last, either way.
        let hidden = left.line.is_err().cmp(&right.line.is_err());
        let order = compare_by(column, left, right);
        hidden.then(if direction == Direction::Descending { order.reverse() } else { order })
    });
    let head: Vec<Head> = SORTS
        .into_iter()
        .map(|(word, name)| {
            let is_current = word == column;
            let next = if is_current && direction == Direction::Ascending { "down" } else { "up" };
            let joint = if all.here.contains('?') { '&' } else { '?' };
            let href = format!("{}{joint}sort={word}-{next}", all.here);
            let head = if ["title", "topic"].contains(&word) { Head::text(name) } else { Head::number(name) };
            head.sortable(href, is_current.then_some(direction))
        })
        .chain([Head::number("95% interval"), Head::text("Beside the average of all")])
        .collect();
    let rows: Vec<Vec<Cell>> = lines.iter().map(|line| row_of(all, line)).collect();
    let words = lines.iter().map(|line| (line.title.clone(), line_words(&line.line, Subject::Confidence))).collect();
    view! {
        <Table caption=format!("Courses in {}", board_year_text(all.year)) head rows stacked=true/>
        {words_view("Each course in words", "Each course’s gain in words", "Course", words)}
    }
    .into_any()
}

fn row_of(all: &AllCourses, line: &CourseLine) -> Vec<Cell> {
    let name = Cell::link(format!("/board/courses/{}?year={}", line.slug, all.year), line.title.clone());
    let topic = Cell::text(line.topic.clone());
    match &line.line {
        Err(hidden) => {
            let mut row = vec![name, topic];
            row.extend((0..4).map(|_| Cell::number("–")));
            row.push(Cell::text(hidden.sentence()));
            row
        }
        Ok(shown) => {
            let whole = shown.whole();
            let interval = whole.ci95.map_or_else(|_| "–".to_owned(), |ci| interval_text((ci.low, ci.high)));
            vec![
                name,
                topic,
                Cell::number(thousands(whole.n)),
                Cell::number(figure_words(whole.mean_before)),
                Cell::number(signed_figure_words(whole.mean_gain)),
                Cell::number(interval),
                Cell::text(all.compared.standing(line.course).map_or("Nothing to compare with", standing_words)),
            ]
        }
    }
}

/// The column and direction of a word like "gain-down"; by title when the word names none.
fn sort_of(word: &str) -> (&'static str, Direction) {
    let (column, direction) = word.rsplit_once('-').unwrap_or((word, "up"));
    let column = SORTS.iter().map(|(word, _)| *word).find(|known| *known == column).unwrap_or("title");
    (column, if direction == "down" { Direction::Descending } else { Direction::Ascending })
}

fn compare_by(column: &str, left: &CourseLine, right: &CourseLine) -> Ordering {
    let figure = |line: &CourseLine| {
        let whole = line.line.as_ref().ok()?.whole();
        match column {
            "people" => Some(whole.n as f64),
            "before" => whole.mean_before.ok(),
            _ => whole.mean_gain.ok(),
        }
    };
    match column {
        "title" => left.title.to_lowercase().cmp(&right.title.to_lowercase()),
        "topic" => left.topic.to_lowercase().cmp(&right.topic.to_lowercase()),
        _ => figure(left).unwrap_or(f64::NEG_INFINITY).total_cmp(&figure(right).unwrap_or(f64::NEG_INFINITY)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_words_sort_by_title() {
        assert_eq!(sort_of("gain-down"), ("gain", Direction::Descending));
        assert_eq!(sort_of("people-up"), ("people", Direction::Ascending));
        assert_eq!(sort_of("<b>-down"), ("title", Direction::Descending));
        assert_eq!(sort_of(""), ("title", Direction::Ascending));
    }
}
