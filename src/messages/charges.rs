//! What learners and payers are told about charges. The payer reads what, how much and whether it was waived, never
//! why.

use super::{
    letter::Letter,
    store::Mail,
    wording::{CHARGE_CONFIRMED, CHARGE_NOTIFIED, CHARGE_TAKEN_BACK, CHARGE_WAIVED, Values, Wording},
};
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

fn mail(wording: &'static Wording, recipient: &Recipient, values: Values) -> Mail {
    Mail::worded(wording, recipient.person, recipient.address.clone(), values)
}

/// Whether the charge is asked of somebody else than the learner who reads it.
fn is_somebody_elses(charge: &charge::Model, recipient: &Recipient) -> bool {
    !recipient.is_payer && charge.payer_person_id.is_some() && charge.payer_person_id != recipient.person
}

/// The page of the charge, for whoever can sign in and open it.
fn link(charge: &charge::Model, recipient: &Recipient, public_url: &str) -> Letter {
    let list = if recipient.is_payer { "agency" } else { "account" };
    match recipient.person {
        Some(_) => {
            Letter::default().link("See the charge", format!("{public_url}/{list}/charges/{}", charge.reference))
        }
        None => Letter::default(),
    }
}

fn values(charge: &charge::Model, recipient: &Recipient) -> Values {
    let whose_place = if recipient.is_payer { recipient.learner.as_str() } else { "your place" };
    Values::default()
        .words("reference", &charge.reference)
        .words("trigger", trigger_text(charge.trigger).to_lowercase())
        .words("amount", pounds_text(charge.amount_pence))
        .words("whose_place", whose_place)
        .words("verdict", &charge.sentence)
}

/// A charge was proposed and the office tells learner and payer of it.
pub fn charge_notified(
    charge: &charge::Model,
    recipient: &Recipient,
    representation_days: i32,
    public_url: &str,
) -> Mail {
    let who_pays = if recipient.is_payer {
        format!("The charge would be paid by {}.", charge.payer_name)
    } else if charge.payer_agency_id.is_some() || is_somebody_elses(charge, recipient) {
        format!("You are not asked to pay. The charge goes to {}.", charge.payer_name)
    } else {
        "The charge is addressed to you.".to_owned()
    };
    let values = values(charge, recipient)
        .words("who_pays", who_pays)
        .words("days", representation_days.to_string())
        .block("link", link(charge, recipient, public_url));
    mail(&CHARGE_NOTIFIED, recipient, values)
}

/// The office decided that a charge stands.
pub fn charge_confirmed(charge: &charge::Model, recipient: &Recipient, public_url: &str) -> Mail {
    let pays_themselves = charge.payer_person_id.is_some() && !is_somebody_elses(charge, recipient);
    let next = if recipient.is_payer || pays_themselves {
        "An invoice or a recharge follows. Nothing is due before it comes.".to_owned()
    } else {
        format!("{} will receive an invoice or a recharge. You have nothing to pay.", charge.payer_name)
    };
    let values = values(charge, recipient).words("what_next", next);
    mail(&CHARGE_CONFIRMED, recipient, values.block("link", link(charge, recipient, public_url)))
}

/// The office let a charge go.
pub fn charge_waived(charge: &charge::Model, recipient: &Recipient, public_url: &str) -> Mail {
    mail(&CHARGE_WAIVED, recipient, values(charge, recipient).block("link", link(charge, recipient, public_url)))
}

/// What the charge rested on has changed, so it does not stand.
pub fn charge_taken_back(charge: &charge::Model, recipient: &Recipient) -> Mail {
    mail(&CHARGE_TAKEN_BACK, recipient, values(charge, recipient))
}
