//! Answers from a CSV file (course, session, learner, item, before, after; blanks for not answered) to histograms.
//!
//! Rows stream: memory grows with courses, items, sessions and learners' marks (see `learner_table`), never with the
//! text. When a learner's rows stand together, composites and alpha come out too; when not, they say `not_grouped`.

use std::io::Read;
use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;
use std::thread;

use csv::ByteRecord;

use super::learner_table::{ITEMS_PER_PAGE, PageKey, PageKeys};
use super::rules::{AlphaSums, CompositeHistogram, Figure, JointHistogram, Scale, SessionList};

mod course;
mod error;
mod marker;
mod rows;

use course::{CourseTally, Names, checked_name};
pub use error::AnswersError;
use marker::{BATCHES_WAITING, Mark, Marks, Stopped, mark_all};
use rows::{RowCount, begin};

/// How a file is to be read.
#[derive(Debug, Clone)]
pub struct AnswersFormat {
    /// The scale of all its items.
    pub scale: Scale,
    /// The column that names the session; `None` when the file has none.
    pub session_column: Option<String>,
}

/// All answers of a file, by course in order of first appearance.
#[derive(Debug)]
pub struct Answers {
    /// The courses.
    pub courses: Vec<CourseAnswers>,
    /// Rows read, without the header.
    pub rows: u64,
}

/// The answers of one course.
#[derive(Debug)]
pub struct CourseAnswers {
    /// Its name in the file.
    pub name: String,
    /// Items in order of first appearance, with sums per session.
    pub items: Vec<(JointHistogram, SessionList)>,
    /// Totals of learners who answered all items both times.
    pub composite: Figure<(CompositeHistogram, SessionList)>,
    /// Agreement of the items before.
    pub alpha_before: Figure<AlphaSums>,
    /// Agreement of the items after.
    pub alpha_after: Figure<AlphaSums>,
    /// The sessions' names; a session's number in the lists is its place here.
    pub sessions: Vec<String>,
}

/// Where the columns stand.
struct Columns {
    course: usize,
    session: Option<usize>,
    session_name: String,
    learner: usize,
    item: usize,
    before: usize,
    after: usize,
    count: usize,
}

impl Columns {
    fn find(header: &ByteRecord, session_column: Option<&str>) -> Result<Self, AnswersError> {
        if let (1, Some(line)) = (header.len(), header.get(0)) {
            let others = [(b';', "semicolons"), (b'\t', "tabs")];
            if let Some((_, separator)) = others.into_iter().find(|(byte, _)| line.contains(byte)) {
                return Err(AnswersError::Separator { separator });
            }
        }
        let clean = |field: &[u8]| String::from_utf8_lossy(field).trim_start_matches('\u{feff}').trim().to_lowercase();
        let names: Vec<String> = header.iter().map(clean).collect();
        let place = |wanted: &str| {
            let mut places = names.iter().enumerate().filter(|(_, name)| *name == &wanted.to_lowercase());
            match (places.next(), places.next()) {
                (None, _) => Err(AnswersError::MissingColumn { column: wanted.to_owned() }),
                (Some((place, _)), None) => Ok(place),
                _ => Err(AnswersError::ColumnTwice { column: wanted.to_owned() }),
            }
        };
        Ok(Self {
            course: place("course")?,
            session: session_column.map(place).transpose()?,
            session_name: session_column.unwrap_or("session").to_owned(),
            learner: place("learner")?,
            item: place("item")?,
            before: place("before")?,
            after: place("after")?,
            count: names.len(),
        })
    }
}

/// One answered item of a learner, by the item's number in the course.
#[derive(Clone, Copy)]
struct Answered {
    item: usize,
    before: Option<i32>,
    after: Option<i32>,
}

/// The learner whose rows are being read.
#[derive(Default)]
struct OpenLearner {
    name: Vec<u8>,
    course: usize,
    session: u32,
    /// The page of items at hand; `None` before the first learner.
    page: Option<(usize, PageKey)>,
    /// The answers in the order of the rows.
    answers: Vec<Answered>,
}

