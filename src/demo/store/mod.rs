//! The demonstration in the database.

mod board;
mod courses;
mod insert;
mod people;
mod sessions;
mod tour;

pub use board::*;
pub use tour::*;
