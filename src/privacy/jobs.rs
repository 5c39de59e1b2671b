//! What time brings: what was needed only for a while is forgotten.

use super::store;
use crate::server::{jobs::Job, state::App};
use chrono::Duration;
use futures::future::BoxFuture;
use sea_orm::DbErr;

/// The feature's jobs.
pub fn jobs() -> Vec<Job> {
    vec![Job { name: "privacy-forget", every: Duration::hours(1), run: forget }]
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
