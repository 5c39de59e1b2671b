//! Changing one's own booking. The office may do the same for anybody.

use super::{book::with_errors, change_by, conflict};
use crate::{
    bookings::{
        pages::{booking_of_viewer, booking_page_with, cancel_page_with, colleague_page_with, move_page_with},
        rules::{BookingState, is_request_id, parse_colleague},
        store::{
            accept_offer_in_txn, give_up_in_txn, made_as_shown_in_txn, policy_accept_in_txn, still_means_in_txn,
            substitute_in_txn, taken_as_shown_in_txn, transfer_in_txn,
        },
    },
    sessions::rules::SessionId,
    web::{
        error::{PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;

/// The page of a booking, on which whoever was refused goes on.
fn page_of(reference: &str) -> String {
    format!("/bookings/{reference}")
}

/// The word for `?done=` after something was given up.
pub(super) fn given_up_word(state: BookingState) -> &'static str {
    match state {
        BookingState::CancelledInTime => "cancelled-in-time",
        BookingState::CancelledLate => "cancelled-late",
        BookingState::Left => "left-list",
        BookingState::Withdrawn => "request-withdrawn",
        _ => "offer-declined",
    }
}

/// The word for `?done=` after an offer was accepted: where the agency or the office has to approve, there is no place
/// yet.
pub(super) fn accepted_word(state: BookingState) -> &'static str {
    match state {
        BookingState::Requested => "offer-waits-for-approval",
        _ => "offer-accepted",
    }
}

/// What a page says when a form was about something else than what is true by now.
pub(super) const CHANGED_MEANWHILE: &str =
    "This booking has changed since you opened the page. Nothing was cancelled. Read what is true now";

/// POST /bookings/{reference}/cancel. It does what the page said, or nothing: a request may have been approved, an offer
/// accepted in another window, the last minute gone by.
pub async fn cancel(visit: Visit, Path(reference): Path<String>, Submitted(form): Submitted) -> PageResult {
    let details = booking_of_viewer(&visit, &reference).await?;
    let change = change_by(&visit, visit.person()?.id);
    let txn = visit.app.db.write().await?;
    if !still_means_in_txn(details.booking.id, form.value("meaning"), change.now, &txn).await? {
        drop(txn);
        return cancel_page_with(&visit, &reference, FormState::default().with_error("", CHANGED_MEANWHILE)).await;
    }
    let booking = give_up_in_txn(details.booking.id, &change, &txn)
        .await?
        .map_err(|refusal| conflict(&refusal, page_of(&reference)))?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/bookings/{reference}?done={}", given_up_word(booking.state)))
}

/// POST /bookings/{reference}/accept
pub async fn accept(visit: Visit, Path(reference): Path<String>, Submitted(form): Submitted) -> PageResult {
    let details = booking_of_viewer(&visit, &reference).await?;
    let change = change_by(&visit, visit.person()?.id);
    let txn = visit.app.db.write().await?;
    if let Err(refusal) = taken_as_shown_in_txn(details.booking.id, &form.values("version"), &txn).await? {
        drop(txn);
        return booking_page_with(&visit, &reference, FormState::default().with_error("", refusal.to_string())).await;
    }
    let booking = accept_offer_in_txn(details.booking.id, &change, &txn)
        .await?
        .map_err(|refusal| conflict(&refusal, page_of(&reference)))?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/bookings/{reference}?done={}", accepted_word(booking.state)))
}

/// POST /bookings/{reference}/terms: the person accepts themselves what somebody else booked for them. Nobody can do
/// that for them, the office neither.
pub async fn accept_terms(visit: Visit, Path(reference): Path<String>) -> PageResult {
    let details = booking_of_viewer(&visit, &reference).await?;
    let person = visit.person()?.id;
    if details.booking.person_id != person {
        return Err(PageError::Conflict("Only the person who is booked can accept the cancellation rule.".into()));
    }
    let change = change_by(&visit, person);
    let txn = visit.app.db.write().await?;
    policy_accept_in_txn(details.booking.id, &change, &txn)
        .await?
        .map_err(|refusal| conflict(&refusal, page_of(&reference)))?;
    txn.commit().await?;
    visit.see_other(format!("/bookings/{reference}?done=terms-accepted"))
}

/// POST /bookings/{reference}/colleague
pub async fn send_colleague(visit: Visit, Path(reference): Path<String>, Submitted(form): Submitted) -> PageResult {
    let details = booking_of_viewer(&visit, &reference).await?;
    let colleague = match parse_colleague(form.value("name"), form.value("email")) {
        Ok(colleague) => colleague,
        Err(wrong) => return colleague_page_with(&visit, &reference, with_errors(form, wrong)).await,
    };
    if !is_request_id(form.value("request_id")) {
        return Err(PageError::Conflict("This form is too old to be used. Open it again.".into()));
    }
    let change = change_by(&visit, visit.person()?.id);
    let txn = visit.app.db.write().await?;
    let asked = (details.booking.session_id, form.value("request_id"));
    if let Err(refusal) = made_as_shown_in_txn(asked, &form.values("version"), None, change.now, &txn).await? {
        drop(txn);
        return colleague_page_with(&visit, &reference, form.with_error("", refusal.to_string())).await;
    }
    substitute_in_txn(details.booking.id, &colleague, form.value("request_id"), &change, &txn)
        .await?
        .map_err(|refusal| conflict(&refusal, page_of(&reference)))?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/bookings/{reference}?done=colleague-named"))
}

/// POST /bookings/{reference}/move
pub async fn move_to_other_date(visit: Visit, Path(reference): Path<String>, Submitted(form): Submitted) -> PageResult {
    let details = booking_of_viewer(&visit, &reference).await?;
    let Ok(to) = form.value("session").parse() else {
        let form = form.with_error("session", "Select the date that suits you");
        return move_page_with(&visit, &reference, form).await;
    };
    let is_own = details.booking.person_id == visit.person()?.id;
    if is_own && form.value("accept") != "yes" {
        let form = form.with_error("accept", "Tick the box to say that you accept the cancellation rule");
        return move_page_with(&visit, &reference, form).await;
    }
    if !is_request_id(form.value("request_id")) {
        return Err(PageError::Conflict("This form is too old to be used. Open it again.".into()));
    }
    let change = change_by(&visit, visit.person()?.id);
    let txn = visit.app.db.write().await?;
    let asked = (SessionId(to), form.value("request_id"));
    if let Err(refusal) = made_as_shown_in_txn(asked, &form.values("version"), None, change.now, &txn).await? {
        drop(txn);
        let form = form.replacing("accept", "").with_error("session", refusal.to_string());
        return move_page_with(&visit, &reference, form).await;
    }
    let new = transfer_in_txn(details.booking.id, SessionId(to), form.value("request_id"), &change, &txn)
        .await?
        .map_err(|refusal| conflict(&refusal, page_of(&reference)))?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/bookings/{}?done=moved", new.reference))
}
