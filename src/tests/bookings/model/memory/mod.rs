//! The model: one session in memory, as DOMAIN.md tells of it and not as the stores do it, and who has moved to another
//! date. A step that the rules refuse changes nothing.

mod register;

use super::{PEOPLE, PLACES, Step};
use crate::board::london;
use chrono::{DateTime, Datelike, Days, Duration, Utc, Weekday};
use learning_gain::{
    attendance::rules::Mark,
    bookings::rules::{BookingState, Outcome},
    calendar::rules::{last_minute_of, london_day},
    charges::rules::{ChargeState, Trigger},
};
use register::CAN_BE_TAKEN_BACK;
use std::collections::BTreeSet;

/// The session of every history: a Monday without bank holidays near it.
pub const STARTS: &str = "2026-11-02 10:00";
/// Its end.
pub const ENDS: &str = "2026-11-02 12:30";
/// The other date of the course, with places for everybody.
pub const OTHER_STARTS: &str = "2026-11-30 10:00";
/// Its end.
const OTHER_ENDS: &str = "2026-11-30 12:30";
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
    pub is_walk_in: bool,
    cancel_by: DateTime<Utc>,
    /// When this person came by the booking.
    created_at: DateTime<Utc>,
    /// When whoever had the place first asked for it.
    asked_at: DateTime<Utc>,
    /// Until when an offer or a request holds its place.
    held_until: DateTime<Utc>,
    /// When the place was taken by whoever had it first: a request and an offer hold one already.
    taken_at: DateTime<Utc>,
    gave_up_at: DateTime<Utc>,
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
    /// Whether the office approves each booking by now.
    pub needs_approval: bool,
    /// When the board last moved the session.
    moved_at: Option<DateTime<Utc>>,
    /// Who has moved to the other date.
    pub elsewhere: BTreeSet<usize>,
    pub submitted: Option<DateTime<Utc>>,
    pub locked: Option<DateTime<Utc>>,
}

impl Model {
    pub fn at(now: DateTime<Utc>) -> Self {
        Self {
            now,
            places: Vec::new(),
            charges: Vec::new(),
            erased: BTreeSet::new(),
            needs_approval: false,
            moved_at: None,
            elsewhere: BTreeSet::new(),
            submitted: None,
            locked: None,
        }
    }

