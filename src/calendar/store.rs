//! Bank holidays in the database.

use super::notice::BankHolidays;
use crate::entity::bank_holiday;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

/// All bank holidays that are known.
pub async fn bank_holidays_load(db: &impl ConnectionTrait) -> Result<BankHolidays, DbErr> {
    let rows = bank_holiday::Entity::find().all(db).await?;
    Ok(BankHolidays::new(rows.into_iter().map(|row| row.date)))
}
