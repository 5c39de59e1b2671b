//! What a history file must look like, and what each of its rows says. Pure: the file has been taken apart into texts
//! before, and nothing is looked up.

#[cfg(test)]
mod tests;

use crate::{
    accounts::rules::{parse_address, parse_name},
    attendance::rules::Mark,
    calendar::rules::{from_london, london_day, parse_time},
    surveys::rules::Wave,
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, HashMap};

/// The columns that every history has.
pub const COLUMNS: [&str; 8] = ["course", "session", "date", "start", "name", "email", "agency", "outcome"];
/// What starts the column of a rating, by wave.
const WAVES: [(&str, Wave); 4] =
    [("before:", Wave::Before), ("after:", Wave::After), ("later:", Wave::FollowUp), ("manager:", Wave::Manager)];
/// The largest file, in bytes: a million rows of a large board.
pub const LARGEST_FILE: u64 = 200 * 1024 * 1024;
/// The longest text in a cell, in characters.
const LONGEST_TEXT: usize = 200;
/// The item whose name makes it the statement on overall confidence.
const CORE_NAMES: [&str; 4] = ["core", "overall", "overall confidence", "overall-confidence"];

/// Something wrong in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line in the file, counted from 1: the heading is line 1.
    pub row: u64,
    /// The column's heading, or "" where the whole row or file is meant.
    pub column: String,
    /// What is wrong and what to do.
    pub sentence: String,
}

impl Problem {
    /// About one cell.
    pub fn new(row: u64, column: &str, sentence: impl Into<String>) -> Self {
        Self { row, column: column.to_owned(), sentence: sentence.into() }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.column.as_str() {
            "" => write!(f, "row {}: {}", self.row, self.sentence),
            column => write!(f, "row {}, column {column}: {}", self.row, self.sentence),
        }
    }
}

/// A row as the file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawRow {
    /// The line on which it begins.
    pub line: u64,
    /// Its cells.
    pub cells: Vec<String>,
}

/// What became of a person on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOutcome {
    /// The register's mark.
    Marked(Mark),
    /// Gave the place back in time.
    CancelledInTime,
    /// Gave it back late.
    CancelledLate,
}

/// The words for outcomes.
const OUTCOMES: [(&str, RowOutcome); 13] = [
    ("attended", RowOutcome::Marked(Mark::Present)),
    ("present", RowOutcome::Marked(Mark::Present)),
    ("late", RowOutcome::Marked(Mark::Late)),
    ("part attended", RowOutcome::Marked(Mark::LeftEarly)),
    ("left early", RowOutcome::Marked(Mark::LeftEarly)),
    ("refused late", RowOutcome::Marked(Mark::RefusedLate)),
    ("did not attend", RowOutcome::Marked(Mark::DidNotAttend)),
    ("dna", RowOutcome::Marked(Mark::DidNotAttend)),
    ("no show", RowOutcome::Marked(Mark::DidNotAttend)),
    ("excused", RowOutcome::Marked(Mark::Excused)),
    ("cancelled", RowOutcome::CancelledInTime),
    ("cancelled in time", RowOutcome::CancelledInTime),
    ("cancelled late", RowOutcome::CancelledLate),
];

/// The outcome of a word; capitals, hyphens and underscores do not matter.
pub fn parse_outcome(text: &str) -> Option<RowOutcome> {
    let word = text.trim().to_lowercase().replace(['-', '_'], " ");
    OUTCOMES.iter().find(|(known, _)| *known == word).map(|(_, outcome)| *outcome)
}

/// A row understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line on which it begins.
    pub line: u64,
    /// The course's title.
    pub course: String,
    /// What the file calls the session.
    pub session: String,
    /// When this date started.
    pub starts_at: DateTime<Utc>,
    /// The person's name.
    pub name: String,
    /// Their address, lower case.
    pub email: String,
    /// Their agency's name.
    pub agency: Option<String>,
    /// What became of them.
    pub outcome: RowOutcome,
    /// Their ratings, by place in `History::items`.
    pub ratings: Vec<(Wave, usize, i32)>,
}

impl Row {
    /// The London day of its date.
    pub fn day(&self) -> NaiveDate {
        london_day(self.starts_at)
    }
}

/// A file understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// What was asked, in the order of the columns.
    pub items: Vec<String>,
    /// Which item stands for overall confidence: the one named "core", else the first.
    pub core: usize,
    /// The rows, in the order of the file.
    pub rows: Vec<Row>,
}

/// Where each column is.
struct Columns {
    fixed: [usize; 8],
    ratings: Vec<(usize, Wave, usize)>,
    items: Vec<String>,
    count: usize,
}

