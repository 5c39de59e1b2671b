//! A history in the database: everything of it or nothing.

mod answers;
mod courses;
mod import;
mod places;

pub use import::{Imported, history_import_in_txn};
