//! What trainers and the office do with registers.

use super::{
    pages,
    pages::{marker_of, register_address, show_comes_for, show_register, show_walk_in, trained_session},
    rules::{Mark, MarkRefused, MarkRequest, read_minutes},
    store::{
        ComesFor, MarkWrite, NewWalkIn, RegisterError, WalkInRefused, Wish, mark_save_in_txn, register_load,
        register_lock_in_txn, register_submit_in_txn, walk_in_add_in_txn, walk_in_new_in_txn,
    },
};
use crate::{
    accounts::rules::PersonId,
    agencies::rules::AgencyId,
    sessions::rules::{SessionId, SessionStatus},
    surveys::store::after_code_in_txn,
    web::{
        error::{PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;

/// The longest name, address or job role that is taken.
const LONGEST_TEXT: usize = 120;
/// The longest request id that is looked at: our own have 64 letters.
const LONGEST_REQUEST: usize = 64;
/// The longest reason for a correction.
const LONGEST_REASON: usize = 300;

impl From<RegisterError> for PageError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::NotFound => Self::NotFound,
            RegisterError::Refused(refusal) => {
                Self::Conflict(format!("{}. Nothing was changed.", refusal.to_string().trim_end_matches('.')))
            }
            RegisterError::Database(error) => error.into(),
        }
    }
}