struct Reader {
    scale: Scale,
    columns: Columns,
    courses: Names,
    tallies: Vec<CourseTally>,
    /// Items of all courses together.
    lines: usize,
    keys: PageKeys,
    marks: Marks,
    open: OpenLearner,
}

/// The most items that the courses of a file may have together: a line of figures each, of some 5 KB.
const MOST_LINES: usize = 100_000;

/// Why reading ends before the file does.
enum End {
    Error(AnswersError),
    /// The marker has found a learner twice, and says where.
    Stopped,
}

impl<E: Into<AnswersError>> From<E> for End {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl From<Stopped> for End {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

/// Reads all answers. `source` may be any size; it is read once, from start to end.
///
/// # Errors
/// [`AnswersError`] with row and column of the first thing that is wrong; nothing is returned then.
pub fn read_answers(source: impl Read, format: &AnswersFormat) -> Result<Answers, AnswersError> {
    /// Large enough that reading costs nothing beside parsing, small beside the memory of a phone.
    const BUFFER: usize = 1 << 16;
    let (source, mut count) = begin(source)?;
    let mut rows =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(BUFFER).from_reader(source);
    let mut record = ByteRecord::new();
    if !rows.read_byte_record(&mut record)? {
        return Err(AnswersError::Empty);
    }
    count.next(rows.position().line(), &record);
    let columns = Columns::find(&record, format.session_column.as_deref())?;
    thread::scope(|scope| {
        let (marks, batches) = sync_channel(BATCHES_WAITING);
        let marker = scope.spawn(|| mark_all(batches));
        let mut reader = Reader {
            scale: format.scale,
            columns,
            courses: Names::default(),
            tallies: Vec::new(),
            lines: 0,
            keys: PageKeys::random(),
            marks: Marks::new(marks),
            open: OpenLearner::default(),
        };
        let read = reader.take_all(&mut rows, &mut record, count);
        reader.close_learner();
        let Reader { courses, tallies, marks, .. } = reader;
        marks.finish();
        // A learner twice stands before whatever else is wrong, because reading went on meanwhile.
        let grouped = marker.join().unwrap_or_else(|panic| resume_unwind(panic)).map_err(|twice| {
            AnswersError::LearnerTwice { row: twice.row, item: tallies[twice.course].item_name(twice.item) }
        })?;
        let rows = match read {
            Ok(0) | Err(End::Stopped) => return Err(AnswersError::Empty),
            Ok(rows) => rows,
            Err(End::Error(error)) => return Err(error),
        };
        let courses = courses.into_texts().into_iter().zip(tallies);
        Ok(Answers { courses: courses.map(|(name, tally)| tally.finish(name, grouped)).collect(), rows })
    })
}

impl Reader {
    /// Counts all rows and says how many there were, without the header.
    fn take_all(
        &mut self,
        rows: &mut csv::Reader<impl Read>,
        record: &mut ByteRecord,
        mut count: RowCount,
    ) -> Result<u64, End> {
        let mut taken = 0;
        while rows.read_byte_record(record)? {
            let row = count.next(rows.position().line(), record);
            self.take(record, row)?;
            taken += 1;
        }
        Ok(taken)
    }

