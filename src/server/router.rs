//! Puts the route table, the islands' server functions and the layers together.

use super::{health, log, state::App};
use crate::web::{
    assets,
    error::error_pages,
    headers::security_headers,
    routes::{RouteLine, Routes},
};
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use leptos::prelude::provide_context;
use std::time::Duration;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, csrf::CsrfLayer, timeout::TimeoutLayer};

/// Forms are small; the largest is a pasted list of colleagues. Uploads set their own limit.
const LARGEST_FORM: usize = 256 * 1024;
/// Nothing that a person waits for takes longer; a slow sender is cut off.
const LONGEST_REQUEST: Duration = Duration::from_secs(60);

/// The whole service, and the table that it was made of.
pub fn assemble(app: &App) -> (Router, Vec<RouteLine>) {
    assemble_table(crate::app::routes(app.clone()), app)
}

/// The service with this table, which tests make longer.
pub fn assemble_table(table: Routes, app: &App) -> (Router, Vec<RouteLine>) {
    let (pages, lines) = table.finish();
    let router = pages
        .route("/api/{*function}", post(server_function))
        .route("/assets/{*key}", get(assets::asset))
        .route("/favicon.ico", get(assets::well_known))
        .route("/robots.txt", get(assets::well_known))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(from_fn(log::log_request))
        .layer(CatchPanicLayer::custom(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response()))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONGEST_REQUEST))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(app.clone(), error_pages))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), security_headers))
        .with_state(app.clone());
    (router, lines)
}

/// POST /api/…: what islands call. Each function asks for its own `Visit` and checks who is calling.
async fn server_function(State(app): State<App>, request: Request) -> Response {
    let viewer = match crate::app::load_viewer(&app, request.headers()).await {
        Ok(viewer) => viewer,
        Err(error) => return crate::web::error::PageError::from(error).into_response(),
    };
    let context = move || {
        provide_context(app.clone());
        provide_context(viewer.clone());
    };
    let response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR { blamed(response).await } else { response }
}

/// The library answers 500 to every error; fields that are missing or cannot be read are the sender's mistake.
async fn blamed(response: Response) -> Response {
    /// How the texts of such errors begin, as `ServerFnErrorErr` of `server_fn` writes them.
    const UNREADABLE: [&str; 3] = ["Args|", "MissingArg|", "Deserialization|"];
    let (mut parts, body) = response.into_parts();
    let text = match axum::body::to_bytes(body, LARGEST_FORM).await {
        Ok(text) => text,
        Err(error) => return crate::web::error::PageError::Failed(error.to_string()).into_response(),
    };
    if UNREADABLE.iter().any(|beginning| text.starts_with(beginning.as_bytes())) {
        parts.status = StatusCode::BAD_REQUEST;
    }
    Response::from_parts(parts, Body::from(text))
}
