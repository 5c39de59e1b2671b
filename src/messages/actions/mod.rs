//! What the office does about mail.

mod queue;
mod wording;

pub use queue::*;
pub use wording::*;
