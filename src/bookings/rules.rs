//! bookings

use serde::{Deserialize, Serialize};

/// A person's place on a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct BookingId(pub i64);

impl std::fmt::Display for BookingId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Where a booking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum BookingState {
    /// Waits for approval; holds a place.
    Requested,
    /// Not approved.
    Declined,
    /// Not approved in time.
    Lapsed,
    /// Taken back before approval.
    Withdrawn,
    /// On the waiting list.
    Waitlisted,
    /// A freed place is held for them.
    Offered,
    /// Did not answer the offer in time.
    OfferExpired,
    /// Said no to the offer.
    OfferDeclined,
    /// Left the waiting list.
    Left,
    /// Has a place.
    Booked,
    /// Gave the place back by the cancel-by moment.
    CancelledInTime,
    /// Gave it back after that moment.
    CancelledLate,
    /// A colleague comes instead.
    Substituted,
    /// Moved to another date.
    Transferred,
    /// The board called the session off.
    SessionCancelled,
}

/// What became of a place that was held; counted in the rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Outcome {
    /// Present or late on every date.
    Attended,
    /// Missed some dates or left early.
    PartAttended,
    /// Came too late to be let in.
    RefusedLate,
    /// Came on no date.
    DidNotAttend,
    /// The office excused every date.
    Excused,
}
