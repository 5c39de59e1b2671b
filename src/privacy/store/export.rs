//! Everything that is held about one person, as JSON.

use super::rows::Whose;
use crate::{
    accounts::rules::PersonId,
    entity::{agency, course, session, session_date},
    privacy::rules::{Holds, TABLES},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter,
    sea_query::{Expr, ExprTrait, Func, Query},
};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};

/// Everything that is held about a person: for each table its rows, and how often they are named as who did something.
pub async fn person_export(person: PersonId, db: &impl ConnectionTrait) -> Result<Value, DbErr> {
    let whose = Whose::load(person, db).await?;
    let mut held = Vec::new();
    let mut done = Map::new();
    for table in TABLES {
        if let Holds::PeoplesData(of_people) = table.holds {
            let query = Query::select()
                .columns(of_people.shown.iter().copied())
                .from(table.name)
                .cond_where(whose.rows_of(&of_people))
                .to_owned();
            let rows: Result<Vec<Value>, DbErr> =
                db.query_all(&query).await?.iter().map(|row| Value::from_query_result(row, "")).collect();
            let rows = explained(rows?, db).await?;
            held.push(json!({
                "what": of_people.what, "table": table.name, "kept": of_people.kept, "rows": rows,
            }));
        }
        for column in table.done_by {
            let count = Query::select()
                .expr_as(Func::count(Expr::col(*column)), "times")
                .from(table.name)
                .and_where(Expr::col(*column).eq(person.0))
                .to_owned();
            let row = db.query_one(&count).await?;
            let times: i64 = row.map(|row| row.try_get("", "times")).transpose()?.unwrap_or_default();
            done.insert(format!("{}.{column}", table.name), times.into());
        }
    }
    Ok(json!({
        "held_about_you": held,
        "how_often_you_are_recorded_as_who_did_something": done,
        "not_in_here": "What you answered in questionnaires is stored under a key instead of your name and is shown to nobody under a name, so that it cannot be given out here either. Codes, keys and hashes are left out, and so is what is about other people.",
    }))
}

/// The rows with the names of what their numbers stand for.
async fn explained(mut rows: Vec<Value>, db: &impl ConnectionTrait) -> Result<Vec<Value>, DbErr> {
    let sessions = named(&rows, "session_id");
    if !sessions.is_empty() {
        let found = session::Entity::find().filter(session::Column::Id.is_in(sessions)).all(db).await?;
        let courses: HashMap<i64, i64> = found.iter().map(|row| (row.id.0, row.course_id.0)).collect();
        for row in rows.iter_mut().filter_map(Value::as_object_mut) {
            let course = row.get("session_id").and_then(Value::as_i64).and_then(|id| courses.get(&id));
            row.insert("course_id".to_owned(), json!(course));
        }
        let starts = found.into_iter().map(|row| (row.id.0, row.starts_at.to_rfc3339()));
        replace(&mut rows, "session_id", "session", &starts.collect());
    }
    let dates = named(&rows, "session_date_id");
    if !dates.is_empty() {
        let found = session_date::Entity::find().filter(session_date::Column::Id.is_in(dates)).all(db).await?;
        let starts = found.into_iter().map(|row| (row.id.0, row.starts_at.to_rfc3339()));
        replace(&mut rows, "session_date_id", "session_date", &starts.collect());
    }
    let courses = named(&rows, "course_id");
    if !courses.is_empty() {
        let found = course::Entity::find().filter(course::Column::Id.is_in(courses)).all(db).await?;
        replace(&mut rows, "course_id", "course", &found.into_iter().map(|row| (row.id.0, row.title)).collect());
    }
    let agencies = named(&rows, "agency_id");
    if !agencies.is_empty() {
        let found = agency::Entity::find().filter(agency::Column::Id.is_in(agencies)).all(db).await?;
        replace(&mut rows, "agency_id", "agency", &found.into_iter().map(|row| (row.id.0, row.name)).collect());
    }
    Ok(rows)
}

fn named(rows: &[Value], column: &str) -> BTreeSet<i64> {
    rows.iter().filter_map(|row| row.get(column)?.as_i64()).collect()
}

/// Puts words in the place of numbers; a row without the column stays as it is.
fn replace(rows: &mut [Value], column: &str, name: &str, words: &HashMap<i64, String>) {
    for row in rows.iter_mut().filter_map(Value::as_object_mut) {
        if let Some(id) = row.remove(column) {
            let word = id.as_i64().and_then(|id| words.get(&id).cloned());
            row.insert(name.to_owned(), json!(word));
        }
    }
}
