//! What a decision needs to know of the people who ask, for one of them or a whole list in the same few queries.

use super::bookings_of_people;
use crate::{
    accounts::rules::PersonId,
    agencies::rules::AgencyId,
    bookings::rules::{Applicant, BookingId, Clash, Outcome, first_clash},
    calendar::rules::london_day,
    charges::rules::{ChargeState, PolicyTerms, Trigger},
    courses::rules::CourseId,
    entity::{agency, booking, charge, completion, course, session, session_date},
    records::store::declared_courses,
    sessions::rules::SessionId,
};
use chrono::{DateTime, Months, NaiveDate, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{HashMap, HashSet};

/// How people ask.
#[derive(Clone, Copy, Debug)]
pub struct Applying<'a> {
    /// The agency that may have to approve; None where it asks itself.
    pub agency: Option<AgencyId>,
    /// A place that would be given up for the new one, and so does not clash with it.
    pub instead_of: Option<BookingId>,
    /// The policy in force: how often somebody may stay away.
    pub policy: &'a PolicyTerms,
    /// Whether the course asks for others before it: without that nobody asks what people have completed besides.
    pub has_prerequisites: bool,
}

/// What is known of each of these people. The number of queries does not depend on how many they are.
pub async fn applicant_list(
    session: &session::Model,
    people: &[PersonId],
    applying: Applying<'_>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<HashMap<PersonId, Applicant>, DbErr> {
    let bookings = bookings_of_people(people, db).await?;
    applicant_list_with(bookings, session, people, applying, now, db).await
}

/// The same where all bookings of these people are at hand.
pub(super) async fn applicant_list_with(
    bookings: Vec<booking::Model>,
    session: &session::Model,
    people: &[PersonId],
    applying: Applying<'_>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<HashMap<PersonId, Applicant>, DbErr> {
    let mut by_person: HashMap<PersonId, Vec<booking::Model>> = HashMap::new();
    for booking in bookings {
        by_person.entry(booking.person_id).or_default().push(booking);
    }
    let is_elsewhere = |row: &booking::Model| {
        row.session_id != session.id && row.state.holds_place() && Some(row.id) != applying.instead_of
    };
    let has_attended = |row: &booking::Model| row.outcome == Some(Outcome::Attended);
    let all = || by_person.values().flatten();
    let mentioned: HashSet<SessionId> =
        all().filter(|row| has_attended(row) || is_elsewhere(row)).map(|row| row.session_id).collect();
    let sessions = session_courses(mentioned, db).await?;
    let places: HashSet<SessionId> = all().filter(|row| is_elsewhere(row)).map(|row| row.session_id).collect();
    let dates = Dates::load(session, &places, &sessions, db).await?;
    let mut completed = Vec::new();
    if applying.has_prerequisites {
        completed.extend(completions_of(people, db).await?);
        completed.extend(declared_courses(people, db).await?);
    }
    // Each charge belongs to a booking: who has fewer bookings than that cannot have so many charges.
    let enough = usize::try_from(applying.policy.repeat_count).unwrap_or(usize::MAX);
    let can_have_missed: Vec<PersonId> =
        by_person.iter().filter(|(_, bookings)| bookings.len() >= enough).map(|(person, _)| *person).collect();
    let missed = missed_often(&can_have_missed, applying.policy, now, db).await?;
    let agency_approves = match applying.agency {
        Some(id) => agency::Entity::find_by_id(id).one(db).await?.is_some_and(|agency| agency.needs_approval),
        None => false,
    };
    let of_one = |person: PersonId| {
        let bookings = by_person.get(&person).map(Vec::as_slice).unwrap_or_default();
        let live = bookings.iter().find(|row| row.session_id == session.id && row.state.is_live()).map(|row| row.state);
        let attended: Vec<&(CourseId, DateTime<Utc>)> =
            bookings.iter().filter(|row| has_attended(row)).filter_map(|row| sessions.get(&row.session_id)).collect();
        let trained_on: Option<NaiveDate> =
            attended.iter().filter(|(course, _)| *course == session.course_id).map(|(_, ends)| london_day(*ends)).max();
        let mut courses: Vec<CourseId> = attended.iter().map(|(course, _)| *course).collect();
        courses.extend(completed.iter().filter(|(whose, _)| *whose == person).map(|(_, course)| *course));
        let elsewhere: Vec<SessionId> =
            bookings.iter().filter(|row| is_elsewhere(row)).map(|row| row.session_id).collect();
        Applicant {
            live,
            clash: dates.first_clash(&elsewhere),
            completed: courses,
            trained_on,
            needs_approval: agency_approves || missed.contains(&person),
        }
    };
    Ok(people.iter().map(|person| (*person, of_one(*person))).collect())
}

