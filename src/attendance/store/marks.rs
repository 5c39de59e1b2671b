//! Writes marks. Every mark is kept in the history; the register holds the last one.

use super::{RegisterError, submit::session_settle_in_txn};
use crate::{
    accounts::rules::PersonId,
    attendance::rules::{Mark, MarkRequest, decide_mark, register_state},
    audit::store::{Subject, audit_insert_in_txn},
    bookings::rules::{BookingId, BookingState},
    entity::{booking, mark, mark_history, session_date},
    server::secrets::Secrets,
    sessions::rules::SessionDateId,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::OnConflict,
};

/// Who marks.
#[derive(Clone, Copy, Debug)]
pub struct Marker {
    /// The trainer or administrator.
    pub by: PersonId,
    /// Whether that is the office.
    pub is_office: bool,
}

/// One mark to record.
#[derive(Clone, Debug)]
pub struct MarkWrite {
    /// Made where the mark was made: the same nonce twice counts once.
    pub nonce: String,
    /// Which register.
    pub date: SessionDateId,
    /// Whose booking.
    pub booking: BookingId,
    /// What to record.
    pub request: MarkRequest,
}

/// Records a mark, and settles outcomes and charges again where the register was submitted before. Returns whether
/// anything changed: the same mark again, or the same nonce, changes nothing.
pub async fn mark_save_in_txn(
    write: &MarkWrite,
    marker: Marker,
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<bool, RegisterError> {
    let nonce = kept_nonce(marker, &write.nonce);
    if mark_history::Entity::find().filter(mark_history::Column::Nonce.eq(&nonce)).count(db).await? > 0 {
        return Ok(false);
    }
    let date = session_date::Entity::find_by_id(write.date).lock_exclusive().one(db).await?;
    let date = date.ok_or(RegisterError::NotFound)?;
    let booking = booking::Entity::find_by_id(write.booking).one(db).await?;
    let booking = booking
        .filter(|booking| booking.session_id == date.session_id && booking.state == BookingState::Booked)
        .ok_or(RegisterError::NotFound)?;
    let current = mark::Entity::find_by_id((date.id, booking.id)).one(db).await?;
    let before = current.as_ref().map_or(Mark::Unmarked, |row| row.mark);
    let minutes = write.request.minutes_late.filter(|_| write.request.mark == Mark::Late);
    if before == write.request.mark && current.and_then(|row| row.minutes_late) == minutes {
        return Ok(false);
    }
    let state = register_state(date.starts_at, date.submitted_at, date.locked_at, now);
    decide_mark(state, marker.is_office, &write.request, before)?;
    mark_put(&date, &booking, &write.request, minutes, marker, now, db).await?;
    let history = mark_history::ActiveModel {
        nonce: Set(nonce),
        session_date_id: Set(date.id),
        booking_id: Set(booking.id),
        mark: Set(write.request.mark),
        minutes_late: Set(minutes),
        note: Set(None),
        marked_at: Set(now),
        marked_by: Set(marker.by),
        reason: Set(write.request.reason.clone()),
        ..Default::default()
    };
    mark_history::Entity::insert(history).exec_without_returning(db).await?;
    if date.submitted_at.is_some() {
        let sentence = format!(
            "Register corrected for booking {}: {} instead of {}",
            booking.reference,
            write.request.mark.text().to_lowercase(),
            before.text().to_lowercase()
        );
        let subject = Subject { kind: "session", id: date.session_id.0 };
        audit_insert_in_txn(Some(marker.by), subject, sentence, now, db).await?;
        session_settle_in_txn(date.session_id, marker.by, secrets, now, db).await?;
    }
    Ok(true)
}

/// A nonce as the history keeps it: nobody's nonce can stand in the way of somebody else's.
pub(super) fn kept_nonce(marker: Marker, nonce: &str) -> String {
    format!("{}:{nonce}", marker.by)
}

async fn mark_put(
    date: &session_date::Model,
    booking: &booking::Model,
    request: &MarkRequest,
    minutes: Option<i32>,
    marker: Marker,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let row = mark::ActiveModel {
        session_date_id: Set(date.id),
        booking_id: Set(booking.id),
        mark: Set(request.mark),
        minutes_late: Set(minutes),
        note: Set(None),
        marked_at: Set(now),
        marked_by: Set(marker.by),
    };
    let replace = OnConflict::columns([mark::Column::SessionDateId, mark::Column::BookingId])
        .update_columns([mark::Column::Mark, mark::Column::MinutesLate, mark::Column::MarkedAt, mark::Column::MarkedBy])
        .to_owned();
    mark::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
}
