//! Connections: one kind of pool for reading, one for writing, on both databases.
//!
//! SQLite has one writer, whose transactions are `BEGIN IMMEDIATE`: a plain `begin()` is deferred there, and most of 200
//! concurrent bookings fail with it. PostgreSQL has as many writers as connections, but what was read there may have
//! changed before it is written. So `Database::write` gives the same promise on both: nobody else writes until it ends.
//! The few busy paths that lock each row which they decide about take `Database::write_beside_others` instead; they
//! run at the same time as one another, never at the same time as a `write`. On SQLite both are the one writer.

mod count;
mod file;
mod mark;
mod moment;
mod paging;
mod postgres;
mod together;

pub use count::{Count, count_up_to};
pub use mark::SeesCommitted;
pub use paging::rows_before;
pub use together::Writing;

use file::{DatabaseFile, options_of};
use migrations::MigratorTrait;
use moment::{Counter, Shelf};
use postgres::Beside;
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database as Connector, DatabaseBackend, DatabaseConnection,
    DatabaseTransaction, DbErr, IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    sea_query::LikeExpr,
    sqlx::{
        self, Connection,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    },
};
use std::{sync::Arc, time::Duration};
use together::Turns;

/// Readers on SQLite: enough for two cores, each with a page cache of its own.
const SQLITE_READERS: u32 = 4;
/// The oldest SQLite whose write-ahead log cannot be corrupted by a reset at the wrong moment.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
/// A rush of 500 people waits for the one writer; nobody waits longer than this.
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(20);

/// The pools of one database.
#[derive(Clone)]
pub struct Database {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    turns: Turns,
    /// On SQLite.
    file: Option<Arc<DatabaseFile>>,
    /// On SQLite.
    counter: Option<Arc<Counter>>,
    /// Of the last commit.
    shelf: Shelf,
    /// Of the last commit of a `write`.
    arranged: Shelf,
}

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Neither `sqlite:` nor `postgres:`; only how the address begins, because it can hold a password.
    #[error("database-url: “{0}” is neither a sqlite: nor a postgres: address")]
    UnknownKind(String),
    /// It cannot be opened, read or migrated.
    #[error("the database cannot be opened: {0}")]
    Unavailable(#[from] DbErr),
    /// The same, with what the address names.
    #[error("database-url: {place} cannot be opened: {cause}")]
    CannotOpen {
        /// The file, or the server and the name of the database.
        place: String,
        /// What went wrong.
        cause: DbErr,
    },
    /// It was opened, but not as durably as bookings need.
    #[error("the database is not set up safely: {0}")]
    Unsafe(String),
}

impl Database {
    /// Opens the database behind the address, brings its tables up to date, and checks that what it confirms is
    /// durable. Fails with `DatabaseError::Unsafe` on an SQLite older than 3.51.3, and on a PostgreSQL that was told
    /// not to wait for the disk.
    pub async fn open(url: &str) -> Result<Self, DatabaseError> {
        let (opened, place) = if url.starts_with("sqlite:") {
            (Self::open_sqlite(url).await, file::place_of(url))
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let opened = postgres::open(url).await;
            (opened.map(|(writer, reader)| Self::of(writer, reader, None, None)), postgres::place_of(url))
        } else {
            return Err(DatabaseError::UnknownKind(url.split(':').next().unwrap_or_default().to_owned()));
        };
        opened.map_err(|error| match error {
            DatabaseError::Unavailable(cause) => DatabaseError::CannotOpen { place, cause },
            other => other,
        })
    }

