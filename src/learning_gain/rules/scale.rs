//! What an answer is an answer to: one version of an item, on one scale.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The furthest from 0 that a rating may lie. A hundred items of 0 to 100 still fit as a sum, and with
/// [`MOST_LEARNERS`](super::MOST_LEARNERS) every product of sums stays within an `i128`.
pub const FURTHEST_RATING: i32 = 10_000;

/// One version of one item. Changing an item's wording makes a new version, and answers to two versions never add.
/// Copies share the key, so that comparing a histogram with thousands of its kind costs no look at the text.
#[derive(Debug, Clone, Eq, PartialOrd, Ord)]
pub struct ItemVersion {
    key: Arc<str>,
    version: u32,
}

impl ItemVersion {
    /// Names a version of an item: its lasting key, for example `recognise-neglect`, and its version, which counts up
    /// from 1 with each change of wording or scale.
    pub fn new(key: impl Into<Arc<str>>, version: u32) -> Self {
        Self { key: key.into(), version }
    }

    /// The item's lasting key.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl PartialEq for ItemVersion {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version && (Arc::ptr_eq(&self.key, &other.key) || self.key == other.key)
    }
}

impl std::fmt::Display for ItemVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (version {})", self.key, self.version)
    }
}

/// The whole numbers that an item may be answered with, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "ScaleEnds")]
pub struct Scale {
    min: i32,
    max: i32,
}

#[derive(Deserialize)]
struct ScaleEnds {
    min: i32,
    max: i32,
}

impl TryFrom<ScaleEnds> for Scale {
    type Error = ScaleError;
    fn try_from(ends: ScaleEnds) -> Result<Self, ScaleError> {
        Self::new(ends.min, ends.max)
    }
}

/// Why two numbers are no scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScaleError {
    /// The ends are equal or the wrong way round.
    #[error("a scale runs from a lower to a higher number, not from {min} to {max}")]
    NotRising {
        /// The lower end as given.
        min: i32,
        /// The upper end as given.
        max: i32,
    },
    /// An end lies beyond [`FURTHEST_RATING`].
    #[error("a scale lies between -10000 and 10000, unlike {min} to {max}")]
    TooWide {
        /// The lower end as given.
        min: i32,
        /// The upper end as given.
        max: i32,
    },
}

impl Scale {
    /// The scale of most course evaluations.
    pub const ONE_TO_FIVE: Self = Self { min: 1, max: 5 };
    /// The scale of this board's older forms.
    pub const ONE_TO_TEN: Self = Self { min: 1, max: 10 };

    /// Answers to a question that has a right one: 1 is right.
    pub const WRONG_OR_RIGHT: Self = Self { min: 0, max: 1 };

    /// A scale from `min` to `max`.
    ///
    /// # Errors
    /// [`ScaleError`] when it does not rise, or reaches beyond [`FURTHEST_RATING`].
    pub fn new(min: i32, max: i32) -> Result<Self, ScaleError> {
        if min >= max {
            return Err(ScaleError::NotRising { min, max });
        }
        if min < -FURTHEST_RATING || max > FURTHEST_RATING {
            return Err(ScaleError::TooWide { min, max });
        }
        Ok(Self { min, max })
    }

    /// The lowest rating.
    pub fn min(self) -> i32 {
        self.min
    }

    /// The highest rating.
    pub fn max(self) -> i32 {
        self.max
    }

    /// How many points lie between the ends.
    pub fn span(self) -> i32 {
        self.max - self.min
    }

    /// Whether a rating lies on the scale.
    pub fn contains(self, rating: i32) -> bool {
        (self.min..=self.max).contains(&rating)
    }

    /// The rating from which a learner counts as confident, unless the board says otherwise: three quarters of the
    /// way up, which is 4 on 1 to 5 and 8 on 1 to 10 (the two thresholds in use).
    pub fn usual_confident_threshold(self) -> i32 {
        self.min + (3 * self.span() + 3) / 4
    }
}

impl std::fmt::Display for Scale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}", self.min, self.max)
    }
}
