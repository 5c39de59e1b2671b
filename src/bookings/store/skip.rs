//! An administrator's audited skip: somebody goes to the end of the waiting list.

use super::{request::send_in_txn, *};
use crate::{
    bookings::rules::{BookingState, Refusal},
    entity::booking,
};
use sea_orm::{ConnectionTrait, DbErr};

/// Puts somebody at the end of the waiting list and tells them why. Nobody else can do this, and it is written down.
/// `since` is when they joined the list, as the form saw it: a form from before a change would skip them twice.
pub async fn skip_in_txn(
    id: BookingId,
    since: &str,
    reason: &str,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Result<booking::Model, Refusal>, DbErr> {
    let Some((booking, session)) = booking_locked_in_txn(id, db).await? else { return Ok(Err(Refusal::NotLive)) };
    if booking.state != BookingState::Waitlisted {
        return Ok(Err(Refusal::NotWaiting));
    }
    if change.now >= session.starts_at {
        return Ok(Err(Refusal::SessionStarted));
    }
    if booking.waiting_since.map(|since| since.to_rfc3339()).unwrap_or_default() != since {
        return Ok(Err(Refusal::PositionChanged));
    }
    let from = waiting_position(&booking, db).await?;
    let end = end_of_list(session.id, change.now, db).await?;
    let to_the_end = |row: &mut booking::Model| row.waiting_since = Some(end);
    let booking = booking_state_in_txn(booking, BookingState::Waitlisted, change.now, to_the_end, db).await?;
    let to = waiting_position(&booking, db).await?;
    let sentence = format!("Moved from number {from} to number {to} of the waiting list: {reason}");
    change.write_down_in_txn(id, sentence, db).await?;
    if let Some(details) = booking_details(booking.clone(), db).await? {
        send_in_txn(change.letters.skipped(&details, to, reason), change, db).await?;
    }
    Ok(Ok(booking))
}
