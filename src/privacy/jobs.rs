//! What time brings: what was needed only for a while is forgotten.

use super::store;
use crate::{
    calendar::rules::london_time,
    server::{jobs::Job, state::App},
};
use chrono::{Duration, Timelike};
use futures::future::BoxFuture;
use sea_orm::DbErr;

/// The hour of London's clock at which nobody books, and everybody can wait.
const QUIET_HOUR: u32 = 3;
/// How far the quiet hour looks back for people who were erased: two nights and the hour itself, because one night may
/// find the service stopped.
const ERASED_WITHIN: Duration = Duration::hours(49);

/// The feature's jobs.
pub fn jobs() -> Vec<Job> {
    vec![
        Job { name: "privacy-forget", every: Duration::hours(1), run: forget },
        // Often enough that the quiet hour is never missed.
        Job { name: "privacy-write-file-anew", every: Duration::minutes(45), run: write_file_anew },
    ]
}

/// In the night after somebody was erased, what is left of them in unused parts of the database's file goes too.
fn write_file_anew(app: &App) -> BoxFuture<'_, Result<(), DbErr>> {
    Box::pin(async {
        let now = app.clock.now();
        let is_due = london_time(now).hour() == QUIET_HOUR
            && store::somebody_erased_since(now - ERASED_WITHIN, app.db.reader()).await?;
        if is_due { app.db.write_file_anew().await } else { Ok(()) }
    })
}

fn forget(app: &App) -> BoxFuture<'_, Result<(), DbErr>> {
    Box::pin(async {
        let now = app.clock.now();
        let txn = app.db.write().await?;
        let kept = store::retention_get(&txn).await?;
        store::access_needs_forget_in_txn(now - Duration::days(kept.access_needs_days.into()), &txn).await?;
        store::mails_forget_in_txn(now - Duration::days(kept.mails_days.into()), &txn).await?;
        txn.commit().await
    })
}
