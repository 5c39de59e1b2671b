//! Employers, schools, practices and charities.

use crate::agencies::rules::{AgencyId, AgencyType};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agencies")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: AgencyId,
    pub name: String,
    pub agency_type: AgencyType,
    pub sector: String,
    pub mail_domain: Option<String>,
    pub billing_name: Option<String>,
    pub billing_address: Option<String>,
    pub cost_code: Option<String>,
    pub same_legal_body: bool,
    pub needs_approval: bool,
    pub copy_leads: bool,
    pub closed_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
