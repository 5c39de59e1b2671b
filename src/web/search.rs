//! Searches for people. What is typed into them is personal data, so it never stands in an address, where browsers,
//! proxies and logs would keep it: the form is posted, the words go into a cookie of the searcher's own browser, and
//! the list's address only says which of the last few searches it shows. So sorting, paging, reloading and going back
//! stay plain links, and two windows do not mix up their searches.

use super::{error::PageResult, submitted::Submitted, visit::Visit};
use crate::server::{secrets::random_bytes, state::App};
use axum::response::IntoResponse;
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};

/// The field with the words.
pub const WORDS: &str = "search";
/// The parameter that says which search a list shows.
pub const FIND: &str = "find";
/// The cookie with the last searches.
pub const SEARCHES: &str = "searches";
/// Longer words find nothing more, and the cookie has to fit 4,096 bytes.
const WORDS_LONGEST: usize = 100;
/// Searches that are remembered, the newest first.
const REMEMBERED: usize = 5;

/// What a list shows: its words, and the key under which they are remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// What was typed; "" for no search.
    pub words: String,
    /// What the list's address says instead; "" for no search.
    pub key: String,
}

impl Search {
    /// The search that the request's address names.
    pub fn of(visit: &Visit, jar: &CookieJar) -> Self {
        let key = visit.parameter(FIND);
        let found = remembered(&visit.app, jar).into_iter().find(|(known, _)| *known == key);
        found.map(|(key, words)| Self { words, key }).unwrap_or_default()
    }
}

/// The POST of every list that searches: remembers the words and shows the list. The form's other fields are
/// choices, and go into the address. A page whose own address takes another form has its search below it.
pub async fn search(visit: Visit, jar: CookieJar, Submitted(form): Submitted) -> PageResult {
    let typed = form.value(WORDS).trim().chars();
    let words: String = typed.filter(|letter| !letter.is_control()).take(WORDS_LONGEST).collect();
    let mut query: Vec<(&str, &str)> =
        form.fields().filter(|(name, value)| *name != WORDS && *name != FIND && !value.is_empty()).collect();
    let key = HEXLOWER.encode(&random_bytes::<4>()?);
    let mut jar = jar;
    if !words.is_empty() {
        let mut searches = remembered(&visit.app, &jar);
        searches.insert(0, (key.clone(), words));
        searches.truncate(REMEMBERED);
        jar = jar.add(cookie(&visit.app, &searches));
        query.push((FIND, &key));
    }
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    let list = visit.path.strip_suffix("/search").unwrap_or(&visit.path);
    let address = if query.is_empty() { list.to_owned() } else { format!("{list}?{query}") };
    Ok((jar, visit.see_other(address)?).into_response())
}

/// The cookie that forgets the searches, for signing out.
pub fn forgotten(app: &App) -> Cookie<'static> {
    let mut cookie = cookie(app, &[]);
    cookie.make_removal();
    cookie
}

fn name(app: &App) -> String {
    if app.config.is_secure() { format!("__Host-{SEARCHES}") } else { SEARCHES.to_owned() }
}

fn cookie(app: &App, searches: &[(String, String)]) -> Cookie<'static> {
    let text = serde_json::to_string(searches).unwrap_or_default();
    Cookie::build((name(app), BASE64URL_NOPAD.encode(text.as_bytes())))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.config.is_secure())
        .build()
}

fn remembered(app: &App, jar: &CookieJar) -> Vec<(String, String)> {
    let read = |cookie: &Cookie<'_>| -> Option<Vec<(String, String)>> {
        let text = BASE64URL_NOPAD.decode(cookie.value().as_bytes()).ok()?;
        serde_json::from_slice(&text).ok()
    };
    jar.get(&name(app)).and_then(read).unwrap_or_default()
}
