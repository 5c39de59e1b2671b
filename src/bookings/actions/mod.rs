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

/// A request that is declined, with the reason if one was written down. Fails with a sentence when it is too long: the
/// field stands in a list of many requests, so that the sentence holds what was typed.
fn declined(form: &FormState) -> Result<Answer, PageError> {
    if form.value("reason").trim().is_empty() {
        return Ok(Answer::Decline { reason: None });
    }
    let typed = form.value("reason");
    let reason = parse_text("Reason", typed, REASON_LONGEST);
    let kept =
        |sentence| PageError::Conflict(format!("{sentence}. Nothing was declined. You wrote: “{}”", typed.trim()));
    let reason = reason.map_err(kept)?;
    Ok(Answer::Decline { reason: Some(reason) })
}

/// A change made by this person, now.
fn change_by(visit: &Visit, actor: PersonId) -> Change {
    Change::new(Some(actor), visit.now, Letters::of(&visit.app))
}
