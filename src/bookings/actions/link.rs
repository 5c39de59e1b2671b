//! What people do behind a personal link, without signing in.

use super::{
    book::with_errors,
    change_by,
    changes::{CHANGED_MEANWHILE, accepted_word, given_up_word},
    conflict,
};
use crate::{
    bookings::{
        pages::{booking_of_link, link_page_with},
        rules::{is_request_id, parse_colleague},
        store::{accept_offer_in_txn, give_up_in_txn, still_means_in_txn, substitute_in_txn},
    },
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
    let change = change_by(&visit, booking.person_id);
    let word = match form.value("move") {
        "give-up" => {
            let txn = visit.app.db.write().await?;
            if !still_means_in_txn(booking.id, form.value("meaning"), change.now, &txn).await? {
                drop(txn);
                let form = FormState::default()
                    .with_value("request_id", visit.new_request_id()?)
                    .with_error("", CHANGED_MEANWHILE);
                return link_page_with(&visit, &token, form).await;
            }
            let booking = give_up_in_txn(booking.id, &change, &txn).await?.map_err(|refusal| conflict(&refusal))?;
            txn.commit().await?;
            given_up_word(booking.state)
        }
        "accept" => {
            let txn = visit.app.db.write().await?;
            let booking =
                accept_offer_in_txn(booking.id, &change, &txn).await?.map_err(|refusal| conflict(&refusal))?;
            txn.commit().await?;
            accepted_word(booking.state)
        }
        "colleague" => {
            let colleague = match parse_colleague(form.value("name"), form.value("email")) {
                Ok(colleague) => colleague,
                Err(wrong) => return link_page_with(&visit, &token, with_errors(form, wrong)).await,
            };
            if !is_request_id(form.value("request_id")) {
                return Err(PageError::Conflict("This form is too old to be used. Open the link again.".into()));
            }
            let txn = visit.app.db.write().await?;
            substitute_in_txn(booking.id, &colleague, form.value("request_id"), &change, &txn)
                .await?
                .map_err(|refusal| conflict(&refusal))?;
            txn.commit().await?;
            "colleague-named"
        }
        _ => return Err(PageError::Conflict("The form did not say what to do. Nothing was changed.".into())),
    };
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/bookings/link/{token}?done={word}"))
}
