//! Noting which sessions must be hidden because of what their people answered.

use crate::{
    courses::rules::CourseId,
    entity::{course_session_sum, item, session_cell},
    learning_gain::{
        store::read::{add_cell, empty},
        suppression::{Audience, line::tells_by_itself},
    },
    sessions::rules::SessionId,
    surveys::rules::ItemId,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use std::collections::BTreeSet;

/// Notes for which items a session's figures tell by themselves what each of its people answered, so that whoever
/// shows the course need not look at every session.
pub(super) async fn telling_session_note(
    course: CourseId,
    year: i32,
    session: SessionId,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    use course_session_sum::Column;
    let cells = session_cell::Entity::find().filter(session_cell::Column::SessionId.eq(session)).all(db).await?;
    let asked: BTreeSet<ItemId> = cells.iter().map(|cell| cell.item_id).collect();
    let items = item::Entity::find().filter(item::Column::Id.is_in(asked)).all(db).await?;
    let telling = items.iter().filter(|item| {
        let mut histogram = empty(item);
        let own = cells.iter().filter(|cell| cell.item_id == item.id);
        own.for_each(|cell| add_cell(&mut histogram, cell.before, cell.after, cell.people));
        tells_by_itself(&histogram, Audience::Board)
    });
    let telling: Vec<ItemId> = telling.map(|item| item.id).collect();
    course_session_sum::Entity::update_many()
        .col_expr(Column::Tells, Expr::col(Column::ItemId).is_in(telling))
        .filter(Column::CourseId.eq(course))
        .filter(Column::BoardYear.eq(year))
        .filter(Column::SessionId.eq(session))
        .exec(db)
        .await?;
    Ok(())
}
