//! Charges with their verdicts; amounts in pence.

use crate::accounts::rules::PersonId;
use crate::agencies::rules::AgencyId;
use crate::bookings::rules::BookingId;
use crate::charges::rules::{ChargeId, ChargeState, PayerKind, PolicyVersionId, Trigger, WaiverReason};
use crate::sessions::rules::SessionId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "charges")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: ChargeId,
    pub reference: String,
    pub booking_id: BookingId,
    pub session_id: SessionId,
    pub trigger: Trigger,
    pub state: ChargeState,
    pub amount_pence: i64,
    pub policy_version_id: PolicyVersionId,
    pub verdict: String,
    pub sentence: String,
    pub payer_kind: PayerKind,
    pub payer_agency_id: Option<AgencyId>,
    pub payer_person_id: Option<PersonId>,
    pub payer_name: String,
    pub payer_address: Option<String>,
    pub proposed_at: DateTimeUtc,
    pub lapses_at: DateTimeUtc,
    pub notified_at: Option<DateTimeUtc>,
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: Option<PersonId>,
    pub waiver_reason: Option<WaiverReason>,
    pub waiver_note: Option<String>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
