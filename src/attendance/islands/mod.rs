//! The register on a telephone: each mark is saved at once, undone with one tap, and kept while there is no network.
//!
//! The island renders the same form that works without JavaScript; where it runs, each change is also sent by itself.
//! What could not be sent waits in the browser's storage as booking, mark and nonce, nothing more, and is removed once
//! it is sent. A mark that arrives twice counts once, because its nonce is the same.

mod queue;
mod sheet;

pub use sheet::{RegisterIsland, RegisterSheet, SheetPerson};

use super::rules::Mark;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the server says to a mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkAnswer {
    /// Whether the register now says so.
    pub saved: bool,
    /// Why not; a sentence for the trainer.
    pub message: String,
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
    use super::{
        rules::MarkRequest,
        store::{MarkWrite, RegisterError, mark_save_in_txn, marker_for},
    };
    use crate::{bookings::rules::BookingId, server::state::App, sessions::rules::SessionDateId, web::viewer::Viewer};

    const LONGEST_NONCE: usize = 64;
    let app = expect_context::<App>();
    let viewer = expect_context::<Viewer>();
    let refused = |message: &str| Ok(MarkAnswer { saved: false, message: message.to_owned() });
    let Some(person) = viewer.person() else { return refused("You are signed out. Sign in again, then reload.") };
    if nonce.is_empty() || nonce.len() > LONGEST_NONCE || nonce.contains('\0') {
        return refused("The page is out of date. Reload it.");
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
            Ok(MarkAnswer { saved: true, message: String::new() })
        }
        Err(RegisterError::Database(error)) => Err(failed(error)),
        Err(refusal) => refused(&refusal.to_string()),
    }
}
