//! A learner's total over an instrument, and how well its items agree. Both need a learner's answers together, so
//! they have small accumulators of their own: the histograms of single items do not determine them.

use super::{
    CountError, FURTHEST_RATING, Figure, ItemVersion, JointHistogram, MergeError, Scale, ScaleError, Undefined,
};

/// Sums before and after of the learners who answered every item of an instrument both times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompositeHistogram {
    items: u32,
    item_scale: Scale,
    totals: JointHistogram,
}

impl CompositeHistogram {
    /// An empty histogram of totals over `items` items that share one scale. `instrument` names the version of the
    /// whole set of items.
    ///
    /// # Errors
    /// [`ScaleError`] when the totals would reach beyond [`FURTHEST_RATING`], or there are no items.
    pub fn new(instrument: ItemVersion, items: u32, item_scale: Scale) -> Result<Self, ScaleError> {
        let times = i32::try_from(items).unwrap_or(FURTHEST_RATING);
        let totals_scale = Scale::new(item_scale.min().saturating_mul(times), item_scale.max().saturating_mul(times))?;
        Ok(Self { items, item_scale, totals: JointHistogram::new(instrument, totals_scale) })
    }

    /// The number of items.
    pub fn items(&self) -> u32 {
        self.items
    }

    /// The scale of each item; means of a composite are given on it.
    pub fn item_scale(&self) -> Scale {
        self.item_scale
    }

    /// The histogram of totals: a joint histogram like any other, on the scale of the totals.
    pub fn totals(&self) -> &JointHistogram {
        &self.totals
    }

    /// Adds `count` learners by their totals before and after.
    ///
    /// # Errors
    /// [`CountError`] when a total is impossible or there are too many learners.
    pub fn add_totals(&mut self, before: i32, after: i32, count: u64) -> Result<(), CountError> {
        self.totals.add_pairs(before, after, count)
    }

    /// Adds `count` learners by the totals that they have: `None` for a wave in which they left an item out. Learners
    /// who answered something but have neither total belong here too: they are whom the match rate must not forget.
    ///
    /// # Errors
    /// [`CountError`] when a total is impossible or there are too many learners.
    pub fn add_answers(&mut self, before: Option<i32>, after: Option<i32>, count: u64) -> Result<(), CountError> {
        self.totals.add_answers(before, after, count)
    }

    /// Learners who answered something, but not every item both times.
    pub fn incomplete(&self) -> u64 {
        self.totals.n_before_only() + self.totals.n_after_only() + self.totals.n_neither()
    }

    /// Those who answered every item both times, of all who answered anything: 0 to 1.
    ///
    /// # Errors
    /// [`Undefined::NoLearners`] when nobody did.
    pub fn match_rate(&self) -> Figure {
        let (complete, everybody) = (self.totals.n(), self.totals.n() + self.incomplete());
        if everybody == 0 { Err(Undefined::NoLearners) } else { Ok(complete as f64 / everybody as f64) }
    }

    /// Takes `count` learners out again.
    ///
    /// # Errors
    /// [`CountError::NotCounted`] when fewer are there.
    pub fn remove_totals(&mut self, before: i32, after: i32, count: u64) -> Result<(), CountError> {
        self.totals.remove_answers(Some(before), Some(after), count)
    }

    /// Adds another histogram of totals over the same instrument.
    ///
    /// # Errors
    /// [`MergeError`] when instrument, number of items or scale differ.
    pub fn merge(&mut self, other: &Self) -> Result<(), MergeError> {
        if self.items != other.items {
            return Err(MergeError::DifferentItemCount { left: self.items, right: other.items });
        }
        self.totals.merge(&other.totals)
    }
}

/// Sums for Cronbach's alpha over the learners who answered every item of one version of an instrument in one wave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlphaSums {
    instrument: ItemVersion,
    item_scale: Scale,
    n: u64,
    items: Vec<(i128, i128)>,
    total: (i128, i128),
}

impl AlphaSums {
    /// An empty accumulator for a version of an instrument of so many items on one scale.
    pub fn new(instrument: ItemVersion, item_scale: Scale, items: usize) -> Self {
        Self { instrument, item_scale, n: 0, items: vec![(0, 0); items], total: (0, 0) }
    }

