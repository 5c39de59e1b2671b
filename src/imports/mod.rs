//! Foreign files in: what boards have kept in spreadsheets until now.
//!
//! A history is a CSV file with one row per person and session date. It is checked completely before anything is
//! written, and written completely or not at all; importing it again changes nothing. The file is not kept. Its
//! answers get random pairing keys in shuffled order, so that nobody can join them to people any more.

#[cfg(feature = "ssr")]
pub mod command;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
