//! The dates of a session; each has a register.

use crate::accounts::rules::PersonId;
use crate::sessions::rules::{SessionDateId, SessionId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session_dates")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: SessionDateId,
    pub session_id: SessionId,
    pub position: i32,
    pub starts_at: DateTimeUtc,
    pub ends_at: DateTimeUtc,
    pub submitted_at: Option<DateTimeUtc>,
    pub submitted_by: Option<PersonId>,
    pub locked_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
