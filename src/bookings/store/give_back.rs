//! Giving up what one has: a place, a request, a spot on the waiting list, an offer.

use super::{request::send_in_txn, *};
use crate::{
    bookings::rules::{BookingState, Cancelled, Live, Refusal},
    calendar::rules::moment_text,
    charges::store::charge_propose_for_late_cancellation_in_txn,
    entity::booking,
};
use sea_orm::{ConnectionTrait, DbErr};

/// What giving a booking up would mean now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivingUp {
    /// A place, in time or late.
    Place(Cancelled),
    /// A request that nobody has approved yet; free.
    Request,
    /// A spot on the waiting list; free.
    WaitingList,
    /// An offer; free.
    Offer,
}

impl GivingUp {
    /// The word that a page's form carries, so that what was read is what is done. Free is free, for whichever reason.
    pub fn word(self) -> &'static str {
        match self {
            Self::Place(Cancelled::InTime | Cancelled::FreeBecauseMoved) => "free",
            Self::Place(Cancelled::Late) => "late",
            Self::Request => "request",
            Self::WaitingList => "list",
            Self::Offer => "offer",
        }
    }
}

/// Whether giving a booking up still means what the page said, as its `word`. What was given up before may be sent
/// again. The booking stays locked until the transaction ends.
pub async fn still_means_in_txn(
    id: BookingId,
    word: &str,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let Some((booking, session)) = booking_locked_in_txn(id, db).await? else { return Ok(true) };
    Ok(match decide_give_up(live_in(&booking, &session), now) {
        Ok(meaning) => meaning.word() == word,
        Err(_) => true,
    })
}

/// Decides what giving up means, for the page that asks and for the transaction that does it.
pub fn decide_give_up(live: Option<Live>, now: DateTime<Utc>) -> Result<GivingUp, Refusal> {
    match live {
        None => Err(Refusal::NotLive),
        Some(Live::Booked(place)) => place.cancel(now).map(GivingUp::Place),
        Some(Live::Requested(_)) => Ok(GivingUp::Request),
        Some(Live::Waiting(_)) => Ok(GivingUp::WaitingList),
        Some(Live::Offered(_)) => Ok(GivingUp::Offer),
    }
}

/// Gives a booking up and offers the freed place to the next on the list. A booking that was given up before stays as
/// it is, and is returned as it is.
pub async fn give_up_in_txn(
    id: BookingId,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Result<booking::Model, Refusal>, DbErr> {
    let Some((booking, session)) = booking_locked_in_txn(id, db).await? else { return Ok(Err(Refusal::NotLive)) };
    let meaning = match decide_give_up(live_in(&booking, &session), change.now) {
        Ok(meaning) => meaning,
        // Sent again: the first result stands.
        Err(Refusal::NotLive) if was_given_up(booking.state) => return Ok(Ok(booking)),
        Err(Refusal::NotLive) if booking.state == BookingState::ListEnded => return Ok(Err(Refusal::ListEnded)),
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (state, sentence) = match meaning {
        GivingUp::Place(Cancelled::InTime) => (
            BookingState::CancelledInTime,
            format!(
                "Cancelled in time (until {})",
                moment_text(booked_of(&booking, session.starts_at, session.moved_at).free_until())
            ),
        ),
        GivingUp::Place(Cancelled::FreeBecauseMoved) => {
            (BookingState::CancelledInTime, "Cancelled free of charge, because the session was changed".to_owned())
        }
        GivingUp::Place(Cancelled::Late) => {
            (BookingState::CancelledLate, format!("Cancelled late (after {})", moment_text(booking.cancel_by)))
        }
        GivingUp::Request => (BookingState::Withdrawn, "Took the request back".to_owned()),
        GivingUp::WaitingList => (BookingState::Left, "Left the waiting list".to_owned()),
        GivingUp::Offer => (BookingState::OfferDeclined, "Declined the offer".to_owned()),
    };
    let booking = booking_state_in_txn(booking, state, change.now, |_| {}, db).await?;
    change.write_down_in_txn(id, sentence, db).await?;
    let is_charged = state == BookingState::CancelledLate
        && charge_propose_for_late_cancellation_in_txn(id, change.actor, change.now, db).await?.is_some();
    if let Some(details) = booking_details(booking.clone(), db).await? {
        send_in_txn(change.letters.given_up(&details, meaning, is_charged, change.now), change, db).await?;
    }
    if meaning == GivingUp::WaitingList {
        session_waiting_add_in_txn(session.id, -1, db).await?;
    } else {
        place_give_back_in_txn(&booking, db).await?;
        offer_places_in_txn(session.id, change, db).await?;
    }
    Ok(Ok(booking))
}

/// The states that giving up leads to.
fn was_given_up(state: BookingState) -> bool {
    matches!(
        state,
        BookingState::CancelledInTime
            | BookingState::CancelledLate
            | BookingState::Withdrawn
            | BookingState::Left
            | BookingState::OfferDeclined
    )
}
