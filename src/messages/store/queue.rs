//! The mails that the office sees.

use crate::{entity::outbox, server::database::rows_before};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
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
    /// Given up: a person has to look at them.
    Failed,
    /// Sent.
    Sent,
    /// Sent, and reported as undeliverable afterwards.
    CameBack,
}

fn in_state(state: MailState) -> Select<outbox::Entity> {
    let all = outbox::Entity::find();
    match state {
        MailState::Waiting => all.filter(outbox::Column::SentAt.is_null()).filter(outbox::Column::FailedAt.is_null()),
        MailState::Failed => {
            all.filter(outbox::Column::FailedAt.is_not_null()).filter(outbox::Column::ResentAt.is_null())
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

/// How many mails were given up and not sent again.
pub async fn outbox_count_failed(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    in_state(MailState::Failed).count(db).await
}

/// One mail.
pub async fn outbox_get(id: i64, db: &impl ConnectionTrait) -> Result<Option<outbox::Model>, DbErr> {
    outbox::Entity::find_by_id(id).one(db).await
}
