//! Answers on their way into the histograms, and the histograms as views read them.

mod read;
mod release;
mod verify;

pub use read::*;
pub use release::*;
pub use verify::*;
