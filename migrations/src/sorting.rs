//! Text that sorts the same on both databases.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use std::collections::BTreeMap;

/// Columns of text that PostgreSQL would sort by the rules of its own locale.
const SORTED_OTHERWISE: &str = "SELECT c.relname::text AS table_name, a.attname::text AS column_name \
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped \
    AND a.atttypid = 'text'::regtype AND a.attcollation <> '\"C\"'::regcollation \
    AND c.relname NOT LIKE 'seaql%' ORDER BY c.relname, a.attnum";

/// SQLite compares text by code point. On PostgreSQL the order depends on how somebody created the database; this gives
/// every column of text the same order there, once. It is called after the migrations, and changes nothing when each
/// column has it.
pub async fn sort_text_by_code_point<C: ConnectionTrait>(db: &C) -> Result<(), DbErr> {
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in db.query_all_raw(Statement::from_string(DbBackend::Postgres, SORTED_OTHERWISE)).await? {
        let column: String = row.try_get("", "column_name")?;
        let change = format!("ALTER COLUMN \"{column}\" TYPE text COLLATE \"C\"");
        tables.entry(row.try_get("", "table_name")?).or_default().push(change);
    }
    for (table, changes) in tables {
        db.execute_unprepared(&format!("ALTER TABLE \"{table}\" {}", changes.join(", "))).await?;
    }
    Ok(())
}
