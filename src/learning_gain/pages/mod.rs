//! Views of learning gain: all courses, a course, a topic and a learning point for the board, a session for its
//! trainer, and how it is computed.

mod agency_types;
mod beside;
mod course;
mod courses;
mod how;
mod item;
mod learning_points;
mod session;
mod topic;

pub use agency_types::agency_types_page;
pub use course::course_page;
pub use courses::courses_page;
pub use how::how_page;
pub use item::subject_of;
pub use learning_points::learning_points_page;
pub use session::session_page;
pub use topic::topic_page;
