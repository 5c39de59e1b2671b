//! Places kept for agencies and sectors: taking one, giving it back, and releasing what nobody took.
//!
//! `sessions.reserved` counts the kept places that nobody has taken. An ordinary place is taken only while
//! `held + reserved < capacity`, a kept one moves from `reserved` to `held`, each by one conditional UPDATE, so that no
//! interleaving gives a kept place to somebody else or overbooks the session.

use super::{Change, rows::session_locked_in_txn};
use crate::{
    agencies::rules::AgencyId,
    audit::store::{Subject, audit_insert_in_txn},
    bookings::rules::{BookingState, Kept, KeptFor, NewReserved, ReservedPlaceId, releases_at},
    entity::{agency, booking, reserved_place, session},
    sessions::rules::{FIRST_COME_BEFORE_START, SessionId, SessionStatus},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait},
};
use std::collections::HashMap;

/// For whom a row keeps places.
fn kept_for(row: &reserved_place::Model) -> KeptFor {
    match (row.agency_id, &row.sector) {
        (Some(agency), _) => KeptFor::Agency(agency),
        (None, sector) => KeptFor::Sector(sector.clone().unwrap_or_default()),
    }
}

/// Everything that is or was kept on a session, in the order in which it was added.
pub async fn reserved_list(session: SessionId, db: &impl ConnectionTrait) -> Result<Vec<reserved_place::Model>, DbErr> {
    reserved_place::Entity::find()
        .filter(reserved_place::Column::SessionId.eq(session))
        .order_by_asc(reserved_place::Column::Id)
        .all(db)
        .await
}

/// What is kept on a session and not yet taken or released.
pub(super) async fn reserved_open(
    session: &session::Model,
    db: &impl ConnectionTrait,
) -> Result<Vec<reserved_place::Model>, DbErr> {
    if session.reserved == 0 {
        return Ok(Vec::new());
    }
    let rows = reserved_list(session.id, db).await?;
    Ok(rows.into_iter().filter(|row| row.released_at.is_none() && row.taken < row.places).collect())
}

/// One line about kept places, for pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservedLine {
    /// The row.
    pub row: reserved_place::Model,
    /// The agency's name, or the sector.
    pub who: String,
}

/// What was ever kept on a session, with the names of the agencies.
pub async fn reserved_lines(session: SessionId, db: &impl ConnectionTrait) -> Result<Vec<ReservedLine>, DbErr> {
    let rows = reserved_list(session, db).await?;
    let ids = rows.iter().filter_map(|row| row.agency_id);
    let names: HashMap<AgencyId, String> = agency::Entity::find()
        .filter(agency::Column::Id.is_in(ids))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let who = |row: &reserved_place::Model| match row.agency_id {
        Some(agency) => names.get(&agency).cloned().unwrap_or_default(),
        None => row.sector.clone().unwrap_or_default(),
    };
    Ok(rows.into_iter().map(|row| ReservedLine { who: who(&row), row }).collect())
}

async fn sectors(
    agencies: impl IntoIterator<Item = AgencyId>,
    db: &impl ConnectionTrait,
) -> Result<HashMap<AgencyId, String>, DbErr> {
    let rows = agency::Entity::find().filter(agency::Column::Id.is_in(agencies)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.sector)).collect())
}

/// What is kept on a session for the confirmed staff of an agency: the rows to take from, and what a decision needs.
pub async fn kept_for_agency(
    session: &session::Model,
    agency: Option<AgencyId>,
    db: &impl ConnectionTrait,
) -> Result<(Vec<ReservedPlaceId>, Kept), DbErr> {
    let open = reserved_open(session, db).await?;
    let Some(agency) = agency.filter(|_| !open.is_empty()) else { return Ok((Vec::new(), Kept::default())) };
    let sector = sectors([agency], db).await?.remove(&agency).unwrap_or_default();
    let own: Vec<_> = open.iter().filter(|row| kept_for(row).is_for(agency, &sector)).collect();
    if own.is_empty() {
        return Ok((Vec::new(), Kept::default()));
    }
    let waiters = booking::Entity::find()
        .filter(booking::Column::SessionId.eq(session.id))
        .filter(booking::Column::State.eq(BookingState::Waitlisted))
        .filter(booking::Column::AgencyConfirmed.eq(true))
        .all(db)
        .await?;
    let of_waiters = sectors(waiters.iter().filter_map(|row| row.agency_id), db).await?;
    let could_have_it = |waiter: &&booking::Model| {
        waiter.agency_id.is_some_and(|id| {
            let sector = of_waiters.get(&id).map(String::as_str).unwrap_or_default();
            own.iter().any(|row| kept_for(row).is_for(id, sector))
        })
    };
    let waiting = waiters.iter().filter(could_have_it).count();
    let free = own.iter().map(|row| row.places - row.taken).sum();
    let kept = Kept { free, waiting: i32::try_from(waiting).unwrap_or(i32::MAX) };
    Ok((own.into_iter().map(|row| row.id).collect(), kept))
}

