//! Who gets a place, who waits, and until when a place may be given back free of charge.
//!
//! `request` decides about a new request, `moves` holds the states that a booking can leave again, each with the data
//! of that state, `refusal` says why not, `answers` reads the booking form, and `shown` is what a form's
//! page showed.

mod answers;
mod moves;
mod periods;
mod refusal;
mod request;
mod reserved;
mod shown;
mod staff_list;

pub use answers::*;
pub use moves::*;
pub use periods::*;
pub use refusal::*;
pub use request::*;
pub use reserved::*;
pub use shown::*;
pub use staff_list::*;

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

/// Some places of a session that are kept for an agency or a sector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct ReservedPlaceId(pub i64);

impl std::fmt::Display for ReservedPlaceId {
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
    /// Still waited when the session started.
    ListEnded,
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

impl BookingState {
    /// The states that can still change; a person has at most one such booking on a session.
    pub const LIVE: [Self; 4] = [Self::Requested, Self::Waitlisted, Self::Offered, Self::Booked];
    /// The states that hold one of the session's places.
    pub const HOLDING: [Self; 3] = [Self::Requested, Self::Offered, Self::Booked];

    /// Whether it can still change.
    pub fn is_live(self) -> bool {
        Self::LIVE.contains(&self)
    }

    /// Whether it holds a place.
    pub fn holds_place(self) -> bool {
        Self::HOLDING.contains(&self)
    }

    /// The state in a few words, for tags and tables.
    pub fn text(self) -> &'static str {
        match self {
            Self::Requested => "Waiting for approval",
            Self::Declined => "Not approved",
            Self::Lapsed => "Not approved in time",
            Self::Withdrawn => "Withdrawn",
            Self::Waitlisted => "On the waiting list",
            Self::Offered => "Place offered",
            Self::OfferExpired => "Offer ran out",
            Self::OfferDeclined => "Offer declined",
            Self::Left => "Left the waiting list",
            Self::ListEnded => "No place came free",
            Self::Booked => "Booked",
            Self::CancelledInTime => "Cancelled in time",
            Self::CancelledLate => "Cancelled late",
            Self::Substituted => "A colleague has the place",
            Self::Transferred => "Moved to another date",
            Self::SessionCancelled => "Session cancelled",
        }
    }
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

impl Outcome {
    /// The outcome in a few words.
    pub fn text(self) -> &'static str {
        match self {
            Self::Attended => "Attended",
            Self::PartAttended => "Attended in part",
            Self::RefusedLate => "Came too late",
            Self::DidNotAttend => "Did not attend",
            Self::Excused => "Excused",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const STATES: [BookingState; 16] = [
        BookingState::Requested,
        BookingState::Declined,
        BookingState::Lapsed,
        BookingState::Withdrawn,
        BookingState::Waitlisted,
        BookingState::Offered,
        BookingState::OfferExpired,
        BookingState::OfferDeclined,
        BookingState::Left,
        BookingState::ListEnded,
        BookingState::Booked,
        BookingState::CancelledInTime,
        BookingState::CancelledLate,
        BookingState::Substituted,
        BookingState::Transferred,
        BookingState::SessionCancelled,
    ];
    const OUTCOMES: [Outcome; 5] =
        [Outcome::Attended, Outcome::PartAttended, Outcome::RefusedLate, Outcome::DidNotAttend, Outcome::Excused];

    #[test]
    fn a_place_is_held_by_whoever_asked_was_offered_or_booked_and_waiting_can_still_change() {
        let holding: Vec<_> = STATES.into_iter().filter(|state| state.holds_place()).collect();
        assert_eq!(holding, [BookingState::Requested, BookingState::Offered, BookingState::Booked]);
        let live: Vec<_> = STATES.into_iter().filter(|state| state.is_live() && !state.holds_place()).collect();
        assert_eq!(live, [BookingState::Waitlisted]);
        assert!(holding.into_iter().all(BookingState::is_live));
    }

    #[test]
    fn every_state_and_every_outcome_reads_differently() {
        let states: BTreeSet<_> = STATES.map(BookingState::text).into();
        assert_eq!(states.len(), STATES.len());
        let outcomes: BTreeSet<_> = OUTCOMES.map(Outcome::text).into();
        assert_eq!(outcomes.len(), OUTCOMES.len());
    }

    #[test]
    fn numbers_stand_in_addresses_as_numbers() {
        assert_eq!((BookingId(7).to_string(), ReservedPlaceId(8).to_string()), ("7".into(), "8".into()));
    }
}
