//! What every page is made of: the document around it, the form state, the
//! components in the GOV.UK pattern under our own identity, and the charts.
//! Nothing here knows a feature.

pub mod charts;
pub mod components;
pub mod form;
pub mod shell;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod gallery;
