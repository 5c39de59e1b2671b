//! Learning gain: how far learners' answers moved between before and after a course, and how sure that is.
//!
//! The feature owns pairing, the statistics ([`rules`]) and their command line (`command`, over the readers
//! `cases_file` and `answers_file`). Its invariant: only learners who answered both times enter a gain.
//!
//! Answers enter the histograms in batches ([`suppression`] decides, `store` does), and between the figures and every
//! view stands [`suppression`] again.

#[cfg(feature = "gain")]
pub mod answers_file;
pub mod cases_file;
#[cfg(feature = "gain")]
pub mod command;
#[cfg(feature = "ssr")]
pub mod comparison;
#[cfg(feature = "ssr")]
pub mod exports;
#[cfg(feature = "gain")]
mod learner_table;
#[cfg(test)]
pub(crate) mod mutation;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
pub mod suppression;
