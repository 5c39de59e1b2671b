//! The look, and the door through which every page goes: components, forms, charts, the shell, errors and routing.
//! It knows no feature except through `app.rs` and their rules.

pub mod access;
pub mod assets;
pub mod charts;
pub mod client;
pub mod components;
pub mod error;
pub mod form;
pub mod headers;
pub mod page;
pub mod routes;
pub mod search;
pub mod shell;
pub mod sorting;
pub mod submitted;
pub mod viewer;
pub mod visit;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod gallery;
