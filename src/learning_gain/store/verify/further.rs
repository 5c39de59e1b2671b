//! The figures beside the histograms: composites, Cronbach's alpha, agency types, looking back, three months later
//! and the manager's view, each as what is kept and what its parts make.

use super::{COUNTED, NOT_ANSWERED, TELLS, tells_by_itself};

/// Statements for what is kept and for what it is made of, in pairs. `year` makes the board year of a session `s`.
pub(super) fn figures(year: &str) -> Vec<(String, String)> {
    let mut figures = composites();
    figures.extend(alphas());
    figures.extend([parts(), telling_parts()]);
    figures.extend([looking_back(), follow_up(), managers(year)]);
    figures.extend(by_session("looking_back", LOOKED_BACK));
    figures.extend(by_session("at_the_door", AT_THE_DOOR));
    figures
}

/// Answers `a` to looking-back items and `b` to what they look back on, of released people `p`.
const LOOKED_BACK: &str = "released_pairs p \
    JOIN answers a ON a.pairing_key = p.pairing_key AND a.wave = 'after' \
    JOIN items i ON i.id = a.item_id AND i.kind = 'looking_back' \
    JOIN answers b ON b.pairing_key = p.pairing_key AND b.wave = 'after' AND b.item_id = i.looks_back_on \
    WHERE p.complete = TRUE";

/// The core statement before `a` and after `b` of released people `p` who first answered it at the door.
const AT_THE_DOOR: &str = "released_pairs p \
    JOIN answers a ON a.pairing_key = p.pairing_key AND a.wave = 'before' \
    JOIN items i ON i.id = a.item_id AND i.kind = 'core' \
    JOIN answers b ON b.pairing_key = p.pairing_key AND b.wave = 'after' AND b.item_id = a.item_id \
    WHERE p.at_the_door = TRUE";

/// What an interval between sessions needs of a comparison, from each session's own batches.
fn by_session(comparison: &str, pairs: &str) -> Vec<(String, String)> {
    [
        ("people", "COUNT(*)"),
        ("sum_gain", "SUM(b.value - a.value)"),
        ("sum_gain_squared", "SUM((b.value - a.value) * (b.value - a.value))"),
    ]
    .map(|(column, made)| {
        let what = |session: &str, item: &str| {
            format!("'{comparison} of session ' || {session}session_id || ', item ' || {item}item_id || ', {column}'")
        };
        (
            format!(
                "SELECT {} AS what, {column} AS people FROM comparison_session_sums WHERE comparison = '{comparison}'",
                what("", "")
            ),
            format!(
                "SELECT {} AS what, CAST({made} AS BIGINT) AS people FROM {pairs} AND a.session_released = TRUE \
                 GROUP BY p.session_id, a.item_id",
                what("p.", "a.")
            ),
        )
    })
    .into()
}

/// "course 3 in 2020, " of the columns with this prefix.
fn place(prefix: &str) -> String {
    format!("'course ' || {prefix}course_id || ' in ' || {prefix}board_year || ', '")
}

/// Totals of everybody who answered everything both times.
fn composites() -> Vec<(String, String)> {
    let totals_of = |who: &str| {
        format!(
            "SELECT p.course_id, p.board_year, p.session_id, i.instrument_id, \
            CASE WHEN p.at_the_door = TRUE THEN 1 ELSE 0 END AS door, \
            CAST(SUM(CASE WHEN a.wave = 'before' THEN {COUNTED} ELSE 0 END) AS BIGINT) AS earlier, \
            CAST(SUM(CASE WHEN a.wave = 'after' THEN {COUNTED} ELSE 0 END) AS BIGINT) AS later \
         FROM released_pairs p JOIN answers a ON a.pairing_key = p.pairing_key JOIN items i ON i.id = a.item_id \
         WHERE p.complete = TRUE{who} AND a.wave IN ('before', 'after') AND i.kind IN ('core', 'confidence') \
         GROUP BY p.pairing_key, p.course_id, p.board_year, p.session_id, i.instrument_id, p.at_the_door"
        )
    };
    let totals = totals_of("");
    // Of a session's own batches only.
    let own = totals_of(" AND a.session_released = TRUE");
    let cells = (
        format!(
            "SELECT 'composite of ' || {} || 'instrument ' || instrument_id || ', door ' \
                || CASE WHEN at_the_door = TRUE THEN 1 ELSE 0 END || ', ' || before || ' before and ' || after || ' after' AS what, people \
             FROM composite_cells",
            place("")
        ),
        format!(
            "SELECT 'composite of ' || {} || 'instrument ' || t.instrument_id || ', door ' || t.door || ', ' || t.earlier || ' before and ' || t.later || ' after' AS what, \
                COUNT(*) AS people FROM ({totals}) t \
             GROUP BY t.course_id, t.board_year, t.instrument_id, t.door, t.earlier, t.later",
            place("t.")
        ),
    );
    let sums = [
        ("people", "COUNT(*)"),
        ("sum_gain", "SUM(t.later - t.earlier)"),
        ("sum_gain_squared", "SUM((t.later - t.earlier) * (t.later - t.earlier))"),
    ]
    .map(|(column, made)| {
        let what = |prefix: &str| {
            format!("'composite of session ' || {prefix}session_id || ', instrument ' || {prefix}instrument_id || ', {column}'")
        };
        (
            format!("SELECT {} AS what, {column} AS people FROM composite_session_sums", what("")),
            format!(
                "SELECT {} AS what, CAST({made} AS BIGINT) AS people FROM ({own}) t \
                 GROUP BY t.session_id, t.instrument_id",
                what("t.")
            ),
        )
    });
    [cells].into_iter().chain(sums).collect()
}

