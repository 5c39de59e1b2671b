//! What time brings: asking after the session, reminders, and the end of a session's surveys.

use super::{
    rules::Wave,
    store::{
        after_code_in_txn, asked_list_due, asked_note_in_txn, session_list_asking, session_list_to_end,
        session_list_without_code, session_surveys_end_in_txn, survey_salt_in_txn,
    },
};
use crate::{
    messages::{
        store::outbox_insert_in_txn,
        surveys::{Asking, asking_mail},
    },
    server::{jobs::Job, state::App},
};
use chrono::Duration;
use futures::future::BoxFuture;
use sea_orm::DbErr;

/// Sessions ended in one run: a demonstration's clock can pass many at once.
const ENDED_AT_ONCE: u64 = 500;

/// A session has its code this many days before it ends, so that trainers can print it.
const CODE_DAYS: i64 = 7;

/// The feature's jobs.
pub fn jobs() -> Vec<Job> {
    vec![
        Job { name: "survey-codes", every: Duration::minutes(10), run: make_codes },
        Job { name: "survey-mails", every: Duration::minutes(1), run: ask_everybody },
        Job { name: "survey-ends", every: Duration::minutes(10), run: end_surveys },
    ]
}

/// Gives every session of the coming week the code that its trainer shows at the end.
fn make_codes(app: &App) -> BoxFuture<'_, Result<(), DbErr>> {
    Box::pin(async {
        let now = app.clock.now();
        let without = session_list_without_code(now, now + Duration::days(CODE_DAYS), app.db.reader()).await?;
        if without.is_empty() {
            return Ok(());
        }
        let txn = app.db.write().await?;
        for session in without {
            after_code_in_txn(session, now, &txn).await?;
        }
        txn.commit().await
    })
}

fn ask_everybody(app: &App) -> BoxFuture<'_, Result<(), DbErr>> {
    Box::pin(async {
        ask(app, Wave::Before).await?;
        ask(app, Wave::After).await
    })
}

/// Asks for one wave: a transaction per session, and none where nobody is due.
async fn ask(app: &App, wave: Wave) -> Result<(), DbErr> {
    let now = app.clock.now();
    let public_url = app.config.public_url.trim_end_matches('/');
    for (session, course) in session_list_asking(wave, now, app.db.reader()).await? {
        // With any salt: only to see whether somebody is due.
        if asked_list_due(&session, wave, &[], &app.secrets, now, app.db.reader()).await?.is_empty() {
            continue;
        }
        let txn = app.db.write().await?;
        let Some(salt) = survey_salt_in_txn(session.id, now, &txn).await? else { continue };
        let due = asked_list_due(&session, wave, &salt, &app.secrets, now, &txn).await?;
        for asked in &due {
            let asking = Asking {
                person: asked.booking.person_id,
                name: &asked.name,
                address: &asked.address,
                course: &course,
                starts_at: session.starts_at,
                wave,
                is_reminder: asked.is_reminder,
                link: &format!("{public_url}{}", asked.token.path()),
            };
            outbox_insert_in_txn(asking_mail(&asking), now, &txn).await?;
        }
        asked_note_in_txn(&due, wave, &txn).await?;
        txn.commit().await?;
        app.outbox_bell.notify_one();
    }
    Ok(())
}

fn end_surveys(app: &App) -> BoxFuture<'_, Result<(), DbErr>> {
    Box::pin(async {
        let now = app.clock.now();
        for session in session_list_to_end(now, ENDED_AT_ONCE, app.db.reader()).await? {
            let txn = app.db.write().await?;
            session_surveys_end_in_txn(session, &app.secrets, now, &txn).await?;
            txn.commit().await?;
        }
        Ok(())
    })
}
