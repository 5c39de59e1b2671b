//! People: learners, trainers and everybody else.

use crate::accounts::rules::{PersonId, PersonKind};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: PersonId,
    pub name: String,
    pub kind: PersonKind,
    pub under_18: bool,
    pub created_at: DateTimeUtc,
    pub erased_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
