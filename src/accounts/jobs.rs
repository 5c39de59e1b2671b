//! What time brings: tries, codes and logins that nobody needs any more are forgotten.

use super::store;
use crate::server::{jobs::Job, state::App};
use chrono::Duration;
use futures::future::BoxFuture;
use sea_orm::DbErr;

/// The longest limit looks back an hour; a day leaves room for another.
const TRIES_KEPT: Duration = Duration::days(1);
/// Logins that are over are kept this long, for questions about who was signed in.
const LOGINS_KEPT: Duration = Duration::days(180);

/// The feature's jobs.
pub fn jobs() -> Vec<Job> {
    vec![Job { name: "forget-sign-ins", every: Duration::hours(1), run: forget }]
}

fn forget(app: &App) -> BoxFuture<'_, Result<(), DbErr>> {
    Box::pin(async {
        let now = app.clock.now();
        let txn = app.db.write().await?;
        store::attempts_forget_old(now - TRIES_KEPT, &txn).await?;
        store::codes_forget_old(now - TRIES_KEPT, &txn).await?;
        store::logins_forget_old(now - LOGINS_KEPT, &txn).await?;
        txn.commit().await
    })
}