/// The rows from which each of these waiters could take a place.
pub(super) async fn kept_for_waiters(
    open: &[reserved_place::Model],
    waiters: &[booking::Model],
    db: &impl ConnectionTrait,
) -> Result<Vec<Vec<ReservedPlaceId>>, DbErr> {
    if open.is_empty() {
        return Ok(vec![Vec::new(); waiters.len()]);
    }
    let sectors = sectors(waiters.iter().filter_map(|row| row.agency_id), db).await?;
    let of = |waiter: &booking::Model| match waiter.agency_id.filter(|_| waiter.agency_confirmed) {
        Some(agency) => {
            let sector = sectors.get(&agency).map(String::as_str).unwrap_or_default();
            open.iter().filter(|row| kept_for(row).is_for(agency, sector)).map(|row| row.id).collect()
        }
        None => Vec::new(),
    };
    Ok(waiters.iter().map(of).collect())
}

/// Takes one place, a kept one first where there is one for the person. None when the session is full for them; else
/// from which kept places it came.
pub async fn place_take_in_txn(
    session: SessionId,
    kept: &[ReservedPlaceId],
    db: &impl ConnectionTrait,
) -> Result<Option<Option<ReservedPlaceId>>, DbErr> {
    for id in kept {
        let taken = reserved_place::Entity::update_many()
            .col_expr(reserved_place::Column::Taken, Expr::col(reserved_place::Column::Taken).add(1))
            .filter(reserved_place::Column::Id.eq(*id))
            .filter(reserved_place::Column::ReleasedAt.is_null())
            .filter(Expr::col(reserved_place::Column::Taken).lt(Expr::col(reserved_place::Column::Places)))
            .exec(db)
            .await?;
        if taken.rows_affected == 0 {
            continue;
        }
        let moved = session::Entity::update_many()
            .col_expr(session::Column::Held, Expr::col(session::Column::Held).add(1))
            .col_expr(session::Column::Reserved, Expr::col(session::Column::Reserved).sub(1))
            .filter(session::Column::Id.eq(session))
            .filter(session::Column::Reserved.gt(0))
            .filter(Expr::col(session::Column::Held).lt(Expr::col(session::Column::Capacity)))
            .exec(db)
            .await?;
        if moved.rows_affected == 1 {
            return Ok(Some(Some(*id)));
        }
        taken_add(*id, -1, db).await?;
    }
    let places = Expr::col(session::Column::Held).add(Expr::col(session::Column::Reserved));
    let taken = session::Entity::update_many()
        .col_expr(session::Column::Held, Expr::col(session::Column::Held).add(1))
        .filter(session::Column::Id.eq(session))
        .filter(places.lt(Expr::col(session::Column::Capacity)))
        .exec(db)
        .await?;
    Ok((taken.rows_affected == 1).then_some(None))
}

