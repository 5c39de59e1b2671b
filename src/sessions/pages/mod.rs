//! Pages of sessions.

pub mod office;
mod session;
mod training;

pub use session::session_page;
pub use training::training_page;
