//! Every figure as CSV and JSON, for other programs.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::report::{CourseReport, GainReport, ReportLine};
use crate::learning_gain::rules::{Figure, FigureSheet, NamedFigure, Undefined, Value};

/// A row per course and item, a column per figure; undefined figures are blank, and the last column names why.
pub(super) fn as_csv(report: &GainReport) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let columns = columns(report);
    let header = ["course", "item"].into_iter().chain(columns.iter().map(String::as_str));
    writer.write_record(header.chain(["undefined"]))?;
    for course in &report.courses {
        for line in course.lines() {
            writer.write_record(record(course, line, &columns))?;
        }
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

fn record(course: &CourseReport, line: &ReportLine, columns: &[String]) -> Vec<String> {
    let figures = line.figures();
    let values: BTreeMap<String, Value> = figures.iter().flat_map(NamedFigure::flattened).collect();
    let reasons: Vec<String> = figures
        .iter()
        .filter_map(|figure| figure.reason().map(|reason| format!("{}: {}", figure.name, reason.word())))
        .collect();
    let mut record = vec![plain_text(&course.name), plain_text(&line.name)];
    record.extend(columns.iter().map(|column| values.get(column).map_or_else(String::new, value_text)));
    record.push(reasons.join("; "));
    record
}

/// The names of all figures, those of groups that are undefined on one line and not on another included.
pub(super) fn columns(report: &GainReport) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for figures in report.courses.iter().flat_map(CourseReport::lines).map(ReportLine::figures) {
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
    /// Benjamini–Hochberg over the courses.
    q: Option<f64>,
    null_reasons: BTreeMap<&'static str, Undefined>,
    items: Vec<LineRecord<'a>>,
}

#[derive(Serialize)]
struct LineRecord<'a> {
    item: &'a str,
    scale: crate::learning_gain::rules::Scale,
    flags: &'a [crate::learning_gain::rules::Flag],
    figures: FigureSheet,
}

/// All courses as a list; every undefined figure is null and has its reason beside it.
pub(super) fn as_json(report: &GainReport) -> io::Result<Vec<u8>> {
    let courses: Vec<CourseRecord> = report.courses.iter().map(course_record).collect();
    let mut json = serde_json::to_vec_pretty(&courses)?;
    json.push(b'\n');
    Ok(json)
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
    LineRecord { item: &line.name, scale, flags: &line.line.flags, figures: FigureSheet(line.figures()) }
}
