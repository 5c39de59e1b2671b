//! Asking for a place.

use super::{approve::tell_approvers_in_txn, *};
use crate::{
    accounts::rules::PersonKind,
    agencies::rules::AgencyId,
    bookings::rules::{BookingState, Decision, Refusal, ReservedPlaceId, decide_request},
    calendar::rules::moment_text,
    charges::rules::PolicyVersionId,
    entity::{agency, booking, session},
    messages::{
        bookings::Approver,
        store::{Copy, Mail, Wordings, outbox_insert_all_in_txn},
        wording::{COPY_FOR_LEAD, LEARNER_UNREACHABLE},
    },
    server::secrets::random_reference,
    sessions::rules::SessionId,
    surveys,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::ExprTrait};
use std::collections::HashMap;

/// Letters and digits of a booking's reference: 40 bits, so that the office can read it out and nobody guesses one.
const REFERENCE_LENGTH: usize = 8;

/// A request for a place.
#[derive(Clone, Debug)]
pub struct PlaceRequest {
    /// The form's hidden id: sent again, it gives the first result.
    pub request_id: String,
    /// Where.
    pub session: SessionId,
    /// For whom.
    pub person: PersonId,
    /// For which agency they come.
    pub agency: Option<AgencyId>,
    /// Whether their membership of it is confirmed.
    pub agency_confirmed: bool,
    /// The organisation's name as typed, where it is not in the list.
    pub agency_given: Option<String>,
    /// The job.
    pub job_role: String,
    /// The kind of work; it decides who pays.
    pub person_kind: PersonKind,
    /// What has to be arranged.
    pub access_needs: Option<String>,
    /// Whether the person accepted the policy themselves.
    pub policy_accepted: bool,
    /// Whether they will wait if the session is full.
    pub may_wait: bool,
    /// The colleague's booking that this one stands in for.
    pub substitute_for: Option<BookingId>,
    /// The agency's training lead, where they book for their staff: that is the agency's approval.
    pub booked_by_lead: Option<PersonId>,
}

/// What a request led to.
#[derive(Clone, Debug)]
pub enum Placed {
    /// A booking: a place, a request for approval, or the waiting list; or what the same form gave before.
    Done(Box<booking::Model>),
    /// Full, and the person has not said that they will wait.
    Full {
        /// How many wait.
        waiting: i32,
    },
}

