//! Which of the demonstration's rows have ids of their own.

pub use crate::server::bulk::insert_all;
use sea_orm::{ConnectionTrait, DbErr};

/// Tables whose ids the demonstration names itself.
const NUMBERED: [&str; 16] = [
    "agencies",
    "people",
    "addresses",
    "memberships",
    "roles",
    "learning_points",
    "instruments",
    "items",
    "courses",
    "venues",
    "policies",
    "policy_versions",
    "sessions",
    "session_dates",
    "bookings",
    "charges",
];

/// Lets the databases go on numbering after the demonstration's rows.
pub async fn numbering_goes_on(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    crate::server::bulk::numbering_goes_on(&NUMBERED, db).await
}
