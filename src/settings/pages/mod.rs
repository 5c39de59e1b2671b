//! Pages of the office, of the first run, and those that every public body has.

mod first_run;
mod fixed;
mod lines;
mod office;

pub use first_run::{first_run_page, first_run_view};
pub use fixed::{accessibility_page, cookies_page, privacy_page};
pub use lines::{settings_page, settings_view};
pub use office::office_page;
