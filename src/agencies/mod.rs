//! Agencies, the employers of learners, and people's dated memberships of them.
//!
//! An agency is open or closed; closing hides it from choices, keeps every row that names it, and can be undone.
//! A membership is *claimed* by the person until it is *confirmed*: by a proven address at the agency's mail domain,
//! by its training lead, or by the office. Only a confirmed membership counts for charges and for a lead's view.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
