//! Learning gain: how far learners' answers moved between before and after a course, and how sure that is.
//!
//! The feature owns pairing, the statistics ([`rules`]) and their command line (`command`, over the readers
//! [`cases_file`] and `answers_file`). Its invariant: only learners who answered both times enter a gain.

#[cfg(feature = "gain")]
pub mod answers_file;
pub mod cases_file;
#[cfg(feature = "gain")]
pub mod command;
#[cfg(feature = "gain")]
mod learner_table;
pub mod rules;
