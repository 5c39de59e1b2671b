//! The first run, and the board's own lines.

use super::{
    pages,
    rules::{Board, parse_board, parse_count, parse_pounds, tidy_code},
    store,
};
use crate::{
    accounts::{
        self, guard,
        rules::{FIRST_RUN_PER_NETWORK, PersonKind, Role, parse_address, parse_name},
        store::NewPerson,
    },
    audit::store::{Subject, audit_insert_in_txn},
    bookings::{rules::parse_periods, store::periods_put_in_txn},
    calendar::rules::london_day,
    charges::{
        rules::{NoticeUnit, PolicyTerms},
        store::policy_version_insert_in_txn,
    },
    privacy::{rules::parse_retention, store::retention_put_in_txn},
    surveys::store::default_instrument_seed_in_txn,
    web::{
        client::ClientNetwork,
        components::CHANGED_MEANWHILE,
        error::{PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::response::IntoResponse;
use axum_extra::extract::CookieJar;
use chrono::Duration;
use subtle::ConstantTimeEq;

/// What the first-run page asked.
struct FirstRun {
    board: Board,
    administrator: String,
    address: String,
    terms: PolicyTerms,
}

/// POST /first-run
pub async fn set_up(visit: Visit, network: ClientNetwork, jar: CookieJar, Submitted(form): Submitted) -> PageResult {
    if visit.app.config.demo || visit.app.board.current().is_set_up() {
        return Err(PageError::NotFound);
    }
    if let Some(problem) = check_first_run_code(&visit, &network, form.value("code")).await? {
        return Ok(pages::first_run_view(&visit, form.with_error("code", problem)));
    }
    let answers = match parse_first_run(form) {
        Ok(answers) => answers,
        Err(refused) => return Ok(pages::first_run_view(&visit, refused)),
    };
    let txn = visit.app.db.write().await?;
    if store::board_get(&txn).await?.is_set_up() {
        return Err(PageError::NotFound);
    }
    store::board_put_in_txn(&answers.board, visit.now, &txn).await?;
    let person = NewPerson { name: answers.administrator, kind: PersonKind::Employed, under_18: false };
    let person = accounts::store::person_insert_in_txn(person, visit.now, &txn).await?;
    // Not proven by mail yet: the next sign-in does that.
    accounts::store::address_insert_in_txn(person, &answers.address, None, &txn).await?;
    accounts::store::role_insert_in_txn(person, Role::Administrator, None, &txn).await?;
    policy_version_insert_in_txn(&answers.terms, london_day(visit.now), Some(person), visit.now, &txn).await?;
    store::bank_holidays_seed_in_txn(&txn).await?;
    default_instrument_seed_in_txn("safeguarding children", &txn).await?;
    let subject = Subject { kind: "person", id: person.0 };
    audit_insert_in_txn(Some(person), subject, "Set up the board and became its first administrator.", visit.now, &txn)
        .await?;
    let token = accounts::store::login_insert_in_txn(person, visit.now, &txn).await?;
    txn.commit().await?;
    visit.app.board.refresh(visit.db()).await?;
    let jar = jar.add(guard::login_cookie(&visit.app, token));
    Ok((jar, visit.see_other("/office?done=set-up")?).into_response())
}

/// Compares the code, within limits. Returns the sentence that the person reads when it is wrong.
async fn check_first_run_code(
    visit: &Visit,
    network: &ClientNetwork,
    typed: &str,
) -> Result<Option<&'static str>, PageError> {
    let bucket = accounts::store::attempt_bucket(&visit.app.secrets, FIRST_RUN_PER_NETWORK, &network.0);
    let since = visit.now - Duration::minutes(FIRST_RUN_PER_NETWORK.minutes);
    let txn = visit.app.db.write().await?;
    if accounts::store::attempt_count(&bucket, since, &txn).await? >= FIRST_RUN_PER_NETWORK.tries {
        return Err(PageError::TooMany);
    }
    let typed = tidy_code(typed);
    if typed.as_bytes().ct_eq(visit.app.first_run_code.as_bytes()).into() {
        return Ok(None);
    }
    accounts::store::attempt_insert(&bucket, visit.now, &txn).await?;
    txn.commit().await?;
    Ok(Some("The code is not right. It is in the terminal in which the program runs"))
}

fn parse_first_run(mut form: FormState) -> Result<FirstRun, FormState> {
    let board = parse_board(form.value("board_name"), form.value("service_name"), form.value("contact"));
    if let Err(problems) = &board {
        for (field, problem) in problems {
            form = form.with_error(field, problem.clone());
        }
    }
    let name = parse_name(form.value("name"));
    let address = parse_address(form.value("email"));
    let amount = parse_pounds("Charge", form.value("amount"));
    let count = |field: &str, what: &str, highest: u32| parse_count(what, form.value(field), 0, highest);
    let notice = count("notice_days", "Notice", 60);
    let late = count("late_after_minutes", "Minutes", 240);
    let representation = count("representation_days", "Time to explain", 60);
    let notify = count("notify_within_days", "Days to tell people", 250);
    let unit = match form.value("notice_unit") {
        "working_days" => Ok(NoticeUnit::WorkingDays),
        "calendar_days" => Ok(NoticeUnit::CalendarDays),
        _ => Err("Choose what notice is counted in".to_owned()),
    };
    let problems = [
        ("name", name.as_ref().err()),
        ("email", address.as_ref().err()),
        ("amount", amount.as_ref().err()),
        ("notice_days", notice.as_ref().err()),
        ("notice_unit", unit.as_ref().err()),
        ("late_after_minutes", late.as_ref().err()),
        ("representation_days", representation.as_ref().err()),
        ("notify_within_days", notify.as_ref().err()),
    ];
    for (field, problem) in problems {
        if let Some(problem) = problem {
            form = form.with_error(field, problem.clone());
        }
    }
    let read = || -> Option<FirstRun> {
        let terms = PolicyTerms {
            notice_days: notice.ok()?,
            notice_unit: unit.ok()?,
            amount_pence: amount.ok()?,
            late_after_minutes: late.ok()?,
            representation_days: representation.ok()?,
            notify_within_days: notify.ok()?,
            ..PolicyTerms::default()
        };
        Some(FirstRun { board: board.ok()?, administrator: name.ok()?, address: address.ok()?, terms })
    };
    read().ok_or(form)
}

/// POST /office/settings
pub async fn save_settings(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let actor = visit.person()?.id;
    let board = parse_board(form.value("board_name"), form.value("service_name"), form.value("contact"));
    let kept = parse_retention(form.value("access_needs_days"), form.value("mails_days"));
    let periods = parse_periods(form.value("approval_days"), form.value("offer_days"), form.value("reminder_days"));
    let (board, kept, periods) = match (board, kept, periods) {
        (Ok(board), Ok(kept), Ok(periods)) => (board, kept, periods),
        (board, kept, periods) => {
            let problems = board.err().into_iter().chain(periods.err()).chain(kept.err()).flatten();
            let form = problems.fold(form, |form, (field, problem)| form.with_error(field, problem));
            return pages::settings_view(&visit, form, None).await;
        }
    };
    let version = form.value("version").parse().unwrap_or(-1);
    let txn = visit.app.db.write().await?;
    if !store::settings_version_next_in_txn(version, visit.now, &txn).await? {
        drop(txn);
        let theirs = store::board_get(visit.db()).await?;
        let newest = store::settings_version_get(visit.db()).await?;
        let form = form.replacing("version", newest.to_string()).with_error("", CHANGED_MEANWHILE);
        return pages::settings_view(&visit, form, Some(theirs)).await;
    }
    store::board_put_in_txn(&board, visit.now, &txn).await?;
    retention_put_in_txn(kept, visit.now, &txn).await?;
    periods_put_in_txn(periods, visit.now, &txn).await?;
    let subject = Subject { kind: "setting", id: 0 };
    let sentence = format!("Settings saved: {}, {}.", board.name, board.service_name);
    audit_insert_in_txn(Some(actor), subject, sentence, visit.now, &txn).await?;
    txn.commit().await?;
    visit.app.board.refresh(visit.db()).await?;
    visit.see_other("/office/settings?done=settings-saved")
}
