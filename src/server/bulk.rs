//! Many rows at once, for the demonstration and for imports.

use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, Iterable,
    Statement,
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

/// After rows with ids of our own PostgreSQL must be told where each table's numbering goes on; SQLite sees for
/// itself.
pub async fn numbering_goes_on(tables: &[&str], db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if db.get_database_backend() != DatabaseBackend::Postgres {
        return Ok(());
    }
    for table in tables {
        let sql = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT COALESCE(MAX(id), 1) FROM {table}))"
        );
        db.execute_raw(Statement::from_string(DatabaseBackend::Postgres, sql)).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Largest {
    id: i64,
}

/// The largest id of a table; 0 in an empty one.
pub async fn largest_id(table: &str, db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let sql = format!("SELECT CAST(COALESCE(MAX(id), 0) AS BIGINT) AS id FROM {table}");
    let row = Largest::find_by_statement(Statement::from_string(db.get_database_backend(), sql)).one(db).await?;
    Ok(row.map_or(0, |row| row.id))
}
