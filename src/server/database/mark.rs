//! Keeping what the office has arranged - courses, sessions' dates, venues, policies, bank holidays - through a rush of
//! bookings, which changes none of it.
//!
//! Every transaction of `Database::write` draws a new mark, a random number in a row of its own; those of
//! `write_beside_others` leave it alone. As long as the mark is the same, what only `write` changes is the same, in this
//! process and in every other one. A mark never comes again, not even one that was rolled back.

use super::{Database, Writing, moment::Moment};
use crate::server::secrets::random_bytes;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};
use std::{any::Any, sync::Arc};

/// A connection that sees nothing of a `Database::write` before it is committed: what is read through it may be kept.
pub trait SeesCommitted: ConnectionTrait {}

impl SeesCommitted for DatabaseConnection {}
impl SeesCommitted for Writing {}

impl Database {
    /// What `load` reads through this connection, or what it read before under this key when the office has changed
    /// nothing since. What it reads must be determined by its type, the key and rows that only `Database::write`
    /// changes.
    pub async fn kept_as_arranged<T: Any + Send + Sync>(
        &self,
        key: String,
        db: &impl SeesCommitted,
        load: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<Arc<T>, DbErr> {
        let mark = Moment::Marked(mark(db).await?);
        self.arranged.find_or_load(key, mark, load).await
    }
}

async fn mark(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let statement = Statement::from_string(db.get_database_backend(), "SELECT mark FROM write_marks");
    let row = db.query_one_raw(statement).await?.ok_or_else(|| DbErr::RecordNotFound("the mark".to_owned()))?;
    row.try_get_by_index(0)
}

/// Draws a new mark, in a transaction that may change anything.
pub(super) async fn mark_draw_in_txn(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let drawn = random_bytes::<8>().map_err(|error| DbErr::Custom(error.to_string()))?;
    let sql = format!("UPDATE write_marks SET mark = {}", i64::from_le_bytes(drawn));
    db.execute_unprepared(&sql).await.map(drop)
}
