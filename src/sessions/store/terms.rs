//! Under which terms a place on a session can be had: notice, charge, and what the viewer already has.

use crate::{
    accounts::rules::{PersonId, PersonKind},
    bookings::rules::BookingState,
    calendar::{
        notice::{BankHolidays, MissingYear, Notice, cancel_by},
        rules::london_day,
        store::bank_holidays_around,
    },
    charges::{
        rules::{PolicyTerms, PolicyVersionId},
        store::{policy_suspended_on, policy_suspension_list, policy_version_on},
    },
    entity::{booking, person},
    sessions::rules::SessionId,
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::sync::Arc;

/// The states in which somebody still has something to do with a session.
pub const LIVE_STATES: [BookingState; 4] =
    [BookingState::Requested, BookingState::Waitlisted, BookingState::Offered, BookingState::Booked];

/// The terms of booking a session today.
#[derive(Clone, Debug)]
pub struct SessionTerms {
    /// The policy in force, if the board has one.
    pub policy: Option<PolicyTerms>,
    /// Its version.
    pub version: Option<PolicyVersionId>,
    /// Whether charging is suspended on the day of the session.
    pub suspended: bool,
    /// The bank holidays around the session; shared, because they are read for each place that is asked for.
    pub holidays: Arc<BankHolidays>,
}

impl SessionTerms {
    /// Until when a place on a session that begins at `starts_at` can be given back free of charge; None while the
    /// board has no policy.
    pub fn cancel_by(&self, starts_at: DateTime<Utc>) -> Option<Result<DateTime<Utc>, MissingYear>> {
        let policy = self.policy?;
        let notice = Notice { days: policy.notice_days, unit: policy.notice_unit };
        Some(cancel_by(london_day(starts_at), notice, &self.holidays))
    }
}

/// The terms of booking, at `now`, a session that begins at `starts_at`.
pub async fn session_terms(
    starts_at: DateTime<Utc>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<SessionTerms, DbErr> {
    let version = policy_version_on(london_day(now), db).await?;
    Ok(SessionTerms {
        version: version.as_ref().map(|version| version.id),
        policy: version.map(PolicyTerms::from),
        suspended: policy_suspended_on(london_day(starts_at), db).await?,
        holidays: Arc::new(bank_holidays_around([london_day(starts_at)], db).await?),
    })
}

/// The same for sessions that begin at several moments, with no more questions than for one.
pub async fn session_terms_list(
    starts: &[DateTime<Utc>],
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Vec<SessionTerms>, DbErr> {
    let version = policy_version_on(london_day(now), db).await?;
    let id = version.as_ref().map(|version| version.id);
    let policy = version.map(PolicyTerms::from);
    let suspensions = policy_suspension_list(db).await?;
    let days = starts.iter().map(|starts| london_day(*starts));
    let holidays = Arc::new(bank_holidays_around(days.clone(), db).await?);
    let terms = |day| SessionTerms {
        version: id,
        policy,
        suspended: suspensions.iter().any(|row| (row.from_date..=row.to_date).contains(&day)),
        holidays: Arc::clone(&holidays),
    };
    Ok(days.map(terms).collect())
}

/// Somebody's live booking for a session: its reference and state.
pub async fn live_booking_of(
    session: SessionId,
    person: PersonId,
    db: &impl ConnectionTrait,
) -> Result<Option<(String, BookingState)>, DbErr> {
    booking::Entity::find()
        .filter(booking::Column::SessionId.eq(session))
        .filter(booking::Column::PersonId.eq(person))
        .filter(booking::Column::State.is_in(LIVE_STATES))
        .order_by_desc(booking::Column::Id)
        .select_only()
        .column(booking::Column::Reference)
        .column(booking::Column::State)
        .into_tuple()
        .one(db)
        .await
}

/// How somebody works with children, which decides who would be charged.
pub async fn person_kind(person: PersonId, db: &impl ConnectionTrait) -> Result<Option<PersonKind>, DbErr> {
    Ok(person::Entity::find_by_id(person).one(db).await?.map(|row| row.kind))
}
