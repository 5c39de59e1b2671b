//! Pages of accounts.

use crate::web::{components::*, page::Page, visit::Visit};
use axum::response::Response;
use leptos::prelude::*;

/// GET /
pub async fn start(visit: Visit) -> Response {
    visit.page(Page::new("Training"), || view! { <Heading text="Training"/> }.into_any())
}
