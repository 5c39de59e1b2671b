//! Training taken elsewhere, as its person declares it.

use crate::accounts::rules::PersonId;
use crate::courses::rules::CourseId;
use crate::records::rules::{DeclaredId, DeclaredState};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "declared_trainings")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: DeclaredId,
    pub person_id: PersonId,
    pub course_id: Option<CourseId>,
    pub title: String,
    pub provider: String,
    pub trained_on: Date,
    pub state: DeclaredState,
    pub declared_at: DateTimeUtc,
    pub checked_by: Option<PersonId>,
    pub checked_at: Option<DateTimeUtc>,
    pub reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
