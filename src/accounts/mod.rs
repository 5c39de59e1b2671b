//! People, what they may do, and how they sign in.
//!
//! A person is one record across all employers, with several proven e-mail addresses, one of them the main one.
//! Signing in is a single-use code sent to an address; only hashes of codes and login tokens are stored. An address
//! is *proven* once its owner typed a code that was sent there; only proven addresses sign in, and only they confirm
//! memberships. A login is *live* until it is signed out, idle for `LOGIN_IDLE_DAYS`, older than
//! `LOGIN_LONGEST_DAYS`, or until the person's roles change.
//!
//! What must hold: known and unknown addresses get the same pages and the same work until a right code was typed;
//! a board always keeps one administrator.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod guard;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
