//! Signing in and out.

use crate::{
    accounts::{
        guard::{self, SIGNING_IN},
        pages,
        rules::{
            CODE_MINUTES, CODE_TRY_PER_ADDRESS, CODE_TRY_PER_NETWORK, Limit, SEND_PER_ADDRESS, SEND_PER_NETWORK,
            Sending, Standing, decide_sending, may_try, own_site_path, parse_address, parse_code,
        },
        store::{self, CodeCheck},
    },
    agencies,
    calendar::rules::london_day,
    messages::{self, store::NOBODY},
    server::{secrets::random_bytes, state::App},
    web::{client::ClientNetwork, error::PageResult, search, submitted::Submitted, visit::Visit},
};
use axum::response::IntoResponse;
use axum_extra::extract::CookieJar;
use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

/// How long the page that asks for the code can be used: a little longer than the code, so that a late one gets its
/// own sentence.
const PENDING: Duration = Duration::minutes(2 * CODE_MINUTES);
/// How long somebody new has for the questions after the code.
const PROVEN: Duration = Duration::hours(1);

/// POST /sign-in
pub async fn ask_for_code(visit: Visit, network: ClientNetwork, jar: CookieJar, form: Submitted) -> PageResult {
    let Submitted(form) = form;
    let address = match parse_address(form.value("email")) {
        Ok(address) => address,
        Err(problem) => return Ok(pages::sign_in_view(&visit, form.with_error("email", problem), "")),
    };
    if !send_code(&visit, "sign-in code", &address, &network).await? {
        let problem = "We have sent several codes to this address. Use the newest one, or wait 15 minutes";
        return Ok(pages::sign_in_view(&visit, form.with_error("email", problem), ""));
    }
    let return_to = own_site_path(form.value("return")).unwrap_or_default();
    let pending = guard::sealed_cookie(&visit.app, SIGNING_IN, &[&address, return_to, "asked"], visit.now + PENDING);
    Ok((jar.add(pending), visit.see_other("/sign-in/code")?).into_response())
}

/// Sends a code, if limits allow it. Returns false when the address itself was sent too many; beyond the network's
/// limit nothing tells whether one was sent, because that would tell who is known.
pub(super) async fn send_code(
    visit: &Visit,
    purpose: &'static str,
    address: &str,
    network: &ClientNetwork,
) -> Result<bool, crate::web::error::PageError> {
    let txn = visit.app.db.write().await?;
    let sent = send_code_in_txn(&visit.app, purpose, address, network, visit.now, &txn).await?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    Ok(sent)
}

/// The whole work of asking for a code. A known and an unknown address cause the same statements in the same order and
/// the same mail to be written, so that the time which the answer takes tells nothing either: where an unknown one may
/// not be written to, the mail is written to nobody, and what is written to nobody is taken back, whether there is any
/// or not.
pub async fn send_code_in_txn(
    app: &App,
    purpose: &'static str,
    address: &str,
    network: &ClientNetwork,
    now: DateTime<Utc>,
    txn: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let random = random_bytes().map_err(|error| DbErr::Custom(error.to_string()))?;
    let code = format!("{:06}", u64::from_be_bytes(random) % 1_000_000);
    let hash = code_hash(app, purpose, address, &code);
    let used = standing(app, SEND_PER_ADDRESS, address, SEND_PER_NETWORK, network, now, txn).await?;
    let is_known = store::address_by_text(address, txn).await?.is_some();
    let to = match decide_sending(used, is_known) {
        Sending::TooMany => return Ok(false),
        Sending::Nothing => None,
        Sending::CodeWithoutMail => Some(NOBODY),
        Sending::CodeByMail => Some(address),
    };
    if let Some(to) = to {
        let expires = now + Duration::minutes(CODE_MINUTES);
        store::code_insert_in_txn(address, hash, expires, now, txn).await?;
        let mail = messages::accounts::sign_in_code(to, &code, &app.board.current());
        let kind = mail.text.kind();
        messages::store::outbox_insert_in_txn(mail, now, txn).await?;
        messages::store::outbox_forget_nobodys_in_txn(kind, now, txn).await?;
    }
    count(app, SEND_PER_ADDRESS, address, SEND_PER_NETWORK, network, now, txn).await?;
    Ok(true)
}

fn code_hash(app: &App, purpose: &str, address: &str, code: &str) -> String {
    app.secrets.sign(purpose, &[address.as_bytes(), code.as_bytes()])
}

