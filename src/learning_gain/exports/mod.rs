//! The shown figures as CSV, XLSX and JSON: what the pages show, and beside it the statistics that experts ask for,
//! as far as they may be shown.

mod beside;
mod line;
mod sheet;

use super::{
    comparison::compare_courses,
    pages::subject_of,
    rules::{Figure, sentence::Subject},
    store::{self, CourseLine, ItemGain, YearLine},
    suppression::line::Hidden,
};
use crate::{
    calendar::rules::{board_year, board_year_text, london_day, london_time},
    entity::course,
    reports::store::is_trainer_of,
    sessions::rules::SessionId,
    web::{
        error::{PageError, PageResult},
        visit::Visit,
    },
};
use axum::extract::Path;
use line::{COLUMNS, figures, give_reason, put_figure};
use serde_json::{Value, json};
use sheet::{Row, Sheet};

pub use beside::beside;

/// What the comparison of all courses adds to a course's row.
const COMPARED: [&str; 11] = [
    "q",
    "funnel_z",
    "outside_95",
    "outside_998",
    "weight",
    "shrunk_mean",
    "all_mean_gain",
    "all_pooled_sd",
    "all_tau2",
    "all_random_effects_mean",
    "all_i2",
];

/// GET /board/courses.csv?year=2020, and as .xlsx and .json
pub async fn courses(visit: Visit) -> PageResult {
    let lines = store::course_lines(year_of(&visit), visit.db()).await?;
    course_sheet(&lines, |_| true).answer(&visit.path)
}

/// GET /board/topics/{topic}/courses.csv?year=2020, and as .xlsx and .json
pub async fn topic_courses(visit: Visit, Path(address): Path<String>) -> PageResult {
    let (_, of_topic) = store::topic_courses(&address, visit.db()).await?.ok_or(PageError::NotFound)?;
    let lines = store::course_lines(year_of(&visit), visit.db()).await?;
    course_sheet(&lines, |line| of_topic.contains(&line.course)).answer(&visit.path)
}

/// GET /board/courses/{slug}/items.csv?year=2020, and as .xlsx and .json
pub async fn items(visit: Visit, Path(slug): Path<String>) -> PageResult {
    let course = store::course_by_slug(&slug, visit.db()).await?.ok_or(PageError::NotFound)?;
    let hidden = store::hidden_courses(year_of(&visit), visit.db()).await?;
    let items = store::course_items(course.id, &hidden, visit.db()).await?;
    let rows = items.iter().map(|item| item_row(&course, item)).collect();
    sheet_of("learning-gain-statements", &["course", "item", "kind", "statement"], &[], rows).answer(&visit.path)
}

/// GET /board/courses/{slug}/sessions.csv?year=2020, and as .xlsx and .json
pub async fn sessions(visit: Visit, Path(slug): Path<String>) -> PageResult {
    let course = store::course_by_slug(&slug, visit.db()).await?.ok_or(PageError::NotFound)?;
    let hidden = store::hidden_courses(year_of(&visit), visit.db()).await?;
    let sessions = store::course_sessions(course.id, &hidden, visit.db()).await?;
    let rows = sessions.into_iter().map(|session| {
        let mut row = figures(&session.line, Subject::Confidence);
        row.insert("course".into(), course.title.clone().into());
        row.insert("starts".into(), london_time(session.session.starts_at).format("%Y-%m-%d %H:%M").to_string().into());
        row
    });
    sheet_of("learning-gain-sessions", &["course", "starts"], &[], rows.collect()).answer(&visit.path)
}

/// GET /board/courses/{slug}/years.csv, and as .xlsx and .json
pub async fn years(visit: Visit, Path(slug): Path<String>) -> PageResult {
    let course = store::course_by_slug(&slug, visit.db()).await?.ok_or(PageError::NotFound)?;
    let years = store::year_lines(&[course.id], visit.db()).await?;
    year_sheet(&course.title, years).answer(&visit.path)
}

