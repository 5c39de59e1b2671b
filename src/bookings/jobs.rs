//! What time brings: offers run out, approvals lapse, freed places are offered, reminders go out.

use super::store::{
    Change, bookings_overdue, bookings_to_remind, expire_in_txn, offer_places_in_txn, remind_in_txn,
    sessions_with_free_places_awaited, sessions_with_reserved_due,
};
use crate::{
    calendar::store::bank_holidays_load,
    messages::bookings::Letters,
    server::{jobs::Job, state::App},
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
    Change { actor: None, now: app.clock.now(), letters: Letters::of(app) }
}

/// One transaction for each, so that nobody who books has to wait for the whole list.
async fn expire_and_offer(app: &App) -> Result<(), DbErr> {
    let change = change_of_time(app);
    for booking in bookings_overdue(change.now, app.db.reader()).await? {
        let txn = app.db.write().await?;
        expire_in_txn(booking, &change, &txn).await?;
        txn.commit().await?;
    }
    for session in sessions_with_reserved_due(change.now, app.db.reader()).await? {
        let txn = app.db.write().await?;
        offer_places_in_txn(session, &change, &txn).await?;
        txn.commit().await?;
    }
    for session in sessions_with_free_places_awaited(change.now, app.db.reader()).await? {
        let txn = app.db.write().await?;
        offer_places_in_txn(session, &change, &txn).await?;
        txn.commit().await?;
    }
    app.outbox_bell.notify_one();
    Ok(())
}

async fn send_reminders(app: &App) -> Result<(), DbErr> {
    let change = change_of_time(app);
    let holidays = bank_holidays_load(app.db.reader()).await?;
    for (booking, reminder) in bookings_to_remind(change.now, &holidays, app.db.reader()).await? {
        let txn = app.db.write().await?;
        remind_in_txn(booking, reminder, &holidays, &change, &txn).await?;
        txn.commit().await?;
    }
    app.outbox_bell.notify_one();
    Ok(())
}