/// Carries a request out, or finds what the same request gave before.
pub async fn request_place_in_txn(
    request: PlaceRequest,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Result<Placed, Refusal>, DbErr> {
    let arrangements = arrangements_load(request.session, change.now, db).await?;
    request_place_as_arranged_in_txn(request, arrangements.as_ref(), change, db).await
}

/// The same where the session's arrangements are at hand, as they are when hundreds of people ask at once.
pub async fn request_place_as_arranged_in_txn(
    request: PlaceRequest,
    arrangements: Option<&Arrangements>,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Result<Placed, Refusal>, DbErr> {
    let Some(arrangements) = arrangements else { return Ok(Err(Refusal::NotPublished)) };
    let Some(session) = session_current_in_txn(request.session, change, db).await? else {
        return Ok(Err(Refusal::NotPublished));
    };
    // Two sessions at the same time for one person are decided one after the other, or neither would see the clash.
    person_lock_in_txn(request.person, db).await?;
    let theirs = bookings_of_person_or_request(request.person, &request.request_id, db).await?;
    if let Some(earlier) = theirs.iter().find(|row| row.request_id == request.request_id) {
        let is_same = earlier.person_id == request.person && earlier.session_id == request.session;
        return Ok(if is_same { Ok(Placed::Done(Box::new(earlier.clone()))) } else { Err(Refusal::NotLive) });
    }
    let asking = Asking {
        person: request.person,
        agency: request.agency,
        agency_confirmed: request.agency_confirmed,
        instead_of: None,
        is_agencys: request.booked_by_lead.is_some(),
    };
    let conditions = arrangements.conditions.as_ref();
    let facts = match request_facts_of(theirs, conditions, &session, asking, change.now, db).await? {
        Ok(facts) => facts,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut decision = match decide_request(&facts.seats, &facts.terms, &facts.applicant, change.now) {
        Ok(decision) => decision,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut reserved = None;
    if !matches!(decision, Decision::Wait { .. }) {
        match place_take_in_txn(session.id, facts.kept_to_take(change.now), db).await? {
            Some(from) => reserved = from,
            None => decision = Decision::Wait { position: session.waiting + 1 },
        }
    }
    if matches!(decision, Decision::Wait { .. }) {
        if !request.may_wait {
            return Ok(Ok(Placed::Full { waiting: session.waiting }));
        }
        session_waiting_add_in_txn(session.id, 1, db).await?;
    }
    let cut_off = facts.terms.cancel_by;
    let policy = (facts.policy.id, cut_off);
    let booking = booking_insert_in_txn(request, &decision, policy, reserved, change.now, db).await?;
    tell_about_request_in_txn(&booking, session, arrangements, &decision, change, db).await?;
    Ok(Ok(Placed::Done(Box::new(booking))))
}

/// Writes the booking's row; the counters are the caller's. The policy's version governs, and its cut-off is shown
/// until a place is confirmed.
pub(super) async fn booking_insert_in_txn(
    request: PlaceRequest,
    decision: &Decision,
    (policy, cut_off): (PolicyVersionId, DateTime<Utc>),
    reserved: Option<ReservedPlaceId>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<booking::Model, DbErr> {
    let reference = random_reference(REFERENCE_LENGTH).map_err(|error| DbErr::Custom(error.to_string()))?;
    let (state, cancel_by) = match decision {
        Decision::Book { cancel_by } => (BookingState::Booked, *cancel_by),
        Decision::Approve { .. } => (BookingState::Requested, cut_off),
        Decision::Wait { .. } => (BookingState::Waitlisted, cut_off),
    };
    let waiting_since = match state {
        BookingState::Waitlisted => Some(end_of_list(request.session, now, db).await?),
        _ => None,
    };
    let row = booking::ActiveModel {
        reference: Set(reference),
        request_id: Set(request.request_id),
        session_id: Set(request.session),
        person_id: Set(request.person),
        agency_id: Set(request.agency),
        agency_confirmed: Set(request.agency_confirmed),
        person_kind: Set(request.person_kind),
        job_role: Set(request.job_role),
        state: Set(state),
        policy_version_id: Set(policy),
        policy_accepted: Set(request.policy_accepted),
        cancel_by: Set(cancel_by),
        created_at: Set(now),
        changed_at: Set(now),
        booked_at: Set((state == BookingState::Booked).then_some(now)),
        held_since: Set(state.holds_place().then_some(now)),
        waiting_since: Set(waiting_since),
        approval_until: Set(match decision {
            Decision::Approve { until } => Some(*until),
            _ => None,
        }),
        agency_given: Set(request.agency_given),
        access_needs: Set(request.access_needs),
        walk_in: Set(false),
        substitute_for: Set(request.substitute_for),
        booked_by_lead: Set(request.booked_by_lead),
        reserved_place_id: Set(reserved),
        ..Default::default()
    };
    booking::Entity::insert(row).exec_with_returning(db).await
}

async fn tell_about_request_in_txn(
    booking: &booking::Model,
    session: session::Model,
    arrangements: &Arrangements,
    decision: &Decision,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let sentence = match decision {
        Decision::Book { cancel_by } => format!("Booked; can be cancelled free until {}", moment_text(*cancel_by)),
        Decision::Approve { until } => format!("Asked for a place; waits for approval until {}", moment_text(*until)),
        Decision::Wait { position } => format!("Joined the waiting list as number {position}"),
    };
    change.write_down_in_txn(booking.id, sentence, db).await?;
    let policy = arrangements.conditions.as_ref().map(|conditions| conditions.policy.terms).unwrap_or_default();
    let details = booking_details_with(booking.clone(), arrangements.details_of(&session), policy, db).await?;
    let mail = match decision {
        Decision::Book { .. } => {
            let app = change.letters.app();
            let survey = match arrangements.has_questions {
                true => surveys::links::first_before_link_in_txn(booking, session, app, db).await?,
                false => None,
            };
            change.letters.confirmed(&details, survey, change.now)
        }
        Decision::Approve { .. } => {
            tell_approvers_in_txn(&details, change, db).await?;
            change.letters.requested(&details)
        }
        Decision::Wait { position } => change.letters.waiting(&details, *position),
    };
    send_worded_in_txn(mail.into_iter().collect(), &arrangements.wordings, change, db).await
}

/// The personal link to the questions before the session, for the letter that confirms a place.
pub(super) async fn survey_link_in_txn(
    booking: &booking::Model,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<Option<String>, DbErr> {
    surveys::links::before_link_in_txn(booking.id, change.letters.app(), db).await
}

/// Puts a letter into the outbox, where there is somebody to write to.
pub(super) async fn send_in_txn(mail: Option<Mail>, change: &Change, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    send_all_in_txn(mail.into_iter().collect(), change, db).await
}

/// Puts letters and their copies into the outbox, with a few statements, however many they are.
pub(super) async fn send_all_in_txn(mails: Vec<Mail>, change: &Change, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if mails.is_empty() {
        return Ok(());
    }
    let wordings = Wordings::load(db).await?;
    send_worded_in_txn(mails, &wordings, change, db).await
}

/// The same where the office's words are at hand. What is for somebody whom no mail reaches is told to their training
/// leads; where there are none, it stands in the office's queue.
async fn send_worded_in_txn(
    mut mails: Vec<Mail>,
    wordings: &Wordings,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let leads = leads_to_tell(&mails, db).await?;
    let copies = copies_of(&mails, &leads, wordings, change);
    let has_leads = |copy: &Copy| leads.get(&copy.agency).is_some_and(|told| !told.leads.is_empty());
    mails.retain(|mail| mail.to.is_some() || !mail.copy.as_ref().is_some_and(has_leads));
    mails.extend(copies);
    outbox_insert_all_in_txn(mails, wordings, change.now, db).await
}

/// The training leads of an agency, who are told of some mails or of all.
struct ToTell {
    /// Whether the agency wants copies.
    wants_copies: bool,
    leads: Vec<Approver>,
}

/// Whom agencies want to be told of these mails, or who has to be because nobody else can be.
async fn leads_to_tell(mails: &[Mail], db: &impl ConnectionTrait) -> Result<HashMap<AgencyId, ToTell>, DbErr> {
    let mut leads = HashMap::new();
    let copied = |mail: &Mail| mail.copy.as_ref().map(|copy| copy.agency);
    if !mails.iter().any(|mail| copied(mail).is_some()) {
        return Ok(leads);
    }
    let unreachable = mails.iter().filter(|mail| mail.to.is_none()).filter_map(copied);
    let asked = agency::Column::CopyLeads.eq(true).or(agency::Column::Id.is_in(unreachable));
    let agencies = agency::Entity::find().filter(agency::Column::Id.is_in(mails.iter().filter_map(copied)));
    for agency in agencies.filter(asked).all(db).await? {
        let told = ToTell { wants_copies: agency.copy_leads, leads: agency_leads(agency.id, db).await? };
        leads.insert(agency.id, told);
    }
    Ok(leads)
}

/// Copies for the training leads of agencies that want them, and what they have to tell somebody whom no mail reaches.
/// Whoever did it themselves needs none.
fn copies_of(mails: &[Mail], leads: &HashMap<AgencyId, ToTell>, wordings: &Wordings, change: &Change) -> Vec<Mail> {
    let mut copies = Vec::new();
    for (mail, copy) in mails.iter().filter_map(|mail| Some((mail, mail.copy.as_ref()?))) {
        let Some(told) = leads.get(&copy.agency).filter(|told| told.wants_copies || mail.to.is_none()) else {
            continue;
        };
        let wording = if mail.to.is_some() { &COPY_FOR_LEAD } else { &LEARNER_UNREACHABLE };
        for lead in &told.leads {
            if mail.person == Some(lead.person) || change.actor == Some(lead.person) {
                continue;
            }
            let values = copy.values.clone().words("subject", wordings.subject(mail));
            copies.push(Mail::worded(wording, Some(lead.person), lead.address.clone(), values));
        }
    }
    copies
}
