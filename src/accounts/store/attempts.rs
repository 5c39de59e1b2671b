//! What is counted for rate limits. A bucket is an HMAC of what it counts, so the table holds no address.

use crate::{accounts::rules::Limit, entity::attempt, server::secrets::Secrets};
use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter};

/// The bucket of a limit for something: an address, a network.
pub fn attempt_bucket(secrets: &Secrets, limit: Limit, what: &str) -> String {
    secrets.sign("attempts", &[limit.name.as_bytes(), what.as_bytes()])
}

/// How many tries a bucket has seen since a moment.
pub async fn attempt_count(bucket: &str, since: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    attempt::Entity::find()
        .filter(attempt::Column::Bucket.eq(bucket))
        .filter(attempt::Column::At.gt(since))
        .count(db)
        .await
}

/// Counts one try.
pub async fn attempt_insert(bucket: &str, now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let row = attempt::ActiveModel { bucket: Set(bucket.to_owned()), at: Set(now), ..Default::default() };
    attempt::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Forgets tries that no limit looks back to any more.
pub async fn attempts_forget_old(before: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Ok(attempt::Entity::delete_many().filter(attempt::Column::At.lt(before)).exec(db).await?.rows_affected)
}
