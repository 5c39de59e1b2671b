//! Submitting a register, locking it, and what follows: outcomes, charges, and "attended" on the surveys' answers.

use super::{
    RegisterError,
    marks::{MarkWrite, Marker, mark_save_in_txn},
    register::register_load,
};
use crate::{
    accounts::rules::PersonId,
    attendance::rules::{Mark, MarkRequest, decide_submit, outcome_of},
    audit::store::{Subject, audit_insert_in_txn},
    bookings::rules::{BookingId, BookingState, Outcome},
    charges::store::{Settled, session_charges_settle_in_txn},
    entity::{booking, mark, session_date},
    server::secrets::Secrets,
    sessions::rules::{SessionDateId, SessionId},
    surveys::store::attendance_copied_in_txn,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QuerySelect, sea_query::Expr,
};
use std::collections::HashMap;

/// What submitting did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submission {
    /// It was submitted now; further dates may follow.
    Submitted(Settled),
    /// Somebody had submitted it before; nothing changed.
    Before,
}

/// Submits the register of one date. People without a mark stay without one, or get `rest`. Doing it twice is doing
/// it once.
pub async fn register_submit_in_txn(
    session: SessionId,
    position: i32,
    rest: Option<Mark>,
    marker: Marker,
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Submission, RegisterError> {
    let register = register_load(session, position, db).await?.ok_or(RegisterError::NotFound)?;
    decide_submit(register.state(now), marker.is_office, register.date.starts_at, now)?;
    if let Some(rest) = rest {
        for person in register.people.iter().filter(|person| person.mark == Mark::Unmarked) {
            let write = MarkWrite {
                nonce: format!("submit:{}:{}:{}", register.date.id, person.booking, now.timestamp_millis()),
                date: register.date.id,
                booking: person.booking,
                request: MarkRequest { mark: rest, minutes_late: None, reason: None },
            };
            mark_save_in_txn(&write, marker, secrets, now, db).await?;
        }
    }
    if register.date.submitted_at.is_some() {
        return Ok(Submission::Before);
    }
    // The row decides who was first: the second submission finds no row without a time.
    let taken = session_date::Entity::update_many()
        .col_expr(session_date::Column::SubmittedAt, Expr::value(Some(now)))
        .col_expr(session_date::Column::SubmittedBy, Expr::value(Some(marker.by.0)))
        .filter(session_date::Column::Id.eq(register.date.id))
        .filter(session_date::Column::SubmittedAt.is_null())
        .exec(db)
        .await?;
    if taken.rows_affected == 0 {
        return Ok(Submission::Before);
    }
    let subject = Subject { kind: "session", id: session.0 };
    let sentence = match register.dates {
        1 => "Register submitted".to_owned(),
        dates => format!("Register of date {position} of {dates} submitted"),
    };
    audit_insert_in_txn(Some(marker.by), subject, sentence, now, db).await?;
    Ok(Submission::Submitted(session_settle_in_txn(session, marker.by, secrets, now, db).await?))
}

/// Locks a submitted register, so that from now on only the office corrects it. Fails with `NotFound` while it is not
/// submitted.
pub async fn register_lock_in_txn(
    date: SessionDateId,
    by: PersonId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), RegisterError> {
    let row = session_date::Entity::find_by_id(date).lock_exclusive().one(db).await?;
    let row = row.filter(|row| row.submitted_at.is_some()).ok_or(RegisterError::NotFound)?;
    if row.locked_at.is_some() {
        return Ok(());
    }
    let subject = Subject { kind: "session", id: row.session_id.0 };
    let mut row = row.into_active_model();
    row.locked_at = Set(Some(now));
    row.update(db).await?;
    audit_insert_in_txn(Some(by), subject, "Register locked by the office", now, db).await?;
    Ok(())
}

/// Brings outcomes, charges and surveys in line with the registers, once all of a session's are submitted. Until then
/// it does nothing. Doing it twice is doing it once.
pub async fn session_settle_in_txn(
    session: SessionId,
    by: PersonId,
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Settled, DbErr> {
    let open = session_date::Entity::find()
        .filter(session_date::Column::SessionId.eq(session))
        .filter(session_date::Column::SubmittedAt.is_null())
        .count(db)
        .await?;
    if open > 0 {
        return Ok(Settled::default());
    }
    let outcomes = outcomes_write(session, db).await?;
    let settled = session_charges_settle_in_txn(session, Some(by), now, db).await?;
    let attended: Vec<_> =
        outcomes.into_iter().filter_map(|(booking, outcome)| Some((booking, outcome? == Outcome::Attended))).collect();
    attendance_copied_in_txn(session, &attended, secrets, now, db).await?;
    Ok(settled)
}

/// Writes what became of each place. One update per outcome, not per person.
async fn outcomes_write(
    session: SessionId,
    db: &impl ConnectionTrait,
) -> Result<Vec<(BookingId, Option<Outcome>)>, DbErr> {
    let dates: Vec<SessionDateId> = session_date::Entity::find()
        .select_only()
        .column(session_date::Column::Id)
        .filter(session_date::Column::SessionId.eq(session))
        .into_tuple()
        .all(db)
        .await?;
    let marks: HashMap<(SessionDateId, BookingId), Mark> = mark::Entity::find()
        .filter(mark::Column::SessionDateId.is_in(dates.iter().copied()))
        .all(db)
        .await?
        .into_iter()
        .map(|row| ((row.session_date_id, row.booking_id), row.mark))
        .collect();
    let bookings = booking::Entity::find()
        .filter(booking::Column::SessionId.eq(session))
        .filter(booking::Column::State.eq(BookingState::Booked))
        .all(db)
        .await?;
    let mut outcomes = Vec::with_capacity(bookings.len());
    let mut changed: HashMap<Option<Outcome>, Vec<BookingId>> = HashMap::new();
    for row in bookings {
        let said: Vec<Mark> =
            dates.iter().map(|date| marks.get(&(*date, row.id)).copied().unwrap_or(Mark::Unmarked)).collect();
        let outcome = outcome_of(&said);
        if row.outcome != outcome {
            changed.entry(outcome).or_default().push(row.id);
        }
        outcomes.push((row.id, outcome));
    }
    for (outcome, ids) in changed {
        booking::Entity::update_many()
            .set(booking::ActiveModel { outcome: Set(outcome), ..Default::default() })
            .filter(booking::Column::Id.is_in(ids))
            .exec(db)
            .await?;
    }
    Ok(outcomes)
}
