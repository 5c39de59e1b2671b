//! The demonstration: a whole invented board, its own clock, and the pages that let a visitor step into people and
//! read the mail that was sent. None of it exists without `--demo`.
//!
//! `rules` says what the board is made of, `store` fills an empty database with it in one transaction, the same rows
//! at every run, through the same rules as the site: prices, deadlines, outcomes, verdicts and released figures are
//! not made up but decided. A database that the demonstration did not make is refused.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod command;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
