//! What learners and payers are told about charges. The payer reads what, how much and whether it was waived, never
//! why.

use super::store::Mail;
use crate::{
    accounts::rules::PersonId,
    charges::rules::{pounds_text, trigger_text},
    entity::charge,
};

/// Somebody who is told about a charge.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// Who, where that is somebody with a record.
    pub person: Option<PersonId>,
    /// Their address.
    pub address: String,
    /// Whether they pay for somebody else.
    pub is_payer: bool,
    /// Whose place it was.
    pub learner: String,
}

impl Recipient {
    /// The person whose place it was.
    pub fn learner(person: PersonId, address: String, name: String) -> Self {
        Self { person: Some(person), address, is_payer: false, learner: name }
    }

    /// Somebody who pays for the person of this name.
    pub fn payer(person: Option<PersonId>, address: String, learner: String) -> Self {
        Self { person, address, is_payer: true, learner }
    }
}

fn mail(kind: &'static str, recipient: &Recipient, subject: String, lines: &[String]) -> Mail {
    Mail {
        person: recipient.person,
        to: recipient.address.clone(),
        kind,
        subject,
        body: format!("{}\n", lines.join("\n\n")),
        ..Mail::default()
    }
}

fn what(charge: &charge::Model, recipient: &Recipient) -> String {
    format!(
        "Charge {}: {}, {}, for {}.",
        charge.reference,
        trigger_text(charge.trigger).to_lowercase(),
        pounds_text(charge.amount_pence),
        if recipient.is_payer { recipient.learner.clone() } else { "your place".to_owned() }
    )
}

/// A charge was proposed and the office tells learner and payer of it.
pub fn charge_notified(charge: &charge::Model, recipient: &Recipient, representation_days: i32) -> Mail {
    let who_pays = if recipient.is_payer {
        format!("The charge would be paid by {}.", charge.payer_name)
    } else if charge.payer_agency_id.is_some() {
        format!("You are not asked to pay. The charge goes to {}.", charge.payer_name)
    } else {
        "The charge is addressed to you.".to_owned()
    };
    let explain = format!(
        "If there was a reason, reply to the training team within {representation_days} working days. You do not have to tell details of your health. A person reads what you write before anything is decided."
    );
    mail(
        "charge_notified",
        recipient,
        format!("A place on a course was not used: {}", pounds_text(charge.amount_pence)),
        &[what(charge, recipient), charge.sentence.clone(), who_pays, explain],
    )
}

/// The office decided that a charge stands.
pub fn charge_confirmed(charge: &charge::Model, recipient: &Recipient) -> Mail {
    let next = if recipient.is_payer || charge.payer_person_id.is_some() {
        "An invoice or a recharge follows. Nothing is due before it comes.".to_owned()
    } else {
        format!("{} will receive an invoice or a recharge. You have nothing to pay.", charge.payer_name)
    };
    mail(
        "charge_confirmed",
        recipient,
        format!("Charge {} was confirmed", charge.reference),
        &[what(charge, recipient), charge.sentence.clone(), next],
    )
}

/// The office let a charge go.
pub fn charge_waived(charge: &charge::Model, recipient: &Recipient) -> Mail {
    mail(
        "charge_waived",
        recipient,
        format!("Charge {} was waived", charge.reference),
        &[what(charge, recipient), "The charge was waived. There is nothing to pay.".to_owned()],
    )
}

/// The register was corrected, so the charge does not stand.
pub fn charge_taken_back(charge: &charge::Model, recipient: &Recipient) -> Mail {
    mail(
        "charge_taken_back",
        recipient,
        format!("Charge {} was taken back", charge.reference),
        &[
            what(charge, recipient),
            "The record was corrected, so this charge no longer applies. There is nothing to pay.".to_owned(),
        ],
    )
}
