//! Other pairs of answers than before and after; -1 stands for none.

use crate::courses::rules::CourseId;
use crate::surveys::rules::{Comparison, ItemId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comparison_cells")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub course_id: CourseId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub board_year: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub comparison: Comparison,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: ItemId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub earlier: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub later: i32,
    pub people: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
