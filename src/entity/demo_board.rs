//! Marks a database that --demo made, with its clock.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "demo_board")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub made_at: DateTimeUtc,
    pub clock_offset_seconds: i64,
    pub finished: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
