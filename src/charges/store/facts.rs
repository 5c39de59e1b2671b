//! Reads what decides about charges, for a whole session in a fixed number of queries.

use super::policies::policy_suspension_on;
use crate::{
    accounts::rules::{PersonId, Role},
    agencies::rules::AgencyId,
    bookings::{
        rules::{BookingId, BookingState, Outcome},
        store::moved_since,
    },
    calendar::{
        notice::{BankHolidays, is_in_time},
        rules::london_day,
        store::bank_holidays_load,
    },
    charges::rules::{ChargeFacts, PayingAgency, PolicyTerms, PolicyVersionId, places_taken_again},
    entity::{address, agency, booking, course, person, policy_version, role, session},
    sessions::rules::{SessionId, SessionStatus},
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, BTreeSet};

/// What decides about the charges of one session.
pub(super) struct SessionFacts {
    session: session::Model,
    course: String,
    suspension: Option<String>,
    holidays: BankHolidays,
    pub(super) bookings: Vec<BookingFacts>,
}

/// One booking with what decides about its charge.
pub(super) struct BookingFacts {
    pub(super) booking: booking::Model,
    terms: PolicyTerms,
    answering: Answering,
    /// When whoever had the place first asked for it.
    asked_at: DateTime<Utc>,
    under_18: bool,
    agency: Option<PayingAgency>,
    place_taken_again: bool,
}

/// Who answers for a place that was not used, where the person would pay themselves.
struct Answering {
    person: PersonId,
    name: String,
    address: Option<String>,
    accepted: bool,
}

impl SessionFacts {
    /// The facts of one of its bookings, as the rules take them.
    pub(super) fn of<'a>(&'a self, row: &'a BookingFacts) -> ChargeFacts<'a> {
        let booking = &row.booking;
        ChargeFacts {
            terms: row.terms,
            state: booking.state,
            outcome: booking.outcome,
            cancel_by: booking.cancel_by,
            cancelled_at: (booking.state == BookingState::CancelledLate).then_some(booking.changed_at),
            place_taken_again: row.place_taken_again,
            walk_in: booking.walk_in,
            kind: booking.person_kind,
            under_18: row.under_18,
            person: row.answering.person,
            person_name: &row.answering.name,
            person_address: row.answering.address.as_deref(),
            policy_accepted: row.answering.accepted,
            agency: row.agency.clone(),
            course: &self.course,
            starts_at: self.session.starts_at,
            ends_at: self.session.ends_at,
            session_cancelled: self.session.status == SessionStatus::Cancelled,
            session_moved: moved_since(row.asked_at, self.session.moved_at),
            suspension: self.suspension.as_deref(),
            holidays: &self.holidays,
        }
    }
}

/// Everything that decides about the charges of a session, or of one of its bookings. The session's row is locked.
pub(super) async fn facts_for_session(
    id: SessionId,
    only: Option<BookingId>,
    db: &impl ConnectionTrait,
) -> Result<Option<SessionFacts>, DbErr> {
    use sea_orm::QuerySelect;
    let Some(session) = session::Entity::find_by_id(id).lock_exclusive().one(db).await? else { return Ok(None) };
    let course = course::Entity::find_by_id(session.course_id).one(db).await?.map_or_else(String::new, |row| row.title);
    let suspension = policy_suspension_on(london_day(session.starts_at), db).await?.map(|row| row.reason);
    let all = booking::Entity::find()
        .filter(booking::Column::SessionId.eq(id))
        .filter(booking::Column::State.is_in(KEPT_OR_LATE.into_iter().chain([BookingState::Substituted])))
        .order_by_asc(booking::Column::Id)
        .all(db)
        .await?;
    let taken_again = taken_again(&all);
    let is_wanted = |row: &booking::Model| KEPT_OR_LATE.contains(&row.state) && only.is_none_or(|only| only == row.id);
    let wanted: Vec<_> = all.iter().filter(|row| is_wanted(row)).cloned().collect();
    let people = people_of(wanted.iter().chain(wanted.iter().map(|row| answers_for(row, &all))), db).await?;
    let addresses = main_addresses(people.keys().copied(), db).await?;
    let versions = terms_of(&wanted, db).await?;
    let agencies = agencies_of(wanted.iter().filter_map(|row| row.agency_id), db).await?;
    let bookings = wanted.into_iter().filter_map(|booking| {
        let answers = answers_for(&booking, &all);
        Some(BookingFacts {
            terms: *versions.get(&booking.policy_version_id)?,
            answering: Answering {
                person: answers.person_id,
                name: people.get(&answers.person_id)?.name.clone(),
                address: addresses.get(&answers.person_id).cloned(),
                accepted: answers.policy_accepted,
            },
            asked_at: first_holder(&booking, &all).created_at,
            under_18: people.get(&booking.person_id)?.under_18,
            agency: booking
                .agency_id
                .and_then(|id| agencies.get(&id).cloned())
                .map(|agency| PayingAgency { confirmed: booking.agency_confirmed, ..agency }),
            place_taken_again: taken_again.contains(&booking.id),
            booking,
        })
    });
    let bookings = bookings.collect();
    Ok(Some(SessionFacts { session, course, suspension, holidays: bank_holidays_load(db).await?, bookings }))
}

