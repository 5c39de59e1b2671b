//! Every figure as CSV and JSON, for other programs. Lines are written one by one, so that a file of many courses
//! needs no second copy of its figures.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Serialize, Serializer, ser::SerializeSeq};

use super::report::{CourseReport, GainReport, ReportLine, SessionLine};
use crate::learning_gain::rules::{Figure, FigureSheet, Flag, NamedFigure, Scale, Undefined, Value};

/// What stands before the figures of a row.
pub(super) const FIRST_COLUMNS: [&str; 5] = ["course", "item", "scale_min", "scale_max", "flags"];

/// A row per course and item, a column per figure; undefined figures are blank, and the last column names why. What is
/// about the course stands in each of its rows.
pub(super) fn write_csv(report: &GainReport, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let columns = columns(report);
    let header = FIRST_COLUMNS.into_iter().chain(columns.iter().map(String::as_str));
    writer.write_record(header.chain(["undefined"])).map_err(cause)?;
    for course in &report.courses {
        for line in course.lines() {
            writer.write_record(record(course, line, &columns)).map_err(cause)?;
        }
    }
    writer.flush()
}

/// What the system said, which tells a reader that has left from a full disk.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(cause) => cause,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn record(course: &CourseReport, line: &ReportLine, columns: &[String]) -> Vec<String> {
    let figures = line_and_course_figures(course, line);
    let values: BTreeMap<String, Value> = figures.iter().flat_map(NamedFigure::flattened).collect();
    let scale = line.line.scale;
    let mut record = vec![plain_text(&course.name), plain_text(&line.name)];
    record.extend([scale.min().to_string(), scale.max().to_string(), flag_keys(&line.line.flags)]);
    record.extend(columns.iter().map(|column| values.get(column).map_or_else(String::new, value_text)));
    record.push(reasons(&figures));
    record
}

/// A line's figures, and those of its course.
pub(super) fn line_and_course_figures(course: &CourseReport, line: &ReportLine) -> Vec<NamedFigure> {
    let mut figures = line.figures();
    figures.push(NamedFigure::number("course_cronbach_alpha_before", course.alpha_before));
    figures.push(NamedFigure::number("course_cronbach_alpha_after", course.alpha_after));
    figures.push(NamedFigure::number("course_q", course.q));
    figures
}

/// "hake_g: mean_before_at_max; …" for all that is undefined.
pub(super) fn reasons(figures: &[NamedFigure]) -> String {
    let reason = |figure: &NamedFigure| figure.reason().map(|reason| format!("{}: {}", figure.name, reason.word()));
    figures.iter().filter_map(reason).collect::<Vec<_>>().join("; ")
}

/// The flags by the names that JSON has for them.
pub(super) fn flag_keys(flags: &[Flag]) -> String {
    let keys = flags.iter().filter_map(|flag| serde_json::to_value(flag).ok());
    keys.filter_map(|key| key.as_str().map(str::to_owned)).collect::<Vec<_>>().join("; ")
}

/// The names of all figures, those of groups that are undefined on one line and not on another included.
pub(super) fn columns(report: &GainReport) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    let lines = report.courses.iter().flat_map(|course| course.lines().map(move |line| (course, line)));
    for figures in lines.map(|(course, line)| line_and_course_figures(course, line)) {
        for (name, value) in figures.iter().flat_map(NamedFigure::flattened) {
            let undefined_group = matches!(value, Value::Group(_));
            if !undefined_group && !columns.contains(&name) {
                columns.push(name);
            }
        }
    }
    columns
}

fn value_text(value: &Value) -> String {
    match value {
        Value::Whole(Ok(whole)) => whole.to_string(),
        Value::Number(Ok(number)) if number.is_finite() => format!("{number:?}"),
        _ => String::new(),
    }
}

/// A name that a spreadsheet would take for a formula is given an apostrophe, which it shows as text.
fn plain_text(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{name}") } else { name.to_owned() }
}

#[derive(Serialize)]
struct CourseRecord<'a> {
    course: &'a str,
    cronbach_alpha_before: Option<f64>,
    cronbach_alpha_after: Option<f64>,
    /// Benjamini–Hochberg over the courses, when there are several.
    q: Option<f64>,
    null_reasons: BTreeMap<&'static str, Undefined>,
    items: Vec<LineRecord<'a>>,
}

#[derive(Serialize)]
struct LineRecord<'a> {
    item: &'a str,
    /// Points are points of this scale, also for all items together.
    scale: Scale,
    flags: &'a [Flag],
    figures: FigureSheet,
    /// Present where the sessions are few.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sessions: Vec<SessionRecord<'a>>,
}

#[derive(Serialize)]
struct SessionRecord<'a> {
    session: &'a str,
    #[serde(flatten)]
    figures: FigureSheet,
}

/// All courses as a list; every undefined figure is null and has its reason beside it.
pub(super) fn write_json(report: &GainReport, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::pretty(&mut *out);
    let mut list = serializer.serialize_seq(Some(report.courses.len()))?;
    for course in &report.courses {
        list.serialize_element(&course_record(course))?;
    }
    list.end()?;
    out.write_all(b"\n")
}

/// What is said of one session.
pub(super) fn session_figures(session: &SessionLine) -> Vec<NamedFigure> {
    vec![
        NamedFigure::count("n", session.n),
        NamedFigure::number("mean_gain", session.mean_gain),
        NamedFigure::number("ci95_lo", session.ci95.map(|interval| interval.low)),
        NamedFigure::number("ci95_hi", session.ci95.map(|interval| interval.high)),
    ]
}

fn course_record(course: &CourseReport) -> CourseRecord<'_> {
    let composite = course.composite.as_ref().map(|_| 0.0).map_err(|reason| *reason);
    let reason = |name: &'static str, figure: Figure| figure.err().map(|reason| (name, reason));
    CourseRecord {
        course: &course.name,
        cronbach_alpha_before: course.alpha_before.ok(),
        cronbach_alpha_after: course.alpha_after.ok(),
        q: course.q.ok(),
        null_reasons: [
            reason("cronbach_alpha_before", course.alpha_before),
            reason("cronbach_alpha_after", course.alpha_after),
            reason("q", course.q),
            reason("all_items", composite),
        ]
        .into_iter()
        .flatten()
        .collect(),
        items: course.lines().map(line_record).collect(),
    }
}

fn line_record(line: &ReportLine) -> LineRecord<'_> {
    let scale = line.line.scale;
    LineRecord {
        item: &line.name,
        scale,
        flags: &line.line.flags,
        figures: FigureSheet(line.figures()),
        sessions: line.sessions.iter().map(session_record).collect(),
    }
}

fn session_record(session: &SessionLine) -> SessionRecord<'_> {
    SessionRecord { session: &session.name, figures: FigureSheet(session_figures(session)) }
}
