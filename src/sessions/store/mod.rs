//! Sessions in the database.

mod details;
mod office;
mod people;
mod terms;
mod venues;

pub use details::*;
pub use office::*;
pub use people::*;
pub use terms::*;
pub use venues::*;
