//! Tables: imported_sessions.

use crate::tables::{references, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_pk_auto, text},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What a history file called a session, so that importing it again finds it.
        manager
            .create_table(
                Table::create()
                    .table("imported_sessions")
                    .col(big_pk_auto("id"))
                    .col(text("name"))
                    .col(big_integer("session_id"))
                    .foreign_key(&mut references("imported_sessions", "session_id", "sessions"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("imported_sessions", &["name"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("imported_sessions").to_owned()).await
    }
}
