//! Notifying, confirming, waiving and lapsing. Each move reads the charge again inside the transaction, decides by
//! rule, writes the audit row and the mails with it.

use super::facts::{billing_contacts_of, facts_for_session, main_addresses};
use crate::{
    accounts::rules::PersonId,
    audit::store::{Subject, audit_insert_in_txn},
    charges::rules::{
        self, ChargeId, ChargeStanding, ChargeState, MoveRefused, PayerKind, Trigger, WaiverReason, decide_payer,
        pounds_text, waiver_text,
    },
    entity::{booking, charge, person, policy_version, session_date},
    messages::{
        charges::{self as mails, Recipient},
        store::outbox_insert_in_txn,
    },
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, sea_query::Expr,
};

/// Why a charge was not moved.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// There is no such charge.
    #[error("there is no such charge")]
    NotFound,
    /// Somebody changed it since the page was opened.
    #[error("Somebody changed this charge while you were looking at it. It is now {0}. Nothing was changed.")]
    Stale(String),
    /// The rules refuse.
    #[error(transparent)]
    Refused(#[from] MoveRefused),
    /// Above the policy's sum a second administrator decides together with the first.
    #[error("{0}")]
    SecondApprover(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Who moves a charge, and which version of it they looked at.
#[derive(Clone, Copy, Debug)]
pub struct Mover<'a> {
    /// The administrator.
    pub by: PersonId,
    /// The version on the page; None for a bulk move, which goes by state alone.
    pub seen: Option<i32>,
    /// When.
    pub now: DateTime<Utc>,
    /// The site's own address, for the links in mails.
    pub public_url: &'a str,
}

async fn charge_for_move(
    reference: &str,
    mover: Mover<'_>,
    db: &impl ConnectionTrait,
) -> Result<charge::Model, MoveError> {
    let found = charge::Entity::find().filter(charge::Column::Reference.eq(reference)).lock_exclusive().one(db).await?;
    let charge = found.ok_or(MoveError::NotFound)?;
    match mover.seen {
        Some(seen) if seen != charge.version => Err(MoveError::Stale(rules::state_text(charge.state).to_lowercase())),
        _ => Ok(charge),
    }
}

fn standing(charge: &charge::Model) -> ChargeStanding {
    ChargeStanding { state: charge.state, payer: charge.payer_kind, lapses_at: charge.lapses_at }
}

/// Tells learner and payer of a proposed charge, and locks the registers that it rests on.
pub async fn charge_notify_in_txn(
    reference: &str,
    mover: Mover<'_>,
    db: &impl ConnectionTrait,
) -> Result<(), MoveError> {
    let charge = charge_for_move(reference, mover, db).await?;
    let state = rules::notify(standing(&charge), mover.now)?;
    if charge.trigger != Trigger::LateCancellation {
        session_dates_lock(&charge, mover.now, db).await?;
    }
    let mut row = charge.clone().into_active_model();
    row.state = Set(state);
    row.notified_at = Set(Some(mover.now));
    row.version = Set(charge.version + 1);
    row.update(db).await?;
    note(charge.id, mover, "Learner and payer were told of the charge", db).await?;
    let days = representation_days(&charge, db).await?;
    for recipient in recipients_of(&charge, db).await? {
        outbox_insert_in_txn(mails::charge_notified(&charge, &recipient, days, mover.public_url), mover.now, db)
            .await?;
    }
    Ok(())
}

async fn session_dates_lock(
    charge: &charge::Model,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    session_date::Entity::update_many()
        .col_expr(session_date::Column::LockedAt, Expr::value(Some(now)))
        .filter(session_date::Column::SessionId.eq(charge.session_id))
        .filter(session_date::Column::LockedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

async fn representation_days(charge: &charge::Model, db: &impl ConnectionTrait) -> Result<i32, DbErr> {
    let version = policy_version::Entity::find_by_id(charge.policy_version_id).one(db).await?;
    Ok(version.map_or(0, |version| version.representation_days))
}

/// Decides that a charge stands.
pub async fn charge_confirm_in_txn(
    reference: &str,
    mover: Mover<'_>,
    db: &impl ConnectionTrait,
) -> Result<(), MoveError> {
    let charge = charge_for_move(reference, mover, db).await?;
    let state = rules::confirm(standing(&charge))?;
    second_approver_check(&charge, mover, db).await?;
    decided(&charge, state, mover, db).await?;
    note(charge.id, mover, format!("Charge of {} confirmed", pounds_text(charge.amount_pence)), db).await?;
    for recipient in recipients_of(&charge, db).await? {
        outbox_insert_in_txn(mails::charge_confirmed(&charge, &recipient, mover.public_url), mover.now, db).await?;
    }
    Ok(())
}

/// A single charge above the policy's sum is confirmed by another administrator than the one who notified it.
async fn second_approver_check(
    charge: &charge::Model,
    mover: Mover<'_>,
    db: &impl ConnectionTrait,
) -> Result<(), MoveError> {
    let Some(version) = policy_version::Entity::find_by_id(charge.policy_version_id).one(db).await? else {
        return Ok(());
    };
    if charge.amount_pence <= version.second_approver_above_pence {
        return Ok(());
    }
    let trail = crate::audit::store::audit_list(Subject { kind: "charge", id: charge.id.0 }, db).await?;
    let notified_by_same = trail
        .iter()
        .any(|row| row.actor_id == Some(mover.by) && row.sentence.starts_with("Learner and payer were told"));
    if notified_by_same {
        return Err(MoveError::SecondApprover(format!(
            "Charges above {} are confirmed by another administrator than the one who notified them. Nothing was changed.",
            pounds_text(version.second_approver_above_pence)
        )));
    }
    Ok(())
}

/// Lets a charge go. The reason stays with the office: payer and learner read "waived".
pub async fn charge_waive_in_txn(
    reference: &str,
    reason: WaiverReason,
    waiver_note: Option<String>,
    mover: Mover<'_>,
    db: &impl ConnectionTrait,
) -> Result<(), MoveError> {
    let charge = charge_for_move(reference, mover, db).await?;
    let state = rules::waive(standing(&charge))?;
    let mut row = decided_row(&charge, state, mover);
    row.waiver_reason = Set(Some(reason));
    row.waiver_note = Set(waiver_note);
    row.update(db).await?;
    // Health and family reasons are not written into the trail; the office reads them on the charge.
    let sentence = match reason {
        WaiverReason::OurError | WaiverReason::TechnicalFailure | WaiverReason::PolicySuspended => {
            format!("Charge waived: {}", waiver_text(reason).to_lowercase())
        }
        _ => "Charge waived".to_owned(),
    };
    note(charge.id, mover, sentence, db).await?;
    if charge.state != ChargeState::Proposed {
        for recipient in recipients_of(&charge, db).await? {
            outbox_insert_in_txn(mails::charge_waived(&charge, &recipient, mover.public_url), mover.now, db).await?;
        }
    }
    Ok(())
}

/// Looks the payer up again, after the office has confirmed a membership or found a billing contact. Returns the
/// payer's name, or None where it is still not decided.
pub async fn charge_find_payer_in_txn(
    reference: &str,
    mover: Mover<'_>,
    db: &impl ConnectionTrait,
) -> Result<Option<String>, MoveError> {
    let charge = charge_for_move(reference, mover, db).await?;
    if charge.state != ChargeState::Proposed {
        return Err(MoveRefused::State(charge.state).into());
    }
    let Some(facts) = facts_for_session(charge.session_id, Some(charge.booking_id), db).await? else {
        return Err(MoveError::NotFound);
    };
    let Some(row) = facts.bookings.first() else { return Ok(None) };
    let Ok((payer, _)) = decide_payer(&facts.of(row)) else { return Ok(None) };
    if payer.kind == PayerKind::Undecided {
        return Ok(None);
    }
    let name = payer.name.clone();
    let version = charge.version;
    let id = charge.id;
    let mut row = charge.into_active_model();
    row.payer_kind = Set(payer.kind);
    row.payer_agency_id = Set(payer.agency);
    row.payer_person_id = Set(payer.person);
    row.payer_name = Set(payer.name);
    row.payer_address = Set(payer.address);
    row.version = Set(version + 1);
    row.update(db).await?;
    note(id, mover, format!("Payer found: {name}"), db).await?;
    Ok(Some(name))
}

/// Lets every charge lapse that was not notified in time. Returns how many.
pub async fn charges_lapse_in_txn(now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<usize, DbErr> {
    let late = charge::Entity::find()
        .filter(charge::Column::State.eq(ChargeState::Proposed))
        .filter(charge::Column::LapsesAt.lt(now))
        .lock_exclusive()
        .all(db)
        .await?;
    let count = late.len();
    for charge in late {
        let (id, version) = (charge.id, charge.version);
        let mut row = charge.into_active_model();
        row.state = Set(ChargeState::Lapsed);
        row.decided_at = Set(Some(now));
        row.version = Set(version + 1);
        row.update(db).await?;
        let sentence = "Charge lapsed: nobody was told of it in time";
        audit_insert_in_txn(None, Subject { kind: "charge", id: id.0 }, sentence, now, db).await?;
    }
    Ok(count)
}

fn decided_row(charge: &charge::Model, state: ChargeState, mover: Mover<'_>) -> charge::ActiveModel {
    let mut row = charge.clone().into_active_model();
    row.state = Set(state);
    row.decided_at = Set(Some(mover.now));
    row.decided_by = Set(Some(mover.by));
    row.version = Set(charge.version + 1);
    row
}

async fn decided(
    charge: &charge::Model,
    state: ChargeState,
    mover: Mover<'_>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    decided_row(charge, state, mover).update(db).await?;
    Ok(())
}

async fn note(
    charge: ChargeId,
    mover: Mover<'_>,
    sentence: impl Into<String>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    audit_insert_in_txn(Some(mover.by), Subject { kind: "charge", id: charge.0 }, sentence, mover.now, db).await
}

/// Everybody who is told about a charge: the learner, and where somebody else pays that person, or the agency's billing
/// contacts.
pub(super) async fn recipients_of(charge: &charge::Model, db: &impl ConnectionTrait) -> Result<Vec<Recipient>, DbErr> {
    let mut recipients = Vec::new();
    let Some(booking) = booking::Entity::find_by_id(charge.booking_id).one(db).await? else { return Ok(recipients) };
    let Some(learner) = person::Entity::find_by_id(booking.person_id).one(db).await? else { return Ok(recipients) };
    let payer = charge.payer_person_id.filter(|payer| *payer != learner.id);
    let addresses = main_addresses(std::iter::once(learner.id).chain(payer), db).await?;
    if let Some(address) = addresses.get(&learner.id) {
        recipients.push(Recipient::learner(learner.id, address.clone(), learner.name.clone()));
    }
    if let Some(address) = payer.and_then(|payer| addresses.get(&payer)) {
        // The charge's page is the learner's, so theirs is a mail without a link.
        recipients.push(Recipient::payer(None, address.clone(), learner.name.clone()));
    }
    let Some(agency) = charge.payer_agency_id else { return Ok(recipients) };
    let contacts = billing_contacts_of(std::iter::once(agency), db).await?.remove(&agency).unwrap_or_default();
    for (person, address) in contacts {
        recipients.push(Recipient::payer(Some(person), address, learner.name.clone()));
    }
    if let Some(address) = charge.payer_address.as_ref().filter(|address| is_mail_address(address))
        && !recipients.iter().any(|recipient| recipient.address == *address)
    {
        recipients.push(Recipient::payer(None, address.clone(), learner.name));
    }
    Ok(recipients)
}

/// A bill can go to a street; a mail cannot.
fn is_mail_address(text: &str) -> bool {
    text.contains('@') && !text.contains(char::is_whitespace)
}
