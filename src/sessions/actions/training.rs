//! A trainer's answer to an offered session.

use crate::{
    audit::store::{Subject, audit_insert_in_txn},
    messages::{sessions::trainer_unavailable, store::outbox_insert_in_txn},
    sessions::{
        rules::{SessionId, SessionStatus, TrainerState},
        store,
    },
    web::{
        error::{PageError, PageResult},
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;

/// POST /training/sessions/{id}/answer with answer = accept, decline or withdraw.
pub async fn answer_offer(visit: Visit, Path(id): Path<i64>, Submitted(form): Submitted) -> PageResult {
    let id = SessionId(id);
    let person = visit.person()?.clone();
    let txn = visit.app.db.write().await?;
    store::session_lock_in_txn(id, &txn).await?;
    let state = store::trainer_state(id, person.id, &txn).await?.ok_or(PageError::NotFound)?;
    let details = store::session_details(id, &txn).await?.ok_or(PageError::NotFound)?;
    let is_over = matches!(details.status, SessionStatus::Cancelled | SessionStatus::Archived);
    if is_over || visit.now >= details.ends_at {
        return Err(PageError::Conflict("This session is cancelled or over, so there is nothing to answer.".into()));
    }
    let (answer, word, did) = match (form.value("answer"), state) {
        ("accept", TrainerState::Offered | TrainerState::Accepted) => {
            (TrainerState::Accepted, "training-accepted", "Agreed to train")
        }
        ("decline", TrainerState::Offered | TrainerState::Declined) => {
            (TrainerState::Declined, "training-declined", "Declined to train")
        }
        ("withdraw", TrainerState::Accepted | TrainerState::Withdrawn) => {
            (TrainerState::Withdrawn, "training-withdrawn", "Stepped back from training")
        }
        _ => {
            return Err(PageError::Conflict(
                "The question has changed: you are not asked for this session any more. Look at your sessions to see what is true now.".into(),
            ));
        }
    };
    if answer != state {
        store::trainer_answer_in_txn(id, person.id, answer, visit.now, &txn).await?;
        let subject = Subject { kind: "session", id: id.0 };
        audit_insert_in_txn(Some(person.id), subject, format!("{}: {did}", person.name), visit.now, &txn).await?;
        let contact = visit.app.board.current().contact.clone();
        if let (Some(contact), TrainerState::Declined | TrainerState::Withdrawn) = (contact, answer) {
            let mail = trainer_unavailable(&contact, &person.name, &details, &visit.app.config.public_url);
            outbox_insert_in_txn(mail, visit.now, &txn).await?;
        }
    }
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/training?done={word}"))
}
