//! What can be taught.

use crate::courses::rules::{CourseId, CourseKind, CourseStatus};
use crate::surveys::rules::InstrumentId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "courses")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: CourseId,
    pub slug: String,
    pub title: String,
    pub summary: String,
    pub description: String,
    pub topic: String,
    pub level: String,
    pub kind: CourseKind,
    pub status: CourseStatus,
    pub duration_minutes: i32,
    pub validity_months: Option<i32>,
    pub board_priority: Option<String>,
    pub instrument_id: Option<InstrumentId>,
    pub resource_url: Option<String>,
    pub created_at: DateTimeUtc,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
