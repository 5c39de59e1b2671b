//! Tables: participations, responses, answers, session_cells, course_cells, course_session_sums.

use crate::tables::{create_without_rowid, index, references};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, boolean_null, date, integer, text, text_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Who has finished which wave, and how often they were asked: no time, no answers, no order of arrival.
        create_without_rowid(
            manager,
            Table::create()
                .table("participations")
                .col(big_integer("booking_id"))
                .col(text("wave"))
                .col(boolean("finished"))
                .col(integer("asked"))
                .primary_key(Index::create().col("booking_id").col("wave"))
                .foreign_key(&mut references("participations", "booking_id", "bookings"))
                .to_owned(),
        )
        .await?;
        // Questionnaires begun or finished, under a pairing key: no person, no time finer than the day.
        create_without_rowid(
            manager,
            Table::create()
                .table("responses")
                .col(text("pairing_key"))
                .col(text("wave"))
                .col(big_integer("session_id"))
                .col(big_integer("instrument_id"))
                .col(text_null("agency_type"))
                .col(date("day"))
                .col(boolean("finished"))
                .col(boolean("at_the_door"))
                .col(boolean_null("attended"))
                .primary_key(Index::create().col("pairing_key").col("wave"))
                .foreign_key(&mut references("responses", "session_id", "sessions"))
                .foreign_key(&mut references("responses", "instrument_id", "instruments"))
                .to_owned(),
        )
        .await?;
        manager.create_index(index("responses", &["session_id", "wave"])).await?;
        // Single answers under a pairing key, and into which shown figures each has been released.
        create_without_rowid(
            manager,
            Table::create()
                .table("answers")
                .col(text("pairing_key"))
                .col(text("wave"))
                .col(big_integer("item_id"))
                .col(integer("value"))
                .col(boolean("session_released"))
                .col(boolean("course_released"))
                .primary_key(Index::create().col("pairing_key").col("wave").col("item_id"))
                .foreign_key(&mut references("answers", "item_id", "items"))
                .to_owned(),
        )
        .await?;
        // Joint histograms per session; -1 stands for not answered.
        manager
            .create_table(
                Table::create()
                    .table("session_cells")
                    .col(big_integer("session_id"))
                    .col(big_integer("item_id"))
                    .col(integer("before"))
                    .col(integer("after"))
                    .col(big_integer("people"))
                    .primary_key(Index::create().col("session_id").col("item_id").col("before").col("after"))
                    .foreign_key(&mut references("session_cells", "session_id", "sessions"))
                    .foreign_key(&mut references("session_cells", "item_id", "items"))
                    .to_owned(),
            )
            .await?;
        // Joint histograms per course and board year; -1 stands for not answered. Pairs whose first answer was given
        // at the door stand apart.
        manager
            .create_table(
                Table::create()
                    .table("course_cells")
                    .col(big_integer("course_id"))
                    .col(integer("board_year"))
                    .col(boolean("at_the_door"))
                    .col(big_integer("item_id"))
                    .col(integer("before"))
                    .col(integer("after"))
                    .col(big_integer("people"))
                    .primary_key(
                        Index::create()
                            .col("course_id")
                            .col("board_year")
                            .col("at_the_door")
                            .col("item_id")
                            .col("before")
                            .col("after"),
                    )
                    .foreign_key(&mut references("course_cells", "course_id", "courses"))
                    .foreign_key(&mut references("course_cells", "item_id", "items"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("course_cells", &["board_year", "item_id"])).await?;
        // Per session what the clustered interval needs, as released at course level.
        manager
            .create_table(
                Table::create()
                    .table("course_session_sums")
                    .col(big_integer("course_id"))
                    .col(integer("board_year"))
                    .col(big_integer("session_id"))
                    .col(big_integer("item_id"))
                    .col(big_integer("people"))
                    .col(big_integer("sum_gain"))
                    .col(big_integer("sum_gain_squared"))
                    .primary_key(Index::create().col("course_id").col("board_year").col("session_id").col("item_id"))
                    .foreign_key(&mut references("course_session_sums", "course_id", "courses"))
                    .foreign_key(&mut references("course_session_sums", "session_id", "sessions"))
                    .foreign_key(&mut references("course_session_sums", "item_id", "items"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("course_session_sums", &["board_year", "item_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("course_session_sums").to_owned()).await?;
        manager.drop_table(Table::drop().table("course_cells").to_owned()).await?;
        manager.drop_table(Table::drop().table("session_cells").to_owned()).await?;
        manager.drop_table(Table::drop().table("answers").to_owned()).await?;
        manager.drop_table(Table::drop().table("responses").to_owned()).await?;
        manager.drop_table(Table::drop().table("participations").to_owned()).await?;
        Ok(())
    }
}
