//! Tables: released_pairs, composite_cells, composite_session_sums, alpha_sums, part_cells, comparison_cells.

use crate::tables::{create_without_rowid, index, references};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, integer, integer_null, text, text_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What is kept per course, board year and instrument or item: these columns, the figures, and the key.
fn sums(table: &'static str, key: &[ColumnDef], figures: &[&'static str]) -> TableCreateStatement {
    let mut statement = Table::create();
    let mut primary = Index::create();
    statement.table(table).col(big_integer("course_id")).col(integer("board_year"));
    primary.col("course_id").col("board_year");
    for column in key {
        statement.col(column.clone());
        primary.col(column.get_column_name());
    }
    for figure in figures {
        statement.col(big_integer(*figure));
    }
    statement.primary_key(&mut primary).foreign_key(&mut references(table, "course_id", "courses"));
    statement.to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Whose pairs are in a course's figures, under the pairing key, and with whom they entered each of them: no
        // figure may be made of few people, also not by taking one way of counting them from another.
        create_without_rowid(
            manager,
            Table::create()
                .table("released_pairs")
                .col(text("pairing_key"))
                .col(big_integer("course_id"))
                .col(integer("board_year"))
                .col(big_integer("session_id"))
                .col(integer("batch"))
                .col(boolean("complete"))
                .col(boolean("at_the_door"))
                .col(text("agency_type"))
                .col(text_null("part"))
                .col(integer_null("part_block"))
                .col(integer_null("later_block"))
                .primary_key(Index::create().col("pairing_key"))
                .foreign_key(&mut references("released_pairs", "course_id", "courses"))
                .foreign_key(&mut references("released_pairs", "session_id", "sessions"))
                .to_owned(),
        )
        .await?;
        manager.create_index(index("released_pairs", &["course_id", "board_year"])).await?;
        let instrument = || big_integer("instrument_id").to_owned();
        let item = || big_integer("item_id").to_owned();
        let number = |name: &'static str| integer(name).to_owned();
        // Totals before and after of people who answered everything both times.
        let totals = [instrument(), boolean("at_the_door").to_owned(), number("before"), number("after")];
        manager.create_table(sums("composite_cells", &totals, &["people"])).await?;
        let per_session = [big_integer("session_id").to_owned(), instrument()];
        let gains = ["people", "sum_gain", "sum_gain_squared"];
        manager.create_table(sums("composite_session_sums", &per_session, &gains)).await?;
        // What Cronbach's alpha needs beside them.
        let per_item = [instrument(), text("wave").to_owned(), item()];
        manager.create_table(sums("alpha_sums", &per_item, &["people", "total", "squares"])).await?;
        // The core statement by agency type, as far as types are large enough to be told apart.
        let by_part = [text("part").to_owned(), item(), number("before"), number("after")];
        manager.create_table(sums("part_cells", &by_part, &["people"])).await?;
        manager.create_index(index("part_cells", &["board_year"])).await?;
        // Other pairs than before and after: looking back, three months later, and the manager's view (-1 before).
        let compared = [text("comparison").to_owned(), item(), number("earlier"), number("later")];
        manager.create_table(sums("comparison_cells", &compared, &["people"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "comparison_cells",
            "part_cells",
            "alpha_sums",
            "composite_session_sums",
            "composite_cells",
            "released_pairs",
        ] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
