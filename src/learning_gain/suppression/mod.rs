//! What may be shown of figures that are made of people's answers. Pure; stands between the engine and every view
//! and export.
//!
//! [`batches`] decides when waiting answers enter the shown figures at all. [`line`] and [`spread`] cut a figure
//! down to what says nothing about one to four people; [`partitions`] does so for people who are counted in several
//! ways at once; [`clusters`] sees to it that an interval between sessions tells nothing either, and [`totals`] that no
//! total over some courses does.

pub mod batches;
pub mod clusters;
pub mod line;
pub mod partitions;
pub mod spread;
pub mod totals;

/// Fewer people than this are never behind a figure inside the board.
pub const FEWEST: u64 = 5;

/// Whether so many people may be counted in a figure: none, or enough of them.
pub fn is_countable(people: u64) -> bool {
    people == 0 || people >= FEWEST
}
