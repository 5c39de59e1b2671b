//! Saving and finishing a questionnaire, and entering by a code.

use super::{
    links::LinkToken,
    pages,
    rules::{
        Wave,
        answers::{Intent, read_sheet, unanswered},
        code::{LIMIT_MINUTES, WRONG_TRIES, Who, parse_code, parse_who},
    },
    store::{self, Kept, Opened},
};
use crate::{
    accounts::store::{address_by_text, attempt_count, attempt_insert},
    entity::{booking, session},
    messages::{store::outbox_insert_in_txn, surveys::code_link_mail},
    web::{
        error::{PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;
use chrono::Duration;

/// POST /answers/{token}. What was sent is kept whatever the button, so that a refused "Finish" loses nothing.
pub async fn answer(visit: Visit, Path(token): Path<String>, Submitted(form): Submitted) -> PageResult {
    let Some(token) = LinkToken::parse(&token) else {
        return pages::show_opened(&visit, Opened::Unknown, FormState::default());
    };
    let txn = visit.app.db.write().await?;
    let opened = store::open_link(&token, &visit.app.secrets, visit.now, &txn).await?;
    let Opened::Open(invitation) = opened else {
        drop(txn);
        return pages::show_opened(&visit, opened, FormState::default());
    };
    let sheet = read_sheet(&invitation.questions, |field| form.value(field).to_owned());
    let rated: Vec<_> = invitation.saved.iter().chain(&sheet.ratings).copied().collect();
    let missing: Vec<String> =
        unanswered(&invitation.questions, &rated).iter().map(|question| question.field()).collect();
    let wants_finish = form.value("do") == "finish";
    let may_finish = sheet.refused.is_empty() && !rated.is_empty() && (missing.is_empty() || form.holds("short"));
    let intent = if wants_finish && may_finish { Intent::Finish } else { Intent::Save };
    let kept = if rated.is_empty() {
        Kept::Saved
    } else {
        store::response_save_in_txn(&invitation, &sheet.ratings, intent, visit.now, &txn).await?
    };
    txn.commit().await?;

    let mut refused = form;
    for field in &sheet.refused {
        refused = refused.with_error(field, "Choose one of the answers");
    }
    if wants_finish {
        for field in missing.iter().filter(|field| !sheet.refused.contains(field)) {
            refused = refused.with_error(field, "Choose an answer, or finish without it at the end of the page");
        }
    }
    let is_short_of_answers = wants_finish && !may_finish;
    if !sheet.refused.is_empty() || is_short_of_answers {
        return pages::show_opened(&visit, Opened::Open(invitation), refused);
    }
    match kept {
        Kept::Saved => visit.see_other(format!("{}?done=answers-saved", token.path())),
        Kept::Finished | Kept::AlreadyFinished => visit.see_other(token.path()),
    }
}

/// POST /answer
pub async fn enter_by_code(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let mut refused = form.clone();
    let code = parse_code(form.value("code"));
    if let Err(sentence) = &code {
        refused = refused.with_error("code", sentence.clone());
    }
    let who = match visit.viewer.person() {
        Some(_) => Ok(None),
        None => parse_who(form.value("who")).map(Some),
    };
    if let Err(sentence) = &who {
        refused = refused.with_error("who", sentence.clone());
    }
    let (Ok(code), Ok(who)) = (code, who) else { return pages::show_code_page(&visit, refused) };
    let bucket = bucket(&visit, who.as_ref());
    let since = visit.now - Duration::minutes(LIMIT_MINUTES);
    if attempt_count(&bucket, since, visit.db()).await? >= WRONG_TRIES {
        return Err(PageError::TooMany);
    }
    let session = store::session_by_after_code(&code, visit.db()).await?;
    let booking = match (&session, &who) {
        (None, _) => None,
        (Some(session), None) => store::booking_of_person(session.id, visit.person()?.id, visit.db()).await?,
        (Some(session), Some(Who::Reference(reference))) => {
            store::booking_of_reference(session.id, reference, visit.db()).await?
        }
        (Some(session), Some(Who::Address(address))) => {
            return send_link(&visit, session, address, &bucket).await;
        }
    };
    let Some(booking) = booking else {
        count_try(&visit, &bucket).await?;
        if matches!(who, Some(Who::Address(_))) {
            return pages::show_link_sent(&visit);
        }
        let sentence = if who.is_some() {
            "We cannot find a place with this code and reference. Check both, or ask the trainer to add you to the register"
        } else {
            "We cannot find a place of yours with this code. Check it, or ask the trainer to add you to the register"
        };
        return pages::show_code_page(&visit, form.with_error("code", sentence));
    };
    let txn = visit.app.db.write().await?;
    let token = store::link_token_in_txn(booking.id, Wave::After, &visit.app.secrets, visit.now, &txn).await?;
    txn.commit().await?;
    match token {
        Some(token) => visit.see_other(token.path()),
        None => pages::show_opened(&visit, Opened::Over, FormState::default()),
    }
}

/// Mails the personal link to an address that belongs to somebody with a place. The page says the same either way.
async fn send_link(visit: &Visit, session: &session::Model, address: &str, bucket: &str) -> PageResult {
    count_try(visit, bucket).await?;
    let known = address_by_text(address, visit.db()).await?.filter(|row| row.proven_at.is_some());
    if let Some(known) = known
        && let Some(booking) = store::booking_of_person(session.id, known.person_id, visit.db()).await?
    {
        mail_link(visit, &booking, address).await?;
    }
    pages::show_link_sent(visit)
}

async fn mail_link(visit: &Visit, booking: &booking::Model, address: &str) -> Result<(), PageError> {
    let txn = visit.app.db.write().await?;
    let token = store::link_token_in_txn(booking.id, Wave::After, &visit.app.secrets, visit.now, &txn).await?;
    if let Some(token) = token {
        let link = format!("{}{}", visit.app.config.public_url.trim_end_matches('/'), token.path());
        let mail = code_link_mail(booking.person_id, address, &link);
        outbox_insert_in_txn(mail, visit.now, &txn).await?;
    }
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    Ok(())
}

/// What tries are counted by: who somebody says they are.
fn bucket(visit: &Visit, who: Option<&Who>) -> String {
    let (kind, who) = match (who, visit.viewer.person()) {
        (Some(Who::Reference(reference)), _) => ("reference", reference.clone()),
        (Some(Who::Address(address)), _) => ("address", address.clone()),
        (None, person) => ("person", person.map(|person| person.id.to_string()).unwrap_or_default()),
    };
    visit.app.secrets.sign("answer attempt", &[kind.as_bytes(), who.as_bytes()])
}

async fn count_try(visit: &Visit, bucket: &str) -> Result<(), PageError> {
    let txn = visit.app.db.write().await?;
    attempt_insert(bucket, visit.now, &txn).await?;
    txn.commit().await?;
    Ok(())
}
