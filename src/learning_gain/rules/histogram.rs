//! The joint histogram: how many learners moved from which rating to which. Everything about one item comes from it.
//!
//! Two facts make it the right form. A sum of histograms is exact in any order, so a course, a topic or a year is the
//! sum of its sessions. And a report costs cells (25 on a five-point scale), not learners.

use super::{ItemVersion, Scale};

/// The most learners that one histogram holds. Up to here n·Σx², the cubes of ranks and all other products of the
/// engine fit into an `i128` on the widest scale; it is a hundred times the people who ever lived.
pub const MOST_LEARNERS: u64 = 1_000_000_000_000;

/// One occupied cell: `count` learners answered `before` and then `after`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The rating before the course.
    pub before: i32,
    /// The rating after it.
    pub after: i32,
    /// How many learners; never 0.
    pub count: u64,
}

/// Counts of learners for one version of one item: matched ones by (before, after), unmatched ones by their only
/// rating. Cells are kept in order and without zeros, so equal contents are equal values, however they came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointHistogram {
    item: ItemVersion,
    scale: Scale,
    matched: Counts<(i32, i32)>,
    before_only: Counts<i32>,
    after_only: Counts<i32>,
    neither: u64,
}

/// Why a learner could not be added or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CountError {
    /// The rating is not on the item's scale.
    #[error("the rating {rating} is outside the scale {scale}")]
    OutsideScale {
        /// The rating as given.
        rating: i32,
        /// The item's scale.
        scale: Scale,
    },
    /// More than [`MOST_LEARNERS`].
    #[error("more learners than can be counted")]
    TooManyLearners,
    /// Fewer learners are counted there than should be removed.
    #[error("these answers were never counted, so they cannot be removed")]
    NotCounted,
}

/// Why two histograms do not add.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// They count answers to different items, or to different versions of one.
    #[error("answers to {left} and to {right} do not add")]
    DifferentItem {
        /// The item of the histogram that was to grow.
        left: ItemVersion,
        /// The item of the one that was to be added.
        right: ItemVersion,
    },
    /// They count answers on different scales.
    #[error("answers on the scale {left} and on the scale {right} do not add")]
    DifferentScale {
        /// The scale of the histogram that was to grow.
        left: Scale,
        /// The scale of the one that was to be added.
        right: Scale,
    },
    /// They count answers to instruments with different numbers of items.
    #[error("totals over {left} items and over {right} items do not add")]
    DifferentItemCount {
        /// The number of items of what was to grow.
        left: u32,
        /// The number of items of what was to be added.
        right: u32,
    },
    /// Together they are more than [`MOST_LEARNERS`].
    #[error("more learners than can be counted")]
    TooManyLearners,
}

impl JointHistogram {
    /// An empty histogram.
    pub fn new(item: ItemVersion, scale: Scale) -> Self {
        Self {
            item,
            scale,
            matched: Counts::default(),
            before_only: Counts::default(),
            after_only: Counts::default(),
            neither: 0,
        }
    }

    /// The item and version that was asked.
    pub fn item(&self) -> &ItemVersion {
        &self.item
    }

    /// The scale it was asked on.
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// The number of matched learners.
    pub fn n(&self) -> u64 {
        self.matched.total
    }

