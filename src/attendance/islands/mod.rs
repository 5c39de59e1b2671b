//! The register on a telephone: each mark is saved at once, undone with one tap, and kept while there is no network;
//! whoever walks in is looked for and added without leaving it.
//!
//! The island renders the same form that works without JavaScript; where it runs, each change is also sent by itself.
//! What could not be sent waits in the browser's storage as booking, mark and nonce, nothing more, is tried again by
//! itself, and is removed once it is sent. A mark that arrives twice counts once, because its nonce is the same; so does
//! a walk-in.
//!
//! The functions below are the island's endpoints. It calls them through `wire`, not through the callers that `server`
//! makes of them, which would weigh more than the island itself.

#[cfg(feature = "ssr")]
mod answers;
mod card;
mod queue;
mod sending;
mod sheet;
mod walk_in;
mod wire;

pub use sheet::{RegisterIsland, RegisterSheet, SheetPerson};
pub use wire::SHEET_ID;

use super::rules::Mark;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the server says to a mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkAnswer {
    /// Whether the register now says so.
    pub saved: bool,
    /// Whether it can be sent again once somebody is signed in: then the device must not forget it.
    pub again: bool,
    /// Why not; a sentence for the trainer.
    pub message: String,
}

/// Something wrong with what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field's name; nothing when it is about the whole.
    pub field: String,
    /// What to do, for the trainer.
    pub sentence: String,
}

/// Somebody who may be the one who came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPerson {
    /// The person's id.
    pub person: i64,
    /// Their name.
    pub name: String,
    /// Where they work, as far as whoever searches may know.
    pub agency: String,
    /// Whether they have a place already.
    pub on_register: bool,
    /// Whether they have to be asked for whom they have come.
    pub asks: bool,
    /// For the office, their agencies; trainers choose from all.
    pub choices: Vec<AgencyChoice>,
}

/// An agency to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyChoice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// What the server says to a search.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleAnswer {
    /// At most ten.
    pub found: Vec<FoundPerson>,
    /// What somebody new can choose from.
    pub agencies: Vec<AgencyChoice>,
    /// Why nobody was looked for.
    pub problems: Vec<Problem>,
}

/// What the server says to a walk-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalkInAnswer {
    /// Their place on the register now.
    pub added: Option<SheetPerson>,
    /// Why nobody was added.
    pub problems: Vec<Problem>,
}

/// Looks for people who may have walked in: the same people, and of them the same, as the page for it shows.
#[server(prefix = "/api", endpoint = "register/people")]
pub async fn people_find(
    /// The session date.
    date: i64,
    /// Part of a name, or a whole address.
    #[server(default)]
    search: String,
) -> Result<PeopleAnswer, ServerFnError> {
    answers::find(date, &search).await
}

/// Adds somebody who walked in and marks them present: a known person, or somebody new. Sent again with the same nonce
/// it adds nobody, and answers the same.
#[server(prefix = "/api", endpoint = "register/walk-in")]
pub async fn walk_in_send(
    /// The session date.
    date: i64,
    /// Who, where they are known.
    person: Option<i64>,
    /// Somebody new, as on the page for it: their name.
    #[server(default)]
    name: String,
    /// Their address, where they gave one.
    #[server(default)]
    email: String,
    /// What they do.
    #[server(default)]
    job_role: String,
    /// Their agency's id, where they chose one; of somebody known, for whom they have come.
    #[server(default)]
    agency: String,
    /// Made with the wish.
    nonce: String,
) -> Result<WalkInAnswer, ServerFnError> {
    let typed = [("name", name), ("email", email), ("job_role", job_role), ("agency", agency)];
    answers::add(date, person, typed, &nonce).await
}

/// Records one mark. Sent again with the same nonce it changes nothing.
#[server(prefix = "/api", endpoint = "register/mark")]
pub async fn mark_send(
    /// The session date.
    date: i64,
    /// Whose booking.
    booking: i64,
    /// What the register shall say.
    mark: Mark,
    /// How late, where that is known.
    minutes: Option<i32>,
    /// Made with the mark.
    nonce: String,
) -> Result<MarkAnswer, ServerFnError> {
    use self::answers::{OUT_OF_DATE, SIGNED_OUT, is_nonce};
    use super::{
        rules::MarkRequest,
        store::{MarkWrite, RegisterError, mark_save_in_txn, marker_for},
    };
    use crate::{bookings::rules::BookingId, server::state::App, sessions::rules::SessionDateId, web::viewer::Viewer};

    let app = expect_context::<App>();
    let viewer = expect_context::<Viewer>();
    let refused = |message: &str| Ok(MarkAnswer { saved: false, again: false, message: message.to_owned() });
    let Some(person) = viewer.person() else {
        return Ok(MarkAnswer { saved: false, again: true, message: SIGNED_OUT.to_owned() });
    };
    if !is_nonce(&nonce) {
        return refused(OUT_OF_DATE);
    }
    let date = SessionDateId(date);
    // The cause of a failed query is for the log only: it may quote values.
    let failed = |_| ServerFnError::new("the register could not be saved");
    let now = app.clock.now();
    let txn = app.db.write().await.map_err(failed)?;
    let Some(marker) = marker_for(date, person, &txn).await.map_err(failed)? else {
        return refused("This register is not yours.");
    };
    let request = MarkRequest { mark, minutes_late: minutes, reason: None };
    let write = MarkWrite { nonce, date, booking: BookingId(booking), request };
    match mark_save_in_txn(&write, marker, &app.secrets, now, &txn).await {
        Ok(_) => {
            txn.commit().await.map_err(failed)?;
            app.outbox_bell.notify_one();
            Ok(MarkAnswer { saved: true, again: false, message: String::new() })
        }
        Err(RegisterError::Database(error)) => Err(failed(error)),
        Err(refusal) => refused(&refusal.to_string()),
    }
}
