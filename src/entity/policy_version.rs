//! Versions of a charging policy; amounts in pence.

use crate::accounts::rules::PersonId;
use crate::charges::rules::{NoticeUnit, PolicyId, PolicyVersionId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policy_versions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: PolicyVersionId,
    pub policy_id: PolicyId,
    pub effective_from: Date,
    pub notice_days: i32,
    pub notice_unit: NoticeUnit,
    pub amount_pence: i64,
    pub late_after_minutes: i32,
    pub representation_days: i32,
    pub notify_within_days: i32,
    pub second_approver_above_pence: i64,
    pub repeat_count: i32,
    pub repeat_months: i32,
    pub created_at: DateTimeUtc,
    pub created_by: Option<PersonId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