/// The states that a charge can come from.
const KEPT_OR_LATE: [BookingState; 2] = [BookingState::Booked, BookingState::CancelledLate];

/// The late cancellations whose place was taken again by somebody who came. Walk-ins took nobody's place; a substitute
/// came on the place of the first who had booked it, who may have taken it after a late cancellation.
fn taken_again(bookings: &[booking::Model]) -> BTreeSet<BookingId> {
    let mut cancelled: Vec<_> = bookings.iter().filter(|row| row.state == BookingState::CancelledLate).collect();
    cancelled.sort_by_key(|row| row.changed_at);
    let came: Vec<_> = bookings
        .iter()
        .filter(|row| row.state == BookingState::Booked && !row.walk_in)
        .filter(|row| row.outcome == Some(Outcome::Attended))
        .filter_map(|row| place_taken_at(first_holder(row, bookings)))
        .collect();
    let moments: Vec<_> = cancelled.iter().map(|row| row.changed_at).collect();
    let taken = places_taken_again(&moments, &came);
    cancelled.iter().zip(taken).filter(|(_, taken)| *taken).map(|(row, _)| row.id).collect()
}

/// The booking that a place began with: a substitute's leads back to it, in one step for each colleague named.
fn first_holder<'a>(booking: &'a booking::Model, all: &'a [booking::Model]) -> &'a booking::Model {
    let before = |row: &booking::Model| all.iter().find(|earlier| Some(earlier.id) == row.substitute_for);
    std::iter::successors(Some(booking), |row| before(row)).last().unwrap_or(booking)
}

/// When a place was taken, which may be long before it was booked: a request holds one until it is approved, an offer
/// until it is accepted.
fn place_taken_at(booking: &booking::Model) -> Option<DateTime<Utc>> {
    booking.held_since.or(booking.booked_at)
}

/// The booking whose person answers for a place. A colleague who takes one over after the printed moment has accepted
/// nothing: until they do, it is whoever handed it on, or an invented colleague would undo a late cancellation. What was
/// handed on in time could have been given back free.
fn answers_for<'a>(booking: &'a booking::Model, all: &'a [booking::Model]) -> &'a booking::Model {
    let mut answers = booking;
    while !answers.policy_accepted
        && let Some(before) = all.iter().find(|earlier| Some(earlier.id) == answers.substitute_for)
        && !is_in_time(before.cancel_by, before.changed_at)
    {
        answers = before;
    }
    answers
}

async fn people_of(
    bookings: impl Iterator<Item = &booking::Model>,
    db: &impl ConnectionTrait,
) -> Result<BTreeMap<PersonId, person::Model>, DbErr> {
    let ids = bookings.map(|row| row.person_id);
    let rows = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Where mail for these people goes: their main address.
pub(super) async fn main_addresses(
    people: impl Iterator<Item = PersonId>,
    db: &impl ConnectionTrait,
) -> Result<BTreeMap<PersonId, String>, DbErr> {
    let rows = address::Entity::find()
        .filter(address::Column::PersonId.is_in(people))
        .order_by_asc(address::Column::Main)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.person_id, row.address)).collect())
}

