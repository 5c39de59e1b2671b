//! `learning-gain gain`: the same figures from files, for people who have a spreadsheet and no server.
//!
//! `gain --cases FILE.json` answers cases for comparison with other engines; `gain ANSWERS.csv` prints the table per
//! course and item. Figures go to stdout or `-o FILE`, progress and errors to stderr.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use super::answers_file::{AnswersError, AnswersFormat, read_answers};
use super::cases_file::{CasesError, answer_cases};
use super::rules::Scale;

mod page;
mod records;
mod report;
mod table;
mod workbook;

use report::GainReport;

/// Gains in confidence from a file of answers, with every statistic behind them
#[derive(Debug, clap::Args)]
pub struct GainArgs {
    /// CSV file with the columns course, session, learner, item, before, after; blank where not answered
    #[arg(value_name = "ANSWERS.csv", required_unless_present = "cases", conflicts_with = "cases")]
    pub answers: Option<PathBuf>,
    /// Answer a JSON file of single-item cases instead, as JSON
    #[arg(long, value_name = "FILE.json")]
    pub cases: Option<PathBuf>,
    /// Lowest and highest rating of the items
    #[arg(long, default_value = "1-5", value_parser = parse_scale, allow_hyphen_values = true)]
    pub scale: Scale,
    /// Lowest rating that counts as confident [default: 4 on 1-5, 8 on 1-10]
    #[arg(long, value_name = "RATING", allow_negative_numbers = true)]
    pub confident: Option<i32>,
    /// Column that names the session; "none" when the file has none
    #[arg(long, value_name = "COLUMN", default_value = "session")]
    pub session: String,
    /// Add the BCa bootstrap interval of each mean gain to csv, json and xlsx (10,000 resamples)
    #[arg(long)]
    pub bootstrap: bool,
    /// Write to a file instead of the terminal
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Form of the output [default: by the ending of the file, else table]
    #[arg(long, value_enum)]
    pub format: Option<OutputFormat>,
}

/// The forms of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// The line of each item, for the terminal
    Table,
    /// Every figure, a row per item
    Csv,
    /// Every figure, with the reason for each that is undefined
    Json,
    /// Every figure, as a workbook
    Xlsx,
    /// A page with charts that needs nothing else
    Html,
}

/// Why there is no output.
#[derive(Debug, thiserror::Error)]
pub enum GainCommandError {
    /// A file cannot be opened, read or written.
    #[error("{}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The answers are not as they should be.
    #[error("{}: {cause}", path.display())]
    Answers {
        /// The file.
        path: PathBuf,
        /// Row, column and what is wrong.
        cause: AnswersError,
    },
    /// The cases are not as they should be.
    #[error("{}: {cause}", path.display())]
    Cases {
        /// The file.
        path: PathBuf,
        /// The case and what is wrong.
        cause: CasesError,
    },
    /// The threshold is not a rating that divides the scale.
    #[error("--confident {rating} is not above the lowest rating of the scale {scale}, or is beyond its highest")]
    Threshold {
        /// The threshold as given.
        rating: i32,
        /// The scale.
        scale: Scale,
    },
    /// A workbook is bytes, and a terminal is for text.
    #[error("a workbook needs a file: add -o FILE.xlsx")]
    WorkbookToTerminal,
    /// The workbook could not be made.
    #[error("the workbook could not be made: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The output could not be written.
    #[error("the output could not be written: {0}")]
    Output(#[from] io::Error),
}

/// Runs the command.
///
/// # Errors
/// [`GainCommandError`], whose message is for the person at the terminal. Nothing is written then.
pub fn run(args: GainArgs) -> Result<(), GainCommandError> {
    if let Some(path) = &args.cases {
        let json = cases_as_json(path)?;
        return write_out(args.output.as_deref(), &json);
    }
    if let Some(rating) = args.confident
        && (rating <= args.scale.min() || rating > args.scale.max())
    {
        return Err(GainCommandError::Threshold { rating, scale: args.scale });
    }
    let format = args.format.unwrap_or_else(|| format_of(args.output.as_deref()));
    if format == OutputFormat::Xlsx && args.output.is_none() && io::IsTerminal::is_terminal(&io::stdout()) {
        return Err(GainCommandError::WorkbookToTerminal);
    }
    let report = read_report(&args)?;
    let output = match format {
        OutputFormat::Table => table::render(&report).into_bytes(),
        OutputFormat::Csv => records::as_csv(&report)?,
        OutputFormat::Json => records::as_json(&report)?,
        OutputFormat::Xlsx => workbook::render(&report)?,
        OutputFormat::Html => page::render(&report).into_bytes(),
    };
    write_out(args.output.as_deref(), &output)
}

fn cases_as_json(path: &Path) -> Result<Vec<u8>, GainCommandError> {
    let in_file = |cause| GainCommandError::File { path: path.to_owned(), cause };
    let text = std::fs::read_to_string(path).map_err(in_file)?;
    let answers = answer_cases(&text).map_err(|cause| GainCommandError::Cases { path: path.to_owned(), cause })?;
    let mut json = serde_json::to_vec_pretty(&answers).map_err(io::Error::from)?;
    json.push(b'\n');
    Ok(json)
}

fn read_report(args: &GainArgs) -> Result<GainReport, GainCommandError> {
    let path = args.answers.clone().unwrap_or_default();
    let in_file = |cause| GainCommandError::File { path: path.clone(), cause };
    let file = File::open(&path).map_err(in_file)?;
    let bar = progress(file.metadata().map_err(in_file)?.len());
    let format = AnswersFormat {
        scale: args.scale,
        session_column: Some(args.session.clone()).filter(|column| column != "none"),
    };
    let answers = read_answers(bar.wrap_read(file), &format);
    bar.finish_and_clear();
    let answers = answers.map_err(|cause| GainCommandError::Answers { path, cause })?;
    Ok(GainReport::of(&answers, format.session_column.is_some(), args.confident, args.bootstrap))
}

/// Shown on stderr, and only when that is a terminal.
fn progress(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    if let Ok(style) = ProgressStyle::with_template("Reading answers {bar:30} {percent}% ({eta} left)") {
        bar.set_style(style);
    }
    bar
}

fn write_out(path: Option<&Path>, bytes: &[u8]) -> Result<(), GainCommandError> {
    match path {
        None => {
            let mut stdout = io::stdout().lock();
            stdout.write_all(bytes)?;
            Ok(stdout.flush()?)
        }
        Some(path) => {
            std::fs::write(path, bytes).map_err(|cause| GainCommandError::File { path: path.to_owned(), cause })
        }
    }
}

/// The format that a file's ending asks for.
fn format_of(path: Option<&Path>) -> OutputFormat {
    let ending = path.and_then(Path::extension).and_then(|ending| ending.to_str()).map(str::to_lowercase);
    ending.and_then(|ending| OutputFormat::from_str(&ending, true).ok()).unwrap_or(OutputFormat::Table)
}

/// "1-5", "0-100" or "-3-3".
fn parse_scale(text: &str) -> Result<Scale, String> {
    let shape = || format!("“{text}” is not a scale such as 1-5");
    let dash = text.char_indices().skip(1).find(|&(_, letter)| letter == '-').map(|(place, _)| place);
    let (min, max) = text.split_at(dash.ok_or_else(shape)?);
    let min = min.trim().parse().map_err(|_| shape())?;
    let max = max[1..].trim().parse().map_err(|_| shape())?;
    Scale::new(min, max).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
