//! What pages and mails say of a session, and what it is at a moment.

use super::{Mode, SessionDateId, SessionId, SessionStatus, Span, TrainerState, VenueId};
use crate::{
    accounts::rules::PersonId,
    courses::rules::{CourseId, CourseKind},
};
use chrono::{DateTime, Duration, Utc};

/// What a session is at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// Not shown yet.
    Draft,
    /// Published, and its booking has not closed.
    Published,
    /// Booking has closed; it may be running, or its registers are not all submitted.
    Closed,
    /// It is over and every register is submitted.
    Delivered,
    /// Called off.
    Cancelled,
    /// Out of the lists.
    Archived,
}

/// What somebody who looks at a session can do about a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookingDoor {
    /// Nobody can book: a draft or an archived session.
    Hidden,
    /// Called off.
    Cancelled,
    /// It has begun or is over.
    Started,
    /// Booking has closed before the start.
    Closed,
    /// Booking opens at this moment.
    NotYetOpen(DateTime<Utc>),
    /// There is a place, and nobody waits for it.
    Open {
        /// How many places are left.
        free: i32,
    },
    /// Full, or people wait for the places that are free.
    WaitingList {
        /// How many wait.
        waiting: i32,
    },
}

/// Inside this time before the start the first to book has a freed place; before it the waiting list goes first.
pub const FIRST_COME_BEFORE_START: Duration = Duration::hours(24);

/// A place where sessions are held, as people with a place read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Venue {
    /// Which one.
    pub id: VenueId,
    /// Its name.
    pub name: String,
    /// Street and town, possibly several lines.
    pub address: String,
    /// The postcode.
    pub postcode: String,
    /// Steps, lifts, hearing loop, parking for disabled people.
    pub access_notes: String,
    /// How to come there.
    pub travel_notes: String,
    /// How many people it takes.
    pub capacity: i32,
}

/// One date of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionDate {
    /// Which one.
    pub id: SessionDateId,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// When its register was submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When its register was locked.
    pub locked_at: Option<DateTime<Utc>>,
}

/// Somebody who was asked to train.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionTrainer {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they answered.
    pub state: TrainerState,
}

/// Everything about one session that its pages and mails say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionDetails {
    /// Which one.
    pub id: SessionId,
    /// The course.
    pub course_id: CourseId,
    /// The course's title.
    pub course_title: String,
    /// The course's address is /courses/{slug}.
    pub course_slug: String,
    /// How the course is taken.
    pub course_kind: CourseKind,
    /// What is stored of its state.
    pub status: SessionStatus,
    /// In a room or by video call.
    pub mode: Mode,
    /// The room.
    pub venue: Option<Venue>,
    /// The link of the call; only for people with a place, trainers and the office.
    pub online_link: Option<String>,
    /// What people with a place read before they come.
    pub joining_instructions: String,
    /// How many places.
    pub capacity: i32,
    /// How many are taken: requested, booked or offered.
    pub held: i32,
    /// How many people are on the waiting list.
    pub waiting: i32,
    /// How many free places are kept for agencies or sectors.
    pub reserved: i32,
    /// With fewer the office may call it off.
    pub minimum: Option<i32>,
    /// When that is decided.
    pub go_no_go_at: Option<DateTime<Utc>>,
    /// From when people can book.
    pub booking_opens_at: DateTime<Utc>,
    /// Until when people can book.
    pub booking_closes_at: DateTime<Utc>,
    /// The start of its first date.
    pub starts_at: DateTime<Utc>,
    /// The end of its last date.
    pub ends_at: DateTime<Utc>,
    /// Whether the office approves each booking.
    pub needs_approval: bool,
    /// When it was called off.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why it was called off.
    pub cancelled_reason: Option<String>,
    /// When the board last changed date, time, venue or mode of the published session: since then everybody may cancel
    /// free until the start.
    pub moved_at: Option<DateTime<Utc>>,
    /// Counts edits.
    pub version: i32,
    /// Its dates, earliest first.
    pub dates: Vec<SessionDate>,
    /// Everybody who was asked to train, in the order in which they were asked.
    pub trainers: Vec<SessionTrainer>,
}

impl SessionDetails {
    /// What it is at `now`.
    pub fn state(&self, now: DateTime<Utc>) -> SessionState {
        let submitted = !self.dates.is_empty() && self.dates.iter().all(|date| date.submitted_at.is_some());
        session_state(self.status, self.booking_closes_at.min(self.starts_at), self.ends_at, submitted, now)
    }

