//! What the office has arranged around a session: everything that a booking asks for and that no booking changes.
//! `Database::kept_as_arranged` keeps it, so that in a rush of bookings it is read once.

use super::{Conditions, conditions_of};
use crate::{
    calendar::rules::london_day,
    charges::store::policy_suspended_on,
    entity::{course, session},
    messages::store::Wordings,
    server::database::{Database, SeesCommitted},
    sessions::{
        rules::{SessionDetails, SessionId},
        store::{SessionTerms, session_details_of},
    },
};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use std::sync::Arc;

/// A session's arrangements, as they are on one day.
#[derive(Clone, Debug)]
pub struct Arrangements {
    /// What the board asks of a booking; None while it has no policy.
    pub conditions: Option<Conditions>,
    /// Whether nobody is charged for the session.
    pub is_free_of_charges: bool,
    /// For how many months somebody counts as trained by the course; None for ever.
    pub validity_months: Option<i32>,
    /// Whether people are asked questions before and after.
    pub has_questions: bool,
    /// The office's own words for mails.
    pub wordings: Wordings,
    details: SessionDetails,
}

impl Arrangements {
    /// The session with everything; its counters are those of the row.
    pub fn details_of(&self, row: &session::Model) -> SessionDetails {
        let (held, waiting, reserved) = (row.held, row.waiting, row.reserved);
        SessionDetails { held, waiting, reserved, ..self.details.clone() }
    }

    /// Under which terms a place can be had, for the session's own page.
    pub fn terms(&self) -> SessionTerms {
        let conditions = self.conditions.as_ref();
        SessionTerms {
            policy: conditions.map(|conditions| conditions.policy.terms),
            version: conditions.map(|conditions| conditions.policy.id),
            suspended: self.is_free_of_charges,
            holidays: conditions.map(|conditions| Arc::clone(&conditions.holidays)).unwrap_or_default(),
        }
    }
}

/// Reads a session's arrangements. None when there is no such session.
pub async fn arrangements_load(
    id: SessionId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Option<Arrangements>, DbErr> {
    let Some(row) = session::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let Some(course) = course::Entity::find_by_id(row.course_id).one(db).await? else { return Ok(None) };
    let conditions = conditions_of(&row, now, db).await?;
    let is_free_of_charges = policy_suspended_on(london_day(row.starts_at), db).await?;
    let Some(details) = session_details_of(row, db).await? else { return Ok(None) };
    Ok(Some(Arrangements {
        conditions,
        is_free_of_charges,
        validity_months: course.validity_months,
        has_questions: course.instrument_id.is_some(),
        wordings: Wordings::load(db).await?,
        details,
    }))
}

/// A session's arrangements, read again only after the office has changed anything.
pub async fn arrangements_kept(
    id: SessionId,
    now: DateTime<Utc>,
    database: &Database,
    db: &impl SeesCommitted,
) -> Result<Arc<Option<Arrangements>>, DbErr> {
    let key = format!("{id} on {}", london_day(now));
    database.kept_as_arranged(key, db, arrangements_load(id, now, db)).await
}
