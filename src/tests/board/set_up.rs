//! What every board of the tests starts with: bank holidays and a policy.

use chrono::{DateTime, NaiveDate, Utc};
use learning_gain::{
    charges::rules::{NoticeUnit, PolicyVersionId},
    entity::{bank_holiday, policy, policy_version},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// England and Wales, 2024 to 2026, from gov.uk/bank-holidays.
pub(super) async fn insert_bank_holidays(txn: &DatabaseTransaction) {
    let days = [
        (2024, 1, 1),
        (2024, 3, 29),
        (2024, 4, 1),
        (2024, 5, 6),
        (2024, 5, 27),
        (2024, 8, 26),
        (2024, 12, 25),
        (2024, 12, 26),
        (2025, 1, 1),
        (2025, 4, 18),
        (2025, 4, 21),
        (2025, 5, 5),
        (2025, 5, 26),
        (2025, 8, 25),
        (2025, 12, 25),
        (2025, 12, 26),
        (2026, 1, 1),
        (2026, 4, 3),
        (2026, 4, 6),
        (2026, 5, 4),
        (2026, 5, 25),
        (2026, 8, 31),
        (2026, 12, 25),
        (2026, 12, 28),
    ];
    let rows = days.map(|(year, month, day)| bank_holiday::ActiveModel {
        date: Set(NaiveDate::from_ymd_opt(year, month, day).unwrap()),
        name: Set("Bank holiday".into()),
    });
    bank_holiday::Entity::insert_many(rows).exec_without_returning(txn).await.unwrap();
}

/// The usual policy: six working days, 50 pounds, 20 minutes.
pub(super) async fn insert_policy(now: DateTime<Utc>, txn: &DatabaseTransaction) -> PolicyVersionId {
    let policy =
        policy::ActiveModel { name: Set("Charging policy".into()), is_default: Set(true), ..Default::default() };
    let policy = policy.insert(txn).await.unwrap();
    let version = policy_version::ActiveModel {
        policy_id: Set(policy.id),
        effective_from: Set(NaiveDate::from_ymd_opt(2019, 4, 1).unwrap()),
        notice_days: Set(6),
        notice_unit: Set(NoticeUnit::WorkingDays),
        amount_pence: Set(5000),
        late_after_minutes: Set(20),
        representation_days: Set(10),
        notify_within_days: Set(20),
        second_approver_above_pence: Set(20000),
        repeat_count: Set(2),
        repeat_months: Set(12),
        created_at: Set(now),
        ..Default::default()
    };
    version.insert(txn).await.unwrap().id
}
