//! Columns: course_cells.tells, course_session_sums.tells and part_cells.tells, filled from the cells of courses, sessions
//! and agency types: answers that tell by themselves what each of the people there answered.

use sea_orm_migration::{prelude::*, schema::boolean};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Table, where its cells are, and what people are told apart by in both.
const TABLES: [(&str, &str, &[&str]); 3] = [
    ("course_cells", "course_cells", &["course_id", "board_year", "at_the_door", "item_id"]),
    ("course_session_sums", "session_cells", &["session_id", "item_id"]),
    ("part_cells", "part_cells", &["course_id", "board_year", "part", "item_id"]),
];

/// Five or more people who answered both times, and all of them alike before, or after, or in how far they moved; or
/// one of them one point from an end of the scale where all others stand; or one to four on a side of two answers.
fn fill(table: &str, cells: &str, place: &[&str]) -> String {
    let same: Vec<String> = place.iter().map(|column| format!("p.{column} = {table}.{column}")).collect();
    // A course as a whole is made of core statements only.
    let kind = if table == "course_cells" { "WHERE kind = 'core'" } else { "" };
    let columns: String = place.iter().map(|column| format!("c.{column}, ")).collect();
    format!(
        "UPDATE {table} SET tells = TRUE WHERE EXISTS (\
            SELECT 1 FROM (\
                SELECT {columns}c.people, c.before - i.low AS b, i.high - c.before AS b_below, \
                    c.after - i.low AS a, i.high - c.after AS a_below, c.after - c.before AS moved, \
                    CASE WHEN i.high - i.low = 1 THEN 4 ELSE 1 END AS few \
                FROM {cells} c JOIN (\
                    SELECT id, CASE WHEN kind = 'knowledge' THEN 0 ELSE scale_min END AS low, \
                        CASE WHEN kind = 'knowledge' THEN 1 ELSE scale_max END AS high FROM items {kind}\
                ) i ON i.id = c.item_id WHERE c.before <> -1 AND c.after <> -1\
            ) p WHERE {} \
            GROUP BY p.item_id HAVING SUM(p.people) >= 5 AND (\
                MIN(p.b) = MAX(p.b) OR MIN(p.a) = MAX(p.a) OR MIN(p.moved) = MAX(p.moved) \
                OR SUM(p.people * p.b) <= MAX(p.few) OR SUM(p.people * p.b_below) <= MAX(p.few) \
                OR SUM(p.people * p.a) <= MAX(p.few) OR SUM(p.people * p.a_below) <= MAX(p.few)))",
        same.join(" AND ")
    )
}

fn index(table: &str) -> String {
    format!("{table}_telling")
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for (table, cells, place) in TABLES {
            let column = boolean("tells").default(false).to_owned();
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
            db.execute_unprepared(&fill(table, cells, place)).await?;
            // Few do: whoever looks for them reads no others.
            let made = format!("CREATE INDEX {} ON {table} (board_year, item_id) WHERE tells = TRUE", index(table));
            db.execute_unprepared(&made).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, ..) in TABLES {
            manager.drop_index(Index::drop().table(table).name(index(table)).to_owned()).await?;
            manager.alter_table(Table::alter().table(table).drop_column("tells").to_owned()).await?;
        }
        Ok(())
    }
}
