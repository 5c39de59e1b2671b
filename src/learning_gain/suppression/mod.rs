//! What may be shown of figures that are made of people's answers. Pure; stands between the engine and every view
//! and export.
//!
//! [`batches`] decides when waiting answers enter the shown figures at all. [`line`], [`changes`], [`further`] and
//! [`spread`] cut a figure down to what says nothing about one to four people; [`partitions`] does so for people who
//! are counted in several ways at once; [`clusters`] sees to it that an interval between sessions tells nothing either.
//! What stands beside a hidden figure is looked at by [`neighbours`] (parts of one total), [`inside`] (the total), [`totals`] (several totals
//! over the same courses) and [`composites`] (several statements of the same people).

pub mod batches;
pub mod changes;
pub mod clusters;
pub mod composites;
pub mod further;
pub mod inside;
pub mod line;
pub mod neighbours;
pub mod partitions;
pub mod spread;
pub mod totals;

#[cfg(test)]
mod attack;

/// Who sees a figure, and so how many people must at least be behind it.
///
/// Every view of today is the board's. What the board publishes (its annual report) has to ask for
/// [`Audience::Published`]: then no figure, and no part of one, counts one to nine people. Batches and the groups of
/// [`partitions`] are made for the board, so the difference of two published figures is nobody or at least five; a
/// publication that shows two moments, or parts beside their total, has to look at that difference itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The board, its office and a session's own trainers.
    Board,
    /// Everybody.
    Published,
}

impl Audience {
    /// Fewer people than this are never behind a figure: 5 inside the board and 10 in what is published, the usual
    /// thresholds of English safeguarding boards.
    pub const fn fewest(self) -> u64 {
        match self {
            Self::Board => 5,
            Self::Published => 10,
        }
    }

    /// Whether so many people may be counted in a figure: none, or enough of them.
    pub fn is_countable(self, people: u64) -> bool {
        people == 0 || people >= self.fewest()
    }
}

/// Fewer people than this are never behind a figure inside the board.
pub const FEWEST: u64 = Audience::Board.fewest();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_are_enough_inside_and_ten_outside() {
        let counted = |audience: Audience| (0..12).filter(|people| audience.is_countable(*people)).collect::<Vec<_>>();
        assert_eq!(counted(Audience::Board), [0, 5, 6, 7, 8, 9, 10, 11]);
        assert_eq!(counted(Audience::Published), [0, 10, 11]);
    }
}
