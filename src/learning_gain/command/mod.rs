//! `learning-gain gain`: the same figures from files, for people who have a spreadsheet and no server.
//!
//! `gain --cases FILE.json` answers cases for comparison with other engines; `gain ANSWERS.csv` prints the table per
//! course and item. Figures go to stdout or `-o FILE`, progress and errors to stderr.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

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
    /// The ending of the output's name is none that says what to write.
    #[error(
        "{}: this ending names no form of output: use .txt, .csv, .json, .xlsx or .html, or add --format",
        path.display()
    )]
    UnknownEnding {
        /// The output.
        path: PathBuf,
    },
    /// Cases are answered for other engines to read.
    #[error("cases are answered as JSON only: leave out --format, or call the output FILE.json")]
    CasesAreJson,
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

/// How an output ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// All of it was written.
    Whole,
    /// Whoever read it has left, as `head` does when it has enough.
    ReaderLeft,
}

impl From<Finish> for ExitCode {
    fn from(finish: Finish) -> Self {
        /// What a shell reports of a program that the signal of a closed pipe (13) has ended: 128 + 13.
        const CLOSED_PIPE: u8 = 141;
        match finish {
            Finish::Whole => Self::SUCCESS,
            Finish::ReaderLeft => Self::from(CLOSED_PIPE),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// [`GainCommandError`], whose message is for the person at the terminal. Where the input is at fault, nothing is
/// written.
pub fn run(args: GainArgs) -> Result<Finish, GainCommandError> {
    let format = format_of(&args)?;
    let output = args.output.as_deref();
    if let Some(path) = &args.cases {
        let json = cases_as_json(path)?;
        return write_out(output, |out| out.write_all(&json));
    }
    if let Some(rating) = args.confident
        && (rating <= args.scale.min() || rating > args.scale.max())
    {
        return Err(GainCommandError::Threshold { rating, scale: args.scale });
    }
    if format == OutputFormat::Xlsx && output.is_none() && io::IsTerminal::is_terminal(&io::stdout()) {
        return Err(GainCommandError::WorkbookToTerminal);
    }
    let report = read_report(&args)?;
    match format {
        OutputFormat::Table => write_out(output, |out| out.write_all(table::render(&report).as_bytes())),
        OutputFormat::Csv => write_out(output, |out| records::write_csv(&report, out)),
        OutputFormat::Json => write_out(output, |out| records::write_json(&report, out)),
        OutputFormat::Xlsx => {
            let workbook = workbook::render(&report)?;
            write_out(output, |out| out.write_all(&workbook))
        }
        OutputFormat::Html => write_out(output, |out| out.write_all(page::render(&report).as_bytes())),
    }
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
    let bar = progress(file.metadata().map_err(in_file)?.len(), ProgressDrawTarget::stderr());
    let format = AnswersFormat {
        scale: args.scale,
        session_column: Some(args.session.clone()).filter(|column| column != "none"),
    };
    let answers = read_answers(bar.wrap_read(file), &format);
    bar.finish_and_clear();
    let answers = answers.map_err(|cause| GainCommandError::Answers { path, cause })?;
    Ok(GainReport::of(&answers, format.session_column.is_some(), args.confident, args.bootstrap))
}

/// On stderr, it shows only when that is a terminal.
fn progress(bytes: u64, target: ProgressDrawTarget) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(bytes), target);
    if let Ok(style) = ProgressStyle::with_template("Reading answers {bar:30} {percent}% ({eta} left)") {
        bar.set_style(style);
    }
    bar
}

fn write_out(
    path: Option<&Path>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Finish, GainCommandError> {
    let Some(path) = path else { return write_to_reader(io::stdout().lock(), write) };
    let in_file = |cause| GainCommandError::File { path: path.to_owned(), cause };
    let mut out = BufWriter::new(File::create(path).map_err(in_file)?);
    write(&mut out).and_then(|()| out.flush()).map_err(in_file)?;
    Ok(Finish::Whole)
}

/// Writes to whoever reads the output, who may leave before its end.
fn write_to_reader(
    out: impl Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Finish, GainCommandError> {
    let mut out = BufWriter::new(out);
    match write(&mut out).and_then(|()| out.flush()) {
        Ok(()) => Ok(Finish::Whole),
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => Ok(Finish::ReaderLeft),
        Err(cause) => Err(cause.into()),
    }
}

/// The form that is asked for, in so many words or by the ending of the output's name.
fn format_of(args: &GainArgs) -> Result<OutputFormat, GainCommandError> {
    let usual = if args.cases.is_some() { OutputFormat::Json } else { OutputFormat::Table };
    let format = match (args.format, &args.output) {
        (Some(format), _) => format,
        (None, Some(path)) => by_ending(path, usual)?,
        (None, None) => usual,
    };
    if args.cases.is_some() && format != OutputFormat::Json {
        return Err(GainCommandError::CasesAreJson);
    }
    Ok(format)
}

/// The form that a file's ending asks for; without an ending, the usual one.
fn by_ending(path: &Path, usual: OutputFormat) -> Result<OutputFormat, GainCommandError> {
    let Some(ending) = path.extension() else { return Ok(usual) };
    match ending.to_string_lossy().to_lowercase().as_str() {
        "txt" => Ok(OutputFormat::Table),
        "csv" => Ok(OutputFormat::Csv),
        "json" => Ok(OutputFormat::Json),
        "xlsx" => Ok(OutputFormat::Xlsx),
        "html" | "htm" => Ok(OutputFormat::Html),
        _ => Err(GainCommandError::UnknownEnding { path: path.to_owned() }),
    }
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
