//! Bank holidays in the database.

use super::notice::BankHolidays;
use crate::entity::bank_holiday;
use chrono::NaiveDate;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, QueryOrder};

/// All bank holidays that are known.
pub async fn bank_holidays_load(db: &impl ConnectionTrait) -> Result<BankHolidays, DbErr> {
    let rows = bank_holiday::Entity::find().all(db).await?;
    Ok(BankHolidays::new(rows.into_iter().map(|row| row.date)))
}

/// All bank holidays with their names, the earliest first.
pub async fn bank_holiday_list(db: &impl ConnectionTrait) -> Result<Vec<bank_holiday::Model>, DbErr> {
    bank_holiday::Entity::find().order_by_asc(bank_holiday::Column::Date).all(db).await
}

/// Adds days that are not there yet.
pub async fn bank_holidays_insert_in_txn(days: &[(NaiveDate, String)], db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let rows = days.iter().map(|(date, name)| bank_holiday::ActiveModel { date: Set(*date), name: Set(name.clone()) });
    bank_holiday::Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}

/// Takes a day out.
pub async fn bank_holiday_delete_in_txn(day: NaiveDate, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    bank_holiday::Entity::delete_by_id(day).exec(db).await?;
    Ok(())
}
