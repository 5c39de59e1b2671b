//! Views of learning gain: a course for the board, a session for its trainer, and how it is computed.

mod course;
mod how;
mod item;
mod session;

pub use course::course_page;
pub use how::how_page;
pub use session::session_page;
