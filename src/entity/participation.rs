//! Who has finished which wave, how often they were asked, and how often their link was made anew: no time, no answers.

use crate::bookings::rules::BookingId;
use crate::surveys::rules::Wave;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub booking_id: BookingId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub wave: Wave,
    pub finished: bool,
    pub asked: i32,
    pub link_edition: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
