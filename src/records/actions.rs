//! Declaring training taken elsewhere, and checking it.

use super::{
    pages::{check_page_with, declared_of_checker, new_training_page_with},
    rules::{DeclaredId, DeclaredState, parse_declaration},
    store,
};
use crate::{
    accounts::{rules::parse_text, store::person_main_address},
    audit::store::{Subject, audit_insert_in_txn},
    calendar::rules::london_day,
    courses::{rules::CourseId, store::course_links},
    messages::{accounts::training_checked, store::outbox_insert_in_txn},
    web::{
        error::{PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;

/// The longest reason.
const REASON_LONGEST: usize = 300;

fn about(id: DeclaredId) -> Subject {
    Subject { kind: "declared_training", id: id.0 }
}

/// POST /account/training/new. The same form sent twice is one declaration.
pub async fn declare(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let person = visit.person()?.id;
    let day = ["date-day", "date-month", "date-year"].map(|part| form.value(part));
    let today = london_day(visit.now);
    let declaration = match parse_declaration(form.value("title"), form.value("provider"), day, today) {
        Ok(declaration) => declaration,
        Err(wrong) => {
            let form = wrong.into_iter().fold(form, |form, (field, sentence)| form.with_error(field, sentence));
            return new_training_page_with(&visit, form).await;
        }
    };
    let course = match form.value("course") {
        "" => None,
        number => {
            let wanted = number.parse().ok().map(CourseId);
            let known = course_links(visit.db()).await?.into_iter().find(|link| Some(link.id) == wanted);
            let Some(link) = known else {
                let form = form.with_error("course", "Choose one of our courses, or none");
                return new_training_page_with(&visit, form).await;
            };
            Some(link.id)
        }
    };
    let txn = visit.app.db.write().await?;
    if store::declared_same(person, &declaration, &txn).await?.is_none() {
        let id = store::declared_insert_in_txn(person, declaration, course, visit.now, &txn).await?;
        audit_insert_in_txn(Some(person), about(id), "Declared training taken elsewhere", visit.now, &txn).await?;
    }
    txn.commit().await?;
    visit.see_other("/account/training?done=training-declared")
}

/// POST /account/training/{id}/remove. Twice is the same as once.
pub async fn take_back(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let person = visit.person()?.id;
    let line = store::declared_get(DeclaredId(id), visit.db()).await?;
    match line {
        None => return visit.see_other("/account/training"),
        Some(line) if line.row.person_id != person => return Err(PageError::NotFound),
        Some(line) if line.row.state != DeclaredState::Declared => {
            return Err(PageError::Conflict("This training was checked meanwhile, so it stays in your list.".into()));
        }
        Some(_) => {}
    }
    let txn = visit.app.db.write().await?;
    if store::declared_delete_in_txn(DeclaredId(id), person, &txn).await? {
        let sentence = "Took back the training that they had declared";
        audit_insert_in_txn(Some(person), about(DeclaredId(id)), sentence, visit.now, &txn).await?;
    }
    txn.commit().await?;
    visit.see_other("/account/training?done=training-taken-back")
}

/// POST /office/training/{id}
pub async fn office_check(visit: Visit, Path(id): Path<i64>, Submitted(form): Submitted) -> PageResult {
    check(visit, id, false, form).await
}

/// POST /agency/training/{id}
pub async fn agency_check(visit: Visit, Path(id): Path<i64>, Submitted(form): Submitted) -> PageResult {
    check(visit, id, true, form).await
}

async fn check(visit: Visit, id: i64, as_lead: bool, form: FormState) -> PageResult {
    let line = declared_of_checker(&visit, id, as_lead).await?;
    let by = visit.person()?.id;
    if line.row.person_id == by {
        return Err(PageError::Conflict("Somebody else has to check your own training.".into()));
    }
    let (state, reason) = match form.value("do") {
        "confirm" => (DeclaredState::Confirmed, None),
        _ => match parse_text("Reason", form.value("reason"), REASON_LONGEST) {
            Ok(reason) => (DeclaredState::Refused, Some(reason)),
            Err(sentence) => return check_page_with(&visit, id, as_lead, form.with_error("reason", sentence)).await,
        },
    };
    let txn = visit.app.db.write().await?;
    let id = DeclaredId(id);
    if store::declared_check_in_txn(id, state, reason.clone(), by, visit.now, &txn).await? {
        let sentence = match &reason {
            None => "Confirmed the training".to_owned(),
            Some(reason) => format!("Could not confirm the training: {reason}"),
        };
        audit_insert_in_txn(Some(by), about(id), sentence, visit.now, &txn).await?;
        if let Some(address) = person_main_address(line.row.person_id, &txn).await? {
            let board = visit.app.board.current();
            let mail = training_checked(line.row.person_id, &address, &line.row.title, reason.as_deref(), &board);
            outbox_insert_in_txn(mail, visit.now, &txn).await?;
        }
    } else {
        let now = store::declared_get(id, &txn).await?.map(|line| line.row.state);
        if now != Some(state) {
            return Err(PageError::Conflict("Somebody else has checked this meanwhile. Nothing was changed.".into()));
        }
    }
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    let list = if as_lead { "/agency/training" } else { "/office/training" };
    visit.see_other(format!("{list}?done=training-checked"))
}
