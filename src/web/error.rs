//! What goes wrong with a request, as a page that helps. Handlers return `PageError`; the layer `error_pages`
//! turns every failed response that has no page yet (also axum's own 404, 405, 413 and a caught panic) into one.

use super::{components::*, form::FormState, page::Page, visit::Visit};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use tower_http::csrf::ProtectionError;

use crate::server::{secrets::SecretsError, state::App};

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// There is no such thing, or it is another person's.
    #[error("Page not found")]
    NotFound,
    /// Only after signing in.
    #[error("Sign in first")]
    SignIn,
    /// Signed in, but not in this role.
    #[error("This page is not for your role")]
    NotYours,
    /// The request makes no sense, or what it was about has changed; the sentence says what is now true.
    #[error("{0}")]
    Conflict(String),
    /// The same, with the page on which to go on.
    #[error("{sentence}")]
    Refused {
        /// What is now true.
        sentence: String,
        /// Where to go on.
        onward: Onward,
    },
    /// Too often in a short time.
    #[error("Too many tries: wait a few minutes, then try again")]
    TooMany,
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] sea_orm::DbErr),
    /// Something else of ours failed; the text is for the log.
    #[error("{0}")]
    Failed(String),
}

impl From<SecretsError> for PageError {
    fn from(error: SecretsError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// A link from a page that refuses to one on which something can be done.
#[derive(Clone, Debug)]
pub struct Onward {
    /// Where.
    pub href: String,
    /// What is there.
    pub text: &'static str,
}

/// What a handler returns.
pub type PageResult = Result<Response, PageError>;

/// Carried on a response without a page, for the layer that makes one.
#[derive(Clone)]
struct Explanation {
    sentence: String,
    onward: Option<Onward>,
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::NotYours => StatusCode::FORBIDDEN,
            Self::Conflict(_) | Self::Refused { .. } => StatusCode::CONFLICT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Database(error) if is_double(error) => StatusCode::CONFLICT,
            Self::Database(error) => {
                // The error's parameters could hold names; its kind is enough to mend it.
                tracing::error!(kind = database_error_kind(error), "database error");
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Failed(message) => {
                tracing::error!(message, "request failed");
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        let mut response = status.into_response();
        let (sentence, onward) = match self {
            Self::Conflict(sentence) => (sentence, None),
            Self::Refused { sentence, onward } => (sentence, Some(onward)),
            Self::Database(_) if status == StatusCode::CONFLICT => (AT_THE_SAME_MOMENT.to_owned(), None),
            _ => return response,
        };
        response.extensions_mut().insert(Explanation { sentence, onward });
        response
    }
}

/// What somebody reads whose row was already there when it was written.
const AT_THE_SAME_MOMENT: &str = "The same was entered at the same moment, perhaps by you in another window. Nothing \
    that you just sent was saved. Go back and reload the page to see what is there now.";

/// Whether a unique index refused a row that a check before it did not see.
fn is_double(error: &sea_orm::DbErr) -> bool {
    matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
}

/// The kind of a database error without the values that it may quote.
pub fn database_error_kind(error: &sea_orm::DbErr) -> &'static str {
    use sea_orm::DbErr;
    match error {
        DbErr::ConnectionAcquire(_) => "no connection free",
        DbErr::Conn(_) => "connection",
        DbErr::Exec(_) => "execution",
        DbErr::Query(_) => "query",
        DbErr::Type(_) | DbErr::TryIntoErr { .. } => "type",
        DbErr::RecordNotFound(_) => "record not found",
        _ => "other",
    }
}

/// Gives every failed response a page that says what is wrong and what to do.
pub async fn error_pages(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_get = request.method() == Method::GET;
    let visit = Visit::without_viewer(&app, &request);
    let response = next.run(request).await;
    let status = response.status();
    let has_page = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes().starts_with(b"text/html") || kind.as_bytes().starts_with(b"application/json")
    });
    if !(status.is_client_error() || status.is_server_error()) || has_page || visit.path.starts_with("/api/") {
        return response;
    }
    if status == StatusCode::UNAUTHORIZED {
        if let Some(form) = response.extensions().get::<FormState>().filter(|form| !form.is_untouched()) {
            return unsent_page(&visit, form);
        }
        let target = if is_get { visit.sign_in_address() } else { "/sign-in".to_owned() };
        return Redirect::to(&target).into_response();
    }
    let viewer = response.extensions().get().cloned().unwrap_or_default();
    let visit = Visit { viewer, ..visit };
    let said = response.extensions().get::<Explanation>().cloned();
    let is_from_elsewhere = response.extensions().get::<ProtectionError>().is_some();
    let (title, sentence) = if is_from_elsewhere { FROM_ELSEWHERE } else { words_for(status) };
    let said = said.unwrap_or_else(|| Explanation { sentence: sentence.to_owned(), onward: None });
    let mut page = page_with(&visit, status, title, said);
    if let Some(allow) = response.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allow.clone());
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("300"));
    }
    page
}

