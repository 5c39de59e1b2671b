//! surveys

pub mod rules;
