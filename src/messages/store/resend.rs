//! A mail that was given up is sent again, if it is still true.

use super::new_message_id;
use crate::{
    bookings::{
        rules::{BookingState, Live},
        store::{BookingDetails, booking_by_reference, booking_details},
    },
    entity::outbox,
    messages::{
        bookings::{answer_tokens, references_in, renew_links},
        wording::{
            BOOKING_CANCEL_BY_NEAR, BOOKING_CONFIRMED, BOOKING_LAST_DAY, BOOKING_OFFER, BOOKING_SUBSTITUTE,
            SESSION_REMINDER,
        },
    },
    server::secrets::Secrets,
    surveys::{links::LinkToken, store::link_renew_in_txn},
};
use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use std::collections::BTreeSet;

/// Where the booking stands by now to which a mail offers a place that cannot be taken any more; None where the mail
/// offers nothing, or the place can still be taken. Such a mail is not sent again: it says that a place is held.
pub async fn outbox_offer_over(
    mail: &outbox::Model,
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Option<BookingState>, DbErr> {
    if ![BOOKING_OFFER.kind, BOOKING_LAST_DAY.kind].contains(&mail.kind.as_str()) {
        return Ok(None);
    }
    let Some(details) = booking_in(mail, secrets, db).await? else { return Ok(None) };
    Ok(match details.live() {
        Some(Live::Offered(offer)) if offer.has_expired(now) => Some(BookingState::OfferExpired),
        Some(Live::Offered(_)) => None,
        Some(Live::Waiting(waiting)) if mail.kind == BOOKING_LAST_DAY.kind => {
            waiting.has_ended(now).then_some(BookingState::ListEnded)
        }
        _ => Some(details.booking.state),
    })
}

/// Where the booking stands by now of which a mail says that its person has the place, once they have it no longer; None
/// for all other mails. They would read anew of a place that was given back, handed on, moved or called off.
pub async fn outbox_place_gone(
    mail: &outbox::Model,
    secrets: &Secrets,
    db: &impl ConnectionTrait,
) -> Result<Option<BookingState>, DbErr> {
    let says_booked = [&BOOKING_CONFIRMED, &BOOKING_SUBSTITUTE, &BOOKING_CANCEL_BY_NEAR, &SESSION_REMINDER];
    if !says_booked.iter().any(|wording| wording.kind == mail.kind) {
        return Ok(None);
    }
    let state = booking_in(mail, secrets, db).await?.map(|details| details.booking.state);
    Ok(state.filter(|state| *state != BookingState::Booked))
}

/// The booking that the first personal link in a mail is about.
async fn booking_in(
    mail: &outbox::Model,
    secrets: &Secrets,
    db: &impl ConnectionTrait,
) -> Result<Option<BookingDetails>, DbErr> {
    let references = references_in(secrets, mail.body.as_deref().unwrap_or_default());
    let Some(reference) = references.first() else { return Ok(None) };
    let Some(booking) = booking_by_reference(reference, db).await? else { return Ok(None) };
    booking_details(booking, db).await
}

/// The texts of a mail with every personal link made new; the old links to questionnaires end.
async fn renewed_in_txn(
    mail: &outbox::Model,
    secrets: &Secrets,
    db: &impl ConnectionTrait,
) -> Result<(Option<String>, Option<String>), DbErr> {
    let mut texts = [&mail.body, &mail.html].map(|text| text.as_ref().map(|text| renew_links(secrets, text)));
    let old: BTreeSet<String> = texts.iter().flatten().flat_map(|text| answer_tokens(text)).collect();
    for token in old.iter().filter_map(|token| LinkToken::parse(token)) {
        let Some(new) = link_renew_in_txn(&token, secrets, db).await? else { continue };
        for text in texts.iter_mut().flatten() {
            *text = text.replace(&token.path(), &new.path());
        }
    }
    let [body, html] = texts;
    Ok((body, html))
}

/// Sends a failed mail again, as a new one with new personal links, to this address. Returns false when it was sent
/// again before.
pub async fn outbox_resend_in_txn(
    mail: &outbox::Model,
    to: String,
    secrets: &Secrets,
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
    if mail.body.is_none() || updated.rows_affected != 1 {
        return Ok(false);
    }
    let (body, html) = renewed_in_txn(mail, secrets, db).await?;
    let row = outbox::ActiveModel {
        message_id: Set(new_message_id()?),
        person_id: Set(mail.person_id),
        to_address: Set(to),
        kind: Set(mail.kind.clone()),
        subject: Set(mail.subject.clone()),
        body: Set(body),
        html: Set(html),
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
