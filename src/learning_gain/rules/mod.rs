//! The statistics engine: pure, exact where whole numbers allow it, the same figures in any order of the answers.
//!
//! Read it in this order, each file after those that it builds on (half an hour):
//!
//! 1. What is counted. [`undefined`]: a figure or the reason why there is none. [`scale`]: what an answer is an answer
//!    to. [`histogram`]: learners by (before, after), from which everything about one item follows.
//! 2. The statistics of one item, each formula beside its source. [`moments`] and [`effect_size`]: means, t, Cohen's d.
//!    [`signed_rank`]: Wilcoxon. [`location`]: shares and medians. [`normalised`]: gain against the room for it.
//!    [`square_table`]: McNemar, Stuart–Maxwell, Bhapkar. [`statistics`]: all of them at once; [`named`]: by the names
//!    that exports write.
//! 3. What a histogram of one item does not determine. [`composite`]: totals over several items, and Cronbach's alpha.
//!    [`sessions`]: the interval between sessions. [`courses`]: several courses side by side.
//! 4. Two more intervals. [`rates`]: of a share. [`bootstrap`]: of a mean, by resampling.
//! 5. What a page shows. [`line`]: the few figures. [`sentence`]: them in words.
//! 6. Underneath, for whoever doubts a digit. [`tails`]: p-values and quantiles.
//!
//! Invariants. A gain is after − before over learners who answered both; unmatched answers never enter it. Medians,
//! effect sizes, p-values, intervals and normalised gains of parts are never averaged: they are computed anew from the
//! merged histogram. An undefined figure is a reason, never NaN, infinity, 0 or 1. Nothing here suppresses small
//! numbers: that is a layer of its own, between these figures and whoever sees them.

pub mod bootstrap;
pub mod composite;
pub mod courses;
pub mod effect_size;
pub mod histogram;
pub mod line;
pub mod location;
pub mod moments;
pub mod named;
pub mod normalised;
pub mod rates;
pub mod scale;
pub mod sentence;
pub mod sessions;
pub mod signed_rank;
pub mod square_table;
pub mod statistics;
pub mod tails;
pub mod undefined;

#[cfg(test)]
mod tests;

pub use bootstrap::{bca_interval, shown_bca_interval};
pub use composite::{AlphaSums, CompositeHistogram};
pub use courses::{CourseComparison, CourseStanding, benjamini_hochberg, funnel_limits};
pub use effect_size::Hedges;
pub use histogram::{Cell, CountError, JointHistogram, MOST_LEARNERS, MergeError};
pub use line::{Flag, IntervalKind, ItemLine};
pub use location::Location;
pub use moments::{Interval, Moments, PairSums, mean_interval};
pub use named::{FigureSheet, NamedFigure, Value};
pub use normalised::NormalisedGain;
pub use rates::wilson_interval;
pub use scale::{FURTHEST_RATING, ItemVersion, Scale, ScaleError};
pub use sessions::{ClusteredGain, ENOUGH_SESSIONS, SessionList, SessionSums};
pub use signed_rank::SignedRank;
pub use square_table::{ChiSquaredTest, MarginalHomogeneity, McNemar};
pub use statistics::{GainStatistics, Unmatched};
pub use undefined::{Figure, Undefined};
