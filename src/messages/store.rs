//! The outbox in the database.

use super::{
    bookings::renew_links,
    wording::{Template, Values},
};
use crate::{
    accounts::rules::PersonId,
    agencies::rules::AgencyId,
    entity::{mail_wording, outbox},
    server::secrets,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, sea_query::OnConflict,
};

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
    /// The copy for the agency, where it wants copies.
    pub copy: Option<Copy>,
    /// What its placeholders stand for, where the office can change the wording.
    pub values: Option<Values>,
}

/// What the training leads of an agency read of a mail to one of their staff.
#[derive(Clone, Debug)]
pub struct Copy {
    /// The agency.
    pub agency: AgencyId,
    /// The subject line.
    pub subject: String,
    /// The plain text.
    pub body: String,
    /// The same as HTML.
    pub html: String,
}

/// Nobody's address: no top-level domain has this name (RFC 2606), and nobody can type an address without a dot here.
pub const NOBODY: &str = "nobody@invalid";

/// Takes what was written to `NOBODY` out of the outbox again.
pub async fn outbox_forget_nobodys_in_txn(
    purpose: &str,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    outbox::Entity::delete_many()
        .filter(outbox::Column::SentAt.is_null())
        .filter(outbox::Column::DueAt.eq(now))
        .filter(outbox::Column::ToAddress.eq(NOBODY))
        .filter(outbox::Column::Kind.eq(purpose))
        .exec(db)
        .await?;
    Ok(())
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

/// The mail in the office's own words, where it has changed them.
pub async fn in_own_words(mail: Mail, db: &impl ConnectionTrait) -> Result<Mail, DbErr> {
    let Some(values) = &mail.values else { return Ok(mail) };
    let Some(template) = wording_get(mail.kind, db).await? else { return Ok(mail) };
    let letter = template.letter(values);
    let subject = template.subject(values);
    Ok(Mail { subject, body: letter.text(), html: Some(letter.html()), ..mail })
}

/// Mails on one page of the queue.
pub const MAILS_PER_PAGE: u64 = 50;

/// Kinds of mail that are never sent again: whoever wants a code asks for a new one.
pub const CODE_KINDS: [&str; 1] = ["sign_in_code"];

/// Which mails of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// Not sent yet; tried again by themselves.
    Waiting,
    /// Given up: a person has to look at them.
    Failed,
    /// Sent.
    Sent,
}

fn in_state(state: MailState) -> Select<outbox::Entity> {
    let all = outbox::Entity::find();
    match state {
        MailState::Waiting => all.filter(outbox::Column::SentAt.is_null()).filter(outbox::Column::FailedAt.is_null()),
        MailState::Failed => {
            all.filter(outbox::Column::FailedAt.is_not_null()).filter(outbox::Column::ResentAt.is_null())
        }
        MailState::Sent => all.filter(outbox::Column::SentAt.is_not_null()),
    }
}

/// One page (from 1) of the mails in a state, the newest first, and how many there are.
pub async fn outbox_list(
    state: MailState,
    page: u64,
    db: &impl ConnectionTrait,
) -> Result<(Vec<outbox::Model>, u64), DbErr> {
    let total = in_state(state).count(db).await?;
    let rows = in_state(state)
        .order_by_desc(outbox::Column::Id)
        .offset(page.saturating_sub(1).saturating_mul(MAILS_PER_PAGE))
        .limit(MAILS_PER_PAGE)
        .all(db)
        .await?;
    Ok((rows, total))
}

/// How many mails were given up and not sent again.
pub async fn outbox_count_failed(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    in_state(MailState::Failed).count(db).await
}

/// One mail.
pub async fn outbox_get(id: i64, db: &impl ConnectionTrait) -> Result<Option<outbox::Model>, DbErr> {
    outbox::Entity::find_by_id(id).one(db).await
}

/// Sends a failed mail again, as a new one with new personal links, to this address. Returns false when it was sent
/// again before.
pub async fn outbox_resend_in_txn(
    mail: &outbox::Model,
    to: String,
    secrets: &secrets::Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    // The old one keeps no personal link that nobody needs any more.
    let mut done = outbox::ActiveModel { resent_at: Set(Some(now)), ..Default::default() };
    if mail.has_personal_link {
        done.body = Set(None);
        done.html = Set(None);
    }
    let updated = outbox::Entity::update_many()
        .set(done)
        .filter(outbox::Column::Id.eq(mail.id))
        .filter(outbox::Column::FailedAt.is_not_null())
        .filter(outbox::Column::ResentAt.is_null())
        .exec(db)
        .await?;
    let Some(body) = mail.body.as_ref().filter(|_| updated.rows_affected == 1) else { return Ok(false) };
    let token = secrets::random_token().map_err(|error| DbErr::Custom(error.to_string()))?;
    let row = outbox::ActiveModel {
        message_id: Set(format!("<{}@learning-gain>", &token[..32])),
        person_id: Set(mail.person_id),
        to_address: Set(to),
        kind: Set(mail.kind.clone()),
        subject: Set(mail.subject.clone()),
        body: Set(Some(renew_links(secrets, body))),
        html: Set(mail.html.as_ref().map(|html| renew_links(secrets, html))),
        calendar: Set(mail.calendar.clone()),
        has_personal_link: Set(mail.has_personal_link),
        created_at: Set(now),
        due_at: Set(now),
        attempts: Set(0),
        ..Default::default()
    };
    outbox::Entity::insert(row).exec_without_returning(db).await?;
    Ok(true)
}
