//! The running counts of one course while its rows stream by.

use std::collections::HashMap;

use super::{AnswersError, CourseAnswers};
use crate::learning_gain::rules::{
    AlphaSums, CompositeHistogram, ItemVersion, JointHistogram, Scale, SessionList, SessionSums, Undefined,
};

/// Names in order of first appearance. Rows come in runs, so the last number, and the one after it, are tried first.
#[derive(Default)]
pub(super) struct Names {
    numbers: HashMap<Box<[u8]>, usize>,
    texts: Vec<String>,
    last: usize,
}

impl Names {
    /// The number of a name, a new one if it is new.
    pub(super) fn number(&mut self, name: &[u8], row: u64, column: &str) -> Result<usize, AnswersError> {
        for guess in [self.last, self.last + 1] {
            if self.texts.get(guess).is_some_and(|text| text.as_bytes() == name) {
                self.last = guess;
                return Ok(guess);
            }
        }
        let known = self.numbers.get(name).copied();
        let number = match known {
            Some(number) => number,
            None => self.add(name, row, column)?,
        };
        self.last = number;
        Ok(number)
    }

    fn add(&mut self, name: &[u8], row: u64, column: &str) -> Result<usize, AnswersError> {
        if name.trim_ascii().is_empty() {
            return Err(AnswersError::Blank { row, column: column.to_owned() });
        }
        let text = std::str::from_utf8(name).map_err(|_| AnswersError::NotUtf8 { row, column: column.to_owned() })?;
        let number = self.texts.len();
        if u32::try_from(number).is_err() {
            return Err(AnswersError::TooManyNames { row });
        }
        self.texts.push(text.to_owned());
        self.numbers.insert(name.into(), number);
        Ok(number)
    }

    pub(super) fn into_texts(self) -> Vec<String> {
        self.texts
    }
}

/// Up to this many ratings (blank included) an item's cells are a plain table, 5 KB; wider scales use the sorted list.
const WIDEST_TABLE: usize = 24;

/// The cells of one item: a table with a row per rating before and a column per rating after, blanks first; or, on a
/// wide scale, the histogram itself.
struct ItemTally {
    table: Vec<u64>,
    histogram: JointHistogram,
    /// By session.
    sessions: Vec<(u64, i64, i64)>,
}

/// Everything that spans a learner's items. Begun anew whenever the course turns out to have one more item: learners
/// before did not answer it, so they never count as complete.
struct CompleteTally {
    items: usize,
    composite: Option<CompositeHistogram>,
    sessions: SessionList,
    alpha_before: AlphaSums,
    alpha_after: AlphaSums,
}

pub(super) struct CourseTally {
    scale: Scale,
    item_names: Names,
    session_names: Names,
    items: Vec<ItemTally>,
    complete: CompleteTally,
    /// Room for one learner's ratings.
    ratings: Vec<i32>,
}

impl CourseTally {
    pub(super) fn new(scale: Scale) -> Self {
        Self {
            scale,
            item_names: Names::default(),
            session_names: Names::default(),
            items: Vec::new(),
            complete: CompleteTally::new(scale, 0),
            ratings: Vec::new(),
        }
    }

    pub(super) fn session(&mut self, name: &[u8], row: u64, column: &str) -> Result<u32, AnswersError> {
        Ok(self.session_names.number(name, row, column)? as u32)
    }

    pub(super) fn item(&mut self, name: &[u8], row: u64) -> Result<usize, AnswersError> {
        let item = self.item_names.number(name, row, "item")?;
        if item == self.items.len() {
            self.items.push(ItemTally::new(&self.item_names.texts[item], self.scale));
        }
        Ok(item)
    }

    pub(super) fn item_name(&self, item: usize) -> String {
        self.item_names.texts[item].clone()
    }

    /// Counts one row. Ratings have been checked against the scale.
    pub(super) fn count(&mut self, item: usize, session: u32, before: Option<i32>, after: Option<i32>) {
        let min = self.scale.min();
        let tally = &mut self.items[item];
        if tally.table.is_empty() {
            // Checked ratings are never refused, and no file holds more learners than can be counted.
            let _ = tally.histogram.add_answers(before, after, 1);
        } else {
            let place = |rating: Option<i32>| rating.map_or(0, |rating| (rating - min + 1) as usize);
            tally.table[place(before) * table_width(self.scale) + place(after)] += 1;
        }
        let session = session as usize;
        if tally.sessions.len() <= session {
            tally.sessions.resize(session + 1, (0, 0, 0));
        }
        if let (Some(before), Some(after)) = (before, after) {
            let gain = i64::from(after - before);
            let sums = &mut tally.sessions[session];
            *sums = (sums.0 + 1, sums.1 + gain, sums.2 + gain * gain);
        }
    }

