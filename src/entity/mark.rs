//! The register as it stands.

use crate::accounts::rules::PersonId;
use crate::attendance::rules::Mark;
use crate::bookings::rules::BookingId;
use crate::sessions::rules::SessionDateId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "marks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_date_id: SessionDateId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub booking_id: BookingId,
    pub mark: Mark,
    pub minutes_late: Option<i32>,
    pub note: Option<String>,
    pub marked_at: DateTimeUtc,
    pub marked_by: PersonId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