/// POST /training/sessions/{id}/code: makes the code that the trainer shows.
pub async fn make_code(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let details = trained_session(&visit, SessionId(id)).await?;
    let txn = visit.app.db.write().await?;
    after_code_in_txn(details.id, visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other(format!("/training/sessions/{id}"))
}

/// POST /training/sessions/{id}/register/{position}: saves every mark on the form; "Save and submit" goes on.
pub async fn save_register(
    visit: Visit,
    Path((id, position)): Path<(i64, i32)>,
    Submitted(form): Submitted,
) -> PageResult {
    let id = SessionId(id);
    let details = trained_session(&visit, id).await?;
    if details.status == SessionStatus::Cancelled {
        return Err(PageError::Conflict("This session was cancelled, so it has no register.".into()));
    }
    let register = register_load(id, position, visit.db()).await?.ok_or(PageError::NotFound)?;
    let reason = form.value("reason").trim().to_owned();
    let (writes, form) = read_marks(&register, &reason, form);
    if form.has_errors() {
        return show_register(visit, id, position, form).await;
    }
    let marker = marker_of(&visit)?;
    let txn = visit.app.db.write().await?;
    for write in &writes {
        match mark_save_in_txn(write, marker, &visit.app.secrets, visit.now, &txn).await {
            Ok(_) => {}
            Err(RegisterError::Refused(refusal)) => {
                drop(txn);
                let field = if marker.is_office { "reason" } else { "" };
                let form = form.with_error(field, refusal.to_string());
                return show_register(visit, id, position, form).await;
            }
            Err(other) => return Err(other.into()),
        }
    }
    after_code_in_txn(id, visit.now, &txn).await?;
    let is_too_early = visit.now < register.date.starts_at;
    let submits = form.value("action") == "submit" && !is_too_early;
    let asks = submits && register_load(id, position, &txn).await?.is_some_and(|now| now.marked() < now.people.len());
    if submits && !asks {
        register_submit_in_txn(id, position, None, marker, &visit.app.secrets, visit.now, &txn).await?;
    }
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    if is_too_early && form.value("action") == "submit" {
        let sentence = format!("{}. The marks are saved", MarkRefused::NotStarted);
        return show_register(visit, id, position, form.with_error("", sentence)).await;
    }
    let address = register_address(id, position);
    match (submits, asks) {
        (_, true) => visit.see_other(format!("{address}/submit")),
        (true, false) => visit.see_other(format!("/training/sessions/{id}?done=register-submitted")),
        (false, _) => visit.see_other(format!("{address}?done=register-saved")),
    }
}

/// The marks of the form for people who are on the register; other fields are ignored.
fn read_marks(register: &super::store::Register, reason: &str, mut form: FormState) -> (Vec<MarkWrite>, FormState) {
    let mut writes = Vec::new();
    if reason.chars().count() > LONGEST_REASON {
        form = form.with_error("reason", "The reason must be 300 characters or less");
    }
    let request_id: String = form.value("request_id").chars().take(LONGEST_REQUEST).collect();
    for person in &register.people {
        let word = form.value(&format!("mark-{}", person.booking)).to_owned();
        let Some(mark) = Mark::from_word(&word) else { continue };
        let field = format!("minutes-{}", person.booking);
        let minutes_late = match read_minutes(form.value(&field)) {
            Ok(minutes) => minutes.filter(|_| mark == Mark::Late),
            Err(_) if mark != Mark::Late => None,
            Err(refusal) => {
                form = form.with_error(&field, format!("{}: {refusal}", person.name));
                None
            }
        };
        writes.push(MarkWrite {
            nonce: format!("{request_id}:{}:{}", register.date.id, person.booking),
            date: register.date.id,
            booking: person.booking,
            request: MarkRequest { mark, minutes_late, reason: (!reason.is_empty()).then(|| reason.to_owned()) },
        });
    }
    (writes, form)
}

/// POST /training/sessions/{id}/register/{position}/submit
pub async fn submit_register(
    visit: Visit,
    Path((id, position)): Path<(i64, i32)>,
    Submitted(form): Submitted,
) -> PageResult {
    let id = SessionId(id);
    trained_session(&visit, id).await?;
    let register = register_load(id, position, visit.db()).await?.ok_or(PageError::NotFound)?;
    let rest = match form.value("rest") {
        "did_not_attend" => Some(Mark::DidNotAttend),
        "unmarked" => None,
        _ if register.marked() == register.people.len() => None,
        _ => {
            let form = form.with_error("rest", "Choose what the register shall say about people without a mark");
            return pages::show_submit(visit, id, position, form).await;
        }
    };
    let txn = visit.app.db.write().await?;
    register_submit_in_txn(id, position, rest, marker_of(&visit)?, &visit.app.secrets, visit.now, &txn).await?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/training/sessions/{id}?done=register-submitted"))
}

/// POST /training/sessions/{id}/register/{position}/lock
pub async fn lock_register(visit: Visit, Path((id, position)): Path<(i64, i32)>) -> PageResult {
    let id = SessionId(id);
    trained_session(&visit, id).await?;
    if !visit.viewer.is_office() {
        return Err(PageError::NotYours);
    }
    let register = register_load(id, position, visit.db()).await?.ok_or(PageError::NotFound)?;
    let txn = visit.app.db.write().await?;
    match register_lock_in_txn(register.date.id, visit.person()?.id, visit.now, &txn).await {
        Err(RegisterError::NotFound) => {
            return Err(PageError::Conflict("A register is locked after it was submitted. Submit it first.".into()));
        }
        other => other?,
    }
    txn.commit().await?;
    visit.see_other(format!("{}?done=register-locked", register_address(id, position)))
}

/// POST /training/sessions/{id}/register/{position}/walk-in: searches, adds somebody known, or somebody new.
pub async fn walk_in(visit: Visit, Path((id, position)): Path<(i64, i32)>, Submitted(form): Submitted) -> PageResult {
    let id = SessionId(id);
    trained_session(&visit, id).await?;
    let register = register_load(id, position, visit.db()).await?.ok_or(PageError::NotFound)?;
    let marker = marker_of(&visit)?;
    let request = match form.value("request_id") {
        "" => visit.new_request_id()?,
        given => given.chars().take(LONGEST_REQUEST).collect(),
    };
    let wish = Wish { date: register.date.id, request: &request, marker };
    let added = match form.value("action") {
        "add" => {
            let person = form.value("person").parse().map(PersonId).map_err(|_| PageError::NotFound)?;
            match ComesFor::read(form.value("agency")) {
                Ok(said) => {
                    let txn = visit.app.db.write().await?;
                    let added = walk_in_add_in_txn(wish, person, said, &visit.app.secrets, visit.now, &txn).await;
                    if added.is_ok() {
                        txn.commit().await?;
                    }
                    added
                }
                Err(refusal) => Err(refusal),
            }
        }
        "new" => {
            let (new, form) = read_new(form.clone());
            if form.has_errors() {
                return show_walk_in(visit, id, position, form).await;
            }
            let txn = visit.app.db.write().await?;
            let added = walk_in_new_in_txn(wish, new, &visit.app.secrets, visit.now, &txn).await;
            if added.is_ok() {
                txn.commit().await?;
            }
            added
        }
        _ if form.value("search").trim().is_empty() => {
            let form = form.with_error("search", "Enter a name or an email address");
            return show_walk_in(visit, id, position, form).await;
        }
        _ => return show_walk_in(visit, id, position, form).await,
    };
    match added {
        Ok(_) => visit.see_other(format!("{}?done=walked-in", register_address(id, position))),
        Err(WalkInRefused::Register(RegisterError::NotFound)) => Err(PageError::NotFound),
        Err(WalkInRefused::Register(RegisterError::Database(_))) => {
            Err(PageError::Failed("a walk-in could not be added".into()))
        }
        // The list of people found has not asked yet.
        Err(WalkInRefused::ForWhom) if form.value("asked") != "yes" => {
            show_comes_for(visit, id, position, form.replacing("request_id", request)).await
        }
        Err(refusal @ WalkInRefused::ForWhom) => {
            let form = form.with_error(field_of(&refusal), refusal.to_string());
            show_comes_for(visit, id, position, form).await
        }
        Err(refusal) => {
            let form = form.with_error(field_of(&refusal), refusal.to_string());
            show_walk_in(visit, id, position, form).await
        }
    }
}

/// The field at which a refusal is shown; none when it is about the whole.
pub(super) fn field_of(refusal: &WalkInRefused) -> &'static str {
    match refusal {
        WalkInRefused::OnRegister(_) => "search",
        WalkInRefused::AddressKnown(_) => "email",
        WalkInRefused::AgencyUnknown | WalkInRefused::ForWhom => "agency",
        WalkInRefused::Cancelled | WalkInRefused::NoPolicy | WalkInRefused::Register(_) => "",
    }
}

/// Reads somebody new; what is wrong is at its field.
pub(super) fn read_new(form: FormState) -> (NewWalkIn, FormState) {
    let text = |field: &str| form.value(field).trim().to_owned();
    let (name, email, job_role) = (text("name"), text("email").to_lowercase(), text("job_role"));
    let mut checked = form.clone();
    if name.is_empty() {
        checked = checked.with_error("name", "Enter the person’s full name");
    }
    for (field, value, what) in
        [("name", &name, "The name"), ("email", &email, "The email address"), ("job_role", &job_role, "What they do")]
    {
        if value.chars().count() > LONGEST_TEXT {
            checked = checked.with_error(field, format!("{what} must be 120 characters or less"));
        }
    }
    if !email.is_empty() && email.parse::<lettre::Address>().is_err() {
        checked = checked.with_error("email", "Enter an email address in the correct format, like name@example.com");
    }
    let agency = text("agency");
    let chosen = agency.parse().ok().map(AgencyId);
    if chosen.is_none() && !agency.is_empty() {
        checked = checked.with_error("agency", "Choose an agency from the list, or leave it empty");
    }
    let new = NewWalkIn { name, email: (!email.is_empty()).then_some(email), job_role, agency: chosen };
    (new, checked)
}