    /// Counts a learner's answers together, if they are complete.
    pub(super) fn count_learner(&mut self, session: u32, answers: &[(Option<i32>, Option<i32>)]) {
        let items = self.items.len();
        if items < 2 {
            return;
        }
        if self.complete.items != items {
            self.complete = CompleteTally::new(self.scale, items);
        }
        if answers.len() < items {
            return;
        }
        let before = self.complete_total(answers.iter().map(|answer| answer.0));
        if before.is_some() {
            let _ = self.complete.alpha_before.add(&self.ratings);
        }
        let after = self.complete_total(answers.iter().map(|answer| answer.1));
        if after.is_some() {
            let _ = self.complete.alpha_after.add(&self.ratings);
        }
        if let (Some(before), Some(after), Some(composite)) = (before, after, &mut self.complete.composite)
            && composite.add_totals(before, after, 1).is_ok()
        {
            let gain = i128::from(after - before);
            self.complete.sessions.add(u64::from(session), SessionSums { n: 1, s1: gain, s2: gain * gain });
        }
    }

    /// The sum of the ratings, left in `ratings`, if none is blank.
    fn complete_total(&mut self, ratings: impl Iterator<Item = Option<i32>>) -> Option<i32> {
        self.ratings.clear();
        for rating in ratings {
            self.ratings.push(rating?);
        }
        Some(self.ratings.iter().sum())
    }

    /// The counts as histograms.
    pub(super) fn finish(self, name: String, grouped: bool) -> CourseAnswers {
        let scale = self.scale;
        let items = self.items.len();
        let complete = if self.complete.items == items { self.complete } else { CompleteTally::new(scale, items) };
        let known = match (grouped, items) {
            (false, _) => Err(Undefined::NotGrouped),
            (true, 0 | 1) => Err(Undefined::FewerThanTwoItems),
            _ => Ok(()),
        };
        CourseAnswers {
            name,
            items: self.items.into_iter().map(|tally| tally.finish(scale)).collect(),
            composite: known.and_then(|()| {
                complete.composite.map(|composite| (composite, complete.sessions)).ok_or(Undefined::TooManyCategories)
            }),
            alpha_before: known.map(|()| complete.alpha_before),
            alpha_after: known.map(|()| complete.alpha_after),
            sessions: self.session_names.into_texts(),
        }
    }
}

impl CompleteTally {
    fn new(scale: Scale, items: usize) -> Self {
        let count = u32::try_from(items).unwrap_or(u32::MAX);
        Self {
            items,
            composite: CompositeHistogram::new(ItemVersion::new("all items", 1), count, scale).ok(),
            sessions: SessionList::default(),
            alpha_before: AlphaSums::new(items),
            alpha_after: AlphaSums::new(items),
        }
    }
}

impl ItemTally {
    fn new(name: &str, scale: Scale) -> Self {
        let width = table_width(scale);
        let cells = if width <= WIDEST_TABLE { width * width } else { 0 };
        let histogram = JointHistogram::new(ItemVersion::new(name, 1), scale);
        Self { table: vec![0; cells], histogram, sessions: Vec::new() }
    }

    fn finish(mut self, scale: Scale) -> (JointHistogram, SessionList) {
        let width = table_width(scale);
        let rating = |place: usize| (place > 0).then(|| scale.min() + place as i32 - 1);
        for (cell, &count) in self.table.iter().enumerate() {
            // Every place of the table is a rating of the scale or a blank.
            let _ = self.histogram.add_answers(rating(cell / width), rating(cell % width), count);
        }
        let mut sessions = SessionList::default();
        for (session, &(n, s1, s2)) in self.sessions.iter().enumerate() {
            sessions.add(session as u64, SessionSums { n, s1: i128::from(s1), s2: i128::from(s2) });
        }
        (self.histogram, sessions)
    }
}

/// Ratings of the scale and the blank.
fn table_width(scale: Scale) -> usize {
    scale.span() as usize + 2
}
