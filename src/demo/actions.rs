//! Stepping into somebody, and moving the clock.

use super::{
    rules::{
        cast,
        clock::{Move, decide_move},
    },
    store,
};
use crate::{
    accounts::{guard::login_cookie, rules::own_site_path, store as accounts},
    server::{jobs::run_due_jobs, outbox::send_due_mails},
    web::{
        error::{PageError, PageResult},
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::response::IntoResponse;
use axum_extra::extract::CookieJar;

/// Batches of mail sent at once after the clock was moved; the worker sends what is left.
const MOST_BATCHES: usize = 50;

/// POST /demo/people
pub async fn become_someone(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let part = cast::part(form.value("part")).ok_or(PageError::NotFound)?;
    let txn = visit.app.db.write().await?;
    if let Some(person) = visit.viewer.person() {
        accounts::login_end_in_txn(person.login, visit.now, &txn).await?;
    }
    let token = accounts::login_insert_in_txn(part.person, visit.now, &txn).await?;
    txn.commit().await?;
    let jar = CookieJar::new().add(login_cookie(&visit.app, token));
    Ok((jar, visit.see_other(part.lands_on)?).into_response())
}

/// POST /demo/clock
pub async fn move_clock(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let back = own_site_path(form.value("return_to")).unwrap_or("/demo/people").to_owned();
    let back = back.split(['?', '#']).next().unwrap_or("/").to_owned();
    let Some(to) = Move::parse(form.value("move")) else {
        return Err(PageError::Conflict("The clock was not moved: that is no move that it knows.".into()));
    };
    let own = match visit.viewer.person() {
        Some(person) => store::own_session_spans(person.id, visit.db()).await?,
        None => Vec::new(),
    };
    let Some(moment) = decide_move(to, &own, visit.now) else {
        return visit.see_other(format!("{back}?done=demo-clock-stayed"));
    };
    store::demo_clock_move(moment, &visit.app.db, &visit.app.clock).await?;
    run_due_jobs(&visit.app, &crate::app::jobs()).await;
    for _ in 0..MOST_BATCHES {
        if send_due_mails(&visit.app).await? == 0 {
            break;
        }
    }
    visit.see_other(format!("{back}?done=demo-clock-moved"))
}