    async fn open_sqlite(url: &str) -> Result<Self, DatabaseError> {
        let durable = |options: SqliteConnectOptions| {
            options
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(WAIT_FOR_CONNECTION)
        };
        let file = Arc::new(DatabaseFile::of(url)?);
        let mut writing = ConnectOptions::new(url);
        writing.max_connections(1).acquire_timeout(WAIT_FOR_CONNECTION).sqlx_logging(false);
        writing.test_before_acquire(false);
        // What was erased or forgotten must not stay readable in free pages. ON and not FAST, which leaves whole freed
        // pages as they were. Measured over 4,000 transactions that insert, update and delete: not one page more is
        // written, a quarter more processor time inside SQLite (0.02 ms each); only deleting thousands of rows at once
        // writes up to three times the pages.
        writing.map_sqlx_sqlite_opts(move |options| durable(options).pragma("secure_delete", "ON"));
        // SQLite itself ends a transaction that meets a failing disk, and its connection then never begins another one:
        // it is given up for a new one.
        writing.map_sqlx_sqlite_before_acquire(|connection, _| {
            let is_free = !connection.is_in_transaction();
            Box::pin(async move { Ok(is_free) })
        });
        let same_file = file.clone();
        writing.map_sqlx_sqlite_pool_opts(move |pool| only_this_file(pool, same_file.clone()));
        let writer = Connector::connect(writing).await?;
        check_sqlite(&writer).await?;
        migrations::Migrator::up(&writer, None).await?;

        let mut reading = ConnectOptions::new(url);
        reading.max_connections(SQLITE_READERS).acquire_timeout(WAIT_FOR_CONNECTION).sqlx_logging(false);
        // A file does not hang up: asking before each use whether it is still there would cost as much as the use.
        reading.test_before_acquire(false);
        reading.map_sqlx_sqlite_opts(move |options| {
            durable(options).read_only(true).create_if_missing(false).pragma("cache_size", "-16000")
        });
        let same_file = file.clone();
        reading.map_sqlx_sqlite_pool_opts(move |pool| only_this_file(pool, same_file.clone()));
        let reader = Connector::connect(reading).await?;
        let counter = Counter::of(durable(options_of(url)?).read_only(true).create_if_missing(false));
        Ok(Self::of(writer, reader, Some(file), Some(Arc::new(counter))))
    }

    fn of(
        writer: DatabaseConnection,
        reader: DatabaseConnection,
        file: Option<Arc<DatabaseFile>>,
        counter: Option<Arc<Counter>>,
    ) -> Self {
        Self {
            writer,
            reader,
            turns: Turns::default(),
            file,
            counter,
            shelf: Shelf::default(),
            arranged: Shelf::default(),
        }
    }

    /// For reading what pages show.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Begins a transaction that may write, and in which nobody else does; nothing of it stays unless it is committed.
    pub async fn write(&self) -> Result<DatabaseTransaction, DbErr> {
        self.begin(Beside::Nobody).await
    }

    /// Begins a transaction that may write at the same time as others of this kind. Its caller locks every row that a
    /// decision rests on, and changes nothing that the office arranges (`kept_as_arranged`). On SQLite such
    /// transactions come one after the other, and share their writes to the disk.
    pub async fn write_beside_others(&self) -> Result<Writing, DbErr> {
        if self.backend() == DatabaseBackend::Postgres {
            return self.begin(Beside::Others).await.map(Writing::alone);
        }
        self.check_file()?;
        self.turns.join(&self.writer).await
    }

    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    async fn begin(&self, beside: Beside) -> Result<DatabaseTransaction, DbErr> {
        self.check_file()?;
        let txn = self
            .writer
            .begin_with_options(TransactionOptions {
                isolation_level: None,
                access_mode: None,
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            })
            .await?;
        if self.backend() == DatabaseBackend::Postgres {
            postgres::wait_for_turn(&txn, beside).await?;
        }
        if beside == Beside::Nobody {
            mark::mark_draw_in_txn(&txn).await?;
        }
        Ok(txn)
    }

    /// Whether the database can be reached. Fails as long as the file is gone, or another one lies in its place.
    pub async fn check_reachable(&self) -> Result<(), DbErr> {
        self.check_file()?;
        self.reader.execute_unprepared("SELECT 1").await.map(drop)
    }

    fn check_file(&self) -> Result<(), DbErr> {
        let Some(file) = &self.file else { return Ok(()) };
        file.check_in_place().inspect_err(|gone| tracing::error!("{gone}"))?;
        Ok(())
    }

