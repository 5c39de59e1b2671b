//! People, their addresses and their roles.

use crate::{
    accounts::rules::{AddressId, PersonId, PersonKind, Role},
    agencies::rules::AgencyId,
    entity::{address, person, role},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use std::collections::HashSet;

/// What is known of somebody at first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    /// Their full name.
    pub name: String,
    /// How they work with children.
    pub kind: PersonKind,
    /// Nobody under 18 is ever charged.
    pub under_18: bool,
}

/// Adds a person, as yet without an address.
pub async fn person_insert_in_txn(
    person: NewPerson,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<PersonId, DbErr> {
    let row = person::ActiveModel {
        name: Set(person.name),
        kind: Set(person.kind),
        under_18: Set(person.under_18),
        created_at: Set(now),
        erased_at: Set(None),
        version: Set(1),
        ..Default::default()
    };
    Ok(person::Entity::insert(row).exec(db).await?.last_insert_id)
}

/// A person who was not erased.
pub async fn person_get(person: PersonId, db: &impl ConnectionTrait) -> Result<Option<person::Model>, DbErr> {
    person::Entity::find_by_id(person).filter(person::Column::ErasedAt.is_null()).one(db).await
}

/// Adds an address in lower case; `proven_at` is when its owner showed that they read its mail, and only proven ones
/// sign in. A person's first address is their main one. An address can belong to one person only: a second insert is
/// refused by the database's unique index.
pub async fn address_insert_in_txn(
    person: PersonId,
    address: &str,
    proven_at: Option<DateTime<Utc>>,
    db: &impl ConnectionTrait,
) -> Result<AddressId, DbErr> {
    let others = address::Entity::find().filter(address::Column::PersonId.eq(person)).count(db).await?;
    let row = address::ActiveModel {
        person_id: Set(person),
        address: Set(address.trim().to_lowercase()),
        proven_at: Set(proven_at),
        main: Set(others == 0),
        bounced_at: Set(None),
        ..Default::default()
    };
    Ok(address::Entity::insert(row).exec(db).await?.last_insert_id)
}

/// Whose address it is, proven or not.
pub async fn address_by_text(address: &str, db: &impl ConnectionTrait) -> Result<Option<address::Model>, DbErr> {
    address::Entity::find().filter(address::Column::Address.eq(address.trim().to_lowercase())).one(db).await
}

/// Notes that its owner reads an address; the first proof stays.
pub async fn address_prove_in_txn(
    address: AddressId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    address::Entity::update_many()
        .col_expr(address::Column::ProvenAt, Expr::value(Some(now)))
        .filter(address::Column::Id.eq(address))
        .filter(address::Column::ProvenAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// Notes that mail to an address comes back: nobody is written to there any more. Returns whether that is new.
pub async fn address_bounce_in_txn(
    address: &str,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let updated = address::Entity::update_many()
        .col_expr(address::Column::BouncedAt, Expr::value(Some(now)))
        .filter(address::Column::Address.eq(address.trim().to_lowercase()))
        .filter(address::Column::BouncedAt.is_null())
        .exec(db)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Those of these addresses to which mail comes back, in lower case.
pub async fn addresses_bounced<'a>(
    addresses: impl Iterator<Item = &'a str>,
    db: &impl ConnectionTrait,
) -> Result<HashSet<String>, DbErr> {
    let rows = address::Entity::find()
        .select_only()
        .column(address::Column::Address)
        .filter(address::Column::Address.is_in(addresses.map(|address| address.trim().to_lowercase())))
        .filter(address::Column::BouncedAt.is_not_null())
        .into_tuple::<String>()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Notes that an address works again. Returns whether it did not before.
pub async fn address_works_in_txn(address: AddressId, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let updated = address::Entity::update_many()
        .col_expr(address::Column::BouncedAt, Expr::value(None::<DateTime<Utc>>))
        .filter(address::Column::Id.eq(address))
        .filter(address::Column::BouncedAt.is_not_null())
        .exec(db)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// A person's addresses, the main one first.
pub async fn addresses_of(person: PersonId, db: &impl ConnectionTrait) -> Result<Vec<address::Model>, DbErr> {
    address::Entity::find()
        .filter(address::Column::PersonId.eq(person))
        .order_by_desc(address::Column::Main)
        .order_by_asc(address::Column::Address)
        .all(db)
        .await
}

/// Where mail for somebody goes; None for people without an address (somebody walked in, or was erased).
pub async fn person_main_address(person: PersonId, db: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    Ok(addresses_of(person, db).await?.into_iter().next().map(|row| row.address))
}

/// Gives a role; giving it twice is giving it once. Training leads and billing contacts have it for an agency.
/// Returns whether anything changed. Callers end the person's logins (`logins_end_all_in_txn`), which carry roles.
pub async fn role_insert_in_txn(
    person: PersonId,
    role: Role,
    agency: Option<AgencyId>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    if roles_of(person, db).await?.iter().any(|held| held.role == role && held.agency_id == agency) {
        return Ok(false);
    }
    let row =
        role::ActiveModel { person_id: Set(person), role: Set(role), agency_id: Set(agency), ..Default::default() };
    role::Entity::insert(row).exec_without_returning(db).await?;
    Ok(true)
}

/// Takes a role away. Returns whether anything changed.
pub async fn role_remove_in_txn(
    person: PersonId,
    role: Role,
    agency: Option<AgencyId>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let mut held =
        role::Entity::delete_many().filter(role::Column::PersonId.eq(person)).filter(role::Column::Role.eq(role));
    held = match agency {
        Some(agency) => held.filter(role::Column::AgencyId.eq(agency)),
        None => held.filter(role::Column::AgencyId.is_null()),
    };
    Ok(held.exec(db).await?.rows_affected > 0)
}

/// A person's roles, in a steady order.
pub async fn roles_of(person: PersonId, db: &impl ConnectionTrait) -> Result<Vec<role::Model>, DbErr> {
    role::Entity::find().filter(role::Column::PersonId.eq(person)).order_by_asc(role::Column::Id).all(db).await
}
