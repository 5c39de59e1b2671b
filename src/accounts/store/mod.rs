//! People, addresses, roles, logins and sign-in codes in the database.

mod attempts;
mod codes;
mod former;
mod logins;
mod own;
mod people;

pub use attempts::{attempt_bucket, attempt_count, attempt_insert, attempts_forget_old};
pub use codes::{CodeCheck, code_check_in_txn, code_insert_in_txn, codes_forget_old};
pub use former::{former_details_of, is_anothers_too};
pub use logins::{
    login_end_in_txn, login_insert_in_txn, login_list_live, login_touch, logins_end_all_in_txn,
    logins_end_others_in_txn, logins_forget_old, viewer_by_token_hash,
};
pub use own::{
    PEOPLE_PER_PAGE, PeopleOrder, PeopleQuery, PersonRow, address_delete_in_txn, address_make_main_in_txn,
    administrator_count, main_addresses, people_page, person_update_in_txn,
};
pub use people::{
    NewPerson, address_bounce_in_txn, address_by_text, address_insert_in_txn, address_prove_in_txn,
    address_works_in_txn, addresses_bounced, addresses_of, person_get, person_insert_in_txn, person_main_address,
    role_insert_in_txn, role_remove_in_txn, roles_of,
};
