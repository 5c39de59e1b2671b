//! A colleague comes instead.
//!
//! The place is handed over as it is, with the moment that was printed for it: a substitution is no new booking, so it
//! starts no new grace, and nobody evades a late cancellation by naming somebody who then cancels. Nothing is charged
//! when the substitute comes, and they may name somebody else in turn until the start.
//!
//! Nobody gets around an approval, a kept place or a charge by it:
//! - Where the office approves each place of the session, or the colleague's next booking because of earlier charges, only
//!   the office hands a place over: that it does so is its approval. A place is not given up for a request that somebody
//!   may decline.
//! - What an agency approved is a place for its staff, and which of them comes is theirs: where it asks for approval, the
//!   colleague is confirmed to work there, or the office hands the place over.
//! - A place that is kept stays with those for whom it is kept: until its release the colleague is confirmed to work for
//!   the same agency, whoever hands it over. The office can release the place first.
//! - People who work for themselves answer for what they promised: where they hand a place on after the printed moment and
//!   the colleague neither comes nor has accepted the rule, the charge is theirs (`charges::store::facts`). An employee's
//!   colleague is the employer's matter, or, where nobody has confirmed that they work there, the office's.

use super::{
    request::{send_in_txn, survey_link_in_txn},
    *,
};
use crate::{
    accounts::{
        rules::{PersonId, PersonKind, Role},
        store::{NewPerson, address_by_text, address_insert_in_txn, person_insert_in_txn, roles_of},
    },
    agencies::store::membership_is_confirmed,
    bookings::rules::{BookingState, Colleague, Decision, Live, Refusal, first_missing, releases_at},
    calendar::rules::london_day,
    entity::{agency, booking, reserved_place, session},
};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

/// Who comes instead.
enum Substitute<'a> {
    /// Somebody by name and address, who becomes known by it if they are not yet.
    Named(&'a Colleague),
    /// Somebody known, with or without an address.
    Known(PersonId),
}

