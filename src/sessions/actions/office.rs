//! Adding, changing, publishing, cancelling and archiving sessions.

use super::{Parsed, STALE, with_problems};
use crate::{
    accounts::rules::PersonId,
    audit::store::{Subject, audit_insert_in_txn},
    bookings::{
        rules::is_request_id,
        store::{
            Change, offer_places_in_txn, session_cancelled_in_txn, session_details_changed_in_txn, session_moved_in_txn,
        },
    },
    calendar::rules::moment_text,
    charges::store::session_charges_settle_in_txn,
    courses::{self, rules::CourseKind},
    messages::{
        bookings::Letters,
        sessions::{self as mails, Trainer},
        store::{Mail, outbox_insert_in_txn},
    },
    sessions::{
        pages::office::{cancel_page_again, changed_session_again, new_session_again, office_session_again},
        rules::{
            Mode, Move, PublishFacts, SessionDetails, SessionEdit, SessionId, SessionState, SessionStatus,
            TrainerState, cancel_refusal, change_refusals, date_fields, gone_dates, new_details, publish_refusals,
        },
        store::{self, TrainerChanges},
    },
    web::{
        error::{PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;
use sea_orm::{ConnectionTrait, DbErr};

const REASON_LENGTH: usize = 500;

fn subject(id: SessionId) -> Subject {
    Subject { kind: "session", id: id.0 }
}

fn parse(form: &FormState) -> Parsed<SessionEdit> {
    SessionEdit::parse(|field| form.value(field), |field| form.values(field))
}

/// "Add another date" was pressed: the same form with fields for one more.
fn with_another_date(form: &FormState) -> Option<FormState> {
    let count = date_fields(form.value("dates")) + 1;
    (form.value("do") == "date").then(|| form.clone().replacing("dates", count.to_string()))
}

/// Leaves out trainers and venues that do not exist (any more), so that the sentence about a missing one is shown.
async fn keep_known_choices(edit: &mut SessionEdit, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let trainers = store::trainer_choices(db).await?;
    edit.trainers.retain(|id| trainers.iter().any(|(known, _)| known == id));
    if let Some(id) = edit.venue {
        edit.venue = store::venue_get(id, db).await?.map(|venue| venue.id);
    }
    Ok(())
}

async fn publish_facts(
    edit: &SessionEdit,
    visit: &Visit,
    db: &impl ConnectionTrait,
) -> Result<Option<PublishFacts>, DbErr> {
    let Some(course) = courses::store::course_details(edit.course, db).await? else { return Ok(None) };
    let venue = match edit.venue {
        Some(id) => store::venue_get(id, db).await?,
        None => None,
    };
    let starts = edit.starts_at().unwrap_or(visit.now);
    let terms = store::session_terms(starts, visit.now, db).await?;
    Ok(Some(PublishFacts {
        course: (course.course.status, course.course.kind),
        dates: edit.dates.clone(),
        mode: edit.mode,
        venue: venue.map(|venue| (venue.name, venue.capacity, venue.closed_at.is_some())),
        has_link: edit.online_link.is_some(),
        capacity: edit.capacity,
        cancel_by: terms.cancel_by(starts),
    }))
}

/// POST /office/sessions/new
pub async fn add_session(visit: Visit, Submitted(form): Submitted) -> PageResult {
    if let Some(form) = with_another_date(&form) {
        return new_session_again(visit, form).await;
    }
    let mut edit = match parse(&form) {
        Ok(edit) => edit,
        Err(problems) => return new_session_again(visit, with_problems(form, problems)).await,
    };
    let person = visit.person()?.id;
    let publishes = form.value("do") == "publish";
    let request_id = form.value("request_id").to_owned();
    if !is_request_id(&request_id) {
        return Err(PageError::Conflict("This form is too old to be used. Open it again.".into()));
    }
    let word = if publishes { "session-published" } else { "session-added" };
    let txn = visit.app.db.write().await?;
    // Sent again: the first result stands.
    if let Some(id) = store::session_of_request(&request_id, &txn).await? {
        return visit.see_other(format!("/office/sessions/{id}?done={word}"));
    }
    keep_known_choices(&mut edit, &txn).await?;
    let Some(facts) = publish_facts(&edit, &visit, &txn).await? else {
        drop(txn);
        return new_session_again(visit, form.with_error("course", "Choose a course")).await;
    };
    let refusals = if publishes {
        publish_refusals(&facts, visit.now)
    } else if facts.course.1 == CourseKind::Live {
        Vec::new()
    } else {
        vec![("course", "Recordings and e-learning have no sessions: choose another course".to_owned())]
    };
    if !refusals.is_empty() {
        drop(txn);
        return new_session_again(visit, with_problems(form, refusals)).await;
    }
    let id = store::session_insert_in_txn(&edit, &request_id, visit.now, &txn).await?;
    audit_insert_in_txn(Some(person), subject(id), "Added the session", visit.now, &txn).await?;
    let changes = store::session_trainers_put_in_txn(id, &edit.trainers, visit.now, &txn).await?;
    if publishes {
        publish_in_txn(id, person, &visit, &txn).await?;
    }
    tell_trainers_in_txn(id, &changes, &visit, &txn).await?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/office/sessions/{id}?done={word}"))
}

/// POST /office/sessions/{id}/edit
pub async fn change_session(visit: Visit, Path(id): Path<i64>, Submitted(form): Submitted) -> PageResult {
    let id = SessionId(id);
    if let Some(form) = with_another_date(&form) {
        return changed_session_again(visit, id, form).await;
    }
    let mut edit = match parse(&form) {
        Ok(edit) => edit,
        Err(problems) => return changed_session_again(visit, id, with_problems(form, problems)).await,
    };
    let person = visit.person()?.id;
    let version = form.value("version").parse().unwrap_or(0);
    let txn = visit.app.db.write().await?;
    store::session_lock_in_txn(id, &txn).await?;
    let before = store::session_details(id, &txn).await?.ok_or(PageError::NotFound)?;
    if matches!(before.status, SessionStatus::Cancelled | SessionStatus::Archived) {
        return Err(PageError::Conflict(
            "This session is cancelled or archived, so it can no longer be changed.".into(),
        ));
    }
    keep_known_choices(&mut edit, &txn).await?;
    let is_draft = before.status == SessionStatus::Draft;
    let publishes = is_draft && form.value("do") == "publish";
    let change = Move::between(&before, &edit);
    let mut refusals = change_refusals(&before, &edit, visit.now);
    let facts = publish_facts(&edit, &visit, &txn).await?;
    match &facts {
        None => refusals.push(("course", "Choose a course".to_owned())),
        // What is published keeps to what publishing asks for, once it has begun as far as it changes.
        Some(facts) if publishes || (!is_draft && visit.now < before.starts_at) => {
            for refusal in publish_refusals(facts, visit.now) {
                let is_old_course = !is_draft && refusal.0 == "course";
                if !is_old_course && !refusals.iter().any(|(field, _)| *field == refusal.0) {
                    refusals.push(refusal);
                }
            }
        }
        Some(_) => {}
    }
    if !refusals.is_empty() {
        drop(txn);
        return changed_session_again(visit, id, with_problems(form, refusals)).await;
    }
    let moved = !is_draft && change.is_any();
    if !store::session_update_in_txn(id, version, &edit, moved, visit.now, &txn).await? {
        drop(txn);
        return changed_session_again(visit, id, form.with_error("", STALE)).await;
    }
    audit_insert_in_txn(Some(person), subject(id), change_sentence(change), visit.now, &txn).await?;
    let changes = store::session_trainers_put_in_txn(id, &edit.trainers, visit.now, &txn).await?;
    tell_trainers_in_txn(id, &changes, &visit, &txn).await?;
    if publishes {
        publish_in_txn(id, person, &visit, &txn).await?;
    }
    let booking_change = Change::new(Some(person), visit.now, Letters::of(&visit.app));
    if moved {
        session_moved_in_txn(id, &moved_sentence(change), &gone_dates(&before, &edit), &booking_change, &txn).await?;
        // Nobody is charged for a session that the board moved, whoever cancelled it late before neither.
        session_charges_settle_in_txn(id, Some(person), visit.now, &txn).await?;
        tell_moved_trainers_in_txn(id, &changes, &visit, &txn).await?;
    } else if !is_draft
        && visit.now < before.ends_at
        && let Some(sentence) = new_details(&before, &edit)
    {
        session_details_changed_in_txn(id, sentence, &booking_change, &txn).await?;
    }
    if !is_draft && edit.capacity > before.capacity {
        offer_places_in_txn(id, &booking_change, &txn).await?;
    }
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    let word = match (publishes, moved) {
        (true, _) => "session-published",
        (_, true) => "session-moved",
        _ => "session-saved",
    };
    visit.see_other(format!("/office/sessions/{id}?done={word}"))
}

fn change_sentence(change: Move) -> String {
    match (change.time, change.place) {
        (false, false) => "Changed the session".to_owned(),
        _ => format!("Changed {} of the session", moved_words(change)),
    }
}

fn moved_words(change: Move) -> &'static str {
    match (change.time, change.place) {
        (true, true) => "the time and the place",
        (true, false) => "the time",
        _ => "the place",
    }
}

/// What everybody with a booking reads.
fn moved_sentence(change: Move) -> String {
    let verb = if change.time && change.place { "have" } else { "has" };
    let words = moved_words(change);
    format!("T{} {verb} changed.", words.trim_start_matches('t'))
}

async fn publish_in_txn(id: SessionId, by: PersonId, visit: &Visit, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let published = store::session_publish_in_txn(id, db).await?;
    if published {
        audit_insert_in_txn(Some(by), subject(id), "Published the session", visit.now, db).await?;
    }
    Ok(published)
}

/// POST /office/sessions/{id}/publish
pub async fn publish_session(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let id = SessionId(id);
    let person = visit.person()?.id;
    let txn = visit.app.db.write().await?;
    store::session_lock_in_txn(id, &txn).await?;
    let details = store::session_details(id, &txn).await?.ok_or(PageError::NotFound)?;
    let done = format!("/office/sessions/{id}?done=session-published");
    match details.status {
        SessionStatus::Draft => {}
        SessionStatus::Published => return visit.see_other(done),
        SessionStatus::Cancelled | SessionStatus::Archived => {
            return Err(PageError::Conflict(
                "This session is cancelled or archived, so it cannot be published.".into(),
            ));
        }
    }
    let facts = publish_facts(&edit_of(&details), &visit, &txn).await?.ok_or(PageError::NotFound)?;
    let refusals = publish_refusals(&facts, visit.now);
    if !refusals.is_empty() {
        drop(txn);
        // The fields are on another page, so the sentences stand without links.
        let sentences = refusals.into_iter().map(|(_, sentence)| ("", sentence));
        return office_session_again(visit, id, with_problems(FormState::default(), sentences)).await;
    }
    publish_in_txn(id, person, &visit, &txn).await?;
    txn.commit().await?;
    visit.see_other(done)
}

fn edit_of(details: &SessionDetails) -> SessionEdit {
    SessionEdit {
        course: details.course_id,
        mode: details.mode,
        venue: details.venue.as_ref().map(|venue| venue.id).filter(|_| details.mode == Mode::Venue),
        online_link: details.online_link.clone(),
        joining_instructions: details.joining_instructions.clone(),
        capacity: details.capacity,
        minimum: details.minimum,
        go_no_go_at: details.go_no_go_at,
        opens_at: Some(details.booking_opens_at),
        closes_at: Some(details.booking_closes_at),
        needs_approval: details.needs_approval,
        dates: details.spans(),
        trainers: Vec::new(),
    }
}

/// POST /office/sessions/{id}/cancel
pub async fn cancel_session(visit: Visit, Path(id): Path<i64>, Submitted(form): Submitted) -> PageResult {
    let id = SessionId(id);
    let reason = form.value("reason").split_whitespace().collect::<Vec<_>>().join(" ");
    let problem = match reason.chars().count() {
        0 => Some("Enter a reason: everybody who is told reads it"),
        length if length > REASON_LENGTH => Some("The reason must be 500 characters or fewer"),
        _ => None,
    };
    if let Some(sentence) = problem {
        return cancel_page_again(visit, id, form.with_error("reason", sentence)).await;
    }
    let person = visit.person()?.id;
    let txn = visit.app.db.write().await?;
    store::session_lock_in_txn(id, &txn).await?;
    let details = store::session_details(id, &txn).await?.ok_or(PageError::NotFound)?;
    if let Some(sentence) = cancel_refusal(&details, visit.now) {
        return Err(PageError::Conflict(sentence));
    }
    store::session_cancel_in_txn(id, &reason, visit.now, &txn).await?;
    let change = Change::new(Some(person), visit.now, Letters::of(&visit.app));
    let told = session_cancelled_in_txn(id, &reason, &change, &txn).await?;
    // Takes back what was proposed for late cancellations of this session.
    session_charges_settle_in_txn(id, Some(person), visit.now, &txn).await?;
    let asked: Vec<PersonId> = asked(&details);
    for (person, name, address) in store::address_list(&asked, &txn).await? {
        let to = Trainer { person, name: &name, address: &address };
        send(mails::trainer_session_cancelled(&to, &details, &reason), &visit, &txn).await?;
    }
    let (day, bookings) = (moment_text(details.starts_at), if told == 1 { "booking" } else { "bookings" });
    let sentence = format!("Cancelled the session of {day}; {told} {bookings} ended. The reason: {reason}");
    audit_insert_in_txn(Some(person), subject(id), sentence, visit.now, &txn).await?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/office/sessions/{id}?done=session-cancelled"))
}

/// POST /office/sessions/{id}/archive
pub async fn archive_session(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let id = SessionId(id);
    let person = visit.person()?.id;
    let txn = visit.app.db.write().await?;
    store::session_lock_in_txn(id, &txn).await?;
    let details = store::session_details(id, &txn).await?.ok_or(PageError::NotFound)?;
    match details.state(visit.now) {
        SessionState::Archived => {}
        SessionState::Delivered | SessionState::Cancelled => {
            store::session_archive_in_txn(id, details.status, &txn).await?;
            audit_insert_in_txn(Some(person), subject(id), "Archived the session", visit.now, &txn).await?;
        }
        SessionState::Draft | SessionState::Published | SessionState::Closed => {
            return Err(PageError::Conflict(
                "Only a delivered or cancelled session can be archived. This one is still to come, or its register is not submitted.".into(),
            ));
        }
    }
    txn.commit().await?;
    visit.see_other(format!("/office/sessions/{id}?done=session-archived"))
}

fn asked(details: &SessionDetails) -> Vec<PersonId> {
    let is_asked = |state| matches!(state, TrainerState::Offered | TrainerState::Accepted);
    details.trainers.iter().filter(|trainer| is_asked(trainer.state)).map(|trainer| trainer.person).collect()
}

async fn send(mail: Mail, visit: &Visit, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    outbox_insert_in_txn(mail, visit.now, db).await
}

async fn tell_trainers_in_txn(
    id: SessionId,
    changes: &TrainerChanges,
    visit: &Visit,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    if changes.asked.is_empty() && changes.released.is_empty() {
        return Ok(());
    }
    let Some(details) = store::session_details(id, db).await? else { return Ok(()) };
    let url = &visit.app.config.public_url;
    for (person, name, address) in store::address_list(&changes.asked, db).await? {
        let to = Trainer { person, name: &name, address: &address };
        send(mails::trainer_asked(&to, &details, url), visit, db).await?;
    }
    for (person, name, address) in store::address_list(&changes.released, db).await? {
        let to = Trainer { person, name: &name, address: &address };
        send(mails::trainer_released(&to, &details), visit, db).await?;
    }
    Ok(())
}

/// Tells the trainers who were asked before the change; those newly asked read the new date in their question.
async fn tell_moved_trainers_in_txn(
    id: SessionId,
    changes: &TrainerChanges,
    visit: &Visit,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let Some(details) = store::session_details(id, db).await? else { return Ok(()) };
    let mut people = asked(&details);
    people.retain(|person| !changes.asked.contains(person));
    for (person, name, address) in store::address_list(&people, db).await? {
        let to = Trainer { person, name: &name, address: &address };
        send(mails::trainer_session_moved(&to, &details, &visit.app.config.public_url), visit, db).await?;
    }
    Ok(())
}
