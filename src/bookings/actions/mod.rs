//! What people do with bookings: forms in, moves out.

mod agency;
mod book;
mod changes;
mod link;
mod office;
mod reserved;
mod skip;

pub use agency::*;
pub use book::*;
pub use changes::*;
pub use link::*;
pub use office::*;
pub use reserved::*;
pub use skip::*;

use super::{pages::conflict, store::Change};
use crate::{accounts::rules::PersonId, messages::bookings::Letters, web::visit::Visit};

/// A change made by this person, now.
fn change_by(visit: &Visit, actor: PersonId) -> Change {
    Change { actor: Some(actor), now: visit.now, letters: Letters::of(&visit.app) }
}
