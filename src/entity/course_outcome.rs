//! What people can do afterwards.

use crate::courses::rules::CourseId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "course_outcomes")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub course_id: CourseId,
    pub position: i32,
    pub text: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
