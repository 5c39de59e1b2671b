//! Policies and charges in the database.

mod policies;

pub use policies::*;
