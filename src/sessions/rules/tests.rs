//! What is said of a whole session, and what may be done to one that is published.

use super::*;
use crate::{
    accounts::rules::PersonId,
    courses::rules::{CourseId, CourseKind},
};
use chrono::{DateTime, Duration, Utc};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn span(starts: &str, ends: &str) -> Span {
    Span { starts_at: at(starts), ends_at: at(ends) }
}

/// Monday 17 March 2025 and a week later, each from 10 to 1 o'clock.
fn spans() -> [Span; 2] {
    [span("2025-03-17T10:00:00Z", "2025-03-17T13:00:00Z"), span("2025-03-24T10:00:00Z", "2025-03-24T13:00:00Z")]
}

/// Before anything of it.
fn early() -> DateTime<Utc> {
    at("2025-03-03T09:00:00Z")
}

/// A published session of two dates in the town hall: 20 places, 10 of them taken and 3 reserved.
fn session() -> SessionDetails {
    let dates = spans().into_iter().zip(1..).map(|(span, id)| SessionDate {
        id: SessionDateId(id),
        starts_at: span.starts_at,
        ends_at: span.ends_at,
        submitted_at: None,
        locked_at: None,
    });
    let trainer = |id, name: &str, state| SessionTrainer { person: PersonId(id), name: name.to_owned(), state };
    SessionDetails {
        id: SessionId(7),
        course_id: CourseId(1),
        course_title: "Neglect".into(),
        course_slug: "neglect".into(),
        course_kind: CourseKind::Live,
        status: SessionStatus::Published,
        mode: Mode::Venue,
        venue: Some(Venue {
            id: VenueId(2),
            name: "Town hall".into(),
            address: "High Street".into(),
            postcode: "OX1 1AA".into(),
            access_notes: String::new(),
            travel_notes: String::new(),
            capacity: 20,
        }),
        online_link: None,
        joining_instructions: String::new(),
        capacity: 20,
        held: 10,
        waiting: 0,
        reserved: 3,
        minimum: None,
        go_no_go_at: None,
        booking_opens_at: at("2025-02-01T09:00:00Z"),
        booking_closes_at: at("2025-03-16T17:00:00Z"),
        starts_at: spans()[0].starts_at,
        ends_at: spans()[1].ends_at,
        needs_approval: false,
        cancelled_at: None,
        cancelled_reason: None,
        moved_at: None,
        version: 1,
        dates: dates.collect(),
        trainers: vec![
            trainer(4, "Rob Lee", TrainerState::Declined),
            trainer(5, "Ann Day", TrainerState::Accepted),
            trainer(6, "Joy Cox", TrainerState::Offered),
        ],
    }
}

/// What is typed to leave the session as it is.
fn unchanged() -> SessionEdit {
    SessionEdit {
        course: CourseId(1),
        mode: Mode::Venue,
        venue: Some(VenueId(2)),
        online_link: None,
        joining_instructions: String::new(),
        capacity: 20,
        minimum: None,
        go_no_go_at: None,
        opens_at: None,
        closes_at: None,
        needs_approval: false,
        dates: spans().to_vec(),
        trainers: vec![PersonId(5)],
    }
}

#[test]
fn spans_that_touch_do_not_overlap() {
    let start: DateTime<Utc> = "2025-03-17T00:00:00Z".parse().unwrap();
    let hours = |from, to| Span { starts_at: start + Duration::hours(from), ends_at: start + Duration::hours(to) };
    let morning = hours(9, 12);
    for other in [hours(9, 12), hours(10, 11), hours(8, 13), hours(8, 10), hours(11, 13)] {
        assert!(morning.overlaps(other) && other.overlaps(morning), "{other:?}");
    }
    for other in [hours(7, 8), hours(8, 9), hours(12, 13), hours(13, 14)] {
        assert!(!morning.overlaps(other) && !other.overlaps(morning), "{other:?}");
    }
}

fn with_registers(submitted: [bool; 2]) -> SessionDetails {
    let mut details = session();
    for (date, submitted) in details.dates.iter_mut().zip(submitted) {
        date.submitted_at = submitted.then(|| at("2025-03-24T14:00:00Z"));
    }
    details
}

