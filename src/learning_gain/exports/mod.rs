//! The shown figures as CSV, XLSX and JSON: what the pages show, and beside it the statistics that experts ask for,
//! as far as they may be shown.

mod line;
mod sheet;

use super::{
    comparison::compare_courses,
    pages::subject_of,
    rules::{
        Figure,
        sentence::{Subject, managers_sentence},
    },
    store::{self, CourseLine, ItemGain, MaybeLine},
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
use line::{COLUMNS, figures};
use serde_json::{Value, json};
use sheet::{Row, Sheet};

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
    sheet("learning-gain-statements", &["course", "item", "kind", "statement"], &[], rows).answer(&visit.path)
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
    sheet("learning-gain-sessions", &["course", "starts"], &[], rows.collect()).answer(&visit.path)
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
    sheet("learning-gain-learning-points", &names, &[], rows.collect()).answer(&visit.path)
}

/// GET /board/courses/{slug}/beside.csv?year=2020, and as .xlsx and .json: the composite, the gain without answers at
/// the door, looking back, three months later, the manager's view and agency types
pub async fn beside(visit: Visit, Path(slug): Path<String>) -> PageResult {
    let course = store::course_by_slug(&slug, visit.db()).await?.ok_or(PageError::NotFound)?;
    let year = year_of(&visit);
    let hidden = store::hidden_courses(year, visit.db()).await?;
    let items = store::course_items(course.id, &hidden, visit.db()).await?;
    let beside = store::course_beside(course.id, year, &items, visit.db()).await?;
    let parts = store::part_gains(Some(&[course.id]), &hidden, visit.db()).await?;
    let named = |mut row: Row, what: &str, about: &str| {
        row.insert("course".into(), course.title.clone().into());
        row.insert("what".into(), what.into());
        row.insert("about".into(), about.into());
        row
    };
    let row_of = |what: &str, about: &str, line: &MaybeLine, subject: Subject| {
        let mut row = named(figures(line, subject), what, about);
        // Only people with both answers are known here.
        for name in ["match_rate", "unmatched_n_pre_only", "unmatched_n_post_only"] {
            row.remove(name);
        }
        row
    };
    let mut rows = Vec::new();
    if let Some(composite) = &beside.composite {
        let about = format!("{} statements", composite.statements);
        let mut row = row_of("composite", &about, &composite.line, Subject::Confidence);
        if let Some((before, after)) = composite.alpha {
            let alpha = |figure: Figure| figure.map_or(Value::Null, |value| json!(value));
            row.insert("alpha_before".into(), alpha(before));
            row.insert("alpha_after".into(), alpha(after));
        }
        rows.push(row);
    }
    rows.extend(
        beside.without_door.iter().map(|(line, _)| row_of("without_the_door", "core", line, Subject::Confidence)),
    );
    for (what, list) in [("looking_back", &beside.looking_back), ("three_months_later", &beside.follow_up)] {
        rows.extend(list.iter().map(|item| row_of(what, &item.text, &item.line, subject_of(item.kind))));
    }
    rows.extend(beside.managers.iter().map(|view| {
        let mut row = named(Row::new(), "managers", &view.text);
        match view.mean {
            Ok(mean) => {
                row.insert("n_matched".into(), json!(view.managers));
                row.insert("mean_after".into(), json!(mean));
                // The interval of that mean: managers have no gain.
                if let Ok(interval) = view.ci95 {
                    row.insert("mean_after_ci95_low".into(), json!(interval.low));
                    row.insert("mean_after_ci95_high".into(), json!(interval.high));
                }
                let words = managers_sentence(view.managers, mean, view.ci95, view.scale);
                row.insert("in_words".into(), words.into());
            }
            Err(hidden) => {
                row.insert("not_shown_because".into(), json!(hidden));
            }
        }
        row
    }));
    rows.extend(parts.iter().map(|part| row_of("agency_type", &part.name, &part.line, Subject::Confidence)));
    let names = ["course", "what", "about"];
    let last = ["alpha_before", "alpha_after", "mean_after_ci95_low", "mean_after_ci95_high"];
    sheet("learning-gain-beside", &names, &last, rows).answer(&visit.path)
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
    sheet("learning-gain-agency-types", &["agency_type", "topic"], &[], rows.collect()).answer(&visit.path)
}

/// GET /training/sessions/{id}/gain.csv, and as .xlsx and .json: for the session's trainers and the office
pub async fn session(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let (course, items) = own_session(&visit, SessionId(id)).await?;
    let rows = items.iter().map(|item| item_row(&course, item)).collect();
    sheet("learning-gain-session", &["course", "item", "kind", "statement"], &[], rows).answer(&visit.path)
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

fn sheet(file: &'static str, first: &[&'static str], last: &[&'static str], rows: Vec<Row>) -> Sheet {
    let names = first.iter().copied().chain(COLUMNS).chain(line::further_columns()).chain(last.iter().copied());
    Sheet { file, names: names.collect(), rows }
}

/// One row per board year, oldest first.
fn year_sheet(about: &str, years: Vec<(i32, MaybeLine)>) -> Sheet {
    let rows = years.into_iter().map(|(year, line)| {
        let mut row = figures(&line, Subject::Confidence);
        row.insert("about".into(), about.into());
        row.insert("board_year".into(), board_year_text(year).into());
        row
    });
    sheet("learning-gain-years", &["about", "board_year"], &[], rows.collect())
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
    let number = |figure: Figure| figure.map_or(Value::Null, |value| json!(value));
    let yes = |figure: Figure<bool>| figure.map_or(Value::Null, |value| json!(value));
    let rows = lines.iter().filter(|line| is_wanted(line)).map(|line| {
        let mut row = figures(&line.line, Subject::Confidence);
        row.insert("course".into(), line.title.clone().into());
        row.insert("topic".into(), line.topic.clone().into());
        if let Some(standing) = compared.standing(line.course) {
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
            row.extend(COMPARED.map(str::to_owned).into_iter().zip(values));
        }
        row
    });
    let last: Vec<&'static str> = ["topic"].into_iter().chain(COMPARED).collect();
    sheet("learning-gain-courses", &["course"], &last, rows.collect())
}

fn item_row(course: &course::Model, item: &ItemGain) -> Row {
    let mut row = figures(&item.line, subject_of(item.kind));
    row.insert("course".into(), course.title.clone().into());
    row.insert("item".into(), item.key.clone().into());
    row.insert("kind".into(), json!(item.kind));
    row.insert("statement".into(), item.text.clone().into());
    row
}
