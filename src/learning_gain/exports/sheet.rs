//! One table of figures, written as CSV, as a workbook or as JSON.

use crate::web::error::{PageError, PageResult};
use axum::{http::header, response::IntoResponse};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::{Map, Value};

/// One row: figures by the names of their columns.
pub(super) type Row = Map<String, Value>;

/// A table: the names of its columns in order, and its rows.
pub(super) struct Sheet {
    /// The file's name, without extension.
    pub file: &'static str,
    /// The columns.
    pub names: Vec<&'static str>,
    /// The rows; a column that a row does not name is empty in it.
    pub rows: Vec<Row>,
}

impl Sheet {
    /// Answers in the form that the address ends with: `.csv`, `.xlsx`, else JSON.
    pub(super) fn answer(self, path: &str) -> PageResult {
        let (kind, extension, bytes) = match path.rsplit('.').next() {
            Some("csv") => ("text/csv; charset=utf-8", "csv", self.csv()?),
            Some("xlsx") => {
                let failed =
                    |error: XlsxError| PageError::Failed(format!("the workbook could not be written: {error}"));
                let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
                (kind, "xlsx", self.workbook().map_err(failed)?)
            }
            _ => return Ok(axum::Json(self.full_rows()).into_response()),
        };
        let name = format!("attachment; filename=\"{}.{extension}\"", self.file);
        Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
    }

    /// Every row with every column.
    fn full_rows(mut self) -> Vec<Row> {
        for row in &mut self.rows {
            for name in &self.names {
                row.entry(*name).or_insert(Value::Null);
            }
        }
        self.rows
    }

    fn csv(&self) -> Result<Vec<u8>, PageError> {
        let failed = || PageError::Failed("the table could not be written".into());
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.names).map_err(|_| failed())?;
        for row in &self.rows {
            let cells = self.names.iter().map(|name| cell_text(row.get(*name).unwrap_or(&Value::Null)));
            writer.write_record(cells).map_err(|_| failed())?;
        }
        writer.into_inner().map_err(|_| failed())
    }

    /// Numbers as numbers and everything else as words: a text that looks like a formula stays a text.
    fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let page = workbook.add_worksheet();
        page.set_name("Learning gain")?;
        let bold = Format::new().set_bold();
        for (column, name) in (0..).zip(&self.names) {
            page.write_string_with_format(0, column, *name, &bold)?;
        }
        for (place, row) in (1..).zip(&self.rows) {
            for (column, name) in (0..).zip(&self.names) {
                match row.get(*name).unwrap_or(&Value::Null) {
                    Value::Null => {}
                    Value::Bool(is) => {
                        page.write_boolean(place, column, *is)?;
                    }
                    Value::Number(number) => {
                        page.write_number(place, column, number.as_f64().unwrap_or_default())?;
                    }
                    Value::String(text) => {
                        page.write_string(place, column, text)?;
                    }
                    other => {
                        page.write_string(place, column, cell_text(other))?;
                    }
                }
            }
        }
        page.set_freeze_panes(1, 1)?;
        page.autofit();
        workbook.save_to_buffer()
    }
}

/// A cell as text. What a spreadsheet would take for a formula is quoted, so that a title computes nothing.
fn cell_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        Value::String(text) => text.clone(),
        Value::Array(words) => words.iter().map(cell_text).collect::<Vec<_>>().join(" "),
        Value::Object(words) => {
            words.iter().map(|(name, word)| format!("{name}:{}", cell_text(word))).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_title_is_never_a_formula() {
        assert_eq!(cell_text(&json!("=HYPERLINK(\"x\")")), "'=HYPERLINK(\"x\")");
        assert_eq!(cell_text(&json!(-0.25)), "-0.25");
        assert_eq!(cell_text(&json!(["ceiling", "few_sessions"])), "ceiling few_sessions");
        assert_eq!(cell_text(&json!({ "sd_before": "few_people" })), "sd_before:few_people");
    }
}
