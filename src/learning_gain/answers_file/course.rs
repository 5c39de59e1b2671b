//! The running counts of one course while its rows stream by. No row costs more than a slot of each kind, whatever
//! stands in it: what grows with the number of items or sessions is kept by their number, or made only once it counts.

use std::collections::HashMap;

use super::{Answered, AnswersError, CourseAnswers};
use crate::learning_gain::rules::{
    AlphaSums, CompositeHistogram, ItemVersion, JointHistogram, Scale, SessionList, SessionSums, Undefined,
};

/// The most items that one course may have. A questionnaire has tens, so with more it is the wrong column.
pub(super) const MOST_ITEMS: usize = 1_000;

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
        let text = checked_name(name, row, column)?;
        let number = self.texts.len();
        if u32::try_from(number).is_err() {
            return Err(AnswersError::TooManyNames { row, column: column.to_owned(), most: u32::MAX as usize });
        }
        self.texts.push(text.to_owned());
        self.numbers.insert(name.into(), number);
        Ok(number)
    }

    pub(super) fn into_texts(self) -> Vec<String> {
        self.texts
    }
}

/// The text of a name that is not blank.
pub(super) fn checked_name<'a>(name: &'a [u8], row: u64, column: &str) -> Result<&'a str, AnswersError> {
    let text = std::str::from_utf8(name).map_err(|_| AnswersError::NotUtf8 { row, column: column.to_owned() })?;
    if text.trim().is_empty() { Err(AnswersError::Blank { row, column: column.to_owned() }) } else { Ok(text) }
}

/// Up to this many ratings (blank included) an item's cells are a plain table, 5 KB; wider scales use the sorted list.
const WIDEST_TABLE: usize = 24;
/// Rows from which an item has its table: with fewer the sorted list is as quick, and a file of many small items small.
const TABLE_FROM: u64 = 64;

/// The cells of one item: a table with a row per rating before and a column per rating after, blanks first; or, on a
/// wide scale and for the first rows, the histogram itself.
struct ItemTally {
    rows: u64,
    table: Vec<u64>,
    histogram: JointHistogram,
    sessions: SessionTally,
}

/// Learners, Σd and Σd² of the matched, per session that has some. A session's rows mostly come together, so the one
/// at hand adds up outside the map.
#[derive(Default)]
struct SessionTally {
    at_hand: Option<(u32, (u64, i64, i64))>,
    others: HashMap<u32, (u64, i64, i64)>,
}

/// Everything that spans a learner's items. Made for the first learner who answered all items that the course has by
/// then, and begun anew when it turns out to have one more: learners before did not answer that one, so they never
/// count as complete.
struct CompleteTally {
    items: usize,
    composite: Option<CompositeHistogram>,
    sessions: SessionTally,
    alpha_before: AlphaSums,
    alpha_after: AlphaSums,
}

