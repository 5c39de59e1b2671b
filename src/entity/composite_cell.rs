//! Totals before and after of people who answered everything both times.

use crate::courses::rules::CourseId;
use crate::surveys::rules::InstrumentId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "composite_cells")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub course_id: CourseId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub board_year: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub instrument_id: InstrumentId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub at_the_door: bool,
    #[sea_orm(primary_key, auto_increment = false)]
    pub before: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub after: i32,
    pub people: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
