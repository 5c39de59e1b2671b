//! What a decision about a request needs to know.

use super::kept_for_agency;
use crate::{
    accounts::rules::PersonId,
    bookings::rules::{
        APPROVAL_WORKING_DAYS, Applicant, BookingId, Clash, Outcome, Prerequisite, Refusal, ReservedPlaceId, Seats,
        SessionTerms, first_clash,
    },
    calendar::{
        notice::{self, Notice},
        rules::london_day,
        store::bank_holidays_around,
    },
    charges::{
        rules::{ChargeState, PolicyTerms, PolicyVersionId, Trigger},
        store::policy_version_on,
    },
    courses::rules::CourseId,
    entity::{agency, booking, charge, completion, course, course_prerequisite, policy_version, session, session_date},
    records::store::declared_courses,
    sessions::rules::SessionId,
};
use chrono::{DateTime, Months, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use std::collections::HashMap;

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
    pub agency: Option<crate::agencies::rules::AgencyId>,
    /// Whether it is confirmed that they work there: only then a place that is kept for it is theirs.
    pub agency_confirmed: bool,
    /// A place that would be given up for the new one, and so does not clash with it.
    pub instead_of: Option<BookingId>,
    /// Whether the agency's training lead asks, so that the agency need not be asked.
    pub is_agencys: bool,
}

