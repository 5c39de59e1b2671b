//! Reading sessions.

use crate::sessions::rules::{
    Mode, SessionDate, SessionDetails, SessionId, SessionStatus, SessionSummary, SessionTrainer, TrainerState, Venue,
    VenueId,
};
use crate::{
    accounts::rules::PersonId,
    courses::rules::{CourseId, CourseStatus},
    entity::{course, person, session, session_date, session_trainer, venue},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

/// One session with its course, venue, dates and trainers, in five queries. Drafts too: whether a session may be shown
/// is the page's question.
pub async fn session_details(id: SessionId, db: &impl ConnectionTrait) -> Result<Option<SessionDetails>, DbErr> {
    let Some(row) = session::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let Some(course) = course::Entity::find_by_id(row.course_id).one(db).await? else { return Ok(None) };
    let venue = match row.venue_id {
        Some(id) => venue::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    let dates = session_date::Entity::find()
        .filter(session_date::Column::SessionId.eq(id))
        .order_by_asc(session_date::Column::StartsAt)
        .all(db)
        .await?;
    let trainers = session_trainer::Entity::find()
        .filter(session_trainer::Column::SessionId.eq(id))
        .join(
            JoinType::InnerJoin,
            session_trainer::Entity::belongs_to(person::Entity)
                .from(session_trainer::Column::PersonId)
                .to(person::Column::Id)
                .into(),
        )
        .select_only()
        .column(session_trainer::Column::PersonId)
        .column(person::Column::Name)
        .column(session_trainer::Column::State)
        .order_by_asc(session_trainer::Column::Id)
        .into_tuple::<(PersonId, String, TrainerState)>()
        .all(db)
        .await?;
    Ok(Some(SessionDetails {
        id: row.id,
        course_id: course.id,
        course_title: course.title,
        course_slug: course.slug,
        course_kind: course.kind,
        status: row.status,
        mode: row.mode,
        venue: venue.map(venue_of),
        online_link: row.online_link,
        joining_instructions: row.joining_instructions,
        capacity: row.capacity,
        held: row.held,
        waiting: row.waiting,
        reserved: row.reserved,
        minimum: row.minimum,
        go_no_go_at: row.go_no_go_at,
        booking_opens_at: row.booking_opens_at,
        booking_closes_at: row.booking_closes_at,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        needs_approval: row.needs_approval,
        cancelled_at: row.cancelled_at,
        cancelled_reason: row.cancelled_reason,
        moved_at: row.moved_at,
        version: row.version,
        dates: dates.into_iter().map(date_of).collect(),
        trainers: trainers.into_iter().map(|(person, name, state)| SessionTrainer { person, name, state }).collect(),
    }))
}

fn venue_of(row: venue::Model) -> Venue {
    Venue {
        id: row.id,
        name: row.name,
        address: row.address,
        postcode: row.postcode,
        access_notes: row.access_notes,
        travel_notes: row.travel_notes,
        capacity: row.capacity,
    }
}

fn date_of(row: session_date::Model) -> SessionDate {
    SessionDate {
        id: row.id,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        submitted_at: row.submitted_at,
        locked_at: row.locked_at,
    }
}

/// Which upcoming sessions to list; the default lists all.
#[derive(Clone, Debug, Default)]
pub struct UpcomingFilter {
    /// Only of these courses; empty means of all.
    pub courses: Vec<CourseId>,
    /// Only this way.
    pub mode: Option<Mode>,
    /// Only at this venue.
    pub venue: Option<VenueId>,
    /// Only those that start at this moment or later.
    pub from: Option<DateTime<Utc>>,
    /// Only those that start before this moment.
    pub before: Option<DateTime<Utc>>,
    /// Only with places left, and booking open.
    pub with_places: bool,
}

/// Published sessions of live courses that have not begun, earliest first.
pub async fn session_list_upcoming(
    filter: &UpcomingFilter,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Vec<SessionSummary>, DbErr> {
    let mut query = session_summaries()
        .filter(session::Column::Status.eq(SessionStatus::Published))
        .filter(session::Column::StartsAt.gt(now))
        .filter(course::Column::Status.eq(CourseStatus::Live));
    if !filter.courses.is_empty() {
        query = query.filter(session::Column::CourseId.is_in(filter.courses.iter().copied()));
    }
    if let Some(mode) = filter.mode {
        query = query.filter(session::Column::Mode.eq(mode));
    }
    if let Some(venue) = filter.venue {
        query = query.filter(session::Column::VenueId.eq(venue));
    }
    if let Some(from) = filter.from {
        query = query.filter(session::Column::StartsAt.gte(from));
    }
    if let Some(before) = filter.before {
        query = query.filter(session::Column::StartsAt.lt(before));
    }
    if filter.with_places {
        query = query
            .filter(
                Expr::col((session::Entity, session::Column::Held))
                    .add(Expr::col((session::Entity, session::Column::Reserved)))
                    .lt(Expr::col((session::Entity, session::Column::Capacity))),
            )
            .filter(session::Column::Waiting.eq(0))
            .filter(session::Column::BookingOpensAt.lte(now))
            .filter(session::Column::BookingClosesAt.gt(now));
    }
    query.order_by_asc(session::Column::StartsAt).order_by_asc(session::Column::Id).into_model().all(db).await
}

/// Sessions with the columns of `SessionSummary`.
pub(crate) fn session_summaries() -> sea_orm::Select<session::Entity> {
    session::Entity::find()
        .select_only()
        .columns([
            session::Column::Id,
            session::Column::CourseId,
            session::Column::Status,
            session::Column::Mode,
            session::Column::VenueId,
            session::Column::Capacity,
            session::Column::Held,
            session::Column::Waiting,
            session::Column::Reserved,
            session::Column::BookingOpensAt,
            session::Column::BookingClosesAt,
            session::Column::StartsAt,
            session::Column::EndsAt,
        ])
        .column_as(course::Column::Title, "course_title")
        .column_as(course::Column::Slug, "course_slug")
        .column_as(venue::Column::Name, "venue_name")
        .join(
            JoinType::InnerJoin,
            session::Entity::belongs_to(course::Entity).from(session::Column::CourseId).to(course::Column::Id).into(),
        )
        .join(
            JoinType::LeftJoin,
            session::Entity::belongs_to(venue::Entity).from(session::Column::VenueId).to(venue::Column::Id).into(),
        )
}

/// Whether somebody has agreed to train a session.
pub async fn is_accepted_trainer(
    session: SessionId,
    person: PersonId,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let found = session_trainer::Entity::find()
        .filter(session_trainer::Column::SessionId.eq(session))
        .filter(session_trainer::Column::PersonId.eq(person))
        .filter(session_trainer::Column::State.eq(TrainerState::Accepted))
        .count(db)
        .await?;
    Ok(found > 0)
}
