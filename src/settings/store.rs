//! Settings in the database.

use super::rules::{Board, keys};
use crate::entity::setting;
use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, sea_query::OnConflict};

/// The value of a setting, if it was ever set.
pub async fn setting_get(key: &str, db: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    Ok(setting::Entity::find_by_id(key).one(db).await?.map(|row| row.value))
}

/// Sets a setting.
pub async fn setting_put(key: &str, value: &str, now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let row = setting::ActiveModel { key: Set(key.into()), value: Set(value.into()), changed_at: Set(now) };
    let replace = OnConflict::column(setting::Column::Key)
        .update_columns([setting::Column::Value, setting::Column::ChangedAt])
        .to_owned();
    setting::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
}

/// The board's own lines.
pub async fn board_get(db: &impl ConnectionTrait) -> Result<Board, DbErr> {
    let mut board = Board::default();
    for row in setting::Entity::find().all(db).await? {
        match row.key.as_str() {
            keys::BOARD_NAME => board.name = row.value,
            keys::SERVICE_NAME => board.service_name = row.value,
            keys::CONTACT => board.contact = Some(row.value),
            _ => {}
        }
    }
    Ok(board)
}
