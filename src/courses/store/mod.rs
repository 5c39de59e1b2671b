//! Courses in the database.

mod catalogue;
mod office;

pub use catalogue::*;
pub use office::*;
