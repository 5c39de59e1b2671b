//! x
pub mod learning_gain;