fn alphas() -> Vec<(String, String)> {
    [("people", "COUNT(*)"), ("total", "SUM(a.value)"), ("squares", "SUM(a.value * a.value)")]
        .map(|(column, made)| {
            (
                format!(
                    "SELECT 'alpha of ' || {} || wave || ', item ' || item_id || ', {column}' AS what, {column} AS people FROM alpha_sums",
                    place("")
                ),
                format!(
                    "SELECT 'alpha of ' || {} || a.wave || ', item ' || a.item_id || ', {column}' AS what, CAST({made} AS BIGINT) AS people \
                     FROM released_pairs p JOIN answers a ON a.pairing_key = p.pairing_key JOIN items i ON i.id = a.item_id \
                     WHERE p.complete = TRUE AND a.wave IN ('before', 'after') AND i.kind IN ('core', 'confidence') \
                     GROUP BY p.course_id, p.board_year, a.wave, a.item_id",
                    place("p.")
                ),
            )
        })
        .into()
}

/// The core statement `i` before `a` and after `b` of released people `p` who are counted by agency type.
const CORE_BY_PART: &str = "FROM released_pairs p \
    JOIN answers a ON a.pairing_key = p.pairing_key AND a.wave = 'before' \
    JOIN answers b ON b.pairing_key = p.pairing_key AND b.wave = 'after' AND b.item_id = a.item_id \
    JOIN items i ON i.id = a.item_id AND i.kind = 'core' \
    WHERE p.part IS NOT NULL";

/// The core statement by agency type.
fn parts() -> (String, String) {
    (
        format!(
            "SELECT {} || part || ', item ' || item_id || ', ' || before || ' before and ' || after || ' after' AS what, people FROM part_cells",
            place("")
        ),
        format!(
            "SELECT {} || p.part || ', item ' || a.item_id || ', ' || a.value || ' before and ' || b.value || ' after' AS what, COUNT(*) AS people \
             {CORE_BY_PART} GROUP BY p.course_id, p.board_year, p.part, a.item_id, a.value, b.value",
            place("p.")
        ),
    )
}

/// Whether an agency type tells by itself what each of its people answered; each of its cells says so, or none.
fn telling_parts() -> (String, String) {
    let what = |prefix: &str, item: &str| {
        format!("{} || {prefix}part || ', item ' || {item}item_id || ', tells'", place(prefix))
    };
    (
        format!(
            "SELECT {} AS what, CAST(MIN({TELLS}) + MAX({TELLS}) AS BIGINT) AS people FROM part_cells \
             GROUP BY course_id, board_year, part, item_id",
            what("", "")
        ),
        format!(
            "SELECT {} AS what, CAST(2 AS BIGINT) AS people {CORE_BY_PART} \
             GROUP BY p.course_id, p.board_year, p.part, a.item_id HAVING {}",
            what("p.", "a."),
            tells_by_itself("a.value", "b.value")
        ),
    )
}

fn kept(comparison: &str) -> String {
    format!(
        "SELECT '{comparison} of ' || {} || 'item ' || item_id || ', ' || earlier || ' and ' || later AS what, people \
         FROM comparison_cells WHERE comparison = '{comparison}'",
        place("")
    )
}

fn looking_back() -> (String, String) {
    let made = format!(
        "SELECT 'looking_back of ' || {} || 'item ' || a.item_id || ', ' || a.value || ' and ' || b.value AS what, COUNT(*) AS people \
         FROM {LOOKED_BACK} GROUP BY p.course_id, p.board_year, a.item_id, a.value, b.value",
        place("p.")
    );
    (kept("looking_back"), made)
}

fn follow_up() -> (String, String) {
    let later = COUNTED.replace("a.value", "b.value");
    let made = format!(
        "SELECT 'follow_up of ' || {} || 'item ' || t.item_id || ', ' || t.earlier || ' and ' || t.later AS what, COUNT(*) AS people \
         FROM (SELECT p.course_id, p.board_year, a.item_id, {COUNTED} AS earlier, {later} AS later \
            FROM released_pairs p \
            JOIN answers a ON a.pairing_key = p.pairing_key AND a.wave = 'before' \
            JOIN answers b ON b.pairing_key = p.pairing_key AND b.wave = 'follow_up' AND b.item_id = a.item_id \
            JOIN items i ON i.id = a.item_id AND i.kind IN ('core', 'confidence', 'knowledge') \
            WHERE p.later_block IS NOT NULL) t \
         GROUP BY t.course_id, t.board_year, t.item_id, t.earlier, t.later",
        place("t.")
    );
    (kept("follow_up"), made)
}

fn managers(year: &str) -> (String, String) {
    let made = format!(
        "SELECT 'manager of course ' || s.course_id || ' in ' || {year} || ', item ' || a.item_id || ', ' || {NOT_ANSWERED} || ' and ' || a.value AS what, COUNT(*) AS people \
         FROM answers a JOIN responses r ON r.pairing_key = a.pairing_key AND r.wave = a.wave \
         JOIN sessions s ON s.id = r.session_id \
         WHERE a.wave = 'manager' AND a.course_released = TRUE GROUP BY s.course_id, {year}, a.item_id, a.value"
    );
    (kept("manager"), made)
}