pub(super) struct CourseTally {
    scale: Scale,
    item_names: Names,
    session_names: Names,
    items: Vec<ItemTally>,
    /// Learners who answered anything.
    learners: u64,
    complete: Option<CompleteTally>,
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
            learners: 0,
            complete: None,
            ratings: Vec::new(),
        }
    }

    pub(super) fn session(&mut self, name: &[u8], row: u64, column: &str) -> Result<u32, AnswersError> {
        Ok(self.session_names.number(name, row, column)? as u32)
    }

    pub(super) fn item(&mut self, name: &[u8], row: u64) -> Result<usize, AnswersError> {
        let item = self.item_names.number(name, row, "item")?;
        if item == self.items.len() {
            if item == MOST_ITEMS {
                return Err(AnswersError::TooManyNames { row, column: "item".to_owned(), most: MOST_ITEMS });
            }
            self.items.push(ItemTally::new(&self.item_names.texts[item], self.scale));
        }
        Ok(item)
    }

    pub(super) fn items(&self) -> usize {
        self.items.len()
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
            tally.rows += 1;
            if tally.rows == TABLE_FROM && table_width(self.scale) <= WIDEST_TABLE {
                tally.table = vec![0; table_width(self.scale).pow(2)];
            }
        } else {
            let place = |rating: Option<i32>| rating.map_or(0, |rating| (rating - min + 1) as usize);
            tally.table[place(before) * table_width(self.scale) + place(after)] += 1;
        }
        if let (Some(before), Some(after)) = (before, after) {
            tally.sessions.count(session, i64::from(after - before));
        }
    }

    /// Counts a learner's answers together: towards totals and alpha where they are complete, and as a learner anyhow.
    pub(super) fn count_learner(&mut self, session: u32, answers: &[Answered]) {
        let answered = |answer: &Answered| answer.before.is_some() || answer.after.is_some();
        self.learners += u64::from(answers.iter().any(answered));
        let items = self.items.len();
        // An item occurs once per learner, or the file is refused.
        if items < 2 || answers.len() != items {
            return;
        }
        if self.complete.as_ref().is_none_or(|complete| complete.items != items) {
            self.complete = Some(CompleteTally::new(self.scale, items));
        }
        let Some(complete) = &mut self.complete else { return };
        let before = complete_total(&mut self.ratings, answers, |answer| answer.before);
        if before.is_some() {
            let _ = complete.alpha_before.add(&self.ratings);
        }
        let after = complete_total(&mut self.ratings, answers, |answer| answer.after);
        if after.is_some() {
            let _ = complete.alpha_after.add(&self.ratings);
        }
        let Some(composite) = &mut complete.composite else { return };
        // Who has no total at all is counted in the end, from the number of learners.
        if (before.is_some() || after.is_some())
            && composite.add_answers(before, after, 1).is_ok()
            && let (Some(before), Some(after)) = (before, after)
        {
            complete.sessions.count(session, i64::from(after - before));
        }
    }

    /// The counts as histograms.
    pub(super) fn finish(self, name: String, grouped: bool) -> CourseAnswers {
        let scale = self.scale;
        let items = self.items.len();
        let complete = self.complete.filter(|complete| complete.items == items);
        let mut complete = complete.unwrap_or_else(|| CompleteTally::new(scale, items));
        complete.count_the_incomplete(self.learners);
        let known = match (grouped, items) {
            (false, _) => Err(Undefined::NotGrouped),
            (true, 0 | 1) => Err(Undefined::FewerThanTwoItems),
            _ => Ok(()),
        };
        CourseAnswers {
            name,
            items: self.items.into_iter().map(|tally| tally.finish(scale)).collect(),
            composite: known.and_then(|()| {
                let composite = complete.composite.ok_or(Undefined::TooManyCategories)?;
                let sessions = complete.sessions.finish(composite.totals());
                Ok((composite, sessions))
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
        // A file holds one version of its items.
        let instrument = ItemVersion::new("all items", 1);
        let alpha = AlphaSums::new(instrument.clone(), scale, items);
        Self {
            items,
            composite: CompositeHistogram::new(instrument, count, scale).ok(),
            sessions: SessionTally::default(),
            alpha_before: alpha.clone(),
            alpha_after: alpha,
        }
    }

    /// Whoever answered something and has no total either time: they left out an item, perhaps because it was only
    /// asked later.
    fn count_the_incomplete(&mut self, learners: u64) {
        if let Some(composite) = &mut self.composite {
            let with_total = composite.totals().n() + composite.incomplete();
            // No file holds more learners than can be counted.
            let _ = composite.add_answers(None, None, learners.saturating_sub(with_total));
        }
    }
}

impl SessionTally {
    /// Counts a matched learner with this gain.
    fn count(&mut self, session: u32, gain: i64) {
        let learner = (1, gain, gain * gain);
        match &mut self.at_hand {
            Some((at_hand, sums)) if *at_hand == session => add(sums, learner),
            at_hand => {
                if let Some((left, sums)) = at_hand.replace((session, learner)) {
                    add(self.others.entry(left).or_default(), sums);
                }
            }
        }
    }

    fn finish(self, histogram: &JointHistogram) -> SessionList {
        let mut sessions: Vec<_> = self.others.into_iter().collect();
        sessions.sort_unstable_by_key(|(session, _)| *session);
        let mut list = SessionList::beside(histogram);
        for (session, (n, s1, s2)) in sessions.into_iter().chain(self.at_hand) {
            list.add(u64::from(session), SessionSums { n, s1: i128::from(s1), s2: i128::from(s2) });
        }
        list
    }
}

fn add(sums: &mut (u64, i64, i64), more: (u64, i64, i64)) {
    *sums = (sums.0 + more.0, sums.1 + more.1, sums.2 + more.2);
}

/// The sum of a learner's ratings, left in the order of the items in `ratings`, if none is blank.
fn complete_total(
    ratings: &mut Vec<i32>,
    answers: &[Answered],
    rating: impl Fn(&Answered) -> Option<i32>,
) -> Option<i32> {
    ratings.clear();
    ratings.resize(answers.len(), 0);
    for answer in answers {
        ratings[answer.item] = rating(answer)?;
    }
    Some(ratings.iter().sum())
}

impl ItemTally {
    fn new(name: &str, scale: Scale) -> Self {
        let histogram = JointHistogram::new(ItemVersion::new(name, 1), scale);
        Self { rows: 0, table: Vec::new(), histogram, sessions: SessionTally::default() }
    }

    fn finish(mut self, scale: Scale) -> (JointHistogram, SessionList) {
        let width = table_width(scale);
        let rating = |place: usize| (place > 0).then(|| scale.min() + place as i32 - 1);
        for (cell, &count) in self.table.iter().enumerate() {
            // Every place of the table is a rating of the scale or a blank.
            let _ = self.histogram.add_answers(rating(cell / width), rating(cell % width), count);
        }
        let sessions = self.sessions.finish(&self.histogram);
        (self.histogram, sessions)
    }
}

/// Ratings of the scale and the blank.
fn table_width(scale: Scale) -> usize {
    scale.span() as usize + 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(tally: &SessionTally) -> usize {
        tally.others.len() + usize::from(tally.at_hand.is_some())
    }

    #[test]
    fn a_row_costs_one_slot_whatever_is_new_in_it() {
        let mut course = CourseTally::new(Scale::ONE_TO_FIVE);
        for row in 0..MOST_ITEMS {
            let name = row.to_string();
            let session = course.session(name.as_bytes(), 2, "session").unwrap();
            let item = course.item(name.as_bytes(), 2).unwrap();
            course.count(item, session, Some(2), Some(4));
            course.count_learner(session, &[Answered { item, before: Some(2), after: Some(4) }]);
        }
        let cells: usize = course.items.iter().map(|item| item.table.len() + item.histogram.cells().count()).sum();
        assert_eq!(cells, MOST_ITEMS);
        assert_eq!(course.items.iter().map(|item| slots(&item.sessions)).sum::<usize>(), MOST_ITEMS);
        assert!(course.complete.is_none(), "nobody has answered all items, so nothing is kept per item");
        assert!(course.item(b"one more", 7).unwrap_err().to_string().starts_with("row 7, column item: more than 1000"));
        let answers = course.finish("C".to_owned(), true);
        assert_eq!(answers.composite.unwrap().0.incomplete(), MOST_ITEMS as u64);
    }

    #[test]
    fn sessions_add_up_in_any_order() {
        let mut tally = SessionTally::default();
        for (session, gain) in [(7, 1), (3, 2), (7, 3), (3, -1), (9, 0)] {
            tally.count(session, gain);
        }
        let sums = |n, s1, s2| SessionSums { n, s1, s2 };
        let expected = [(3, sums(2, 1, 5)), (7, sums(2, 4, 10)), (9, sums(1, 0, 0))];
        let histogram = JointHistogram::new(ItemVersion::new("item", 1), Scale::ONE_TO_FIVE);
        assert!(tally.finish(&histogram).iter().eq(expected));
    }
}
