//! The interval that respects sessions as clusters. Learners of one session share a trainer, a day and a room, so
//! they are not independent, and an interval that takes them so is too narrow.

use super::tails::student_975;
use super::{CountError, Figure, Interval, ItemVersion, JointHistogram, MergeError, Scale, Undefined};

/// With fewer sessions than this the interval is unreliable: pages say so and show the sessions themselves. With so
/// few clusters its true coverage falls clearly below 95% (Cameron, Gelbach and Miller 2008).
pub const ENOUGH_SESSIONS: usize = 5;

/// What one session adds to the clustered interval: learners, Σd and Σd². Of which item version they are is known by the
/// [`SessionList`] that they stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SessionSums {
    /// Matched learners.
    pub n: u64,
    /// Σd, in points.
    pub s1: i128,
    /// Σd², in points squared.
    pub s2: i128,
}

impl SessionSums {
    /// The sums of one session's histogram.
    pub fn of(histogram: &JointHistogram) -> Self {
        let mut sums = Self::default();
        for cell in histogram.cells() {
            let gain = i64::from(cell.after - cell.before);
            sums.n += cell.count;
            sums.s1 += i128::from(cell.count) * i128::from(gain);
            sums.s2 += i128::from(cell.count) * i128::from(gain * gain);
        }
        sums
    }

    /// Adds another part of the same session.
    pub fn add(&mut self, other: Self) {
        self.n += other.n;
        self.s1 += other.s1;
        self.s2 += other.s2;
    }

    /// Takes a part out again.
    ///
    /// # Errors
    /// [`CountError::NotCounted`] when more learners would leave than are there; nothing changes then.
    pub fn remove(&mut self, other: Self) -> Result<(), CountError> {
        self.n = self.n.checked_sub(other.n).ok_or(CountError::NotCounted)?;
        self.s1 -= other.s1;
        self.s2 -= other.s2;
        Ok(())
    }

    /// Mean gain in points.
    pub fn mean(self) -> Figure {
        if self.n == 0 { Err(Undefined::NoLearners) } else { Ok(self.s1 as f64 / self.n as f64) }
    }

    /// Student's 95% interval (1908) of this session's mean gain, mean ∓ t₀.₉₇₅·s/√n with n·(n−1)·s² = n·S2 − S1², in
    /// points. It is about this session alone.
    ///
    /// # Errors
    /// [`Undefined`] without learners, with one, or when all changed by the same amount.
    pub fn ci95(self) -> Figure<Interval> {
        let mean = self.mean()?;
        if self.n == 1 {
            return Err(Undefined::FewerThanTwo);
        }
        let scaled_variance = i128::from(self.n) * self.s2 - self.s1 * self.s1;
        if scaled_variance == 0 {
            return Err(Undefined::SdGainZero);
        }
        let (n, df) = (self.n as f64, self.n as f64 - 1.0);
        let half = student_975(df) * (scaled_variance as f64 / (n * df) / n).sqrt();
        Ok(Interval { low: mean - half, high: mean + half })
    }
}

/// The sums of all sessions of a course (or topic, or year), by the session's number: of one version of one item, on
/// one scale, like the histogram that they stand beside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionList {
    item: ItemVersion,
    scale: Scale,
    /// In order of the number, each once. They mostly come in that order, and a list then only grows at its end.
    sessions: Vec<(u64, SessionSums)>,
}

/// Mean gain with an interval between sessions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusteredGain {
    /// d̄ = ΣS1ₛ/Σnₛ, in points.
    pub mean: f64,
    /// Cluster-robust standard error, in points.
    pub standard_error: f64,
    /// d̄ ∓ t₀.₉₇₅(C−1)·standard error.
    pub ci95: Interval,
    /// C, the sessions with at least one matched learner.
    pub sessions: usize,
    /// Fewer than [`ENOUGH_SESSIONS`].
    pub few_sessions: bool,
}

impl ClusteredGain {
    /// The same in another unit.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self {
            mean: self.mean * factor,
            standard_error: self.standard_error * factor,
            ci95: self.ci95.scaled(factor),
            ..self
        }
    }
}

impl SessionList {
    /// An empty list.
    pub fn new(item: ItemVersion, scale: Scale) -> Self {
        Self { item, scale, sessions: Vec::new() }
    }

