//! What the office reads and changes of courses.

use super::CourseLink;
use crate::{
    courses::rules::{CourseEdit, CourseId, CourseStatus, free_slug, slug_of},
    entity::{
        course, course_audience, course_learning_point, course_outcome, course_prerequisite, instrument, learning_point,
    },
    server::database::{holding, rows_before},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func},
};

/// How many courses a page of the office's list has.
pub const COURSES_PER_PAGE: u64 = 50;

/// By what the office's list of courses is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CourseOrder {
    /// By title.
    #[default]
    Title,
    /// By topic, then title.
    Topic,
    /// By how long it takes, then title.
    Duration,
    /// By state, then title.
    State,
}

/// Which courses the office wants to see.
#[derive(Clone, Debug, Default)]
pub struct CourseListFilter {
    /// Part of the title or topic, in any case.
    pub text: String,
    /// Only these.
    pub status: Option<CourseStatus>,
    /// The order.
    pub order: CourseOrder,
    /// The other way round.
    pub descending: bool,
}

/// One page of all courses, and how many there are. `page` counts from 1.
pub async fn course_list(
    filter: &CourseListFilter,
    page: u64,
    db: &impl ConnectionTrait,
) -> Result<(Vec<course::Model>, u64), DbErr> {
    let mut query = course::Entity::find();
    if let Some(status) = filter.status {
        query = query.filter(course::Column::Status.eq(status));
    }
    if !filter.text.is_empty() {
        let pattern = || holding(&filter.text.to_lowercase());
        let lower = |column: course::Column| Func::lower(Expr::col((course::Entity, column)));
        query = query.filter(
            Expr::expr(lower(course::Column::Title))
                .like(pattern())
                .or(Expr::expr(lower(course::Column::Topic)).like(pattern())),
        );
    }
    let total = query.clone().count(db).await?;
    let order = if filter.descending { Order::Desc } else { Order::Asc };
    query = match filter.order {
        CourseOrder::Title => query,
        CourseOrder::Topic => query.order_by(course::Column::Topic, order.clone()),
        CourseOrder::Duration => query.order_by(course::Column::DurationMinutes, order.clone()),
        CourseOrder::State => query.order_by(course::Column::Status, order.clone()),
    };
    let rows = query
        .order_by(course::Column::Title, order)
        .order_by_asc(course::Column::Id)
        .limit(COURSES_PER_PAGE)
        .offset(rows_before(page, total, COURSES_PER_PAGE))
        .all(db)
        .await?;
    Ok((rows, total))
}

/// What a course's form offers to choose from.
#[derive(Clone, Debug)]
pub struct CourseChoices {
    /// Courses that can be asked for before.
    pub courses: Vec<CourseLink>,
    /// The lessons from case reviews.
    pub learning_points: Vec<learning_point::Model>,
    /// The questionnaires.
    pub instruments: Vec<instrument::Model>,
}

/// What a course's form offers to choose from.
pub async fn course_choices(db: &impl ConnectionTrait) -> Result<CourseChoices, DbErr> {
    Ok(CourseChoices {
        courses: course_links(db).await?,
        learning_points: learning_point::Entity::find().order_by_asc(learning_point::Column::Position).all(db).await?,
        instruments: instrument::Entity::find()
            .order_by_asc(instrument::Column::Title)
            .order_by_asc(instrument::Column::Version)
            .all(db)
            .await?,
    })
}

/// All courses that are not retired, by title.
pub async fn course_links(db: &impl ConnectionTrait) -> Result<Vec<CourseLink>, DbErr> {
    let rows = course::Entity::find()
        .filter(course::Column::Status.ne(CourseStatus::Retired))
        .order_by_asc(course::Column::Title)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| CourseLink { id: row.id, slug: row.slug, title: row.title }).collect())
}

