//! Tables: declared_trainings.

use crate::tables::{index, references};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, big_pk_auto, date, text, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Training taken elsewhere, as its person declares it; it stands for a course of ours where one is named.
        manager
            .create_table(
                Table::create()
                    .table("declared_trainings")
                    .col(big_pk_auto("id"))
                    .col(big_integer("person_id"))
                    .col(big_integer_null("course_id"))
                    .col(text("title"))
                    .col(text("provider"))
                    .col(date("trained_on"))
                    .col(text("state"))
                    .col(timestamp_with_time_zone("declared_at"))
                    .col(big_integer_null("checked_by"))
                    .col(timestamp_with_time_zone_null("checked_at"))
                    .col(text_null("reason"))
                    .foreign_key(&mut references("declared_trainings", "person_id", "people"))
                    .foreign_key(&mut references("declared_trainings", "course_id", "courses"))
                    .foreign_key(&mut references("declared_trainings", "checked_by", "people"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("declared_trainings", &["person_id"])).await?;
        manager.create_index(index("declared_trainings", &["state"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("declared_trainings").to_owned()).await?;
        Ok(())
    }
}
