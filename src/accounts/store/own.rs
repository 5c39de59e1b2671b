//! What people change about themselves, and the office about them.

use crate::{
    accounts::{
        rules::{AddressId, PersonId, Role},
        store::{NewPerson, former::former_detail_insert_in_txn, person_get},
    },
    entity::{address, person, role},
    server::database::{holding, rows_before},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, ModelTrait, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func, Query},
};
use std::collections::HashMap;

/// Changes what is known of a person, if nobody else has changed it since `version`; a name that they had before is
/// kept for erasing. Returns whether it was changed.
pub async fn person_update_in_txn(
    person: PersonId,
    version: i32,
    details: NewPerson,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let before = person_get(person, db).await?.filter(|row| row.name != details.name);
    let update = person::Entity::update_many()
        .set(person::ActiveModel {
            name: Set(details.name),
            kind: Set(details.kind),
            under_18: Set(details.under_18),
            version: Set(version.saturating_add(1)),
            ..Default::default()
        })
        .filter(person::Column::Id.eq(person))
        .filter(person::Column::Version.eq(version))
        .filter(person::Column::ErasedAt.is_null());
    let changed = update.exec(db).await?.rows_affected == 1;
    if let Some(before) = before.filter(|_| changed) {
        former_detail_insert_in_txn(person, &before.name, db).await?;
    }
    Ok(changed)
}

/// Makes one of a person's addresses the main one.
pub async fn address_make_main_in_txn(
    person: PersonId,
    address: AddressId,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    for (is_main, which) in [(false, address::Column::Id.ne(address)), (true, address::Column::Id.eq(address))] {
        address::Entity::update_many()
            .col_expr(address::Column::Main, Expr::value(is_main))
            .filter(address::Column::PersonId.eq(person))
            .filter(which)
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Takes an address away from its person; for erasing it is kept that it was theirs.
pub async fn address_delete_in_txn(address: AddressId, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if let Some(row) = address::Entity::find_by_id(address).one(db).await? {
        former_detail_insert_in_txn(row.person_id, &row.address, db).await?;
        row.delete(db).await?;
    }
    Ok(())
}

/// How many administrators there are: a board always keeps one.
pub async fn administrator_count(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    role::Entity::find().filter(role::Column::Role.eq(Role::Administrator)).count(db).await
}

/// By what the office's list of people is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PeopleOrder {
    /// By name.
    #[default]
    Name,
    /// By when they came.
    Since,
}

/// How the office's list of people is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleQuery {
    /// Part of a name or address; "" for everybody.
    pub search: String,
    /// Only people with this role.
    pub role: Option<Role>,
    /// The order.
    pub order: PeopleOrder,
    /// The other way round.
    pub descending: bool,
    /// From 1.
    pub page: u64,
}

/// People on one page of a list.
pub const PEOPLE_PER_PAGE: u64 = 50;

/// One row of the office's list of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// The person.
    pub person: person::Model,
    /// Their main address.
    pub address: Option<String>,
    /// Their roles.
    pub roles: Vec<Role>,
}

/// One page of the office's list of people, and how many there are in all.
pub async fn people_page(query: &PeopleQuery, db: &impl ConnectionTrait) -> Result<(Vec<PersonRow>, u64), DbErr> {
    let mut find = person::Entity::find().filter(person::Column::ErasedAt.is_null());
    if !query.search.is_empty() {
        find = find.filter(matches_text(&query.search));
    }
    if let Some(wanted) = query.role {
        let holders = Query::select()
            .column(role::Column::PersonId)
            .from(role::Entity)
            .and_where(role::Column::Role.eq(wanted))
            .to_owned();
        find = find.filter(person::Column::Id.in_subquery(holders));
    }
    let total = find.clone().count(db).await?;
    let column = match query.order {
        PeopleOrder::Name => person::Column::Name,
        PeopleOrder::Since => person::Column::CreatedAt,
    };
    let order = if query.descending { Order::Desc } else { Order::Asc };
    find = find.order_by(column, order.clone()).order_by(person::Column::Id, order);
    let skipped = rows_before(query.page, total, PEOPLE_PER_PAGE);
    let people = find.offset(skipped).limit(PEOPLE_PER_PAGE).all(db).await?;
    let ids: Vec<PersonId> = people.iter().map(|row| row.id).collect();
    let addresses = main_addresses(&ids, db).await?;
    let roles = role::Entity::find().filter(role::Column::PersonId.is_in(ids)).all(db).await?;
    let rows = people
        .into_iter()
        .map(|person| {
            let address = addresses.get(&person.id).cloned();
            let mut held: Vec<Role> =
                roles.iter().filter(|row| row.person_id == person.id).map(|row| row.role).collect();
            held.sort();
            held.dedup();
            PersonRow { person, address, roles: held }
        })
        .collect();
    Ok((rows, total))
}

/// Part of the name or of any address, whatever its case.
fn matches_text(text: &str) -> Condition {
    let pattern = || holding(&text.to_lowercase());
    let owners = Query::select()
        .column(address::Column::PersonId)
        .from(address::Entity)
        .and_where(Expr::col(address::Column::Address).like(pattern()))
        .to_owned();
    Condition::any()
        .add(Expr::expr(Func::lower(Expr::col((person::Entity, person::Column::Name)))).like(pattern()))
        .add(person::Column::Id.in_subquery(owners))
}

/// The main addresses of several people.
pub async fn main_addresses(
    people: &[PersonId],
    db: &impl ConnectionTrait,
) -> Result<HashMap<PersonId, String>, DbErr> {
    let rows = address::Entity::find()
        .filter(address::Column::PersonId.is_in(people.to_vec()))
        .filter(address::Column::Main.eq(true))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.person_id, row.address)).collect())
}