/// Adds a course as a draft, or live at once. Its address is made of its title.
pub async fn course_insert_in_txn(
    edit: &CourseEdit,
    status: CourseStatus,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<CourseId, DbErr> {
    let similar: Vec<String> = course::Entity::find()
        .filter(course::Column::Slug.starts_with(slug_of(&edit.title)))
        .select_only()
        .column(course::Column::Slug)
        .into_tuple()
        .all(db)
        .await?;
    let row = course::ActiveModel {
        slug: Set(free_slug(&edit.title, &similar)),
        status: Set(status),
        created_at: Set(now),
        version: Set(1),
        ..columns_of(edit)
    };
    let id = course::Entity::insert(row).exec(db).await?.last_insert_id;
    course_lists_insert(id, edit, db).await?;
    Ok(id)
}

/// Changes a course, unless somebody changed it since `version`. Returns whether it was changed; its address stays.
pub async fn course_update_in_txn(
    id: CourseId,
    version: i32,
    edit: &CourseEdit,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let row = course::ActiveModel { version: Set(version + 1), ..columns_of(edit) };
    let updated = course::Entity::update_many()
        .set(row)
        .filter(course::Column::Id.eq(id))
        .filter(course::Column::Version.eq(version))
        .exec(db)
        .await?;
    if updated.rows_affected == 0 {
        return Ok(false);
    }
    course_outcome::Entity::delete_many().filter(course_outcome::Column::CourseId.eq(id)).exec(db).await?;
    course_audience::Entity::delete_many().filter(course_audience::Column::CourseId.eq(id)).exec(db).await?;
    course_prerequisite::Entity::delete_many().filter(course_prerequisite::Column::CourseId.eq(id)).exec(db).await?;
    course_learning_point::Entity::delete_many()
        .filter(course_learning_point::Column::CourseId.eq(id))
        .exec(db)
        .await?;
    course_lists_insert(id, edit, db).await?;
    Ok(true)
}

/// Makes a course live, a draft or retired. Returns whether that changed anything.
pub async fn course_status_put_in_txn(
    id: CourseId,
    status: CourseStatus,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let updated = course::Entity::update_many()
        .col_expr(course::Column::Status, Expr::value(status))
        .col_expr(course::Column::Version, Expr::col(course::Column::Version).add(1))
        .filter(course::Column::Id.eq(id))
        .filter(course::Column::Status.ne(status))
        .exec(db)
        .await?;
    Ok(updated.rows_affected == 1)
}

fn columns_of(edit: &CourseEdit) -> course::ActiveModel {
    course::ActiveModel {
        title: Set(edit.title.clone()),
        summary: Set(edit.summary.clone()),
        description: Set(edit.description.clone()),
        topic: Set(edit.topic.clone()),
        level: Set(edit.level.clone()),
        kind: Set(edit.kind),
        duration_minutes: Set(edit.duration_minutes),
        validity_months: Set(edit.validity_months),
        board_priority: Set(edit.board_priority.clone()),
        instrument_id: Set(edit.instrument),
        resource_url: Set(edit.resource_url.clone()),
        ..Default::default()
    }
}

async fn course_lists_insert(id: CourseId, edit: &CourseEdit, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let outcomes = edit.outcomes.iter().zip(1..).map(|(text, position)| course_outcome::ActiveModel {
        course_id: Set(id),
        position: Set(position),
        text: Set(text.clone()),
        ..Default::default()
    });
    course_outcome::Entity::insert_many(outcomes).exec_without_returning(db).await?;
    let audiences = edit
        .audiences
        .iter()
        .map(|audience| course_audience::ActiveModel { course_id: Set(id), audience: Set(audience.clone()) });
    course_audience::Entity::insert_many(audiences).exec_without_returning(db).await?;
    let prerequisites =
        edit.prerequisites.iter().filter(|required| **required != id).map(|required| {
            course_prerequisite::ActiveModel { course_id: Set(id), required_course_id: Set(*required) }
        });
    course_prerequisite::Entity::insert_many(prerequisites).exec_without_returning(db).await?;
    let points = edit
        .learning_points
        .iter()
        .map(|point| course_learning_point::ActiveModel { course_id: Set(id), learning_point_id: Set(*point) });
    course_learning_point::Entity::insert_many(points).exec_without_returning(db).await?;
    Ok(())
}
