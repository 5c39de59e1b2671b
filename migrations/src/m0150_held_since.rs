//! Column: bookings.held_since. Since when a booking has held one of the session's places, asked for or offered; empty
//! for those who have only waited, and for bookings that were booked before this was written down: then booked_at
//! counts, which for most is the same.

use sea_orm_migration::{prelude::*, schema::timestamp_with_time_zone_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter().table("bookings").add_column(timestamp_with_time_zone_null("held_since")).to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("bookings").drop_column("held_since").to_owned()).await
    }
}
