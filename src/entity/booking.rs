//! Places on sessions.

use crate::accounts::rules::{PersonId, PersonKind};
use crate::agencies::rules::AgencyId;
use crate::bookings::rules::{BookingId, BookingState, Outcome, ReservedPlaceId};
use crate::charges::rules::PolicyVersionId;
use crate::sessions::rules::SessionId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bookings")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: BookingId,
    pub reference: String,
    pub request_id: String,
    pub session_id: SessionId,
    pub person_id: PersonId,
    pub agency_id: Option<AgencyId>,
    pub agency_confirmed: bool,
    pub person_kind: PersonKind,
    pub job_role: String,
    pub state: BookingState,
    pub policy_version_id: PolicyVersionId,
    pub policy_accepted: bool,
    pub cancel_by: DateTimeUtc,
    pub created_at: DateTimeUtc,
    pub changed_at: DateTimeUtc,
    pub booked_at: Option<DateTimeUtc>,
    pub held_since: Option<DateTimeUtc>,
    pub waiting_since: Option<DateTimeUtc>,
    pub offer_expires_at: Option<DateTimeUtc>,
    pub approval_until: Option<DateTimeUtc>,
    pub agency_given: Option<String>,
    pub access_needs: Option<String>,
    pub walk_in: bool,
    pub outcome: Option<Outcome>,
    pub substitute_for: Option<BookingId>,
    pub booked_by_lead: Option<PersonId>,
    pub reserved_place_id: Option<ReservedPlaceId>,
    pub cancel_by_reminded_at: Option<DateTimeUtc>,
    pub start_reminded_at: Option<DateTimeUtc>,
    pub last_day_told_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
