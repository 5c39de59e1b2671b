//! Sends what stands in the outbox: at least once, repeats with the same Message-ID, slower after each failure.

use super::{config::MailTransport, state::App};
use crate::{
    accounts::store::{address_bounce_in_txn, addresses_bounced},
    entity::{demo_mail, outbox},
    messages::{
        calendar::calendar_objects,
        store::{CODE_KINDS, outbox_offer_over},
    },
};
use chrono::{DateTime, Duration, Utc};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Attachment, Mailbox, MultiPart, SinglePart, header::ContentType},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType},
};
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    time::Instant,
};
use tokio::sync::watch;

/// Mails taken in one go.
const BATCH: usize = 20;
/// Another process may take over a mail after this.
const LEASE: Duration = Duration::minutes(5);
/// After this many failures an administrator has to look at it: with the doubling pause below, after about a day.
const MOST_ATTEMPTS: i32 = 11;
/// The pause after the first failure; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::minutes(1);
/// What mail servers answer when there is no such mailbox, or not any more (RFC 5321).
const NO_SUCH_MAILBOX: [&str; 3] = ["550", "551", "553"];
/// What was sent is noted at least this often: a process that is killed sends again what it had not noted.
const NOTE_EVERY: std::time::Duration = std::time::Duration::from_secs(1);
/// Mails that come shortly after one another are taken together: each time the outbox is emptied costs two transactions,
/// for which bookings wait in a rush. Nobody notices a tenth of a second in a mail.
const GATHER: std::time::Duration = std::time::Duration::from_millis(100);
/// How often the outbox is looked at when nobody rings.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(5);

