//! Reads what decides about charges, for a whole session in a fixed number of queries.

use super::policies::policy_suspension_on;
use crate::{
    accounts::rules::{PersonId, Role},
    agencies::rules::AgencyId,
    bookings::rules::{BookingId, BookingState, Outcome},
    calendar::{notice::BankHolidays, rules::london_day, store::bank_holidays_load},
    charges::rules::{ChargeFacts, PayingAgency, PolicyTerms, PolicyVersionId, places_taken_again},
    entity::{address, agency, booking, course, person, policy_version, role, session},
    sessions::rules::{SessionId, SessionStatus},
};
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
    person_name: String,
    person_address: Option<String>,
    under_18: bool,
    agency: Option<PayingAgency>,
    place_taken_again: bool,
}

impl SessionFacts {
    /// The facts of one of its bookings, as the rules take them.
    pub(super) fn of<'a>(&'a self, row: &'a BookingFacts) -> ChargeFacts<'a> {
        let booking = &row.booking;
        let confirmed_at = booking.booked_at.unwrap_or(booking.created_at);
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
            person: booking.person_id,
            person_name: &row.person_name,
            person_address: row.person_address.as_deref(),
            policy_accepted: booking.policy_accepted,
            agency: row.agency.clone(),
            course: &self.course,
            starts_at: self.session.starts_at,
            ends_at: self.session.ends_at,
            session_cancelled: self.session.status == SessionStatus::Cancelled,
            session_moved: self.session.moved_at.is_some_and(|moved| moved > confirmed_at),
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
        .filter(booking::Column::State.is_in([BookingState::Booked, BookingState::CancelledLate]))
        .order_by_asc(booking::Column::Id)
        .all(db)
        .await?;
    let taken_again = taken_again(&all);
    let wanted: Vec<_> = all.into_iter().filter(|row| only.is_none_or(|only| only == row.id)).collect();
    let people = people_of(&wanted, db).await?;
    let addresses = main_addresses(people.keys().copied(), db).await?;
    let versions = terms_of(&wanted, db).await?;
    let agencies = agencies_of(wanted.iter().filter_map(|row| row.agency_id), db).await?;
    let bookings = wanted.into_iter().filter_map(|booking| {
        let person = people.get(&booking.person_id)?;
        Some(BookingFacts {
            terms: *versions.get(&booking.policy_version_id)?,
            person_name: person.name.clone(),
            person_address: addresses.get(&booking.person_id).cloned(),
            under_18: person.under_18,
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

/// The late cancellations whose place was taken again by somebody who came. Walk-ins and substitutes took nobody's
/// place.
fn taken_again(bookings: &[booking::Model]) -> BTreeSet<BookingId> {
    let mut cancelled: Vec<_> = bookings.iter().filter(|row| row.state == BookingState::CancelledLate).collect();
    cancelled.sort_by_key(|row| row.changed_at);
    let came: Vec<_> = bookings
        .iter()
        .filter(|row| row.state == BookingState::Booked && !row.walk_in && row.substitute_for.is_none())
        .filter(|row| row.outcome == Some(Outcome::Attended))
        .filter_map(|row| row.booked_at)
        .collect();
    let moments: Vec<_> = cancelled.iter().map(|row| row.changed_at).collect();
    let taken = places_taken_again(&moments, &came);
    cancelled.iter().zip(taken).filter(|(_, taken)| *taken).map(|(row, _)| row.id).collect()
}

async fn people_of(
    bookings: &[booking::Model],
    db: &impl ConnectionTrait,
) -> Result<BTreeMap<PersonId, person::Model>, DbErr> {
    let ids = bookings.iter().map(|row| row.person_id);
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
