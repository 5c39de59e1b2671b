//! What a decision about a request needs to know.

use super::{Applying, applicant_list_with, bookings_of_people, kept_for_agency, periods_get};
use crate::{
    accounts::rules::PersonId,
    agencies::rules::AgencyId,
    bookings::rules::{Applicant, BookingId, Periods, Prerequisite, Refusal, ReservedPlaceId, Seats, SessionTerms},
    calendar::{
        notice::{self, BankHolidays, Notice},
        rules::london_day,
        store::bank_holidays_around,
    },
    charges::{
        rules::{PolicyTerms, PolicyVersionId},
        store::policy_version_on,
    },
    courses::rules::CourseId,
    entity::{booking, course, course_prerequisite, policy_version, session},
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use std::sync::Arc;

/// The policy that governs a booking.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Its version.
    pub id: PolicyVersionId,
    /// What it says.
    pub terms: PolicyTerms,
}

/// Everything that `decide_request` asks for.
#[derive(Clone, Debug)]
pub struct RequestFacts {
    /// The places.
    pub seats: Seats,
    /// What the session asks.
    pub terms: SessionTerms,
    /// Who asks.
    pub applicant: Applicant,
    /// The policy in force today.
    pub policy: Policy,
    /// Kept places from which theirs can be taken.
    pub kept: Vec<ReservedPlaceId>,
}

impl RequestFacts {
    /// The kept places to take theirs from; none where colleagues wait for them who go first.
    pub fn kept_to_take(&self, now: DateTime<Utc>) -> &[ReservedPlaceId] {
        if self.seats.has_kept(self.terms.starts, now) { &self.kept } else { &[] }
    }
}

/// Who asks, and for which agency.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// Who.
    pub person: PersonId,
    /// For which agency.
    pub agency: Option<AgencyId>,
    /// Whether it is confirmed that they work there: only then a place that is kept for it is theirs.
    pub agency_confirmed: bool,
    /// A place that would be given up for the new one, and so does not clash with it.
    pub instead_of: Option<BookingId>,
    /// Whether the agency's training lead asks, so that the agency need not be asked.
    pub is_agencys: bool,
}

/// What the board asks of a booking on one day; no booking changes it.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// The policy in force.
    pub policy: Policy,
    /// How long places are held.
    pub periods: Periods,
    /// The bank holidays around the day and the session.
    pub holidays: Arc<BankHolidays>,
    /// What has to be attended before.
    pub prerequisites: Vec<Prerequisite>,
}

