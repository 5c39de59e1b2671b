//! What happened to each booking: who did it, when, what and why, in the sentences of the site's own moves.

use super::{bookings::DemoBooking, sessions::CALLED_OFF_BECAUSE};
use crate::{
    accounts::rules::PersonId,
    audit::store::audit_row,
    bookings::{rules::Cancelled, store::subject},
    calendar::rules::moment_text,
    demo::rules::cast::ADMINISTRATOR,
    entity::audit,
};
use chrono::{DateTime, Utc};

/// A move of a booking.
pub enum BookingMove {
    /// The learner has a place.
    Booked { free_until: DateTime<Utc> },
    /// The learner is on the waiting list.
    Waits { position: i32 },
    /// A place came free.
    Offered { until: DateTime<Utc> },
    /// The learner did not want it any more.
    Declined,
    /// The learner gave the place back.
    Cancelled { how: Cancelled, free_until: DateTime<Utc> },
    /// The office called the session off.
    CalledOff,
    /// The session started.
    ListEnded,
}

impl BookingMove {
    fn sentence(&self) -> String {
        match self {
            Self::Booked { free_until } => format!("Booked; can be cancelled free until {}", moment_text(*free_until)),
            Self::Waits { position } => format!("Joined the waiting list as number {position}"),
            Self::Offered { until } => format!("Offered a place until {}", moment_text(*until)),
            Self::Declined => "Declined the offer".to_owned(),
            Self::Cancelled { how: Cancelled::Late, free_until } => {
                format!("Cancelled late (after {})", moment_text(*free_until))
            }
            Self::Cancelled { free_until, .. } => format!("Cancelled in time (until {})", moment_text(*free_until)),
            Self::CalledOff => format!("The session was called off: {CALLED_OFF_BECAUSE}"),
            Self::ListEnded => "The session started before a place came free; the waiting list ended".to_owned(),
        }
    }

    fn actor(&self, learner: PersonId) -> Option<PersonId> {
        match self {
            Self::Offered { .. } | Self::ListEnded => None,
            Self::CalledOff => Some(ADMINISTRATOR),
            _ => Some(learner),
        }
    }
}

/// Every move of every booking.
#[derive(Default)]
pub struct Trail(Vec<(DateTime<Utc>, audit::ActiveModel)>);

impl Trail {
    /// Writes a move down.
    pub fn note(&mut self, booking: &DemoBooking, made: BookingMove, at: DateTime<Utc>) {
        self.0.push((at, audit_row(made.actor(booking.person), subject(booking.id), made.sentence(), at)));
    }

    /// The rows, the earliest first, as they would have been written.
    pub fn rows(mut self) -> Vec<audit::ActiveModel> {
        // Of the same moment, in the order in which it was decided.
        self.0.sort_by_key(|(at, _)| *at);
        self.0.into_iter().map(|(_, row)| row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::rules::{cast::LEARNER, clock::moment};

    #[test]
    fn each_move_says_what_was_done_and_by_whom() {
        let until = moment("2021-03-22T23:59:00Z");
        let day = "11:59pm on Monday 22 March 2021";
        let cases = [
            (
                BookingMove::Booked { free_until: until },
                Some(LEARNER),
                format!("Booked; can be cancelled free until {day}"),
            ),
            (BookingMove::Waits { position: 2 }, Some(LEARNER), "Joined the waiting list as number 2".to_owned()),
            (BookingMove::Offered { until }, None, format!("Offered a place until {day}")),
            (BookingMove::Declined, Some(LEARNER), "Declined the offer".to_owned()),
            (
                BookingMove::Cancelled { how: Cancelled::InTime, free_until: until },
                Some(LEARNER),
                format!("Cancelled in time (until {day})"),
            ),
            (
                BookingMove::Cancelled { how: Cancelled::Late, free_until: until },
                Some(LEARNER),
                format!("Cancelled late (after {day})"),
            ),
            (BookingMove::CalledOff, Some(ADMINISTRATOR), format!("The session was called off: {CALLED_OFF_BECAUSE}")),
        ];
        for (made, actor, sentence) in cases {
            assert_eq!((made.actor(LEARNER), made.sentence()), (actor, sentence));
        }
        assert_eq!(BookingMove::ListEnded.actor(LEARNER), None);
    }
}