#[test]
fn a_session_is_delivered_when_every_register_is_in() {
    let over = at("2025-03-25T09:00:00Z");
    assert_eq!(with_registers([true, true]).state(over), SessionState::Delivered);
    assert_eq!(with_registers([true, false]).state(over), SessionState::Closed);
    assert_eq!(session().state(over), SessionState::Closed);
    let without_dates = SessionDetails { dates: Vec::new(), ..session() };
    assert_eq!(without_dates.state(over), SessionState::Closed, "what never took place was not delivered");
}

#[test]
fn booking_closes_at_its_moment_and_at_the_start_at_the_latest() {
    let closes = session().booking_closes_at;
    assert_eq!(session().state(closes - Duration::seconds(1)), SessionState::Published);
    assert_eq!(session().state(closes), SessionState::Closed);
    let to_the_end = SessionDetails { booking_closes_at: session().ends_at, ..session() };
    assert_eq!(to_the_end.state(session().starts_at), SessionState::Closed);
}

#[test]
fn the_first_to_book_has_the_place_from_24_hours_before_the_start_on() {
    let awaited = SessionDetails { waiting: 2, ..session() };
    let last_day = session().starts_at - FIRST_COME_BEFORE_START;
    assert_eq!(awaited.door(last_day - Duration::seconds(1)), BookingDoor::WaitingList { waiting: 2 });
    assert_eq!(awaited.door(last_day), BookingDoor::Open { free: 7 });
}

#[test]
fn places_are_free_that_nobody_holds_and_that_are_kept_for_nobody() {
    assert_eq!(session().free(), 7);
    assert_eq!(SessionDetails { held: 17, ..session() }.free(), 0);
    assert_eq!(SessionDetails { held: 19, ..session() }.free(), 0, "fewer places than were given away");
}

#[test]
fn dates_and_trainers_are_those_who_were_stored_and_who_agreed() {
    assert_eq!(session().spans(), spans());
    let accepted = session().accepted_trainers().map(|trainer| trainer.person).collect::<Vec<_>>();
    assert_eq!(accepted, [PersonId(5)]);
}

#[test]
fn a_list_names_the_room_or_says_that_there_is_none() {
    let line = |mode, venue: Option<&str>| {
        SessionSummary {
            id: SessionId(7),
            course_id: CourseId(1),
            course_title: "Neglect".into(),
            course_slug: "neglect".into(),
            status: SessionStatus::Published,
            mode,
            venue_id: venue.map(|_| VenueId(2)),
            venue_name: venue.map(str::to_owned),
            capacity: 20,
            held: 10,
            waiting: 0,
            reserved: 3,
            booking_opens_at: session().booking_opens_at,
            booking_closes_at: session().booking_closes_at,
            starts_at: session().starts_at,
            ends_at: session().ends_at,
            version: 1,
        }
        .place_text()
    };
    assert_eq!(line(Mode::Venue, Some("Town hall")), "Town hall");
    assert_eq!(line(Mode::Venue, None), "Venue to be announced");
    assert_eq!(line(Mode::Online, None), "Online");
}

#[test]
fn a_change_moves_the_time_the_place_or_nothing() {
    let moved = |edit: SessionEdit| Move::between(&session(), &edit);
    assert_eq!(moved(unchanged()), Move { time: false, place: false });
    assert!(!moved(unchanged()).is_any());
    let other_room = moved(SessionEdit { venue: Some(VenueId(3)), ..unchanged() });
    assert_eq!(other_room, Move { time: false, place: true });
    let by_video = moved(SessionEdit { mode: Mode::Online, ..unchanged() });
    assert_eq!(by_video, Move { time: false, place: true });
    let one_date = moved(SessionEdit { dates: spans()[..1].to_vec(), ..unchanged() });
    assert_eq!(one_date, Move { time: true, place: false });
    assert!(other_room.is_any() && one_date.is_any());
}

#[test]
fn dates_that_are_taken_away_keep_the_numbers_that_calendars_know() {
    let edit = SessionEdit { dates: spans()[..1].to_vec(), ..unchanged() };
    assert_eq!(gone_dates(&session(), &edit), [GoneDate { number: 2, span: spans()[1] }]);
    assert_eq!(gone_dates(&session(), &unchanged()), []);
}

