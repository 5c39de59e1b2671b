//! Training taken elsewhere: declared by the person, shown as declared, checked by the office or by the training lead
//! of an agency at which their work is confirmed.
//!
//! declared → confirmed | refused; a declared one can be taken back. A declared or confirmed one meets the prerequisite
//! for which it stands; a refused one does not.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod store;