/// GET /board/topics/{topic}/years.csv, and as .xlsx and .json: the topic's courses together
pub async fn topic_years(visit: Visit, Path(address): Path<String>) -> PageResult {
    let (topic, courses) = store::topic_courses(&address, visit.db()).await?.ok_or(PageError::NotFound)?;
    let years = store::year_lines(&courses, visit.db()).await?;
    year_sheet(&topic, years).answer(&visit.path)
}

/// GET /board/years.csv, and as .xlsx and .json: all courses together
pub async fn board_years(visit: Visit) -> PageResult {
    year_sheet("All courses", store::board_year_lines(visit.db()).await?).answer(&visit.path)
}

/// GET /board/courses/{slug}/spread.csv?year=2020, and as .xlsx and .json
pub async fn spread(visit: Visit, Path(slug): Path<String>) -> PageResult {
    let course = store::course_by_slug(&slug, visit.db()).await?.ok_or(PageError::NotFound)?;
    let hidden = store::hidden_courses(year_of(&visit), visit.db()).await?;
    let items = store::course_items(course.id, &hidden, visit.db()).await?;
    spread_sheet(&course.title, &items).answer(&visit.path)
}

/// GET /board/topics/{topic}/spread.csv?year=2020, and as .xlsx and .json: the topic's courses together
pub async fn topic_spread(visit: Visit, Path(address): Path<String>) -> PageResult {
    let (topic, courses) = store::topic_courses(&address, visit.db()).await?.ok_or(PageError::NotFound)?;
    let hidden = store::hidden_courses(year_of(&visit), visit.db()).await?;
    let together = store::courses_together(&courses, &hidden, visit.db()).await?;
    spread_sheet(&topic, together.as_slice()).answer(&visit.path)
}

/// GET /training/sessions/{id}/spread.csv, and as .xlsx and .json: for the session's trainers and the office
pub async fn session_spread(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let (course, items) = own_session(&visit, SessionId(id)).await?;
    spread_sheet(&course.title, &items).answer(&visit.path)
}

/// GET /board/learning-points.csv?year=2020, and as .xlsx and .json
pub async fn learning_points(visit: Visit) -> PageResult {
    let points = store::learning_point_gains(year_of(&visit), visit.db()).await?;
    let rows = points.iter().flat_map(|point| {
        point.items.iter().map(|(course, item)| {
            let mut row = item_row(course, item);
            row.insert("learning_point".into(), point.title.clone().into());
            row
        })
    });
    let names = ["learning_point", "course", "item", "kind", "statement"];
    sheet_of("learning-gain-learning-points", &names, &[], rows.collect()).answer(&visit.path)
}

/// GET /board/agency-types.csv?year=2020&topic=…, and as .xlsx and .json
pub async fn agency_types(visit: Visit) -> PageResult {
    let topic = visit.parameter("topic");
    let parts = store::topic_parts(&topic, year_of(&visit), visit.db()).await?;
    let rows = parts.into_iter().map(|part| {
        let mut row = figures(&part.line, Subject::Confidence);
        row.insert("agency_type".into(), part.name.into());
        row.insert("topic".into(), topic.clone().into());
        row
    });
    sheet_of("learning-gain-agency-types", &["agency_type", "topic"], &[], rows.collect()).answer(&visit.path)
}

/// GET /training/sessions/{id}/gain.csv, and as .xlsx and .json: for the session's trainers and the office
pub async fn session(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let (course, items) = own_session(&visit, SessionId(id)).await?;
    let rows = items.iter().map(|item| item_row(&course, item)).collect();
    sheet_of("learning-gain-session", &["course", "item", "kind", "statement"], &[], rows).answer(&visit.path)
}

