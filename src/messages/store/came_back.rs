//! Mail that was sent and came back.

use crate::{
    accounts::store::{address_bounce_in_txn, address_by_text},
    audit::store::{Subject, audit_insert_in_txn},
    entity::outbox,
};
use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

/// What a report about a mail led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameBack {
    /// Its address is stopped now.
    Stopped {
        /// The mail.
        mail: i64,
    },
    /// Its address was stopped already, or is nobody's any more.
    StoppedBefore {
        /// The mail.
        mail: i64,
    },
    /// The report was read before: nothing changed, not even where its owner has said since that the address works.
    Counted {
        /// The mail.
        mail: i64,
    },
    /// No mail of ours to one of these addresses has one of these Message-IDs.
    NotOurs,
}

/// Notes that a mail came back for ever, and stops its address. The report has to name both, the mail by its Message-ID
/// and the address to which we sent it.
pub async fn mail_came_back_in_txn(
    message_ids: &[String],
    addresses: &[String],
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<CameBack, DbErr> {
    if message_ids.is_empty() {
        return Ok(CameBack::NotOurs);
    }
    let named = outbox::Entity::find().filter(outbox::Column::MessageId.is_in(message_ids));
    let named = named.order_by_asc(outbox::Column::Id).all(db).await?;
    let to_one_of_them = |mail: &outbox::Model| addresses.contains(&mail.to_address.trim().to_lowercase());
    let Some(mail) = named.into_iter().find(to_one_of_them) else { return Ok(CameBack::NotOurs) };
    let noted = outbox::Entity::update_many()
        .set(outbox::ActiveModel { came_back_at: Set(Some(now)), ..Default::default() })
        .filter(outbox::Column::Id.eq(mail.id))
        .filter(outbox::Column::CameBackAt.is_null())
        .exec(db)
        .await?;
    if noted.rows_affected == 0 {
        return Ok(CameBack::Counted { mail: mail.id });
    }
    if !address_bounce_in_txn(&mail.to_address, now, db).await? {
        return Ok(CameBack::StoppedBefore { mail: mail.id });
    }
    if let Some(owner) = address_by_text(&mail.to_address, db).await? {
        let subject = Subject { kind: "person", id: owner.person_id.0 };
        audit_insert_in_txn(None, subject, "Mail to an address came back, so it was stopped", now, db).await?;
    }
    Ok(CameBack::Stopped { mail: mail.id })
}
