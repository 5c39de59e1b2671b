//! Recomputing every kept figure from what it is made of.

mod further;

use super::NOT_ANSWERED;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};
use std::collections::BTreeMap;

/// A kept figure that is not what its parts make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which figure, in words.
    pub what: String,
    /// What is kept.
    pub kept: i64,
    /// What its parts make.
    pub recomputed: i64,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} is kept, {} recomputed", self.what, self.kept, self.recomputed)
    }
}

/// What an answer `a` to an item `i` counts as: a rating as it is, an answer to a question as wrong or right.
const COUNTED: &str =
    "(CASE WHEN i.kind = 'knowledge' THEN CASE WHEN a.value = i.right_answer THEN 1 ELSE 0 END ELSE a.value END)";

#[derive(FromQueryResult)]
struct Count {
    what: String,
    people: i64,
}

/// Recomputes histograms, session sums and the counters of places from answers and bookings, and names every
/// difference; none is the good answer.
pub async fn verify(db: &impl ConnectionTrait) -> Result<Vec<Difference>, DbErr> {
    let pairs = |released: &str| {
        format!(
            "SELECT r.session_id, a.item_id, \
                COALESCE(MAX(CASE WHEN a.wave = 'before' THEN {COUNTED} END), {NOT_ANSWERED}) AS before_value, \
                COALESCE(MAX(CASE WHEN a.wave = 'after' THEN {COUNTED} END), {NOT_ANSWERED}) AS after_value, \
                CASE WHEN COUNT(*) = 2 THEN MAX(CASE WHEN a.wave = 'before' AND r.at_the_door = TRUE THEN 1 ELSE 0 END) ELSE 0 END AS door \
             FROM answers a JOIN responses r ON r.pairing_key = a.pairing_key AND r.wave = a.wave \
             JOIN items i ON i.id = a.item_id \
             WHERE a.{released} = TRUE AND a.wave IN ('before', 'after') AND i.kind IN ('core', 'confidence', 'knowledge') \
             GROUP BY a.pairing_key, a.item_id, r.session_id"
        )
    };
    // The board year of a session, from the London day of its start: it turns at 31 March 23:00 UTC in summer time.
    let year = "CASE WHEN CAST(strftime('%m', s.starts_at, '+1 hour') AS INTEGER) >= 4 \
        THEN CAST(strftime('%Y', s.starts_at, '+1 hour') AS INTEGER) \
        ELSE CAST(strftime('%Y', s.starts_at, '+1 hour') AS INTEGER) - 1 END";
    let year = match db.get_database_backend() {
        sea_orm::DatabaseBackend::Sqlite => year.to_owned(),
        _ => "CAST(EXTRACT(YEAR FROM (s.starts_at AT TIME ZONE 'Europe/London') - INTERVAL '3 months') AS INTEGER)"
            .to_owned(),
    };
    let cell = "'item ' || p.item_id || ', ' || p.before_value || ' before and ' || p.after_value || ' after'";
    let kept_cell = "'item ' || item_id || ', ' || before || ' before and ' || after || ' after'";
    let mut differences = Vec::new();
    for (kept, recomputed) in [
        (
            format!("SELECT 'session ' || session_id || ', ' || {kept_cell} AS what, people FROM session_cells"),
            format!(
                "SELECT 'session ' || p.session_id || ', ' || {cell} AS what, COUNT(*) AS people FROM ({}) p \
                 GROUP BY p.session_id, p.item_id, p.before_value, p.after_value",
                pairs("session_released")
            ),
        ),
        (
            format!(
                "SELECT 'course ' || course_id || ' in ' || board_year || ', door ' || CASE WHEN at_the_door = TRUE THEN 1 ELSE 0 END || ', ' || {kept_cell} AS what, people FROM course_cells"
            ),
            format!(
                "SELECT 'course ' || s.course_id || ' in ' || {year} || ', door ' || p.door || ', ' || {cell} AS what, COUNT(*) AS people \
                 FROM ({}) p JOIN sessions s ON s.id = p.session_id \
                 GROUP BY s.course_id, {year}, p.door, p.item_id, p.before_value, p.after_value",
                pairs("course_released")
            ),
        ),
        sums("people", "COUNT(*)", &pairs("session_released")),
        sums("sum_gain", "SUM(p.after_value - p.before_value)", &pairs("session_released")),
        sums(
            "sum_gain_squared",
            "SUM((p.after_value - p.before_value) * (p.after_value - p.before_value))",
            &pairs("session_released"),
        ),
        telling_courses(&pairs("course_released"), &year),
        telling_sessions(&pairs("session_released")),
        counters("held", "'requested', 'offered', 'booked'"),
        counters("waiting", "'waitlisted'"),
    ]
    .into_iter()
    .chain(further::figures(&year))
    {
        compare(&kept, &recomputed, &mut differences, db).await?;
    }
    Ok(differences)
}

