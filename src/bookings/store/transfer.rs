//! Moving to another date of the same course.

use super::{
    request::{booking_insert_in_txn, send_in_txn, survey_link_in_txn},
    *,
};
use crate::{
    agencies::{rules::AgencyId, store::membership_is_confirmed},
    bookings::rules::{BookingState, Decision, Live, Refusal, decide_request},
    calendar::rules::{london_day, moment_text},
    courses::rules::CourseId,
    entity::{booking, session},
    sessions::{
        rules::{BookingDoor, SessionId, SessionSummary},
        store::{UpcomingFilter, session_list_upcoming},
    },
};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

/// The other dates of the course on which whoever has this booking can have a place now: a free one, or one that is kept
/// for their agency.
pub async fn sessions_to_move_to(
    booking: &booking::Model,
    course: CourseId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Vec<SessionSummary>, DbErr> {
    let filter = UpcomingFilter { courses: vec![course], ..UpcomingFilter::default() };
    let mut with_room = Vec::new();
    for other in session_list_upcoming(&filter, now, db).await? {
        let has_room = match other.door(now) {
            BookingDoor::Open { .. } => true,
            BookingDoor::WaitingList { .. } if other.reserved > 0 => has_kept_place(other.id, booking, now, db).await?,
            _ => false,
        };
        if has_room && other.id != booking.session_id {
            with_room.push(other);
        }
    }
    Ok(with_room)
}

/// The agency for which somebody comes to another date, where it is confirmed that they still work there then: a
/// confirmation that is no longer true moves nowhere.
async fn agency_still_confirmed(
    booking: &booking::Model,
    session: &session::Model,
    db: &impl ConnectionTrait,
) -> Result<Option<AgencyId>, DbErr> {
    let Some(agency) = booking.agency_id.filter(|_| booking.agency_confirmed) else { return Ok(None) };
    let day = london_day(session.starts_at);
    Ok(membership_is_confirmed(booking.person_id, agency, day, db).await?.then_some(agency))
}

async fn has_kept_place(
    id: SessionId,
    booking: &booking::Model,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let Some(session) = session::Entity::find_by_id(id).one(db).await? else { return Ok(false) };
    let agency = agency_still_confirmed(booking, &session, db).await?;
    let facts = session_facts(&session, agency, now, db).await?;
    Ok(facts.is_ok_and(|facts| facts.seats.has_kept(session.starts_at, now)))
}

/// Moves a place to another session of the same course; the place left behind goes to its waiting list. The same form
/// sent again gives the first result.
pub async fn transfer_in_txn(
    id: BookingId,
    to: SessionId,
    request_id: &str,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Result<booking::Model, Refusal>, DbErr> {
    let Some(found) = booking::Entity::find_by_id(id).one(db).await? else { return Ok(Err(Refusal::NotLive)) };
    if found.session_id == to {
        return Ok(Err(Refusal::AlreadyBooked));
    }
    // Always in the same order, so that two people who swap dates do not wait for each other for ever.
    for session in [found.session_id.min(to), found.session_id.max(to)] {
        session_locked_in_txn(session, db).await?;
    }
    if let Some(earlier) = booking_of_request(request_id, db).await? {
        let is_same = earlier.person_id == found.person_id && earlier.session_id == to;
        return Ok(if is_same { Ok(earlier) } else { Err(Refusal::NotLive) });
    }
    let Some((booking, from)) = booking_locked_in_txn(id, db).await? else { return Ok(Err(Refusal::NotLive)) };
    let Some(target) =
        session_current_in_txn(to, change, db).await?.filter(|target| target.course_id == from.course_id)
    else {
        return Ok(Err(Refusal::NotPublished));
    };
    let Some(Live::Booked(place)) = live_in(&booking, &from) else { return Ok(Err(Refusal::NotLive)) };
    if let Err(refusal) = place.transfer(change.now) {
        return Ok(Err(refusal));
    }
    person_lock_in_txn(booking.person_id, db).await?;
    let agency_confirmed = agency_still_confirmed(&booking, &target, db).await?.is_some();
    let asking = Asking {
        person: booking.person_id,
        agency: booking.agency_id,
        agency_confirmed,
        instead_of: Some(id),
        is_agencys: booking.booked_by_lead.is_some(),
    };
    let facts = match request_facts(&target, asking, change.now, db).await? {
        Ok(facts) => facts,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let decision = match decide_request(&facts.seats, &facts.terms, &facts.applicant, change.now) {
        Ok(Decision::Wait { .. }) => return Ok(Err(Refusal::OtherDateFull)),
        // A place is never given up for a request that somebody may decline.
        Ok(Decision::Approve { .. }) => return Ok(Err(Refusal::OtherDateNeedsApproval)),
        Ok(decision) => decision,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(reserved) = place_take_in_txn(to, facts.kept_to_take(change.now), db).await? else {
        return Ok(Err(Refusal::OtherDateFull));
    };
    let given_up = booking.clone();
    // The form asks whoever moves to accept the rule of the new date. Nobody accepts it for somebody else.
    let accepted = change.actor == Some(booking.person_id)
        || (booking.policy_accepted && booking.policy_version_id == facts.policy.id);
    let old = booking_state_in_txn(booking, BookingState::Transferred, change.now, |_| {}, db).await?;
    let request = PlaceRequest {
        request_id: request_id.to_owned(),
        session: to,
        person: old.person_id,
        agency: old.agency_id,
        agency_confirmed,
        agency_given: old.agency_given.clone(),
        job_role: old.job_role.clone(),
        person_kind: old.person_kind,
        access_needs: old.access_needs.clone(),
        policy_accepted: accepted,
        may_wait: false,
        substitute_for: None,
        booked_by_lead: old.booked_by_lead,
    };
    let policy = (facts.policy.id, facts.terms.cancel_by);
    let new = booking_insert_in_txn(request, &decision, policy, reserved, change.now, db).await?;
    let gone = format!("Moved to the session of {}: booking {}", moment_text(target.starts_at), new.reference);
    change.write_down_in_txn(old.id, gone, db).await?;
    let came = format!("Moved here from another date: booking {}", old.reference);
    change.write_down_in_txn(new.id, came, db).await?;
    if let (Some(old), Some(new)) = (booking_details(old, db).await?, booking_details(new.clone(), db).await?) {
        let survey = survey_link_in_txn(&new.booking, change, db).await?;
        send_in_txn(change.letters.transferred(&old, &new, survey, change.now), change, db).await?;
    }
    place_give_back_in_txn(&given_up, db).await?;
    offer_places_in_txn(from.id, change, db).await?;
    Ok(Ok(new))
}
