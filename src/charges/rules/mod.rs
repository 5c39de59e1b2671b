//! What a place that was not used costs, who is asked to pay, and which decision may follow which. Pure.
//!
//! `terms` is the policy and its sentence, `decision` the verdict, `moves` what may become of a charge, `typed` what
//! the office types.

mod decision;
mod moves;
mod terms;
#[cfg(test)]
mod tests;
mod typed;

pub use decision::{
    ChargeFacts, Payer, PayingAgency, Proposal, Spared, Verdict, decide_charge, decide_payer, places_taken_again,
};
pub use moves::{
    ChargeStanding, LISTED_STATES, LONGEST_NOTE, MoveRefused, WAIVER_REASONS, can_be_void, confirm, has_lapsed, notify,
    read_waiver, state_text, state_word, trigger_text, waive, waiver_text,
};
pub use terms::{PolicyTerms, SUSPENDED, charge_sentence, charge_sentence_until, pounds_text};
pub use typed::{Suspension, TypedErrors, read_policy, read_pounds, read_suspension};

use serde::{Deserialize, Serialize};

/// A charging policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct PolicyId(pub i64);

impl std::fmt::Display for PolicyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// One version of a charging policy; the one accepted at booking governs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct PolicyVersionId(pub i64);

impl std::fmt::Display for PolicyVersionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A charge for a place that was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct ChargeId(pub i64);

impl std::fmt::Display for ChargeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What a notice period is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum NoticeUnit {
    /// Without weekends and bank holidays.
    WorkingDays,
    /// Every day.
    CalendarDays,
}

/// What a charge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Trigger {
    /// Held a place and did not come.
    DidNotAttend,
    /// Gave the place back after the cancel-by moment.
    LateCancellation,
    /// Came too late to be let in.
    RefusedLate,
}

/// Where a charge stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum ChargeState {
    /// Made by rule, nobody told yet.
    Proposed,
    /// Learner and payer told.
    Notified,
    /// A person decided that it stands.
    Confirmed,
    /// A person let it go.
    Waived,
    /// What it rested on has changed: the register was corrected, or the session cancelled or moved.
    Void,
    /// Not notified in time.
    Lapsed,
    /// On an invoice.
    Invoiced,
    /// On a recharge line.
    Recharged,
    /// Paid in part.
    PartPaid,
    /// Paid in full.
    Paid,
    /// The payer disputes it.
    Disputed,
    /// Credited.
    Credited,
    /// Given up.
    WrittenOff,
}

/// Who is asked to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum PayerKind {
    /// The employer, fostering service or charity.
    Agency,
    /// Somebody self-employed who accepted the policy.
    Person,
    /// A volunteer without a charity, or under 18.
    Nobody,
    /// The office has to find the payer.
    Undecided,
}

/// Why a charge was let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum WaiverReason {
    /// Health or personal reasons; no details needed.
    HealthOrPersonal,
    /// A dependant's emergency.
    DependantEmergency,
    /// Bereavement.
    Bereavement,
    /// Court, child-protection conference or safeguarding emergency.
    SafeguardingDuty,
    /// The manager withdrew the person.
    ManagerWithdrew,
    /// Weather or transport.
    WeatherOrTransport,
    /// Technical failure online.
    TechnicalFailure,
    /// Our error.
    OurError,
    /// Charging was suspended.
    PolicySuspended,
    /// Another reason, with a note.
    Other,
}
