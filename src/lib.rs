//! x
#[cfg(feature = "ssr")] pub mod web;
