//! Columns: how often a personal link to a questionnaire was made anew, and that a mail came back.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, timestamp_with_time_zone_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter().table("participations").add_column(integer("link_edition").default(0)).to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter().table("outbox").add_column(timestamp_with_time_zone_null("came_back_at")).to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("outbox").drop_column("came_back_at").to_owned()).await?;
        manager.alter_table(Table::alter().table("participations").drop_column("link_edition").to_owned()).await
    }
}
