//! Single bookings, and the session's counters.

use crate::{
    accounts::rules::PersonId,
    bookings::rules::{BookingId, BookingState},
    entity::{booking, person, session},
    sessions::rules::SessionId,
};
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, FromQueryResult,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Statement,
    sea_query::{Condition, Expr, ExprTrait, LockType},
};

/// The session's row, locked until the end of the transaction.
pub async fn session_locked_in_txn(id: SessionId, db: &impl ConnectionTrait) -> Result<Option<session::Model>, DbErr> {
    session::Entity::find_by_id(id).lock_exclusive().one(db).await
}

/// Locks what is decided about one person until the end of the transaction; rows that name the person can still be
/// written by others. On SQLite, where nobody else writes meanwhile, there is nothing to lock.
pub async fn person_lock_in_txn(id: PersonId, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if db.get_database_backend() == DatabaseBackend::Sqlite {
        return Ok(());
    }
    let locked = person::Entity::find_by_id(id).select_only().column(person::Column::Id).lock(LockType::NoKeyUpdate);
    locked.into_tuple::<PersonId>().one(db).await?;
    Ok(())
}

/// Counts one more, or one fewer, on the waiting list.
pub async fn session_waiting_add_in_txn(id: SessionId, change: i32, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    session::Entity::update_many()
        .col_expr(session::Column::Waiting, Expr::col(session::Column::Waiting).add(change))
        .filter(session::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// A booking by the reference that people know.
pub async fn booking_by_reference(reference: &str, db: &impl ConnectionTrait) -> Result<Option<booking::Model>, DbErr> {
    booking::Entity::find().filter(booking::Column::Reference.eq(reference)).one(db).await
}

/// The booking that a form made when it was sent before.
pub async fn booking_of_request(request_id: &str, db: &impl ConnectionTrait) -> Result<Option<booking::Model>, DbErr> {
    booking::Entity::find().filter(booking::Column::RequestId.eq(request_id)).one(db).await
}

/// All bookings of somebody, and the one that a form made when it was sent before, whosever it is.
pub(super) async fn bookings_of_person_or_request(
    person: PersonId,
    request_id: &str,
    db: &impl ConnectionTrait,
) -> Result<Vec<booking::Model>, DbErr> {
    let known = booking::Column::PersonId.eq(person).or(booking::Column::RequestId.eq(request_id));
    booking::Entity::find().filter(known).all(db).await
}

/// All bookings of these people.
pub(super) async fn bookings_of_people(
    people: &[PersonId],
    db: &impl ConnectionTrait,
) -> Result<Vec<booking::Model>, DbErr> {
    booking::Entity::find().filter(booking::Column::PersonId.is_in(people.to_vec())).all(db).await
}

/// A booking with its session's row, both as they are inside the transaction and locked.
pub async fn booking_locked_in_txn(
    id: BookingId,
    db: &impl ConnectionTrait,
) -> Result<Option<(booking::Model, session::Model)>, DbErr> {
    let Some(found) = booking::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let Some(session) = session_locked_in_txn(found.session_id, db).await? else { return Ok(None) };
    // Read again under the session's lock: before it another process may have changed the booking.
    let booking = booking::Entity::find_by_id(id).lock_exclusive().one(db).await?;
    Ok(booking.map(|booking| (booking, session)))
}

/// The live booking of somebody on a session.
pub async fn booking_live_of(
    session: SessionId,
    person: PersonId,
    db: &impl ConnectionTrait,
) -> Result<Option<booking::Model>, DbErr> {
    booking::Entity::find()
        .filter(booking::Column::SessionId.eq(session))
        .filter(booking::Column::PersonId.eq(person))
        .filter(booking::Column::State.is_in(BookingState::LIVE))
        .one(db)
        .await
}

/// Writes a booking's changed state; the other columns are changed by `change`.
pub async fn booking_state_in_txn(
    booking: booking::Model,
    state: BookingState,
    now: DateTime<Utc>,
    change: impl FnOnce(&mut booking::Model),
    db: &impl ConnectionTrait,
) -> Result<booking::Model, DbErr> {
    let mut changed = booking;
    changed.state = state;
    changed.changed_at = now;
    change(&mut changed);
    changed.into_active_model().reset_all().update(db).await
}

/// The moment that puts somebody at the end of a locked session's waiting list. It is now, or a microsecond after the
/// last one: whoever had to wait longer for the lock read the clock earlier, and would stand before people who are
/// already on the list.
pub(super) async fn end_of_list(
    session: SessionId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<DateTime<Utc>, DbErr> {
    let last = booking::Entity::find()
        .filter(booking::Column::SessionId.eq(session))
        .filter(booking::Column::State.eq(BookingState::Waitlisted))
        .order_by_desc(booking::Column::WaitingSince)
        .one(db)
        .await?;
    let after = last.and_then(|row| row.waiting_since).map(|since| since + Duration::microseconds(1));
    Ok(after.map_or(now, |after| std::cmp::max(now, after)))
}

/// Where somebody stands on the waiting list; 1 is the next.
pub async fn waiting_position(booking: &booking::Model, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let Some(since) = booking.waiting_since else { return Ok(0) };
    let before = Condition::any()
        .add(booking::Column::WaitingSince.lt(since))
        .add(Condition::all().add(booking::Column::WaitingSince.eq(since)).add(booking::Column::Id.lt(booking.id)));
    let ahead = booking::Entity::find()
        .filter(booking::Column::SessionId.eq(booking.session_id))
        .filter(booking::Column::State.eq(BookingState::Waitlisted))
        .filter(before)
        .count(db)
        .await?;
    Ok(ahead + 1)
}

/// The first people on a waiting list.
pub async fn waiting_first(
    session: SessionId,
    count: u64,
    db: &impl ConnectionTrait,
) -> Result<Vec<booking::Model>, DbErr> {
    booking::Entity::find()
        .filter(booking::Column::SessionId.eq(session))
        .filter(booking::Column::State.eq(BookingState::Waitlisted))
        .order_by_asc(booking::Column::WaitingSince)
        .order_by_asc(booking::Column::Id)
        .limit(count)
        .all(db)
        .await
}

/// A session whose counters are not what its rows say.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct WrongCounters {
    /// Which.
    pub id: SessionId,
    /// The counter of places.
    pub held: i32,
    /// The rows that hold one.
    pub held_rows: i64,
    /// The counter of the waiting list.
    pub waiting: i32,
    /// The rows on it.
    pub waiting_rows: i64,
    /// The counter of kept places that nobody has taken.
    pub reserved: i32,
    /// What the rows of kept places say.
    pub reserved_rows: i64,
    /// Rows of kept places whose own counter is not what the bookings say.
    pub wrong_kept: i64,
}

/// Sessions whose counters differ from their rows, or that hold more than they have; empty when all is well.
/// Walk-ins are outside the counters, and so are sessions that were called off.
pub async fn counters_check(db: &impl ConnectionTrait) -> Result<Vec<WrongCounters>, DbErr> {
    let sql = "SELECT s.id AS id, s.held AS held, s.waiting AS waiting, \
        (SELECT COUNT(*) FROM bookings b WHERE b.session_id = s.id AND NOT b.walk_in \
            AND b.state IN ('requested', 'offered', 'booked')) AS held_rows, \
        (SELECT COUNT(*) FROM bookings b WHERE b.session_id = s.id AND b.state = 'waitlisted') AS waiting_rows, \
        s.reserved AS reserved, \
        (SELECT COUNT(*) FROM reserved_places r WHERE r.session_id = s.id AND r.released_at IS NULL AND r.taken <> \
            (SELECT COUNT(*) FROM bookings b WHERE b.reserved_place_id = r.id \
                AND b.state IN ('requested', 'offered', 'booked'))) AS wrong_kept, \
        CAST((SELECT COALESCE(SUM(r.places - r.taken), 0) FROM reserved_places r \
            WHERE r.session_id = s.id AND r.released_at IS NULL) AS BIGINT) AS reserved_rows \
        FROM sessions s";
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = WrongCounters::find_by_statement(statement).all(db).await?;
    let wrong = |row: &WrongCounters| {
        let counters = (i64::from(row.held), i64::from(row.waiting), i64::from(row.reserved), 0);
        counters != (row.held_rows, row.waiting_rows, row.reserved_rows, row.wrong_kept)
    };
    Ok(rows.into_iter().filter(wrong).collect())
}
