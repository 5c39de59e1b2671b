//! What PostgreSQL needs to behave as bookings ask: settings that make a confirmed row durable, text that sorts as on
//! SQLite, and migrations that several processes may start at once.

use super::{DatabaseError, WAIT_FOR_CONNECTION};
use migrations::MigratorTrait;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as Connector, DatabaseBackend, DatabaseConnection, DatabaseTransaction,
    DbErr, Statement, TransactionTrait, sqlx::postgres::PgConnectOptions,
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

/// The server and database that an address names, for people to read; never who connects, nor how.
pub(super) fn place_of(url: &str) -> String {
    match url.parse::<PgConnectOptions>() {
        Ok(options) => {
            let name = options.get_database().unwrap_or("the user's own database");
            format!("{name} on the PostgreSQL server {}:{}", options.get_host(), options.get_port())
        }
        Err(_) => "the postgres: address".to_owned(),
    }
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

/// What a server is asked before it is used.
const SETTINGS: [&str; 4] = ["fsync", "full_page_writes", "synchronous_commit", "server_encoding"];

/// Refuses a server that forgets what it confirmed, or that cannot hold every name.
async fn check(db: &DatabaseConnection) -> Result<(), DatabaseError> {
    for setting in SETTINGS {
        check_answer(setting, &setting_of(db, setting).await?)?;
    }
    Ok(())
}

fn check_answer(setting: &str, answer: &str) -> Result<(), DatabaseError> {
    match (setting, answer) {
        ("server_encoding", "UTF8") => Ok(()),
        ("server_encoding", other) => {
            Err(DatabaseError::Unsafe(format!("the database's encoding is {other}, not UTF8")))
        }
        (_, "off") => Err(DatabaseError::Unsafe(format!(
            "PostgreSQL's {setting} is off, so that a confirmed booking could be lost"
        ))),
        _ => Ok(()),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_forgets_what_it_confirmed_is_refused() {
        for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
            let refusal = check_answer(setting, "off").unwrap_err();
            assert!(matches!(refusal, DatabaseError::Unsafe(_)) && refusal.to_string().contains(setting), "{refusal}");
            assert!(check_answer(setting, "on").is_ok() && SETTINGS.contains(&setting));
        }
        assert!(check_answer("synchronous_commit", "remote_apply").is_ok());
        assert!(check_answer("server_encoding", "SQL_ASCII").unwrap_err().to_string().contains("SQL_ASCII"));
        assert!(check_answer("server_encoding", "UTF8").is_ok() && SETTINGS.contains(&"server_encoding"));
    }

    #[test]
    fn a_server_is_named_without_who_connects() {
        let place = place_of("postgres://board:se%40cret@db.example.org:5433/training?sslmode=require");
        assert_eq!(place, "training on the PostgreSQL server db.example.org:5433");
        for url in ["postgres://board:secret@db.example.org:99999/training", "postgres://board:secret@[/x"] {
            assert!(!place_of(url).contains("secret"), "{}", place_of(url));
        }
    }
}
