//! The forms of accounts.

mod new_person;
mod sign_in;

pub use new_person::create_person;
pub use sign_in::{ask_for_code, sign_out, try_code};
