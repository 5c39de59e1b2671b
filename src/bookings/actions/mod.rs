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

use super::{
    pages::conflict,
    store::{Answer, Change},
};
use crate::{
    accounts::rules::{PersonId, parse_text},
    messages::bookings::Letters,
    web::{error::PageError, form::FormState, visit::Visit},
};

/// The longest reason, in characters.
const REASON_LONGEST: usize = 300;

/// A request that is declined, with the reason if one was written down. Fails with a sentence when it is too long.
fn declined(form: &FormState) -> Result<Answer, PageError> {
    if form.value("reason").trim().is_empty() {
        return Ok(Answer::Decline { reason: None });
    }
    let reason = parse_text("Reason", form.value("reason"), REASON_LONGEST);
    let reason = reason.map_err(|sentence| PageError::Conflict(format!("{sentence}. Nothing was declined.")))?;
    Ok(Answer::Decline { reason: Some(reason) })
}

/// A change made by this person, now.
fn change_by(visit: &Visit, actor: PersonId) -> Change {
    Change { actor: Some(actor), now: visit.now, letters: Letters::of(&visit.app) }
}
