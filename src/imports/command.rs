//! `learning-gain import history.csv`.

use super::{
    rules::{History, LARGEST_FILE, Problem, RawRow, understand},
    store::{Imported, history_import_in_txn},
};
use crate::server::{clock::Clock, database::Database, serve::ServeError};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};

/// Problems that are printed; the others are counted.
const PRINTED: usize = 100;

/// What `learning-gain import` can be told.
#[derive(Clone, Debug, clap::Args)]
pub struct ImportArgs {
    /// The history: CSV in UTF-8, one row per person and session date
    pub file: PathBuf,
    /// Check the file and say what would be imported, but change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened or is too large.
    #[error("{0}")]
    File(String),
    /// The file has mistakes.
    #[error("nothing was imported, because of {} in the file:\n{}", count(.0.len()), listed(.0))]
    Problems(Vec<Problem>),
    /// The service or its database failed.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// A query failed.
    #[error("nothing was imported: the database failed: {0}")]
    Query(#[from] sea_orm::DbErr),
}

fn count(problems: usize) -> String {
    if problems == 1 { "one problem".to_owned() } else { format!("{problems} problems") }
}

fn listed(problems: &[Problem]) -> String {
    let mut lines: Vec<String> = problems.iter().take(PRINTED).map(|problem| format!("  {problem}")).collect();
    if problems.len() > PRINTED {
        lines.push(format!("  … and {} more", problems.len() - PRINTED));
    }
    lines.join("\n")
}

/// Imports a file into a database, and says what was done.
pub async fn run(args: ImportArgs, database_url: &str) -> Result<(), ImportError> {
    let clock = Clock::system();
    let bytes = read(&args.file)?;
    let history = take_apart(&bytes).and_then(|(heading, rows)| understand(&heading, &rows, clock.now()));
    let history = history.map_err(ImportError::Problems)?;
    let db = Database::open(database_url).await.map_err(ServeError::from)?;
    let bar = ProgressBar::new(history.rows.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("Importing {wide_bar} {pos} of {len} rows") {
        bar.set_style(style);
    }
    let outcome = import(&history, args.dry_run, &clock, &db, &|done| bar.set_position(done)).await;
    bar.finish_and_clear();
    println!("{}", sentence(&outcome?, args.dry_run, &history));
    db.close().await?;
    Ok(())
}

/// Imports an understood file: all of it, or, on a dry run or where it does not fit, nothing.
pub async fn import(
    history: &History,
    dry_run: bool,
    clock: &Clock,
    db: &Database,
    tick: &(dyn Fn(u64) + Sync),
) -> Result<Imported, ImportError> {
    let txn = db.write().await?;
    match history_import_in_txn(history, clock.now(), tick, &txn).await? {
        Err(problems) => Err(ImportError::Problems(problems)),
        Ok(done) if dry_run => {
            txn.rollback().await?;
            Ok(done)
        }
        Ok(done) => {
            txn.commit().await?;
            Ok(done)
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, ImportError> {
    let name = path.display();
    let size = std::fs::metadata(path).map_err(|error| ImportError::File(format!("{name}: {error}")))?.len();
    if size > LARGEST_FILE {
        // What is larger by a letter is not called as large.
        let [size, most] = [size, LARGEST_FILE].map(|bytes| bytes.div_ceil(1024 * 1024));
        return Err(ImportError::File(format!(
            "{name}: the file has {size} MB, and {most} MB is the most. Split it by year"
        )));
    }
    std::fs::read(path).map_err(|error| ImportError::File(format!("{name}: {error}")))
}

/// Takes a CSV file apart into its heading and rows. Fails on text that is not UTF-8 with the row.
pub fn take_apart(bytes: &[u8]) -> Result<(Vec<String>, Vec<RawRow>), Vec<Problem>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let wrong = |row: u64, sentence: &str| vec![Problem::new(row, "", sentence)];
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(wrong(1, "The file is in UTF-16. Save it as “CSV UTF-8”"));
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        let row = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() as u64;
        return Err(wrong(row, "This is not UTF-8. Save the file as “CSV UTF-8”"));
    }
    if bytes.contains(&0) {
        return Err(wrong(1, "The file holds a character that no keyboard has. Is it a spreadsheet and not CSV?"));
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut rows: Vec<RawRow> = Vec::new();
    let (mut counted, mut line) = (0, 1);
    for record in reader.records() {
        let record = record.map_err(|error| {
            let row = error.position().map_or(1, csv::Position::line);
            vec![Problem::new(row, "", "This row is not CSV")]
        })?;
        // The reader's own count lags by one where lines end as on Windows: a row seems to start at the line feed
        // that ends the row before.
        let start = record.position().map_or(counted, |position| position.byte() as usize);
        let start = start + bytes[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        line += bytes[counted..start].iter().filter(|byte| **byte == b'\n').count() as u64;
        counted = start;
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        // Spreadsheets leave rows of nothing but commas behind.
        if rows.is_empty() || cells.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push(RawRow { line, cells });
        }
    }
    if rows.is_empty() {
        return Err(wrong(1, "The file is empty"));
    }
    let heading = rows.remove(0).cells;
    Ok((heading, rows))
}

fn sentence(done: &Imported, dry_run: bool, history: &History) -> String {
    if done.new_rows == 0 {
        return format!("All {} rows are here already: nothing was changed.", done.rows);
    }
    let (would, then) = if dry_run { ("would be ", "\nNothing was changed: this was a dry run.") } else { ("", "") };
    let core = history
        .items
        .get(history.core)
        .map(|item| {
            format!("\n“{item}” is taken as the statement on overall confidence where a course asked none before.")
        })
        .unwrap_or_default();
    format!(
        "{} of {} rows {would}imported: {} new people, {} new agencies, {} new courses (as drafts), {} new sessions, {} answers.{core}{then}",
        done.new_rows, done.rows, done.people, done.agencies, done.courses, done.sessions, done.answers
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning_gain::mutation::mutated;
    use proptest::prelude::*;

    /// What spreadsheets write: a mark at the start, Windows line ends, quotes with line ends in them, blanks, both
    /// forms of dates, a session of two dates, and a row of nothing but commas.
    const GOOD: &[u8] =
        "\u{feff}Course,session,date,start,name,email,agency,outcome,before:Core,after:core,before:Act\r\n\
        Neglect,N1,2019-11-12,09:30,Amira Khan,amira@oak.example,Oak School,attended,3,4,2\r\n\
        Neglect,N1,19/11/2019,09:30,Amira Khan,amira@oak.example,Oak School,left early,3,4,\r\n\
        \"Early help, \"\"new\"\"\",E1,14/01/2020,13:00,\"Ben\r\nCole\",ben@elm.example,,DNA,,5,1\r\n\
        ,,,,,,,,,,\r\n"
            .as_bytes();

    fn read_whole(bytes: &[u8]) -> Result<History, Vec<Problem>> {
        let now = "2021-03-22T09:00:00Z".parse().unwrap();
        take_apart(bytes).and_then(|(heading, rows)| understand(&heading, &rows, now))
    }

    #[test]
    fn the_file_that_is_changed_below_is_good() {
        let history = read_whole(GOOD).unwrap();
        assert_eq!((history.rows.len(), history.items.as_slice()), (3, &["Core".to_owned(), "Act".to_owned()][..]));
    }

    fn holds(bytes: &[u8]) -> Result<(), TestCaseError> {
        let lines = 1 + bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        match read_whole(bytes) {
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                prop_assert!(problems.is_sorted_by_key(|problem| problem.row));
                for problem in problems {
                    prop_assert!(!problem.sentence.is_empty());
                    prop_assert!((1..=lines).contains(&problem.row), "row {} of {}", problem.row, lines);
                }
            }
            Ok(history) => {
                prop_assert!(!history.rows.is_empty());
                for row in &history.rows {
                    prop_assert!((2..=lines).contains(&row.line), "row {} of {}", row.line, lines);
                    prop_assert!(row.email.contains('@') && !row.name.is_empty() && !row.course.is_empty());
                    for (_, item, rating) in &row.ratings {
                        prop_assert!(*item < history.items.len() && (1..=5).contains(rating));
                    }
                }
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn a_changed_file_is_understood_or_refused_by_row(file in mutated(GOOD)) {
            holds(&file)?;
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            holds(&bytes)?;
            let mut after_heading = GOOD[..GOOD.iter().position(|byte| *byte == b'\n').unwrap() + 1].to_vec();
            after_heading.extend(&bytes);
            holds(&after_heading)?;
        }

        #[test]
        fn no_fields_make_it_panic(rows in prop::collection::vec(
            "[a-b]{0,1},[1-2]?,(2019-1[0-3]-3[0-2]|3[0-2]/1[0-3]/2019|[0-9/-]{0,10}),[0-2][0-9]:[0-6][0-9],[A-C ]{0,3},[x-z]?@x.example,,(attended|dna|[a-z]{0,3}),-?[0-9.]{0,3},[0-9 ]{0,2},[0-9e]{0,2}",
            0..8,
        )) {
            let heading = std::str::from_utf8(GOOD).unwrap().lines().next().unwrap();
            holds(format!("{heading}\n{}", rows.join("\n")).as_bytes())?;
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_heading() {
        let (heading, rows) =
            take_apart(b"\xEF\xBB\xBFcourse,session\r\nNeglect,\"S\n1\"\r\n,,\r\nSelf-harm,S2\r\n").unwrap();
        assert_eq!(heading, ["course", "session"]);
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 5]);
        assert_eq!(rows[0].cells, ["Neglect", "S\n1"]);
    }

    #[test]
    fn other_encodings_are_named_with_their_row() {
        let told = |bytes: &[u8]| take_apart(bytes).unwrap_err()[0].to_string();
        assert_eq!(told(b"a,b\n1,2\n3,caf\xE9\n"), "row 3: This is not UTF-8. Save the file as “CSV UTF-8”");
        assert!(told(b"\xFF\xFEa\0").starts_with("row 1: The file is in UTF-16"));
        assert_eq!(told(b""), "row 1: The file is empty");
        assert!(told(b"PK\x03\x04\0").starts_with("row 1: "));
    }
}
