//! The board's own lines, in the office.

use super::first_run::BoardFields;
use crate::web::{components::*, error::PageResult, form::FormState, page::Page, visit::Visit};
use axum::response::Response;
use leptos::prelude::*;

/// GET /office/settings
pub async fn settings_page(visit: Visit) -> PageResult {
    Ok(settings_view(&visit, FormState::default()))
}

/// The page with the board's own lines.
pub fn settings_view(visit: &Visit, form: FormState) -> Response {
    let board = (*visit.app.board.current()).clone();
    visit.page(Page::new("Settings").back("/office", "Office").form(form), move || {
        view! {
            <Heading text="Settings"/>
            <PostForm action="/office/settings">
                <BoardFields board/>
                <Button text="Save"/>
            </PostForm>
            <p class="govuk-body">
                "Amounts, notice and deadlines are in the "
                <a class="govuk-link" href="/office/policy">"charging policy"</a> "."
            </p>
        }
        .into_any()
    })
}
