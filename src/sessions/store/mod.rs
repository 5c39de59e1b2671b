//! Sessions in the database.

mod details;
mod office;
mod people;
mod terms;
mod trainers;
mod venues;

pub use details::*;
pub use office::*;
pub use people::*;
pub use terms::*;
pub use trainers::*;
pub use venues::*;
