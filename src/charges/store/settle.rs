//! Brings the charges of a session in line with what bookings and registers say: proposes, and takes back. Doing it
//! twice is doing it once.

use super::facts::{BookingFacts, facts_for_session};
use crate::{
    accounts::rules::PersonId,
    audit::store::{Subject, audit_insert_in_txn},
    bookings::rules::BookingId,
    charges::rules::{ChargeId, ChargeState, Proposal, Spared, can_be_void, decide_charge, pounds_text, trigger_text},
    entity::{booking, charge},
    messages::{charges as mails, store::outbox_insert_in_txn},
    server::secrets::random_reference,
    sessions::rules::SessionId,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use std::collections::BTreeMap;

/// Letters and digits of a charge's reference: 40 bits.
const REFERENCE_LENGTH: usize = 8;

/// What settling changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Charges that were proposed.
    pub proposed: usize,
    /// Charges that were taken back.
    pub void: usize,
}

/// Proposes the charge for a place that was given back late. To be called in the transaction that cancels, after the
/// booking's row says `CancelledLate` with `changed_at` as the moment. Returns the charge, or None where the rules
/// spare the person (suspension, volunteer without a charity, session moved …). Calling it twice proposes once.
pub async fn charge_propose_for_late_cancellation_in_txn(
    booking: BookingId,
    by: Option<PersonId>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Option<ChargeId>, DbErr> {
    let Some(row) = booking::Entity::find_by_id(booking).one(db).await? else { return Ok(None) };
    settle(row.session_id, Some(booking), by, now, db).await?;
    Ok(charge_live_of(booking, db).await?.map(|charge| charge.id))
}

/// Proposes and takes back charges after the last register of a session was submitted or corrected, and takes back those
/// for late cancellations after the board cancelled or moved the session. `bookings.outcome` must be up to date.
pub async fn session_charges_settle_in_txn(
    session: SessionId,
    by: Option<PersonId>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Settled, DbErr> {
    settle(session, None, by, now, db).await
}

/// The charge of a booking that is neither void nor lapsed nor waived.
pub async fn charge_live_of(booking: BookingId, db: &impl ConnectionTrait) -> Result<Option<charge::Model>, DbErr> {
    charge::Entity::find()
        .filter(charge::Column::BookingId.eq(booking))
        .filter(charge::Column::State.is_not_in([ChargeState::Void, ChargeState::Lapsed, ChargeState::Waived]))
        .one(db)
        .await
}

async fn settle(
    session: SessionId,
    only: Option<BookingId>,
    by: Option<PersonId>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Settled, DbErr> {
    let Some(facts) = facts_for_session(session, only, db).await? else { return Ok(Settled::default()) };
    let ids: Vec<BookingId> = facts.bookings.iter().map(|row| row.booking.id).collect();
    let mut earlier: BTreeMap<BookingId, charge::Model> = BTreeMap::new();
    let rows = charge::Entity::find()
        .filter(charge::Column::BookingId.is_in(ids))
        .filter(charge::Column::State.ne(ChargeState::Void))
        .order_by_asc(charge::Column::Id)
        .all(db)
        .await?;
    for row in rows {
        earlier.insert(row.booking_id, row);
    }
    let mut settled = Settled::default();
    for row in &facts.bookings {
        match (decide_charge(&facts.of(row)), earlier.remove(&row.booking.id)) {
            (Ok(proposal), None) => {
                charge_insert(row, &proposal, by, now, db).await?;
                settled.proposed += 1;
            }
            (Ok(proposal), Some(charge)) if charge.trigger != proposal.trigger && can_be_void(charge.state) => {
                charge_void(charge, "the register now says something else", by, now, db).await?;
                charge_insert(row, &proposal, by, now, db).await?;
                settled.void += 1;
                settled.proposed += 1;
            }
            (Err(spared), Some(charge)) if takes_back(spared) && can_be_void(charge.state) => {
                charge_void(charge, &spared.to_string(), by, now, db).await?;
                settled.void += 1;
            }
            _ => {}
        }
    }
    Ok(settled)
}

/// Whether a reason to spare somebody also takes back a charge that was proposed before. A suspension or a change of
/// kind or age that was recorded later does not: there a person waives.
fn takes_back(spared: Spared) -> bool {
    match spared {
        Spared::NothingToChargeFor
        | Spared::RegisterOpen
        | Spared::CancelledInTime
        | Spared::SessionCancelled
        | Spared::SessionMoved
        | Spared::PlaceTakenAgain => true,
        Spared::Suspended | Spared::FreeOfCharge | Spared::NobodyPays => false,
    }
}

async fn charge_insert(
    row: &BookingFacts,
    proposal: &Proposal,
    by: Option<PersonId>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let verdict = serde_json::to_string(&proposal.verdict).map_err(|error| DbErr::Custom(error.to_string()))?;
    let reference = random_reference(REFERENCE_LENGTH).map_err(|error| DbErr::Custom(error.to_string()))?;
    let charge = charge::ActiveModel {
        reference: Set(reference),
        booking_id: Set(row.booking.id),
        session_id: Set(row.booking.session_id),
        trigger: Set(proposal.trigger),
        state: Set(ChargeState::Proposed),
        amount_pence: Set(proposal.amount_pence),
        policy_version_id: Set(row.booking.policy_version_id),
        verdict: Set(verdict),
        sentence: Set(proposal.sentence.clone()),
        payer_kind: Set(proposal.payer.kind),
        payer_agency_id: Set(proposal.payer.agency),
        payer_person_id: Set(proposal.payer.person),
        payer_name: Set(proposal.payer.name.clone()),
        payer_address: Set(proposal.payer.address.clone()),
        proposed_at: Set(now),
        lapses_at: Set(proposal.lapses_at),
        version: Set(1),
        ..Default::default()
    };
    let id = charge::Entity::insert(charge).exec(db).await?.last_insert_id;
    let sentence = format!(
        "Charge of {} proposed by rule: {}",
        pounds_text(proposal.amount_pence),
        trigger_text(proposal.trigger).to_lowercase()
    );
    audit_insert_in_txn(by, Subject { kind: "charge", id: id.0 }, sentence, now, db).await
}

/// Takes a charge back because of what the register or the booking now says, and tells whoever had been told of it.
async fn charge_void(
    charge: charge::Model,
    why: &str,
    by: Option<PersonId>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let was = charge.state;
    let (id, version) = (charge.id, charge.version);
    let mut row = charge.clone().into_active_model();
    row.state = Set(ChargeState::Void);
    row.decided_at = Set(Some(now));
    row.decided_by = Set(by);
    row.version = Set(version + 1);
    row.update(db).await?;
    audit_insert_in_txn(by, Subject { kind: "charge", id: id.0 }, format!("Charge taken back: {why}"), now, db).await?;
    if was != ChargeState::Proposed {
        for recipient in super::moves::recipients_of(&charge, db).await? {
            outbox_insert_in_txn(mails::charge_taken_back(&charge, &recipient), now, db).await?;
        }
    }
    Ok(())
}
