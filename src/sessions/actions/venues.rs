//! Adding, changing, closing and reopening venues.

use super::{Parsed, STALE, with_problems};
use crate::{
    audit::store::{Subject, audit_insert_in_txn},
    sessions::{
        pages::office::{changed_venue_again, new_venue_again},
        rules::{VenueEdit, VenueId},
        store,
    },
    web::{
        error::{PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;

const NAME_TAKEN: &str = "Another venue has this name: choose a different one";

fn subject(id: VenueId) -> Subject {
    Subject { kind: "venue", id: id.0 }
}

fn parse(form: &FormState) -> Parsed<VenueEdit> {
    VenueEdit::parse(|field| form.value(field))
}

/// POST /office/venues/new
pub async fn add_venue(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let edit = match parse(&form) {
        Ok(edit) => edit,
        Err(problems) => return new_venue_again(visit, with_problems(form, problems)).await,
    };
    let person = visit.person()?.id;
    let txn = visit.app.db.write().await?;
    if store::venue_name_is_taken(&edit.name, None, &txn).await? {
        drop(txn);
        return new_venue_again(visit, form.with_error("name", NAME_TAKEN)).await;
    }
    let id = store::venue_insert_in_txn(&edit, &txn).await?;
    audit_insert_in_txn(Some(person), subject(id), format!("Added the venue {}", edit.name), visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other("/office/venues?done=venue-added")
}

/// POST /office/venues/{id}
pub async fn change_venue(visit: Visit, Path(id): Path<i64>, Submitted(form): Submitted) -> PageResult {
    let id = VenueId(id);
    let edit = match parse(&form) {
        Ok(edit) => edit,
        Err(problems) => return changed_venue_again(visit, id, with_problems(form, problems)).await,
    };
    let person = visit.person()?.id;
    let version = form.value("version").parse().unwrap_or(0);
    let txn = visit.app.db.write().await?;
    if store::venue_name_is_taken(&edit.name, Some(id), &txn).await? {
        drop(txn);
        return changed_venue_again(visit, id, form.with_error("name", NAME_TAKEN)).await;
    }
    if !store::venue_update_in_txn(id, version, &edit, &txn).await? {
        drop(txn);
        return changed_venue_again(visit, id, form.with_error("", STALE)).await;
    }
    audit_insert_in_txn(Some(person), subject(id), format!("Changed the venue {}", edit.name), visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other("/office/venues?done=venue-saved")
}

/// POST /office/venues/{id}/close
pub async fn close_venue(visit: Visit, Path(id): Path<i64>) -> PageResult {
    put_closed(&visit, VenueId(id), true).await?;
    visit.see_other(format!("/office/venues/{id}?done=venue-closed"))
}

/// POST /office/venues/{id}/reopen
pub async fn reopen_venue(visit: Visit, Path(id): Path<i64>) -> PageResult {
    put_closed(&visit, VenueId(id), false).await?;
    visit.see_other(format!("/office/venues/{id}?done=venue-reopened"))
}

/// Doing it twice is doing it once.
async fn put_closed(visit: &Visit, id: VenueId, closed: bool) -> Result<(), PageError> {
    let person = visit.person()?.id;
    let txn = visit.app.db.write().await?;
    let venue = store::venue_get(id, &txn).await?.ok_or(PageError::NotFound)?;
    if store::venue_close_in_txn(id, closed.then_some(visit.now), &txn).await? {
        let sentence = format!("{} the venue {}", if closed { "Closed" } else { "Reopened" }, venue.name);
        audit_insert_in_txn(Some(person), subject(id), sentence, visit.now, &txn).await?;
    }
    txn.commit().await?;
    Ok(())
}
