//! Recordings and e-learning: started, completed.

use crate::accounts::rules::PersonId;
use crate::agencies::rules::AgencyId;
use crate::courses::rules::CourseId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "completions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub course_id: CourseId,
    pub person_id: PersonId,
    pub agency_id: Option<AgencyId>,
    pub started_at: DateTimeUtc,
    pub completed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
