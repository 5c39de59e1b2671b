//! Personal data in the database, found by the one list of tables.
//!
//! `rows` finds a person's rows, `export` reads them for their download, `erase` takes the person out, `retention`
//! forgets what is no longer needed.

mod erase;
mod export;
mod retention;
mod rows;

pub use erase::{erasure_facts, person_erase_in_txn, somebody_erased_since};
pub use export::person_export;
pub use retention::{access_needs_forget_in_txn, mails_forget_in_txn, retention_get, retention_put_in_txn};
