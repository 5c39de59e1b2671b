//! The audit trail in the database.

use crate::{
    accounts::rules::PersonId,
    entity::{audit, person},
    server::bulk::insert_all,
};
use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;

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
    audit::Entity::insert(audit_row(actor, subject, sentence, now)).exec_without_returning(db).await?;
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
    let rows = subjects.into_iter().map(|subject| audit_row(actor, subject, sentence, now));
    insert_all(rows.collect(), db).await
}

/// What is written down, for whoever writes many rows at once.
pub fn audit_row(
    actor: Option<PersonId>,
    subject: Subject,
    sentence: impl Into<String>,
    now: DateTime<Utc>,
) -> audit::ActiveModel {
    audit::ActiveModel {
        at: Set(now),
        actor_id: Set(actor),
        subject_kind: Set(subject.kind.to_owned()),
        subject_id: Set(subject.id),
        sentence: Set(sentence.into()),
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

/// One thing that happened, as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailLine {
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it; "By itself" for what time or a rule did.
    pub who: String,
    /// What happened.
    pub what: String,
}

/// Everything that happened to one thing, newest first, with the names of those who did it.
pub async fn audit_trail(subject: Subject, db: &impl ConnectionTrait) -> Result<Vec<TrailLine>, DbErr> {
    let rows = audit_list(subject, db).await?;
    let actors: HashMap<PersonId, String> = person::Entity::find()
        .filter(person::Column::Id.is_in(rows.iter().filter_map(|row| row.actor_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let name = |actor: Option<PersonId>| {
        actor.and_then(|actor| actors.get(&actor).cloned()).unwrap_or_else(|| "By itself".to_owned())
    };
    Ok(rows.into_iter().map(|row| TrailLine { at: row.at, who: name(row.actor_id), what: row.sentence }).collect())
}
