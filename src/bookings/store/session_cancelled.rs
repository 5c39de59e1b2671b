//! What the board's own changes mean for bookings.

use super::{request::send_in_txn, *};
use crate::{
    bookings::rules::{BookingState, offer_after_move},
    calendar::rules::moment_text,
    entity::{booking, reserved_place, session},
    sessions::rules::{GoneDate, SessionId},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

/// Ends every live booking of a session that was called off, and tells everybody why. Returns how many. The caller
/// has set the session's state before.
pub async fn session_cancelled_in_txn(
    id: SessionId,
    reason: &str,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<usize, DbErr> {
    session_locked_in_txn(id, db).await?;
    let live = live_bookings(id, db).await?;
    let count = live.len();
    let sentence = match reason.trim() {
        "" => "The session was called off".to_owned(),
        reason => format!("The session was called off: {reason}"),
    };
    for details in booking_details_list(live, db).await? {
        let had = details.booking.state;
        let booking =
            booking_state_in_txn(details.booking.clone(), BookingState::SessionCancelled, change.now, |_| {}, db)
                .await?;
        change.write_down_in_txn(booking.id, sentence.clone(), db).await?;
        let details = BookingDetails { booking, ..details };
        send_in_txn(change.letters.session_cancelled(&details, had, reason, change.now), change, db).await?;
    }
    let counters = session::ActiveModel { held: Set(0), waiting: Set(0), reserved: Set(0), ..Default::default() };
    let kept = reserved_place::ActiveModel { released_at: Set(Some(change.now)), ..Default::default() };
    reserved_place::Entity::update_many()
        .set(kept)
        .filter(reserved_place::Column::SessionId.eq(id))
        .filter(reserved_place::Column::ReleasedAt.is_null())
        .exec(db)
        .await?;
    session::Entity::update_many().set(counters).filter(session::Column::Id.eq(id)).exec(db).await?;
    Ok(count)
}

/// Tells everybody with a booking that date, time, venue or mode have changed, with a new calendar entry, and that
/// they may cancel free until the start. `gone` are the dates that the session no longer has, with their positions:
/// they leave people's calendars. What was sent because of the old date is sent again for the new one, and no offer or
/// request holds a place beyond the new start. The caller has changed the session before, its `moved_at` included.
pub async fn session_moved_in_txn(
    id: SessionId,
    what: &str,
    gone: &[GoneDate],
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<usize, DbErr> {
    session_locked_in_txn(id, db).await?;
    let live = live_bookings(id, db).await?;
    let count = live.len();
    for details in booking_details_list(live, db).await? {
        let starts = details.session.starts_at;
        let old = details.booking;
        let (state, changed_at, held_before) = (old.state, old.changed_at, held_until(&old));
        let follow = |row: &mut booking::Model| {
            row.start_reminded_at = None;
            row.last_day_told_at = None;
            row.offer_expires_at = row.offer_expires_at.map(|until| offer_after_move(until, starts, change.now));
            row.approval_until = row.approval_until.map(|until| until.min(starts));
        };
        let booking = booking_state_in_txn(old, state, changed_at, follow, db).await?;
        let sooner = held_until(&booking).filter(|until| Some(*until) != held_before).map(moment_text);
        let (sentence, what) = match (booking.state, sooner) {
            (BookingState::Offered, Some(until)) => (
                format!("The session was changed. {what} The offer now stands until {until}"),
                format!("{what} The place that we offer you is now held until {until}."),
            ),
            (_, Some(until)) => (
                format!("The session was changed. {what} The request now waits for approval until {until}"),
                format!("{what} Your request now waits for approval until {until}."),
            ),
            (_, None) => (format!("The session was changed. {what}"), what.to_owned()),
        };
        change.write_down_in_txn(booking.id, sentence, db).await?;
        let details = BookingDetails { booking, ..details };
        send_in_txn(change.letters.session_moved(&details, &what, gone, change.now), change, db).await?;
    }
    Ok(count)
}

/// Tells everybody with a place what is new about how to join, with a new calendar entry: the link, the venue's address.
/// Nobody's place changes, so nothing is said of cancelling. The caller has changed the session's version before.
pub async fn session_details_changed_in_txn(
    id: SessionId,
    what: &str,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let mut booked = live_bookings(id, db).await?;
    booked.retain(|row| row.state == BookingState::Booked);
    for details in booking_details_list(booked, db).await? {
        send_in_txn(change.letters.session_details_changed(&details, what, change.now), change, db).await?;
    }
    Ok(())
}

/// Until when a place is held that is offered or asked for.
fn held_until(booking: &booking::Model) -> Option<DateTime<Utc>> {
    match booking.state {
        BookingState::Offered => booking.offer_expires_at,
        BookingState::Requested => booking.approval_until,
        _ => None,
    }
}

async fn live_bookings(id: SessionId, db: &impl ConnectionTrait) -> Result<Vec<booking::Model>, DbErr> {
    booking::Entity::find()
        .filter(booking::Column::SessionId.eq(id))
        .filter(booking::Column::State.is_in(BookingState::LIVE))
        .order_by_asc(booking::Column::Id)
        .all(db)
        .await
}
