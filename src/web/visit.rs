//! One request as the handlers see it, and the only door through which a page is rendered.
//!
//! Pages are Leptos views rendered by plain axum handlers: a handler loads what it shows, then calls `Visit::page`
//! with a view, which is written out in one go. There is no client-side router, no `Resource` and no streaming, so
//! the status code is known before the first byte, a loader's `?` becomes an error page, and a refused form is the
//! same handler's page again with status 422. Pages without an island carry no script at all.

use super::{
    components::NoticeKind,
    error::{PageError, PageResult},
    form::FormState,
    headers,
    page::Page,
    routes::HasIsland,
    shell::{self, DemoBar, Frame, IslandScript, Notice},
    viewer::{CurrentPerson, Viewer},
};
use crate::server::{
    secrets::{random_bytes, random_token},
    state::App,
};
use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use std::{convert::Infallible, num::IntErrorKind, sync::Arc};

/// One request: the application, who is looking, when, and at which address.
#[derive(Clone)]
pub struct Visit {
    /// The running application.
    pub app: App,
    /// Who is looking.
    pub viewer: Viewer,
    /// When the request came, UTC.
    pub now: DateTime<Utc>,
    /// The address without its query.
    pub path: String,
    /// The query, or "".
    pub query: String,
    pub(super) has_island: bool,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self {
            app: app.clone(),
            viewer: parts.extensions.get().cloned().unwrap_or_default(),
            now: app.clock.now(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            has_island: parts.extensions.get::<HasIsland>().is_some(),
        })
    }
}

impl Visit {
    /// A request of which nobody knows yet who made it, for error pages.
    pub(super) fn without_viewer(app: &App, request: &Request) -> Self {
        Self {
            app: app.clone(),
            viewer: Viewer::default(),
            now: app.clock.now(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            has_island: false,
        }
    }

    /// The connection for reading.
    pub fn db(&self) -> &sea_orm::DatabaseConnection {
        self.app.db.reader()
    }

    /// The signed-in person. Fails with `SignIn` for a stranger.
    pub fn person(&self) -> Result<&CurrentPerson, PageError> {
        self.viewer.person().ok_or(PageError::SignIn)
    }

    /// The first value of a query parameter, or "".
    pub fn parameter(&self, name: &str) -> String {
        self.parameters().into_iter().find(|(key, _)| key == name).map(|(_, value)| value).unwrap_or_default()
    }

    /// All query parameters, in order. A query that cannot be read has none; what holds a character that no keyboard
    /// has, and that PostgreSQL takes in no text, is left out.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = serde_urlencoded::from_str(&self.query).unwrap_or_default();
        all.retain(|(name, value)| !name.contains('\0') && !value.contains('\0'));
        all
    }

    /// The page of a long list that is asked for, from 1; 1 when the query names none. It may lie beyond the list's
    /// end: `server::database::rows_before` and the pagination then show the last.
    pub fn page_number(&self) -> u64 {
        match self.parameter("page").parse::<u64>() {
            Ok(number) => number.max(1),
            Err(error) if *error.kind() == IntErrorKind::PosOverflow => u64::MAX,
            Err(_) => 1,
        }
    }

    /// This page's address with its filled parameters but without these, for links that page, sort and filter.
    pub fn address_without(&self, names: &[&str]) -> String {
        let kept: Vec<_> = self
            .parameters()
            .into_iter()
            .filter(|(name, value)| !value.is_empty() && name != "done" && !names.contains(&name.as_str()))
            .collect();
        match serde_urlencoded::to_string(kept) {
            Ok(query) if !query.is_empty() => format!("{}?{query}", self.path),
            _ => self.path.clone(),
        }
    }

