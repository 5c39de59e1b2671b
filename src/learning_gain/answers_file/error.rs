//! What can be wrong with a file of answers, said so that the row can be found and mended.

use crate::learning_gain::rules::Scale;

/// What is wrong with a file. Rows count as a spreadsheet does: the header is row 1.
#[derive(Debug, thiserror::Error)]
pub enum AnswersError {
    /// The file holds nothing, or only a header.
    #[error("the file has no answers")]
    Empty,
    /// Not text in UTF-8 but in two bytes a letter.
    #[error("this is UTF-16 text (“Unicode text” in Excel): save the file as “CSV UTF-8”")]
    Utf16,
    /// Not text at all.
    #[error("this is a workbook: save the sheet with the answers as “CSV UTF-8”")]
    Workbook,
    /// The header is one field that other separators would take apart.
    #[error("row 1: the columns are separated by {separator}, and must be by commas: save the file as “CSV UTF-8”")]
    Separator {
        /// What stands between the columns.
        separator: &'static str,
    },
    /// A column that is needed is not there.
    #[error("row 1: the column “{column}” is missing")]
    MissingColumn {
        /// Its name.
        column: String,
    },
    /// A column occurs twice.
    #[error("row 1: the column “{column}” occurs twice")]
    ColumnTwice {
        /// Its name.
        column: String,
    },
    /// A row has more or fewer fields than the header.
    #[error("row {row}: {found} fields, but the header has {expected}")]
    FieldCount {
        /// The row.
        row: u64,
        /// Its fields.
        found: usize,
        /// Those of the header.
        expected: usize,
    },
    /// A name that must be there is blank.
    #[error("row {row}, column {column}: this must not be blank")]
    Blank {
        /// The row.
        row: u64,
        /// The column.
        column: String,
    },
    /// Bytes that are not UTF-8.
    #[error("row {row}, column {column}: this is not UTF-8 text (save the file as “CSV UTF-8”)")]
    NotUtf8 {
        /// The row.
        row: u64,
        /// The column.
        column: String,
    },
    /// A rating that is not a whole number.
    #[error("row {row}, column {column}: “{text}” is not a whole number")]
    NotWhole {
        /// The row.
        row: u64,
        /// The column.
        column: String,
        /// What stands there.
        text: String,
    },
    /// A rating that the scale does not have.
    #[error("row {row}, column {column}: {rating} is outside the scale {scale}")]
    OutsideScale {
        /// The row.
        row: u64,
        /// The column.
        column: String,
        /// The rating.
        rating: i64,
        /// The scale.
        scale: Scale,
    },
    /// A learner answers one item of one session twice.
    #[error("row {row}, column learner: this learner has already answered “{item}” in this session")]
    LearnerTwice {
        /// The second row.
        row: u64,
        /// The item.
        item: String,
    },
    /// More courses, items or sessions than any file of answers has.
    #[error("row {row}, column {column}: more than {most} different names; is “{column}” the right column?")]
    TooManyNames {
        /// The row.
        row: u64,
        /// The column.
        column: String,
        /// As many are read.
        most: usize,
    },
    /// The file could not be read.
    #[error("the file could not be read: {0}")]
    Reading(#[from] csv::Error),
}
