//! The login cookie: who is behind a request.

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
use sea_orm::DbErr;

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
    let Some((person, login)) = store::viewer_by_token_hash(&hash, now, app.db.reader()).await? else {
        return Ok(Viewer::default());
    };
    if now - login.seen_at >= Duration::minutes(SEEN_EVERY_MINUTES) {
        note_visit(app, login.id, now).await;
    }
    Ok(Viewer(Some(person)))
}

/// Pages can be read while nothing can be written, so a failure here is logged and not shown.
async fn note_visit(app: &App, login: LoginId, now: DateTime<Utc>) {
    let noted: Result<(), DbErr> = async {
        let txn = app.db.write().await?;
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