/// A session's course and items, for whoever may see them.
async fn own_session(visit: &Visit, id: SessionId) -> Result<(course::Model, Vec<ItemGain>), PageError> {
    let (session, course) = store::session_with_course(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let is_theirs = visit.viewer.is_office() || is_trainer_of(visit.person()?.id, id, visit.db()).await?;
    if !is_theirs {
        return Err(PageError::NotFound);
    }
    Ok((course, store::session_items(&session, visit.db()).await?))
}

fn year_of(visit: &Visit) -> i32 {
    visit.parameter("year").parse().unwrap_or_else(|_| board_year(london_day(visit.now)))
}

fn sheet_of(file: &'static str, first: &[&'static str], last: &[&'static str], rows: Vec<Row>) -> Sheet {
    let names = first.iter().copied().chain(COLUMNS).chain(line::further_columns()).chain(last.iter().copied());
    Sheet { file, names: names.collect(), rows }
}

/// One row per board year, oldest first. Gains of two years can be compared where the wording and the scale are the same.
fn year_sheet(about: &str, years: Vec<YearLine>) -> Sheet {
    let rows = years.into_iter().map(|year| {
        let mut row = figures(&year.line, Subject::Confidence);
        row.insert("about".into(), about.into());
        row.insert("board_year".into(), board_year_text(year.board_year).into());
        row.insert("wording".into(), year.item.to_string().into());
        row
    });
    sheet_of("learning-gain-years", &["about", "board_year", "wording"], &[], rows.collect())
}

/// One row per group of neighbouring answers that may be told apart.
fn spread_sheet(about: &str, items: &[ItemGain]) -> Sheet {
    let named = |item: &ItemGain, figures: Vec<(&str, Value)>| -> Row {
        [("about", about.into()), ("item", item.key.clone().into()), ("statement", item.text.clone().into())]
            .into_iter()
            .chain(figures)
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    };
    let rows = items.iter().flat_map(|item| match item.spread() {
        None => {
            let why = item.line.as_ref().err().copied().unwrap_or(Hidden::Protecting);
            vec![named(item, vec![("not_shown_because", json!(why))])]
        }
        Some(groups) => groups
            .into_iter()
            .map(|group| {
                let figures = vec![
                    ("answer_from", json!(group.from)),
                    ("answer_to", json!(group.to)),
                    ("people_before", json!(group.before)),
                    ("people_after", json!(group.after)),
                ];
                named(item, figures)
            })
            .collect(),
    });
    let names = [
        "about",
        "item",
        "statement",
        "answer_from",
        "answer_to",
        "people_before",
        "people_after",
        "not_shown_because",
    ];
    Sheet { file: "learning-gain-answers", names: names.to_vec(), rows: rows.collect() }
}

/// The rows of the wanted courses; the comparison is always with all of the year.
fn course_sheet(lines: &[CourseLine], is_wanted: impl Fn(&CourseLine) -> bool) -> Sheet {
    let compared = compare_courses(lines);
    let all = &compared.comparison;
    let number = |figure: Figure| figure.map(|value| json!(value));
    let yes = |figure: Figure<bool>| figure.map(|value| json!(value));
    let rows = lines.iter().filter(|line| is_wanted(line)).map(|line| {
        let mut row = figures(&line.line, Subject::Confidence);
        row.insert("course".into(), line.title.clone().into());
        row.insert("topic".into(), line.topic.clone().into());
        if line.line.is_err() {
            return row;
        }
        let Some(standing) = compared.standing(line.course) else {
            COMPARED.iter().for_each(|name| give_reason(&mut row, name, "not_compared"));
            put_figure(&mut row, "q", number(compared.q(line.course)));
            return row;
        };
        let values = [
            number(compared.q(line.course)),
            number(standing.funnel_z),
            yes(standing.outside_95),
            yes(standing.outside_998),
            number(standing.weight),
            number(standing.shrunk_mean),
            number(all.grand_mean),
            number(all.pooled_sd),
            number(all.tau2),
            number(all.mu),
            number(all.i2),
        ];
        COMPARED.into_iter().zip(values).for_each(|(name, value)| put_figure(&mut row, name, value));
        row
    });
    let last: Vec<&'static str> = ["topic"].into_iter().chain(COMPARED).collect();
    sheet_of("learning-gain-courses", &["course"], &last, rows.collect())
}

fn item_row(course: &course::Model, item: &ItemGain) -> Row {
    let mut row = figures(&item.line, subject_of(item.kind));
    row.insert("course".into(), course.title.clone().into());
    row.insert("item".into(), item.key.clone().into());
    row.insert("kind".into(), json!(item.kind));
    row.insert("statement".into(), item.text.clone().into());
    row
}
