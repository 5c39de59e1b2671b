//! The register of the model, and the charges that follow from it and from late cancellations.

use super::{Charged, LAPSES, Model, Place};
use crate::board::london;
use chrono::Duration;
use learning_gain::{
    attendance::rules::Mark,
    bookings::rules::{BookingState, Outcome},
    charges::rules::{ChargeState, Trigger},
};

impl Model {
    fn is_open(&self) -> bool {
        self.now >= self.starts() - Duration::minutes(60)
    }

    /// Trainers correct a submitted register for a week, unless it was locked before.
    fn is_locked(&self) -> bool {
        self.locked.is_some() || self.submitted.is_some_and(|at| self.now >= at + Duration::days(7))
    }

    /// Somebody who has come: whoever waited or was asked has the place, whoever is new is counted apart.
    pub(super) fn walk_in(&mut self, person: usize, by_office: bool) {
        let live = self.live(person);
        let is_there = live.is_some_and(|index| self.places[index].state == BookingState::Booked);
        let may = self.is_open() && (by_office || !self.is_locked());
        if is_there || !may || self.erased.contains(&person) {
            return;
        }
        let waited = live.is_none_or(|index| self.places[index].state == BookingState::Waitlisted);
        let index = live.unwrap_or_else(|| self.add(person, BookingState::Booked));
        // Confirmed so late, it can be given back until the start.
        let cancel_by = self.cancel_by();
        let place = &mut self.places[index];
        place.cancel_by = cancel_by;
        place.state = BookingState::Booked;
        place.is_walk_in = waited;
        place.mark = Mark::Present;
        if self.submitted.is_some() {
            self.settle();
        }
    }

    pub(super) fn mark(&mut self, person: usize, mark: Mark, by_office: bool) {
        let booked = |place: &Place| place.person == person && place.state == BookingState::Booked;
        let Some(index) = self.places.iter().position(booked) else { return };
        let excuses = mark == Mark::Excused || self.places[index].mark == Mark::Excused;
        if self.is_open() && (by_office || !(self.is_locked() || excuses)) && self.places[index].mark != mark {
            self.places[index].mark = mark;
            if self.submitted.is_some() {
                self.settle();
            }
        }
    }

    pub(super) fn submit(&mut self, rest: Option<Mark>, by_office: bool) {
        if self.now < self.starts() || (self.is_locked() && !by_office) {
            return;
        }
        let is_unmarked = |place: &Place| place.state == BookingState::Booked && place.mark == Mark::Unmarked;
        if let Some(rest) = rest {
            // A locked register is corrected person by person, with a reason for each.
            if self.is_locked() && self.places.iter().any(is_unmarked) {
                return;
            }
            self.places.iter_mut().filter(|place| is_unmarked(place)).for_each(|place| place.mark = rest);
        }
        self.submitted.get_or_insert(self.now);
        self.settle();
    }

    /// Brings outcomes and charges in line with the register.
    fn settle(&mut self) {
        for place in self.places.iter_mut().filter(|place| place.state == BookingState::Booked) {
            place.outcome = match place.mark {
                Mark::Unmarked => None,
                Mark::Present | Mark::Late => Some(Outcome::Attended),
                Mark::LeftEarly => Some(Outcome::PartAttended),
                Mark::RefusedLate => Some(Outcome::RefusedLate),
                Mark::DidNotAttend => Some(Outcome::DidNotAttend),
                Mark::Excused => Some(Outcome::Excused),
            };
        }
        (0..self.places.len()).for_each(|index| self.settle_one(index));
    }

    /// What was decided by a person stays decided; the rest follows the facts.
    pub(super) fn settle_one(&mut self, index: usize) {
        let due = self.due(index);
        let standing =
            self.charges.iter().rposition(|charge| charge.place == index && charge.state != ChargeState::Void);
        match standing {
            Some(at) if due == Some(self.charges[at].trigger) => return,
            Some(at) if !CAN_BE_TAKEN_BACK.contains(&self.charges[at].state) => return,
            Some(at) => self.charges[at].state = ChargeState::Void,
            None => {}
        }
        if let Some(trigger) = due {
            self.charges.push(Charged { place: index, trigger, state: ChargeState::Proposed });
        }
    }

    /// Whoever walked in owes nothing: nobody had promised that they would come. Nor does anybody whose place was asked for
    /// before the board moved the session, whoever has it by now.
    fn due(&self, index: usize) -> Option<Trigger> {
        if self.places[index].is_walk_in || self.was_moved_since(self.places[index].asked_at) {
            return None;
        }
        match (self.places[index].state, self.places[index].outcome) {
            (BookingState::CancelledLate, _) if !self.taken_again(index) => Some(Trigger::LateCancellation),
            (BookingState::Booked, Some(Outcome::DidNotAttend)) => Some(Trigger::DidNotAttend),
            (BookingState::Booked, Some(Outcome::RefusedLate)) => Some(Trigger::RefusedLate),
            _ => None,
        }
    }

    /// Whether somebody came whose place was taken after this one was given back; each who came makes one good, the
    /// earliest given back first. Who walked in took nobody's place.
    fn taken_again(&self, index: usize) -> bool {
        let came = |place: &&Place| {
            let attended = place.outcome == Some(Outcome::Attended);
            place.state == BookingState::Booked && attended && !place.is_walk_in
        };
        let mut came: Vec<_> = self.places.iter().filter(came).map(|place| place.taken_at).collect();
        came.sort_unstable();
        let mut late: Vec<_> =
            (0..self.places.len()).filter(|at| self.places[*at].state == BookingState::CancelledLate).collect();
        late.sort_by_key(|at| self.places[*at].gave_up_at);
        for at in late {
            let later = came.iter().position(|taken| *taken >= self.places[at].gave_up_at);
            let is_good = later.map(|first| came.remove(first)).is_some();
            if at == index {
                return is_good;
            }
        }
        false
    }

    /// Which charge a step means: the number goes round the charges that there are, booking by booking, since one
    /// register proposes for several bookings in the order of names.
    pub fn charge(&self, number: usize) -> Option<usize> {
        let mut charges: Vec<_> = (0..self.charges.len()).collect();
        charges.sort_by_key(|index| self.charges[*index].place);
        charges.get(number.checked_rem(charges.len())?).copied()
    }

    pub(super) fn notify(&mut self, number: usize) {
        let Some(index) = self.charge(number) else { return };
        if self.charges[index].state != ChargeState::Proposed || self.now > london(LAPSES) {
            return;
        }
        self.charges[index].state = ChargeState::Notified;
        if self.charges[index].trigger != Trigger::LateCancellation {
            self.locked.get_or_insert(self.now);
        }
    }

    pub(super) fn decide(&mut self, number: usize, from: &[ChargeState], to: ChargeState) {
        let Some(index) = self.charge(number) else { return };
        if from.contains(&self.charges[index].state) {
            self.charges[index].state = to;
        }
    }
}

/// What a person can still waive and a correction still take back.
pub(super) const CAN_BE_TAKEN_BACK: [ChargeState; 3] =
    [ChargeState::Proposed, ChargeState::Notified, ChargeState::Confirmed];
