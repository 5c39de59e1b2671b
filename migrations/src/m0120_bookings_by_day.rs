//! Indexes: bookings by the day on which they were asked for, all and of one state, as the office's list shows them.

use crate::tables::index;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("bookings", &["created_at", "id"])).await?;
        manager.create_index(index("bookings", &["state", "created_at", "id"])).await?;
        drop(manager, "bookings_state_id").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("bookings", &["state", "id"])).await?;
        drop(manager, "bookings_state_created_at_id").await?;
        drop(manager, "bookings_created_at_id").await
    }
}

async fn drop(manager: &SchemaManager<'_>, name: &str) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().table("bookings").name(name).to_owned()).await
}
