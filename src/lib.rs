//! Learning Gain: the training service of a safeguarding children board.
//!
//! One folder per feature; inside a feature the same file names everywhere:
//!
//! | file | what it holds |
//! |---|---|
//! | `rules.rs` | pure types and decisions; no database, no clock, no web; compiled always |
//! | `store.rs` | queries, noun first; the connection is the last argument |
//! | `actions.rs` | POST handlers: read the form, who are you, store, rules, store, redirect |
//! | `pages.rs` | GET handlers and their Leptos views |
//! | `islands.rs` | the few interactive parts, compiled for the browser too |
//! | `exports.rs`, `jobs.rs`, `command.rs` | downloads, what time brings, the command line |
//!
//! `app.rs` has the one route table. `entity` is one file per table. `web` is the look and the door through which
//! every page goes; `server` is the running service. Whoever may use whom is held by a test in `tests/structure.rs`.

pub mod accounts;
pub mod agencies;
#[cfg(feature = "ssr")]
pub mod app;
pub mod attendance;
pub mod audit;
pub mod backups;
pub mod bookings;
pub mod calendar;
pub mod charges;
pub mod courses;
pub mod demo;
#[cfg(feature = "ssr")]
pub mod entity;
pub mod imports;
pub mod learning_gain;
pub mod messages;
pub mod privacy;
pub mod records;
pub mod reports;
#[cfg(feature = "ssr")]
pub mod server;
pub mod sessions;
pub mod settings;
pub mod surveys;
#[cfg(feature = "ssr")]
pub mod web;

/// Starts the islands of a page in the browser.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
