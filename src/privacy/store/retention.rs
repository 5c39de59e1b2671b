//! How long data is kept, and forgetting it.

use crate::{
    entity::{booking, outbox, session},
    privacy::rules::{Retention, keys},
    settings::store::{setting_get, setting_put},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, Query},
};

/// How long data is kept: as set, else as the program proposes.
pub async fn retention_get(db: &impl ConnectionTrait) -> Result<Retention, DbErr> {
    let usual = Retention::default();
    let days = |set: Option<String>, usual: u32| set.and_then(|text| text.parse().ok()).unwrap_or(usual);
    Ok(Retention {
        access_needs_days: days(setting_get(keys::ACCESS_NEEDS_DAYS, db).await?, usual.access_needs_days),
        mails_days: days(setting_get(keys::MAILS_DAYS, db).await?, usual.mails_days),
    })
}

/// Sets how long data is kept.
pub async fn retention_put_in_txn(
    retention: Retention,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    setting_put(keys::ACCESS_NEEDS_DAYS, &retention.access_needs_days.to_string(), now, db).await?;
    setting_put(keys::MAILS_DAYS, &retention.mails_days.to_string(), now, db).await
}

/// Forgets what people needed at sessions that ended before a moment. Returns how many bookings that were.
pub async fn access_needs_forget_in_txn(ended_before: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let over = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .and_where(session::Column::EndsAt.lt(ended_before))
        .to_owned();
    let forget = booking::Entity::update_many()
        .col_expr(booking::Column::AccessNeeds, Expr::value(Option::<String>::None))
        .filter(booking::Column::AccessNeeds.is_not_null())
        .filter(booking::Column::SessionId.in_subquery(over));
    Ok(forget.exec(db).await?.rows_affected)
}

/// Forgets the texts of mails sent before a moment. Returns how many that were.
pub async fn mails_forget_in_txn(sent_before: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let nothing = || Expr::value(Option::<String>::None);
    let any_text = Condition::any()
        .add(outbox::Column::Body.is_not_null())
        .add(outbox::Column::Html.is_not_null())
        .add(outbox::Column::Calendar.is_not_null());
    let forget = outbox::Entity::update_many()
        .col_expr(outbox::Column::Body, nothing())
        .col_expr(outbox::Column::Html, nothing())
        .col_expr(outbox::Column::Calendar, nothing())
        .filter(outbox::Column::SentAt.lt(sent_before))
        .filter(any_text);
    Ok(forget.exec(db).await?.rows_affected)
}
