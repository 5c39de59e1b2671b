//! Table: write_marks. Its one row is drawn anew by every transaction that may change what the office arranges, so that
//! a process knows whether what it keeps still stands.

use sea_orm_migration::{prelude::*, schema::big_integer};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(Table::create().table("write_marks").col(big_integer("mark")).to_owned()).await?;
        manager.get_connection().execute_unprepared("INSERT INTO write_marks (mark) VALUES (0)").await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("write_marks").to_owned()).await
    }
}
