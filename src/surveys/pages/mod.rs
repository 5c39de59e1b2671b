//! The questionnaire behind a personal link, and the door by a code.

mod answer;
mod code;

pub use answer::*;
pub use code::*;
