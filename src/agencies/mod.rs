//! agencies

pub mod rules;
