//! The demonstration in the database.

mod answers;
mod board;
mod booking_rows;
mod bookings;
mod charges;
mod courses;
mod extras;
mod insert;
mod people;
mod registers;
mod sessions;
mod terms;
mod tour;
mod trail;

pub use board::*;
pub use tour::*;