async fn taken_add(id: ReservedPlaceId, change: i32, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let updated = reserved_place::Entity::update_many()
        .col_expr(reserved_place::Column::Taken, Expr::col(reserved_place::Column::Taken).add(change))
        .filter(reserved_place::Column::Id.eq(id))
        .filter(reserved_place::Column::ReleasedAt.is_null())
        .exec(db)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Gives a booking's place back: to those for whom it was kept while that lasts, else to everybody.
pub async fn place_give_back_in_txn(booking: &booking::Model, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let is_kept_again = match booking.reserved_place_id {
        Some(id) => taken_add(id, -1, db).await?,
        None => false,
    };
    let mut update = session::Entity::update_many()
        .col_expr(session::Column::Held, Expr::col(session::Column::Held).sub(1))
        .filter(session::Column::Id.eq(booking.session_id));
    if is_kept_again {
        update = update.col_expr(session::Column::Reserved, Expr::col(session::Column::Reserved).add(1));
    }
    update.exec(db).await?;
    Ok(())
}

/// The session's row, locked, after everything was released that is due.
pub async fn session_current_in_txn(
    id: SessionId,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Option<session::Model>, DbErr> {
    let Some(session) = session_locked_in_txn(id, db).await? else { return Ok(None) };
    if session.reserved == 0 {
        return Ok(Some(session));
    }
    for row in reserved_open(&session, db).await? {
        if releases_at(row.release_at, session.starts_at) <= change.now {
            reserved_release_in_txn(&row, change, db).await?;
        }
    }
    session::Entity::find_by_id(id).one(db).await
}

/// Keeps places of a session, if so many are free. The session's row is locked. Returns false where they are not.
pub async fn reserved_insert_in_txn(
    session: SessionId,
    kept: &KeptFor,
    new: &NewReserved,
    request_id: &str,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let after = Expr::col(session::Column::Held).add(Expr::col(session::Column::Reserved)).add(new.places);
    let counted = session::Entity::update_many()
        .col_expr(session::Column::Reserved, Expr::col(session::Column::Reserved).add(new.places))
        .filter(session::Column::Id.eq(session))
        .filter(after.lte(Expr::col(session::Column::Capacity)))
        .exec(db)
        .await?;
    if counted.rows_affected == 0 {
        return Ok(false);
    }
    let (agency, sector) = match kept {
        KeptFor::Agency(agency) => (Some(*agency), None),
        KeptFor::Sector(sector) => (None, Some(sector.clone())),
    };
    let row = reserved_place::ActiveModel {
        session_id: Set(session),
        agency_id: Set(agency),
        sector: Set(sector),
        places: Set(new.places),
        taken: Set(0),
        release_at: Set(new.release_at),
        released_at: Set(None),
        request_id: Set(Some(request_id.to_owned())),
        ..Default::default()
    };
    reserved_place::Entity::insert(row).exec_without_returning(db).await?;
    Ok(true)
}

/// Gives kept places that nobody has taken to everybody. The session's row is locked. Twice is once; returns whether
/// anything was released.
pub async fn reserved_release_in_txn(
    row: &reserved_place::Model,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let released = reserved_place::Entity::update_many()
        .set(reserved_place::ActiveModel { released_at: Set(Some(change.now)), ..Default::default() })
        .filter(reserved_place::Column::Id.eq(row.id))
        .filter(reserved_place::Column::ReleasedAt.is_null())
        .exec(db)
        .await?;
    if released.rows_affected == 0 {
        return Ok(false);
    }
    // Read again: somebody may have taken one since the caller looked.
    let Some(row) = reserved_place::Entity::find_by_id(row.id).one(db).await? else { return Ok(false) };
    let left = row.places - row.taken;
    session::Entity::update_many()
        .col_expr(session::Column::Reserved, Expr::col(session::Column::Reserved).sub(left))
        .filter(session::Column::Id.eq(row.session_id))
        .exec(db)
        .await?;
    let sentence = format!("Released {left} of {} reserved places", row.places);
    let subject = Subject { kind: "session", id: row.session_id.0 };
    audit_insert_in_txn(change.actor, subject, sentence, change.now, db).await?;
    Ok(true)
}

/// Sessions on which kept places are due to be released.
pub async fn sessions_with_reserved_due(
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Vec<SessionId>, DbErr> {
    let soon = session::Entity::find()
        .filter(session::Column::Status.eq(SessionStatus::Published))
        .filter(session::Column::Reserved.gt(0))
        .all(db)
        .await?;
    let ids = soon.iter().map(|row| row.id);
    let due = Condition::any().add(reserved_place::Column::ReleaseAt.lte(now)).add(
        reserved_place::Column::SessionId
            .is_in(soon.iter().filter(|row| row.starts_at <= now + FIRST_COME_BEFORE_START).map(|row| row.id)),
    );
    let rows = reserved_place::Entity::find()
        .filter(reserved_place::Column::SessionId.is_in(ids))
        .filter(reserved_place::Column::ReleasedAt.is_null())
        .filter(due)
        .order_by_asc(reserved_place::Column::SessionId)
        .all(db)
        .await?;
    let mut sessions: Vec<SessionId> = rows.into_iter().map(|row| row.session_id).collect();
    sessions.dedup();
    Ok(sessions)
}

/// Whether a form has reserved places before.
pub async fn reserved_by_request(request_id: &str, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let found = reserved_place::Entity::find().filter(reserved_place::Column::RequestId.eq(request_id));
    Ok(found.one(db).await?.is_some())
}
