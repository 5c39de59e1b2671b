//! sessions

pub mod rules;
