//! Sessions: dated runs of courses, with their dates, venues, capacity and trainers.

pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
