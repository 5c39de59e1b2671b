//! Settings in the database.

use super::rules::{Board, keys};
use crate::{
    bookings::rules::BookingState,
    calendar::bank_holidays::bank_holidays,
    charges::rules::ChargeState,
    entity::{agency, bank_holiday, booking, charge, course, person, session, session_date, setting, venue},
    sessions::rules::SessionStatus,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::{OnConflict, Query},
};

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

/// How often the settings page was saved.
pub async fn settings_version_get(db: &impl ConnectionTrait) -> Result<i32, DbErr> {
    Ok(setting_get(keys::VERSION, db).await?.and_then(|text| text.parse().ok()).unwrap_or_default())
}

/// Counts one more change if the settings are still at this version. Returns whether they were.
pub async fn settings_version_next_in_txn(
    version: i32,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let row = setting::ActiveModel { key: Set(keys::VERSION.into()), value: Set("0".to_owned()), changed_at: Set(now) };
    setting::Entity::insert(row)
        .on_conflict(OnConflict::column(setting::Column::Key).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    let next = setting::Entity::update_many()
        .set(setting::ActiveModel {
            value: Set(version.saturating_add(1).to_string()),
            changed_at: Set(now),
            ..Default::default()
        })
        .filter(setting::Column::Key.eq(keys::VERSION))
        .filter(setting::Column::Value.eq(version.to_string()));
    Ok(next.exec(db).await?.rows_affected == 1)
}

/// Adds the bank holidays of England and Wales that are known to the program; those that are there already stay.
pub async fn bank_holidays_seed_in_txn(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let rows =
        bank_holidays().map(|(date, name)| bank_holiday::ActiveModel { date: Set(date), name: Set(name.to_owned()) });
    bank_holiday::Entity::insert_many(rows)
        .on_conflict(OnConflict::column(bank_holiday::Column::Date).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Writes the board's own lines.
pub async fn board_put_in_txn(board: &Board, now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    setting_put(keys::BOARD_NAME, &board.name, now, db).await?;
    setting_put(keys::SERVICE_NAME, &board.service_name, now, db).await?;
    if let Some(contact) = &board.contact {
        setting_put(keys::CONTACT, contact, now, db).await?;
    }
    Ok(())
}

/// What the office's first page counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfficeCounts {
    /// Courses, drafts and archived ones included.
    pub courses: u64,
    /// Sessions that have not begun and are not cancelled.
    pub sessions_to_come: u64,
    /// Venues.
    pub venues: u64,
    /// People who were not erased.
    pub people: u64,
    /// Agencies that are not closed.
    pub agencies: u64,
}

/// Counts what the office looks after.
pub async fn office_counts(now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<OfficeCounts, DbErr> {
    let to_come = session::Entity::find()
        .filter(session::Column::StartsAt.gt(now))
        .filter(session::Column::Status.ne(SessionStatus::Cancelled));
    Ok(OfficeCounts {
        courses: course::Entity::find().count(db).await?,
        sessions_to_come: to_come.count(db).await?,
        venues: venue::Entity::find().count(db).await?,
        people: person::Entity::find().filter(person::Column::ErasedAt.is_null()).count(db).await?,
        agencies: agency::Entity::find().filter(agency::Column::ClosedAt.is_null()).count(db).await?,
    })
}

/// Requests for places that wait for an approver.
pub async fn bookings_to_approve(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    booking::Entity::find().filter(booking::Column::State.eq(BookingState::Requested)).count(db).await
}

/// Charges that were made by rule and that nobody was told of yet.
pub async fn charges_to_notify(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    charge::Entity::find().filter(charge::Column::State.eq(ChargeState::Proposed)).count(db).await
}

/// Published sessions that are over and have a date whose register was not submitted.
pub async fn registers_missing(now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let open = Query::select()
        .column(session_date::Column::SessionId)
        .from(session_date::Entity)
        .and_where(session_date::Column::SubmittedAt.is_null())
        .to_owned();
    session::Entity::find()
        .filter(session::Column::Status.eq(SessionStatus::Published))
        .filter(session::Column::EndsAt.lt(now))
        .filter(session::Column::Id.in_subquery(open))
        .count(db)
        .await
}