/// Understands a whole file, or names everything that is wrong with it.
pub fn understand(heading: &[String], rows: &[RawRow], now: DateTime<Utc>) -> Result<History, Vec<Problem>> {
    let columns = find_columns(heading)?;
    if rows.is_empty() {
        return Err(vec![Problem::new(1, "", "The file has a heading but no rows")]);
    }
    let mut problems = Vec::new();
    let mut understood = Vec::with_capacity(rows.len());
    for row in rows {
        match understand_row(row, heading, &columns, now) {
            Ok(row) => understood.push(row),
            Err(wrong) => problems.extend(wrong),
        }
    }
    problems.extend(compare_rows(&understood, &columns.items));
    if !problems.is_empty() {
        problems.sort_by_key(|problem| problem.row);
        return Err(problems);
    }
    let is_core = |item: &String| CORE_NAMES.contains(&item.to_lowercase().as_str());
    let core = columns.items.iter().position(is_core).unwrap_or(0);
    Ok(History { items: columns.items, core, rows: understood })
}

fn find_columns(heading: &[String]) -> Result<Columns, Vec<Problem>> {
    let mut problems = Vec::new();
    let names: Vec<String> = heading.iter().map(|name| name.trim().to_lowercase()).collect();
    for (place, name) in names.iter().enumerate() {
        let is_known = COLUMNS.contains(&name.as_str()) || item_of(name).is_some();
        if !is_known {
            let sentence = "Unknown column. Columns are course, session, date, start, name, email, agency, outcome, and before:…, after:…, later:… and manager:… with the name of a statement";
            problems.push(Problem::new(1, heading[place].trim(), sentence));
        } else if names[..place].contains(name) {
            problems.push(Problem::new(1, heading[place].trim(), "This column is there twice"));
        }
    }
    let mut fixed = [0; 8];
    for (column, place) in COLUMNS.iter().zip(&mut fixed) {
        match names.iter().position(|name| name == column) {
            Some(found) => *place = found,
            None => problems.push(Problem::new(1, column, "This column is missing")),
        }
    }
    let mut items: Vec<String> = Vec::new();
    let mut ratings = Vec::new();
    for (place, name) in heading.iter().enumerate() {
        let Some((wave, item)) = item_of(name.trim()) else { continue };
        let item = items.iter().position(|known| known.eq_ignore_ascii_case(item)).unwrap_or_else(|| {
            items.push(item.to_owned());
            items.len() - 1
        });
        ratings.push((place, wave, item));
    }
    if problems.is_empty() { Ok(Columns { fixed, ratings, items, count: heading.len() }) } else { Err(problems) }
}

/// The column of an item's ratings in a wave: "before:Core".
pub fn column_of(wave: Wave, item: &str) -> String {
    let start = WAVES.iter().find(|(_, known)| *known == wave).map_or("", |(start, _)| start);
    format!("{start}{item}")
}

/// "before:Core" as the wave and "Core".
fn item_of(name: &str) -> Option<(Wave, &str)> {
    for (start, wave) in WAVES {
        if let Some(head) = name.get(..start.len())
            && head.eq_ignore_ascii_case(start)
        {
            let item = name[start.len()..].trim();
            return (!item.is_empty() && item.chars().count() <= LONGEST_TEXT).then_some((wave, item));
        }
    }
    None
}

