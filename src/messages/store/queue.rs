//! The mails that the office sees.

use crate::{entity::outbox, server::database::rows_before};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

/// Mails on one page of the queue.
pub const MAILS_PER_PAGE: u64 = 50;

/// Kinds of mail that are never sent again: whoever wants a code asks for a new one.
pub const CODE_KINDS: [&str; 1] = ["sign_in_code"];

/// Which mails of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// Not sent yet; tried again by themselves.
    Waiting,
    /// Given up, and neither sent again nor closed: a person has to look at them.
    Failed,
    /// Sent.
    Sent,
    /// Sent, and reported as undeliverable afterwards.
    CameBack,
    /// Given up, closed by the office because nothing is left to do, and not sent again.
    Closed,
}

fn in_state(state: MailState) -> Select<outbox::Entity> {
    let all = outbox::Entity::find();
    match state {
        MailState::Waiting => all.filter(outbox::Column::SentAt.is_null()).filter(outbox::Column::FailedAt.is_null()),
        MailState::Failed => {
            let open = all.filter(outbox::Column::ResentAt.is_null()).filter(outbox::Column::ClosedAt.is_null());
            open.filter(outbox::Column::FailedAt.is_not_null())
        }
        MailState::Closed => {
            all.filter(outbox::Column::ClosedAt.is_not_null()).filter(outbox::Column::ResentAt.is_null())
        }
        MailState::Sent => all.filter(outbox::Column::SentAt.is_not_null()),
        MailState::CameBack => all.filter(outbox::Column::CameBackAt.is_not_null()),
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
        .offset(rows_before(page, total, MAILS_PER_PAGE))
        .limit(MAILS_PER_PAGE)
        .all(db)
        .await?;
    Ok((rows, total))
}

/// How many mails were given up, and neither sent again nor closed.
pub async fn outbox_count_failed(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    in_state(MailState::Failed).count(db).await
}

/// One mail.
pub async fn outbox_get(id: i64, db: &impl ConnectionTrait) -> Result<Option<outbox::Model>, DbErr> {
    outbox::Entity::find_by_id(id).one(db).await
}

/// Says of a mail that was given up that nothing is left to do. Returns false when that was said before, or the mail was
/// sent, waits, or was sent again.
pub async fn outbox_close_in_txn(id: i64, now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let closed = outbox::Entity::update_many()
        .set(outbox::ActiveModel { closed_at: Set(Some(now)), ..Default::default() })
        .filter(outbox::Column::Id.eq(id))
        .filter(outbox::Column::FailedAt.is_not_null())
        .filter(outbox::Column::ResentAt.is_null())
        .filter(outbox::Column::ClosedAt.is_null())
        .exec(db)
        .await?;
    Ok(closed.rows_affected == 1)
}
