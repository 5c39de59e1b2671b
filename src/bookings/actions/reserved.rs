//! The office keeps places and releases them.

use super::{book::with_errors, change_by};
use crate::{
    agencies::{
        rules::AgencyId,
        store::{agency_get, sector_list},
    },
    audit::store::{Subject, audit_insert_in_txn},
    bookings::{
        pages::reserved_page_with,
        rules::{KeptFor, ReservedPlaceId, is_request_id, last_day_kept, parse_reserved},
        store::{
            offer_places_in_txn, reserved_by_request, reserved_insert_in_txn, reserved_list, reserved_release_in_txn,
            session_current_in_txn,
        },
    },
    calendar::rules::day_text,
    sessions::rules::{SessionId, SessionStatus},
    web::{
        error::{PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;

/// For whom the form keeps places, and their name.
async fn parse_kept_for(visit: &Visit, form: &FormState) -> Result<Result<(KeptFor, String), &'static str>, PageError> {
    const CHOOSE: &str = "Choose an agency or a sector, one of them";
    match (form.value("agency"), form.value("sector")) {
        ("", "") => Ok(Err(CHOOSE)),
        (agency, "") => {
            let Some(id) = agency.parse().ok().map(AgencyId) else { return Ok(Err(CHOOSE)) };
            let found = agency_get(id, visit.db()).await?;
            Ok(found.map(|agency| (KeptFor::Agency(id), agency.name)).ok_or(CHOOSE))
        }
        ("", sector) => {
            let known = sector_list(visit.db()).await?.into_iter().find(|known| known == sector);
            Ok(known.map(|sector| (KeptFor::Sector(sector.clone()), sector)).ok_or(CHOOSE))
        }
        _ => Ok(Err(CHOOSE)),
    }
}

/// POST /office/sessions/{id}/reserved
pub async fn reserve_places(visit: Visit, Path(id): Path<i64>, Submitted(form): Submitted) -> PageResult {
    let change = change_by(&visit, visit.person()?.id);
    let kept = parse_kept_for(&visit, &form).await?;
    let request_id = form.value("request_id").to_owned();
    if !is_request_id(&request_id) {
        return Err(PageError::Conflict("This form is too old to be used. Open it again.".into()));
    }
    let txn = visit.app.db.write().await?;
    let session = session_current_in_txn(SessionId(id), &change, &txn).await?.ok_or(PageError::NotFound)?;
    // Sent again: the first result stands, even where the places are released by now.
    if reserved_by_request(&request_id, &txn).await? {
        return visit.see_other(format!("/office/sessions/{id}/reserved?done=places-reserved"));
    }
    if !matches!(session.status, SessionStatus::Draft | SessionStatus::Published) {
        return Err(PageError::Conflict("This session is cancelled or archived, so nothing can be reserved.".into()));
    }
    let free = (session.capacity - session.held - session.reserved).max(0);
    let day = ["until-day", "until-month", "until-year"].map(|part| form.value(part));
    let new = parse_reserved(form.value("places"), day, free, session.starts_at, visit.now);
    let ((kept, who), new) = match (kept, new) {
        (Ok(kept), Ok(new)) => (kept, new),
        (kept, new) => {
            drop(txn);
            let form = match kept {
                Err(sentence) => form.with_error("agency", sentence),
                Ok(_) => form,
            };
            return reserved_page_with(&visit, id, with_errors(form, new.err().unwrap_or_default())).await;
        }
    };
    if !reserved_insert_in_txn(session.id, &kept, &new, &request_id, &txn).await? {
        drop(txn);
        let form = form.with_error("places", "So many places are no longer free");
        return reserved_page_with(&visit, id, form).await;
    }
    let sentence = format!(
        "Reserved {} places for {who} until the end of {}",
        new.places,
        day_text(last_day_kept(new.release_at))
    );
    audit_insert_in_txn(change.actor, Subject { kind: "session", id }, sentence, visit.now, &txn).await?;
    // Colleagues who wait may be the ones for whom the places are kept.
    offer_places_in_txn(session.id, &change, &txn).await?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/office/sessions/{id}/reserved?done=places-reserved"))
}

/// POST /office/sessions/{id}/reserved/{reserved}/release. Twice is the same as once.
pub async fn release_places(visit: Visit, Path((id, reserved)): Path<(i64, i64)>) -> PageResult {
    let change = change_by(&visit, visit.person()?.id);
    let txn = visit.app.db.write().await?;
    let session = session_current_in_txn(SessionId(id), &change, &txn).await?.ok_or(PageError::NotFound)?;
    let rows = reserved_list(session.id, &txn).await?;
    let row = rows.into_iter().find(|row| row.id == ReservedPlaceId(reserved)).ok_or(PageError::NotFound)?;
    if reserved_release_in_txn(&row, &change, &txn).await? {
        offer_places_in_txn(session.id, &change, &txn).await?;
    }
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/office/sessions/{id}/reserved?done=places-released"))
}