fn understand_row(
    row: &RawRow,
    heading: &[String],
    columns: &Columns,
    now: DateTime<Utc>,
) -> Result<Row, Vec<Problem>> {
    if row.cells.len() != columns.count {
        let sentence = format!("This row has {} cells, but the heading has {}", row.cells.len(), columns.count);
        return Err(vec![Problem::new(row.line, "", sentence)]);
    }
    let mut problems = Vec::new();
    let mut wrong = |column: &str, sentence: String| problems.push(Problem::new(row.line, column, sentence));
    let cell = |column: &str| {
        let place = COLUMNS.iter().position(|known| *known == column).unwrap_or(0);
        row.cells[columns.fixed[place]].trim()
    };
    for (column, what) in [("course", "a course"), ("session", "what you call the session")] {
        let length = cell(column).chars().count();
        if length == 0 {
            wrong(column, format!("Enter {what}"));
        } else if length > LONGEST_TEXT {
            wrong(column, format!("This is longer than {LONGEST_TEXT} characters"));
        }
    }
    if cell("agency").chars().count() > LONGEST_TEXT {
        wrong("agency", format!("This is longer than {LONGEST_TEXT} characters"));
    }
    let name = parse_name(cell("name")).map_err(|sentence| wrong("name", sentence)).ok();
    let email = parse_address(cell("email")).map_err(|sentence| wrong("email", sentence)).ok();
    let date = parse_date(cell("date")).map_err(|sentence| wrong("date", sentence)).ok();
    let start = parse_time("the start", cell("start")).map_err(|sentence| wrong("start", sentence)).ok();
    let outcome = parse_outcome(cell("outcome"));
    if outcome.is_none() {
        let sentence = format!(
            "“{}” is no outcome. Use attended, late, part attended, refused late, did not attend, excused, cancelled in time or cancelled late",
            cell("outcome")
        );
        wrong("outcome", sentence);
    }
    let starts_at = date.zip(start).map(|(date, start)| from_london(date.and_time(start)));
    if starts_at.is_some_and(|starts| starts > now) {
        wrong("date", "This date has not come yet: a history holds what has happened".to_owned());
    }
    let mut ratings = Vec::new();
    for (place, wave, item) in &columns.ratings {
        match parse_rating(&row.cells[*place]) {
            Ok(Some(rating)) => ratings.push((*wave, *item, rating)),
            Ok(None) => {}
            Err(sentence) => wrong(heading[*place].trim(), sentence),
        }
    }
    match (name, email, starts_at, outcome) {
        (Some(name), Some(email), Some(starts_at), Some(outcome)) if problems.is_empty() => Ok(Row {
            line: row.line,
            course: cell("course").to_owned(),
            session: cell("session").to_owned(),
            starts_at,
            name,
            email,
            agency: Some(cell("agency")).filter(|agency| !agency.is_empty()).map(str::to_owned),
            outcome,
            ratings,
        }),
        _ => Err(problems),
    }
}

/// "2021-03-31" or, as English spreadsheets write it, "31/03/2021".
pub fn parse_date(text: &str) -> Result<NaiveDate, String> {
    if text.is_empty() {
        return Err("Enter a date such as 2021-03-31 or 31/03/2021".to_owned());
    }
    let formats = ["%Y-%m-%d", "%d/%m/%Y"];
    let has_full_year = text.len() >= 8 && text.len() <= 10;
    formats
        .iter()
        .find_map(|format| NaiveDate::parse_from_str(text, format).ok())
        .filter(|_| has_full_year)
        .filter(|date| (1990..=2200).contains(&chrono::Datelike::year(date)))
        .ok_or_else(|| format!("“{text}” is no date. Write it as 2021-03-31 or 31/03/2021"))
}

fn parse_rating(text: &str) -> Result<Option<i32>, String> {
    match text.trim() {
        "" => Ok(None),
        rating => match rating.parse::<i32>() {
            Ok(rating) if (1..=5).contains(&rating) => Ok(Some(rating)),
            _ => Err(format!("“{rating}” is no rating: use a whole number from 1 to 5, or leave the cell empty")),
        },
    }
}

/// What only shows between rows: the same row twice, a session of two courses, two starts of one date, a person's
/// answers to one session told differently on its dates.
fn compare_rows(rows: &[Row], items: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen: HashMap<(&str, &str, NaiveDate), u64> = HashMap::new();
    let mut courses: HashMap<&str, (&Row, String)> = HashMap::new();
    let mut starts: HashMap<(&str, NaiveDate), &Row> = HashMap::new();
    let mut answers: HashMap<(&str, &str, Wave, usize), (i32, u64)> = HashMap::new();
    for row in rows {
        if let Some(line) = seen.insert((&row.session, &row.email, row.day()), row.line) {
            let sentence = format!("This person is on this session and date in row {line} already");
            problems.push(Problem::new(row.line, "email", sentence));
            continue;
        }
        let (first, course) = courses.entry(&row.session).or_insert((row, row.course.to_lowercase()));
        if *course != row.course.to_lowercase() {
            let sentence = format!("Session “{}” is on “{}” in row {}", row.session, first.course, first.line);
            problems.push(Problem::new(row.line, "course", sentence));
        }
        let first = starts.entry((&row.session, row.day())).or_insert(row);
        if first.starts_at != row.starts_at {
            let sentence =
                format!("This date of session “{}” starts at another time in row {}", row.session, first.line);
            problems.push(Problem::new(row.line, "start", sentence));
        }
        for (wave, item, rating) in &row.ratings {
            let place = (row.session.as_str(), row.email.as_str(), *wave, *item);
            let (told, line) = answers.entry(place).or_insert((*rating, row.line));
            if told != rating {
                let sentence = format!("This person's answer for this session is {told} in row {line}");
                problems.push(Problem::new(row.line, &column_of(*wave, &items[*item]), sentence));
            }
        }
    }
    problems
}

/// The rows of each session, sessions by name.
pub fn by_session(rows: &[Row]) -> BTreeMap<&str, Vec<&Row>> {
    let mut sessions: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        sessions.entry(&row.session).or_default().push(row);
    }
    sessions
}
