//! The office skips somebody on a waiting list, with a reason.

use super::{REASON_LONGEST, change_by, conflict};
use crate::{
    accounts::rules::parse_text,
    bookings::{
        pages::skip_page_with,
        store::{booking_by_reference, skip_in_txn},
    },
    web::{
        error::{PageError, PageResult},
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;

/// POST /office/bookings/{reference}/skip
pub async fn skip(visit: Visit, Path(reference): Path<String>, Submitted(form): Submitted) -> PageResult {
    let reason = match parse_text("Reason", form.value("reason"), REASON_LONGEST) {
        Ok(reason) => reason,
        Err(sentence) => return skip_page_with(&visit, &reference, form.with_error("reason", sentence)).await,
    };
    let booking = booking_by_reference(&reference, visit.db()).await?.ok_or(PageError::NotFound)?;
    let change = change_by(&visit, visit.person()?.id);
    let txn = visit.app.db.write().await?;
    skip_in_txn(booking.id, form.value("since"), &reason, &change, &txn)
        .await?
        .map_err(|refusal| conflict(&refusal, format!("/bookings/{reference}")))?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/bookings/{reference}?done=waiter-skipped"))
}
