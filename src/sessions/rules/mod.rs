//! A session is a dated run of a course. What it is now follows from what is stored, the clock and the submitted
//! registers.
//!
//! States: draft → published → closed → delivered → archived; until delivered also → cancelled. Only draft, published,
//! cancelled and archived are stored. Invariants: `held` ≤ `capacity`; a published session has at least one date and a
//! cancel-by moment that can be computed; a cancelled one has no live booking.

mod details;
mod edit;
mod moves;
#[cfg(test)]
mod tests;
mod venue;

pub use details::*;
pub use edit::*;
pub use moves::*;
pub use venue::*;

use serde::{Deserialize, Serialize};

/// A place where sessions are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct VenueId(pub i64);

impl std::fmt::Display for VenueId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A dated run of a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct SessionId(pub i64);

impl std::fmt::Display for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// One date of a session, with a register of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct SessionDateId(pub i64);

impl std::fmt::Display for SessionDateId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What is stored of a session's state; closed and delivered follow from clock and registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum SessionStatus {
    /// Not shown yet.
    Draft,
    /// Open for booking.
    Published,
    /// Called off; no charge can arise.
    Cancelled,
    /// Out of the lists.
    Archived,
}

/// Where a session takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Mode {
    /// In a room.
    Venue,
    /// By video call.
    Online,
}

/// A trainer's answer to an offered session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum TrainerState {
    /// Not answered yet.
    Offered,
    /// Will train.
    Accepted,
    /// Said no.
    Declined,
    /// Said yes and stepped back.
    Withdrawn,
}
