//! Tables: former_details.

use crate::tables::{index, references};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_pk_auto, text},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Names and addresses that people had before: texts of that time hold them, and erasing looks for them there.
        manager
            .create_table(
                Table::create()
                    .table("former_details")
                    .col(big_pk_auto("id"))
                    .col(big_integer("person_id"))
                    .col(text("detail"))
                    .foreign_key(&mut references("former_details", "person_id", "people"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("former_details", &["person_id"])).await?;
        manager.create_index(index("former_details", &["detail"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("former_details").to_owned()).await?;
        Ok(())
    }
}
