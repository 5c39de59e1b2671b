//! Who may open which address: each line of the route table in `app.rs` names one of these, and one guard holds it.
//! Whose object it is (my booking, my session) is decided where the object is loaded: another person's is 404.

use super::{error::PageError, viewer::Viewer};
use crate::accounts::rules::Role;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Everybody who has the personal link in the address; the handler checks it.
    PersonalLink,
    /// Everybody who is signed in.
    SignedIn,
    /// Accepted trainers of the session in question, and administrators.
    Trainer,
    /// Administrators.
    Office,
    /// Board members and administrators.
    Board,
    /// Training leads of an agency, for their own agency.
    TrainingLead,
    /// Billing contacts of an agency, for their own agency.
    BillingContact,
    /// Everybody, but only in a demonstration; else the address does not exist.
    Demo,
    /// Everybody, but only while the board is empty; else the address does not exist.
    FirstRun,
}

/// Decides whether somebody may use a route, as far as their roles say.
/// Fails with `SignIn` for a stranger, and with `NotYours` for the wrong role.
pub fn decide_access(access: Access, viewer: &Viewer, demo: bool) -> Result<(), PageError> {
    let needs = |roles: &[Role]| match viewer.person() {
        None => Err(PageError::SignIn),
        Some(person) if roles.iter().any(|role| person.has_role(*role)) => Ok(()),
        Some(_) => Err(PageError::NotYours),
    };
    match access {
        Access::Public | Access::PersonalLink | Access::FirstRun => Ok(()),
        Access::Demo if demo => Ok(()),
        Access::Demo => Err(PageError::NotFound),
        Access::SignedIn if viewer.person().is_some() => Ok(()),
        Access::SignedIn => Err(PageError::SignIn),
        Access::Trainer => needs(&[Role::Trainer, Role::Administrator]),
        Access::Office => needs(&[Role::Administrator]),
        Access::Board => needs(&[Role::Board, Role::Administrator]),
        Access::TrainingLead => needs(&[Role::TrainingLead, Role::Administrator]),
        Access::BillingContact => needs(&[Role::BillingContact, Role::Administrator]),
    }
}
