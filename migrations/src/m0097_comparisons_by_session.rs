//! Table: comparison_session_sums, filled with what released answers make.

use crate::tables::references;
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, text},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "comparison_session_sums";

/// Looking back: how confident people say afterwards that they were, and how confident they are.
const LOOKING_BACK: &str = "INSERT INTO comparison_session_sums \
        (course_id, board_year, comparison, session_id, item_id, people, sum_gain, sum_gain_squared) \
    SELECT p.course_id, p.board_year, 'looking_back', p.session_id, a.item_id, COUNT(*), \
        CAST(SUM(b.value - a.value) AS BIGINT), CAST(SUM((b.value - a.value) * (b.value - a.value)) AS BIGINT) \
    FROM released_pairs p \
    JOIN answers a ON a.pairing_key = p.pairing_key AND a.wave = 'after' \
    JOIN items i ON i.id = a.item_id AND i.kind = 'looking_back' \
    JOIN answers b ON b.pairing_key = p.pairing_key AND b.wave = 'after' AND b.item_id = i.looks_back_on \
    WHERE p.complete = TRUE AND a.session_released = TRUE \
    GROUP BY p.course_id, p.board_year, p.session_id, a.item_id";

/// The core statement of those who answered it first when the session had begun.
const AT_THE_DOOR: &str = "INSERT INTO comparison_session_sums \
        (course_id, board_year, comparison, session_id, item_id, people, sum_gain, sum_gain_squared) \
    SELECT p.course_id, p.board_year, 'at_the_door', p.session_id, a.item_id, COUNT(*), \
        CAST(SUM(b.value - a.value) AS BIGINT), CAST(SUM((b.value - a.value) * (b.value - a.value)) AS BIGINT) \
    FROM released_pairs p \
    JOIN answers a ON a.pairing_key = p.pairing_key AND a.wave = 'before' \
    JOIN items i ON i.id = a.item_id AND i.kind = 'core' \
    JOIN answers b ON b.pairing_key = p.pairing_key AND b.wave = 'after' AND b.item_id = a.item_id \
    WHERE p.at_the_door = TRUE AND a.session_released = TRUE \
    GROUP BY p.course_id, p.board_year, p.session_id, a.item_id";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statement = Table::create()
            .table(TABLE)
            .col(big_integer("course_id"))
            .col(integer("board_year"))
            .col(text("comparison"))
            .col(big_integer("session_id"))
            .col(big_integer("item_id"))
            .col(big_integer("people"))
            .col(big_integer("sum_gain"))
            .col(big_integer("sum_gain_squared"))
            .primary_key(
                Index::create().col("course_id").col("board_year").col("comparison").col("session_id").col("item_id"),
            )
            .foreign_key(&mut references(TABLE, "course_id", "courses"))
            .foreign_key(&mut references(TABLE, "session_id", "sessions"))
            .foreign_key(&mut references(TABLE, "item_id", "items"))
            .to_owned();
        manager.create_table(statement).await?;
        for fill in [LOOKING_BACK, AT_THE_DOOR] {
            manager.get_connection().execute_unprepared(fill).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(TABLE).to_owned()).await
    }
}
