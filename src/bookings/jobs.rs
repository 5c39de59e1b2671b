//! What time brings: offers run out, approvals lapse, freed places are offered, waiting lists end, reminders go out.

use super::{
    rules::BookingId,
    store::{
        Change, Reminder, ReminderTimes, bookings_overdue, bookings_to_remind, expire_in_txn, list_end_in_txn,
        offer_places_in_txn, remind_in_txn, sessions_with_free_places_awaited, sessions_with_list_over,
        sessions_with_reserved_due,
    },
};
use crate::{
    messages::bookings::Letters,
    server::{jobs::Job, state::App},
    sessions::rules::SessionId,
    web::error::database_error_kind,
};
use chrono::Duration;
use futures::future::BoxFuture;
use sea_orm::DbErr;

/// The jobs of bookings.
pub fn jobs() -> Vec<Job> {
    vec![
        Job { name: "bookings-offers", every: Duration::minutes(1), run: offers },
        Job { name: "bookings-reminders", every: Duration::minutes(10), run: reminders },
    ]
}

fn offers(app: &App) -> BoxFuture<'_, Result<(), DbErr>> {
    Box::pin(expire_and_offer(app))
}

fn reminders(app: &App) -> BoxFuture<'_, Result<(), DbErr>> {
    Box::pin(send_reminders(app))
}

fn change_of_time(app: &App) -> Change {
    Change::new(None, app.clock.now(), Letters::of(app))
}

/// One transaction for each, or for some, so that nobody who books has to wait for the whole list. What fails is tried again in a
/// minute, and keeps nothing else from its turn.
async fn expire_and_offer(app: &App) -> Result<(), DbErr> {
    let change = change_of_time(app);
    for booking in bookings_overdue(change.now, app.db.reader()).await? {
        or_next(expire(booking, &change, app).await, "booking", booking.0);
    }
    for session in sessions_with_reserved_due(change.now, app.db.reader()).await? {
        or_next(offer(session, &change, app).await, "session", session.0);
    }
    for session in sessions_with_free_places_awaited(change.now, app.db.reader()).await? {
        or_next(offer(session, &change, app).await, "session", session.0);
    }
    for session in sessions_with_list_over(change.now, app.db.reader()).await? {
        or_next(end_list(session, &change, app).await, "session", session.0);
    }
    app.outbox_bell.notify_one();
    Ok(())
}

async fn expire(booking: BookingId, change: &Change, app: &App) -> Result<(), DbErr> {
    let txn = app.db.write().await?;
    expire_in_txn(booking, change, &txn).await?;
    txn.commit().await
}

async fn offer(session: SessionId, change: &Change, app: &App) -> Result<(), DbErr> {
    let txn = app.db.write().await?;
    offer_places_in_txn(session, change, &txn).await?;
    txn.commit().await
}

/// A long list ends some people at a time.
async fn end_list(session: SessionId, change: &Change, app: &App) -> Result<(), DbErr> {
    loop {
        let txn = app.db.write().await?;
        let ended = list_end_in_txn(session, change, &txn).await?;
        txn.commit().await?;
        if ended == 0 {
            return Ok(());
        }
    }
}

async fn send_reminders(app: &App) -> Result<(), DbErr> {
    let change = change_of_time(app);
    let times = ReminderTimes::load(app.db.reader()).await?;
    for (booking, reminder) in bookings_to_remind(change.now, &times, app.db.reader()).await? {
        or_next(remind(booking, reminder, &times, &change, app).await, "booking", booking.0);
    }
    app.outbox_bell.notify_one();
    Ok(())
}

async fn remind(
    booking: BookingId,
    reminder: Reminder,
    times: &ReminderTimes,
    change: &Change,
    app: &App,
) -> Result<(), DbErr> {
    let txn = app.db.write().await?;
    remind_in_txn(booking, reminder, times, change, &txn).await?;
    txn.commit().await
}

/// Says in the log which row failed, by its number alone.
fn or_next(outcome: Result<(), DbErr>, what: &str, id: i64) {
    if let Err(error) = outcome {
        tracing::error!(
            kind = database_error_kind(&error),
            what,
            id,
            "a booking job failed for one row and goes on with the next"
        );
    }
}
