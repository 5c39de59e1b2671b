//! Statements and questions with stable keys.

use crate::surveys::rules::{InstrumentId, ItemId, ItemKind};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "items")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: ItemId,
    pub instrument_id: InstrumentId,
    pub key: String,
    pub version: i32,
    pub kind: ItemKind,
    pub text: String,
    pub position: i32,
    pub scale_min: i32,
    pub scale_max: i32,
    pub low_label: String,
    pub high_label: String,
    pub right_answer: Option<i32>,
    pub looks_back_on: Option<ItemId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
