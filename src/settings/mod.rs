//! What the office can change without a developer: the board's name, its contact, and later texts and policies.
//!
//! A setting is a row (key, value). The board's own lines are kept in memory for the frame of every page; the process
//! that changes them reads them again at once, every other process within seconds.

#[cfg(feature = "ssr")]
pub mod board;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
