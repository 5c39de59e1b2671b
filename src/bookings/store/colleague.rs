//! A colleague comes instead.

use super::{
    request::{send_in_txn, survey_link_in_txn},
    *,
};
use crate::{
    accounts::store::{NewPerson, address_by_text, address_insert_in_txn, person_insert_in_txn},
    agencies::store::membership_is_confirmed,
    audit::store::audit_insert_in_txn,
    bookings::rules::{BookingState, Colleague, Decision, Live, Refusal, first_missing},
    calendar::{notice, rules::london_day},
    entity::booking,
};
use sea_orm::{ConnectionTrait, DbErr};

/// Hands a place to a colleague, who becomes known by the address if they are not yet. The same form sent again gives
/// the first result.
pub async fn substitute_in_txn(
    id: BookingId,
    colleague: &Colleague,
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
    if let Err(refusal) = place.substitute(change.now) {
        return Ok(Err(refusal));
    }
    let person = match address_by_text(&colleague.address, db).await? {
        Some(known) if known.person_id == booking.person_id => return Ok(Err(Refusal::SubstituteIsYou)),
        Some(known) => known.person_id,
        None => {
            let person = NewPerson { name: colleague.name.clone(), kind: booking.person_kind, under_18: false };
            let id = person_insert_in_txn(person, change.now, db).await?;
            address_insert_in_txn(id, &colleague.address, None, db).await?;
            id
        }
    };
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
    let Some(cut_off) = cut_off_of(&booking, &session, db).await? else { return Ok(Err(Refusal::TermsUnknown)) };
    let cancel_by = notice::or_grace(cut_off, change.now, session.starts_at);
    let agency_confirmed = match booking.agency_id {
        Some(agency) => membership_is_confirmed(person, agency, london_day(change.now), db).await?,
        None => false,
    };
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
    let policy = (old.policy_version_id, cut_off);
    let new = request::booking_insert_in_txn(request, &place, policy, old.reserved_place_id, change.now, db).await?;
    audit_insert_in_txn(change.actor, subject(old.id), "A colleague comes instead", change.now, db).await?;
    audit_insert_in_txn(change.actor, subject(new.id), "Booked in place of a colleague", change.now, db).await?;
    if let (Some(theirs), Some(ours)) = (booking_details(new.clone(), db).await?, booking_details(old, db).await?) {
        let survey = survey_link_in_txn(&new, change, db).await?;
        send_in_txn(change.letters.substitute(&theirs, &ours.person_name, survey, change.now), change, db).await?;
        send_in_txn(change.letters.substituted(&ours, &theirs.person_name, change.now), change, db).await?;
    }
    Ok(Ok(new))
}