async fn terms_of(
    bookings: &[booking::Model],
    db: &impl ConnectionTrait,
) -> Result<BTreeMap<PolicyVersionId, PolicyTerms>, DbErr> {
    let ids: BTreeSet<_> = bookings.iter().map(|row| row.policy_version_id).collect();
    let rows = policy_version::Entity::find().filter(policy_version::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

/// Agencies as payers. The bill goes to the billing address, or to the main address of somebody who is the agency's
/// billing contact here.
async fn agencies_of(
    ids: impl Iterator<Item = AgencyId>,
    db: &impl ConnectionTrait,
) -> Result<BTreeMap<AgencyId, PayingAgency>, DbErr> {
    let ids: BTreeSet<AgencyId> = ids.collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = agency::Entity::find().filter(agency::Column::Id.is_in(ids.iter().copied())).all(db).await?;
    let contacts = billing_contacts_of(ids.iter().copied(), db).await?;
    let paying = |row: agency::Model| PayingAgency {
        id: row.id,
        agency_type: row.agency_type,
        name: row.name,
        billing_address: row
            .billing_address
            .filter(|address| !address.is_empty())
            .or_else(|| contacts.get(&row.id).and_then(|found| found.first()).map(|(_, address)| address.clone())),
        confirmed: false,
    };
    Ok(rows.into_iter().map(|row| (row.id, paying(row))).collect())
}

/// The billing contacts of agencies who have a login here, with their main addresses.
pub(super) async fn billing_contacts_of(
    agencies: impl Iterator<Item = AgencyId>,
    db: &impl ConnectionTrait,
) -> Result<BTreeMap<AgencyId, Vec<(PersonId, String)>>, DbErr> {
    let roles = role::Entity::find()
        .filter(role::Column::Role.eq(Role::BillingContact))
        .filter(role::Column::AgencyId.is_in(agencies))
        .order_by_asc(role::Column::Id)
        .all(db)
        .await?;
    let addresses = main_addresses(roles.iter().map(|row| row.person_id), db).await?;
    let mut contacts: BTreeMap<AgencyId, Vec<(PersonId, String)>> = BTreeMap::new();
    for row in roles {
        if let (Some(agency), Some(address)) = (row.agency_id, addresses.get(&row.person_id)) {
            contacts.entry(agency).or_default().push((row.person_id, address.clone()));
        }
    }
    Ok(contacts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::rules::PersonKind;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn row(id: i64, state: BookingState, booked: &str, changed: &str) -> booking::Model {
        booking::Model {
            id: BookingId(id),
            reference: format!("REF{id}"),
            request_id: format!("request-{id}"),
            session_id: SessionId(1),
            person_id: PersonId(id),
            agency_id: None,
            agency_confirmed: false,
            person_kind: PersonKind::Employed,
            job_role: String::new(),
            state,
            policy_version_id: PolicyVersionId(1),
            policy_accepted: true,
            cancel_by: moment("2025-03-06T23:59:00Z"),
            created_at: moment(booked),
            changed_at: moment(changed),
            booked_at: Some(moment(booked)),
            held_since: None,
            waiting_since: None,
            offer_expires_at: None,
            approval_until: None,
            agency_given: None,
            access_needs: None,
            walk_in: false,
            outcome: None,
            substitute_for: None,
            booked_by_lead: None,
            reserved_place_id: None,
            cancel_by_reminded_at: None,
            start_reminded_at: None,
            last_day_told_at: None,
        }
    }

    /// Two colleagues in turn: the second of them came.
    fn came_for(first: &booking::Model) -> [booking::Model; 2] {
        let day = "2025-03-14T09:00:00Z";
        let between = booking::Model { substitute_for: Some(first.id), ..row(11, BookingState::Substituted, day, day) };
        let last = booking::Model {
            substitute_for: Some(between.id),
            outcome: Some(Outcome::Attended),
            ..row(12, BookingState::Booked, day, day)
        };
        [between, last]
    }

    #[test]
    fn a_late_cancelled_place_is_used_by_the_substitute_of_whoever_took_it() {
        let late = row(1, BookingState::CancelledLate, "2025-03-01T09:00:00Z", "2025-03-10T09:00:00Z");
        let taker = row(2, BookingState::Substituted, "2025-03-11T09:00:00Z", "2025-03-13T09:00:00Z");
        let [between, last] = came_for(&taker);
        assert_eq!(taken_again(&[late, taker, between, last]), BTreeSet::from([BookingId(1)]));
    }

    #[test]
    fn a_place_that_was_held_before_and_booked_after_was_nobodys() {
        let late = row(1, BookingState::CancelledLate, "2025-03-01T09:00:00Z", "2025-03-10T09:00:00Z");
        let held = |since: &str| booking::Model {
            held_since: Some(moment(since)),
            outcome: Some(Outcome::Attended),
            ..row(2, BookingState::Booked, "2025-03-11T09:00:00Z", "2025-03-11T09:00:00Z")
        };
        assert_eq!(taken_again(&[late.clone(), held("2025-03-09T09:00:00Z")]), BTreeSet::new());
        assert_eq!(taken_again(&[late, held("2025-03-10T09:00:00Z")]), BTreeSet::from([BookingId(1)]));
    }

    #[test]
    fn whoever_hands_a_place_on_late_answers_for_it_until_the_colleague_has_accepted() {
        let handed_on = |id, moment| row(id, BookingState::Substituted, "2025-03-01T09:00:00Z", moment);
        let colleague = booking::Model {
            substitute_for: Some(BookingId(1)),
            policy_accepted: false,
            ..row(2, BookingState::Booked, "2025-03-07T09:00:00Z", "2025-03-07T09:00:00Z")
        };
        let late = handed_on(1, "2025-03-07T09:00:00Z");
        assert_eq!(answers_for(&colleague, &[late.clone(), colleague.clone()]).id, BookingId(1));
        let in_time = handed_on(1, "2025-03-06T23:59:59Z");
        assert_eq!(answers_for(&colleague, &[in_time, colleague.clone()]).id, BookingId(2));
        let accepted = booking::Model { policy_accepted: true, ..colleague.clone() };
        assert_eq!(answers_for(&accepted, &[late.clone(), accepted.clone()]).id, BookingId(2));
        // However many are named in turn.
        let between = booking::Model { state: BookingState::Substituted, ..colleague };
        let last = booking::Model { id: BookingId(3), substitute_for: Some(BookingId(2)), ..between.clone() };
        assert_eq!(answers_for(&last, &[late, between, last.clone()]).id, BookingId(1));
    }

    #[test]
    fn a_substitute_on_a_place_that_was_booked_before_took_nobodys() {
        let early = row(2, BookingState::Substituted, "2025-03-02T09:00:00Z", "2025-03-13T09:00:00Z");
        let late = row(1, BookingState::CancelledLate, "2025-03-01T09:00:00Z", "2025-03-10T09:00:00Z");
        let [between, last] = came_for(&early);
        assert_eq!(taken_again(&[late, early, between, last]), BTreeSet::new());
    }
}
