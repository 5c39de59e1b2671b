//! What the office does for others.

use super::{book::with_errors, change_by, conflict, declined};
use crate::{
    accounts::{rules::PersonId, store::address_by_text},
    agencies::store::employers_current,
    bookings::{
        pages::office_book_page_with,
        rules::{Refusal, Shown, Wrong, choose_employer, is_request_id},
        store::{
            Answer, PlaceRequest, Placed, answer_request_in_txn, booking_by_reference, made_as_shown_in_txn,
            request_place_in_txn,
        },
    },
    calendar::rules::london_day,
    entity::{membership, person},
    web::{
        error::{PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;
use sea_orm::{DbErr, EntityTrait};

/// POST /office/bookings/{reference}/approve
pub async fn approve(visit: Visit, Path(reference): Path<String>) -> PageResult {
    answer(visit, reference, Answer::Approve).await
}

/// POST /office/bookings/{reference}/decline
pub async fn decline(visit: Visit, Path(reference): Path<String>, Submitted(form): Submitted) -> PageResult {
    let given = declined(&form)?;
    answer(visit, reference, given).await
}

async fn answer(visit: Visit, reference: String, given: Answer) -> PageResult {
    let booking = booking_by_reference(&reference, visit.db()).await?.ok_or(PageError::NotFound)?;
    let word = if given == Answer::Approve { "request-approved" } else { "request-declined" };
    let change = change_by(&visit, visit.person()?.id);
    let txn = visit.app.db.write().await?;
    answer_request_in_txn(booking.id, given, &change, &txn)
        .await?
        .map_err(|refusal| conflict(&refusal, format!("/bookings/{reference}")))?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/office/bookings?state=requested&done={word}"))
}

/// POST /office/bookings/new
pub async fn book_for_somebody(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let mut wrong = Vec::new();
    let address = address_by_text(form.value("email"), visit.db()).await?;
    if form.value("email").trim().is_empty() {
        wrong.push(("email", "Enter their email address".to_owned()));
    } else if address.is_none() {
        wrong.push(("email", "Nobody is known by this address. Add the person first".to_owned()));
    }
    let employer = match &address {
        Some(address) => employer_chosen(&visit, &form, address.person_id).await?,
        None => Ok(None),
    };
    let employer = employer.map_err(|problem| wrong.push(problem)).ok();
    // The chosen session's value says which version of it the page showed.
    let session = form.value("session").parse::<Shown>().ok().map(|shown| shown.session);
    if session.is_none() {
        wrong.push(("session", "Choose a session".to_owned()));
    }
    let (Some(address), Some(employer), Some(session)) = (address, employer, session) else {
        return office_book_page_with(&visit, with_errors(form, wrong)).await;
    };
    if !is_request_id(form.value("request_id")) {
        return Err(PageError::Conflict("This form is too old to be used. Open it again.".into()));
    }
    let person = person::Entity::find_by_id(address.person_id).one(visit.db()).await?.ok_or(PageError::NotFound)?;
    let request = PlaceRequest {
        request_id: form.value("request_id").to_owned(),
        session,
        person: person.id,
        agency: employer.as_ref().map(|employer| employer.agency_id),
        agency_confirmed: employer.as_ref().is_some_and(|employer| employer.confirmed_at.is_some()),
        agency_given: None,
        job_role: employer.map(|employer| employer.job_role).unwrap_or_default(),
        person_kind: person.kind,
        access_needs: None,
        policy_accepted: false,
        may_wait: form.value("wait") == "yes",
        substitute_for: None,
        booked_by_lead: None,
    };
    let change = change_by(&visit, visit.person()?.id);
    let txn = visit.app.db.write().await?;
    let asked = (session, form.value("request_id"));
    if let Err(refusal) = made_as_shown_in_txn(asked, &[form.value("session")], None, change.now, &txn).await? {
        drop(txn);
        return office_book_page_with(&visit, form.with_error("session", refusal.about_them())).await;
    }
    match request_place_in_txn(request, &change, &txn).await? {
        Ok(Placed::Done(booking)) => {
            txn.commit().await?;
            visit.app.outbox_bell.notify_one();
            visit.see_other(format!("/bookings/{}?done=booked-for", booking.reference))
        }
        Ok(Placed::Full { waiting }) => {
            drop(txn);
            let sentence =
                format!("This session is full, and {waiting} wait. Tick the box to add them to the waiting list");
            office_book_page_with(&visit, form.with_error("session", sentence)).await
        }
        Err(refusal) => {
            drop(txn);
            let field = match refusal {
                Refusal::AlreadyBooked
                | Refusal::AlreadyOffered
                | Refusal::AlreadyRequested
                | Refusal::AlreadyWaiting => "email",
                _ => "session",
            };
            office_book_page_with(&visit, form.with_error(field, refusal.about_them())).await
        }
    }
}

/// Which of somebody's memberships they come under. What was chosen counts for the person about whom the form asked,
/// and for nobody whose address was typed over theirs since.
async fn employer_chosen(
    visit: &Visit,
    form: &FormState,
    person: PersonId,
) -> Result<Result<Option<membership::Model>, Wrong>, DbErr> {
    let employers = employers_current(person, london_day(visit.now), visit.db()).await?;
    let agencies: Vec<_> = employers.iter().map(|(_, agency)| agency.id).collect();
    let chosen = if form.value("asked_of") == person.to_string() { form.value("agency") } else { "" };
    Ok(choose_employer(&agencies, chosen).map(|chosen| {
        let mut memberships = employers.into_iter().map(|(membership, _)| membership);
        memberships.find(|membership| Some(membership.agency_id) == chosen)
    }))
}
