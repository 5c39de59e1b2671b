//! The core statement by agency type, as far as types are large enough to be told apart.

use crate::courses::rules::CourseId;
use crate::surveys::rules::ItemId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "part_cells")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub course_id: CourseId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub board_year: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub part: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: ItemId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub before: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub after: i32,
    pub people: i64,
    /// What the part's people answered to this item shows by itself what each of them did, so its line is hidden.
    pub tells: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
