//! Erasing somebody.

use super::{pages, rules::Erased, store};
use crate::{
    accounts::{self, rules::PersonId},
    web::{
        error::{PageError, PageResult},
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;

/// POST /office/people/{id}/erase
pub async fn erase(visit: Visit, Path(id): Path<PersonId>, Submitted(form): Submitted) -> PageResult {
    let actor = visit.person()?.id;
    accounts::store::person_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    if !form.is_chosen("sure", "yes") {
        let refused = form.with_error("sure", "Tick the box if this person’s record shall be erased for ever");
        return pages::erase_view(&visit, id, refused).await;
    }
    let txn = visit.app.db.write().await?;
    match store::person_erase_in_txn(id, actor, visit.now, &txn).await? {
        Erased::Done => {
            txn.commit().await?;
            // They are erased already; if the old rows cannot leave the log now, they do when it is emptied next.
            if visit.app.db.empty_log().await.is_err() {
                tracing::warn!("the database's log could not be emptied after erasing somebody");
            }
        }
        Erased::Refused(_) => {
            drop(txn);
            let refused = form.with_error("", "Nothing was erased: something is still open");
            return pages::erase_view(&visit, id, refused).await;
        }
    }
    visit.see_other("/office/people?done=person-erased")
}
