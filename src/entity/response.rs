//! Questionnaires begun or finished, under a pairing key: no person, no time finer than the day.

use crate::agencies::rules::AgencyType;
use crate::sessions::rules::SessionId;
use crate::surveys::rules::{InstrumentId, Wave};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "responses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub pairing_key: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub wave: Wave,
    pub session_id: SessionId,
    pub instrument_id: InstrumentId,
    pub agency_type: Option<AgencyType>,
    pub day: Date,
    pub finished: bool,
    pub at_the_door: bool,
    pub attended: Option<bool>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
