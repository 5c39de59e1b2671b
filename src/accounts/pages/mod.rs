//! Pages of accounts.

mod account;
mod memberships;
mod new_person;
mod people;
mod sign_in;
mod start;

pub use account::{
    account_page, address_code_page, address_code_view, details_page, details_view, new_address_page, new_address_view,
    own_address, returned_addresses_page,
};
pub use memberships::{end_membership_page, end_membership_view, new_membership_page, new_membership_view};
pub use new_person::{NOT_LISTED, new_person_page, new_person_view};
pub use people::{
    edit_person_page, edit_person_view, new_address_in_office_page, new_address_in_office_view, new_in_office_page,
    new_in_office_view, new_membership_in_office_page, new_membership_in_office_view, people_list_page, person_page,
    return_of, roles_page, roles_view,
};
pub use sign_in::{code_page, code_view, sign_in_page, sign_in_view};
pub use start::start;
