//! What time brings in the demonstration: the four others on the prepared session answer after it.

use super::{
    rules::{cast::FOUR_OTHERS, clock::PREPARED_STARTS, clock::moment, dice::Dice},
    store::{demo_is_here, prepared_bookings},
};
use crate::{
    learning_gain::store::session_release_in_txn,
    server::{jobs::Job, state::App},
    surveys::{
        links::LinkToken,
        rules::{Wave, answers::Intent},
        store::{Opened, link_edition, open_link, response_save_in_txn, survey_salt_in_txn},
    },
};
use chrono::Duration;
use futures::future::BoxFuture;
use sea_orm::DbErr;

/// The demonstration's jobs.
pub fn jobs() -> Vec<Job> {
    vec![Job { name: "demo-answers", every: Duration::seconds(5), run: answer_after }]
}

/// Once the prepared session's last questions are open, the four answer them through the same door as everybody, a
/// little more confident than before. Whoever has finished is not asked again, so running this twice changes nothing.
fn answer_after(app: &App) -> BoxFuture<'_, Result<(), DbErr>> {
    Box::pin(async {
        let now = app.clock.now();
        if !app.config.demo || now < moment(PREPARED_STARTS) || !demo_is_here(app.db.reader()).await? {
            return Ok(());
        }
        let bookings = prepared_bookings(&FOUR_OTHERS, app.db.reader()).await?;
        let Some(session) = bookings.first().map(|booking| booking.session_id) else { return Ok(()) };
        let txn = app.db.write().await?;
        let Some(salt) = survey_salt_in_txn(session, now, &txn).await? else { return Ok(()) };
        let mut answered = false;
        for booking in bookings {
            let edition = link_edition(booking.id, Wave::After, &txn).await?;
            let token = LinkToken::of(&booking.reference, Wave::After, edition, &salt, &app.secrets);
            let Opened::Open(invitation) = open_link(&token, &app.secrets, now, &txn).await? else { continue };
            let mut dice = Dice::for_part(&format!("after {}", booking.person_id));
            let ratings: Vec<_> =
                invitation.questions.iter().map(|question| (question.item, dice.between(3, 5) as i32)).collect();
            response_save_in_txn(&invitation, &ratings, Intent::Finish, now, &txn).await?;
            answered = true;
        }
        if answered {
            session_release_in_txn(session, now, &txn).await?;
            txn.commit().await?;
        }
        Ok(())
    })
}
