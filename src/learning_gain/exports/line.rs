//! One line's figures by name; undefined and withheld ones are null.

use super::sheet::Row;
use crate::learning_gain::{
    rules::{
        Figure, IntervalKind,
        sentence::{Subject, gain_sentence},
    },
    store::MaybeLine,
    suppression::{
        changes::Changes,
        further::{Missing, Told, further_names},
        line::ShownLine,
    },
};
use serde_json::{Map, Value, json};

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

/// The statistics that pages do not show, the sentence that they do, and for each empty field of a statistic the word
/// that says why.
pub(super) fn further_columns() -> impl Iterator<Item = &'static str> {
    further_names().chain(["in_words", "null_reasons"])
}

/// A line's figures by the names of the columns.
pub(super) fn figures(line: &MaybeLine, subject: Subject) -> Row {
    match line {
        Err(hidden) => [("not_shown_because".to_owned(), json!(hidden))].into_iter().collect(),
        Ok(line) => shown_figures(line, subject),
    }
}

/// Puts a figure into a row, or its reason where there is none.
pub(super) fn put_figure(row: &mut Row, name: &str, figure: Figure<Value>) {
    match figure {
        Ok(value) => {
            row.insert(name.to_owned(), value);
        }
        Err(undefined) => give_reason(row, name, undefined.word()),
    }
}

/// Leaves a field of a row empty and says why.
pub(super) fn give_reason(row: &mut Row, name: &str, word: &str) {
    row.insert(name.to_owned(), Value::Null);
    let reasons = row.entry("null_reasons").or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(reasons) = reasons {
        reasons.insert(name.to_owned(), word.into());
    }
}

fn shown_figures(line: &ShownLine, subject: Subject) -> Row {
    let whole = line.whole();
    let mut fields = Fields::default();
    fields.put("n_matched", json!(whole.n));
    fields.figure("match_rate", whole.match_rate);
    fields.figure("mean_before", whole.mean_before);
    fields.figure("mean_after", whole.mean_after);
    fields.figure("mean_gain", whole.mean_gain);
    fields.figure("ci95_low", whole.ci95.map(|interval| interval.low));
    fields.figure("ci95_high", whole.ci95.map(|interval| interval.high));
    match whole.interval_kind {
        IntervalKind::Sessions(sessions) => {
            fields.put("interval_between", json!("sessions"));
            fields.put("sessions", json!(sessions));
        }
        IntervalKind::Learners => fields.put("interval_between", json!("learners")),
    }
    fields.figure("cohen_d_av", whole.d_av);
    let changes = match line.changes {
        Changes::All { improved, same, declined } => [Some(improved), Some(same), Some(declined)],
        Changes::Improved { improved, .. } => [Some(improved), None, None],
        Changes::Declined { declined, .. } => [None, None, Some(declined)],
        Changes::Hidden => [None; 3],
    };
    for (name, people) in ["improved", "same", "declined"].into_iter().zip(changes) {
        fields.told(name, people.map(|people| json!(people)).ok_or(Missing::WouldTell));
    }
    fields.told("top_before", line.top_before().map(|share| json!(share)).ok_or(Missing::WouldTell));
    fields.figure("room_used", whole.room_used);
    fields.figure("p", whole.p);
    fields.put("p_is_exact", json!(whole.p_is_exact));
    fields.put("flags", json!(whole.flags));
    fields.put("scale_min", json!(whole.scale.min()));
    fields.put("scale_max", json!(whole.scale.max()));
    if let Some(interval) = line.interval_between_learners() {
        fields.put("ci95_between_learners_low", json!(interval.low));
        fields.put("ci95_between_learners_high", json!(interval.high));
    }
    for (name, told) in line.further() {
        let value = told.map(|told| match told {
            // Beyond 64 bits no count of people lies.
            Told::Whole(whole) => i64::try_from(whole).map_or(Value::Null, |whole| json!(whole)),
            Told::Number(number) => json!(number),
        });
        fields.told(name, value);
    }
    fields.put("in_words", gain_sentence(whole, subject).into());
    fields.into_row()
}

/// The fields of a row, and why some of them are empty.
#[derive(Default)]
struct Fields {
    row: Row,
    reasons: Map<String, Value>,
}

impl Fields {
    fn put(&mut self, name: &str, value: Value) {
        self.row.insert(name.to_owned(), value);
    }

    fn figure(&mut self, name: &str, figure: Figure) {
        self.told(name, figure.map(|value| json!(value)).map_err(Missing::Undefined));
    }

    fn told(&mut self, name: &str, value: Result<Value, Missing>) {
        match value {
            Ok(value) => self.put(name, value),
            Err(missing) => {
                self.put(name, Value::Null);
                self.reasons.insert(name.to_owned(), missing.word().into());
            }
        }
    }

    fn into_row(mut self) -> Row {
        if !self.reasons.is_empty() {
            self.row.insert("null_reasons".to_owned(), Value::Object(self.reasons));
        }
        self.row
    }
}