#[test]
fn a_new_link_is_told_and_nothing_else() {
    assert_eq!(new_details(&session(), &unchanged()), None);
    let linked = SessionEdit { online_link: Some("https://call.example/1".into()), ..unchanged() };
    assert_eq!(new_details(&session(), &linked), Some("The link to join is new."));
}

/// The fields of a change that are refused at a moment.
fn refused(details: &SessionDetails, edit: &SessionEdit, now: DateTime<Utc>) -> Vec<&'static str> {
    change_refusals(details, edit, now).into_iter().map(|(field, _)| field).collect()
}

#[test]
fn there_are_never_fewer_places_than_are_taken_and_reserved() {
    let sentence = |details: &SessionDetails, capacity| {
        let edit = SessionEdit { capacity, ..unchanged() };
        change_refusals(details, &edit, early()).into_iter().map(|(_, sentence)| sentence).next()
    };
    assert_eq!(sentence(&session(), 13), None);
    assert_eq!(
        sentence(&session(), 12).as_deref(),
        Some("10 places are taken and 3 are reserved: enter 13 places or more, or release the reserved ones first")
    );
    let unreserved = SessionDetails { reserved: 0, ..session() };
    assert_eq!(sentence(&unreserved, 10), None);
    assert_eq!(sentence(&unreserved, 9).as_deref(), Some("10 places are taken: enter 10 places or more"));
}

#[test]
fn only_a_draft_changes_its_course() {
    let draft = SessionDetails { status: SessionStatus::Draft, ..session() };
    let other_course = SessionEdit { course: CourseId(2), ..unchanged() };
    assert_eq!(refused(&session(), &other_course, early()), ["course"]);
    assert!(refused(&draft, &other_course, early()).is_empty());
    assert!(refused(&session(), &unchanged(), early()).is_empty());
}

#[test]
fn what_people_rely_on_stays_once_the_session_has_begun() {
    let starts = session().starts_at;
    let other_room = SessionEdit { venue: Some(VenueId(3)), ..unchanged() };
    let one_date = SessionEdit { dates: spans()[..1].to_vec(), ..unchanged() };
    for edit in [&other_room, &one_date] {
        assert!(refused(&session(), edit, starts - Duration::seconds(1)).is_empty());
        assert_eq!(refused(&session(), edit, starts), ["date1"]);
        let draft = SessionDetails { status: SessionStatus::Draft, ..session() };
        assert!(refused(&draft, edit, starts).is_empty(), "nobody has a place on a draft");
    }
    assert!(refused(&session(), &unchanged(), starts).is_empty());
}

#[test]
fn a_published_session_moves_only_into_the_future() {
    let sooner = spans()[0].starts_at - Duration::days(7);
    let edit = SessionEdit {
        dates: vec![Span { starts_at: sooner, ends_at: sooner + Duration::hours(3) }, spans()[1]],
        ..unchanged()
    };
    assert!(refused(&session(), &edit, sooner - Duration::seconds(1)).is_empty());
    assert_eq!(refused(&session(), &edit, sooner), ["date1"]);
    let draft = SessionDetails { status: SessionStatus::Draft, ..session() };
    assert!(refused(&draft, &edit, sooner).is_empty());
}

#[test]
fn a_session_is_called_off_until_it_was_delivered_and_only_once() {
    let over = at("2025-03-25T09:00:00Z");
    let refusal = |details: &SessionDetails| cancel_refusal(details, over);
    assert_eq!(cancel_refusal(&session(), early()), None);
    assert_eq!(refusal(&session()), None, "its registers are not in");
    assert!(refusal(&with_registers([true, true])).unwrap().contains("has taken place"));
    let with = |status| SessionDetails { status, ..session() };
    assert_eq!(refusal(&with(SessionStatus::Draft)), None);
    assert!(refusal(&with(SessionStatus::Archived)).unwrap().contains("is archived"));
    let cancelled = SessionDetails { cancelled_at: Some(early()), ..with(SessionStatus::Cancelled) };
    assert_eq!(
        refusal(&cancelled).unwrap(),
        "This session was already cancelled at 9am on Monday 3 March 2025. Nobody is told again."
    );
}

#[test]
fn numbers_stand_in_addresses_as_numbers() {
    let written = [VenueId(7).to_string(), SessionId(8).to_string(), SessionDateId(9).to_string()];
    assert_eq!(written, ["7", "8", "9"]);
}
