//! Where a file begins, and which row of the spreadsheet each record is.

use std::io::{Cursor, Read};

use csv::ByteRecord;

use super::AnswersError;

/// So much is looked at before anything is read: enough for any header.
const LOOKED_AT: u64 = 4_096;

/// Refuses what is no CSV file in UTF-8, and answers the whole source again, closed by a line end.
pub(super) fn begin(mut source: impl Read) -> Result<(impl Read, RowCount), AnswersError> {
    let mut start = Vec::new();
    source.by_ref().take(LOOKED_AT).read_to_end(&mut start).map_err(csv::Error::from)?;
    if start.starts_with(b"PK\x03\x04") {
        return Err(AnswersError::Workbook);
    }
    let marked = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
    // Without the mark: the letters of a header are plain, so every other byte is 0.
    let zeros = start.iter().take(64).filter(|byte| **byte == 0).count();
    if marked || (zeros > 0 && 4 * zeros >= start.len().min(64)) {
        return Err(AnswersError::Utf16);
    }
    let line_end = start.iter().position(|byte| *byte == b'\n');
    let carriage = line_end.is_some_and(|place| place > 0 && start[place - 1] == b'\r');
    let (end, count) = if carriage { (&b"\r\n"[..], 0) } else { (&b"\n"[..], 1) };
    Ok((Cursor::new(start).chain(source).chain(end), RowCount { line: count, row: 0 }))
}

/// Counts rows as a spreadsheet does: blank lines, which the reader leaves out, are rows, and line ends inside quotes
/// are not.
pub(super) struct RowCount {
    /// Line feeds passed, and one. The reader returns a record before it passes the line feed after a carriage return,
    /// so in such files the first record has passed one less.
    line: u64,
    row: u64,
}

impl RowCount {
    /// The row of the record after which the reader stands on this line.
    pub(super) fn next(&mut self, line: u64, record: &ByteRecord) -> u64 {
        let passed = line.saturating_sub(self.line);
        self.line = line;
        // One line feed belongs to each record; more are rare, and only then is it worth looking inside.
        let inside =
            if passed > 1 { record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64 } else { 0 };
        self.row += 1 + passed.saturating_sub(1 + inside);
        self.row
    }
}
