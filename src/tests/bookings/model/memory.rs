//! The model: one session in memory, as DOMAIN.md tells of it and not as the stores do it. A step that the rules refuse
//! changes nothing.

use super::{PEOPLE, PLACES, Step};
use crate::board::london;
use chrono::{DateTime, Datelike, Days, Duration, Utc, Weekday};
use learning_gain::{
    attendance::rules::Mark,
    bookings::rules::{BookingState, Outcome},
    calendar::rules::{last_minute_of, london_day},
    charges::rules::{ChargeState, Trigger},
};
use std::collections::BTreeSet;

/// The session of every history: a Monday without bank holidays near it.
pub const STARTS: &str = "2026-11-02 10:00";
/// Its end.
pub const ENDS: &str = "2026-11-02 12:30";
/// Six clear working days before: the session's day is a Monday, so this is the Thursday before the last week but one.
const CUT_OFF: &str = "2026-10-22 23:59";
/// Twenty working days after the session.
const LAPSES: &str = "2026-11-30 23:59";

/// A booking.
#[derive(Clone, Debug)]
pub struct Place {
    pub person: usize,
    pub state: BookingState,
    pub outcome: Option<Outcome>,
    pub mark: Mark,
    cancel_by: DateTime<Utc>,
    offer_until: DateTime<Utc>,
    booked_at: DateTime<Utc>,
    gave_up_at: DateTime<Utc>,
    is_substitute: bool,
}

/// A charge.
#[derive(Clone, Debug)]
pub struct Charged {
    /// Which of the bookings.
    pub place: usize,
    pub trigger: Trigger,
    pub state: ChargeState,
}

/// One session with everything that happened on it, oldest first.
pub struct Model {
    pub now: DateTime<Utc>,
    pub places: Vec<Place>,
    pub charges: Vec<Charged>,
    pub erased: BTreeSet<usize>,
    pub submitted: Option<DateTime<Utc>>,
    pub locked: Option<DateTime<Utc>>,
}

