//! Declared trainings in the database.

use super::rules::{Declaration, DeclaredId, DeclaredState};
use crate::{
    accounts::rules::PersonId,
    agencies::rules::AgencyId,
    courses::rules::CourseId,
    entity::{course, declared_training, membership, person},
    server::database::rows_before,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Query,
};
use std::collections::HashMap;

/// Rows on one page of a list.
pub const DECLARED_PER_PAGE: u64 = 50;

/// A declared training with the names that pages show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredLine {
    /// The row.
    pub row: declared_training::Model,
    /// Whose it is.
    pub person_name: String,
    /// The course of ours for which it stands.
    pub course_title: Option<String>,
}

async fn with_names(
    rows: Vec<declared_training::Model>,
    db: &impl ConnectionTrait,
) -> Result<Vec<DeclaredLine>, DbErr> {
    let people: HashMap<PersonId, String> = person::Entity::find()
        .filter(person::Column::Id.is_in(rows.iter().map(|row| row.person_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let courses: HashMap<CourseId, String> = course::Entity::find()
        .filter(course::Column::Id.is_in(rows.iter().filter_map(|row| row.course_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.title))
        .collect();
    let line = |row: declared_training::Model| DeclaredLine {
        person_name: people.get(&row.person_id).cloned().unwrap_or_default(),
        course_title: row.course_id.and_then(|id| courses.get(&id).cloned()),
        row,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Writes a declaration down.
pub async fn declared_insert_in_txn(
    person: PersonId,
    declaration: Declaration,
    course: Option<CourseId>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<DeclaredId, DbErr> {
    let row = declared_training::ActiveModel {
        person_id: Set(person),
        course_id: Set(course),
        title: Set(declaration.title),
        provider: Set(declaration.provider),
        trained_on: Set(declaration.trained_on),
        state: Set(DeclaredState::Declared),
        declared_at: Set(now),
        ..Default::default()
    };
    Ok(declared_training::Entity::insert(row).exec(db).await?.last_insert_id)
}

/// Everything that somebody has declared, the latest training first.
pub async fn declared_list_of_person(person: PersonId, db: &impl ConnectionTrait) -> Result<Vec<DeclaredLine>, DbErr> {
    let rows = declared_training::Entity::find()
        .filter(declared_training::Column::PersonId.eq(person))
        .order_by_desc(declared_training::Column::TrainedOn)
        .order_by_desc(declared_training::Column::Id)
        .all(db)
        .await?;
    with_names(rows, db).await
}

/// The same declaration of the same person, where it was sent before.
pub async fn declared_same(
    person: PersonId,
    declaration: &Declaration,
    db: &impl ConnectionTrait,
) -> Result<Option<declared_training::Model>, DbErr> {
    declared_training::Entity::find()
        .filter(declared_training::Column::PersonId.eq(person))
        .filter(declared_training::Column::Title.eq(declaration.title.clone()))
        .filter(declared_training::Column::TrainedOn.eq(declaration.trained_on))
        .one(db)
        .await
}

/// What waits to be checked, the oldest first: one page (from 1), and how many there are. For the confirmed staff of
/// these agencies, or of everybody.
pub async fn declared_list_to_check(
    agencies: Option<&[AgencyId]>,
    page: u64,
    db: &impl ConnectionTrait,
) -> Result<(Vec<DeclaredLine>, u64), DbErr> {
    let mut find =
        declared_training::Entity::find().filter(declared_training::Column::State.eq(DeclaredState::Declared));
    if let Some(agencies) = agencies {
        let staff = Query::select()
            .column(membership::Column::PersonId)
            .from(membership::Entity)
            .and_where(membership::Column::AgencyId.is_in(agencies.iter().copied()))
            .and_where(membership::Column::ConfirmedAt.is_not_null())
            .and_where(membership::Column::ToDate.is_null())
            .to_owned();
        find = find.filter(declared_training::Column::PersonId.in_subquery(staff));
    }
    let total = find.clone().count(db).await?;
    let rows = find
        .order_by_asc(declared_training::Column::Id)
        .offset(rows_before(page, total, DECLARED_PER_PAGE))
        .limit(DECLARED_PER_PAGE)
        .all(db)
        .await?;
    Ok((with_names(rows, db).await?, total))
}

/// One declaration.
pub async fn declared_get(id: DeclaredId, db: &impl ConnectionTrait) -> Result<Option<DeclaredLine>, DbErr> {
    let row = declared_training::Entity::find_by_id(id).one(db).await?;
    Ok(with_names(row.into_iter().collect(), db).await?.pop())
}

/// Confirms or refuses what is still only declared. Returns whether anything changed.
pub async fn declared_check_in_txn(
    id: DeclaredId,
    state: DeclaredState,
    reason: Option<String>,
    by: PersonId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let row = declared_training::ActiveModel {
        state: Set(state),
        reason: Set(reason),
        checked_by: Set(Some(by)),
        checked_at: Set(Some(now)),
        ..Default::default()
    };
    let update = declared_training::Entity::update_many()
        .set(row)
        .filter(declared_training::Column::Id.eq(id))
        .filter(declared_training::Column::State.eq(DeclaredState::Declared));
    Ok(update.exec(db).await?.rows_affected == 1)
}

/// Takes a declaration back that nobody has checked. Returns whether it was there.
pub async fn declared_delete_in_txn(
    id: DeclaredId,
    person: PersonId,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let deleted = declared_training::Entity::delete_many()
        .filter(declared_training::Column::Id.eq(id))
        .filter(declared_training::Column::PersonId.eq(person))
        .filter(declared_training::Column::State.eq(DeclaredState::Declared))
        .exec(db)
        .await?;
    Ok(deleted.rows_affected == 1)
}

/// The courses for which these people's trainings elsewhere stand.
pub async fn declared_courses(
    people: &[PersonId],
    db: &impl ConnectionTrait,
) -> Result<Vec<(PersonId, CourseId)>, DbErr> {
    let rows = declared_training::Entity::find()
        .filter(declared_training::Column::PersonId.is_in(people.to_vec()))
        .filter(declared_training::Column::CourseId.is_not_null())
        .all(db)
        .await?;
    let stand = rows.into_iter().filter(|row| row.state.counts());
    Ok(stand.filter_map(|row| row.course_id.map(|course| (row.person_id, course))).collect())
}