async fn standing(
    app: &App,
    per_address: Limit,
    address: &str,
    per_network: Limit,
    network: &ClientNetwork,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Standing, DbErr> {
    let since = |limit: Limit| now - Duration::minutes(limit.minutes);
    Ok(Standing {
        address: store::attempt_count(
            &store::attempt_bucket(&app.secrets, per_address, address),
            since(per_address),
            db,
        )
        .await?,
        network: store::attempt_count(
            &store::attempt_bucket(&app.secrets, per_network, &network.0),
            since(per_network),
            db,
        )
        .await?,
    })
}

async fn count(
    app: &App,
    per_address: Limit,
    address: &str,
    per_network: Limit,
    network: &ClientNetwork,
    now: DateTime<Utc>,
    txn: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    store::attempt_insert(&store::attempt_bucket(&app.secrets, per_address, address), now, txn).await?;
    store::attempt_insert(&store::attempt_bucket(&app.secrets, per_network, &network.0), now, txn).await
}

/// Tries a code within the limits; the transaction is committed by the caller, or the try does not count.
/// Fails with the sentence that the person reads.
pub(super) async fn check_code_in_txn(
    visit: &Visit,
    purpose: &'static str,
    address: &str,
    code: &str,
    network: &ClientNetwork,
    txn: &DatabaseTransaction,
) -> Result<Result<(), &'static str>, DbErr> {
    let (app, now) = (&visit.app, visit.now);
    let wrong = standing(app, CODE_TRY_PER_ADDRESS, address, CODE_TRY_PER_NETWORK, network, now, txn).await?;
    if !may_try(wrong) {
        return Ok(Err("There were too many wrong codes. Wait an hour, then ask for a new code"));
    }
    let check = store::code_check_in_txn(address, &code_hash(app, purpose, address, code), now, txn).await?;
    if check != CodeCheck::Right {
        count(app, CODE_TRY_PER_ADDRESS, address, CODE_TRY_PER_NETWORK, network, now, txn).await?;
    }
    Ok(match check {
        CodeCheck::Right => Ok(()),
        CodeCheck::Wrong => Err("The code is not right. Check the newest email from us"),
        CodeCheck::NoneLeft => {
            Err("This code no longer works: it was used, tried too often, or is too old. Ask for another code")
        }
    })
}

/// POST /sign-in/code
pub async fn try_code(visit: Visit, network: ClientNetwork, jar: CookieJar, form: Submitted) -> PageResult {
    let Submitted(form) = form;
    let Some(fields) = guard::open_sealed(&visit.app, SIGNING_IN, &jar, visit.now) else {
        return visit.see_other("/sign-in?again=code");
    };
    let [address, return_to, _] = fields.as_slice() else { return visit.see_other("/sign-in?again=code") };
    let code = match parse_code(form.value("code")) {
        Ok(code) => code,
        Err(problem) => return Ok(pages::code_view(&visit, form.with_error("code", problem), address.clone())),
    };
    let txn = visit.app.db.write().await?;
    if let Err(problem) = check_code_in_txn(&visit, "sign-in code", address, &code, &network, &txn).await? {
        txn.commit().await?;
        return Ok(pages::code_view(&visit, form.with_error("code", problem), address.clone()));
    }
    let Some(row) = store::address_by_text(address, &txn).await? else {
        txn.commit().await?;
        let proven = guard::sealed_cookie(&visit.app, SIGNING_IN, &[address, return_to, "proven"], visit.now + PROVEN);
        return Ok((jar.add(proven), visit.see_other("/account/new")?).into_response());
    };
    store::address_prove_in_txn(row.id, visit.now, &txn).await?;
    confirm_by_mail_in_txn(&visit, row.person_id, &txn).await?;
    if let Some(person) = visit.viewer.person() {
        store::login_end_in_txn(person.login, visit.now, &txn).await?;
    }
    // Whoever typed the code has read the mail.
    store::address_works_in_txn(row.id, &txn).await?;
    let returned = store::addresses_of(row.person_id, &txn).await?.iter().any(|row| row.bounced_at.is_some());
    let token = store::login_insert_in_txn(row.person_id, visit.now, &txn).await?;
    txn.commit().await?;
    let jar = jar.add(guard::login_cookie(&visit.app, token)).add(guard::sealed_removal(&visit.app, SIGNING_IN));
    let next = own_site_path(return_to).unwrap_or("/");
    if returned {
        let query = serde_urlencoded::to_string([("return", next)]).unwrap_or_default();
        return Ok((jar, visit.see_other(format!("/account/addresses/returned?{query}"))?).into_response());
    }
    Ok((jar, visit.see_other(next)?).into_response())
}

/// Confirms a person's claimed memberships of agencies whose mail domain is that of a proven address.
pub(super) async fn confirm_by_mail_in_txn(
    visit: &Visit,
    person: crate::accounts::rules::PersonId,
    txn: &DatabaseTransaction,
) -> Result<(), DbErr> {
    let addresses = store::addresses_of(person, txn).await?;
    let proven: Vec<String> =
        addresses.into_iter().filter(|row| row.proven_at.is_some()).map(|row| row.address).collect();
    agencies::store::memberships_confirm_by_mail_in_txn(person, &proven, london_day(visit.now), visit.now, txn).await
}

/// POST /sign-out. Twice is the same as once.
pub async fn sign_out(visit: Visit, jar: CookieJar) -> PageResult {
    if let Some(person) = visit.viewer.person() {
        let txn = visit.app.db.write().await?;
        store::login_end_in_txn(person.login, visit.now, &txn).await?;
        txn.commit().await?;
    }
    let jar = jar.add(guard::removal_cookie(&visit.app)).add(search::forgotten(&visit.app));
    Ok((jar, visit.see_other("/?done=signed-out")?).into_response())
}