    /// What somebody who looks at it can do about a place at `now`.
    pub fn door(&self, now: DateTime<Utc>) -> BookingDoor {
        Doorway {
            status: self.status,
            capacity: self.capacity,
            held: self.held,
            waiting: self.waiting,
            reserved: self.reserved,
            opens_at: self.booking_opens_at,
            closes_at: self.booking_closes_at,
            starts_at: self.starts_at,
        }
        .door(now)
    }

    /// How many places are left that are not kept for anybody.
    pub fn free(&self) -> i32 {
        (self.capacity - self.held - self.reserved).max(0)
    }

    /// When its dates begin and end.
    pub fn spans(&self) -> Vec<Span> {
        self.dates.iter().map(|date| Span { starts_at: date.starts_at, ends_at: date.ends_at }).collect()
    }

    /// The people who have agreed to train.
    pub fn accepted_trainers(&self) -> impl Iterator<Item = &SessionTrainer> {
        self.trainers.iter().filter(|trainer| trainer.state == TrainerState::Accepted)
    }
}

/// One line of a list of sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "ssr", derive(sea_orm::FromQueryResult))]
pub struct SessionSummary {
    /// Which one.
    pub id: SessionId,
    /// The course.
    pub course_id: CourseId,
    /// The course's title.
    pub course_title: String,
    /// The course's address is /courses/{slug}.
    pub course_slug: String,
    /// What is stored of its state.
    pub status: SessionStatus,
    /// In a room or by video call.
    pub mode: Mode,
    /// The room.
    pub venue_id: Option<VenueId>,
    /// The room's name.
    pub venue_name: Option<String>,
    /// How many places.
    pub capacity: i32,
    /// How many are taken.
    pub held: i32,
    /// How many people wait.
    pub waiting: i32,
    /// How many free places are kept for agencies or sectors.
    pub reserved: i32,
    /// From when people can book.
    pub booking_opens_at: DateTime<Utc>,
    /// Until when people can book.
    pub booking_closes_at: DateTime<Utc>,
    /// The start of its first date.
    pub starts_at: DateTime<Utc>,
    /// The end of its last date.
    pub ends_at: DateTime<Utc>,
    /// It counts every change of the session.
    pub version: i32,
}

impl SessionSummary {
    /// What somebody who looks at it can do about a place at `now`.
    pub fn door(&self, now: DateTime<Utc>) -> BookingDoor {
        Doorway {
            status: self.status,
            capacity: self.capacity,
            held: self.held,
            waiting: self.waiting,
            reserved: self.reserved,
            opens_at: self.booking_opens_at,
            closes_at: self.booking_closes_at,
            starts_at: self.starts_at,
        }
        .door(now)
    }

    /// What it is at `now`.
    pub fn state(&self, registers_submitted: bool, now: DateTime<Utc>) -> SessionState {
        session_state(self.status, self.booking_closes_at.min(self.starts_at), self.ends_at, registers_submitted, now)
    }

    /// "Online", or the room's name.
    pub fn place_text(&self) -> String {
        match (self.mode, &self.venue_name) {
            (Mode::Online, _) => "Online".to_owned(),
            (Mode::Venue, Some(name)) => name.clone(),
            (Mode::Venue, None) => "Venue to be announced".to_owned(),
        }
    }
}

/// What a session is at `now`.
pub fn session_state(
    status: SessionStatus,
    closes_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    registers_submitted: bool,
    now: DateTime<Utc>,
) -> SessionState {
    match status {
        SessionStatus::Draft => SessionState::Draft,
        SessionStatus::Cancelled => SessionState::Cancelled,
        SessionStatus::Archived => SessionState::Archived,
        SessionStatus::Published if now < closes_at => SessionState::Published,
        SessionStatus::Published if now >= ends_at && registers_submitted => SessionState::Delivered,
        SessionStatus::Published => SessionState::Closed,
    }
}

/// What decides whether a place can be had.
#[derive(Clone, Copy, Debug)]
pub struct Doorway {
    /// What is stored of the session's state.
    pub status: SessionStatus,
    /// How many places.
    pub capacity: i32,
    /// How many are taken.
    pub held: i32,
    /// How many people wait.
    pub waiting: i32,
    /// How many free places are kept for agencies or sectors.
    pub reserved: i32,
    /// From when people can book.
    pub opens_at: DateTime<Utc>,
    /// Until when people can book.
    pub closes_at: DateTime<Utc>,
    /// The start of the first date.
    pub starts_at: DateTime<Utc>,
}