/// The conditions of a booking made now; None while the board has no policy.
pub async fn conditions_of(
    session: &session::Model,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Option<Conditions>, DbErr> {
    let today = london_day(now);
    let Some(version) = policy_version_on(today, db).await? else { return Ok(None) };
    Ok(Some(Conditions {
        policy: Policy { id: version.id, terms: version.into() },
        periods: periods_get(db).await?,
        holidays: Arc::new(bank_holidays_around([today, london_day(session.starts_at)], db).await?),
        prerequisites: prerequisites_of(session.course_id, db).await?,
    }))
}

/// What a session asks of everybody from one agency, or of people without one.
#[derive(Clone, Debug)]
pub struct SessionFacts {
    /// The places.
    pub seats: Seats,
    /// What the session asks.
    pub terms: SessionTerms,
    /// The policy in force today.
    pub policy: Policy,
    /// Kept places from which the agency's people can be given theirs.
    pub kept: Vec<ReservedPlaceId>,
}

/// Loads the facts of a request. The inner error is `TermsUnknown`, where there is no policy yet or a year's bank
/// holidays are missing.
pub async fn request_facts(
    session: &session::Model,
    asking: Asking,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Result<RequestFacts, Refusal>, DbErr> {
    let conditions = conditions_of(session, now, db).await?;
    request_facts_under(conditions.as_ref(), session, asking, now, db).await
}

/// The same where the conditions are at hand.
pub async fn request_facts_under(
    conditions: Option<&Conditions>,
    session: &session::Model,
    asking: Asking,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Result<RequestFacts, Refusal>, DbErr> {
    let bookings = bookings_of_people(&[asking.person], db).await?;
    request_facts_of(bookings, conditions, session, asking, now, db).await
}

/// The same where all bookings of the person are at hand, too.
pub(super) async fn request_facts_of(
    bookings: Vec<booking::Model>,
    conditions: Option<&Conditions>,
    session: &session::Model,
    asking: Asking,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Result<RequestFacts, Refusal>, DbErr> {
    let agency = asking.agency.filter(|_| asking.agency_confirmed);
    let SessionFacts { seats, terms, policy, kept } =
        match session_facts_under(conditions, session, agency, now, db).await? {
            Ok(facts) => facts,
            Err(refusal) => return Ok(Err(refusal)),
        };
    let who = Applying {
        agency: asking.agency.filter(|_| !asking.is_agencys),
        instead_of: asking.instead_of,
        policy: &policy.terms,
        has_prerequisites: !terms.prerequisites.is_empty(),
    };
    let mut applicants = applicant_list_with(bookings, session, &[asking.person], who, now, db).await?;
    let applicant = applicants.remove(&asking.person).unwrap_or_default();
    Ok(Ok(RequestFacts { seats, terms, applicant, policy, kept }))
}

/// What a session asks of people whose membership of this agency is confirmed. The inner error is that of
/// `request_facts`.
pub async fn session_facts(
    session: &session::Model,
    agency: Option<AgencyId>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Result<SessionFacts, Refusal>, DbErr> {
    let conditions = conditions_of(session, now, db).await?;
    session_facts_under(conditions.as_ref(), session, agency, now, db).await
}

async fn session_facts_under(
    conditions: Option<&Conditions>,
    session: &session::Model,
    agency: Option<AgencyId>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Result<SessionFacts, Refusal>, DbErr> {
    let Some(Conditions { policy, periods, holidays, prerequisites }) = conditions else {
        return Ok(Err(Refusal::TermsUnknown));
    };
    let cancel_by = notice::cancel_by(london_day(session.starts_at), notice_of(&policy.terms), holidays);
    let approval_until = notice::end_of_working_day_after(now, periods.approval, holidays);
    let (Ok(cancel_by), Ok(approval_until)) = (cancel_by, approval_until) else {
        return Ok(Err(Refusal::TermsUnknown));
    };
    let terms = SessionTerms {
        status: session.status,
        booking_opens: session.booking_opens_at,
        booking_closes: session.booking_closes_at,
        starts: session.starts_at,
        cancel_by,
        needs_approval: session.needs_approval,
        approval_until,
        prerequisites: prerequisites.clone(),
    };
    let (rows, kept) = kept_for_agency(session, agency, db).await?;
    let seats = Seats {
        capacity: session.capacity,
        held: session.held,
        waiting: session.waiting,
        reserved: session.reserved,
        kept,
    };
    Ok(Ok(SessionFacts { seats, terms, policy: *policy, kept: rows }))
}

/// How much notice a policy asks for.
pub fn notice_of(terms: &PolicyTerms) -> Notice {
    Notice { days: terms.notice_days, unit: terms.notice_unit }
}

/// The cut-off of a booking's own policy version for its session; None where it cannot be computed.
pub async fn cut_off_of(
    booking: &booking::Model,
    session: &session::Model,
    db: &impl ConnectionTrait,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let Some(version) = policy_version::Entity::find_by_id(booking.policy_version_id).one(db).await? else {
        return Ok(None);
    };
    let first_day = london_day(session.starts_at);
    let holidays = bank_holidays_around([first_day], db).await?;
    Ok(notice::cancel_by(first_day, notice_of(&version.into()), &holidays).ok())
}

async fn prerequisites_of(course: CourseId, db: &impl ConnectionTrait) -> Result<Vec<Prerequisite>, DbErr> {
    let required: Vec<CourseId> = course_prerequisite::Entity::find()
        .select_only()
        .column(course_prerequisite::Column::RequiredCourseId)
        .filter(course_prerequisite::Column::CourseId.eq(course))
        .into_tuple()
        .all(db)
        .await?;
    if required.is_empty() {
        return Ok(Vec::new());
    }
    let rows = course::Entity::find().filter(course::Column::Id.is_in(required)).all(db).await?;
    Ok(rows.into_iter().map(|row| Prerequisite { course: row.id, title: row.title }).collect())
}
