//! What the office reads and changes of sessions.

use super::session_summaries;
use crate::{
    courses::rules::CourseId,
    entity::{course, session, session_date},
    server::database::rows_before,
    sessions::rules::{SessionEdit, SessionId, SessionState, SessionStatus, SessionSummary, Span, VenueId},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use std::collections::HashSet;

/// How many sessions a page of the office's list has.
pub const SESSIONS_PER_PAGE: u64 = 50;

/// The order of the office's list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SessionOrder {
    /// By date.
    #[default]
    Date,
    /// By course, then date.
    Course,
    /// The emptiest first.
    Free,
}

/// Which sessions the office wants to see.
#[derive(Clone, Debug, Default)]
pub struct SessionListFilter {
    /// Only these.
    pub state: Option<SessionState>,
    /// Only of this course.
    pub course: Option<CourseId>,
    /// Only those that start at this moment or later.
    pub from: Option<DateTime<Utc>>,
    /// Only those that start before this moment.
    pub before: Option<DateTime<Utc>>,
    /// The order.
    pub order: SessionOrder,
    /// The other way round.
    pub descending: bool,
}

/// One page of sessions, each with what it is now, and how many there are. `page` counts from 1.
pub async fn session_list(
    filter: &SessionListFilter,
    page: u64,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(Vec<(SessionSummary, SessionState)>, u64), DbErr> {
    let wanted = wanted(filter, now);
    let total = session::Entity::find().filter(wanted.clone()).count(db).await?;
    let mut query = session_summaries().filter(wanted);
    let order = if filter.descending { Order::Desc } else { Order::Asc };
    query = match filter.order {
        SessionOrder::Date => query.order_by(session::Column::StartsAt, order),
        SessionOrder::Course => query.order_by(course::Column::Title, order).order_by_asc(session::Column::StartsAt),
        SessionOrder::Free => {
            let free = Expr::col((session::Entity, session::Column::Capacity))
                .sub(Expr::col((session::Entity, session::Column::Held)))
                .sub(Expr::col((session::Entity, session::Column::Reserved)));
            query.order_by(free, if filter.descending { Order::Asc } else { Order::Desc })
        }
    };
    let rows: Vec<SessionSummary> = query
        .order_by_asc(session::Column::Id)
        .limit(SESSIONS_PER_PAGE)
        .offset(rows_before(page, total, SESSIONS_PER_PAGE))
        .into_model()
        .all(db)
        .await?;
    let open_registers: HashSet<SessionId> = session_date::Entity::find()
        .filter(session_date::Column::SessionId.is_in(rows.iter().map(|row| row.id)))
        .filter(session_date::Column::SubmittedAt.is_null())
        .select_only()
        .column(session_date::Column::SessionId)
        .into_tuple::<SessionId>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let with_state = rows.into_iter().map(|row| {
        let state = row.state(!open_registers.contains(&row.id), now);
        (row, state)
    });
    Ok((with_state.collect(), total))
}

fn wanted(filter: &SessionListFilter, now: DateTime<Utc>) -> Condition {
    let state = match filter.state {
        Some(state) => in_state(state, now),
        None => Condition::all().add(session::Column::Status.ne(SessionStatus::Archived)),
    };
    Condition::all()
        .add(state)
        .add_option(filter.course.map(|course| session::Column::CourseId.eq(course)))
        .add_option(filter.from.map(|from| session::Column::StartsAt.gte(from)))
        .add_option(filter.before.map(|before| session::Column::StartsAt.lt(before)))
}

/// The state that `rules::session_state` derives, as a condition.
fn in_state(state: SessionState, now: DateTime<Utc>) -> Condition {
    let status = |status: SessionStatus| session::Column::Status.eq(status);
    let is_open = Condition::all().add(session::Column::BookingClosesAt.gt(now)).add(session::Column::StartsAt.gt(now));
    let open_registers = session_date::Entity::find()
        .filter(session_date::Column::SubmittedAt.is_null())
        .select_only()
        .column(session_date::Column::SessionId)
        .into_query();
    let is_delivered =
        Condition::all().add(session::Column::EndsAt.lte(now)).add(session::Column::Id.not_in_subquery(open_registers));
    match state {
        SessionState::Draft => Condition::all().add(status(SessionStatus::Draft)),
        SessionState::Cancelled => Condition::all().add(status(SessionStatus::Cancelled)),
        SessionState::Archived => Condition::all().add(status(SessionStatus::Archived)),
        SessionState::Published => Condition::all().add(status(SessionStatus::Published)).add(is_open),
        SessionState::Closed => {
            Condition::all().add(status(SessionStatus::Published)).add(is_open.not()).add(is_delivered.not())
        }
        SessionState::Delivered => {
            Condition::all().add(status(SessionStatus::Published)).add(is_open.not()).add(is_delivered)
        }
    }
}

/// The session that a form added when it was sent before.
pub async fn session_of_request(request_id: &str, db: &impl ConnectionTrait) -> Result<Option<SessionId>, DbErr> {
    let found = session::Entity::find().filter(session::Column::RequestId.eq(request_id)).one(db).await?;
    Ok(found.map(|row| row.id))
}

/// Adds a session as a draft.
pub async fn session_insert_in_txn(
    edit: &SessionEdit,
    request_id: &str,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<SessionId, DbErr> {
    let row = session::ActiveModel {
        status: Set(SessionStatus::Draft),
        held: Set(0),
        waiting: Set(0),
        version: Set(1),
        request_id: Set(Some(request_id.to_owned())),
        created_at: Set(now),
        ..columns_of(edit, now)
    };
    let id = session::Entity::insert(row).exec(db).await?.last_insert_id;
    dates_put_in_txn(id, &edit.dates, db).await?;
    Ok(id)
}

/// Changes a session, unless somebody changed it since `version`. With `moved` everybody with a place may cancel free
/// until the new start. Returns whether it was changed.
pub async fn session_update_in_txn(
    id: SessionId,
    version: i32,
    edit: &SessionEdit,
    moved: bool,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let mut row = session::ActiveModel { version: Set(version + 1), ..columns_of(edit, now) };
    if moved {
        row.moved_at = Set(Some(now));
    }
    let updated = session::Entity::update_many()
        .set(row)
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::Version.eq(version))
        .exec(db)
        .await?;
    if updated.rows_affected == 0 {
        return Ok(false);
    }
    dates_put_in_txn(id, &edit.dates, db).await?;
    Ok(true)
}

fn columns_of(edit: &SessionEdit, now: DateTime<Utc>) -> session::ActiveModel {
    let starts = edit.starts_at().unwrap_or(now);
    session::ActiveModel {
        course_id: Set(edit.course),
        mode: Set(edit.mode),
        venue_id: Set(edit.venue),
        online_link: Set(edit.online_link.clone()),
        joining_instructions: Set(edit.joining_instructions.clone()),
        capacity: Set(edit.capacity),
        minimum: Set(edit.minimum),
        go_no_go_at: Set(edit.go_no_go_at),
        booking_opens_at: Set(edit.opens_at.unwrap_or(now)),
        booking_closes_at: Set(edit.closes_at.unwrap_or(starts)),
        starts_at: Set(starts),
        ends_at: Set(edit.ends_at().unwrap_or(starts)),
        needs_approval: Set(edit.needs_approval),
        ..Default::default()
    }
}

/// Puts the dates in order; those that are there already keep their numbers, on which registers hang.
async fn dates_put_in_txn(id: SessionId, dates: &[Span], db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let stored = session_date::Entity::find()
        .filter(session_date::Column::SessionId.eq(id))
        .order_by_asc(session_date::Column::Position)
        .all(db)
        .await?;
    for (row, span) in stored.iter().zip(dates) {
        if (row.starts_at, row.ends_at) != (span.starts_at, span.ends_at) {
            session_date::Entity::update_many()
                .col_expr(session_date::Column::StartsAt, Expr::value(span.starts_at))
                .col_expr(session_date::Column::EndsAt, Expr::value(span.ends_at))
                .filter(session_date::Column::Id.eq(row.id))
                .exec(db)
                .await?;
        }
    }
    let surplus: Vec<_> = stored.iter().skip(dates.len()).map(|row| row.id).collect();
    if !surplus.is_empty() {
        session_date::Entity::delete_many().filter(session_date::Column::Id.is_in(surplus)).exec(db).await?;
    }
    let next_position = stored.last().map_or(1, |row| row.position + 1);
    let added =
        dates.iter().skip(stored.len()).zip(next_position..).map(|(span, position)| session_date::ActiveModel {
            session_id: Set(id),
            position: Set(position),
            starts_at: Set(span.starts_at),
            ends_at: Set(span.ends_at),
            ..Default::default()
        });
    session_date::Entity::insert_many(added).exec_without_returning(db).await?;
    Ok(())
}

/// Counts a change of the venue as one of each published session there that has not ended, so that calendars take the
/// new address and nobody accepts the old one unseen. Returns these sessions, locked.
pub async fn sessions_at_venue_changed_in_txn(
    venue: VenueId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Vec<SessionId>, DbErr> {
    let here = Condition::all()
        .add(session::Column::VenueId.eq(venue))
        .add(session::Column::Status.eq(SessionStatus::Published))
        .add(session::Column::EndsAt.gt(now));
    session::Entity::update_many()
        .col_expr(session::Column::Version, Expr::col(session::Column::Version).add(1))
        .filter(here.clone())
        .exec(db)
        .await?;
    let ids = session::Entity::find().select_only().column(session::Column::Id).filter(here);
    ids.order_by_asc(session::Column::Id).into_tuple().all(db).await
}

/// Publishes a draft. Returns whether it was one.
pub async fn session_publish_in_txn(id: SessionId, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    status_put(id, SessionStatus::Draft, SessionStatus::Published, db).await
}

/// Takes a session out of the lists. Returns whether its state was `from`.
pub async fn session_archive_in_txn(
    id: SessionId,
    from: SessionStatus,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    status_put(id, from, SessionStatus::Archived, db).await
}

async fn status_put(
    id: SessionId,
    from: SessionStatus,
    to: SessionStatus,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let updated = session::Entity::update_many()
        .col_expr(session::Column::Status, Expr::value(to))
        .col_expr(session::Column::Version, Expr::col(session::Column::Version).add(1))
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::Status.eq(from))
        .exec(db)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Calls a session off. Its bookings are ended by `bookings::store::session_cancelled_in_txn`, in the same transaction.
/// Returns whether it was a draft or published.
pub async fn session_cancel_in_txn(
    id: SessionId,
    reason: &str,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let updated = session::Entity::update_many()
        .col_expr(session::Column::Status, Expr::value(SessionStatus::Cancelled))
        .col_expr(session::Column::CancelledAt, Expr::value(now))
        .col_expr(session::Column::CancelledReason, Expr::value(reason))
        .col_expr(session::Column::Version, Expr::col(session::Column::Version).add(1))
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::Status.is_in([SessionStatus::Draft, SessionStatus::Published]))
        .exec(db)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Locks a session's row until the transaction ends (on SQLite the transaction itself does that).
pub async fn session_lock_in_txn(id: SessionId, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(session::Entity::find_by_id(id).lock_exclusive().one(db).await?.is_some())
}
