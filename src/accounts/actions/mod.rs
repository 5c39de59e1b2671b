//! The forms of accounts.

mod account;
mod new_person;
mod people;
mod sign_in;

pub use account::{
    add_address, add_membership, address_works, ask_for_address_code, end_membership, make_address_main,
    remove_address, save_details, sign_out_others,
};
pub use new_person::create_person;
pub use people::{
    add_address_in_office, add_membership_in_office, create_in_office, give_role, save_person, take_role,
};
pub use sign_in::{ask_for_code, send_code_in_txn, sign_out, try_code};
