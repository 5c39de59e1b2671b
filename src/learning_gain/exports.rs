//! The shown figures as CSV and JSON: what the pages show, and no more.

use super::{
    rules::{Figure, IntervalKind, Undefined},
    store::{self, ItemGain},
    suppression::line::{Changes, Hidden, ShownLine},
};
use crate::{
    calendar::rules::{board_year, london_day},
    web::{
        error::{PageError, PageResult},
        visit::Visit,
    },
};
use axum::{extract::Path, http::header, response::IntoResponse};
use serde_json::{Map, Value, json};

const COLUMNS: [&str; 21] = [
    "n_matched",
    "match_rate",
    "mean_before",
    "mean_after",
    "mean_gain",
    "ci95_low",
    "ci95_high",
    "interval_between",
    "sessions",
    "cohen_d_av",
    "improved",
    "same",
    "declined",
    "top_before",
    "room_used",
    "p",
    "p_is_exact",
    "flags",
    "scale_min",
    "scale_max",
    "not_shown_because",
];

/// GET /board/courses.csv?year=2020
pub async fn courses_csv(visit: Visit) -> PageResult {
    csv_of(&courses(&visit).await?, &["course"])
}

/// GET /board/courses.json?year=2020
pub async fn courses_json(visit: Visit) -> PageResult {
    Ok(axum::Json(courses(&visit).await?).into_response())
}

/// GET /board/courses/{slug}/items.csv?year=2020
pub async fn items_csv(visit: Visit, Path(slug): Path<String>) -> PageResult {
    csv_of(&items(&visit, &slug).await?, &["course", "item", "statement"])
}

/// GET /board/courses/{slug}/items.json?year=2020
pub async fn items_json(visit: Visit, Path(slug): Path<String>) -> PageResult {
    Ok(axum::Json(items(&visit, &slug).await?).into_response())
}

fn year_of(visit: &Visit) -> i32 {
    visit.parameter("year").parse().unwrap_or_else(|_| board_year(london_day(visit.now)))
}

async fn courses(visit: &Visit) -> Result<Vec<Map<String, Value>>, PageError> {
    let lines = store::course_lines(year_of(visit), visit.db()).await?;
    Ok(lines
        .into_iter()
        .map(|line| {
            let mut row = figures(&line.line);
            row.insert("course".into(), line.title.into());
            row
        })
        .collect())
}

async fn items(visit: &Visit, slug: &str) -> Result<Vec<Map<String, Value>>, PageError> {
    let course = store::course_by_slug(slug, visit.db()).await?.ok_or(PageError::NotFound)?;
    let items = store::course_items(course.id, year_of(visit), visit.db()).await?;
    Ok(items
        .into_iter()
        .map(|item: ItemGain| {
            let mut row = figures(&item.line);
            row.insert("course".into(), course.title.clone().into());
            row.insert("item".into(), item.key.into());
            row.insert("statement".into(), item.text.into());
            row
        })
        .collect())
}

/// A line's figures by the names of `COLUMNS`; undefined and withheld ones are null.
fn figures(line: &Result<ShownLine, Hidden>) -> Map<String, Value> {
    let mut row: Map<String, Value> = COLUMNS.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
    let line = match line {
        Ok(line) => line,
        Err(hidden) => {
            row.insert("not_shown_because".into(), json!(hidden));
            return row;
        }
    };
    let whole = line.whole();
    let mut put = |name: &str, value: Value| {
        row.insert(name.to_owned(), value);
    };
    let number = |figure: Figure| figure.map_or(Value::Null, |value| json!(value));
    put("n_matched", json!(whole.n));
    put("match_rate", number(whole.match_rate));
    put("mean_before", number(whole.mean_before));
    put("mean_after", number(whole.mean_after));
    put("mean_gain", number(whole.mean_gain));
    put("ci95_low", number(whole.ci95.map(|interval| interval.low)));
    put("ci95_high", number(whole.ci95.map(|interval| interval.high)));
    match whole.interval_kind {
        IntervalKind::Sessions(sessions) => {
            put("interval_between", json!("sessions"));
            put("sessions", json!(sessions));
        }
        IntervalKind::Learners => put("interval_between", json!("learners")),
    }
    put("cohen_d_av", number(whole.d_av));
    if let Changes::All { improved, same, declined } = line.changes {
        put("improved", json!(improved));
        put("same", json!(same));
        put("declined", json!(declined));
    }
    put("top_before", line.top_before().map_or(Value::Null, |share| json!(share)));
    put("room_used", number(whole.room_used));
    put("p", number(whole.p));
    put("p_is_exact", json!(whole.p_is_exact));
    put("flags", json!(whole.flags));
    put("scale_min", json!(whole.scale.min()));
    put("scale_max", json!(whole.scale.max()));
    let undefined: Option<Undefined> = whole.ci95.err();
    put("not_shown_because", undefined.map_or(Value::Null, |reason| json!(reason)));
    row
}

fn csv_of(rows: &[Map<String, Value>], names: &[&str]) -> PageResult {
    let failed = |_| PageError::Failed("the table could not be written".into());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head: Vec<&str> = names.iter().copied().chain(COLUMNS).collect();
    writer.write_record(&head).map_err(failed)?;
    for row in rows {
        let cells = head.iter().map(|name| cell_text(row.get(*name).unwrap_or(&Value::Null)));
        writer.write_record(cells).map_err(failed)?;
    }
    let text = writer.into_inner().map_err(|_| PageError::Failed("the table could not be written".into()))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"learning-gain.csv\""),
    ];
    Ok((headers, text).into_response())
}

/// A cell as text. What a spreadsheet would take for a formula is quoted, so that a title computes nothing.
fn cell_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        Value::String(text) => text.clone(),
        Value::Array(words) => words.iter().map(cell_text).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_never_a_formula() {
        assert_eq!(cell_text(&json!("=HYPERLINK(\"x\")")), "'=HYPERLINK(\"x\")");
        assert_eq!(cell_text(&json!(-0.25)), "-0.25");
        assert_eq!(cell_text(&json!(["ceiling", "few_sessions"])), "ceiling few_sessions");
    }
}
