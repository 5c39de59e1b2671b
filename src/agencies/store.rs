//! Agencies and memberships in the database.

use super::rules::{AgencyId, AgencyType, Confirmation, MembershipId, is_confirmed_by_mail};
use crate::{
    accounts::rules::PersonId,
    entity::{agency, membership},
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};

/// What the office knows of an agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencyLines {
    /// Its name, unique.
    pub name: String,
    /// Its kind.
    pub agency_type: AgencyType,
    /// The broad sector that may be named beside a quote: "Health", "Voluntary sector".
    pub sector: String,
    /// "oxford.example.org": a proven address there confirms a membership.
    pub mail_domain: Option<String>,
    /// Who is invoiced.
    pub billing_name: Option<String>,
    /// Where invoices go.
    pub billing_address: Option<String>,
    /// The cost code of a recharge inside the same legal body.
    pub cost_code: Option<String>,
    /// Charges become recharges instead of invoices.
    pub same_legal_body: bool,
    /// Its training lead approves bookings.
    pub needs_approval: bool,
}

/// Adds an agency.
pub async fn agency_insert_in_txn(lines: AgencyLines, db: &impl ConnectionTrait) -> Result<AgencyId, DbErr> {
    let row = agency::ActiveModel {
        name: Set(lines.name),
        agency_type: Set(lines.agency_type),
        sector: Set(lines.sector),
        mail_domain: Set(lines.mail_domain.map(|domain| domain.to_lowercase())),
        billing_name: Set(lines.billing_name),
        billing_address: Set(lines.billing_address),
        cost_code: Set(lines.cost_code),
        same_legal_body: Set(lines.same_legal_body),
        needs_approval: Set(lines.needs_approval),
        closed_at: Set(None),
        version: Set(1),
        ..Default::default()
    };
    Ok(agency::Entity::insert(row).exec(db).await?.last_insert_id)
}

/// An agency, closed or not.
pub async fn agency_get(agency: AgencyId, db: &impl ConnectionTrait) -> Result<Option<agency::Model>, DbErr> {
    agency::Entity::find_by_id(agency).one(db).await
}

/// Agencies that people can choose, by name.
pub async fn agency_list_open(db: &impl ConnectionTrait) -> Result<Vec<agency::Model>, DbErr> {
    agency::Entity::find().filter(agency::Column::ClosedAt.is_null()).order_by_asc(agency::Column::Name).all(db).await
}

/// A person's link to an agency as it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMembership {
    /// Who.
    pub person: PersonId,
    /// Where.
    pub agency: AgencyId,
    /// What they do there.
    pub job_role: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day, where it is known.
    pub to: Option<NaiveDate>,
    /// Who confirmed it and when; None while it is only claimed.
    pub confirmed: Option<(Confirmation, DateTime<Utc>)>,
}

/// Adds a membership.
pub async fn membership_insert_in_txn(
    membership: NewMembership,
    db: &impl ConnectionTrait,
) -> Result<MembershipId, DbErr> {
    let row = membership::ActiveModel {
        person_id: Set(membership.person),
        agency_id: Set(membership.agency),
        job_role: Set(membership.job_role),
        from_date: Set(membership.from),
        to_date: Set(membership.to),
        confirmed_at: Set(membership.confirmed.map(|(_, at)| at)),
        confirmed_by: Set(membership.confirmed.map(|(by, _)| by)),
        ..Default::default()
    };
    Ok(membership::Entity::insert(row).exec(db).await?.last_insert_id)
}

/// Memberships that hold on a London day, each with its agency; confirmed ones first, then the latest. Only a
/// confirmed one (`confirmed_at`) counts for charges and for a training lead's view.
pub async fn memberships_current(
    person: PersonId,
    day: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<Vec<(membership::Model, agency::Model)>, DbErr> {
    let open = Condition::any().add(membership::Column::ToDate.is_null()).add(membership::Column::ToDate.gte(day));
    let rows = membership::Entity::find()
        .filter(membership::Column::PersonId.eq(person))
        .filter(membership::Column::FromDate.lte(day))
        .filter(open)
        .order_by_desc(membership::Column::FromDate)
        .all(db)
        .await?;
    let mut pairs = with_agencies(rows, db).await?;
    pairs.sort_by_key(|(membership, _)| membership.confirmed_at.is_none());
    Ok(pairs)
}

/// All memberships of a person, past ones too, the latest first.
pub async fn memberships_of(
    person: PersonId,
    db: &impl ConnectionTrait,
) -> Result<Vec<(membership::Model, agency::Model)>, DbErr> {
    let rows = membership::Entity::find()
        .filter(membership::Column::PersonId.eq(person))
        .order_by_desc(membership::Column::FromDate)
        .order_by_desc(membership::Column::Id)
        .all(db)
        .await?;
    with_agencies(rows, db).await
}

/// Confirms a person's claimed memberships of agencies whose mail domain is that of one of these proven addresses.
pub async fn memberships_confirm_by_mail_in_txn(
    person: PersonId,
    proven: &[String],
    day: NaiveDate,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    for (membership, agency) in memberships_current(person, day, db).await? {
        let is_claimed = membership.confirmed_at.is_none();
        if is_claimed && is_confirmed_by_mail(agency.mail_domain.as_deref(), proven) {
            membership_confirm_in_txn(membership.id, Confirmation::MailDomain, now, db).await?;
        }
    }
    Ok(())
}

/// Confirms a membership that is only claimed. Returns whether anything changed.
pub async fn membership_confirm_in_txn(
    membership: MembershipId,
    by: Confirmation,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let row =
        membership::ActiveModel { confirmed_at: Set(Some(now)), confirmed_by: Set(Some(by)), ..Default::default() };
    let claimed = membership::Entity::update_many()
        .set(row)
        .filter(membership::Column::Id.eq(membership))
        .filter(membership::Column::ConfirmedAt.is_null());
    Ok(claimed.exec(db).await?.rows_affected == 1)
}

/// How many memberships wait to be confirmed.
pub async fn membership_count_claimed(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    claimed().count(db).await
}

fn claimed() -> sea_orm::Select<membership::Entity> {
    membership::Entity::find()
        .filter(membership::Column::ConfirmedAt.is_null())
        .filter(membership::Column::ToDate.is_null())
}

async fn with_agencies(
    rows: Vec<membership::Model>,
    db: &impl ConnectionTrait,
) -> Result<Vec<(membership::Model, agency::Model)>, DbErr> {
    let ids: Vec<AgencyId> = rows.iter().map(|row| row.agency_id).collect();
    let agencies = agency::Entity::find().filter(agency::Column::Id.is_in(ids)).all(db).await?;
    let agency_of = |id: AgencyId| agencies.iter().find(|agency| agency.id == id).cloned();
    Ok(rows.into_iter().filter_map(|row| agency_of(row.agency_id).map(|agency| (row, agency))).collect())
}
