//! Pages of accounts.

mod new_person;
mod sign_in;
mod start;

pub use new_person::{AgencyField, NOT_LISTED, PersonKindField, Under18Field, new_person_page, new_person_view};
pub use sign_in::{code_page, code_view, sign_in_page, sign_in_view};
pub use start::start;