/// Why one mail was not sent.
#[derive(Debug, thiserror::Error)]
enum SendError {
    #[error("the address is not one: {0}")]
    Address(#[from] lettre::address::AddressError),
    #[error("the mail could not be put together: {0}")]
    Content(#[from] lettre::error::Error),
    #[error("the mail server: {0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
    #[error("the mail folder: {0}")]
    Folder(#[from] std::io::Error),
    #[error("the database: {0}")]
    Database(#[from] DbErr),
    #[error("its body is gone")]
    NoBody,
    #[error("mail to this address comes back")]
    Stopped,
    #[error("the mail server's address cannot be used")]
    Transport,
    #[error("what it offers is over")]
    OfferOver,
}

/// Sends mail until it is told to stop; then what was sent is noted first, so that nothing of it is sent again.
pub async fn run_outbox(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match send_batch(&app, &stop).await {
            Ok(0) => {
                tokio::select! {
                    _ = tokio::time::timeout(LOOK_EVERY, app.outbox_bell.notified()) => {}
                    _ = stop.changed() => {}
                }
            }
            Ok(tried) if tried < BATCH => {
                tokio::select! {
                    () = tokio::time::sleep(GATHER) => {}
                    _ = stop.changed() => {}
                }
            }
            Ok(_) => {}
            Err(_) => {
                tracing::error!("the outbox could not be read; trying again");
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }
}

/// Sends the mails that are due, at most one batch. Returns how many were tried.
pub async fn send_due_mails(app: &App) -> Result<usize, DbErr> {
    let (_never, stop) = watch::channel(false);
    send_batch(app, &stop).await
}

async fn send_batch(app: &App, stop: &watch::Receiver<bool>) -> Result<usize, DbErr> {
    let mails = lease_batch(app).await?;
    if mails.is_empty() {
        return Ok(0);
    }
    let stopped = addresses_bounced(mails.iter().map(|mail| mail.to_address.as_str()), app.db.reader()).await?;
    let post = Post::of(app);
    let mut outcomes = Vec::new();
    let mut noted = Instant::now();
    let mut tried = 0;
    for mail in &mails {
        if *stop.borrow() {
            break;
        }
        let outcome = send(app, &post, mail, &stopped).await;
        if let Err(error) = &outcome {
            tracing::warn!(kind = mail.kind, attempts = mail.attempts + 1, "mail not sent: {}", error_kind(error));
        }
        outcomes.push((mail, outcome));
        tried += 1;
        if noted.elapsed() >= NOTE_EVERY {
            note_outcomes(app, std::mem::take(&mut outcomes)).await?;
            noted = Instant::now();
        }
    }
    note_outcomes(app, outcomes).await?;
    Ok(tried)
}

async fn lease_batch(app: &App) -> Result<Vec<outbox::Model>, DbErr> {
    let now = app.clock.now();
    let is_free = Condition::any().add(outbox::Column::LeasedUntil.is_null()).add(outbox::Column::LeasedUntil.lte(now));
    let due = outbox::Entity::find()
        .filter(outbox::Column::SentAt.is_null())
        .filter(outbox::Column::FailedAt.is_null())
        .filter(outbox::Column::DueAt.lte(now))
        .filter(is_free)
        .order_by_asc(outbox::Column::DueAt)
        .limit(BATCH as u64);
    // A look through the readers first: the writer is needed only when there is something to send.
    if due.clone().one(app.db.reader()).await?.is_none() {
        return Ok(Vec::new());
    }
    let txn = app.db.write_beside_others().await?;
    let mails = due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).all(&txn).await?;
    outbox::Entity::update_many()
        .set(outbox::ActiveModel { leased_until: Set(Some(now + LEASE)), ..Default::default() })
        .filter(outbox::Column::Id.is_in(mails.iter().map(|mail| mail.id)))
        .exec(&txn)
        .await?;
    txn.commit().await?;
    Ok(mails)
}

/// Writes down what became of mails, in one transaction: bookings wait for the same writer.
async fn note_outcomes(app: &App, outcomes: Vec<(&outbox::Model, Result<(), SendError>)>) -> Result<(), DbErr> {
    if outcomes.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    let (sent, failed): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|(_, outcome)| outcome.is_ok());
    let (with_link, without): (Vec<_>, Vec<_>) =
        sent.into_iter().map(|(mail, _)| mail).partition(|mail| mail.has_personal_link);
    let txn = app.db.write_beside_others().await?;
    let done = outbox::ActiveModel {
        sent_at: Set(Some(now)),
        last_error: Set(None),
        leased_until: Set(None),
        ..Default::default()
    };
    note_sent_in_txn(&without, done.clone(), &txn).await?;
    // A body that lets its holder in is forgotten once it is sent.
    note_sent_in_txn(&with_link, outbox::ActiveModel { body: Set(None), html: Set(None), ..done }, &txn).await?;
    for (mail, outcome) in failed {
        if let Err(error) = outcome {
            note_failed_in_txn(mail, &error, now, &txn).await?;
        }
    }
    txn.commit().await
}

async fn note_sent_in_txn(
    mails: &[&outbox::Model],
    done: outbox::ActiveModel,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    if mails.is_empty() {
        return Ok(());
    }
    outbox::Entity::update_many()
        .set(done)
        .col_expr(outbox::Column::Attempts, Expr::col(outbox::Column::Attempts).add(1))
        .filter(outbox::Column::Id.is_in(mails.iter().map(|mail| mail.id)))
        .exec(db)
        .await?;
    Ok(())
}

async fn note_failed_in_txn(
    mail: &outbox::Model,
    error: &SendError,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let attempts = mail.attempts + 1;
    let mut row = outbox::ActiveModel {
        attempts: Set(attempts),
        leased_until: Set(None),
        last_error: Set(Some(error_kind(error).to_owned())),
        ..Default::default()
    };
    if has_no_hope(error) || attempts >= MOST_ATTEMPTS {
        row.failed_at = Set(Some(now));
    } else {
        row.due_at = Set(now + pause_after(attempts));
    }
    outbox::Entity::update_many().set(row).filter(outbox::Column::Id.eq(mail.id)).exec(db).await?;
    if matches!(error, SendError::Smtp(cause) if is_about_the_address(cause)) {
        address_bounce_in_txn(&mail.to_address, now, db).await?;
    }
    Ok(())
}

/// One minute, two, four, … after that many failures.
fn pause_after(failures: i32) -> Duration {
    FIRST_PAUSE * 2_i32.pow(failures.clamp(1, MOST_ATTEMPTS) as u32 - 1)
}

/// What failed, without the address that the cause may quote.
fn error_kind(error: &SendError) -> &'static str {
    match error {
        SendError::Address(_) => "the address is not valid",
        SendError::Content(_) | SendError::NoBody => "the mail could not be put together",
        SendError::Stopped => "we have stopped writing to this address, because mail to it comes back",
        SendError::Smtp(cause) if is_about_the_address(cause) => "the mail server does not know the address",
        SendError::Smtp(cause) if cause.is_permanent() => "the mail server refused it",
        SendError::Smtp(_) => "the mail server did not take it",
        SendError::OfferOver => "the place that it offers could not be taken any more before the mail was sent",
        SendError::Transport => "the mail server's address cannot be used",
        SendError::Folder(_) => "the mail folder cannot be written",
        SendError::Database(_) => "the database failed",
    }
}

/// Whether the mail server says that there is no such mailbox, so that trying again is of no use.
fn is_about_the_address(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| NO_SUCH_MAILBOX.contains(&code.to_string().as_str()))
}

fn has_no_hope(error: &SendError) -> bool {
    matches!(error, SendError::Stopped | SendError::Address(_) | SendError::OfferOver)
        || matches!(error, SendError::Smtp(cause) if is_about_the_address(cause))
}

/// How mail leaves here. An SMTP connection is kept for a whole batch.
enum Post {
    DemoMailbox,
    Folder(PathBuf),
    Smtp(Result<AsyncSmtpTransport<Tokio1Executor>, lettre::transport::smtp::Error>),
}

impl Post {
    fn of(app: &App) -> Self {
        match &app.config.mail {
            MailTransport::DemoMailbox => Self::DemoMailbox,
            MailTransport::Folder(folder) => Self::Folder(folder.clone()),
            MailTransport::Smtp(url) => {
                Self::Smtp(AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map(|builder| builder.build()))
            }
        }
    }
}

async fn send(app: &App, post: &Post, mail: &outbox::Model, stopped: &HashSet<String>) -> Result<(), SendError> {
    // Who asks for a code says that they read the address.
    if stopped.contains(&mail.to_address.trim().to_lowercase()) && !CODE_KINDS.contains(&mail.kind.as_str()) {
        return Err(SendError::Stopped);
    }
    // It says that a place is held, and may have waited for days while the mail server was away.
    if outbox_offer_over(mail, &app.secrets, app.clock.now(), app.db.reader()).await?.is_some() {
        return Err(SendError::OfferOver);
    }
    match post {
        Post::DemoMailbox => put_into_mailbox(app, mail).await,
        Post::Folder(folder) => {
            let message = message_of(app, mail)?;
            write_file(folder, mail, message.formatted()).await
        }
        Post::Smtp(Ok(transport)) => {
            let message = message_of(app, mail)?;
            transport.send(message).await?;
            Ok(())
        }
        Post::Smtp(Err(_)) => Err(SendError::Transport),
    }
}

fn message_of(app: &App, mail: &outbox::Model) -> Result<Message, SendError> {
    message_from(app.board.current().service_name.clone(), &app.config.mail_from, mail)
}

/// The mail as it leaves: text and HTML, and each object of its calendar file as a part of its own.
fn message_from(service: String, from: &str, mail: &outbox::Model) -> Result<Message, SendError> {
    let body = mail.body.clone().ok_or(SendError::NoBody)?;
    let builder = Message::builder()
        .from(Mailbox::new(Some(service), from.parse()?))
        .to(Mailbox::new(None, mail.to_address.parse()?))
        .message_id(Some(mail.message_id.clone()))
        .date(std::time::SystemTime::from(mail.created_at))
        .subject(mail.subject.clone());
    let text = match &mail.html {
        Some(html) => MultiPart::alternative_plain_html(body, html.clone()),
        None => MultiPart::mixed().singlepart(SinglePart::plain(body)),
    };
    let objects = calendar_objects(mail.calendar.as_deref().unwrap_or_default());
    let content = match objects.as_slice() {
        [] => text,
        objects => {
            let mut content = MultiPart::mixed().multipart(text);
            for (index, object) in objects.iter().enumerate() {
                let name = if index == 0 { "training.ics".to_owned() } else { format!("training-{}.ics", index + 1) };
                // Mail programs believe this before they look into the file.
                let method = if object.contains("\r\nMETHOD:CANCEL\r\n") { "CANCEL" } else { "PUBLISH" };
                let kind = ContentType::parse(&format!("text/calendar; charset=utf-8; method={method}"))
                    .map_err(|_| SendError::NoBody)?;
                content = content.singlepart(Attachment::new(name).body((*object).to_owned(), kind));
            }
            content
        }
    };
    Ok(builder.multipart(content)?)
}

async fn write_file(folder: &Path, mail: &outbox::Model, bytes: Vec<u8>) -> Result<(), SendError> {
    // The message id in the name makes a repeat overwrite the first try instead of looking like a second mail.
    let id: String = mail.message_id.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
    let stamp = mail.created_at.format("%Y%m%dT%H%M%S");
    let name = format!("{stamp}-{}-{id}.eml", mail.kind);
    let folder = folder.to_owned();
    let writing = tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(name), bytes)
    });
    Ok(writing.await.map_err(std::io::Error::other)??)
}

async fn put_into_mailbox(app: &App, mail: &outbox::Model) -> Result<(), SendError> {
    let body = mail.body.clone().ok_or(SendError::NoBody)?;
    let row = demo_mail::ActiveModel {
        to_address: Set(mail.to_address.clone()),
        subject: Set(mail.subject.clone()),
        body: Set(body),
        html: Set(mail.html.clone()),
        calendar: Set(mail.calendar.clone()),
        sent_at: Set(app.clock.now()),
        ..Default::default()
    };
    let txn = app.db.write_beside_others().await?;
    demo_mail::Entity::insert(row).exec_without_returning(&txn).await?;
    txn.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests;