    /// Begins a transaction that reads one moment of the database, whatever others write meanwhile.
    #[expect(clippy::disallowed_methods, reason = "it only reads")]
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        let is_postgres = self.backend() == DatabaseBackend::Postgres;
        self.reader
            .begin_with_options(TransactionOptions {
                isolation_level: is_postgres.then_some(IsolationLevel::RepeatableRead),
                access_mode: is_postgres.then_some(AccessMode::ReadOnly),
                sqlite_transaction_mode: None,
            })
            .await
    }

    /// Which of the two kinds this is.
    pub fn backend(&self) -> DatabaseBackend {
        self.writer.get_database_backend()
    }

    /// Empties SQLite's log into the database file: until then the log holds rows as they were before they were erased.
    /// Does nothing while somebody reads; then the next time does it. PostgreSQL clears its old rows by itself
    /// (autovacuum).
    pub async fn empty_log(&self) -> Result<(), DbErr> {
        if self.backend() == DatabaseBackend::Sqlite {
            self.writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(())
    }

    /// Writes SQLite's file anew. Where pages were divided, copies of old rows stay in their unused parts, which
    /// `secure_delete` does not reach (measured: 3 of 417 erased addresses). Nobody can write meanwhile: half a second
    /// for the demonstration's 34 MB on two busy cores.
    pub async fn write_file_anew(&self) -> Result<(), DbErr> {
        if self.backend() == DatabaseBackend::Sqlite {
            self.writer.execute_unprepared("VACUUM").await?;
        }
        self.empty_log().await
    }

    /// Writes what is left in the log and closes all connections.
    pub async fn close(self) -> Result<(), DbErr> {
        if let Some(counter) = &self.counter {
            counter.close().await;
        }
        self.reader.close_by_ref().await?;
        self.empty_log().await?;
        self.writer.close_by_ref().await
    }
}

/// Connections that are opened later reach the file that the first one opened, or none.
fn only_this_file(pool: SqlitePoolOptions, file: Arc<DatabaseFile>) -> SqlitePoolOptions {
    pool.after_connect(move |_, _| {
        let found = file.check_in_place();
        Box::pin(async move { found.map_err(|gone| sqlx::Error::Io(std::io::Error::other(gone))) })
    })
}

/// Matches texts that hold this one; `%`, `_` and `\` in it are letters like all others. To be compared with a column
/// in the case of the text.
pub fn holding(text: &str) -> LikeExpr {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    LikeExpr::new(format!("%{escaped}%")).escape('\\')
}

/// Reads back what was asked for: a setting that SQLite ignored silently would lose acknowledged bookings.
async fn check_sqlite(db: &DatabaseConnection) -> Result<(), DatabaseError> {
    check_sqlite_version(&text_of(db, "SELECT sqlite_version()").await?)?;
    for (pragma, wanted) in
        [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("secure_delete", "1")]
    {
        let sql = format!("SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma}");
        let found = text_of(db, &sql).await?;
        if found != wanted {
            return Err(DatabaseError::Unsafe(format!("{pragma} is {found}, not {wanted}")));
        }
    }
    Ok(())
}

fn check_sqlite_version(version: &str) -> Result<(), DatabaseError> {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0);
    if (part(), part(), part()) < OLDEST_SQLITE {
        return Err(DatabaseError::Unsafe(format!("SQLite {version} is older than 3.51.3")));
    }
    Ok(())
}

async fn text_of(db: &DatabaseConnection, sql: &str) -> Result<String, DbErr> {
    let row = db.query_one_raw(Statement::from_string(DatabaseBackend::Sqlite, sql)).await?;
    row.ok_or_else(|| DbErr::RecordNotFound(sql.to_owned()))?.try_get_by_index(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sqlite_that_can_corrupt_its_log_is_refused() {
        for version in ["3.46.0", "3.51.2", "3.9.9", "", "three"] {
            assert!(matches!(check_sqlite_version(version), Err(DatabaseError::Unsafe(_))), "{version}");
        }
        for version in ["3.51.3", "3.52.0", "4.0.0"] {
            check_sqlite_version(version).unwrap();
        }
    }

    #[tokio::test]
    async fn an_sqlite_that_forgets_what_it_confirmed_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("board.db").display());
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        let db = Connector::connect(options).await.unwrap();
        for (name, wrong, right) in [
            ("journal_mode", "delete", "wal"),
            ("synchronous", "1", "2"),
            ("foreign_keys", "0", "1"),
            ("secure_delete", "0", "1"),
        ] {
            db.execute_unprepared(&format!("PRAGMA {name} = {wrong}")).await.unwrap();
            let refusal = check_sqlite(&db).await.unwrap_err();
            let sentence = format!("the database is not set up safely: {name} is {wrong}, not {right}");
            assert_eq!(refusal.to_string(), sentence);
            db.execute_unprepared(&format!("PRAGMA {name} = {right}")).await.unwrap();
        }
        check_sqlite(&db).await.unwrap();
    }
}
