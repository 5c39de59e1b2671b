//! Mail: its wording, the calendar files that go with it, and the outbox.
//!
//! A mail is a row of the outbox, written in the transaction of what it tells about; the worker in `server::outbox`
//! sends it. Sending is at least once: a repeat carries the same Message-ID.

#[cfg(feature = "ssr")]
pub mod accounts;
#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod bookings;
pub mod calendar;
#[cfg(feature = "ssr")]
pub mod charges;
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
