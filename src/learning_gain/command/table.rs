//! The table in the terminal: the least honest line per item, and its warnings in words.

use std::fmt::Write;

use super::report::{CourseReport, GainReport, ReportLine, SessionLine};
use crate::learning_gain::rules::sentence::{figure_words, flag_sentence, p_words, share_words, signed_figure_words};
use crate::learning_gain::rules::{Figure, Flag, Interval, IntervalKind, ItemLine};

/// Headings of the columns; the first is left-aligned, the others right.
pub(super) const HEADINGS: [&str; 13] = [
    "Item",
    "Matched",
    "Match rate",
    "Before",
    "After",
    "Gain",
    "95% interval",
    "d_av",
    "Improved/same/declined",
    "Top before",
    "Room used",
    "p",
    "Flags",
];

/// The table of all courses.
pub(super) fn render(report: &GainReport) -> String {
    let mut text = String::new();
    for course in &report.courses {
        render_course(course, &mut text);
    }
    if let Some(scale) = report.scale() {
        let _ = writeln!(
            text,
            "Gains are in points on the {scale} scale, over learners who answered both times ({} rows read).\n\
             These ratings are the learners' own view of their confidence; there is no comparison group, and some rise\n\
             would be expected from low starters.",
            report.rows_read
        );
    }
    text
}

fn render_course(course: &CourseReport, text: &mut String) {
    let rows: Vec<[String; 13]> = course.lines().map(cells).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([HEADINGS[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..HEADINGS.len()).map(width).collect();
    let mut push = |cells: [&str; 13]| {
        let mut line = String::new();
        for (column, (cell, &width)) in cells.iter().zip(&widths).enumerate() {
            let _ = match column {
                0 => write!(line, "{cell:<width$}"),
                12 => write!(line, "  {cell}"),
                _ => write!(line, "  {cell:>width$}"),
            };
        }
        text.push_str(line.trim_end());
        text.push('\n');
    };
    push([&printable(&course.name), "", "", "", "", "", "", "", "", "", "", "", ""]);
    push(HEADINGS);
    rows.iter().for_each(|row| push(row.each_ref().map(String::as_str)));
    for flag in flags(course) {
        let _ = writeln!(text, "{}: {}", flag_word(flag), flag_sentence(flag));
    }
    // Of all items together; only where there is no such line, of each.
    match course.overall() {
        Ok(line) => render_sessions(line, text),
        Err(_) => course.items.iter().for_each(|line| render_sessions(line, text)),
    }
    let _ = writeln!(text, "{}\n", course_notes(course));
}

/// A line per session: "  s1: 12 matched, gain +0.50 (95% interval 0.10 to 0.90)".
fn render_sessions(line: &ReportLine, text: &mut String) {
    if !line.sessions.is_empty() {
        let _ = writeln!(text, "Sessions ({}):", printable(&line.name));
    }
    for session in &line.sessions {
        let interval = session_interval_words(session);
        let name = printable(&session.name);
        let gain = signed_figure_words(session.mean_gain);
        let _ = writeln!(text, "  {name}: {} matched, gain {gain} ({interval})", session.n);
    }
}

/// "95% interval +0.10 to +0.90", or why there is none.
pub(super) fn session_interval_words(session: &SessionLine) -> String {
    session
        .ci95
        .map_or_else(|reason| format!("no interval: {reason}"), |interval| format!("95% interval {}", ends(interval)))
}

/// Agreement of the items, and the p-value after correction for looking at several courses.
pub(super) fn course_notes(course: &CourseReport) -> String {
    let mut notes = Vec::new();
    if let (Ok(before), Ok(after)) = (course.alpha_before, course.alpha_after) {
        notes.push(format!("Agreement of the items (Cronbach's alpha): {before:.2} before, {after:.2} after."));
    }
    if let Err(reason) = &course.composite
        && course.items.len() > 1
    {
        notes.push(format!("No figure for all items together: {reason}."));
    }
    if let Ok(q) = course.q {
        notes.push(format!("Corrected for comparing courses (Benjamini–Hochberg): {}.", p_words(q).replace('p', "q")));
    }
    notes.join(" ")
}

/// The flags of a course, each once.
pub(super) fn flags(course: &CourseReport) -> Vec<Flag> {
    let mut flags: Vec<Flag> = course.lines().flat_map(|line| line.line.flags.iter().copied()).collect();
    flags.sort_unstable();
    flags.dedup();
    flags
}

/// The cells of a line, in the order of [`HEADINGS`].
pub(super) fn cells(line: &ReportLine) -> [String; 13] {
    let item = &line.line;
    [
        printable(&line.name),
        item.n.to_string(),
        share_words(item.match_rate),
        figure_words(item.mean_before),
        figure_words(item.mean_after),
        signed_figure_words(item.mean_gain),
        interval_words(item),
        signed_figure_words(item.d_av),
        format!("{}/{}/{}", item.improved, item.same, item.declined),
        share_words(item.top_before),
        share_words(item.room_used),
        p_cell(item.p),
        item.flags.iter().map(|&flag| flag_word(flag)).collect::<Vec<_>>().join(", "),
    ]
}

fn interval_words(line: &ItemLine) -> String {
    match line.ci95 {
        Err(_) => "–".to_owned(),
        Ok(interval) => {
            let basis = if matches!(line.interval_kind, IntervalKind::Sessions(_)) { "" } else { " (learners)" };
            format!("{}{basis}", ends(interval))
        }
    }
}

fn ends(interval: Interval) -> String {
    format!("{} to {}", signed_figure_words(Ok(interval.low)), signed_figure_words(Ok(interval.high)))
}

fn p_cell(p: Figure) -> String {
    p.map_or_else(|_| "–".to_owned(), |p| p_words(p).trim_start_matches("p = ").trim_start_matches("p ").to_owned())
}

/// One or two words for a flag.
pub(super) fn flag_word(flag: Flag) -> &'static str {
    match flag {
        Flag::Ceiling => "ceiling",
        Flag::FewSessions => "few sessions",
        Flag::Unmatched => "unmatched",
        Flag::NoSpread => "no spread",
    }
}

/// A name from a file without characters that would steer the terminal.
fn printable(name: &str) -> String {
    name.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}
