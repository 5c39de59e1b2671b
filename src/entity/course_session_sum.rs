//! What the clustered interval needs of each session: the pairs of its own batches. The rest of a course is one cluster.

use crate::courses::rules::CourseId;
use crate::sessions::rules::SessionId;
use crate::surveys::rules::ItemId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "course_session_sums")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub course_id: CourseId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub board_year: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: SessionId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: ItemId,
    pub people: i64,
    pub sum_gain: i64,
    pub sum_gain_squared: i64,
    /// What these people answered shows by itself what each of them did, so the session's own line is hidden.
    pub tells: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
