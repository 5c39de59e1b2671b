//! What time brings: charges of which nobody was told in time lapse.

use super::store::charges_lapse_in_txn;
use crate::server::{jobs::Job, state::App};
use chrono::Duration;
use sea_orm::DbErr;

/// The jobs of this feature.
pub fn jobs() -> Vec<Job> {
    vec![Job { name: "charges lapse", every: Duration::hours(1), run: |app| Box::pin(lapse(app)) }]
}

async fn lapse(app: &App) -> Result<(), DbErr> {
    let txn = app.db.write().await?;
    charges_lapse_in_txn(app.clock.now(), &txn).await?;
    txn.commit().await
}
