//! What the office decides about charges and the policy.

use super::{
    pages::{show_move, show_new_suspension, show_new_version},
    rules::{NoticeUnit, pounds_text, read_policy, read_suspension, read_waiver},
    store::{
        self, MoveError, Mover, charge_confirm_in_txn, charge_find_payer_in_txn, charge_notify_in_txn,
        charge_waive_in_txn,
    },
};
use crate::{
    audit::store::{Subject, audit_insert_in_txn},
    calendar::rules::{day_text, london_day},
    web::{
        error::{PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;

impl From<MoveError> for PageError {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::NotFound => Self::NotFound,
            MoveError::Database(error) => error.into(),
            MoveError::Refused(refusal) => Self::Conflict(refusal.to_string()),
            other => Self::Conflict(other.to_string()),
        }
    }
}

fn mover(visit: &Visit, seen: Option<i32>) -> Result<Mover<'_>, PageError> {
    Ok(Mover { by: visit.person()?.id, seen, now: visit.now, public_url: &visit.app.config.public_url })
}

/// POST /office/charges/{reference}/{word}
pub async fn move_charge(
    visit: Visit,
    Path((reference, word)): Path<(String, String)>,
    Submitted(form): Submitted,
) -> PageResult {
    let seen = form.value("version").parse().map_err(|_| stale())?;
    let mover = mover(&visit, Some(seen))?;
    let waiver = match (word.as_str(), read_waiver(form.value("reason"), form.value("note"))) {
        ("waive", Err((field, sentence))) => {
            return show_move(visit, &reference, &word, form.with_error(field, sentence)).await;
        }
        (_, waiver) => waiver.ok(),
    };
    let txn = visit.app.db.write().await?;
    let done = match (word.as_str(), waiver) {
        ("notify", _) => charge_notify_in_txn(&reference, mover, &txn).await.map(|()| "charge-notified")?,
        ("confirm", _) => charge_confirm_in_txn(&reference, mover, &txn).await.map(|()| "charge-confirmed")?,
        ("waive", Some((reason, note))) => {
            charge_waive_in_txn(&reference, reason, note, mover, &txn).await.map(|()| "charge-waived")?
        }
        ("payer", _) => match charge_find_payer_in_txn(&reference, mover, &txn).await? {
            Some(_) => "payer-found",
            None => "payer-not-found",
        },
        _ => return Err(PageError::NotFound),
    };
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/office/charges/{reference}?done={done}"))
}

fn stale() -> PageError {
    PageError::Conflict("The page was out of date. Open the charge again. Nothing was changed.".into())
}

/// POST /office/charges/notify: notifies what the preview listed. What has changed since is left as it is.
pub async fn notify_many(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let mover = mover(&visit, None)?;
    let txn = visit.app.db.write().await?;
    for reference in form.values("reference").into_iter().take(store::CHARGES_PER_PAGE as usize) {
        match charge_notify_in_txn(reference, mover, &txn).await {
            Ok(()) | Err(MoveError::Refused(_) | MoveError::NotFound) => {}
            Err(other) => return Err(other.into()),
        }
    }
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other("/office/charges?state=notified&done=charges-notified")
}

fn with_errors(form: FormState, errors: Vec<(&'static str, String)>) -> FormState {
    errors.into_iter().fold(form, |form, (field, sentence)| form.with_error(field, sentence))
}

/// POST /office/policy/new
pub async fn add_version(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let (terms, from) = match read_policy(|field| form.value(field), london_day(visit.now)) {
        Ok(read) => read,
        Err(errors) => return show_new_version(visit, with_errors(form, errors)).await,
    };
    let by = visit.person()?.id;
    let txn = visit.app.db.write().await?;
    let id = store::policy_version_insert_in_txn(&terms, from, Some(by), visit.now, &txn).await?;
    let unit = match terms.notice_unit {
        NoticeUnit::WorkingDays => "working",
        NoticeUnit::CalendarDays => "calendar",
    };
    let sentence = format!(
        "Charging policy from {}: {}, {} {unit} days of notice",
        day_text(from),
        pounds_text(terms.amount_pence),
        terms.notice_days
    );
    audit_insert_in_txn(Some(by), Subject { kind: "policy_version", id: id.0 }, sentence, visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other("/office/policy?done=policy-added")
}

/// POST /office/policy/suspensions/new
pub async fn add_suspension(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let suspension = match read_suspension(|field| form.value(field)) {
        Ok(suspension) => suspension,
        Err(errors) => return show_new_suspension(visit, with_errors(form, errors)).await,
    };
    let by = visit.person()?.id;
    let sentence = format!("Charging suspended from {} to {}", day_text(suspension.from), day_text(suspension.to));
    let txn = visit.app.db.write().await?;
    let Some(policy) = store::policy_default(&txn).await? else {
        return Err(PageError::Conflict("There is no charging policy yet. Add a version first.".into()));
    };
    store::policy_suspension_insert_in_txn(suspension, &txn).await?;
    audit_insert_in_txn(Some(by), Subject { kind: "policy", id: policy.id.0 }, sentence, visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other("/office/policy?done=suspension-added")
}

/// POST /office/policy/suspensions/{id}/remove. Removing it twice is removing it once.
pub async fn remove_suspension(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let by = visit.person()?.id;
    let txn = visit.app.db.write().await?;
    if let Some(row) = store::policy_suspension_delete_in_txn(id, &txn).await? {
        let sentence = format!("Suspension from {} to {} removed", day_text(row.from_date), day_text(row.to_date));
        let subject = Subject { kind: "policy", id: row.policy_id.0 };
        audit_insert_in_txn(Some(by), subject, sentence, visit.now, &txn).await?;
    }
    txn.commit().await?;
    visit.see_other("/office/policy?done=suspension-removed")
}
