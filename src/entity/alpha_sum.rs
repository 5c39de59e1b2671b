//! Per item and wave what Cronbach's alpha needs beside the composite.

use crate::courses::rules::CourseId;
use crate::surveys::rules::{InstrumentId, ItemId, Wave};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alpha_sums")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub course_id: CourseId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub board_year: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub instrument_id: InstrumentId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub wave: Wave,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: ItemId,
    pub people: i64,
    pub total: i64,
    pub squares: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
