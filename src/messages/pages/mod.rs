//! What the office sees of mail: the queue, and the wording.

mod queue;
mod wording;

pub use queue::*;
pub use wording::*;
