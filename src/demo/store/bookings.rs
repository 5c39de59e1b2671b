//! Who booked what, who gave a place back, who waited: decided request by request with the rules of the site, in the
//! order in which they came.

use super::{
    people::Crowd,
    sessions::{CALLED_OFF_AT, DemoSession, Phase},
    terms::holidays,
    trail::{BookingMove, Trail},
};
use crate::{
    accounts::rules::{PersonId, PersonKind},
    bookings::rules::{
        Applicant, Booked, BookingId, BookingState, Clash, Decision, Kept, Offered, Outcome, Seats, SessionTerms,
        decide_request, first_clash, first_come_from,
    },
    calendar::{notice, rules::london_day},
    charges::rules::PolicyTerms,
    demo::rules::{
        cast::{ABSENT_COLLEAGUE, FOUR_OTHERS, LEARNER},
        catalogue::Shape,
        clock::{START, moment},
        dice::Dice,
    },
    sessions::rules::{SessionId, SessionStatus},
};
use chrono::{DateTime, Duration, Utc};
use std::collections::{HashMap, HashSet};

/// In a thousand: how many who book are new to the board's live sessions.
const NEWCOMERS: u32 = 900;

/// A booking as the rest of the generator needs it.
pub struct DemoBooking {
    pub id: BookingId,
    pub reference: String,
    pub session: SessionId,
    pub person: PersonId,
    pub state: BookingState,
    pub cancel_by: DateTime<Utc>,
    pub created: DateTime<Utc>,
    pub changed: DateTime<Utc>,
    pub booked: Option<DateTime<Utc>>,
    pub waiting_since: Option<DateTime<Utc>>,
    pub policy_accepted: bool,
    pub walk_in: bool,
    pub outcome: Option<Outcome>,
    pub request_id: String,
}

/// All bookings, what happened to them, and where each session's lie in the list.
pub struct Bookings {
    pub list: Vec<DemoBooking>,
    pub trail: Trail,
    pub of_session: HashMap<SessionId, std::ops::Range<usize>>,
}

/// Makes the bookings of all sessions and sets the sessions' counters.
pub fn bookings(crowd: &Crowd, sessions: &mut [DemoSession]) -> Bookings {
    let mut maker = Maker {
        dice: Dice::for_part("bookings"),
        crowd,
        holidays: holidays(),
        start: moment(START),
        list: Vec::new(),
        trail: Trail::default(),
        places: HashMap::new(),
        next_live: crowd.live.start,
        next_earlier: crowd.earlier.start,
    };
    let mut of_session = HashMap::new();
    for session in sessions {
        let first = maker.list.len();
        maker.book(session);
        of_session.insert(session.id, first..maker.list.len());
    }
    Bookings { list: maker.list, trail: maker.trail, of_session }
}

struct Maker<'a> {
    dice: Dice,
    crowd: &'a Crowd,
    holidays: notice::BankHolidays,
    start: DateTime<Utc>,
    list: Vec<DemoBooking>,
    trail: Trail,
    /// When each person is taken already.
    places: HashMap<PersonId, Vec<(Clash, DateTime<Utc>)>>,
    next_live: usize,
    next_earlier: usize,
}

/// What is under way on one session while its requests come in.
struct Run {
    seats: Seats,
    terms: SessionTerms,
    dates: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    until: DateTime<Utc>,
    /// Places that will be given back: when, and whose.
    giving_back: Vec<(DateTime<Utc>, usize)>,
    waiters: Vec<usize>,
}