    /// From sums that are at hand: (Σ rating, Σ rating²) of each item, over the learners whose totals a composite holds
    /// in one wave, `totals` with their numbers.
    pub fn of_totals(composite: &CompositeHistogram, items: Vec<(i128, i128)>, totals: &[(i32, u64)]) -> Self {
        let total = totals.iter().fold((0, 0), |(sum, squares), &(total, learners)| {
            let (total, learners) = (i128::from(total), i128::from(learners));
            (sum + total * learners, squares + total * total * learners)
        });
        Self {
            instrument: composite.totals().item().clone(),
            item_scale: composite.item_scale(),
            n: totals.iter().map(|(_, learners)| learners).sum(),
            items,
            total,
        }
    }

    /// Learners counted.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Adds one learner's ratings, one per item in the instrument's order. Returns false, and adds nothing, when
    /// their number is not the instrument's.
    #[must_use]
    pub fn add(&mut self, ratings: &[i32]) -> bool {
        self.count(ratings, 1)
    }

    /// Takes one learner's ratings out again. Returns false, and changes nothing, when nobody is there to take out.
    #[must_use]
    pub fn remove(&mut self, ratings: &[i32]) -> bool {
        self.n > 0 && self.count(ratings, -1)
    }

    fn count(&mut self, ratings: &[i32], sign: i128) -> bool {
        if ratings.len() != self.items.len() {
            return false;
        }
        let mut learner_total = 0;
        for (sums, &rating) in self.items.iter_mut().zip(ratings) {
            let rating = i128::from(rating);
            sums.0 += sign * rating;
            sums.1 += sign * rating * rating;
            learner_total += rating;
        }
        self.total.0 += sign * learner_total;
        self.total.1 += sign * learner_total * learner_total;
        self.n = if sign > 0 { self.n + 1 } else { self.n - 1 };
        true
    }

    /// Adds another accumulator of the same instrument and wave.
    ///
    /// # Errors
    /// [`MergeError`] when the instrument, its version, its scale or the numbers of items differ; nothing changes then.
    pub fn merge(&mut self, other: &Self) -> Result<(), MergeError> {
        if self.instrument != other.instrument {
            return Err(MergeError::DifferentItem { left: self.instrument.clone(), right: other.instrument.clone() });
        }
        if self.item_scale != other.item_scale {
            return Err(MergeError::DifferentScale { left: self.item_scale, right: other.item_scale });
        }
        if self.items.len() != other.items.len() {
            let size = |items: &[_]| u32::try_from(items.len()).unwrap_or(u32::MAX);
            return Err(MergeError::DifferentItemCount { left: size(&self.items), right: size(&other.items) });
        }
        self.n += other.n;
        for (mine, theirs) in self.items.iter_mut().zip(&other.items) {
            mine.0 += theirs.0;
            mine.1 += theirs.1;
        }
        self.total.0 += other.total.0;
        self.total.1 += other.total.1;
        Ok(())
    }

    /// Cronbach's alpha (1951): k/(k−1)·(1 − Σ item variances / variance of the total). At most 1; negative when the
    /// items contradict each other.
    ///
    /// # Errors
    /// [`Undefined`] with fewer than two items or learners, or without spread in the totals.
    pub fn alpha(&self) -> Figure {
        let k = self.items.len() as f64;
        if self.items.len() < 2 {
            return Err(Undefined::FewerThanTwoItems);
        }
        match self.n {
            0 => return Err(Undefined::NoLearners),
            1 => return Err(Undefined::FewerThanTwo),
            _ => {}
        }
        let scaled_variance = |&(sum, squares): &(i128, i128)| i128::from(self.n) * squares - sum * sum;
        let total = scaled_variance(&self.total);
        if total == 0 {
            return Err(Undefined::SdTotalZero);
        }
        let items: i128 = self.items.iter().map(scaled_variance).sum();
        Ok(k / (k - 1.0) * ((total - items) as f64 / total as f64))
    }
}