    /// Counts one row.
    fn take(&mut self, record: &ByteRecord, row: u64) -> Result<(), End> {
        if record.len() != self.columns.count {
            return Err(AnswersError::FieldCount { row, found: record.len(), expected: self.columns.count }.into());
        }
        let before = self.rating(&record[self.columns.before], row, "before")?;
        let after = self.rating(&record[self.columns.after], row, "after")?;
        let course = self.courses.number(&record[self.columns.course], row, "course")?;
        if course == self.tallies.len() {
            self.tallies.push(CourseTally::new(self.scale));
        }
        let tally = &mut self.tallies[course];
        let session = match self.columns.session {
            Some(column) => tally.session(&record[column], row, &self.columns.session_name)?,
            None => 0,
        };
        let items = tally.items();
        let item = tally.item(&record[self.columns.item], row)?;
        if item == items {
            self.lines += 1;
            if self.lines > MOST_LINES {
                // Of a thousand courses with a hundred items, or of a hundred thousand with one?
                let column = if item == 0 { "course" } else { "item" }.to_owned();
                return Err(AnswersError::TooManyNames { row, column, most: MOST_LINES }.into());
            }
        }
        tally.count(item, session, before, after);

        let learner = &record[self.columns.learner];
        let same_learner = self.open.page.is_some()
            && self.open.course == course
            && self.open.session == session
            && self.open.name == learner;
        if !same_learner {
            self.close_learner();
            self.open_learner(course, session, learner, row)?;
        }
        self.mark(item, !same_learner, row)?;
        self.open.answers.push(Answered { item, before, after });
        Ok(())
    }

    /// Starts a learner's rows.
    fn open_learner(&mut self, course: usize, session: u32, learner: &[u8], row: u64) -> Result<(), AnswersError> {
        checked_name(learner, row, "learner")?;
        let open = &mut self.open;
        open.name.clear();
        open.name.extend_from_slice(learner);
        open.answers.clear();
        (open.course, open.session) = (course, session);
        open.page = Some((0, self.keys.of(course as u32, session, 0, learner)));
        Ok(())
    }

    /// Has an item marked as answered by the open learner.
    fn mark(&mut self, item: usize, begins: bool, row: u64) -> Result<(), Stopped> {
        let wanted = item / ITEMS_PER_PAGE;
        let course = self.open.course;
        let bit = 1 << (item % ITEMS_PER_PAGE);
        let page = match self.open.page {
            Some((page, key)) if page == wanted => key,
            open => {
                // Every learner has the first page, answered or not, so that a return is always noticed.
                if let Some((_, page)) = open.filter(|_| begins) {
                    self.marks.push(Mark { page, begins, bit: 0, row, course, item })?;
                }
                let key = self.keys.of(course as u32, self.open.session, wanted, &self.open.name);
                self.open.page = Some((wanted, key));
                return self.marks.push(Mark { page: key, begins: false, bit, row, course, item });
            }
        };
        self.marks.push(Mark { page, begins, bit, row, course, item })
    }

    /// Ends a learner's rows: their answers together enter composite and alpha, which count only if in the end all
    /// learners' rows stood together.
    fn close_learner(&mut self) {
        if self.open.page.is_some() {
            self.tallies[self.open.course].count_learner(self.open.session, &self.open.answers);
        }
    }

    /// A rating, or `None` for a blank. `4.0` is read as 4, because spreadsheets write it so; 3.5 is refused.
    fn rating(&self, field: &[u8], row: u64, column: &str) -> Result<Option<i32>, AnswersError> {
        let rating = match field {
            [] => return Ok(None),
            &[digit @ b'0'..=b'9'] => i64::from(digit - b'0'),
            longer => match parse_rating(longer) {
                Ok(None) => return Ok(None),
                Ok(Some(rating)) => rating,
                Err(text) => {
                    return Err(AnswersError::NotWhole { row, column: column.to_owned(), text });
                }
            },
        };
        match i32::try_from(rating) {
            Ok(rating) if self.scale.contains(rating) => Ok(Some(rating)),
            _ => Err(AnswersError::OutsideScale { row, column: column.to_owned(), rating, scale: self.scale }),
        }
    }
}

/// A whole number, `None` for only blanks, or the text that is neither.
fn parse_rating(field: &[u8]) -> Result<Option<i64>, String> {
    let shown = || String::from_utf8_lossy(field).chars().take(40).collect::<String>();
    let text = std::str::from_utf8(field).map_err(|_| shown())?.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let whole = text.split_once('.').map_or(text, |(whole, zeros)| {
        if !zeros.is_empty() && zeros.bytes().all(|digit| digit == b'0') { whole } else { text }
    });
    whole.parse().map(Some).map_err(|_| shown())
}

#[cfg(test)]
mod tests;