/// For somebody whose login ended while they filled a form in: nothing that they typed is lost.
fn unsent_page(visit: &Visit, form: &FormState) -> Response {
    let title = "Sign in again to send this";
    let action = visit.path.clone();
    let hidden = form.fields().map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>();
    visit.page(Page::new(title).status(StatusCode::UNAUTHORIZED), move || {
        view! {
            <Heading text=title/>
            <p class="govuk-body">"You are signed out, so nothing was saved yet. This page keeps what you typed."</p>
            <ol class="govuk-list govuk-list--number">
                <li><a class="govuk-link" href="/sign-in" target="_blank" rel="noopener">"Sign in (opens in a new tab)"</a></li>
                <li>"Come back to this page and send it again"</li>
            </ol>
            <PostForm action hidden>
                <Button text="Send again"/>
            </PostForm>
        }
        .into_any()
    })
}

/// What somebody reads whose form another website has sent in their name, or whose browser hides where it stood.
const FROM_ELSEWHERE: (&str, &str) = (
    "This form was sent from another website",
    "Only forms of our own pages are taken, so that no other website can act in your name. Nothing was changed. If you \
     wanted to send something here, open the page with the form on this website, and send it from there.",
);

/// A title, and a sentence for whatever explains itself no better.
fn words_for(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => (
            "This page cannot be opened by its address",
            "It answers a form. Go back to the page with the form, and send it from there.",
        ),
        StatusCode::NOT_FOUND => (
            "Page not found",
            "If you typed the address, check that it is correct. If you followed a link, it may be old, or it may belong to somebody else.",
        ),
        StatusCode::FORBIDDEN => (
            "You cannot open this page",
            "You are signed in, but this page is for people with another role. If you think that you need it, ask the training team.",
        ),
        StatusCode::CONFLICT | StatusCode::GONE => {
            ("Something has changed", "What you asked for is no longer possible. Nothing was changed.")
        }
        StatusCode::TOO_MANY_REQUESTS => (
            "Too many tries",
            "To keep everybody's account safe we stopped after several tries. Wait a few minutes, then try again.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("That is too large", "What you sent is larger than we can take. Nothing was saved.")
        }
        status if status.is_client_error() => (
            "We could not understand that",
            "The page sent something that we could not read. Nothing was changed. Go back, reload the page and try again.",
        ),
        _ => (
            "Sorry, there is a problem with the service",
            "What you just sent may not have been saved. Try again in a few minutes: a booking form that is sent twice books once.",
        ),
    }
}

fn page_with(visit: &Visit, status: StatusCode, title: &'static str, said: Explanation) -> Response {
    let Explanation { sentence, onward } = said;
    let is_ours = status.is_server_error();
    let page = Page::new(title).status(status);
    visit.page(page, move || {
        view! {
            <Heading text=title/>
            <p class="govuk-body">{sentence}</p>
            {onward.map(|Onward { href, text }| view! {
                <p class="govuk-body"><a class="govuk-link" href=href>{text}</a></p>
            })}
            {(!is_ours).then(|| view! {
                <p class="govuk-body">
                    <a class="govuk-link" href="/courses">"Find a course"</a>" or go to "
                    <a class="govuk-link" href="/account">"your account"</a>"."
                </p>
            })}
        }
        .into_any()
    })
}
