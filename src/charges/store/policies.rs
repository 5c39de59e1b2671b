//! Policy versions and suspensions.

use crate::{
    accounts::rules::PersonId,
    charges::rules::{PolicyId, PolicyTerms, PolicyVersionId, Suspension},
    entity::{policy, policy_suspension, policy_version},
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Order, Query, SelectStatement},
};

impl From<policy_version::Model> for PolicyTerms {
    fn from(row: policy_version::Model) -> Self {
        let count = |number: i32| u32::try_from(number).unwrap_or(0);
        Self {
            notice_days: count(row.notice_days),
            notice_unit: row.notice_unit,
            amount_pence: row.amount_pence,
            late_after_minutes: count(row.late_after_minutes),
            representation_days: count(row.representation_days),
            notify_within_days: count(row.notify_within_days),
            second_approver_above_pence: row.second_approver_above_pence,
            repeat_count: count(row.repeat_count),
            repeat_months: count(row.repeat_months),
        }
    }
}

/// The default policy, if the board has one yet.
pub async fn policy_default(db: &impl ConnectionTrait) -> Result<Option<policy::Model>, DbErr> {
    policy::Entity::find().filter(policy::Column::IsDefault.eq(true)).order_by_asc(policy::Column::Id).one(db).await
}

fn default_policy() -> SelectStatement {
    Query::select()
        .column(policy::Column::Id)
        .from(policy::Entity)
        .and_where(policy::Column::IsDefault.eq(true))
        .order_by(policy::Column::Id, Order::Asc)
        .limit(1)
        .to_owned()
}

/// The version of the default policy that is in force on a London day: the newest that has begun by then.
pub async fn policy_version_on(
    day: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<Option<policy_version::Model>, DbErr> {
    policy_version::Entity::find()
        .filter(policy_version::Column::PolicyId.in_subquery(default_policy()))
        .filter(policy_version::Column::EffectiveFrom.lte(day))
        .order_by_desc(policy_version::Column::EffectiveFrom)
        .order_by_desc(policy_version::Column::Id)
        .limit(1)
        .one(db)
        .await
}

/// Whether nobody is charged for sessions on a London day.
pub async fn policy_suspended_on(day: NaiveDate, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(policy_suspension_on(day, db).await?.is_some())
}

/// The suspension of the default policy that covers a London day, if there is one.
pub async fn policy_suspension_on(
    day: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<Option<policy_suspension::Model>, DbErr> {
    policy_suspension::Entity::find()
        .filter(policy_suspension::Column::PolicyId.in_subquery(default_policy()))
        .filter(policy_suspension::Column::FromDate.lte(day))
        .filter(policy_suspension::Column::ToDate.gte(day))
        .limit(1)
        .one(db)
        .await
}

/// Adds a version of the default policy, and the policy itself where the board has none yet.
pub async fn policy_version_insert_in_txn(
    terms: &PolicyTerms,
    effective_from: NaiveDate,
    by: Option<PersonId>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<PolicyVersionId, DbErr> {
    let policy = match policy_default(db).await? {
        Some(policy) => policy.id,
        None => policy_insert(db).await?,
    };
    let stored = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let row = policy_version::ActiveModel {
        policy_id: Set(policy),
        effective_from: Set(effective_from),
        notice_days: Set(stored(terms.notice_days)),
        notice_unit: Set(terms.notice_unit),
        amount_pence: Set(terms.amount_pence),
        late_after_minutes: Set(stored(terms.late_after_minutes)),
        representation_days: Set(stored(terms.representation_days)),
        notify_within_days: Set(stored(terms.notify_within_days)),
        second_approver_above_pence: Set(terms.second_approver_above_pence),
        repeat_count: Set(stored(terms.repeat_count)),
        repeat_months: Set(stored(terms.repeat_months)),
        created_at: Set(now),
        created_by: Set(by),
        ..Default::default()
    };
    Ok(policy_version::Entity::insert(row).exec(db).await?.last_insert_id)
}

async fn policy_insert(db: &impl ConnectionTrait) -> Result<PolicyId, DbErr> {
    let row = policy::ActiveModel { name: Set("Charging policy".into()), is_default: Set(true), ..Default::default() };
    Ok(policy::Entity::insert(row).exec(db).await?.last_insert_id)
}

/// Every version of the default policy, newest first.
pub async fn policy_version_list(db: &impl ConnectionTrait) -> Result<Vec<policy_version::Model>, DbErr> {
    let Some(policy) = policy_default(db).await? else { return Ok(Vec::new()) };
    policy_version::Entity::find()
        .filter(policy_version::Column::PolicyId.eq(policy.id))
        .order_by_desc(policy_version::Column::EffectiveFrom)
        .order_by_desc(policy_version::Column::Id)
        .all(db)
        .await
}

/// Every suspension of the default policy, latest first.
pub async fn policy_suspension_list(db: &impl ConnectionTrait) -> Result<Vec<policy_suspension::Model>, DbErr> {
    let Some(policy) = policy_default(db).await? else { return Ok(Vec::new()) };
    policy_suspension::Entity::find()
        .filter(policy_suspension::Column::PolicyId.eq(policy.id))
        .order_by_desc(policy_suspension::Column::FromDate)
        .all(db)
        .await
}

/// Adds a suspension to the default policy. Returns false where the board has no policy yet.
pub async fn policy_suspension_insert_in_txn(suspension: Suspension, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let Some(policy) = policy_default(db).await? else { return Ok(false) };
    let row = policy_suspension::ActiveModel {
        policy_id: Set(policy.id),
        from_date: Set(suspension.from),
        to_date: Set(suspension.to),
        reason: Set(suspension.reason),
        ..Default::default()
    };
    policy_suspension::Entity::insert(row).exec_without_returning(db).await?;
    Ok(true)
}

/// Takes a suspension away. Returns it, or None where it was gone.
pub async fn policy_suspension_delete_in_txn(
    id: i64,
    db: &impl ConnectionTrait,
) -> Result<Option<policy_suspension::Model>, DbErr> {
    let Some(row) = policy_suspension::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    policy_suspension::Entity::delete_by_id(id).exec(db).await?;
    Ok(Some(row))
}
