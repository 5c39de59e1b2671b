//! Log lines: plain for people, JSON for machines. Neither holds names, addresses, tokens or queries; the path of a
//! request is logged as the route's pattern, because a personal link is part of a path.

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use std::time::Instant;
use tracing_subscriber::EnvFilter;

/// What is logged where `RUST_LOG` says nothing.
const USUAL: &str = "info,sqlx=warn,sea_orm=warn";
/// Libraries that would write the addresses of requests, and with them references and personal links.
const QUIET: &str = "tower_http=info,axum=info,hyper=info";

/// What is logged when this is asked for: never what libraries know of requests, whatever is asked.
pub fn filter(asked: &str) -> EnvFilter {
    EnvFilter::new(format!("{asked},{QUIET}"))
}

/// Starts logging. `RUST_LOG` chooses what; "info" where it says nothing.
pub fn start(as_json: bool) {
    let filter = filter(&std::env::var(EnvFilter::DEFAULT_ENV).unwrap_or_else(|_| USUAL.to_owned()));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // A second start (in tests) keeps the first one's settings.
    let started = if as_json { builder.json().try_init() } else { builder.compact().try_init() };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}

/// One line per request that changes something or fails.
pub async fn log_request(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let milliseconds = started.elapsed().as_millis() as u64;
    let route = route.unwrap_or_else(|| "(no route)".to_owned());
    if status >= 500 {
        tracing::error!(%method, route, status, milliseconds, "request");
    } else if method != axum::http::Method::GET {
        tracing::info!(%method, route, status, milliseconds, "request");
    } else {
        tracing::debug!(%method, route, status, milliseconds, "request");
    }
    response
}
