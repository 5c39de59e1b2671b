//! Every mark ever made; a nonce sent twice counts once.

use crate::accounts::rules::PersonId;
use crate::attendance::rules::Mark;
use crate::bookings::rules::BookingId;
use crate::sessions::rules::SessionDateId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mark_history")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub nonce: String,
    pub session_date_id: SessionDateId,
    pub booking_id: BookingId,
    pub mark: Mark,
    pub minutes_late: Option<i32>,
    pub note: Option<String>,
    pub marked_at: DateTimeUtc,
    pub marked_by: PersonId,
    pub reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
