//! E-mail addresses, lower case; a proven one signs its person in.

use crate::accounts::rules::{AddressId, PersonId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "addresses")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: AddressId,
    pub person_id: PersonId,
    pub address: String,
    pub proven_at: Option<DateTimeUtc>,
    pub main: bool,
    pub bounced_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