    /// The occupied cells, in order of (before, after).
    pub fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        self.matched.entries.iter().map(|&((before, after), count)| Cell { before, after, count })
    }

    /// Ratings of learners who answered only before, with counts, in order.
    pub fn before_only(&self) -> &[(i32, u64)] {
        &self.before_only.entries
    }

    /// Ratings of learners who answered only after, with counts, in order.
    pub fn after_only(&self) -> &[(i32, u64)] {
        &self.after_only.entries
    }

    /// How many learners answered only before.
    pub fn n_before_only(&self) -> u64 {
        self.before_only.total
    }

    /// How many learners answered only after.
    pub fn n_after_only(&self) -> u64 {
        self.after_only.total
    }

    /// How many learners left the item blank both times.
    pub fn n_neither(&self) -> u64 {
        self.neither
    }

    /// Adds `count` matched learners.
    ///
    /// # Errors
    /// [`CountError::OutsideScale`] or [`CountError::TooManyLearners`]; nothing is counted then.
    pub fn add_pairs(&mut self, before: i32, after: i32, count: u64) -> Result<(), CountError> {
        self.add_answers(Some(before), Some(after), count)
    }

    /// Adds `count` learners by what they answered; `None` is a blank.
    ///
    /// # Errors
    /// [`CountError::OutsideScale`] or [`CountError::TooManyLearners`]; nothing is counted then.
    pub fn add_answers(&mut self, before: Option<i32>, after: Option<i32>, count: u64) -> Result<(), CountError> {
        self.check_on_scale(before)?;
        self.check_on_scale(after)?;
        let room = MOST_LEARNERS - self.everyone();
        if count > room {
            return Err(CountError::TooManyLearners);
        }
        match (before, after) {
            (Some(before), Some(after)) => self.matched.add((before, after), count),
            (Some(before), None) => self.before_only.add(before, count),
            (None, Some(after)) => self.after_only.add(after, count),
            (None, None) => self.neither += count,
        }
        Ok(())
    }

    /// Takes `count` learners out again, for example when somebody's answers are withdrawn before release.
    ///
    /// # Errors
    /// [`CountError::NotCounted`] when fewer are there; nothing changes then.
    pub fn remove_answers(&mut self, before: Option<i32>, after: Option<i32>, count: u64) -> Result<(), CountError> {
        match (before, after) {
            (Some(before), Some(after)) => self.matched.remove((before, after), count),
            (Some(before), None) => self.before_only.remove(before, count),
            (None, Some(after)) => self.after_only.remove(after, count),
            (None, None) => self.neither.checked_sub(count).map(|rest| self.neither = rest),
        }
        .ok_or(CountError::NotCounted)
    }

    /// Adds another histogram of the same item, version and scale, cell by cell.
    ///
    /// # Errors
    /// [`MergeError`] when item, version or scale differ, or the sum is too large; `self` is unchanged then.
    pub fn merge(&mut self, other: &Self) -> Result<(), MergeError> {
        if self.item != other.item {
            return Err(MergeError::DifferentItem { left: self.item.clone(), right: other.item.clone() });
        }
        if self.scale != other.scale {
            return Err(MergeError::DifferentScale { left: self.scale, right: other.scale });
        }
        if self.everyone() + other.everyone() > MOST_LEARNERS {
            return Err(MergeError::TooManyLearners);
        }
        self.matched.merge(&other.matched);
        self.before_only.merge(&other.before_only);
        self.after_only.merge(&other.after_only);
        self.neither += other.neither;
        Ok(())
    }

    /// The same answers read from the other end of the scale (x becomes min + max − x): for items where a low rating
    /// is the good one, such as "I would feel anxious".
    #[must_use]
    pub fn reversed(&self) -> Self {
        let flip = |rating: i32| self.scale.min() + self.scale.max() - rating;
        let mut reversed = Self::new(self.item.clone(), self.scale);
        for cell in self.cells() {
            reversed.matched.add((flip(cell.before), flip(cell.after)), cell.count);
        }
        for &(rating, count) in self.before_only() {
            reversed.before_only.add(flip(rating), count);
        }
        for &(rating, count) in self.after_only() {
            reversed.after_only.add(flip(rating), count);
        }
        reversed.neither = self.neither;
        reversed
    }

    /// How many learners changed by how much (after − before), in order of the change.
    pub fn differences(&self) -> Vec<(i32, u64)> {
        let mut differences = Counts::default();
        for cell in self.cells() {
            differences.add(cell.after - cell.before, cell.count);
        }
        differences.entries
    }

    /// Matched learners by their rating before, in order.
    pub fn before_margin(&self) -> Vec<(i32, u64)> {
        let mut margin = Counts::default();
        for cell in self.cells() {
            margin.add(cell.before, cell.count);
        }
        margin.entries
    }

    /// Matched learners by their rating after, in order.
    pub fn after_margin(&self) -> Vec<(i32, u64)> {
        let mut margin = Counts::default();
        for cell in self.cells() {
            margin.add(cell.after, cell.count);
        }
        margin.entries
    }

    fn everyone(&self) -> u64 {
        self.matched.total + self.before_only.total + self.after_only.total + self.neither
    }

    fn check_on_scale(&self, rating: Option<i32>) -> Result<(), CountError> {
        match rating {
            Some(rating) if !self.scale.contains(rating) => Err(CountError::OutsideScale { rating, scale: self.scale }),
            _ => Ok(()),
        }
    }
}

/// Counts by key, sorted, without zeros, with their total. A sorted list beats a tree here: few keys, many merges.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Counts<K> {
    entries: Vec<(K, u64)>,
    total: u64,
}

impl<K> Default for Counts<K> {
    fn default() -> Self {
        Self { entries: Vec::new(), total: 0 }
    }
}

impl<K: Ord + Copy> Counts<K> {
    fn add(&mut self, key: K, count: u64) {
        if count == 0 {
            return;
        }
        match self.entries.binary_search_by_key(&key, |entry| entry.0) {
            Ok(at) => self.entries[at].1 += count,
            Err(at) => self.entries.insert(at, (key, count)),
        }
        self.total += count;
    }

    fn remove(&mut self, key: K, count: u64) -> Option<()> {
        if count == 0 {
            return Some(());
        }
        let at = self.entries.binary_search_by_key(&key, |entry| entry.0).ok()?;
        let rest = self.entries[at].1.checked_sub(count)?;
        if rest == 0 {
            self.entries.remove(at);
        } else {
            self.entries[at].1 = rest;
        }
        self.total -= count;
        Some(())
    }

    /// One walk along both sorted lists; keys that are new here are inserted where the walk stands.
    fn merge(&mut self, other: &Self) {
        let mut at = 0;
        for &(key, count) in &other.entries {
            while at < self.entries.len() && self.entries[at].0 < key {
                at += 1;
            }
            if at < self.entries.len() && self.entries[at].0 == key {
                self.entries[at].1 += count;
            } else {
                self.entries.insert(at, (key, count));
            }
        }
        self.total += other.total;
    }
}
