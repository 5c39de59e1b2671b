//! Agencies and claimed memberships in the office.

mod edit;
mod list;
mod memberships;
mod staff;

pub use edit::{agency_edit_page, agency_form_view, agency_new_page, close_page};
pub use list::{agency_list_page, agency_page};
pub use memberships::memberships_page;
pub use staff::staff_page;
