//! Whose pairs are in a course's figures, under the pairing key, and with whom they entered each of them.

use crate::courses::rules::CourseId;
use crate::sessions::rules::SessionId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "released_pairs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub pairing_key: String,
    pub course_id: CourseId,
    pub board_year: i32,
    pub session_id: SessionId,
    pub batch: i32,
    pub complete: bool,
    pub at_the_door: bool,
    pub agency_type: String,
    pub part: Option<String>,
    pub part_block: Option<i32>,
    pub later_block: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
