//! Which learning point an item measures.

use crate::courses::rules::LearningPointId;
use crate::surveys::rules::ItemId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "item_learning_points")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: ItemId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub learning_point_id: LearningPointId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
