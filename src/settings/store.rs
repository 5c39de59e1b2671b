//! Settings in the database.

use super::rules::{Board, CONFIDENCE_STATEMENTS, CORE_STATEMENT, HIGH_LABEL, LOW_LABEL, PolicyTerms, keys};
use crate::{
    accounts::rules::PersonId,
    calendar::bank_holidays::bank_holidays,
    charges::rules::PolicyVersionId,
    entity::{bank_holiday, instrument, item, policy, policy_version, setting},
    surveys::rules::{InstrumentId, ItemKind},
};
use chrono::{DateTime, NaiveDate, Utc};
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

/// Adds the default charging policy with its first version.
pub async fn policy_seed_in_txn(
    terms: &PolicyTerms,
    effective_from: NaiveDate,
    created_by: Option<PersonId>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<PolicyVersionId, DbErr> {
    let row =
        policy::ActiveModel { name: Set("Charging policy".to_owned()), is_default: Set(true), ..Default::default() };
    let policy = policy::Entity::insert(row).exec(db).await?.last_insert_id;
    let version = policy_version::ActiveModel {
        policy_id: Set(policy),
        effective_from: Set(effective_from),
        notice_days: Set(terms.notice_days),
        notice_unit: Set(terms.notice_unit),
        amount_pence: Set(terms.amount_pence),
        late_after_minutes: Set(terms.late_after_minutes),
        representation_days: Set(terms.representation_days),
        notify_within_days: Set(terms.notify_within_days),
        second_approver_above_pence: Set(terms.second_approver_above_pence),
        repeat_count: Set(terms.repeat_count),
        repeat_months: Set(terms.repeat_months),
        created_at: Set(now),
        created_by: Set(created_by),
        ..Default::default()
    };
    Ok(policy_version::Entity::insert(version).exec(db).await?.last_insert_id)
}

/// Adds the questionnaire that fits any course: the core statement and four more, rated 1 to 5.
pub async fn instrument_seed_in_txn(db: &impl ConnectionTrait) -> Result<InstrumentId, DbErr> {
    let row = instrument::ActiveModel {
        key: Set("general".to_owned()),
        version: Set(1),
        title: Set("Confidence before and after".to_owned()),
        ..Default::default()
    };
    let instrument = instrument::Entity::insert(row).exec(db).await?.last_insert_id;
    let statements = std::iter::once(&CORE_STATEMENT).chain(&CONFIDENCE_STATEMENTS);
    let rows = statements.zip(1..).map(|(statement, position)| item::ActiveModel {
        instrument_id: Set(instrument),
        key: Set(statement.key.to_owned()),
        version: Set(1),
        kind: Set(if position == 1 { ItemKind::Core } else { ItemKind::Confidence }),
        text: Set(statement.text.to_owned()),
        position: Set(position),
        scale_min: Set(1),
        scale_max: Set(5),
        low_label: Set(LOW_LABEL.to_owned()),
        high_label: Set(HIGH_LABEL.to_owned()),
        ..Default::default()
    });
    item::Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(instrument)
}
