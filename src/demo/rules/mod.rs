//! What the demonstration is made of, and where its clock may go. Pure: no clock, no database.

pub mod cast;
pub mod catalogue;
pub mod clock;
pub mod dice;
pub mod names;
