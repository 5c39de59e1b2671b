//! Days and moments: Europe/London, working days, bank holidays, and how dates are written on pages and in mails.
//!
//! Databases hold UTC; people read London time; notice is counted in London days.

#[cfg(feature = "ssr")]
pub mod actions;
pub mod bank_holidays;
pub mod notice;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