    /// Where to sign in and come back to this page. Only addresses of this site are ever returned to.
    pub fn sign_in_address(&self) -> String {
        let here = if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) };
        let query = serde_urlencoded::to_string([("return", here)]).unwrap_or_default();
        format!("/sign-in?{query}")
    }

    /// A new hidden request id for a form: the same form sent twice counts once.
    pub fn new_request_id(&self) -> Result<String, PageError> {
        Ok(random_token()?)
    }

    /// Answers 303 to another address of this site.
    pub fn see_other(&self, address: impl AsRef<str>) -> PageResult {
        Ok(Redirect::to(address.as_ref()).into_response())
    }

    /// Renders a page. `body` runs inside the page's context, where components find the form's values.
    pub fn page(&self, page: Page, body: impl FnOnce() -> AnyView) -> Response {
        let script = self.island_script();
        let nonce = script.as_ref().map(|script| script.nonce.clone());
        let status = page.status;
        let html = self.render(page, script, body);
        let mut response = (status, axum::response::Html(html)).into_response();
        let policy = headers::content_security_policy(nonce.as_deref());
        if let Ok(value) = HeaderValue::from_str(&policy) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, value);
        }
        response
    }

    fn render(&self, page: Page, script: Option<IslandScript>, body: impl FnOnce() -> AnyView) -> String {
        let has_script = script.is_some();
        let frame = self.frame(page, script);
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        let html = owner.with(|| {
            provide_context::<FormState>(frame.form.clone());
            shell::document(frame, body()).to_html()
        });
        owner.unset_with_forced_cleanup();
        if has_script { html } else { without_markers(&html) }
    }

    fn frame(&self, page: Page, script: Option<IslandScript>) -> Frame {
        let board = self.app.board.current();
        // A refused form may stand at an address that only takes forms: from there one goes back to where it began.
        let return_to = match (page.status, &page.back) {
            (StatusCode::OK, _) => self.address_without(&[]),
            (_, Some(back)) => back.href.clone(),
            _ => "/".to_owned(),
        };
        Frame {
            title: page.title,
            service_name: board.service_name.clone(),
            back: page.back,
            crumbs: page.crumbs,
            navigation: crate::app::navigation(&self.viewer, &self.path),
            account: self.viewer.person().map(|person| person.name.clone()),
            notice: self.notice(page.status),
            form: page.form,
            demo: self.app.config.demo.then(|| DemoBar {
                now: crate::calendar::rules::moment_text(self.now),
                moves: crate::app::demo_moves(),
                return_to,
                people_href: "/demo/people".into(),
                mail_href: "/demo/mailbox".into(),
            }),
            stylesheet: self.app.assets.address("main.css"),
            icon: self.app.assets.address("favicon.svg"),
            script,
            wide: page.wide,
            contact: board.contact.clone(),
        }
    }

    /// What was just done, as the address of a redirect says it: `?done=` and a word that `app::done_sentence`
    /// knows. Other words show nothing, so that no link can put words into the board's mouth.
    fn notice(&self, status: StatusCode) -> Option<Notice> {
        if status != StatusCode::OK || !self.query.contains("done=") {
            return None;
        }
        let text = crate::app::done_sentence(&self.parameter("done"))?;
        Some(Notice { kind: NoticeKind::Success, text: text.to_owned() })
    }

    fn island_script(&self) -> Option<IslandScript> {
        if !self.has_island || !self.app.assets.has_islands() {
            return None;
        }
        Some(IslandScript {
            nonce: BASE64URL_NOPAD.encode(&random_bytes::<16>().ok()?),
            js: self.app.assets.address("pkg/learning_gain.js"),
            wasm: self.app.assets.address("pkg/learning_gain_bg.wasm"),
        })
    }
}

/// A page without the markers between text nodes: they are for hydration only, and html-validate cannot parse them. A
/// literal "<!>" in anybody's text is escaped, so nothing else can match.
fn without_markers(html: &str) -> String {
    const MARKER: &str = "<!>";
    let mut clean = String::with_capacity(html.len());
    let mut kept = 0;
    for marker in memchr::memmem::find_iter(html.as_bytes(), MARKER) {
        clean.push_str(&html[kept..marker]);
        kept = marker + MARKER.len();
    }
    clean.push_str(&html[kept..]);
    clean
}
