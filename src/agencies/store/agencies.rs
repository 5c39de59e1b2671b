//! Agencies.

use crate::{
    agencies::rules::{AgencyId, AgencyType},
    entity::{agency, person, role},
    server::database::{holding, rows_before},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func},
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
    /// Its training leads get copies of the mails to their staff.
    pub copy_leads: bool,
}

fn columns_of(lines: AgencyLines) -> agency::ActiveModel {
    agency::ActiveModel {
        name: Set(lines.name),
        agency_type: Set(lines.agency_type),
        sector: Set(lines.sector),
        mail_domain: Set(lines.mail_domain.map(|domain| domain.to_lowercase())),
        billing_name: Set(lines.billing_name),
        billing_address: Set(lines.billing_address),
        cost_code: Set(lines.cost_code),
        same_legal_body: Set(lines.same_legal_body),
        needs_approval: Set(lines.needs_approval),
        copy_leads: Set(lines.copy_leads),
        ..Default::default()
    }
}

/// Adds an agency.
pub async fn agency_insert_in_txn(lines: AgencyLines, db: &impl ConnectionTrait) -> Result<AgencyId, DbErr> {
    let row = agency::ActiveModel { closed_at: Set(None), version: Set(1), ..columns_of(lines) };
    Ok(agency::Entity::insert(row).exec(db).await?.last_insert_id)
}

/// An agency, closed or not.
pub async fn agency_get(agency: AgencyId, db: &impl ConnectionTrait) -> Result<Option<agency::Model>, DbErr> {
    agency::Entity::find_by_id(agency).one(db).await
}

/// Several agencies, closed or not, in no order.
pub async fn agencies_by_id(
    agencies: impl IntoIterator<Item = AgencyId>,
    db: &impl ConnectionTrait,
) -> Result<Vec<agency::Model>, DbErr> {
    agency::Entity::find().filter(agency::Column::Id.is_in(agencies)).all(db).await
}

/// Agencies that people can choose, by name.
pub async fn agency_list_open(db: &impl ConnectionTrait) -> Result<Vec<agency::Model>, DbErr> {
    agency::Entity::find().filter(agency::Column::ClosedAt.is_null()).order_by_asc(agency::Column::Name).all(db).await
}

/// The sectors of open agencies, by name.
pub async fn sector_list(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    agency::Entity::find()
        .select_only()
        .column(agency::Column::Sector)
        .filter(agency::Column::ClosedAt.is_null())
        .distinct()
        .order_by_asc(agency::Column::Sector)
        .into_tuple()
        .all(db)
        .await
}

/// Changes an agency, if nobody else has since `version` was read. Returns whether it was changed.
pub async fn agency_update_in_txn(
    agency: AgencyId,
    version: i32,
    lines: AgencyLines,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let row = agency::ActiveModel { version: Set(version + 1), ..columns_of(lines) };
    let update = agency::Entity::update_many()
        .set(row)
        .filter(agency::Column::Id.eq(agency))
        .filter(agency::Column::Version.eq(version));
    Ok(update.exec(db).await?.rows_affected == 1)
}

/// Closes an agency (`Some`) or opens it again. Returns whether anything changed.
pub async fn agency_set_closed_in_txn(
    agency: AgencyId,
    closed_at: Option<DateTime<Utc>>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let mut update = agency::Entity::update_many()
        .set(agency::ActiveModel { closed_at: Set(closed_at), ..Default::default() })
        .col_expr(agency::Column::Version, Expr::col(agency::Column::Version).add(1))
        .filter(agency::Column::Id.eq(agency));
    update = match closed_at {
        Some(_) => update.filter(agency::Column::ClosedAt.is_null()),
        None => update.filter(agency::Column::ClosedAt.is_not_null()),
    };
    Ok(update.exec(db).await?.rows_affected == 1)
}

/// The agency with this name, whatever its case.
pub async fn agency_by_name(name: &str, db: &impl ConnectionTrait) -> Result<Option<agency::Model>, DbErr> {
    agency::Entity::find()
        .filter(Expr::expr(Func::lower(Expr::col(agency::Column::Name))).eq(name.to_lowercase()))
        .one(db)
        .await
}

/// How the office's list of agencies is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgencyQuery {
    /// Part of the name; "" for all.
    pub search: String,
    /// Only of this kind.
    pub agency_type: Option<AgencyType>,
    /// Closed ones instead of open ones.
    pub closed: bool,
    /// By kind, then name, instead of by name.
    pub by_type: bool,
    /// Z first.
    pub descending: bool,
    /// From 1.
    pub page: u64,
}

/// Agencies on one page of a list.
pub const AGENCIES_PER_PAGE: u64 = 50;

/// One page of the office's list of agencies, and how many there are in all.
pub async fn agencies_page(query: &AgencyQuery, db: &impl ConnectionTrait) -> Result<(Vec<agency::Model>, u64), DbErr> {
    let mut find = agency::Entity::find();
    find = if query.closed {
        find.filter(agency::Column::ClosedAt.is_not_null())
    } else {
        find.filter(agency::Column::ClosedAt.is_null())
    };
    if !query.search.is_empty() {
        let pattern = holding(&query.search.to_lowercase());
        find = find.filter(Expr::expr(Func::lower(Expr::col(agency::Column::Name))).like(pattern));
    }
    if let Some(kind) = query.agency_type {
        find = find.filter(agency::Column::AgencyType.eq(kind));
    }
    let total = find.clone().count(db).await?;
    let order = if query.descending { sea_orm::Order::Desc } else { sea_orm::Order::Asc };
    if query.by_type {
        find = find.order_by(agency::Column::AgencyType, order.clone());
    }
    find = find.order_by(agency::Column::Name, order);
    let skipped = rows_before(query.page, total, AGENCIES_PER_PAGE);
    Ok((find.offset(skipped).limit(AGENCIES_PER_PAGE).all(db).await?, total))
}

/// The people who have a role for an agency: training leads and billing contacts.
pub async fn agency_contacts(
    agency: AgencyId,
    db: &impl ConnectionTrait,
) -> Result<Vec<(role::Model, person::Model)>, DbErr> {
    let roles =
        role::Entity::find().filter(role::Column::AgencyId.eq(agency)).order_by_asc(role::Column::Id).all(db).await?;
    let ids: Vec<_> = roles.iter().map(|row| row.person_id).collect();
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    let person_of = |id| people.iter().find(|person| person.id == id).cloned();
    Ok(roles.into_iter().filter_map(|row| person_of(row.person_id).map(|person| (row, person))).collect())
}
