//! What trainers see: their session, the printable list, the register, and adding people who walked in.

mod register;
mod session;
mod walk_in;

pub(super) use register::{detail_text, marker_of, register_address, show_submit};
pub use register::{register_now, register_page, show_register, submit_page};
pub use session::{list_page, session_page};
pub(super) use walk_in::LONGEST_SEARCH;
pub use walk_in::{show_comes_for, show_walk_in, walk_in_page};

use crate::{
    sessions::{
        rules::{SessionDetails, SessionId},
        store::{is_accepted_trainer, session_details},
    },
    web::{error::PageError, visit::Visit},
};

/// The session, for its accepted trainers and for administrators; for everybody else it does not exist.
pub(super) async fn trained_session(visit: &Visit, id: SessionId) -> Result<SessionDetails, PageError> {
    let person = visit.person()?;
    if !visit.viewer.is_office() && !is_accepted_trainer(id, person.id, visit.db()).await? {
        return Err(PageError::NotFound);
    }
    session_details(id, visit.db()).await?.ok_or(PageError::NotFound)
}
