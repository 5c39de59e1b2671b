//! The office's pages of courses.

mod form;
mod list;
mod retire;

pub use form::{change_course_page, changed_course_again, new_course_again, new_course_page};
pub use list::course_list_page;
pub use retire::retire_page;