impl Doorway {
    /// What somebody who looks at the session can do at `now`. Nobody new passes people who wait, except inside the
    /// last 24 hours, when the first to book has the place.
    pub fn door(self, now: DateTime<Utc>) -> BookingDoor {
        match self.status {
            SessionStatus::Draft | SessionStatus::Archived => return BookingDoor::Hidden,
            SessionStatus::Cancelled => return BookingDoor::Cancelled,
            SessionStatus::Published => {}
        }
        let free = self.capacity - self.held - self.reserved;
        let list_goes_first = self.waiting > 0 && now < self.starts_at - FIRST_COME_BEFORE_START;
        if now >= self.starts_at {
            BookingDoor::Started
        } else if now >= self.closes_at {
            BookingDoor::Closed
        } else if now < self.opens_at {
            BookingDoor::NotYetOpen(self.opens_at)
        } else if free <= 0 || list_goes_first {
            BookingDoor::WaitingList { waiting: self.waiting }
        } else {
            BookingDoor::Open { free }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn doorway() -> Doorway {
        Doorway {
            status: SessionStatus::Published,
            capacity: 20,
            held: 17,
            waiting: 0,
            reserved: 0,
            opens_at: at("2025-02-01T09:00:00Z"),
            closes_at: at("2025-03-16T17:00:00Z"),
            starts_at: at("2025-03-17T10:00:00Z"),
        }
    }

    #[test]
    fn the_door_follows_the_clock() {
        let door = |text| doorway().door(at(text));
        assert_eq!(door("2025-02-01T08:59:59Z"), BookingDoor::NotYetOpen(at("2025-02-01T09:00:00Z")));
        assert_eq!(door("2025-02-01T09:00:00Z"), BookingDoor::Open { free: 3 });
        assert_eq!(door("2025-03-16T17:00:00Z"), BookingDoor::Closed);
        assert_eq!(door("2025-03-17T10:00:00Z"), BookingDoor::Started);
    }

    #[test]
    fn nobody_new_passes_the_waiting_list_before_the_last_day() {
        let free_but_awaited = Doorway { waiting: 2, ..doorway() };
        assert_eq!(free_but_awaited.door(at("2025-03-10T09:00:00Z")), BookingDoor::WaitingList { waiting: 2 });
        assert_eq!(free_but_awaited.door(at("2025-03-16T12:00:00Z")), BookingDoor::Open { free: 3 });
        let full = Doorway { held: 20, ..doorway() };
        assert_eq!(full.door(at("2025-03-16T12:00:00Z")), BookingDoor::WaitingList { waiting: 0 });
    }

    #[test]
    fn places_kept_for_others_are_not_free() {
        let kept = Doorway { reserved: 3, ..doorway() };
        assert_eq!(kept.door(at("2025-03-10T09:00:00Z")), BookingDoor::WaitingList { waiting: 0 });
        let one_left = Doorway { reserved: 2, ..doorway() };
        assert_eq!(one_left.door(at("2025-03-10T09:00:00Z")), BookingDoor::Open { free: 1 });
    }

    #[test]
    fn drafts_and_cancelled_sessions_have_no_door() {
        let now = at("2025-03-10T09:00:00Z");
        assert_eq!(Doorway { status: SessionStatus::Draft, ..doorway() }.door(now), BookingDoor::Hidden);
        assert_eq!(Doorway { status: SessionStatus::Cancelled, ..doorway() }.door(now), BookingDoor::Cancelled);
    }

    #[test]
    fn a_session_is_delivered_when_it_is_over_and_its_registers_are_in() {
        let closes = at("2025-03-16T17:00:00Z");
        let ends = at("2025-03-17T13:00:00Z");
        let state = |text, submitted| session_state(SessionStatus::Published, closes, ends, submitted, at(text));
        assert_eq!(state("2025-03-16T16:59:00Z", false), SessionState::Published);
        assert_eq!(state("2025-03-17T12:00:00Z", true), SessionState::Closed);
        assert_eq!(state("2025-03-17T13:00:00Z", false), SessionState::Closed);
        assert_eq!(state("2025-03-17T13:00:00Z", true), SessionState::Delivered);
    }
}
