//! What a page says about itself, apart from its body.

use super::{components::Link, form::FormState};
use axum::http::StatusCode;

/// The frame of one page. The render door (`Visit::page`) adds what every page has.
#[derive(Clone, Debug)]
pub struct Page {
    pub(super) title: String,
    pub(super) status: StatusCode,
    pub(super) back: Option<Link>,
    pub(super) crumbs: Vec<Link>,
    pub(super) wide: bool,
    pub(super) form: FormState,
}

impl Page {
    /// A page with this title.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            status: StatusCode::OK,
            back: None,
            crumbs: Vec::new(),
            wide: false,
            form: FormState::default(),
        }
    }

    /// With a link back to where people came from.
    pub fn back(mut self, href: impl Into<String>, text: impl Into<String>) -> Self {
        self.back = Some(Link { href: href.into(), text: text.into() });
        self
    }

    /// With one more breadcrumb.
    pub fn crumb(mut self, href: impl Into<String>, text: impl Into<String>) -> Self {
        self.crumbs.push(Link { href: href.into(), text: text.into() });
        self
    }

    /// Uses the whole width, for tables and the board's page.
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// With a form's values, and its errors if it was refused (then the answer is 422).
    pub fn form(mut self, form: FormState) -> Self {
        if form.has_errors() {
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        self.form = form;
        self
    }

    /// With another status than 200.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}
