//! What visitors read about courses.

use crate::{
    courses::rules::{CatalogueCourse, CourseId, CourseStatus},
    entity::{course, course_audience, course_learning_point, course_outcome, course_prerequisite, learning_point},
    sessions::{
        rules::SessionSummary,
        store::{UpcomingFilter, session_list_upcoming},
    },
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
};
use std::collections::HashMap;

/// All live courses with their audiences and their sessions after a moment, in three queries.
pub async fn catalogue_load(after: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<Vec<CatalogueCourse>, DbErr> {
    let courses = course::Entity::find()
        .filter(course::Column::Status.eq(CourseStatus::Live))
        .order_by_asc(course::Column::Title)
        .all(db)
        .await?;
    let mut audiences: HashMap<CourseId, Vec<String>> = HashMap::new();
    for row in course_audience::Entity::find().order_by_asc(course_audience::Column::Audience).all(db).await? {
        audiences.entry(row.course_id).or_default().push(row.audience);
    }
    let mut upcoming: HashMap<CourseId, Vec<SessionSummary>> = HashMap::new();
    for session in session_list_upcoming(&UpcomingFilter::default(), after, db).await? {
        upcoming.entry(session.course_id).or_default().push(session);
    }
    let shown = courses.into_iter().map(|row| CatalogueCourse {
        audiences: audiences.remove(&row.id).unwrap_or_default(),
        upcoming: upcoming.remove(&row.id).unwrap_or_default(),
        id: row.id,
        slug: row.slug,
        title: row.title,
        summary: row.summary,
        topic: row.topic,
        level: row.level,
        kind: row.kind,
        duration_minutes: row.duration_minutes,
    });
    Ok(shown.collect())
}

/// Another course, as a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseLink {
    /// Which one.
    pub id: CourseId,
    /// Its address is /courses/{slug}.
    pub slug: String,
    /// Its title.
    pub title: String,
}

/// Everything about one course.
#[derive(Clone, Debug)]
pub struct CourseDetails {
    /// Its own columns.
    pub course: course::Model,
    /// What people can do afterwards, in order.
    pub outcomes: Vec<String>,
    /// Who needs it.
    pub audiences: Vec<String>,
    /// What must be attended before.
    pub prerequisites: Vec<CourseLink>,
    /// The lessons from case reviews that it teaches.
    pub learning_points: Vec<learning_point::Model>,
}

/// A course by its address. Drafts and retired ones too: whether a course may be shown is the page's question.
pub async fn course_by_slug(slug: &str, db: &impl ConnectionTrait) -> Result<Option<CourseDetails>, DbErr> {
    match course::Entity::find().filter(course::Column::Slug.eq(slug)).one(db).await? {
        Some(row) => course_details_of(row, db).await.map(Some),
        None => Ok(None),
    }
}

/// A course by its number, drafts and retired ones too.
pub async fn course_details(id: CourseId, db: &impl ConnectionTrait) -> Result<Option<CourseDetails>, DbErr> {
    match course::Entity::find_by_id(id).one(db).await? {
        Some(row) => course_details_of(row, db).await.map(Some),
        None => Ok(None),
    }
}

async fn course_details_of(course: course::Model, db: &impl ConnectionTrait) -> Result<CourseDetails, DbErr> {
    let outcomes = course_outcome::Entity::find()
        .filter(course_outcome::Column::CourseId.eq(course.id))
        .order_by_asc(course_outcome::Column::Position)
        .all(db)
        .await?;
    let audiences = course_audience::Entity::find()
        .filter(course_audience::Column::CourseId.eq(course.id))
        .order_by_asc(course_audience::Column::Audience)
        .all(db)
        .await?;
    let required: RelationDef = course_prerequisite::Entity::belongs_to(course::Entity)
        .from(course_prerequisite::Column::RequiredCourseId)
        .to(course::Column::Id)
        .into();
    let prerequisites = course::Entity::find()
        .join(JoinType::InnerJoin, required.rev())
        .filter(course_prerequisite::Column::CourseId.eq(course.id))
        .order_by_asc(course::Column::Title)
        .all(db)
        .await?;
    let taught: RelationDef = course_learning_point::Entity::belongs_to(learning_point::Entity)
        .from(course_learning_point::Column::LearningPointId)
        .to(learning_point::Column::Id)
        .into();
    let learning_points = learning_point::Entity::find()
        .join(JoinType::InnerJoin, taught.rev())
        .filter(course_learning_point::Column::CourseId.eq(course.id))
        .order_by_asc(learning_point::Column::Position)
        .all(db)
        .await?;
    Ok(CourseDetails {
        course,
        outcomes: outcomes.into_iter().map(|row| row.text).collect(),
        audiences: audiences.into_iter().map(|row| row.audience).collect(),
        prerequisites: prerequisites
            .into_iter()
            .map(|row| CourseLink { id: row.id, slug: row.slug, title: row.title })
            .collect(),
        learning_points,
    })
}
