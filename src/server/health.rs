//! For whoever watches the service: is the process alive, and can it serve?

use super::state::App;
use axum::{extract::State, http::StatusCode};

/// GET /health/live: the process answers.
pub async fn live() -> &'static str {
    "alive\n"
}

/// GET /health/ready: the database answers too; else 503.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.db.check_reachable().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}
