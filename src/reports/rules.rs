//! The rates of a training service, and what each is a share of.

use crate::{bookings::rules::Outcome, charges::rules::ChargeState};
use serde::Serialize;

/// A share with what it is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// How many.
    pub count: u64,
    /// Out of how many.
    pub of: u64,
}

impl Rate {
    /// The share, 0 to 1; None of nothing. Fill can be above 1.
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.count as f64 / self.of as f64)
    }

    /// "93.1%", or "–".
    pub fn percent_text(self) -> String {
        self.share().map_or_else(|| "–".to_owned(), |share| format!("{:.1}%", 100.0 * share))
    }
}

/// What became of places, over any number of sessions whose registers were submitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Places {
    /// Booked people who were there on every date.
    pub attended: u64,
    /// Missed a date or left early.
    pub part_attended: u64,
    /// Came too late to be let in.
    pub refused_late: u64,
    /// Did not come.
    pub did_not_attend: u64,
    /// Excused by the office.
    pub excused: u64,
    /// Came without a booking and stayed.
    pub walked_in: u64,
    /// Gave their place back after the cancel-by moment.
    pub cancelled_late: u64,
    /// Gave it back in time.
    pub cancelled_in_time: u64,
    /// What the sessions had room for.
    pub capacity: u64,
}

impl Places {
    /// Counts bookings of people who had booked.
    pub fn add_outcome(&mut self, outcome: Outcome, count: u64) {
        *match outcome {
            Outcome::Attended => &mut self.attended,
            Outcome::PartAttended => &mut self.part_attended,
            Outcome::RefusedLate => &mut self.refused_late,
            Outcome::DidNotAttend => &mut self.did_not_attend,
            Outcome::Excused => &mut self.excused,
        } += count;
    }

    /// Places that were held when the session began: everybody who had booked and not cancelled.
    pub fn held(&self) -> u64 {
        self.attended + self.part_attended + self.refused_late + self.did_not_attend + self.excused
    }

    /// Everybody who attended, booked or not.
    pub fn attendances(&self) -> u64 {
        self.attended + self.walked_in
    }

    /// Booked people who attended, of places held. Walk-ins would flatter it.
    pub fn attendance(&self) -> Rate {
        Rate { count: self.attended, of: self.held() }
    }

    /// People who did not attend, of places held.
    pub fn did_not_attend_rate(&self) -> Rate {
        Rate { count: self.did_not_attend, of: self.held() }
    }

    /// Late cancellations, of places held and late cancellations.
    pub fn late_cancellation(&self) -> Rate {
        Rate { count: self.cancelled_late, of: self.held() + self.cancelled_late }
    }

    /// Everybody who attended, of capacity.
    pub fn fill(&self) -> Rate {
        Rate { count: self.attendances(), of: self.capacity }
    }
}

/// Charges that a person has confirmed, whatever has become of them since, of all that were proposed.
pub fn confirmed_of_proposed(charges: impl IntoIterator<Item = (ChargeState, u64)>) -> Rate {
    charges.into_iter().fold(Rate { count: 0, of: 0 }, |rate, (state, count)| Rate {
        count: rate.count + if was_confirmed(state) { count } else { 0 },
        of: rate.of + count,
    })
}

/// Whether a charge in this state has been confirmed: only confirmed ones are ever billed.
fn was_confirmed(state: ChargeState) -> bool {
    match state {
        ChargeState::Proposed
        | ChargeState::Notified
        | ChargeState::Waived
        | ChargeState::Void
        | ChargeState::Lapsed => false,
        ChargeState::Confirmed
        | ChargeState::Invoiced
        | ChargeState::Recharged
        | ChargeState::PartPaid
        | ChargeState::Paid
        | ChargeState::Disputed
        | ChargeState::Credited
        | ChargeState::WrittenOff => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_confirmed_stays_so_when_it_is_billed() {
        let charges = [
            (ChargeState::Proposed, 1),
            (ChargeState::Notified, 2),
            (ChargeState::Confirmed, 90),
            (ChargeState::Invoiced, 4),
            (ChargeState::Paid, 3),
            (ChargeState::Waived, 40),
            (ChargeState::Lapsed, 9),
        ];
        assert_eq!(confirmed_of_proposed(charges), Rate { count: 97, of: 149 });
        assert_eq!(confirmed_of_proposed([]).percent_text(), "–");
    }

    /// A board reported "96% attendance" from 318 booked, 20 who did not attend, 29 cancelled, 35 walk-ins, 304
    /// trained and a capacity of 393.
    #[test]
    fn the_boards_ninety_six_per_cent_is_ninety_three_of_places_and_seventy_seven_of_capacity() {
        let mut places = Places { walked_in: 35, capacity: 393, ..Places::default() };
        places.add_outcome(Outcome::Attended, 304 - 35);
        places.add_outcome(Outcome::DidNotAttend, 20);
        places.cancelled_in_time = 29;
        assert_eq!(318 - 29, places.held());
        assert_eq!(places.attendance(), Rate { count: 269, of: 289 });
        assert_eq!(places.attendance().percent_text(), "93.1%");
        assert_eq!(places.fill(), Rate { count: 304, of: 393 });
        assert_eq!(places.fill().percent_text(), "77.4%");
        assert_eq!(places.did_not_attend_rate().percent_text(), "6.9%");
    }

    #[test]
    fn every_place_held_is_one_of_the_five_that_are_printed() {
        let mut places = Places::default();
        for outcome in
            [Outcome::Attended, Outcome::PartAttended, Outcome::RefusedLate, Outcome::DidNotAttend, Outcome::Excused]
        {
            places.add_outcome(outcome, 3);
        }
        places.cancelled_late = 5;
        assert_eq!(places.held(), 15);
        assert_eq!(places.late_cancellation(), Rate { count: 5, of: 20 });
    }

    #[test]
    fn a_share_of_nothing_is_no_share() {
        assert_eq!(Places::default().attendance().percent_text(), "–");
        assert_eq!(Places::default().fill().share(), None);
    }
}
