//! courses

pub mod rules;
