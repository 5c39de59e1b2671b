//! What time brings. Each job is leased, so that of several processes one runs it; doing a job twice equals doing it
//! once, so a lease that ran out does no harm.

use super::state::App;
use crate::entity::job_lease;
use chrono::{DateTime, Duration, Utc};
use futures::future::BoxFuture;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, sea_query::OnConflict};

/// One thing to do regularly.
pub struct Job {
    /// Its name in the leases table.
    pub name: &'static str,
    /// How often.
    pub every: Duration,
    /// What to do.
    pub run: for<'a> fn(&'a App) -> BoxFuture<'a, Result<(), DbErr>>,
}

/// A job that takes longer than this may be taken over by another process.
const LEASE: Duration = Duration::minutes(5);
/// How often the list is looked through.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(5);

/// Runs jobs until the service stops.
pub async fn run_jobs(app: App, jobs: Vec<Job>) {
    loop {
        if crate::app::follow_others(&app).await.is_err() {
            tracing::warn!("what other processes have changed could not be read");
        }
        run_due_jobs(&app, &jobs).await;
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Runs each job that is due, once. Tests and the demo's clock call this after moving the clock.
pub async fn run_due_jobs(app: &App, jobs: &[Job]) {
    for job in jobs {
        let outcome = match lease(app, job).await {
            Ok(true) => (job.run)(app).await,
            Ok(false) => Ok(()),
            Err(error) => Err(error),
        };
        if outcome.is_err() {
            tracing::error!(job = job.name, "job failed; it will be tried again");
        }
    }
}

/// Takes the lease if the job is due and nobody else has it.
async fn lease(app: &App, job: &Job) -> Result<bool, DbErr> {
    let now = app.clock.now();
    let txn = app.db.write_beside_others().await?;
    let row = job_lease::ActiveModel { name: Set(job.name.into()), ..Default::default() };
    job_lease::Entity::insert(row)
        .on_conflict(OnConflict::column(job_lease::Column::Name).do_nothing().to_owned())
        .exec_without_returning(&txn)
        .await?;
    let taken = job_lease::Entity::update_many()
        .set(job_lease::ActiveModel {
            leased_until: Set(Some(now + LEASE.min(job.every))),
            ran_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(job_lease::Column::Name.eq(job.name))
        .filter(is_free(now))
        .filter(is_due(now, job.every))
        .exec(&txn)
        .await?;
    txn.commit().await?;
    Ok(taken.rows_affected == 1)
}

fn is_free(now: DateTime<Utc>) -> Condition {
    Condition::any().add(job_lease::Column::LeasedUntil.is_null()).add(job_lease::Column::LeasedUntil.lte(now))
}

fn is_due(now: DateTime<Utc>, every: Duration) -> Condition {
    Condition::any().add(job_lease::Column::RanAt.is_null()).add(job_lease::Column::RanAt.lte(now - every))
}
