//! charges

pub mod rules;
