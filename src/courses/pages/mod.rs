//! Pages of courses.

mod catalogue;
mod course;
pub mod office;

pub use catalogue::catalogue_page;
pub use course::course_page;
