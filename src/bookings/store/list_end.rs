//! The end of a waiting list: the session has started, and nobody on it gets a place any more.

use super::{request::send_all_in_txn, *};
use crate::{
    audit::store::audit_insert_all_in_txn,
    bookings::rules::{BookingState, Waiting},
    entity::{booking, session},
    messages::store::Mail,
    sessions::rules::SessionId,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// People who are told in one transaction: some ten statements, so that nobody who books has to wait for a long list.
const TOLD_AT_ONCE: u64 = 100;

/// Sessions that have started while people wait for them.
pub async fn sessions_with_list_over(now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<Vec<SessionId>, DbErr> {
    session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::StartsAt.lte(now))
        .filter(session::Column::Waiting.gt(0))
        .order_by_asc(session::Column::Id)
        .into_tuple()
        .all(db)
        .await
}

/// Ends the waiting list of a session that has started, for the first who are on it, and tells them that no place came
/// free. Returns for how many: 0 means that nobody is left, or that the session has not started.
pub async fn list_end_in_txn(id: SessionId, change: &Change, db: &impl ConnectionTrait) -> Result<usize, DbErr> {
    let Some(session) = session_locked_in_txn(id, db).await? else { return Ok(0) };
    let list = Waiting { starts: session.starts_at };
    if !list.has_ended(change.now) {
        return Ok(0);
    }
    let mut waiters = waiting_first(id, TOLD_AT_ONCE, db).await?;
    let count = waiters.len();
    if count == 0 {
        return Ok(0);
    }
    let ended =
        booking::ActiveModel { state: Set(BookingState::ListEnded), changed_at: Set(change.now), ..Default::default() };
    booking::Entity::update_many()
        .set(ended)
        .filter(booking::Column::Id.is_in(waiters.iter().map(|waiter| waiter.id)))
        .exec(db)
        .await?;
    session_waiting_add_in_txn(id, -i32::try_from(count).unwrap_or(i32::MAX), db).await?;
    let sentence = "The session started before a place came free; the waiting list ended";
    audit_insert_all_in_txn(None, waiters.iter().map(|waiter| subject(waiter.id)), sentence, change.now, db).await?;
    if list.end_is_told(change.now) {
        for waiter in &mut waiters {
            (waiter.state, waiter.changed_at) = (BookingState::ListEnded, change.now);
        }
        let details = booking_details_list(waiters, db).await?;
        let mails: Vec<Mail> = details.iter().filter_map(|details| change.letters.list_ended(details)).collect();
        send_all_in_txn(mails, change, db).await?;
    }
    Ok(count)
}
