//! Keeping what was read for as long as nothing is written.
//!
//! A page for visitors asks in which state the database is, one cheap question, instead of half a dozen whose answers
//! have not changed since the last visitor. Whoever writes, this process, another one or the command line, brings a new
//! moment; so nobody is ever shown less than what was committed before they asked, and no process needs to be told
//! anything by another one.

use super::Database;
use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DbErr, RuntimeErr, Statement,
    sqlx::{
        self, ConnectOptions, Connection,
        sqlite::{SqliteConnectOptions, SqliteConnection},
    },
};
use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};
use tokio::sync::Mutex;

/// Pages kept at most, of a few kilobytes each: whoever asks for thousands of addresses fills no memory.
const PAGES_KEPT: usize = 1_000;

/// A state of the database. Two equal ones see the same rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// How much others had committed, as one connection of SQLite counts it (`PRAGMA data_version`), and which one.
    Counted { connection: u64, version: i64 },
    /// Which transactions PostgreSQL sees (`pg_current_snapshot()`).
    Seen(String),
    /// The mark of the last `Database::write`: only what that changes is the same.
    Marked(i64),
}

/// The one connection to SQLite whose count tells moments apart: counts of two connections cannot be compared.
pub(super) struct Counter {
    options: SqliteConnectOptions,
    open: Mutex<(u64, Option<SqliteConnection>)>,
}

impl Counter {
    /// Opens its connection when it is asked first.
    pub(super) fn of(options: SqliteConnectOptions) -> Self {
        Self { options, open: Mutex::default() }
    }

    async fn now(&self) -> Result<Moment, sqlx::Error> {
        let mut open = self.open.lock().await;
        let (number, found) = &mut *open;
        let mut connection = match found.take() {
            Some(connection) => connection,
            None => {
                *number += 1;
                self.options.connect().await?
            }
        };
        // A connection that fails, or whose request is given up, is not asked again.
        let version = sqlx::query_scalar("PRAGMA data_version").fetch_one(&mut connection).await?;
        *found = Some(connection);
        Ok(Moment::Counted { connection: *number, version })
    }

    /// Closes its connection.
    pub(super) async fn close(&self) {
        if let Some(connection) = self.open.lock().await.1.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!("a connection that only read could not be closed: {error}");
        }
    }
}

type Key = (TypeId, String);

/// What was read at one moment.
#[derive(Clone, Default)]
pub(super) struct Shelf(Arc<RwLock<Kept>>);

#[derive(Default)]
struct Kept {
    moment: Option<Moment>,
    pages: HashMap<Key, Arc<dyn Any + Send + Sync>>,
}

impl Shelf {
    fn find<T: Any + Send + Sync>(&self, key: &Key, moment: &Moment) -> Option<Arc<T>> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let found = kept.pages.get(key).filter(|_| kept.moment.as_ref() == Some(moment))?;
        found.clone().downcast().ok()
    }

    fn keep(&self, key: Key, moment: Moment, page: Arc<dyn Any + Send + Sync>) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.moment.as_ref() != Some(&moment) || kept.pages.len() >= PAGES_KEPT {
            kept.pages.clear();
            kept.moment = Some(moment);
        }
        kept.pages.insert(key, page);
    }

    /// What is kept of this moment under the key; else what `load` reads, which is kept.
    pub(super) async fn find_or_load<T: Any + Send + Sync>(
        &self,
        key: String,
        moment: Moment,
        load: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<Arc<T>, DbErr> {
        let key = (TypeId::of::<T>(), key);
        if let Some(found) = self.find(&key, &moment) {
            return Ok(found);
        }
        // Read after the moment was asked for: it may be newer than the moment, never older.
        let page = Arc::new(load.await?);
        self.keep(key, moment, page.clone());
        Ok(page)
    }
}

impl Database {
    /// What `load` reads, or what it read before under this key when nothing was written since. What it reads must be
    /// determined by its type, the key and the rows alone.
    pub async fn kept<T: Any + Send + Sync>(
        &self,
        key: String,
        load: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<Arc<T>, DbErr> {
        self.shelf.find_or_load(key, self.moment().await?, load).await
    }

    async fn moment(&self) -> Result<Moment, DbErr> {
        match &self.counter {
            Some(counter) => counter.now().await.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))),
            None => seen(&self.reader).await,
        }
    }
}

async fn seen(db: &DatabaseConnection) -> Result<Moment, DbErr> {
    let statement = Statement::from_string(DatabaseBackend::Postgres, "SELECT pg_current_snapshot()::text");
    let row = db.query_one_raw(statement).await?.ok_or_else(|| DbErr::RecordNotFound("a snapshot".to_owned()))?;
    Ok(Moment::Seen(row.try_get_by_index(0)?))
}
