//! How long places are held and when people are reminded.

use crate::{
    bookings::rules::{Periods, period_keys},
    entity::setting,
    settings::store::setting_put,
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

/// The periods: as set, else as the program proposes.
pub async fn periods_get(db: &impl ConnectionTrait) -> Result<Periods, DbErr> {
    let mut periods = Periods::default();
    let keys = [period_keys::APPROVAL, period_keys::OFFER, period_keys::REMINDER];
    for row in setting::Entity::find().filter(setting::Column::Key.is_in(keys)).all(db).await? {
        let Ok(days) = row.value.parse() else { continue };
        match row.key.as_str() {
            period_keys::APPROVAL => periods.approval = days,
            period_keys::OFFER => periods.offer = days,
            _ => periods.reminder = days,
        }
    }
    Ok(periods)
}

/// Sets the periods. What was promised before stays as it was promised.
pub async fn periods_put_in_txn(periods: Periods, now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    setting_put(period_keys::APPROVAL, &periods.approval.to_string(), now, db).await?;
    setting_put(period_keys::OFFER, &periods.offer.to_string(), now, db).await?;
    setting_put(period_keys::REMINDER, &periods.reminder.to_string(), now, db).await
}
