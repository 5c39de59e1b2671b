//! The login cookie: who is behind a request. And the signed cookies that carry a sign-in from page to page.

use super::{
    rules::{LoginId, SEEN_EVERY_MINUTES},
    store,
};
use crate::{
    server::{secrets, state::App},
    web::viewer::Viewer,
};
use axum::http::HeaderMap;
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE64URL_NOPAD;
use sea_orm::DbErr;
use subtle::ConstantTimeEq;

/// With https the name's prefix makes browsers insist on Secure and on this host.
const SECURE_NAME: &str = "__Host-login";
/// Plain http exists only on this machine.
const LOCAL_NAME: &str = "login";

/// Reads the viewer from the login cookie. A cookie that names no live login is a stranger.
pub async fn load_viewer(app: &App, headers: &HeaderMap) -> Result<Viewer, DbErr> {
    let jar = CookieJar::from_headers(headers);
    let Some(cookie) = jar.get(cookie_name(app)) else { return Ok(Viewer::default()) };
    let hash = secrets::sha256(cookie.value());
    let now = app.clock.now();
    let Some((person, seen_at)) = store::viewer_by_token_hash(&hash, now, app.db.reader()).await? else {
        return Ok(Viewer::default());
    };
    if now - seen_at >= Duration::minutes(SEEN_EVERY_MINUTES) {
        note_visit(app, person.login, now).await;
    }
    Ok(Viewer(Some(person)))
}

/// Pages can be read while nothing can be written, so a failure here is logged and not shown.
async fn note_visit(app: &App, login: LoginId, now: DateTime<Utc>) {
    let noted: Result<(), DbErr> = async {
        let txn = app.db.write_beside_others().await?;
        store::login_touch(login, now, &txn).await?;
        txn.commit().await
    }
    .await;
    if noted.is_err() {
        tracing::warn!("a login's last visit could not be written down");
    }
}

/// The cookie that signs a device in.
pub fn login_cookie(app: &App, token: String) -> Cookie<'static> {
    Cookie::build((cookie_name(app), token))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.is_secure())
        .build()
}

/// The cookie that takes the login away again.
pub fn removal_cookie(app: &App) -> Cookie<'static> {
    let mut cookie = login_cookie(app, String::new());
    cookie.make_removal();
    cookie
}

/// What the cookie is called here.
pub fn cookie_name(app: &App) -> &'static str {
    if app.config.is_secure() { SECURE_NAME } else { LOCAL_NAME }
}

/// The cookie that carries a sign-in from one page to the next.
pub const SIGNING_IN: &str = "signing-in";
/// The cookie that carries a new address of one's own from one page to the next.
pub const ADDING_ADDRESS: &str = "adding-address";

/// A cookie that carries something between the pages of one journey, so that it need not stand in an address: signed
/// under our key with its end and its purpose, so that nobody can write one, and gone with the browser.
pub fn sealed_cookie(app: &App, purpose: &'static str, fields: &[&str], expires: DateTime<Utc>) -> Cookie<'static> {
    let mut text = expires.timestamp().to_string();
    for field in fields {
        text.push('\n');
        text.push_str(field);
    }
    let signature = app.secrets.sign(purpose, &[text.as_bytes()]);
    let value = format!("{}.{signature}", BASE64URL_NOPAD.encode(text.as_bytes()));
    let mut cookie = login_cookie(app, value);
    cookie.set_name(sealed_name(app, purpose));
    cookie
}

/// What the request's sealed cookie of this purpose carries; None when it is missing, over, or not ours.
pub fn open_sealed(app: &App, purpose: &'static str, jar: &CookieJar, now: DateTime<Utc>) -> Option<Vec<String>> {
    let cookie = jar.get(&sealed_name(app, purpose))?;
    let (text, signature) = cookie.value().split_once('.')?;
    let text = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    let expected = app.secrets.sign(purpose, &[&text]);
    if !bool::from(expected.as_bytes().ct_eq(signature.as_bytes())) {
        return None;
    }
    let text = String::from_utf8(text).ok()?;
    let mut fields = text.split('\n').map(str::to_owned);
    let expires: i64 = fields.next()?.parse().ok()?;
    (now.timestamp() < expires).then(|| fields.collect())
}

/// The cookie that takes a sealed one away again.
pub fn sealed_removal(app: &App, purpose: &'static str) -> Cookie<'static> {
    let mut cookie = login_cookie(app, String::new());
    cookie.set_name(sealed_name(app, purpose));
    cookie.make_removal();
    cookie
}

fn sealed_name(app: &App, purpose: &'static str) -> String {
    if app.config.is_secure() { format!("__Host-{purpose}") } else { purpose.to_owned() }
}
