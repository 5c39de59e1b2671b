//! Per session what the clustered intervals beside the usual gain need: of looking back, and of answers at the door.

use crate::courses::rules::CourseId;
use crate::sessions::rules::SessionId;
use crate::surveys::rules::{Comparison, ItemId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comparison_session_sums")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub course_id: CourseId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub board_year: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub comparison: Comparison,
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: SessionId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: ItemId,
    pub people: i64,
    pub sum_gain: i64,
    pub sum_gain_squared: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
