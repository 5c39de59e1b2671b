//! Reading sessions.

use crate::sessions::rules::{
    Mode, SessionDate, SessionDetails, SessionId, SessionStatus, SessionSummary, SessionTrainer, TrainerState, Venue,
    VenueId,
};
use crate::{
    accounts::rules::PersonId,
    courses::rules::{CourseId, CourseKind, CourseStatus},
    entity::{course, person, session, session_date, session_trainer, venue},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use std::collections::{BTreeSet, HashMap};

/// One session with its course, venue, dates and trainers, in five queries. Drafts too: whether a session may be shown
/// is the page's question.
pub async fn session_details(id: SessionId, db: &impl ConnectionTrait) -> Result<Option<SessionDetails>, DbErr> {
    match session::Entity::find_by_id(id).one(db).await? {
        Some(row) => session_details_of(row, db).await,
        None => Ok(None),
    }
}

/// The same for a row that is at hand: its counters are shown as they are in it.
pub async fn session_details_of(
    row: session::Model,
    db: &impl ConnectionTrait,
) -> Result<Option<SessionDetails>, DbErr> {
    let id = row.id;
    Ok(with_everything(vec![row], db).await?.remove(&id))
}

/// Sessions with everything, in five queries however many they are.
pub async fn session_details_list(
    ids: impl IntoIterator<Item = SessionId>,
    db: &impl ConnectionTrait,
) -> Result<HashMap<SessionId, SessionDetails>, DbErr> {
    let ids: BTreeSet<SessionId> = ids.into_iter().collect();
    let rows = session::Entity::find().filter(session::Column::Id.is_in(ids)).all(db).await?;
    with_everything(rows, db).await
}

async fn with_everything(
    rows: Vec<session::Model>,
    db: &impl ConnectionTrait,
) -> Result<HashMap<SessionId, SessionDetails>, DbErr> {
    let ids: Vec<SessionId> = rows.iter().map(|row| row.id).collect();
    let courses = courses_of(&rows, db).await?;
    let venues = venues_of(&rows, db).await?;
    let mut dates = dates_of(&ids, db).await?;
    let mut trainers = trainers_of(&ids, db).await?;
    let details = rows.into_iter().filter_map(|row| {
        let course = courses.get(&row.course_id)?;
        let details = SessionDetails {
            id: row.id,
            course_id: row.course_id,
            course_title: course.title.clone(),
            course_slug: course.slug.clone(),
            course_kind: course.kind,
            status: row.status,
            mode: row.mode,
            venue: row.venue_id.and_then(|id| venues.get(&id).cloned()),
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
            dates: dates.remove(&row.id).unwrap_or_default(),
            trainers: trainers.remove(&row.id).unwrap_or_default(),
        };
        Some((row.id, details))
    });
    Ok(details.collect())
}

/// What a session's page says of its course.
#[derive(FromQueryResult)]
struct CourseOfSession {
    id: CourseId,
    title: String,
    slug: String,
    kind: CourseKind,
}

async fn courses_of(
    rows: &[session::Model],
    db: &impl ConnectionTrait,
) -> Result<HashMap<CourseId, CourseOfSession>, DbErr> {
    let ids: BTreeSet<CourseId> = rows.iter().map(|row| row.course_id).collect();
    let courses: Vec<CourseOfSession> = course::Entity::find()
        .select_only()
        .columns([course::Column::Id, course::Column::Title, course::Column::Slug, course::Column::Kind])
        .filter(course::Column::Id.is_in(ids))
        .into_model()
        .all(db)
        .await?;
    Ok(courses.into_iter().map(|course| (course.id, course)).collect())
}

async fn venues_of(rows: &[session::Model], db: &impl ConnectionTrait) -> Result<HashMap<VenueId, Venue>, DbErr> {
    let ids: BTreeSet<VenueId> = rows.iter().filter_map(|row| row.venue_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let venues = venue::Entity::find().filter(venue::Column::Id.is_in(ids)).all(db).await?;
    Ok(venues.into_iter().map(|row| (row.id, venue_of(row))).collect())
}

async fn dates_of(ids: &[SessionId], db: &impl ConnectionTrait) -> Result<HashMap<SessionId, Vec<SessionDate>>, DbErr> {
    let rows = session_date::Entity::find()
        .filter(session_date::Column::SessionId.is_in(ids.iter().copied()))
        .order_by_asc(session_date::Column::StartsAt)
        .all(db)
        .await?;
    let mut dates: HashMap<SessionId, Vec<SessionDate>> = HashMap::new();
    for row in rows {
        dates.entry(row.session_id).or_default().push(date_of(row));
    }
    Ok(dates)
}

async fn trainers_of(
    ids: &[SessionId],
    db: &impl ConnectionTrait,
) -> Result<HashMap<SessionId, Vec<SessionTrainer>>, DbErr> {
    let who = session_trainer::Entity::belongs_to(person::Entity)
        .from(session_trainer::Column::PersonId)
        .to(person::Column::Id);
    let rows = session_trainer::Entity::find()
        .filter(session_trainer::Column::SessionId.is_in(ids.iter().copied()))
        .join(JoinType::InnerJoin, who.into())
        .select_only()
        .column(session_trainer::Column::SessionId)
        .column(session_trainer::Column::PersonId)
        .column(person::Column::Name)
        .column(session_trainer::Column::State)
        .order_by_asc(session_trainer::Column::Id)
        .into_tuple::<(SessionId, PersonId, String, TrainerState)>()
        .all(db)
        .await?;
    let mut trainers: HashMap<SessionId, Vec<SessionTrainer>> = HashMap::new();
    for (session, person, name, state) in rows {
        trainers.entry(session).or_default().push(SessionTrainer { person, name, state });
    }
    Ok(trainers)
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
            session::Column::Version,
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
