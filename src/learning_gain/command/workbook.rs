//! Every figure as a workbook: the table as people read it, and a sheet with all figures.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::records::columns;
use super::report::{CourseReport, GainReport, ReportLine};
use super::table::{HEADINGS, cells};
use crate::learning_gain::rules::{NamedFigure, Value};

/// The workbook's bytes.
pub(super) fn render(report: &GainReport) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    write_summary(workbook.add_worksheet(), report)?;
    write_figures(workbook.add_worksheet(), report)?;
    workbook.save_to_buffer()
}

fn write_summary(sheet: &mut Worksheet, report: &GainReport) -> Result<(), XlsxError> {
    sheet.set_name("Learning gain")?;
    write_header(sheet, ["Course"].into_iter().chain(HEADINGS))?;
    for (row, (course, line)) in (1..).zip(all_lines(report)) {
        sheet.write_string(row, 0, &course.name)?;
        for (column, cell) in (1..).zip(cells(line)) {
            sheet.write_string(row, column, cell)?;
        }
    }
    sheet.autofit();
    Ok(())
}

fn write_figures(sheet: &mut Worksheet, report: &GainReport) -> Result<(), XlsxError> {
    sheet.set_name("All figures")?;
    let columns = columns(report);
    let header = ["course", "item"].into_iter().chain(columns.iter().map(String::as_str));
    write_header(sheet, header.chain(["undefined"]))?;
    for (row, (course, line)) in (1..).zip(all_lines(report)) {
        sheet.write_string(row, 0, &course.name)?;
        sheet.write_string(row, 1, &line.name)?;
        let figures = line.figures();
        for (name, value) in figures.iter().flat_map(NamedFigure::flattened) {
            let number = match value {
                Value::Whole(Ok(whole)) => Some(whole as f64),
                Value::Number(Ok(number)) => Some(number).filter(|number| number.is_finite()),
                _ => None,
            };
            let column = columns.iter().position(|column| *column == name);
            if let (Some(number), Some(column)) = (number, column.and_then(|column| u16::try_from(column + 2).ok())) {
                sheet.write_number(row, column, number)?;
            }
        }
        let reasons: Vec<String> = figures
            .iter()
            .filter_map(|figure| figure.reason().map(|reason| format!("{}: {}", figure.name, reason.word())))
            .collect();
        sheet.write_string(row, u16::try_from(columns.len() + 2).unwrap_or(u16::MAX), reasons.join("; "))?;
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
