//! Mail: its wording, the calendar files that go with it, the outbox, and mail that comes back.
//!
//! A mail is a row of the outbox, written in the transaction of what it tells about; the worker in `server::outbox`
//! sends it. Sending is at least once: a repeat carries the same Message-ID. Every kind of mail is in
//! `wording::defaults`; all but two can be worded by the office.

#[cfg(feature = "ssr")]
pub mod accounts;
#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod bookings;
#[cfg(feature = "ssr")]
pub mod bounces;
pub mod calendar;
#[cfg(feature = "ssr")]
pub mod charges;
#[cfg(feature = "ssr")]
pub mod command;
pub mod letter;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod sessions;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod surveys;
pub mod wording;
