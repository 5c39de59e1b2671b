//! What PostgreSQL needs to behave as bookings ask: settings that make a confirmed row durable, text that sorts as on
//! SQLite, and migrations that several processes may start at once.

use super::{DatabaseError, WAIT_FOR_CONNECTION};
use migrations::MigratorTrait;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as Connector, DatabaseBackend, DatabaseConnection, DatabaseTransaction,
    DbErr, Statement, TransactionTrait,
};
use std::time::Duration;

/// One process's share of PostgreSQL's default 100 connections: transactions that may write.
const WRITERS: u32 = 12;
/// Readers have connections of their own, so that a page which reads while its transaction is open never waits for a
/// connection that another such page holds.
const READERS: u32 = 8;
/// A server that is away is said to be away after this; a rush waits less for one of the connections.
const WAIT_FOR_SERVER: Duration = Duration::from_secs(10);
/// The number of the lock behind `Database::write`; any number does, as long as every process uses the same.
const WRITE_LOCK: i64 = 0x4C47_0001;
/// The number of the lock that lets one process at a time bring the tables up to date.
const MIGRATION_LOCK: i64 = 0x4C47_0002;

/// How a transaction stands beside others that write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// Nobody else writes meanwhile, as on SQLite.
    Nobody,
    /// Others of the same kind do: what it changes it has locked itself.
    Others,
}

/// Opens both pools; the writers' one is first brought up to date.
pub(super) async fn open(url: &str) -> Result<(DatabaseConnection, DatabaseConnection), DatabaseError> {
    let writer = connect(url, WRITERS, &[]).await?;
    check(&writer).await?;
    migrate(&writer).await?;
    let reader = connect(url, READERS, &[("default_transaction_read_only", "on")]).await?;
    Ok((writer, reader))
}

async fn connect(
    url: &str,
    connections: u32,
    settings: &'static [(&'static str, &'static str)],
) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).acquire_timeout(WAIT_FOR_SERVER).sqlx_logging(false);
    options.map_sqlx_postgres_opts(|options| {
        let patience = format!("{}s", WAIT_FOR_CONNECTION.as_secs());
        options
            .application_name("learning-gain")
            .options([("lock_timeout", patience)])
            .options(settings.iter().copied())
    });
    Connector::connect(options).await
}

/// Refuses a server that forgets what it confirmed, or that cannot hold every name.
async fn check(db: &DatabaseConnection) -> Result<(), DatabaseError> {
    for (setting, unsafe_value) in [("fsync", "off"), ("full_page_writes", "off"), ("synchronous_commit", "off")] {
        if setting_of(db, setting).await? == unsafe_value {
            let sentence =
                format!("PostgreSQL's {setting} is {unsafe_value}, so that a confirmed booking could be lost");
            return Err(DatabaseError::Unsafe(sentence));
        }
    }
    let encoding = setting_of(db, "server_encoding").await?;
    if encoding != "UTF8" {
        return Err(DatabaseError::Unsafe(format!("the database's encoding is {encoding}, not UTF8")));
    }
    Ok(())
}

async fn setting_of(db: &DatabaseConnection, name: &str) -> Result<String, DbErr> {
    let statement = Statement::from_string(DatabaseBackend::Postgres, format!("SHOW {name}"));
    let row = db.query_one_raw(statement).await?;
    row.ok_or_else(|| DbErr::RecordNotFound(name.to_owned()))?.try_get_by_index(0)
}

/// Brings the tables up to date; of several processes that start together one does it, and the others wait.
#[expect(clippy::disallowed_methods, reason = "holds a lock and writes nothing: the migrations write beside it")]
async fn migrate(db: &DatabaseConnection) -> Result<(), DbErr> {
    let turn = db.begin().await?;
    turn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    migrations::Migrator::up(db, None).await?;
    migrations::sort_text_by_code_point(db).await?;
    turn.commit().await
}

/// Waits until the transaction may write: alone, or with others of its kind.
pub(super) async fn wait_for_turn(txn: &DatabaseTransaction, beside: Beside) -> Result<(), DbErr> {
    let lock = match beside {
        Beside::Nobody => "pg_advisory_xact_lock",
        Beside::Others => "pg_advisory_xact_lock_shared",
    };
    txn.execute_unprepared(&format!("SELECT {lock}({WRITE_LOCK})")).await?;
    Ok(())
}
