//! Read-only summaries across features: people trained, places held and what became of them, charges.
//!
//! Every rate is printed with its numerator and denominator. This feature writes nothing.

#[cfg(feature = "ssr")]
pub mod pages;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