/// Loads the facts of a request. The inner error is `TermsUnknown`, where there is no policy yet or a year's bank
/// holidays are missing.
pub async fn request_facts(
    session: &session::Model,
    asking: Asking,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Result<RequestFacts, Refusal>, DbErr> {
    let today = london_day(now);
    let Some(version) = policy_version_on(today, db).await? else { return Ok(Err(Refusal::TermsUnknown)) };
    let policy = Policy { id: version.id, terms: version.into() };
    let holidays = bank_holidays_around([today, london_day(session.starts_at)], db).await?;
    let cancel_by = notice::cancel_by(london_day(session.starts_at), notice_of(&policy.terms), &holidays);
    let approval_until = notice::end_of_working_day_after(now, APPROVAL_WORKING_DAYS, &holidays);
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
        prerequisites: prerequisites_of(session.course_id, db).await?,
    };
    let (rows, kept) = kept_for_agency(session, asking.agency.filter(|_| asking.agency_confirmed), db).await?;
    let seats = Seats {
        capacity: session.capacity,
        held: session.held,
        waiting: session.waiting,
        reserved: session.reserved,
        kept,
    };
    let bookings = booking::Entity::find().filter(booking::Column::PersonId.eq(asking.person)).all(db).await?;
    // Each charge belongs to a booking: who has fewer bookings than that cannot have so many charges.
    let can_have_missed = bookings.len() >= usize::try_from(policy.terms.repeat_count).unwrap_or(usize::MAX);
    let mut applicant = applicant(session, asking, bookings, &terms.prerequisites, db).await?;
    applicant.needs_approval |= can_have_missed && has_missed_often(asking.person, &policy.terms, now, db).await?;
    Ok(Ok(RequestFacts { seats, terms, applicant, policy, kept: rows }))
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

async fn applicant(
    session: &session::Model,
    asking: Asking,
    bookings: Vec<booking::Model>,
    prerequisites: &[Prerequisite],
    db: &impl ConnectionTrait,
) -> Result<Applicant, DbErr> {
    let live = bookings.iter().find(|row| row.session_id == session.id && row.state.is_live()).map(|row| row.state);
    let attended: Vec<SessionId> =
        bookings.iter().filter(|row| row.outcome == Some(Outcome::Attended)).map(|row| row.session_id).collect();
    let places: Vec<SessionId> = bookings
        .iter()
        .filter(|row| row.session_id != session.id && row.state.holds_place() && Some(row.id) != asking.instead_of)
        .map(|row| row.session_id)
        .collect();
    let attended = session_courses(attended, db).await?;
    let trained_on: Option<NaiveDate> = attended
        .iter()
        .filter(|(_, course, _)| *course == session.course_id)
        .map(|(_, _, ends)| london_day(*ends))
        .max();
    let mut completed: Vec<CourseId> = attended.into_iter().map(|(_, course, _)| course).collect();
    // Without a prerequisite nobody asks what they have completed besides.
    if !prerequisites.is_empty() {
        completed.extend(completions_of(asking.person, db).await?);
        completed.extend(declared_courses(asking.person, db).await?);
    }
    let needs_approval = match asking.agency {
        Some(id) if !asking.is_agencys => {
            agency::Entity::find_by_id(id).one(db).await?.is_some_and(|agency| agency.needs_approval)
        }
        _ => false,
    };
    Ok(Applicant { live, clash: clash_with(session, places, db).await?, completed, trained_on, needs_approval })
}

/// Whether somebody's confirmed charges for not attending are so many that the next booking needs approval.
pub(super) async fn has_missed_often(
    person: PersonId,
    terms: &PolicyTerms,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let Some(since) = now.checked_sub_months(Months::new(terms.repeat_months)) else { return Ok(false) };
    let confirmed = [
        ChargeState::Confirmed,
        ChargeState::Invoiced,
        ChargeState::Recharged,
        ChargeState::PartPaid,
        ChargeState::Paid,
        ChargeState::WrittenOff,
    ];
    let theirs = booking::Entity::find()
        .select_only()
        .column(booking::Column::Id)
        .filter(booking::Column::PersonId.eq(person))
        .into_query();
    let count = charge::Entity::find()
        .filter(charge::Column::BookingId.in_subquery(theirs))
        .filter(charge::Column::Trigger.eq(Trigger::DidNotAttend))
        .filter(charge::Column::State.is_in(confirmed))
        .filter(charge::Column::DecidedAt.gte(since))
        .count(db)
        .await?;
    Ok(terms.repeat_count > 0 && count >= u64::from(terms.repeat_count))
}

async fn session_courses(
    sessions: Vec<SessionId>,
    db: &impl ConnectionTrait,
) -> Result<Vec<(SessionId, CourseId, DateTime<Utc>)>, DbErr> {
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .column(session::Column::CourseId)
        .column(session::Column::EndsAt)
        .filter(session::Column::Id.is_in(sessions))
        .into_tuple()
        .all(db)
        .await
}

async fn completions_of(person: PersonId, db: &impl ConnectionTrait) -> Result<Vec<CourseId>, DbErr> {
    completion::Entity::find()
        .select_only()
        .column(completion::Column::CourseId)
        .filter(completion::Column::PersonId.eq(person))
        .filter(completion::Column::CompletedAt.is_not_null())
        .into_tuple()
        .all(db)
        .await
}

async fn clash_with(
    session: &session::Model,
    places: Vec<SessionId>,
    db: &impl ConnectionTrait,
) -> Result<Option<Clash>, DbErr> {
    if places.is_empty() {
        return Ok(None);
    }
    let rows = session_date::Entity::find()
        .filter(session_date::Column::SessionId.is_in(places.iter().copied().chain([session.id])))
        .order_by_asc(session_date::Column::StartsAt)
        .all(db)
        .await?;
    let (own, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.session_id == session.id);
    let dates: Vec<_> = own.iter().map(|row| (row.starts_at, row.ends_at)).collect();
    let courses = session_courses(places, db).await?;
    let titles: HashMap<CourseId, String> = course::Entity::find()
        .select_only()
        .column(course::Column::Id)
        .column(course::Column::Title)
        .filter(course::Column::Id.is_in(courses.iter().map(|(_, course, _)| *course)))
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let title_of = |id: SessionId| {
        let course = courses.iter().find(|(session, _, _)| *session == id).map(|(_, course, _)| *course);
        course.and_then(|course| titles.get(&course).cloned()).unwrap_or_default()
    };
    let places: Vec<_> = others
        .iter()
        .map(|row| (Clash { title: title_of(row.session_id), starts: row.starts_at }, row.ends_at))
        .collect();
    Ok(first_clash(&dates, &places))
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
