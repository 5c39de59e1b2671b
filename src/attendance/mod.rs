//! attendance

pub mod rules;
