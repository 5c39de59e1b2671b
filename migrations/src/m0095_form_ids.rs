//! Columns: the id of the form that added a session or reserved places, so that the same form sent twice adds one.

use crate::tables::unique;
use sea_orm_migration::{prelude::*, schema::text_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 2] = ["sessions", "reserved_places"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.alter_table(Table::alter().table(table).add_column(text_null("request_id")).to_owned()).await?;
            manager.create_index(unique(table, &["request_id"])).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let index = Index::drop().table(table).name(format!("{table}_request_id")).to_owned();
            manager.drop_index(index).await?;
            manager.alter_table(Table::alter().table(table).drop_column("request_id").to_owned()).await?;
        }
        Ok(())
    }
}