impl Maker<'_> {
    fn book(&mut self, session: &mut DemoSession) {
        let mut run = self.run_of(session);
        for (at, person) in self.requests(session) {
            self.give_back(&mut run, at);
            self.request(&mut run, session, at, person);
        }
        let until = run.until;
        self.give_back(&mut run, until);
        self.end(&mut run, session);
        (session.held, session.waiting) = (run.seats.held, run.seats.waiting);
    }

    fn run_of(&self, session: &DemoSession) -> Run {
        let first_day = london_day(session.starts());
        let terms = PolicyTerms::default();
        let asked = notice::Notice { days: terms.notice_days, unit: terms.notice_unit };
        // The table knows every year that the demonstration touches.
        let cancel_by = notice::cancel_by(first_day, asked, &self.holidays).unwrap_or(session.starts());
        Run {
            seats: Seats { capacity: session.capacity, held: 0, waiting: 0, reserved: 0, kept: Kept::default() },
            terms: SessionTerms {
                status: SessionStatus::Published,
                booking_opens: session.opens(),
                booking_closes: session.closes(),
                starts: session.starts(),
                cancel_by,
                needs_approval: false,
                approval_until: session.starts(),
                prerequisites: Vec::new(),
            },
            dates: session.dates.iter().map(|(_, span)| (span.starts, span.ends)).collect(),
            until: session.starts().min(self.start),
            giving_back: Vec::new(),
            waiters: Vec::new(),
        }
    }

    /// Who asks for a place and when, earliest first.
    fn requests(&mut self, session: &DemoSession) -> Vec<(DateTime<Utc>, PersonId)> {
        let last = match session.phase {
            Phase::CalledOff => moment("2020-03-16T17:00:00Z"),
            _ => session.closes().min(self.start),
        };
        let wanted = self.wanted(session);
        let mut chosen: HashSet<PersonId> = session.trainers.iter().map(|(person, _)| *person).collect();
        let mut people: Vec<PersonId> = match session.phase {
            Phase::Prepared => std::iter::once(ABSENT_COLLEAGUE).chain(FOUR_OTHERS).collect(),
            _ => Vec::new(),
        };
        if matches!(session.plan.slug, "neglect-in-practice" | "foundation-working-together")
            && session.phase == Phase::Delivered
            && self.places.get(&LEARNER).is_none_or(|places| places.len() < 2)
            && session.starts() > moment("2020-10-01T00:00:00Z")
        {
            people.push(LEARNER);
        }
        while people.len() < wanted {
            let person = self.somebody(session.phase);
            if chosen.insert(person) {
                people.push(person);
            }
        }
        let minutes = (last - session.opens()).num_minutes().max(1);
        let mut requests: Vec<(DateTime<Utc>, PersonId)> = people
            .into_iter()
            .map(|person| {
                // Most people book in the last weeks.
                let share = self.dice.unit().max(self.dice.unit());
                (session.opens() + Duration::seconds((share * minutes as f64 * 60.0) as i64), person)
            })
            .collect();
        requests.sort_by_key(|(at, person)| (*at, person.0));
        requests
    }

    fn wanted(&mut self, session: &DemoSession) -> usize {
        let capacity = i64::from(session.capacity);
        let percent = match session.phase {
            Phase::Prepared => return 5,
            _ if session.plan.shape == Shape::TooSmall && session.phase == Phase::Delivered => return 4,
            Phase::CalledOff => self.dice.between(50, 90),
            // A few of the sessions to come are full, with people waiting.
            Phase::Upcoming if self.dice.per_mille(180) => self.dice.between(108, 125),
            Phase::Upcoming => self.dice.between(15, 80),
            _ if capacity > 100 => 99,
            _ => self.dice.between(84, 110),
        };
        (capacity * percent / 100) as usize
    }

    fn somebody(&mut self, phase: Phase) -> PersonId {
        let (range, next) = match phase {
            Phase::Earlier => (&self.crowd.earlier, &mut self.next_earlier),
            _ => (&self.crowd.live, &mut self.next_live),
        };
        let is_past = matches!(phase, Phase::Earlier | Phase::Delivered);
        let index = if is_past && *next < range.end && (*next < range.start + 60 || self.dice.per_mille(NEWCOMERS)) {
            *next += 1;
            *next - 1
        } else {
            range.start + self.dice.below((*next - range.start).max(60))
        };
        self.crowd.people[index].id
    }

    fn request(&mut self, run: &mut Run, session: &DemoSession, at: DateTime<Utc>, person: PersonId) {
        let taken = self.places.get(&person).map_or(&[][..], Vec::as_slice);
        let applicant = Applicant { clash: first_clash(&run.dates, taken), ..Applicant::default() };
        let Ok(decision) = decide_request(&run.seats, &run.terms, &applicant, at) else { return };
        let is_self_employed =
            matches!(self.crowd.person(person).kind, PersonKind::SelfEmployed | PersonKind::Childminder);
        let index = self.list.len();
        let (state, cancel_by, booked, waiting_since, made) = match decision {
            Decision::Book { cancel_by } => {
                (BookingState::Booked, cancel_by, Some(at), None, BookingMove::Booked { free_until: cancel_by })
            }
            Decision::Wait { position } => {
                (BookingState::Waitlisted, run.terms.cancel_by, None, Some(at), BookingMove::Waits { position })
            }
            Decision::Approve { .. } => return,
        };
        self.list.push(DemoBooking {
            id: BookingId(index as i64 + 1),
            reference: self.dice.reference(8),
            session: session.id,
            person,
            state,
            cancel_by,
            created: at,
            changed: at,
            booked,
            waiting_since,
            policy_accepted: is_self_employed || self.dice.per_mille(950),
            walk_in: false,
            outcome: None,
            request_id: self.dice.hex(64),
        });
        self.trail.note(&self.list[index], made, at);
        match state {
            BookingState::Waitlisted => {
                run.seats.waiting += 1;
                run.waiters.push(index);
            }
            _ => self.has_place(run, session, index, at),
        }
    }

    /// Notes a place, and whether it will be given back.
    fn has_place(&mut self, run: &mut Run, session: &DemoSession, index: usize, from: DateTime<Utc>) {
        run.seats.held += 1;
        let booking = &self.list[index];
        let places = self.places.entry(booking.person).or_default();
        for (starts, ends) in &run.dates {
            places.push((Clash { title: session.plan.title.to_owned(), starts: *starts }, *ends));
        }
        if session.phase == Phase::Prepared || booking.person == LEARNER {
            return;
        }
        let (in_time, late) = (self.dice.per_mille(45), self.dice.per_mille(32));
        let between = |dice: &mut Dice, from: DateTime<Utc>, to: DateTime<Utc>| {
            let minutes = (to - from).num_minutes();
            (minutes > 10).then(|| from + Duration::minutes(dice.between(5, minutes - 1)))
        };
        let cancel_by = booking.cancel_by;
        let at = if in_time {
            between(&mut self.dice, from, cancel_by)
        } else if late {
            between(&mut self.dice, from.max(cancel_by + Duration::minutes(1)), run.terms.starts)
        } else {
            None
        };
        if let Some(at) = at {
            run.giving_back.push((at, index));
            run.giving_back.sort();
        }
    }

    /// Gives back what was due until `until`, and offers each freed place to whoever waits longest.
    fn give_back(&mut self, run: &mut Run, until: DateTime<Utc>) {
        while let Some((at, index)) = run.giving_back.first().copied().filter(|(at, _)| *at < until) {
            run.giving_back.remove(0);
            let booking = &mut self.list[index];
            let place = Booked { cancel_by: booking.cancel_by, starts: run.terms.starts, moved: false };
            let free_until = place.free_until();
            let Ok(how) = place.cancel(at) else { continue };
            (booking.state, booking.changed) = (how.state(), at);
            self.trail.note(booking, BookingMove::Cancelled { how, free_until }, at);
            run.seats.held -= 1;
            let person = booking.person;
            if let Some(places) = self.places.get_mut(&person) {
                places.retain(|(place, _)| !run.dates.iter().any(|(starts, _)| *starts == place.starts));
            }
            self.offer(run, at);
        }
    }

    fn offer(&mut self, run: &mut Run, at: DateTime<Utc>) {
        while at < first_come_from(run.terms.starts) && !run.waiters.is_empty() {
            let index = run.waiters.remove(0);
            run.seats.waiting -= 1;
            let answered = at + Duration::minutes(self.dice.between(20, 600));
            let offered = Offered { expires: first_come_from(run.terms.starts), starts: run.terms.starts };
            let booking = &mut self.list[index];
            self.trail.note(booking, BookingMove::Offered { until: offered.expires }, at);
            match offered.accept(run.terms.cancel_by, false, answered) {
                Ok(place) if self.dice.per_mille(800) && answered < self.start => {
                    booking.state = BookingState::Booked;
                    booking.cancel_by = place.cancel_by;
                    (booking.changed, booking.booked) = (answered, Some(answered));
                    self.trail.note(booking, BookingMove::Booked { free_until: place.free_until() }, answered);
                    run.seats.held += 1;
                    let places = self.places.entry(booking.person).or_default();
                    for (starts, ends) in &run.dates {
                        places.push((Clash { title: String::new(), starts: *starts }, *ends));
                    }
                    return;
                }
                _ => {
                    booking.state = BookingState::OfferDeclined;
                    booking.changed = answered.min(self.start);
                    self.trail.note(booking, BookingMove::Declined, booking.changed);
                }
            }
        }
    }

    /// What the start of a session, or its cancellation, makes of what is left.
    fn end(&mut self, run: &mut Run, session: &DemoSession) {
        let first = self.list.len().saturating_sub(run.seats.capacity as usize * 2);
        if session.phase == Phase::CalledOff {
            let called_off = moment(CALLED_OFF_AT);
            for booking in self.list[first..].iter_mut().filter(|booking| booking.session == session.id) {
                if booking.state.is_live() {
                    (booking.state, booking.changed) = (BookingState::SessionCancelled, called_off);
                    self.trail.note(booking, BookingMove::CalledOff, called_off);
                }
            }
            (run.seats.held, run.seats.waiting) = (0, 0);
        } else if session.is_past() {
            for index in run.waiters.drain(..) {
                let booking = &mut self.list[index];
                (booking.state, booking.changed) = (BookingState::ListEnded, run.until);
                self.trail.note(booking, BookingMove::ListEnded, run.until);
            }
            run.seats.waiting = 0;
        }
    }
}
