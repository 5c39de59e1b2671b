//! The office changes the wording of a mail, looks at it, or goes back to the default.

use crate::{
    audit::store::{Subject, audit_insert_in_txn},
    messages::{
        pages::wording_page_with,
        store,
        wording::{parse_template, wording_of},
    },
    web::{
        error::{PageError, PageResult},
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;

const SUBJECT: Subject = Subject { kind: "mail_wording", id: 0 };

/// POST /office/messages/{kind}
pub async fn change_wording(visit: Visit, Path(kind): Path<String>, Submitted(form): Submitted) -> PageResult {
    let wording = wording_of(&kind).ok_or(PageError::NotFound)?;
    let actor = visit.person()?.id;
    if form.value("do") == "reset" {
        let txn = visit.app.db.write().await?;
        if store::wording_reset_in_txn(&kind, &txn).await? {
            let sentence = format!("Back to the default: {}", wording.title);
            audit_insert_in_txn(Some(actor), SUBJECT, sentence, visit.now, &txn).await?;
        }
        txn.commit().await?;
        return visit.see_other(format!("/office/messages/{kind}?done=wording-reset"));
    }
    let template = match parse_template(wording, form.value("subject"), form.value("body")) {
        Ok(template) => template,
        Err(wrong) => {
            let form = wrong.into_iter().fold(form, |form, (field, sentence)| form.with_error(field, sentence));
            return wording_page_with(&visit, wording, form).await;
        }
    };
    if form.value("do") != "save" {
        return wording_page_with(&visit, wording, form).await;
    }
    let txn = visit.app.db.write().await?;
    if template == wording.template() {
        store::wording_reset_in_txn(&kind, &txn).await?;
    } else {
        store::wording_put_in_txn(&kind, &template, visit.now, &txn).await?;
    }
    let sentence = format!("Changed the wording: {}", wording.title);
    audit_insert_in_txn(Some(actor), SUBJECT, sentence, visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other(format!("/office/messages/{kind}?done=wording-saved"))
}
