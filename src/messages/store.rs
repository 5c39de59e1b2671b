//! The outbox in the database.

use crate::{accounts::rules::PersonId, entity::outbox, server::secrets};
use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait};

/// A mail to send.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    /// Whom it is for, where that is somebody with a record.
    pub person: Option<PersonId>,
    /// Their address.
    pub to: String,
    /// One word for lists and tests: "sign_in_code", "booking_confirmed".
    pub kind: &'static str,
    /// The subject line.
    pub subject: String,
    /// The plain text.
    pub body: String,
    /// The same as HTML.
    pub html: Option<String>,
    /// An ICS file.
    pub calendar: Option<String>,
    /// Whether the body holds a link that lets its holder in without signing in; such a body is forgotten once sent.
    pub has_personal_link: bool,
}

/// Puts a mail into the outbox, due at once.
pub async fn outbox_insert_in_txn(mail: Mail, now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    outbox_insert_due_in_txn(mail, now, now, db).await
}

/// Puts a mail into the outbox, due at `due`.
pub async fn outbox_insert_due_in_txn(
    mail: Mail,
    due: DateTime<Utc>,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let token = secrets::random_token().map_err(|error| DbErr::Custom(error.to_string()))?;
    let row = outbox::ActiveModel {
        message_id: Set(format!("<{}@learning-gain>", &token[..32])),
        person_id: Set(mail.person),
        to_address: Set(mail.to),
        kind: Set(mail.kind.to_owned()),
        subject: Set(mail.subject),
        body: Set(Some(mail.body)),
        html: Set(mail.html),
        calendar: Set(mail.calendar),
        has_personal_link: Set(mail.has_personal_link),
        created_at: Set(now),
        due_at: Set(due),
        attempts: Set(0),
        ..Default::default()
    };
    outbox::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}
