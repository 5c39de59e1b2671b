//! Joint histograms per course and board year; -1 stands for not answered.

use crate::courses::rules::CourseId;
use crate::surveys::rules::ItemId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "course_cells")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub course_id: CourseId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub board_year: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub at_the_door: bool,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: ItemId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub before: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub after: i32,
    pub people: i64,
    /// Of a core statement: what these people answered, those at the door or the others, shows by itself what each did.
    pub tells: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
