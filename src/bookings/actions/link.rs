//! What people do behind a personal link, without signing in.

use super::{
    book::with_errors,
    changes::{CHANGED_MEANWHILE, accepted_word, given_up_word},
    conflict,
};
use crate::{
    bookings::{
        pages::{booking_of_link, link_page_with},
        rules::{Refusal, is_request_id, parse_colleague},
        store::{
            Change, accept_offer_in_txn, give_up_in_txn, made_as_shown_in_txn, still_means_in_txn, substitute_in_txn,
            taken_as_shown_in_txn, transfer_in_txn,
        },
    },
    entity::booking,
    messages::bookings::{Letters, link_token},
    sessions::rules::SessionId,
    web::{
        error::{PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;

/// POST /bookings/link/{token}
pub async fn act_by_link(visit: Visit, Path(token): Path<String>, Submitted(form): Submitted) -> PageResult {
    let booking = booking_of_link(&visit, &token).await?.booking;
    match form.value("move") {
        "give-up" => give_up(&visit, &token, &booking, &form).await,
        "accept" => accept(&visit, &token, &booking, &form).await,
        "colleague" => send_colleague(&visit, &token, &booking, form).await,
        "other-date" => move_to_other_date(&visit, &token, &booking, form).await,
        _ => Err(PageError::Conflict("The form did not say what to do. Nothing was changed.".into())),
    }
}

async fn give_up(visit: &Visit, token: &str, booking: &booking::Model, form: &FormState) -> PageResult {
    let change = change_by_link(visit, booking);
    let txn = visit.app.db.write().await?;
    if !still_means_in_txn(booking.id, form.value("meaning"), change.now, &txn).await? {
        drop(txn);
        return fresh_page(visit, token, CHANGED_MEANWHILE).await;
    }
    let booking = give_up_in_txn(booking.id, &change, &txn).await?.map_err(|refusal| refused(&refusal, token))?;
    txn.commit().await?;
    done(visit, token, given_up_word(booking.state))
}

async fn accept(visit: &Visit, token: &str, booking: &booking::Model, form: &FormState) -> PageResult {
    let change = change_by_link(visit, booking);
    let txn = visit.app.db.write().await?;
    if let Err(refusal) = taken_as_shown_in_txn(booking.id, &form.values("version"), &txn).await? {
        drop(txn);
        return fresh_page(visit, token, &refusal.to_string()).await;
    }
    let booking = accept_offer_in_txn(booking.id, &change, &txn).await?.map_err(|refusal| refused(&refusal, token))?;
    txn.commit().await?;
    done(visit, token, accepted_word(booking.state))
}

async fn send_colleague(visit: &Visit, token: &str, booking: &booking::Model, form: FormState) -> PageResult {
    let colleague = match parse_colleague(form.value("name"), form.value("email")) {
        Ok(colleague) => colleague,
        Err(wrong) => return link_page_with(visit, token, with_errors(form, wrong)).await,
    };
    must_be_ours(&form)?;
    let change = change_by_link(visit, booking);
    let txn = visit.app.db.write().await?;
    let asked = (booking.session_id, form.value("request_id"));
    if let Err(refusal) = made_as_shown_in_txn(asked, &form.values("version"), None, change.now, &txn).await? {
        drop(txn);
        return link_page_with(visit, token, form.with_error("", refusal.to_string())).await;
    }
    substitute_in_txn(booking.id, &colleague, form.value("request_id"), &change, &txn)
        .await?
        .map_err(|refusal| refused(&refusal, token))?;
    txn.commit().await?;
    done(visit, token, "colleague-named")
}

/// The same as for somebody who is signed in. The new booking has a link of its own, on which they go on.
async fn move_to_other_date(visit: &Visit, token: &str, booking: &booking::Model, form: FormState) -> PageResult {
    let Ok(to) = form.value("session").parse().map(SessionId) else {
        let form = form.with_error("session", "Select the date that suits you");
        return link_page_with(visit, token, form).await;
    };
    if form.value("accept") != "yes" {
        let form = form.with_error("accept", "Tick the box to say that you accept the cancellation rule");
        return link_page_with(visit, token, form).await;
    }
    must_be_ours(&form)?;
    let change = change_by_link(visit, booking);
    let txn = visit.app.db.write().await?;
    let asked = (to, form.value("request_id"));
    if let Err(refusal) = made_as_shown_in_txn(asked, &form.values("version"), None, change.now, &txn).await? {
        drop(txn);
        let form = form.replacing("accept", "").with_error("session", refusal.to_string());
        return link_page_with(visit, token, form).await;
    }
    let new = transfer_in_txn(booking.id, to, form.value("request_id"), &change, &txn)
        .await?
        .map_err(|refusal| refused(&refusal, token))?;
    txn.commit().await?;
    done(visit, &link_token(&visit.app.secrets, &new.reference, 1), "moved")
}

fn must_be_ours(form: &FormState) -> Result<(), PageError> {
    if is_request_id(form.value("request_id")) {
        return Ok(());
    }
    Err(PageError::Conflict("This form is too old to be used. Open the link again.".into()))
}

fn change_by_link(visit: &Visit, booking: &booking::Model) -> Change {
    Change::by_link_of(booking.person_id, visit.now, Letters::of(&visit.app))
}

/// The page as it is now, with what has changed and nothing of what was sent.
async fn fresh_page(visit: &Visit, token: &str, sentence: &str) -> PageResult {
    let form = FormState::default().with_value("request_id", visit.new_request_id()?).with_error("", sentence);
    link_page_with(visit, token, form).await
}

fn refused(refusal: &Refusal, token: &str) -> PageError {
    conflict(refusal, format!("/bookings/link/{token}"))
}

fn done(visit: &Visit, token: &str, word: &str) -> PageResult {
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/bookings/link/{token}?done={word}"))
}