/// Hands a place to a colleague, who becomes known by the address if they are not yet. The same form sent again gives
/// the first result.
pub async fn substitute_in_txn(
    id: BookingId,
    colleague: &Colleague,
    request_id: &str,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Result<booking::Model, Refusal>, DbErr> {
    hand_over_in_txn(id, Substitute::Named(colleague), request_id, change, db).await
}

/// Hands a place to somebody who is known already. The same form sent again gives the first result.
pub async fn substitute_known_in_txn(
    id: BookingId,
    person: PersonId,
    request_id: &str,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Result<booking::Model, Refusal>, DbErr> {
    hand_over_in_txn(id, Substitute::Known(person), request_id, change, db).await
}

async fn hand_over_in_txn(
    id: BookingId,
    substitute: Substitute<'_>,
    request_id: &str,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Result<booking::Model, Refusal>, DbErr> {
    let Some((booking, session)) = booking_locked_in_txn(id, db).await? else { return Ok(Err(Refusal::NotLive)) };
    if let Some(earlier) = booking_of_request(request_id, db).await? {
        let is_same = earlier.substitute_for == Some(id);
        return Ok(if is_same { Ok(earlier) } else { Err(Refusal::NotLive) });
    }
    let Some(Live::Booked(place)) = live_in(&booking, &session) else { return Ok(Err(Refusal::NotLive)) };
    let cancel_by = place.free_until();
    if let Err(refusal) = place.substitute(change.now) {
        return Ok(Err(refusal));
    }
    let person = match substitute {
        Substitute::Known(person) => person,
        Substitute::Named(colleague) => person_of_in_txn(colleague, booking.person_kind, change.now, db).await?,
    };
    if person == booking.person_id {
        return Ok(Err(Refusal::SubstituteIsYou));
    }
    person_lock_in_txn(person, db).await?;
    if booking_live_of(session.id, person, db).await?.is_some() {
        return Ok(Err(Refusal::SubstituteHasPlace));
    }
    let asking =
        Asking { person, agency: booking.agency_id, agency_confirmed: false, instead_of: None, is_agencys: true };
    let facts = match request_facts(&session, asking, change.now, db).await? {
        Ok(facts) => facts,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if facts.applicant.clash.is_some() {
        return Ok(Err(Refusal::SubstituteClash));
    }
    if let Some(missing) = first_missing(&facts.terms, &facts.applicant) {
        return Ok(Err(Refusal::SubstituteNotReady { course: missing.title.clone() }));
    }
    let agency_confirmed = match booking.agency_id {
        Some(agency) => membership_is_confirmed(person, agency, london_day(change.now), db).await?,
        None => false,
    };
    let needs_office = if session.needs_approval {
        Some(Refusal::SubstituteNeedsApproval)
    } else {
        facts.applicant.needs_approval.then_some(Refusal::SubstituteMissedOften)
    };
    if let Some(refusal) = needs_office
        && !is_office(change.actor, db).await?
    {
        return Ok(Err(refusal));
    }
    if !agency_confirmed && is_for_staff(&booking, &session, change, db).await? {
        return Ok(Err(Refusal::SubstituteNotStaff));
    }
    let old = booking_state_in_txn(booking, BookingState::Substituted, change.now, |_| {}, db).await?;
    let request = PlaceRequest {
        request_id: request_id.to_owned(),
        session: session.id,
        person,
        agency: old.agency_id,
        agency_confirmed,
        agency_given: old.agency_given.clone(),
        job_role: old.job_role.clone(),
        person_kind: old.person_kind,
        access_needs: None,
        policy_accepted: false,
        may_wait: false,
        substitute_for: Some(old.id),
        booked_by_lead: old.booked_by_lead,
    };
    let place = Decision::Book { cancel_by };
    let policy = (old.policy_version_id, cancel_by);
    let new = request::booking_insert_in_txn(request, &place, policy, old.reserved_place_id, change.now, db).await?;
    // By reference and without a name: what is written about one person does not name the other.
    let gone = format!("A colleague comes instead: booking {}", new.reference);
    change.write_down_in_txn(old.id, gone, db).await?;
    let came = format!("Booked in place of a colleague: booking {}", old.reference);
    change.write_down_in_txn(new.id, came, db).await?;
    if let (Some(theirs), Some(ours)) = (booking_details(new.clone(), db).await?, booking_details(old, db).await?) {
        let survey = survey_link_in_txn(&new, change, db).await?;
        send_in_txn(change.letters.substitute(&theirs, &ours.person_name, survey, change.now), change, db).await?;
        send_in_txn(change.letters.substituted(&ours, &theirs.person_name, change.now), change, db).await?;
    }
    Ok(Ok(new))
}

async fn is_office(actor: Option<PersonId>, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let Some(actor) = actor else { return Ok(false) };
    Ok(roles_of(actor, db).await?.iter().any(|row| row.role == Role::Administrator))
}

/// Whether only confirmed staff of the booking's agency can have its place: it is kept for them, or the agency approves
/// each of its places.
async fn is_for_staff(
    booking: &booking::Model,
    session: &session::Model,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    if let Some(id) = booking.reserved_place_id
        && let Some(row) = reserved_place::Entity::find_by_id(id).one(db).await?
        && row.released_at.is_none()
        && change.now < releases_at(row.release_at, session.starts_at)
    {
        return Ok(true);
    }
    let Some(id) = booking.agency_id else { return Ok(false) };
    let approves = agency::Entity::find_by_id(id).one(db).await?.is_some_and(|agency| agency.needs_approval);
    Ok(approves && !is_office(change.actor, db).await?)
}

/// The person behind a name and an address, taken on if they are not known yet.
async fn person_of_in_txn(
    colleague: &Colleague,
    kind: PersonKind,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<PersonId, DbErr> {
    if let Some(known) = address_by_text(&colleague.address, db).await? {
        return Ok(known.person_id);
    }
    let person = NewPerson { name: colleague.name.clone(), kind, under_18: false };
    let id = person_insert_in_txn(person, now, db).await?;
    address_insert_in_txn(id, &colleague.address, None, db).await?;
    Ok(id)
}
