//! Who approves requests, and their answers.

use super::{offers::book_in_txn, request::send_in_txn, *};
use crate::{
    accounts::{
        rules::Role,
        store::{addresses_of, person_get},
    },
    agencies::rules::AgencyId,
    bookings::rules::{BookingState, Live, Refusal},
    entity::{agency, booking, policy_version, role, session},
    messages::{bookings::Approver, store::outbox_insert_in_txn},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

/// Who has to say yes before somebody has a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApprovedBy {
    /// Nobody.
    Nobody,
    /// The agency's training lead, or the office.
    Agency(AgencyId),
    /// Only the office: the session asks for it, or charges of the past do.
    Office,
}

/// Who has to approve a booking. What the agency's training lead booked needs no second yes of the agency.
pub async fn booking_approver(
    booking: &booking::Model,
    session: &session::Model,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<ApprovedBy, DbErr> {
    if session.needs_approval {
        return Ok(ApprovedBy::Office);
    }
    if let Some(version) = policy_version::Entity::find_by_id(booking.policy_version_id).one(db).await?
        && !applicants::missed_often(&[booking.person_id], &version.into(), now, db).await?.is_empty()
    {
        return Ok(ApprovedBy::Office);
    }
    let Some(id) = booking.agency_id.filter(|_| booking.booked_by_lead.is_none()) else {
        return Ok(ApprovedBy::Nobody);
    };
    let asks = agency::Entity::find_by_id(id).one(db).await?.is_some_and(|agency| agency.needs_approval);
    Ok(if asks { ApprovedBy::Agency(id) } else { ApprovedBy::Nobody })
}

/// Asks the training leads of the agency to approve, where it is theirs to do.
pub(super) async fn tell_approvers_in_txn(
    details: &BookingDetails,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let Some(session) = session::Entity::find_by_id(details.session.id).one(db).await? else { return Ok(()) };
    let ApprovedBy::Agency(agency) = booking_approver(&details.booking, &session, change.now, db).await? else {
        return Ok(());
    };
    // Whoever only claims to work there is not shown to the agency.
    if !is_in_agencys_view(&details.booking, &[agency], db).await? {
        return Ok(());
    }
    let until = details.booking.approval_until.unwrap_or(details.session.starts_at);
    for lead in agency_leads(agency, db).await? {
        outbox_insert_in_txn(change.letters.approval_wanted(details, &lead, until), change.now, db).await?;
    }
    Ok(())
}

/// The training leads of an agency who can be written to.
pub async fn agency_leads(agency: AgencyId, db: &impl ConnectionTrait) -> Result<Vec<Approver>, DbErr> {
    let roles = role::Entity::find()
        .filter(role::Column::Role.eq(Role::TrainingLead))
        .filter(role::Column::AgencyId.eq(agency))
        .order_by_asc(role::Column::Id)
        .all(db)
        .await?;
    let mut leads = Vec::with_capacity(roles.len());
    for role in roles {
        let address = addresses_of(role.person_id, db).await?.into_iter().find(|row| row.bounced_at.is_none());
        if let (Some(person), Some(address)) = (person_get(role.person_id, db).await?, address) {
            leads.push(Approver { person: person.id, name: person.name, address: address.address });
        }
    }
    Ok(leads)
}

/// What is answered to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The place is theirs.
    Approve,
    /// It is not.
    Decline {
        /// Why, in one line, where somebody wrote it down.
        reason: Option<String>,
    },
}

/// Answers a request. An answer that was given before stays.
pub async fn answer_request_in_txn(
    id: BookingId,
    answer: Answer,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Result<booking::Model, Refusal>, DbErr> {
    let Some((booking, session)) = booking_locked_in_txn(id, db).await? else {
        return Ok(Err(Refusal::NotRequested));
    };
    let Some(Live::Requested(request)) = live_in(&booking, &session) else {
        let answered = if answer == Answer::Approve { BookingState::Booked } else { BookingState::Declined };
        return Ok(if booking.state == answered { Ok(booking) } else { Err(Refusal::NotRequested) });
    };
    let Answer::Decline { reason } = answer else {
        let Some(cut_off) = cut_off_of(&booking, &session, db).await? else {
            return Ok(Err(Refusal::TermsUnknown));
        };
        return match request.approve(cut_off, was_moved(&booking, session.moved_at), change.now) {
            Ok(place) => book_in_txn(booking, place, change, db).await.map(Ok),
            Err(refusal) => Ok(Err(refusal)),
        };
    };
    let booking = booking_state_in_txn(booking, BookingState::Declined, change.now, |_| {}, db).await?;
    let sentence = reason.map_or_else(|| "Not approved".to_owned(), |reason| format!("Not approved: {reason}"));
    change.write_down_in_txn(id, sentence, db).await?;
    if let Some(details) = booking_details(booking.clone(), db).await? {
        send_in_txn(change.letters.declined(&details), change, db).await?;
    }
    place_give_back_in_txn(&booking, db).await?;
    offer_places_in_txn(session.id, change, db).await?;
    Ok(Ok(booking))
}
