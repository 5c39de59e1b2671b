//! Surveys: what learners are asked before and after a session, the personal links by which they answer, and their
//! answers.
//!
//! The feature owns instruments and items, responses and answers, and who has finished. A response is *saved* as
//! often as its person likes and *finished* once; it counts when finished, or when its wave closes with answers
//! saved. Waves: before (from the booking to 30 minutes after the start), after (from 10 minutes before the end to
//! day 21).
//!
//! Invariants. Answers carry pairing key, wave and day only: no person, no finer time, no order of arrival. The
//! pairing key is an HMAC of the booking under a key outside the database and a random salt of the session, and the
//! salt is deleted when the last wave closes: from then on nobody can join answers to people. No screen, export, log
//! or audit row shows a named person's answers to anybody.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod links;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
