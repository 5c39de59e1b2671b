//! Many rows at once.

use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, IntoActiveModel, Iterable, Statement,
};

/// SQLite takes at most 32,766 parameters in one statement, PostgreSQL 65,535.
const MOST_PARAMETERS: usize = 16_000;

/// Inserts all rows in as few statements as the databases allow.
pub async fn insert_all<A>(rows: Vec<A>, db: &impl ConnectionTrait) -> Result<(), DbErr>
where
    A: ActiveModelTrait + IntoActiveModel<A> + Send,
{
    let columns = <A::Entity as EntityTrait>::Column::iter().count().max(1);
    let chunk = (MOST_PARAMETERS / columns).max(1);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<A> = rows.by_ref().take(chunk).collect();
        A::Entity::insert_many(some).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Tables whose ids the demonstration names itself.
const NUMBERED: [&str; 16] = [
    "agencies",
    "people",
    "addresses",
    "memberships",
    "roles",
    "learning_points",
    "instruments",
    "items",
    "courses",
    "venues",
    "policies",
    "policy_versions",
    "sessions",
    "session_dates",
    "bookings",
    "charges",
];

/// After rows with ids of our own PostgreSQL must be told where its numbering goes on; SQLite sees for itself.
pub async fn numbering_goes_on(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if db.get_database_backend() != DatabaseBackend::Postgres {
        return Ok(());
    }
    for table in NUMBERED {
        let sql = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT COALESCE(MAX(id), 1) FROM {table}))"
        );
        db.execute_raw(Statement::from_string(DatabaseBackend::Postgres, sql)).await?;
    }
    Ok(())
}
