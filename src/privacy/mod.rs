//! What is kept about a person, how long, and how they see it and have it erased.
//!
//! `rules::TABLES` is the one list: every table of the database is in it, with what it holds of a person, how their
//! rows are found, what the download gives them, and what erasing does to it. A test reads the migrations and fails
//! when a table, a column or a link to a person is missing from it.
//!
//! Erasing is for ever. The person's row stays without their name, so that every count stays what it was; their name
//! and addresses, and those that they had before (`former_details`), leave every text of the database, and on SQLite
//! the bytes leave its files: at once where a row was, in the following night where a copy was left over. It is refused while something is still open: a place or a session
//! to come, a charge that they pay themselves, the last administrator's role.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod exports;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
