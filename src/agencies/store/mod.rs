//! Agencies and memberships in the database.

mod agencies;
mod memberships;

pub use agencies::*;
pub use memberships::*;
