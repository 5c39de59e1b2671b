//! Adding, changing, closing and reopening venues.

use super::{Parsed, STALE, with_problems};
use crate::{
    audit::store::{Subject, audit_insert_in_txn},
    bookings::store::{Change, session_details_changed_in_txn},
    entity::venue,
    messages::bookings::Letters,
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

const VENUE_CHANGED: &str = "What we told you of the venue has changed: read the address and the way again.";

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
    let before = store::venue_get(id, &txn).await?.ok_or(PageError::NotFound)?;
    if !store::venue_update_in_txn(id, version, &edit, &txn).await? {
        drop(txn);
        return changed_venue_again(visit, id, form.with_error("", STALE)).await;
    }
    if tells_people(&before, &edit) {
        let change = Change::new(Some(person), visit.now, Letters::of(&visit.app));
        for session in store::sessions_at_venue_changed_in_txn(id, visit.now, &txn).await? {
            session_details_changed_in_txn(session, VENUE_CHANGED, &change, &txn).await?;
        }
    }
    audit_insert_in_txn(Some(person), subject(id), format!("Changed the venue {}", edit.name), visit.now, &txn).await?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other("/office/venues?done=venue-saved")
}

/// Whether people with a place there have to know of the change. How many the room takes is the office's matter.
fn tells_people(before: &venue::Model, edit: &VenueEdit) -> bool {
    let was = [&before.name, &before.address, &before.postcode, &before.access_notes, &before.travel_notes];
    was != [&edit.name, &edit.address, &edit.postcode, &edit.access_notes, &edit.travel_notes]
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
