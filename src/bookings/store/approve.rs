//! Approving requests, or not.

use super::{offers::book_in_txn, request::send_in_txn, *};
use crate::{
    audit::store::audit_insert_in_txn,
    bookings::rules::{BookingState, Live, Refusal},
    entity::booking,
};
use sea_orm::{ConnectionTrait, DbErr};

/// Answers a request. An answer that was given before stays.
pub async fn answer_request_in_txn(
    id: BookingId,
    approve: bool,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Result<booking::Model, Refusal>, DbErr> {
    let Some((booking, session)) = booking_locked_in_txn(id, db).await? else {
        return Ok(Err(Refusal::NotRequested));
    };
    let Some(Live::Requested(request)) = live_in(&booking, &session) else {
        let answered = if approve { BookingState::Booked } else { BookingState::Declined };
        return Ok(if booking.state == answered { Ok(booking) } else { Err(Refusal::NotRequested) });
    };
    if approve {
        let Some(cut_off) = cut_off_of(&booking, &session, db).await? else {
            return Ok(Err(Refusal::TermsUnknown));
        };
        return match request.approve(cut_off, change.now) {
            Ok(place) => book_in_txn(booking, place, change, db).await.map(Ok),
            Err(refusal) => Ok(Err(refusal)),
        };
    }
    let booking = booking_state_in_txn(booking, BookingState::Declined, change.now, |_| {}, db).await?;
    audit_insert_in_txn(change.actor, subject(id), "Not approved", change.now, db).await?;
    if let Some(details) = booking_details(booking.clone(), db).await? {
        send_in_txn(change.letters.declined(&details), change, db).await?;
    }
    session_release_place_in_txn(session.id, db).await?;
    offer_places_in_txn(session.id, change, db).await?;
    Ok(Ok(booking))
}
