//! One line's figures by name; undefined and withheld ones are null.

use super::sheet::Row;
use crate::learning_gain::{
    rules::{
        Figure, IntervalKind, NamedFigure, Undefined, Value as Named,
        sentence::{Subject, gain_sentence},
    },
    store::MaybeLine,
    suppression::line::{Changes, OF_CHANGES, OF_EVERYBODY, ShownLine},
};
use serde_json::{Value, json};

/// What every line has.
pub(super) const COLUMNS: [&str; 23] = [
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
    "ci95_between_learners_low",
    "ci95_between_learners_high",
];

/// The statistics that pages do not show, and the sentence that they do.
pub(super) fn further_columns() -> impl Iterator<Item = &'static str> {
    OF_EVERYBODY.into_iter().chain(OF_CHANGES).chain(["in_words"])
}

/// A line's figures by the names of the columns.
pub(super) fn figures(line: &MaybeLine, subject: Subject) -> Row {
    match line {
        Err(hidden) => [("not_shown_because".to_owned(), json!(hidden))].into_iter().collect(),
        Ok(line) => shown_figures(line, subject),
    }
}

fn shown_figures(line: &ShownLine, subject: Subject) -> Row {
    let whole = line.whole();
    let mut row = Row::new();
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
    if let Some(interval) = line.interval_between_learners() {
        put("ci95_between_learners_low", json!(interval.low));
        put("ci95_between_learners_high", json!(interval.high));
    }
    for NamedFigure { name, value } in line.further() {
        let value = match value {
            Named::Whole(Ok(whole)) => i64::try_from(whole).map_or(Value::Null, |whole| json!(whole)),
            Named::Number(Ok(number)) if number.is_finite() => json!(number),
            _ => Value::Null,
        };
        put(name, value);
    }
    put("in_words", gain_sentence(whole, subject).into());
    row
}
