//! Noting which parts of a course must be hidden because of what their people answered, so that whoever shows the course
//! need not look at every part of it.

use crate::{
    courses::rules::CourseId,
    entity::{course_cell, course_session_sum, item, part_cell, session_cell},
    learning_gain::{
        rules::JointHistogram,
        store::read::{add_cell, empty},
        suppression::{Audience, line::tells_by_itself},
    },
    sessions::rules::SessionId,
    surveys::rules::{ItemId, ItemKind},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use std::collections::{BTreeMap, BTreeSet};

/// Notes for which items a session's figures tell by themselves what each of its people answered.
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

/// Notes which agency types of a course in one board year tell so in the core statement.
pub(super) async fn telling_parts_note(course: CourseId, year: i32, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    use part_cell::Column;
    let cells = part_cell::Entity::find()
        .filter(Column::CourseId.eq(course))
        .filter(Column::BoardYear.eq(year))
        .all(db)
        .await?;
    let asked: BTreeSet<ItemId> = cells.iter().map(|cell| cell.item_id).collect();
    let items = item::Entity::find().filter(item::Column::Id.is_in(asked)).all(db).await?;
    let items: BTreeMap<ItemId, item::Model> = items.into_iter().map(|item| (item.id, item)).collect();
    let mut histograms: BTreeMap<(&str, ItemId), JointHistogram> = BTreeMap::new();
    for cell in &cells {
        if let Some(item) = items.get(&cell.item_id) {
            let histogram = histograms.entry((&cell.part, cell.item_id)).or_insert_with(|| empty(item));
            add_cell(histogram, cell.before, cell.after, cell.people);
        }
    }
    for ((part, item), histogram) in histograms {
        part_cell::Entity::update_many()
            .col_expr(Column::Tells, Expr::value(tells_by_itself(&histogram, Audience::Board)))
            .filter(Column::CourseId.eq(course))
            .filter(Column::BoardYear.eq(year))
            .filter(Column::Part.eq(part))
            .filter(Column::ItemId.eq(item))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Notes for the core statements of a course in one board year whether those who first answered at the door tell so, or
/// the others. Where all of them together do, so do both.
pub(super) async fn telling_course_note(course: CourseId, year: i32, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    use course_cell::Column;
    let core = item::Entity::find().filter(item::Column::Kind.eq(ItemKind::Core)).all(db).await?;
    let items: BTreeMap<ItemId, item::Model> = core.into_iter().map(|item| (item.id, item)).collect();
    let cells = course_cell::Entity::find()
        .filter(Column::CourseId.eq(course))
        .filter(Column::BoardYear.eq(year))
        .filter(Column::ItemId.is_in(items.keys().copied()))
        .all(db)
        .await?;
    let mut histograms: BTreeMap<(bool, ItemId), JointHistogram> = BTreeMap::new();
    for cell in &cells {
        if let Some(item) = items.get(&cell.item_id) {
            let histogram = histograms.entry((cell.at_the_door, cell.item_id)).or_insert_with(|| empty(item));
            add_cell(histogram, cell.before, cell.after, cell.people);
        }
    }
    for ((at_the_door, item), histogram) in histograms {
        course_cell::Entity::update_many()
            .col_expr(Column::Tells, Expr::value(tells_by_itself(&histogram, Audience::Board)))
            .filter(Column::CourseId.eq(course))
            .filter(Column::BoardYear.eq(year))
            .filter(Column::AtTheDoor.eq(at_the_door))
            .filter(Column::ItemId.eq(item))
            .exec(db)
            .await?;
    }
    Ok(())
}
