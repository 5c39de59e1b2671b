//! Places kept for an agency or a sector until a moment.

use crate::agencies::rules::AgencyId;
use crate::bookings::rules::ReservedPlaceId;
use crate::sessions::rules::SessionId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reserved_places")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: ReservedPlaceId,
    pub session_id: SessionId,
    pub agency_id: Option<AgencyId>,
    pub sector: Option<String>,
    pub places: i32,
    pub taken: i32,
    pub release_at: DateTimeUtc,
    pub released_at: Option<DateTimeUtc>,
    pub request_id: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
