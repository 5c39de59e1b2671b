//! Mails in the database: what is written into the outbox, in whose words, what the office sees of it, what it sends
//! again, and what came back.

mod came_back;
mod outbox;
mod queue;
mod resend;
mod wording;

pub use came_back::*;
pub use outbox::*;
pub use queue::*;
pub use resend::*;
pub use wording::*;
