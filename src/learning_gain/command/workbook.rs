//! Every figure as a workbook: the table as people read it, the sessions where they are few, and all figures. Figures
//! are numbers, so that the workbook can be computed with.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::records::{FIRST_COLUMNS, columns, flag_keys, line_and_course_figures, reasons, session_figures};
use super::report::{CourseReport, GainReport, ReportLine};
use super::table::flag_word;
use crate::learning_gain::rules::{Figure, IntervalKind, NamedFigure, Value};

/// The workbook's bytes.
pub(super) fn render(report: &GainReport) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    write_summary(workbook.add_worksheet(), report)?;
    if all_lines(report).any(|(_, line)| !line.sessions.is_empty()) {
        write_sessions(workbook.add_worksheet(), report)?;
    }
    write_figures(workbook.add_worksheet(), report)?;
    workbook.save_to_buffer()
}

/// One cell of a sheet.
enum Cell {
    Text(String),
    /// A number and how it is shown.
    Number(Figure, &'static str),
}

const COUNT: &str = "0";
const POINTS: &str = "0.00";
const SHARE: &str = "0%";
const PROBABILITY: &str = "0.000";

/// Headings of the first sheet. The last three figures are about the course, and stand beside its last line.
const HEADINGS: [&str; 23] = [
    "Course",
    "Item",
    "Scale from",
    "Scale to",
    "Matched",
    "Match rate",
    "Before",
    "After",
    "Gain",
    "95% from",
    "95% to",
    "Interval between",
    "d_av",
    "Improved",
    "Same",
    "Declined",
    "Top before",
    "Room used",
    "p",
    "Flags",
    "Course: q",
    "Course: alpha before",
    "Course: alpha after",
];

fn write_summary(sheet: &mut Worksheet, report: &GainReport) -> Result<(), XlsxError> {
    sheet.set_name("Learning gain")?;
    write_header(sheet, HEADINGS.into_iter())?;
    for (row, (course, line)) in (1..).zip(all_lines(report)) {
        for (column, cell) in (0..).zip(summary_cells(course, line)) {
            write_cell(sheet, row, column, &cell)?;
        }
    }
    sheet.autofit();
    Ok(())
}

/// The cells of a line, in the order of [`HEADINGS`].
fn summary_cells(course: &CourseReport, line: &ReportLine) -> Vec<Cell> {
    let item = &line.line;
    let text = |text: &str| Cell::Text(text.to_owned());
    let count = |count: u64| Cell::Number(Ok(count as f64), COUNT);
    let is_last = course.lines().last().is_some_and(|last| std::ptr::eq(last, line));
    let of_course = |figure: Figure| if is_last { Cell::Number(figure, PROBABILITY) } else { text("") };
    vec![
        text(&course.name),
        text(&line.name),
        Cell::Number(Ok(f64::from(item.scale.min())), COUNT),
        Cell::Number(Ok(f64::from(item.scale.max())), COUNT),
        count(item.n),
        Cell::Number(item.match_rate, SHARE),
        Cell::Number(item.mean_before, POINTS),
        Cell::Number(item.mean_after, POINTS),
        Cell::Number(item.mean_gain, POINTS),
        Cell::Number(item.ci95.map(|interval| interval.low), POINTS),
        Cell::Number(item.ci95.map(|interval| interval.high), POINTS),
        text(if matches!(item.interval_kind, IntervalKind::Sessions(_)) { "sessions" } else { "learners" }),
        Cell::Number(item.d_av, POINTS),
        count(item.improved),
        count(item.same),
        count(item.declined),
        Cell::Number(item.top_before, SHARE),
        Cell::Number(item.room_used, SHARE),
        Cell::Number(item.p, PROBABILITY),
        Cell::Text(item.flags.iter().map(|&flag| flag_word(flag)).collect::<Vec<_>>().join(", ")),
        of_course(course.q),
        of_course(course.alpha_before),
        of_course(course.alpha_after),
    ]
}

fn write_sessions(sheet: &mut Worksheet, report: &GainReport) -> Result<(), XlsxError> {
    sheet.set_name("Sessions")?;
    write_header(
        sheet,
        ["Course", "Item", "Session", "Matched", "Gain", "95% from", "95% to", "Undefined"].into_iter(),
    )?;
    let sessions =
        all_lines(report).flat_map(|(course, line)| line.sessions.iter().map(move |session| (course, line, session)));
    for (row, (course, line, session)) in (1..).zip(sessions) {
        let names = [&course.name, &line.name, &session.name].map(|name| Cell::Text(name.clone()));
        let figures = [
            Cell::Number(Ok(session.n as f64), COUNT),
            Cell::Number(session.mean_gain, POINTS),
            Cell::Number(session.ci95.map(|interval| interval.low), POINTS),
            Cell::Number(session.ci95.map(|interval| interval.high), POINTS),
            Cell::Text(reasons(&session_figures(session))),
        ];
        for (column, cell) in (0..).zip(names.iter().chain(&figures)) {
            write_cell(sheet, row, column, cell)?;
        }
    }
    sheet.autofit();
    Ok(())
}

fn write_figures(sheet: &mut Worksheet, report: &GainReport) -> Result<(), XlsxError> {
    sheet.set_name("All figures")?;
    let columns = columns(report);
    let header = FIRST_COLUMNS.into_iter().chain(columns.iter().map(String::as_str));
    write_header(sheet, header.chain(["undefined"]))?;
    let first = FIRST_COLUMNS.len();
    for (row, (course, line)) in (1..).zip(all_lines(report)) {
        let scale = line.line.scale;
        let head = [
            Cell::Text(course.name.clone()),
            Cell::Text(line.name.clone()),
            Cell::Number(Ok(f64::from(scale.min())), COUNT),
            Cell::Number(Ok(f64::from(scale.max())), COUNT),
            Cell::Text(flag_keys(&line.line.flags)),
        ];
        for (column, cell) in (0..).zip(&head) {
            write_cell(sheet, row, column, cell)?;
        }
        let figures = line_and_course_figures(course, line);
        for (name, value) in figures.iter().flat_map(NamedFigure::flattened) {
            let number = match value {
                Value::Whole(Ok(whole)) => Some(whole as f64),
                Value::Number(Ok(number)) => Some(number).filter(|number| number.is_finite()),
                _ => None,
            };
            let column = columns.iter().position(|column| *column == name);
            let column = column.and_then(|column| u16::try_from(column + first).ok());
            if let (Some(number), Some(column)) = (number, column) {
                sheet.write_number(row, column, number)?;
            }
        }
        sheet.write_string(row, u16::try_from(columns.len() + first).unwrap_or(u16::MAX), reasons(&figures))?;
    }
    Ok(())
}

/// An undefined figure leaves its cell empty.
fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) if text.is_empty() => {}
        Cell::Text(text) => {
            sheet.write_string(row, column, text)?;
        }
        Cell::Number(Ok(number), form) if number.is_finite() => {
            sheet.write_number_with_format(row, column, *number, &Format::new().set_num_format(*form))?;
        }
        Cell::Number(..) => {}
    }
    Ok(())
}

fn write_header<'a>(sheet: &mut Worksheet, names: impl Iterator<Item = &'a str>) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    for (column, name) in (0..).zip(names) {
        sheet.write_string_with_format(0, column, name, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn all_lines(report: &GainReport) -> impl Iterator<Item = (&CourseReport, &ReportLine)> {
    report.courses.iter().flat_map(|course| course.lines().map(move |line| (course, line)))
}
