//! Sessions in the database.

mod details;
mod terms;

pub use details::*;
pub use terms::*;
