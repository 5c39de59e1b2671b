//! The office sends failed mail again, and stops writing to addresses from which mail comes back.

use crate::messages::{
    pages::untrue_text,
    store::{self, CODE_KINDS, NOBODY},
};
use crate::{
    accounts::store::{address_bounce_in_txn, address_by_text, address_works_in_txn, addresses_of},
    audit::store::{Subject, audit_insert_in_txn},
    web::{
        error::{PageError, PageResult},
        visit::Visit,
    },
};
use axum::extract::Path;

fn about(id: i64) -> Subject {
    Subject { kind: "mail", id }
}

/// POST /office/mail/{id}/resend. Twice is the same as once.
pub async fn resend(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let actor = visit.person()?.id;
    let txn = visit.app.db.write().await?;
    let mail = store::outbox_get(id, &txn).await?.ok_or(PageError::NotFound)?;
    if CODE_KINDS.contains(&mail.kind.as_str()) {
        return Err(PageError::Conflict(
            "A code is not sent again: whoever wants to sign in asks for a new one.".into(),
        ));
    }
    if let Some(sentence) = untrue_text(&visit, &mail, &txn).await? {
        return Err(PageError::Conflict(format!("{sentence} Nothing was sent.")));
    }
    // To where the person is written to now: they may have another address since.
    let own = match mail.person_id {
        Some(person) => addresses_of(person, &txn).await?,
        None => Vec::new(),
    };
    let to = match own.iter().find(|row| row.bounced_at.is_none()) {
        Some(row) => row.address.clone(),
        None if own.is_empty() && mail.to_address == NOBODY => {
            return Err(PageError::Conflict(
                "We know no address of this person. Add one on their page first. Nothing was sent.".into(),
            ));
        }
        None if own.is_empty() => mail.to_address.clone(),
        None => {
            return Err(PageError::Conflict(
                "Mail to every address of this person comes back. Find out another one first. Nothing was sent.".into(),
            ));
        }
    };
    if store::outbox_resend_in_txn(&mail, to, &visit.app.secrets, visit.now, &txn).await? {
        audit_insert_in_txn(Some(actor), about(id), "Sent the mail again", visit.now, &txn).await?;
    }
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/office/mail/{id}?done=mail-resent"))
}

/// POST /office/mail/{id}/close. Twice is the same as once.
pub async fn close(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let actor = visit.person()?.id;
    let txn = visit.app.db.write().await?;
    let mail = store::outbox_get(id, &txn).await?.ok_or(PageError::NotFound)?;
    if mail.failed_at.is_none() || mail.resent_at.is_some() {
        return Err(PageError::Conflict(
            "Only a mail that was given up and not sent again can be closed. Nothing was changed.".into(),
        ));
    }
    if store::outbox_close_in_txn(id, visit.now, &txn).await? {
        audit_insert_in_txn(Some(actor), about(id), "Closed a mail that was not delivered", visit.now, &txn).await?;
    }
    txn.commit().await?;
    visit.see_other(format!("/office/mail/{id}?done=mail-closed"))
}

/// POST /office/mail/{id}/stop. Twice is the same as once.
pub async fn stop_address(visit: Visit, Path(id): Path<i64>) -> PageResult {
    set_stopped(visit, id, true).await
}

/// POST /office/mail/{id}/works. Twice is the same as once.
pub async fn address_works(visit: Visit, Path(id): Path<i64>) -> PageResult {
    set_stopped(visit, id, false).await
}

async fn set_stopped(visit: Visit, id: i64, stop: bool) -> PageResult {
    let actor = visit.person()?.id;
    let txn = visit.app.db.write().await?;
    let mail = store::outbox_get(id, &txn).await?.ok_or(PageError::NotFound)?;
    let Some(address) = address_by_text(&mail.to_address, &txn).await? else {
        return Err(PageError::Conflict("Nobody here has this address any more. Nothing was changed.".into()));
    };
    let changed = if stop {
        address_bounce_in_txn(&mail.to_address, visit.now, &txn).await?
    } else {
        address_works_in_txn(address.id, &txn).await?
    };
    if changed {
        let sentence = if stop { "Stopped writing to an address" } else { "Says that an address works again" };
        let subject = Subject { kind: "person", id: address.person_id.0 };
        audit_insert_in_txn(Some(actor), subject, sentence, visit.now, &txn).await?;
    }
    txn.commit().await?;
    let word = if stop { "address-stopped" } else { "address-works" };
    visit.see_other(format!("/office/mail/{id}?done={word}"))
}
