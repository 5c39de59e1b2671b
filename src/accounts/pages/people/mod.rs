//! People in the office.

mod add;
mod edit;
mod list;
mod person;
mod roles;

pub use add::{
    new_address_in_office_page, new_address_in_office_view, new_membership_in_office_page,
    new_membership_in_office_view,
};
pub use edit::{edit_person_page, edit_person_view, new_in_office_page, new_in_office_view, return_of};
pub use list::people_list_page;
pub use person::person_page;
pub use roles::{roles_page, roles_view};
