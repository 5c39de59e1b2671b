//! The download of everything that is held about a person.

use super::store;
use crate::{
    accounts::{self, rules::PersonId},
    audit::store::{Subject, audit_insert_in_txn},
    web::{
        error::{PageError, PageResult},
        visit::Visit,
    },
};
use axum::{extract::Path, http::header, response::IntoResponse};

/// GET /account/data.json
pub async fn own_data(visit: Visit) -> PageResult {
    let me = visit.person()?.id;
    data_of(&visit, me).await
}

/// POST /office/people/{id}/data: the same, for somebody who asked the office. That it was done is written down.
pub async fn data_for_office(visit: Visit, Path(id): Path<PersonId>) -> PageResult {
    let actor = visit.person()?.id;
    accounts::store::person_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let txn = visit.app.db.write().await?;
    let subject = Subject { kind: "person", id: id.0 };
    audit_insert_in_txn(Some(actor), subject, "The office downloaded what is held.", visit.now, &txn).await?;
    txn.commit().await?;
    data_of(&visit, id).await
}

async fn data_of(visit: &Visit, person: PersonId) -> PageResult {
    let held = store::person_export(person, visit.db()).await?;
    let text = serde_json::to_string_pretty(&held).map_err(|error| PageError::Failed(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"what-we-hold.json\""),
    ];
    Ok((headers, text).into_response())
}
