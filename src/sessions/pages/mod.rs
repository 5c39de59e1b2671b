//! Pages of sessions.

mod session;

pub use session::session_page;
