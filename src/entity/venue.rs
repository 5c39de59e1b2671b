//! Places where sessions are held.

use crate::sessions::rules::VenueId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "venues")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: VenueId,
    pub name: String,
    pub address: String,
    pub postcode: String,
    pub access_notes: String,
    pub travel_notes: String,
    pub capacity: i32,
    pub closed_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
