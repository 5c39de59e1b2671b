//! A figure that cannot be computed says why. It is never NaN, infinity, 0 or 1 instead.

use serde::{Serialize, Serializer};

/// A figure, or the reason why there is none. The error is an ordinary outcome (nobody answered yet), not a fault.
pub type Figure<T = f64> = Result<T, Undefined>;

/// Why a figure is undefined. [`Undefined::word`] is the word that exports carry beside the empty field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum Undefined {
    /// No learner is behind the figure.
    #[error("nobody answered both times")]
    NoLearners,
    /// A spread needs at least two learners.
    #[error("at least two learners are needed")]
    FewerThanTwo,
    /// The correction for small samples is 0 for two learners.
    #[error("at least three learners are needed")]
    FewerThanThree,
    /// With fewer a bootstrap interval is too narrow.
    #[error("at least eight learners are needed")]
    FewerThanEight,
    /// Every learner changed by the same amount, so the change has no spread.
    #[error("every learner changed by the same amount")]
    SdGainZero,
    /// All learners answered alike before, and alike after.
    #[error("the answers before have no spread, nor have those after")]
    SdBeforeAndAfterZero,
    /// All learners answered alike before, or alike after.
    #[error("the answers before or those after have no spread")]
    SdBeforeOrAfterZero,
    /// No learner changed.
    #[error("nobody's answer changed")]
    NoNonzeroDifferences,
    /// The textbook's exact test allows no equal sizes of change.
    #[error("some learners changed by the same amount, which the textbook's exact test does not allow")]
    TiesPresent,
    /// The textbook's exact test allows no unchanged learners.
    #[error("some learners did not change, which the textbook's exact test does not allow")]
    ZerosPresent,
    /// Both of the above.
    #[error("some learners changed alike and some not at all, which the textbook's exact test does not allow")]
    TiesAndZerosPresent,
    /// Too many learners for the exact test; the approximate p-value is as good there.
    #[error("there are too many learners for the exact test")]
    TooManyForExact,
    /// Everyone stood at the top of the scale before, so there was no room.
    #[error("everyone was at the top of the scale before, so there was no room to rise")]
    MeanBeforeAtMax,
    /// Every learner stayed at an end of the scale.
    #[error("every learner stayed at an end of the scale")]
    AllDropped,
    /// Nobody became confident and nobody stopped being so.
    #[error("nobody crossed the threshold in either direction")]
    NoDiscordantPairs,
    /// The covariance of the marginal shifts cannot be inverted.
    #[error("the answers do not determine a test of the whole shift")]
    Singular,
    /// More categories than the test of the whole shift is computed for.
    #[error("the scale has too many values for a test of the whole shift")]
    TooManyCategories,
    /// More different changes than a bootstrap is made of.
    #[error("the learners changed in too many different ways for a bootstrap")]
    TooManyGains,
    /// A comparison needs two courses, and learners who differ within them.
    #[error("a comparison needs two courses, and learners within a course who differ")]
    NeedsTwoCoursesAndWithinVariance,
    /// The rows of a file are not grouped by learner, so nothing that spans a learner's items is known.
    #[error("the rows of the file are not grouped by learner")]
    NotGrouped,
    /// An interval between sessions needs two sessions.
    #[error("at least two sessions are needed")]
    FewerThanTwoSessions,
    /// All sessions have exactly the same mean gain.
    #[error("all sessions have the same mean, so nothing is known about the spread between them")]
    SessionSpreadZero,
    /// Correcting for looking at several courses needs two of them.
    #[error("at least two courses are needed")]
    FewerThanTwoCourses,
    /// Agreement between items needs two items.
    #[error("at least two items are needed")]
    FewerThanTwoItems,
    /// All learners have the same total.
    #[error("all learners have the same total")]
    SdTotalZero,
}

impl Undefined {
    /// The word of exports: lower case with underscores, stable between releases.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoLearners => "n_zero",
            Self::FewerThanTwo => "n_lt_2",
            Self::FewerThanThree => "n_lt_3",
            Self::FewerThanEight => "n_lt_8",
            Self::SdGainZero => "sd_gain_zero",
            Self::SdBeforeAndAfterZero => "sd_before_and_after_zero",
            Self::SdBeforeOrAfterZero => "sd_before_or_after_zero",
            Self::NoNonzeroDifferences => "no_nonzero_differences",
            Self::TiesPresent => "ties_present",
            Self::ZerosPresent => "zeros_present",
            Self::TiesAndZerosPresent => "ties_and_zeros_present",
            Self::TooManyForExact => "n_too_large",
            Self::MeanBeforeAtMax => "mean_before_at_max",
            Self::AllDropped => "all_dropped",
            Self::NoDiscordantPairs => "no_discordant_pairs",
            Self::Singular => "singular",
            Self::TooManyCategories => "too_many_categories",
            Self::TooManyGains => "too_many_gains",
            Self::NeedsTwoCoursesAndWithinVariance => "needs_two_courses_and_within_variance",
            Self::NotGrouped => "not_grouped",
            Self::FewerThanTwoSessions => "sessions_lt_2",
            Self::SessionSpreadZero => "session_spread_zero",
            Self::FewerThanTwoCourses => "courses_lt_2",
            Self::FewerThanTwoItems => "items_lt_2",
            Self::SdTotalZero => "sd_total_zero",
        }
    }
}

impl Serialize for Undefined {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}
