//! The office's own words for kinds of mail.

use crate::{entity::mail_wording, messages::wording::Template};
use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, sea_query::OnConflict};

/// The wording of a kind of mail as the office changed it; None where it is the default.
pub async fn wording_get(kind: &str, db: &impl ConnectionTrait) -> Result<Option<Template>, DbErr> {
    let row = mail_wording::Entity::find_by_id(kind).one(db).await?;
    Ok(row.map(|row| Template { subject: row.subject, body: row.body }))
}

/// The kinds of mail whose wording was changed, and when.
pub async fn wording_list(db: &impl ConnectionTrait) -> Result<Vec<mail_wording::Model>, DbErr> {
    mail_wording::Entity::find().all(db).await
}

/// Changes the wording of a kind of mail.
pub async fn wording_put_in_txn(
    kind: &str,
    template: &Template,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let row = mail_wording::ActiveModel {
        kind: Set(kind.to_owned()),
        subject: Set(template.subject.clone()),
        body: Set(template.body.clone()),
        changed_at: Set(now),
    };
    let replace = OnConflict::column(mail_wording::Column::Kind)
        .update_columns([mail_wording::Column::Subject, mail_wording::Column::Body, mail_wording::Column::ChangedAt])
        .to_owned();
    mail_wording::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
}

/// Goes back to the default. Returns whether it was another.
pub async fn wording_reset_in_txn(kind: &str, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(mail_wording::Entity::delete_by_id(kind).exec(db).await?.rows_affected == 1)
}