/// Those of these people whose confirmed charges for not attending are so many that the next booking needs approval.
pub(super) async fn missed_often(
    people: &[PersonId],
    terms: &PolicyTerms,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<HashSet<PersonId>, DbErr> {
    let Some(since) = now.checked_sub_months(Months::new(terms.repeat_months)) else { return Ok(HashSet::new()) };
    if terms.repeat_count == 0 || people.is_empty() {
        return Ok(HashSet::new());
    }
    let confirmed = [
        ChargeState::Confirmed,
        ChargeState::Invoiced,
        ChargeState::Recharged,
        ChargeState::PartPaid,
        ChargeState::Paid,
        ChargeState::WrittenOff,
    ];
    let of_booking =
        charge::Entity::belongs_to(booking::Entity).from(charge::Column::BookingId).to(booking::Column::Id).into();
    let counts: Vec<(PersonId, i64)> = charge::Entity::find()
        .select_only()
        .column(booking::Column::PersonId)
        .column_as(charge::Column::Id.count(), "missed")
        .join(JoinType::InnerJoin, of_booking)
        .filter(booking::Column::PersonId.is_in(people.to_vec()))
        .filter(charge::Column::Trigger.eq(Trigger::DidNotAttend))
        .filter(charge::Column::State.is_in(confirmed))
        .filter(charge::Column::DecidedAt.gte(since))
        .group_by(booking::Column::PersonId)
        .into_tuple()
        .all(db)
        .await?;
    let most = i64::from(terms.repeat_count);
    Ok(counts.into_iter().filter(|(_, count)| *count >= most).map(|(person, _)| person).collect())
}

/// The course and the end of each session.
async fn session_courses(
    sessions: HashSet<SessionId>,
    db: &impl ConnectionTrait,
) -> Result<HashMap<SessionId, (CourseId, DateTime<Utc>)>, DbErr> {
    if sessions.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(SessionId, CourseId, DateTime<Utc>)> = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .column(session::Column::CourseId)
        .column(session::Column::EndsAt)
        .filter(session::Column::Id.is_in(sessions))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(session, course, ends)| (session, (course, ends))).collect())
}

async fn completions_of(people: &[PersonId], db: &impl ConnectionTrait) -> Result<Vec<(PersonId, CourseId)>, DbErr> {
    completion::Entity::find()
        .select_only()
        .column(completion::Column::PersonId)
        .column(completion::Column::CourseId)
        .filter(completion::Column::PersonId.is_in(people.to_vec()))
        .filter(completion::Column::CompletedAt.is_not_null())
        .into_tuple()
        .all(db)
        .await
}

type Span = (DateTime<Utc>, DateTime<Utc>);

/// When a session takes place, and when others do on which people have places.
struct Dates {
    own: Vec<Span>,
    others: Vec<(SessionId, String, Span)>,
}

impl Dates {
    async fn load(
        session: &session::Model,
        places: &HashSet<SessionId>,
        courses: &HashMap<SessionId, (CourseId, DateTime<Utc>)>,
        db: &impl ConnectionTrait,
    ) -> Result<Self, DbErr> {
        if places.is_empty() {
            return Ok(Self { own: Vec::new(), others: Vec::new() });
        }
        let rows = session_date::Entity::find()
            .filter(session_date::Column::SessionId.is_in(places.iter().copied().chain([session.id])))
            .order_by_asc(session_date::Column::StartsAt)
            .all(db)
            .await?;
        let (own, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.session_id == session.id);
        let titles: HashMap<CourseId, String> = course::Entity::find()
            .select_only()
            .column(course::Column::Id)
            .column(course::Column::Title)
            .filter(course::Column::Id.is_in(courses.values().map(|(course, _)| *course)))
            .into_tuple()
            .all(db)
            .await?
            .into_iter()
            .collect();
        let title_of =
            |id: SessionId| courses.get(&id).and_then(|(course, _)| titles.get(course)).cloned().unwrap_or_default();
        let others = others.iter().map(|row| {
            let span = (row.starts_at, row.ends_at);
            (row.session_id, title_of(row.session_id), span)
        });
        Ok(Self { own: own.iter().map(|row| (row.starts_at, row.ends_at)).collect(), others: others.collect() })
    }

    /// The first of somebody's places at the same time.
    fn first_clash(&self, places: &[SessionId]) -> Option<Clash> {
        let theirs: Vec<_> = self
            .others
            .iter()
            .filter(|(session, ..)| places.contains(session))
            .map(|(_, title, (starts, ends))| (Clash { title: title.clone(), starts: *starts }, *ends))
            .collect();
        first_clash(&self.own, &theirs)
    }
}
