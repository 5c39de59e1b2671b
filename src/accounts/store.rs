//! People, roles and logins in the database.

use super::rules::{LOGIN_IDLE_DAYS, LOGIN_LONGEST_DAYS};
use crate::{
    entity::{login, person, role},
    web::viewer::CurrentPerson,
};
use chrono::{DateTime, Duration, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

/// Who is signed in with the token of this hash; None once signed out, idle too long, or erased.
pub async fn viewer_by_token_hash(
    hash: &str,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Option<CurrentPerson>, DbErr> {
    let live = login::Entity::find()
        .filter(login::Column::TokenHash.eq(hash))
        .filter(login::Column::EndedAt.is_null())
        .filter(login::Column::SeenAt.gt(now - Duration::days(LOGIN_IDLE_DAYS)))
        .filter(login::Column::CreatedAt.gt(now - Duration::days(LOGIN_LONGEST_DAYS)));
    let Some(login) = live.one(db).await? else { return Ok(None) };
    let Some(person) = person::Entity::find_by_id(login.person_id).one(db).await? else { return Ok(None) };
    if person.erased_at.is_some() {
        return Ok(None);
    }
    let roles = role::Entity::find().filter(role::Column::PersonId.eq(person.id)).all(db).await?;
    let roles = roles.into_iter().map(|row| (row.role, row.agency_id)).collect();
    Ok(Some(CurrentPerson { id: person.id, name: person.name, login: login.id, roles }))
}
