//! What the office can change without a developer: the board's name and its contact; the first run of an empty
//! board; the office's own first page; and the pages that every public body has.
//!
//! A setting is a row (key, value). The board's own lines are kept in memory for the frame of every page; the process
//! that changes them reads them again at once, every other process within seconds.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod board;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
