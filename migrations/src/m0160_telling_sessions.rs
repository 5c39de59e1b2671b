//! Column: course_session_sums.tells, filled from the cells of sessions: answers of a session that tell by themselves
//! what each of its people answered.

use sea_orm_migration::{prelude::*, schema::boolean};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "course_session_sums";
const INDEX: &str = "course_session_sums_telling";

/// Five or more people who answered both times, and all of them alike before, or after, or in how far they moved; or
/// one of them one point from an end of the scale where all others stand; or one to four on a side of two answers.
const FILL: &str = "UPDATE course_session_sums SET tells = TRUE WHERE EXISTS (\
    SELECT 1 FROM (\
        SELECT c.session_id, c.item_id, c.people, c.before - i.low AS b, i.high - c.before AS b_below, \
            c.after - i.low AS a, i.high - c.after AS a_below, c.after - c.before AS moved, \
            CASE WHEN i.high - i.low = 1 THEN 4 ELSE 1 END AS few \
        FROM session_cells c JOIN (\
            SELECT id, CASE WHEN kind = 'knowledge' THEN 0 ELSE scale_min END AS low, \
                CASE WHEN kind = 'knowledge' THEN 1 ELSE scale_max END AS high FROM items\
        ) i ON i.id = c.item_id WHERE c.before <> -1 AND c.after <> -1\
    ) p WHERE p.session_id = course_session_sums.session_id AND p.item_id = course_session_sums.item_id \
    GROUP BY p.item_id HAVING SUM(p.people) >= 5 AND (\
        MIN(p.b) = MAX(p.b) OR MIN(p.a) = MAX(p.a) OR MIN(p.moved) = MAX(p.moved) \
        OR SUM(p.people * p.b) <= MAX(p.few) OR SUM(p.people * p.b_below) <= MAX(p.few) \
        OR SUM(p.people * p.a) <= MAX(p.few) OR SUM(p.people * p.a_below) <= MAX(p.few)))";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = boolean("tells").default(false).to_owned();
        manager.alter_table(Table::alter().table(TABLE).add_column(column).to_owned()).await?;
        let db = manager.get_connection();
        db.execute_unprepared(FILL).await?;
        // Few do: whoever looks for the years that have any reads no others.
        let index = format!("CREATE INDEX {INDEX} ON {TABLE} (board_year, item_id) WHERE tells = TRUE");
        db.execute_unprepared(&index).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().table(TABLE).name(INDEX).to_owned()).await?;
        manager.alter_table(Table::alter().table(TABLE).drop_column("tells").to_owned()).await
    }
}
