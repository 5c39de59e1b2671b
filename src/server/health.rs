//! For whoever watches the service: is the process alive, and can it serve?

use super::state::App;
use axum::{extract::State, http::StatusCode};
use sea_orm::ConnectionTrait;

/// GET /health/live: the process answers.
pub async fn live() -> &'static str {
    "alive\n"
}

/// GET /health/ready: the database answers too; else 503.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.db.reader().execute_unprepared("SELECT 1").await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}
