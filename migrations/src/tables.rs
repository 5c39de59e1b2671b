//! What most tables need: indexes with predictable names, and foreign keys.

use sea_orm_migration::prelude::*;

fn index_on(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut statement = Index::create();
    statement.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        statement.col(*column);
    }
    statement
}

/// An index on these columns, in this order.
pub fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index_on(table, columns)
}

/// A unique index on these columns: the truth where a rule only gives the sentence.
pub fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index_on(table, columns).unique().to_owned()
}

/// A foreign key to the other table's `id`.
pub fn references(table: &'static str, column: &'static str, other: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(other, "id").to_owned()
}

/// Creates a table whose rows have no hidden sequence number on SQLite, so that nothing tells in which order
/// they came.
pub async fn create_without_rowid(manager: &SchemaManager<'_>, table: TableCreateStatement) -> Result<(), DbErr> {
    if manager.get_database_backend() != sea_orm::DatabaseBackend::Sqlite {
        return manager.create_table(table).await;
    }
    let sql = table.to_string(SqliteQueryBuilder);
    manager.get_connection().execute_unprepared(&format!("{sql} WITHOUT ROWID")).await?;
    Ok(())
}
