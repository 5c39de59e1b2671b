//! The register of each session date: who was there, recorded by the trainer, corrected by the office.
//!
//! unmarked → present | late | left early | refused late | did not attend | excused (by the office). A register opens
//! an hour before the start, is submitted by a trainer, and is locked by the office or seven days later; from then on
//! only the office corrects it, with a reason. When all registers of a session are submitted, each booking has an
//! outcome, and charges are proposed by rule.
//!
//! Invariants: every mark ever made is kept in `mark_history` with who made it; a mark sent twice (same nonce) counts
//! once; submitting twice is submitting once; a correction settles outcomes and charges again.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod islands;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
