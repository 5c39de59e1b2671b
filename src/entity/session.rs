//! Dated runs of courses; `held` counts places taken, `waiting` people on the list.

use crate::courses::rules::CourseId;
use crate::sessions::rules::{Mode, SessionId, SessionStatus, VenueId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: SessionId,
    pub course_id: CourseId,
    pub status: SessionStatus,
    pub mode: Mode,
    pub venue_id: Option<VenueId>,
    pub online_link: Option<String>,
    pub joining_instructions: String,
    pub capacity: i32,
    pub held: i32,
    pub waiting: i32,
    pub reserved: i32,
    pub minimum: Option<i32>,
    pub go_no_go_at: Option<DateTimeUtc>,
    pub booking_opens_at: DateTimeUtc,
    pub booking_closes_at: DateTimeUtc,
    pub starts_at: DateTimeUtc,
    pub ends_at: DateTimeUtc,
    pub needs_approval: bool,
    pub cancelled_at: Option<DateTimeUtc>,
    pub cancelled_reason: Option<String>,
    pub moved_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Blob")]
    pub survey_salt: Option<Vec<u8>>,
    pub after_code: Option<String>,
    pub version: i32,
    pub request_id: Option<String>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
