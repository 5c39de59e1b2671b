//! People, what they may do, and how they sign in.
//!
//! A person is one record across all employers, with several proven e-mail addresses. Signing in is a single-use code
//! sent to an address; only hashes of codes and login tokens are stored.

#[cfg(feature = "ssr")]
pub mod guard;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