impl Model {
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { now, places: Vec::new(), charges: Vec::new(), erased: BTreeSet::new(), submitted: None, locked: None }
    }

    /// What time brings by `now`: offers run out, their places go on, charges lapse.
    pub fn pass(&mut self, now: DateTime<Utc>) {
        self.now = now;
        for place in &mut self.places {
            if place.state == BookingState::Offered && place.offer_until < now {
                place.state = BookingState::OfferExpired;
            }
        }
        for charge in &mut self.charges {
            if charge.state == ChargeState::Proposed && london(LAPSES) < now {
                charge.state = ChargeState::Lapsed;
            }
        }
        self.offer();
    }

    pub fn step(&mut self, step: Step) {
        match step {
            Step::Book(person) => self.book(person),
            Step::GiveUp(person) => self.give_up(person),
            Step::Accept(person) => self.accept(person),
            Step::SendColleague(from, to) => self.send_colleague(from, to),
            Step::Mark { person, mark, by_office } => self.mark(person, mark, by_office),
            Step::Submit { rest, by_office } => self.submit(rest, by_office),
            Step::Lock => {
                if self.submitted.is_some() {
                    self.locked.get_or_insert(self.now);
                }
            }
            Step::Notify(charge) => self.notify(charge),
            Step::Confirm(charge) => self.decide(charge, &[ChargeState::Notified], ChargeState::Confirmed),
            Step::Waive(charge) => self.decide(charge, &CAN_BE_TAKEN_BACK, ChargeState::Waived),
            Step::Erase(person) => {
                if self.live(person).is_none() || self.now >= london(ENDS) {
                    self.erased.insert(person);
                }
            }
            Step::LetTimePass(_) => {}
        }
    }

    fn starts(&self) -> DateTime<Utc> {
        london(STARTS)
    }

    /// On the last day the list no longer goes first.
    fn is_last_day(&self) -> bool {
        self.now >= self.starts() - Duration::hours(24)
    }

    /// Which booking of a person can still change.
    pub fn live(&self, person: usize) -> Option<usize> {
        self.places.iter().position(|place| place.person == person && place.state.is_live())
    }

    pub fn held(&self) -> usize {
        self.places.iter().filter(|place| place.state.holds_place()).count()
    }

    fn waiting(&self) -> Vec<usize> {
        let waits = |index: &usize| self.places[*index].state == BookingState::Waitlisted;
        (0..self.places.len()).filter(waits).collect()
    }

    fn book(&mut self, person: usize) {
        if self.now >= self.starts() || self.live(person).is_some() || self.erased.contains(&person) {
            return;
        }
        let is_full = self.held() >= PLACES || !(self.waiting().is_empty() || self.is_last_day());
        self.add(person, if is_full { BookingState::Waitlisted } else { BookingState::Booked }, false);
    }

    fn add(&mut self, person: usize, state: BookingState, is_substitute: bool) {
        self.places.push(Place {
            person,
            state,
            outcome: None,
            mark: Mark::Unmarked,
            cancel_by: self.cancel_by(),
            offer_until: self.now,
            booked_at: self.now,
            gave_up_at: self.now,
            is_substitute,
        });
    }

    /// The moment that is printed for a place confirmed now: a day at least, where there is one.
    fn cancel_by(&self) -> DateTime<Utc> {
        let tomorrow = self.now + Duration::hours(24);
        if london(CUT_OFF) >= tomorrow { london(CUT_OFF) } else { tomorrow.min(self.starts()) }
    }

    fn give_up(&mut self, person: usize) {
        let Some(index) = self.live(person) else { return };
        let is_late = self.places[index].cancel_by < self.now;
        let state = match self.places[index].state {
            BookingState::Waitlisted => BookingState::Left,
            BookingState::Offered => BookingState::OfferDeclined,
            _ if self.now >= self.starts() => return,
            _ if is_late => BookingState::CancelledLate,
            _ => BookingState::CancelledInTime,
        };
        self.places[index].state = state;
        self.places[index].gave_up_at = self.now;
        if state == BookingState::CancelledLate {
            self.settle_one(index);
        }
        self.offer();
    }

    fn accept(&mut self, person: usize) {
        let Some(index) = self.live(person) else { return };
        let may = match self.places[index].state {
            BookingState::Offered => self.now <= self.places[index].offer_until,
            BookingState::Waitlisted => self.is_last_day() && self.held() < PLACES,
            _ => false,
        };
        if may && self.now < self.starts() {
            let cancel_by = self.cancel_by();
            let place = &mut self.places[index];
            place.state = BookingState::Booked;
            place.cancel_by = cancel_by;
            place.booked_at = self.now;
        }
    }

    fn send_colleague(&mut self, from: usize, to: usize) {
        let Some(index) = self.live(from) else { return };
        let is_booked = self.places[index].state == BookingState::Booked;
        if is_booked && self.now < self.starts() && self.live(to).is_none() && !self.erased.contains(&to) {
            self.places[index].state = BookingState::Substituted;
            self.add(to, BookingState::Booked, true);
        }
    }

    /// Free places go to the first who wait, until the last day.
    fn offer(&mut self) {
        if self.is_last_day() {
            return;
        }
        let until = last_minute_of(working_day_after(self.now, 2)).min(self.starts() - Duration::hours(24));
        let free = PLACES.saturating_sub(self.held());
        for index in self.waiting().into_iter().take(free) {
            self.places[index].state = BookingState::Offered;
            self.places[index].offer_until = until;
        }
    }

    fn is_open(&self) -> bool {
        self.now >= self.starts() - Duration::minutes(60)
    }

    /// Trainers correct a submitted register for a week, unless it was locked before.
    fn is_locked(&self) -> bool {
        self.locked.is_some() || self.submitted.is_some_and(|at| self.now >= at + Duration::days(7))
    }

    fn mark(&mut self, person: usize, mark: Mark, by_office: bool) {
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

    fn submit(&mut self, rest: Option<Mark>, by_office: bool) {
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
    fn settle_one(&mut self, index: usize) {
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

    fn due(&self, index: usize) -> Option<Trigger> {
        match (self.places[index].state, self.places[index].outcome) {
            (BookingState::CancelledLate, _) if !self.taken_again(index) => Some(Trigger::LateCancellation),
            (BookingState::Booked, Some(Outcome::DidNotAttend)) => Some(Trigger::DidNotAttend),
            (BookingState::Booked, Some(Outcome::RefusedLate)) => Some(Trigger::RefusedLate),
            _ => None,
        }
    }

    /// Whether somebody came who booked after this place was given back; each who came makes one good, the earliest
    /// given back first.
    fn taken_again(&self, index: usize) -> bool {
        let came = |place: &&Place| {
            let attended = place.outcome == Some(Outcome::Attended);
            place.state == BookingState::Booked && attended && !place.is_substitute
        };
        let mut came: Vec<_> = self.places.iter().filter(came).map(|place| place.booked_at).collect();
        came.sort_unstable();
        let mut late: Vec<_> =
            (0..self.places.len()).filter(|at| self.places[*at].state == BookingState::CancelledLate).collect();
        late.sort_by_key(|at| self.places[*at].gave_up_at);
        for at in late {
            let later = came.iter().position(|booked| *booked >= self.places[at].gave_up_at);
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

    fn notify(&mut self, number: usize) {
        let Some(index) = self.charge(number) else { return };
        if self.charges[index].state != ChargeState::Proposed || self.now > london(LAPSES) {
            return;
        }
        self.charges[index].state = ChargeState::Notified;
        if self.charges[index].trigger != Trigger::LateCancellation {
            self.locked.get_or_insert(self.now);
        }
    }

    fn decide(&mut self, number: usize, from: &[ChargeState], to: ChargeState) {
        let Some(index) = self.charge(number) else { return };
        if from.contains(&self.charges[index].state) {
            self.charges[index].state = to;
        }
    }

    /// The model is believed only as long as it keeps what it is to prove.
    pub fn check(&self) {
        assert!(self.held() <= PLACES, "the model itself overbooks");
        for person in 0..PEOPLE {
            let live = self.places.iter().filter(|place| place.person == person && place.state.is_live());
            assert!(live.count() <= 1, "the model itself books somebody twice");
        }
    }
}

/// What a person can still waive and a correction still take back.
const CAN_BE_TAKEN_BACK: [ChargeState; 3] = [ChargeState::Proposed, ChargeState::Notified, ChargeState::Confirmed];

/// The n-th day after that is no Saturday or Sunday; no bank holiday is near.
fn working_day_after(now: DateTime<Utc>, n: usize) -> chrono::NaiveDate {
    let days = (1..).map(|later| london_day(now) + Days::new(later));
    let mut working = days.filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
    working.nth(n - 1).unwrap()
}
