//! Venues in the database.

use crate::{
    entity::{session, venue},
    sessions::rules::{SessionStatus, VenueEdit, VenueId},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait},
};

/// All venues by name, open ones first.
pub async fn venue_list(db: &impl ConnectionTrait) -> Result<Vec<venue::Model>, DbErr> {
    let mut rows = venue::Entity::find().order_by_asc(venue::Column::Name).all(db).await?;
    rows.sort_by_key(|row| row.closed_at.is_some());
    Ok(rows)
}

/// One venue.
pub async fn venue_get(id: VenueId, db: &impl ConnectionTrait) -> Result<Option<venue::Model>, DbErr> {
    venue::Entity::find_by_id(id).one(db).await
}

/// Whether another venue has this name, in any case.
pub async fn venue_name_is_taken(name: &str, own: Option<VenueId>, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let rows = venue::Entity::find().all(db).await?;
    Ok(rows.iter().any(|row| Some(row.id) != own && row.name.to_lowercase() == name.to_lowercase()))
}

/// Adds a venue.
pub async fn venue_insert_in_txn(edit: &VenueEdit, db: &impl ConnectionTrait) -> Result<VenueId, DbErr> {
    let row = venue::ActiveModel { closed_at: Set(None), version: Set(1), ..columns_of(edit) };
    Ok(venue::Entity::insert(row).exec(db).await?.last_insert_id)
}

/// Changes a venue, unless somebody changed it since `version`. Returns whether it was changed.
pub async fn venue_update_in_txn(
    id: VenueId,
    version: i32,
    edit: &VenueEdit,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let row = venue::ActiveModel { version: Set(version + 1), ..columns_of(edit) };
    let updated = venue::Entity::update_many()
        .set(row)
        .filter(venue::Column::Id.eq(id))
        .filter(venue::Column::Version.eq(version))
        .exec(db)
        .await?;
    Ok(updated.rows_affected == 1)
}

fn columns_of(edit: &VenueEdit) -> venue::ActiveModel {
    venue::ActiveModel {
        name: Set(edit.name.clone()),
        address: Set(edit.address.clone()),
        postcode: Set(edit.postcode.clone()),
        access_notes: Set(edit.access_notes.clone()),
        travel_notes: Set(edit.travel_notes.clone()),
        capacity: Set(edit.capacity),
        ..Default::default()
    }
}

/// Closes a venue at a moment, or reopens it with None. Returns whether that changed anything.
pub async fn venue_close_in_txn(
    id: VenueId,
    closed_at: Option<DateTime<Utc>>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let was = match closed_at {
        Some(_) => venue::Column::ClosedAt.is_null(),
        None => venue::Column::ClosedAt.is_not_null(),
    };
    let updated = venue::Entity::update_many()
        .col_expr(venue::Column::ClosedAt, Expr::value(closed_at))
        .col_expr(venue::Column::Version, Expr::col(venue::Column::Version).add(1))
        .filter(venue::Column::Id.eq(id))
        .filter(was)
        .exec(db)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// How many published sessions at a venue have not ended.
pub async fn venue_upcoming_count(id: VenueId, now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    session::Entity::find()
        .filter(session::Column::VenueId.eq(id))
        .filter(session::Column::Status.eq(SessionStatus::Published))
        .filter(session::Column::EndsAt.gt(now))
        .count(db)
        .await
}
