//! Dated links between people and agencies; they count once confirmed.

use crate::accounts::rules::PersonId;
use crate::agencies::rules::{AgencyId, Confirmation, MembershipId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "memberships")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: MembershipId,
    pub person_id: PersonId,
    pub agency_id: AgencyId,
    pub job_role: String,
    pub from_date: Date,
    pub to_date: Option<Date>,
    pub confirmed_at: Option<DateTimeUtc>,
    pub confirmed_by: Option<Confirmation>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
