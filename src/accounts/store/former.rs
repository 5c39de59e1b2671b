//! Names and addresses that people had before. Sentences and mails of that time hold them, so erasing needs to know them.

use crate::{
    accounts::rules::PersonId,
    entity::{address, former_detail, person},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter};

/// Keeps a name or address that somebody has no longer. The same one again is kept once.
pub async fn former_detail_insert_in_txn(
    person: PersonId,
    detail: &str,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    if former_details_of(person, db).await?.iter().any(|kept| kept == detail) {
        return Ok(());
    }
    let row =
        former_detail::ActiveModel { person_id: Set(person), detail: Set(detail.to_owned()), ..Default::default() };
    former_detail::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// What somebody was called and where they were written to before.
pub async fn former_details_of(person: PersonId, db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let rows = former_detail::Entity::find().filter(former_detail::Column::PersonId.eq(person)).all(db).await?;
    Ok(rows.into_iter().map(|row| row.detail).collect())
}

/// Whether somebody else has, or had, this name or address.
pub async fn is_anothers_too(detail: &str, person: PersonId, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let namesakes = person::Entity::find()
        .filter(person::Column::Name.eq(detail))
        .filter(person::Column::Id.ne(person))
        .filter(person::Column::ErasedAt.is_null());
    let owners = address::Entity::find()
        .filter(address::Column::Address.eq(detail))
        .filter(address::Column::PersonId.ne(person));
    let before = former_detail::Entity::find()
        .filter(former_detail::Column::Detail.eq(detail))
        .filter(former_detail::Column::PersonId.ne(person));
    Ok(namesakes.count(db).await? + owners.count(db).await? + before.count(db).await? > 0)
}
