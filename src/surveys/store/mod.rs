//! Instruments, links and answers in the database.

mod instruments;
mod invitations;
mod mails;
mod responses;

pub use instruments::*;
pub use invitations::*;
pub use mails::*;
pub use responses::*;
