//! Noting which parts of a course must be hidden because of what their people answered, so that whoever shows the course
//! need not look at every part of it.

use crate::{
    courses::rules::CourseId,
    entity::{course_cell, course_session_sum, item, part_cell, session_cell},
    learning_gain::{
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

/// People who gave one pair of answers to an item.
struct Pairs {
    item: ItemId,
    before: i32,
    after: i32,
    people: i64,
}

/// The items whose figures tell by themselves what each of a group's people answered.
fn telling_items(items: &[item::Model], group: &[Pairs]) -> Vec<ItemId> {
    let telling = items.iter().filter(|item| {
        let own: Vec<&Pairs> = group.iter().filter(|pairs| pairs.item == item.id).collect();
        let mut histogram = empty(item);
        own.iter().for_each(|pairs| add_cell(&mut histogram, pairs.before, pairs.after, pairs.people));
        !own.is_empty() && tells_by_itself(&histogram, Audience::Board)
    });
    telling.map(|item| item.id).collect()
}

/// The items that were asked.
async fn items_of(asked: impl Iterator<Item = ItemId>, db: &impl ConnectionTrait) -> Result<Vec<item::Model>, DbErr> {
    let asked: BTreeSet<ItemId> = asked.collect();
    item::Entity::find().filter(item::Column::Id.is_in(asked)).all(db).await
}

/// Notes for which items a session's figures tell by themselves what each of its people answered.
pub(super) async fn telling_session_note(
    course: CourseId,
    year: i32,
    session: SessionId,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    use course_session_sum::Column;
    let cells = session_cell::Entity::find().filter(session_cell::Column::SessionId.eq(session)).all(db).await?;
    let items = items_of(cells.iter().map(|cell| cell.item_id), db).await?;
    let group: Vec<Pairs> = cells
        .iter()
        .map(|cell| Pairs { item: cell.item_id, before: cell.before, after: cell.after, people: cell.people })
        .collect();
    course_session_sum::Entity::update_many()
        .col_expr(Column::Tells, Expr::col(Column::ItemId).is_in(telling_items(&items, &group)))
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
    let of_course = Column::CourseId.eq(course).and(Column::BoardYear.eq(year));
    let cells = part_cell::Entity::find().filter(of_course.clone()).all(db).await?;
    let items = items_of(cells.iter().map(|cell| cell.item_id), db).await?;
    let mut groups: BTreeMap<&str, Vec<Pairs>> = BTreeMap::new();
    for cell in &cells {
        let pairs = Pairs { item: cell.item_id, before: cell.before, after: cell.after, people: cell.people };
        groups.entry(&cell.part).or_default().push(pairs);
    }
    for (part, group) in groups {
        part_cell::Entity::update_many()
            .col_expr(Column::Tells, Expr::col(Column::ItemId).is_in(telling_items(&items, &group)))
            .filter(of_course.clone())
            .filter(Column::Part.eq(part))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Notes for the core statements of a course in one board year whether those who first answered at the door tell so, or
/// the others. Where all of them together do, so do both.
pub(super) async fn telling_course_note(course: CourseId, year: i32, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    use course_cell::Column;
    let items = item::Entity::find().filter(item::Column::Kind.eq(ItemKind::Core)).all(db).await?;
    let of_course = Column::CourseId.eq(course).and(Column::BoardYear.eq(year));
    let of_course = of_course.and(Column::ItemId.is_in(items.iter().map(|item| item.id)));
    let cells = course_cell::Entity::find().filter(of_course.clone()).all(db).await?;
    for at_the_door in [true, false] {
        let group: Vec<Pairs> = cells
            .iter()
            .filter(|cell| cell.at_the_door == at_the_door)
            .map(|cell| Pairs { item: cell.item_id, before: cell.before, after: cell.after, people: cell.people })
            .collect();
        course_cell::Entity::update_many()
            .col_expr(Column::Tells, Expr::col(Column::ItemId).is_in(telling_items(&items, &group)))
            .filter(of_course.clone())
            .filter(Column::AtTheDoor.eq(at_the_door))
            .exec(db)
            .await?;
    }
    Ok(())
}