    /// What time brings by `now`: offers and requests run out, their places go on, the list ends, charges lapse.
    pub fn pass(&mut self, now: DateTime<Utc>) {
        self.now = now;
        let has_started = now >= self.starts();
        for place in &mut self.places {
            match place.state {
                BookingState::Offered if place.held_until < now => place.state = BookingState::OfferExpired,
                BookingState::Requested if place.held_until < now => place.state = BookingState::Lapsed,
                BookingState::Waitlisted if has_started => place.state = BookingState::ListEnded,
                _ => {}
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
            Step::NeedApproval(needed) => self.needs_approval = needed,
            Step::MoveSession => self.move_session(),
            Step::Answer { person, approve } => self.answer(person, approve),
            Step::Move(person) => self.move_to_other_date(person),
            Step::WalkIn { person, by_office } => self.walk_in(person, by_office),
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
                let comes_here = self.live(person).is_some() && self.now < london(ENDS);
                let comes_there = self.elsewhere.contains(&person) && self.now < london(OTHER_ENDS);
                if !comes_here && !comes_there {
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
        self.places.iter().filter(|place| place.state.holds_place() && !place.is_walk_in).count()
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
        let index = self.add(person, BookingState::Waitlisted);
        if !is_full {
            self.have_place(index);
        }
    }

    fn add(&mut self, person: usize, state: BookingState) -> usize {
        self.places.push(Place {
            person,
            state,
            outcome: None,
            mark: Mark::Unmarked,
            is_walk_in: false,
            cancel_by: london(CUT_OFF),
            created_at: self.now,
            asked_at: self.now,
            held_until: self.now,
            taken_at: self.now,
            gave_up_at: self.now,
        });
        self.places.len() - 1
    }

    /// A place: at once, or when it was approved.
    fn have_place(&mut self, index: usize) {
        let (now, cancel_by) = (self.now, self.cancel_by());
        let third_day = last_minute_of(working_day_after(now, 3)).min(self.starts());
        let place = &mut self.places[index];
        if place.state == BookingState::Waitlisted {
            place.taken_at = now;
        }
        if self.needs_approval {
            (place.state, place.held_until) = (BookingState::Requested, third_day);
        } else {
            (place.state, place.cancel_by) = (BookingState::Booked, cancel_by);
        }
    }

    fn answer(&mut self, person: usize, approve: bool) {
        let Some(index) = self.live(person) else { return };
        if self.places[index].state != BookingState::Requested {
            return;
        }
        if !approve {
            self.places[index].state = BookingState::Declined;
            self.offer();
        } else if self.now < self.starts() {
            let cancel_by = self.cancel_by();
            let place = &mut self.places[index];
            (place.state, place.cancel_by) = (BookingState::Booked, cancel_by);
        }
    }

    /// In time only, and to a place that is booked at once.
    fn move_to_other_date(&mut self, person: usize) {
        let Some(index) = self.booked(person) else { return };
        let is_late = self.free_until(index) < self.now;
        if is_late || self.now >= self.starts() || !self.elsewhere.insert(person) {
            return;
        }
        self.places[index].state = BookingState::Transferred;
        self.offer();
    }

    /// Whoever had asked before can cancel free until the start, and nobody owes anything for their places.
    fn move_session(&mut self) {
        if self.now < self.starts() {
            self.moved_at = Some(self.now);
            (0..self.places.len()).for_each(|index| self.settle_one(index));
        }
    }

    fn was_moved_since(&self, moment: DateTime<Utc>) -> bool {
        self.moved_at.is_some_and(|moved| moved > moment)
    }

    fn free_until(&self, index: usize) -> DateTime<Utc> {
        let place = &self.places[index];
        if self.was_moved_since(place.created_at) { self.starts() } else { place.cancel_by }
    }

    /// The place that a person has promised to come to: who walked in has none to give back.
    fn booked(&self, person: usize) -> Option<usize> {
        let is_promise = |index: &usize| self.places[*index].state == BookingState::Booked;
        self.live(person).filter(is_promise).filter(|index| !self.places[*index].is_walk_in)
    }

    /// The moment that is printed for a place confirmed now: a day at least, where there is one.
    fn cancel_by(&self) -> DateTime<Utc> {
        let tomorrow = self.now + Duration::hours(24);
        if london(CUT_OFF) >= tomorrow { london(CUT_OFF) } else { tomorrow.min(self.starts()) }
    }

    fn give_up(&mut self, person: usize) {
        let Some(index) = self.live(person).filter(|index| !self.places[*index].is_walk_in) else { return };
        let is_late = self.free_until(index) < self.now;
        let state = match self.places[index].state {
            BookingState::Requested => BookingState::Withdrawn,
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
            BookingState::Offered => self.now <= self.places[index].held_until,
            BookingState::Waitlisted => self.is_last_day() && self.held() < PLACES,
            _ => false,
        };
        if may && self.now < self.starts() {
            self.have_place(index);
        }
    }

    fn send_colleague(&mut self, from: usize, to: usize) {
        let Some(index) = self.booked(from) else { return };
        // Where the office approves each place, nobody else gives one to a colleague.
        let may = self.now < self.starts() && !self.needs_approval;
        if may && self.live(to).is_none() && !self.erased.contains(&to) {
            self.places[index].state = BookingState::Substituted;
            let (cancel_by, taken_at, asked_at) =
                (self.free_until(index), self.places[index].taken_at, self.places[index].asked_at);
            let with_colleague = self.add(to, BookingState::Booked);
            // The place is the same one, with the moment that was printed for it.
            let place = &mut self.places[with_colleague];
            (place.cancel_by, place.taken_at, place.asked_at) = (cancel_by, taken_at, asked_at);
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
            let place = &mut self.places[index];
            (place.state, place.held_until, place.taken_at) = (BookingState::Offered, until, self.now);
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

/// The n-th day after that is no Saturday or Sunday; no bank holiday is near.
fn working_day_after(now: DateTime<Utc>, n: usize) -> chrono::NaiveDate {
    let days = (1..).map(|later| london_day(now) + Days::new(later));
    let mut working = days.filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
    working.nth(n - 1).unwrap()
}