fn sums(column: &str, expression: &str, pairs: &str) -> (String, String) {
    let name =
        |prefix: &str| format!("'session ' || {prefix}session_id || ', item ' || {prefix}item_id || ', {column}'");
    (
        format!("SELECT {} AS what, {column} AS people FROM course_session_sums", name("")),
        format!(
            "SELECT {} AS what, CAST({expression} AS BIGINT) AS people FROM ({pairs}) p \
             WHERE p.before_value <> {NOT_ANSWERED} AND p.after_value <> {NOT_ANSWERED} GROUP BY p.session_id, p.item_id",
            name("p.")
        ),
    )
}

/// What is noted of a session or an agency type, as a number.
const TELLS: &str = "(CASE WHEN tells = TRUE THEN 1 ELSE 0 END)";

/// Whether answers before and after to an item `i` tell by themselves what each person answered. As
/// [`line`](crate::learning_gain::suppression::line) decides it, in other words: all alike before, after or in how far
/// they moved; or, from an end of the scale, one point away in all, and of two answers up to four.
fn tells_by_itself(before: &str, after: &str) -> String {
    let low = "(CASE WHEN i.kind = 'knowledge' THEN 0 ELSE i.scale_min END)";
    let high = "(CASE WHEN i.kind = 'knowledge' THEN 1 ELSE i.scale_max END)";
    let few = format!("MAX(CASE WHEN {high} - {low} = 1 THEN 4 ELSE 1 END)");
    let of_answers = [before, after].map(|answer| {
        format!(
            "MIN({answer}) = MAX({answer}) OR SUM({answer} - {low}) <= {few} OR SUM({high} - {answer}) <= {few} OR "
        )
    });
    format!("COUNT(*) >= 5 AND ({}MIN({after} - {before}) = MAX({after} - {before}))", of_answers.concat())
}

/// Each cell of those at the door says so, or none; and so those of the others.
fn telling_courses(pairs: &str, year: &str) -> (String, String) {
    (
        format!(
            "SELECT 'course ' || course_id || ' in ' || board_year || ', door ' || CASE WHEN at_the_door = TRUE THEN 1 ELSE 0 END \
                || ', item ' || item_id || ', tells' AS what, CAST(MIN({TELLS}) + MAX({TELLS}) AS BIGINT) AS people \
             FROM course_cells GROUP BY course_id, board_year, at_the_door, item_id"
        ),
        format!(
            "SELECT 'course ' || s.course_id || ' in ' || {year} || ', door ' || p.door || ', item ' || p.item_id || ', tells' AS what, \
                CAST(2 AS BIGINT) AS people \
             FROM ({pairs}) p JOIN sessions s ON s.id = p.session_id JOIN items i ON i.id = p.item_id AND i.kind = 'core' \
             WHERE p.before_value <> {NOT_ANSWERED} AND p.after_value <> {NOT_ANSWERED} \
             GROUP BY s.course_id, {year}, p.door, p.item_id HAVING {}",
            tells_by_itself("p.before_value", "p.after_value")
        ),
    )
}

fn telling_sessions(pairs: &str) -> (String, String) {
    let name = |prefix: &str| format!("'session ' || {prefix}session_id || ', item ' || {prefix}item_id || ', tells'");
    (
        format!("SELECT {} AS what, CAST({TELLS} AS BIGINT) AS people FROM course_session_sums", name("")),
        format!(
            "SELECT {} AS what, CAST(1 AS BIGINT) AS people FROM ({pairs}) p JOIN items i ON i.id = p.item_id \
             WHERE p.before_value <> {NOT_ANSWERED} AND p.after_value <> {NOT_ANSWERED} \
             GROUP BY p.session_id, p.item_id HAVING {}",
            name("p."),
            tells_by_itself("p.before_value", "p.after_value")
        ),
    )
}

/// A session's counters; who walked in took no booked place.
fn counters(column: &str, states: &str) -> (String, String) {
    (
        format!(
            "SELECT 'session ' || id || ', places {column}' AS what, CAST({column} AS BIGINT) AS people FROM sessions"
        ),
        format!(
            "SELECT 'session ' || session_id || ', places {column}' AS what, COUNT(*) AS people FROM bookings \
             WHERE state IN ({states}) AND walk_in = FALSE GROUP BY session_id"
        ),
    )
}

async fn compare(
    kept: &str,
    recomputed: &str,
    differences: &mut Vec<Difference>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let mut figures: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    let backend = db.get_database_backend();
    for row in Count::find_by_statement(Statement::from_string(backend, kept)).all(db).await? {
        figures.entry(row.what).or_default().0 += row.people;
    }
    for row in Count::find_by_statement(Statement::from_string(backend, recomputed)).all(db).await? {
        figures.entry(row.what).or_default().1 += row.people;
    }
    // A figure of nothing says the same as none.
    let wrong = figures.into_iter().filter(|(_, (kept, recomputed))| kept != recomputed);
    differences.extend(wrong.map(|(what, (kept, recomputed))| Difference { what, kept, recomputed }));
    Ok(())
}
