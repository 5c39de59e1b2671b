//! Bookings in the database.
//!
//! `rows` reads and writes single bookings and the session's counters; `facts`, `applicants` and `arrangements` load
//! what a decision needs; `shown` says whether a form is still about what its page showed; `details` what pages and mails
//! say; `lists` the office's and people's lists. The other files carry out one kind of move each,
//! whole: rows, counters, audit and mails, in the caller's transaction. They lock the session's row first, so that
//! moves on one session come one after the other on PostgreSQL as on SQLite.

mod agency;
mod applicants;
mod approve;
mod arrangements;
mod colleague;
mod details;
mod facts;
mod give_back;
mod list_end;
mod lists;
mod offers;
mod periods;
mod remind;
mod request;
mod reserved;
mod rows;
mod session_cancelled;
mod shown;
mod skip;
mod staff_list;
mod transfer;

pub use agency::*;
pub use applicants::*;
pub use approve::*;
pub use arrangements::*;
pub use colleague::*;
pub use details::*;
pub use facts::*;
pub use give_back::*;
pub use list_end::*;
pub use lists::*;
pub use offers::*;
pub use periods::*;
pub use remind::*;
pub use request::*;
pub use reserved::*;
pub use rows::*;
pub use session_cancelled::*;
pub use shown::*;
pub use skip::*;
pub use staff_list::*;
pub use transfer::*;

use crate::{
    accounts::rules::PersonId,
    audit::store::{Subject, audit_insert_in_txn},
    bookings::rules::BookingId,
    messages::bookings::Letters,
};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

/// By whom and when something is changed, and who writes the mails about it.
#[derive(Clone)]
pub struct Change {
    /// Who; None for what time brings.
    pub actor: Option<PersonId>,
    /// When.
    pub now: DateTime<Utc>,
    /// The mails' wording.
    pub letters: Letters,
    /// Whether it comes by a mailed link, whose holder has not signed in: what is written down says so.
    pub by_link: bool,
}

impl Change {
    /// A change by somebody who is signed in, or by time.
    pub fn new(actor: Option<PersonId>, now: DateTime<Utc>, letters: Letters) -> Self {
        Self { actor, now, letters, by_link: false }
    }

    /// A change by whoever holds the mailed link of this person's booking.
    pub fn by_link_of(person: PersonId, now: DateTime<Utc>, letters: Letters) -> Self {
        Self { by_link: true, ..Self::new(Some(person), now, letters) }
    }

    /// Writes down what happened to a booking.
    async fn write_down_in_txn(
        &self,
        id: BookingId,
        what: impl Into<String>,
        db: &impl ConnectionTrait,
    ) -> Result<(), DbErr> {
        let what = what.into();
        let sentence = if self.by_link { format!("{what}, by the link in the mail") } else { what };
        audit_insert_in_txn(self.actor, subject(id), sentence, self.now, db).await
    }
}

/// What audit rows about a booking are about.
pub fn subject(booking: BookingId) -> Subject {
    Subject { kind: "booking", id: booking.0 }
}
