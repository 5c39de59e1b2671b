//! The audit trail in the database.

use crate::{accounts::rules::PersonId, entity::audit, server::bulk::insert_all};
use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

/// What an audit row is about: the kind is the table's singular ("booking", "charge", "session").
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// The table's singular.
    pub kind: &'static str,
    /// The row.
    pub id: i64,
}

/// Writes down what happened. `actor` is None for what time or a rule did.
pub async fn audit_insert_in_txn(
    actor: Option<PersonId>,
    subject: Subject,
    sentence: impl Into<String>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let row = row(actor, subject, sentence.into(), now);
    audit::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Writes down the same of many things, with a few statements.
pub async fn audit_insert_all_in_txn(
    actor: Option<PersonId>,
    subjects: impl IntoIterator<Item = Subject>,
    sentence: &str,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let rows = subjects.into_iter().map(|subject| row(actor, subject, sentence.to_owned(), now));
    insert_all(rows.collect(), db).await
}

fn row(actor: Option<PersonId>, subject: Subject, sentence: String, now: DateTime<Utc>) -> audit::ActiveModel {
    audit::ActiveModel {
        at: Set(now),
        actor_id: Set(actor),
        subject_kind: Set(subject.kind.to_owned()),
        subject_id: Set(subject.id),
        sentence: Set(sentence),
        ..Default::default()
    }
}

/// Everything that happened to one thing, newest first.
pub async fn audit_list(subject: Subject, db: &impl ConnectionTrait) -> Result<Vec<audit::Model>, DbErr> {
    audit::Entity::find()
        .filter(audit::Column::SubjectKind.eq(subject.kind))
        .filter(audit::Column::SubjectId.eq(subject.id))
        .order_by_desc(audit::Column::Id)
        .all(db)
        .await
}
