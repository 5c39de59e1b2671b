//! Single answers under a pairing key, and into which shown figures each has been released.

use crate::surveys::rules::{ItemId, Wave};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub pairing_key: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub wave: Wave,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: ItemId,
    pub value: i32,
    pub session_released: bool,
    pub course_released: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
