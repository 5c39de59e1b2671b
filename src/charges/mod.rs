//! Charging policies and their versions, charges with their verdicts, and what the office decides about them.
//!
//! proposed → notified → confirmed → invoiced …; proposed, notified or confirmed → waived(reason) or void (register
//! corrected); proposed → lapsed (nobody was told in time). Confirming is always a person's act.
//!
//! Invariants: a charge implies a submitted register row or a late cancellation; one live charge per booking (a
//! unique index holds it); each charge keeps its verdict: policy version, deadline, bank holidays, notice, rule hit
//! and one sentence that the payer can read; the payer never sees why a charge was waived.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
