//! Bank holidays in the database.

use super::notice::BankHolidays;
use crate::entity::bank_holiday;
use chrono::{Datelike, NaiveDate};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// All bank holidays that are known.
pub async fn bank_holidays_load(db: &impl ConnectionTrait) -> Result<BankHolidays, DbErr> {
    let rows = bank_holiday::Entity::find().all(db).await?;
    Ok(BankHolidays::new(rows.into_iter().map(|row| row.date)))
}

/// The bank holidays that counting working days from or to these days can meet: of the days' years, the year before
/// and the year after. The longest notice is 60 working days.
pub async fn bank_holidays_around(
    days: impl IntoIterator<Item = NaiveDate>,
    db: &impl ConnectionTrait,
) -> Result<BankHolidays, DbErr> {
    let years: Vec<i32> = days.into_iter().map(|day| day.year()).collect();
    let (Some(first), Some(last)) = (years.iter().min(), years.iter().max()) else {
        return Ok(BankHolidays::default());
    };
    let from = NaiveDate::from_ymd_opt(first.saturating_sub(1), 1, 1).unwrap_or(NaiveDate::MIN);
    let to = NaiveDate::from_ymd_opt(last.saturating_add(1), 12, 31).unwrap_or(NaiveDate::MAX);
    let days = bank_holiday::Entity::find()
        .select_only()
        .column(bank_holiday::Column::Date)
        .filter(bank_holiday::Column::Date.between(from, to))
        .into_tuple()
        .all(db)
        .await?;
    Ok(BankHolidays::new(days))
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
