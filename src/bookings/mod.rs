//! Places on sessions: requests, approval, the waiting list and its offers, giving a place back, sending a colleague,
//! moving to another date.
//!
//! requested → booked | declined | lapsed | withdrawn; waitlisted → offered → booked | offer expired | offer declined |
//! left; waitlisted → list ended, when the session starts; booked → cancelled in time | cancelled late | substituted |
//! transferred; every live state → session cancelled.
//!
//! Invariants: `sessions.held` equals the requested, offered and booked rows and never passes the capacity (walk-ins
//! are not counted in it); `sessions.waiting` equals the waitlisted rows; the list is first in, first out; a person has
//! at most one live booking per session; the same form sent again gives the first result. Each move is one transaction
//! with its counters, its audit row and its mails (`store`), decided beforehand in `rules`.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod exports;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
