//! Lessons from case reviews that courses teach.

use crate::courses::rules::LearningPointId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "learning_points")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: LearningPointId,
    pub position: i32,
    pub title: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