    /// An empty list of what a histogram counts.
    pub fn beside(histogram: &JointHistogram) -> Self {
        Self::new(histogram.item().clone(), histogram.scale())
    }

    /// An empty list of the same.
    pub fn emptied(&self) -> Self {
        Self::new(self.item.clone(), self.scale)
    }

    /// Whether these are sessions of what a histogram counts: the same version of the same item, on the same scale.
    pub fn stands_beside(&self, histogram: &JointHistogram) -> bool {
        self.item == *histogram.item() && self.scale == histogram.scale()
    }

    /// Adds (a part of) a session.
    pub fn add(&mut self, session: u64, sums: SessionSums) {
        let is_next = self.sessions.last().is_none_or(|&(last, _)| last < session);
        if is_next {
            self.sessions.push((session, sums));
            return;
        }
        match self.sessions.binary_search_by_key(&session, |entry| entry.0) {
            Ok(place) => self.sessions[place].1.add(sums),
            Err(place) => self.sessions.insert(place, (session, sums)),
        }
    }

    /// Adds all sessions of another list; those that are in both are added up.
    ///
    /// # Errors
    /// [`MergeError`] when item, version or scale differ; nothing changes then.
    pub fn merge(&mut self, other: &Self) -> Result<(), MergeError> {
        if self.item != other.item {
            return Err(MergeError::DifferentItem { left: self.item.clone(), right: other.item.clone() });
        }
        if self.scale != other.scale {
            return Err(MergeError::DifferentScale { left: self.scale, right: other.scale });
        }
        other.iter().for_each(|(session, sums)| self.add(session, sums));
        Ok(())
    }

    /// The sessions with their numbers, those without matched learners included.
    pub fn iter(&self) -> impl Iterator<Item = (u64, SessionSums)> + '_ {
        self.sessions.iter().copied()
    }

    /// Sessions with at least one matched learner.
    pub fn answered(&self) -> usize {
        self.sessions.iter().filter(|(_, sums)| sums.n > 0).count()
    }

    /// All sessions together.
    pub fn total(&self) -> SessionSums {
        let mut total = SessionSums::default();
        self.sessions.iter().for_each(|&(_, sums)| total.add(sums));
        total
    }

    /// The cluster-robust interval of the mean gain: variance C/(C−1)·Σ(S1ₛ − nₛ·d̄)²/N², t with C − 1 degrees of
    /// freedom (Liang and Zeger 1986, with the usual correction for few clusters).
    ///
    /// # Errors
    /// [`Undefined`] without learners, with one session, or when all sessions have the same mean.
    pub fn clustered_gain(&self) -> Figure<ClusteredGain> {
        let total = self.total();
        let mean = total.mean()?;
        let sessions = self.answered();
        if sessions < 2 {
            return Err(Undefined::FewerThanTwoSessions);
        }
        let n = i128::from(total.n);
        // N·S1ₛ − nₛ·S1 = N·(S1ₛ − nₛ·d̄) is an exact integer.
        let residuals = self.sessions.iter().map(|(_, sums)| n * sums.s1 - i128::from(sums.n) * total.s1);
        let squares = sum_of_squares(residuals) / (n as f64).powi(2);
        if squares == 0.0 {
            return Err(Undefined::SessionSpreadZero);
        }
        let clusters = sessions as f64;
        let standard_error = (clusters / (clusters - 1.0) * squares).sqrt() / n as f64;
        let half = student_975(clusters - 1.0) * standard_error;
        Ok(ClusteredGain {
            mean,
            standard_error,
            ci95: Interval { low: mean - half, high: mean + half },
            sessions,
            few_sessions: sessions < ENOUGH_SESSIONS,
        })
    }
}

/// Σr², the same in any order: exact as long as it fits into an integer, as it does for any board; beyond, added up
/// from the smallest.
fn sum_of_squares(residuals: impl Iterator<Item = i128> + Clone) -> f64 {
    let exact = residuals.clone().try_fold(0_i128, |sum, residual| sum.checked_add(residual.checked_mul(residual)?));
    exact.map_or_else(
        || {
            let mut squares: Vec<f64> = residuals.map(|residual| (residual as f64).powi(2)).collect();
            squares.sort_unstable_by(f64::total_cmp);
            squares.iter().sum()
        },
        |sum| sum as f64,
    )
}
