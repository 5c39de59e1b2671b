//! What an agency's training lead does for their staff.

use super::{
    book::with_errors,
    change_by,
    changes::{CHANGED_MEANWHILE, given_up_word},
    conflict, declined,
};
use crate::{
    accounts::rules::{PersonId, Role},
    agencies::rules::AgencyId,
    bookings::{
        pages::agency::{
            BookedLine, SOMEBODY_NEW, agency_book_page_with, agency_cancel_page_with, agency_colleague_page_with,
            booking_of_lead, led_agency, load_staff_screen, may_answer, staff_list_check_page, staff_list_done_page,
            staff_list_page_with,
        },
        rules::{
            Colleague, ListRow, Wrong, check_shown, decode_list, is_request_id, parse_colleague, parse_staff_list,
        },
        store::{
            Answer, Placed, Staff, StaffRequest, answer_request_in_txn, give_up_in_txn, made_as_shown_in_txn,
            staff_book_in_txn, staff_by_address_in_txn, staff_get, staff_line_book_in_txn, staff_list_preview,
            still_means_in_txn, substitute_known_in_txn,
        },
    },
    calendar::rules::london_day,
    entity::agency,
    sessions::rules::SessionId,
    web::{
        error::{Onward, PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::{Multipart, Path};
use sea_orm::{ConnectionTrait, DbErr};

/// The page of a booking, on which a lead who was refused goes on.
fn page_of(reference: &str) -> String {
    format!("/agency/bookings/{reference}")
}

const TOO_OLD: &str = "This form is too old to be used. Open it again.";

/// POST /agency/bookings/{reference}/approve
pub async fn agency_approve(visit: Visit, Path(reference): Path<String>) -> PageResult {
    answer(visit, reference, Answer::Approve).await
}

/// POST /agency/bookings/{reference}/decline
pub async fn agency_decline(visit: Visit, Path(reference): Path<String>, Submitted(form): Submitted) -> PageResult {
    let given = declined(&form)?;
    answer(visit, reference, given).await
}

async fn answer(visit: Visit, reference: String, given: Answer) -> PageResult {
    let details = booking_of_lead(&visit, &reference).await?;
    let is_open = details.booking.state == crate::bookings::rules::BookingState::Requested;
    if is_open && !may_answer(&visit, &details).await? {
        let sentence = "The training team answers this request, not the agency.".to_owned();
        let onward = Onward { href: page_of(&reference), text: "See the booking as it is now" };
        return Err(PageError::Refused { sentence, onward });
    }
    let word = if given == Answer::Approve { "request-approved" } else { "request-declined" };
    let change = change_by(&visit, visit.person()?.id);
    let txn = visit.app.db.write().await?;
    answer_request_in_txn(details.booking.id, given, &change, &txn)
        .await?
        .map_err(|refusal| conflict(&refusal, page_of(&reference)))?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/agency/bookings/{reference}?done={word}"))
}

/// POST /agency/bookings/{reference}/cancel
pub async fn agency_cancel(visit: Visit, Path(reference): Path<String>, Submitted(form): Submitted) -> PageResult {
    let details = booking_of_lead(&visit, &reference).await?;
    let change = change_by(&visit, visit.person()?.id);
    let txn = visit.app.db.write().await?;
    if !still_means_in_txn(details.booking.id, form.value("meaning"), change.now, &txn).await? {
        drop(txn);
        let form = FormState::default().with_error("", CHANGED_MEANWHILE);
        return agency_cancel_page_with(&visit, &reference, form).await;
    }
    let booking = give_up_in_txn(details.booking.id, &change, &txn)
        .await?
        .map_err(|refusal| conflict(&refusal, page_of(&reference)))?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    let word = match given_up_word(booking.state) {
        "cancelled-in-time" => "their-place-cancelled",
        "cancelled-late" => "their-place-cancelled-late",
        _ => "their-booking-ended",
    };
    visit.see_other(format!("/agency/bookings/{reference}?done={word}"))
}

/// Who is meant: one of the staff by number, or somebody by name and address.
enum Chosen {
    Known(PersonId),
    New(Colleague),
}

fn parse_chosen(form: &FormState) -> Result<Chosen, Vec<Wrong>> {
    match form.value("staff") {
        SOMEBODY_NEW => parse_colleague(form.value("name"), form.value("email")).map(Chosen::New).map_err(|wrong| {
            wrong.into_iter().map(|(field, text)| (field, text.replace("your colleague’s", "their"))).collect()
        }),
        number => match number.parse() {
            Ok(id) => Ok(Chosen::Known(PersonId(id))),
            Err(_) => Err(vec![("staff", "Select who it is".to_owned())]),
        },
    }
}

async fn staff_in_txn(
    chosen: &Chosen,
    agency: AgencyId,
    visit: &Visit,
    lead: PersonId,
    db: &impl ConnectionTrait,
) -> Result<Option<Staff>, DbErr> {
    match chosen {
        Chosen::Known(person) => staff_get(agency, *person, london_day(visit.now), db).await,
        Chosen::New(colleague) => staff_by_address_in_txn(agency, colleague, lead, visit.now, db).await,
    }
}

/// POST /agency/bookings/{reference}/colleague
pub async fn agency_send_colleague(
    visit: Visit,
    Path(reference): Path<String>,
    Submitted(form): Submitted,
) -> PageResult {
    let details = booking_of_lead(&visit, &reference).await?;
    let chosen = match parse_chosen(&form) {
        Ok(chosen) => chosen,
        Err(wrong) => return agency_colleague_page_with(&visit, &reference, with_errors(form, wrong)).await,
    };
    if !is_request_id(form.value("request_id")) {
        return Err(PageError::Conflict(TOO_OLD.into()));
    }
    let agency = details.booking.agency_id.ok_or(PageError::NotFound)?;
    let lead = visit.person()?.id;
    let change = change_by(&visit, lead);
    let txn = visit.app.db.write().await?;
    let asked = (details.booking.session_id, form.value("request_id"));
    if let Err(refusal) = made_as_shown_in_txn(asked, &form.values("version"), None, change.now, &txn).await? {
        drop(txn);
        return agency_colleague_page_with(&visit, &reference, form.with_error("", refusal.to_string())).await;
    }
    let Some(staff) = staff_in_txn(&chosen, agency, &visit, lead, &txn).await? else {
        drop(txn);
        let form = form.with_error("staff", "Select one of your staff");
        return agency_colleague_page_with(&visit, &reference, form).await;
    };
    let outcome =
        substitute_known_in_txn(details.booking.id, staff.person, form.value("request_id"), &change, &txn).await?;
    match outcome {
        Ok(_) => {
            txn.commit().await?;
            visit.app.outbox_bell.notify_one();
            visit.see_other(format!("/agency/bookings/{reference}?done=colleague-sent"))
        }
        Err(refusal) => {
            drop(txn);
            // Where the booking itself is over the page says so instead. Of people who are not known to work there the
            // lead learns nothing.
            let sentence = match chosen {
                Chosen::Known(_) => refusal.about_them(),
                Chosen::New(_) => refusal.to_string(),
            };
            let form = form.with_error("staff", sentence);
            agency_colleague_page_with(&visit, &reference, form).await
        }
    }
}

/// POST /agency/sessions/{id}/book
pub async fn agency_book(visit: Visit, Path(id): Path<i64>, Submitted(form): Submitted) -> PageResult {
    let Some(agency) = led_agency(&visit, form.value("agency")).await? else { return Err(PageError::NotFound) };
    let chosen = match parse_chosen(&form) {
        Ok(chosen) => chosen,
        Err(wrong) => return agency_book_page_with(&visit, id, with_errors(form, wrong)).await,
    };
    let request = staff_request(&visit, id, &agency, &form)?;
    let change = change_by(&visit, request.lead);
    let txn = visit.app.db.write().await?;
    let asked = (request.session, request.request_id.as_str());
    if let Err(refusal) = made_as_shown_in_txn(asked, &form.values("version"), None, change.now, &txn).await? {
        drop(txn);
        return agency_book_page_with(&visit, id, form.with_error("", refusal.to_string())).await;
    }
    let Some(staff) = staff_in_txn(&chosen, agency.id, &visit, request.lead, &txn).await? else {
        drop(txn);
        return agency_book_page_with(&visit, id, form.with_error("staff", "Select one of your staff")).await;
    };
    let field = if matches!(chosen, Chosen::New(_)) { "email" } else { "staff" };
    match staff_book_in_txn(&staff, &request, &change, &txn).await? {
        Ok(Placed::Done(booking)) => {
            txn.commit().await?;
            visit.app.outbox_bell.notify_one();
            visit.see_other(format!("/agency/bookings/{}?done=booked-for", booking.reference))
        }
        Ok(Placed::Full { waiting }) => {
            drop(txn);
            let sentence =
                format!("The session is full, and {waiting} wait. Tick the box to put them on the waiting list");
            agency_book_page_with(&visit, id, form.with_error("wait", sentence)).await
        }
        Err(refusal) => {
            drop(txn);
            agency_book_page_with(&visit, id, form.with_error(field, refusal.about_them())).await
        }
    }
}

fn staff_request(visit: &Visit, id: i64, agency: &agency::Model, form: &FormState) -> Result<StaffRequest, PageError> {
    if !is_request_id(form.value("request_id")) {
        return Err(PageError::Conflict(TOO_OLD.into()));
    }
    Ok(StaffRequest {
        request_id: form.value("request_id").to_owned(),
        session: SessionId(id),
        agency: agency.id,
        lead: visit.person()?.id,
        may_wait: form.value("wait") == "yes",
    })
}

/// POST /agency/sessions/{id}/list: what each line would lead to.
pub async fn check_staff_list(visit: Visit, Path(id): Path<i64>, Submitted(form): Submitted) -> PageResult {
    if form.value("do") == "change" {
        return staff_list_page_with(&visit, id, form).await;
    }
    check_list(&visit, id, form).await
}

/// POST /agency/sessions/{id}/list/file: the same with a file.
pub async fn check_staff_file(visit: Visit, Path(id): Path<i64>, mut fields: Multipart) -> PageResult {
    // Only who leads an agency is read at all.
    visit.person()?.agencies_as(Role::TrainingLead).first().ok_or(PageError::NotFound)?;
    let mut form = FormState::default();
    let mut list = Err("Choose a file".to_owned());
    let unreadable = |_| PageError::Conflict("The file could not be read, or is too large. Nothing was booked.".into());
    while let Some(field) = fields.next_field().await.map_err(unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(unreadable)?;
        match name.as_str() {
            "file" if !bytes.is_empty() => list = decode_list(&bytes),
            "request_id" | "agency" => form = form.with_value(&name, String::from_utf8_lossy(&bytes)),
            _ => {}
        }
    }
    match list {
        Ok(text) => check_list(&visit, id, form.with_value("list", text)).await,
        Err(sentence) => staff_list_page_with(&visit, id, form.with_error("file", sentence)).await,
    }
}

async fn check_list(visit: &Visit, id: i64, form: FormState) -> PageResult {
    let Some(agency) = led_agency(visit, form.value("agency")).await? else { return Err(PageError::NotFound) };
    let rows = match parse_staff_list(form.value("list")) {
        Ok(rows) => rows,
        Err(sentence) => return staff_list_page_with(visit, id, form.with_error("list", sentence)).await,
    };
    let request = staff_request(visit, id, &agency, &form)?;
    let screen = load_staff_screen(visit, id).await?;
    let verdicts = staff_list_preview(&rows, &request, visit.now, visit.db()).await?;
    let lines = rows.into_iter().zip(verdicts).collect();
    Ok(staff_list_check_page(visit, screen, agency, lines, form))
}

/// POST /agency/sessions/{id}/list/book. One transaction for each line, so that nobody else has to wait for the whole
/// list; sent again, each line gives its first result. Where the session or the rule has changed since the list was
/// looked at, it is shown to be looked at again; where that happens between two lines, the later ones are left out.
pub async fn book_staff_list(visit: Visit, Path(id): Path<i64>, Submitted(form): Submitted) -> PageResult {
    let Some(agency) = led_agency(&visit, form.value("agency")).await? else { return Err(PageError::NotFound) };
    let rows = match parse_staff_list(form.value("list")) {
        Ok(rows) => rows,
        Err(sentence) => return staff_list_page_with(&visit, id, form.with_error("list", sentence)).await,
    };
    let request = staff_request(&visit, id, &agency, &form)?;
    let screen = load_staff_screen(&visit, id).await?;
    let sent = form.values("version");
    if let Err(refusal) = check_shown(&sent, &screen.shown) {
        return check_list(&visit, id, form.with_error("", refusal.to_string())).await;
    }
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let outcome = book_line(&visit, &row, &request, &sent).await?;
        lines.push(BookedLine { row, outcome });
    }
    visit.app.outbox_bell.notify_one();
    Ok(staff_list_done_page(&visit, &screen, lines))
}

async fn book_line(
    visit: &Visit,
    row: &ListRow,
    request: &StaffRequest,
    sent: &[&str],
) -> Result<Result<(String, crate::bookings::rules::BookingState), String>, PageError> {
    let colleague = match &row.colleague {
        Ok(colleague) => colleague,
        Err(problem) => return Ok(Err(format!("{}: {}", problem.column, problem.sentence))),
    };
    let change = change_by(visit, request.lead);
    let txn = visit.app.db.write().await?;
    match staff_line_book_in_txn(colleague, request, sent, &change, &txn).await? {
        Ok(Placed::Done(booking)) => {
            txn.commit().await?;
            Ok(Ok((booking.reference, booking.state)))
        }
        Ok(Placed::Full { .. }) => Ok(Err("The session is full, and the list does not ask to wait".to_owned())),
        Err(refusal) => Ok(Err(refusal.about_them())),
    }
}
