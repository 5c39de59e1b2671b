//! Dated runs of courses: what visitors see, what the office does, and what trainers answer.

use crate::{
    board::{TestBoard, address_of},
    browser::Browser,
};
use learning_gain::{
    accounts::rules::{PersonId, Role},
    bookings::rules::BookingState,
    entity::*,
    sessions::rules::{SessionId, SessionStatus, TrainerState},
};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

pub const ON_17_MARCH: [(&str, &str); 9] = [
    ("course", "1"),
    ("date1-day", "17"),
    ("date1-month", "3"),
    ("date1-year", "2025"),
    ("date1-from", "10am"),
    ("date1-to", "12:30"),
    ("mode", "online"),
    ("link", "https://meet.example/secret"),
    ("capacity", "20"),
];

async fn change(board: &TestBoard, id: SessionId, change: impl FnOnce(&mut session::ActiveModel)) {
    let txn = board.txn().await;
    let mut row = board.session_row(id).await.into_active_model();
    change(&mut row);
    row.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
}

/// Puts a booking straight into the database, with the session's counters.
async fn booked(board: &TestBoard, id: SessionId, person: PersonId, state: BookingState) {
    let session = board.session_row(id).await;
    let txn = board.txn().await;
    let row = booking::ActiveModel {
        reference: Set(format!("REF{person}")),
        request_id: Set(format!("request-{person}")),
        session_id: Set(id),
        person_id: Set(person),
        agency_confirmed: Set(false),
        person_kind: Set(learning_gain::accounts::rules::PersonKind::Employed),
        job_role: Set("Teacher".into()),
        state: Set(state),
        policy_version_id: Set(board.policy),
        policy_accepted: Set(true),
        cancel_by: Set(session.starts_at),
        created_at: Set(board.now()),
        changed_at: Set(board.now()),
        booked_at: Set((state == BookingState::Booked).then(|| board.now())),
        waiting_since: Set((state == BookingState::Waitlisted).then(|| board.now())),
        walk_in: Set(false),
        ..Default::default()
    };
    row.insert(&txn).await.unwrap();
    let mut counters = session.clone().into_active_model();
    match state {
        BookingState::Waitlisted => counters.waiting = Set(session.waiting + 1),
        _ => counters.held = Set(session.held + 1),
    }
    counters.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
}

async fn a_published_session(board: &TestBoard) -> SessionId {
    let course = board.course("Neglect").await;
    board.session(course, "2025-03-17 10:00", 20).await
}

#[tokio::test]
async fn a_session_tells_until_when_it_can_be_cancelled_and_hides_its_link() {
    let board = TestBoard::new().await;
    let id = a_published_session(&board).await;
    let rob = board.person("Rob Lee").await;
    board.trains(rob, id).await;
    let mut visitor = board.stranger();
    visitor.open(&format!("/sessions/{id}")).await;
    visitor.must_say("Monday 17 March 2025, 10am to 12:30pm").must_say("Until 11:59pm on Thursday 6 March 2025");
    visitor.must_say("£50").must_say("20 places left of 20").must_say("Rob Lee");
    assert!(!visitor.body.contains("secret-room"), "the link is for people with a place");
    assert!(visitor.link("Book a place").ends_with("/book"));
}

#[tokio::test]
async fn every_state_of_a_session_says_what_to_do() {
    let board = TestBoard::new().await;
    let id = a_published_session(&board).await;
    let page = format!("/sessions/{id}");
    let mut visitor = board.stranger();

    change(&board, id, |row| (row.held, row.waiting) = (Set(20), Set(3))).await;
    visitor.open(&page).await.must_say("3 people are waiting");
    assert!(visitor.link("Join the waiting list").ends_with("/book"));
    visitor.must_say("Full, 3 on the waiting list");

    change(&board, id, |row| (row.held, row.waiting) = (Set(0), Set(0))).await;
    board.set_clock("2025-01-01 09:00");
    visitor.open(&page).await.must_say("Booking opens at");
    board.set_clock("2025-03-10 09:00");
    visitor.open(&page).await.must_say("you can still cancel free of charge for 24 hours");
    change(&board, id, |row| row.booking_closes_at = Set(crate::board::london("2025-03-09 12:00"))).await;
    visitor.open(&page).await.must_say("Booking for this session has closed");
    board.set_clock("2025-03-18 09:00");
    visitor.open(&page).await.must_say("already begun or is over");

    change(&board, id, |row| row.status = Set(SessionStatus::Draft)).await;
    assert_eq!(visitor.open(&page).await.status, StatusCode::NOT_FOUND);
    for path in ["/sessions/999", "/sessions/x"] {
        let status = visitor.open(path).await.status;
        assert!(status.is_client_error(), "{path}: {status}");
    }
}

#[tokio::test]
async fn the_office_publishes_a_session_that_visitors_then_find() {
    let board = TestBoard::new().await;
    board.course("Neglect").await;
    let (rob, _) = board.with_role("Rob Lee", Role::Trainer).await;
    let mut office = board.office().await;
    let chosen = rob.to_string();
    let fields = [&ON_17_MARCH[..], &[("trainers", chosen.as_str())]].concat();
    office.open("/office/sessions/new?course=1").await.submit("Save and publish", &fields).await;
    office.must_say("The session is published.").must_say("Rob Lee: asked, no answer yet");
    assert_eq!(board.mails_to(&address_of("Rob Lee")).await.len(), 1);
    let mut visitor = board.stranger();
    visitor.open("/courses/neglect").await.must_say("Monday 17 March 2025");
}

#[tokio::test]
async fn a_refused_session_says_why_and_keeps_what_was_typed() {
    let board = TestBoard::new().await;
    board.course("Neglect").await;
    let mut office = board.office().await;
    let with = |changes: &[(&'static str, &'static str)]| {
        let mut fields: Vec<_> =
            ON_17_MARCH.iter().copied().filter(|(n, _)| !changes.iter().any(|(c, _)| c == n)).collect();
        fields.extend(changes);
        fields
    };
    for (changes, sentence) in [
        (with(&[("date1-year", "2031")]), "bank holidays of 2031 are not known"),
        (with(&[("date1-year", "2024")]), "starts in the past"),
        (with(&[("date1-day", ""), ("date1-month", ""), ("date1-year", "")]), "Enter the date of the session"),
        (with(&[("mode", "venue")]), "Choose the venue"),
        (with(&[("date1-to", "9am")]), "The end must be after the start"),
    ] {
        office.open("/office/sessions/new").await.submit("Save and publish", &changes).await;
        assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
        office.must_say(sentence);
        assert!(office.body.contains("value=\"10am\""), "what was typed is still there");
    }
    assert!(session::Entity::find().all(board.app.db.reader()).await.unwrap().is_empty());
}

#[tokio::test]
async fn another_date_can_be_added_without_script() {
    let board = TestBoard::new().await;
    board.course("Neglect").await;
    let mut office = board.office().await;
    office.open("/office/sessions/new").await.submit("Add another date", &ON_17_MARCH).await;
    assert_eq!(office.status, StatusCode::OK);
    let second = [
        ("date2-day", "24"),
        ("date2-month", "3"),
        ("date2-year", "2025"),
        ("date2-from", "10:00"),
        ("date2-to", "12:00"),
    ];
    office.submit("Save and publish", &second).await.must_say("Monday 24 March 2025, 10am to 12pm");
    office.must_say("Monday 17 March 2025, 10am to 12:30pm");
}

#[tokio::test]
async fn cancelling_tells_everybody_and_leaves_no_live_booking() {
    let board = TestBoard::new().await;
    let id = a_published_session(&board).await;
    let rob = board.person("Rob Lee").await;
    board.trains(rob, id).await;
    let (amira, _) = board.learner("Amira Khan").await;
    let (ben, _) = board.learner("Ben Waits").await;
    booked(&board, id, amira, BookingState::Booked).await;
    booked(&board, id, ben, BookingState::Waitlisted).await;

    let mut office = board.office().await;
    office.open(&format!("/office/sessions/{id}/cancel")).await;
    office.must_say("1 person with a place").must_say("1 person on the waiting list").must_say("1 trainer");
    office.submit("Cancel the session and tell everybody", &[("reason", " ")]).await.must_say("Enter a reason");
    office.submit("Cancel the session and tell everybody", &[("reason", "The building is closed")]).await;
    office.must_say("The session is cancelled");

    let bookings = board.bookings_of(id).await;
    assert!(bookings.iter().all(|row| row.state == BookingState::SessionCancelled));
    let row = board.session_row(id).await;
    assert_eq!((row.status, row.held, row.waiting), (SessionStatus::Cancelled, 0, 0));
    for name in ["Amira Khan", "Ben Waits", "Rob Lee"] {
        let mails = board.mails_to(&address_of(name)).await;
        assert_eq!(mails.len(), 1, "{name}");
        assert!(mails[0].body.as_deref().unwrap_or_default().contains("The building is closed"), "{name}");
    }
    assert!(charge::Entity::find().all(board.app.db.reader()).await.unwrap().is_empty());
    board.stranger().open(&format!("/sessions/{id}")).await.must_say("was cancelled: The building is closed");

    office.post(&format!("/office/sessions/{id}/cancel"), &[("reason", "Again")]).await;
    assert_eq!(office.status, StatusCode::CONFLICT);
    assert_eq!(board.mails_to(&address_of("Rob Lee")).await.len(), 1, "nobody is told twice");
}

#[tokio::test]
async fn moving_a_published_session_tells_everybody_with_a_place() {
    let board = TestBoard::new().await;
    let id = a_published_session(&board).await;
    let (amira, _) = board.learner("Amira Khan").await;
    booked(&board, id, amira, BookingState::Booked).await;
    let mut office = board.office().await;
    let edit = format!("/office/sessions/{id}/edit");

    office.open(&edit).await.submit("Save changes", &[("instructions", "Bring a pen")]).await;
    office.must_say("Your changes to the session are saved.");
    assert!(board.mails_to(&address_of("Amira Khan")).await.is_empty(), "nothing that people rely on changed");
    assert!(board.session_row(id).await.moved_at.is_none());

    office.open(&edit).await.submit("Save changes", &[("date1-day", "18")]).await;
    office.must_say("everybody with a place is told").must_say("Tuesday 18 March 2025");
    assert_eq!(board.mails_to(&address_of("Amira Khan")).await.len(), 1);
    assert_eq!(board.session_row(id).await.moved_at, Some(board.now()));

    office.open(&edit).await.submit("Save changes", &[("capacity", "0")]).await.must_say("Enter how many places");
}

#[tokio::test]
async fn a_stale_change_of_a_session_is_not_saved() {
    let board = TestBoard::new().await;
    let id = a_published_session(&board).await;
    let mut office = board.office().await;
    let (_, mut other) = board.with_role("Otto Other", Role::Administrator).await;
    let edit = format!("/office/sessions/{id}/edit");
    other.open(&edit).await;
    office.open(&edit).await.submit("Save changes", &[("capacity", "25")]).await;
    other.submit("Save changes", &[("capacity", "30")]).await.must_say("Somebody else changed this");
    assert!(other.body.contains("value=\"30\""));
    assert_eq!(board.session_row(id).await.capacity, 25);
}

#[tokio::test]
async fn places_already_taken_cannot_be_removed() {
    let board = TestBoard::new().await;
    let id = a_published_session(&board).await;
    change(&board, id, |row| row.held = Set(12)).await;
    let mut office = board.office().await;
    office.open(&format!("/office/sessions/{id}/edit")).await.submit("Save changes", &[("capacity", "11")]).await;
    office.must_say("12 places are taken");
    office.submit("Save changes", &[("capacity", "12")]).await.must_say("Your changes to the session are saved.");
}

#[tokio::test]
async fn a_trainer_who_is_asked_twice_at_the_same_time_is_warned_about() {
    let board = TestBoard::new().await;
    let id = a_published_session(&board).await;
    let rob = board.person("Rob Lee").await;
    board.trains(rob, id).await;
    let mut office = board.office().await;
    let chosen = rob.to_string();
    let fields = [&ON_17_MARCH[..], &[("trainers", chosen.as_str())]].concat();
    office.open("/office/sessions/new").await.submit("Save as draft", &fields).await;
    office.must_say("Rob Lee is also asked for “Neglect”");
}

async fn answer(trainer: &mut Browser, button: &str) {
    trainer.open("/training").await.submit(button, &[]).await;
}

#[tokio::test]
async fn a_trainer_accepts_and_steps_back_and_the_office_hears_of_it() {
    let board = TestBoard::new().await;
    board.course("Neglect").await;
    let (rob, mut trainer) = board.with_role("Rob Lee", Role::Trainer).await;
    trainer.open("/training").await.must_say("No sessions yet");
    let mut office = board.office().await;
    let chosen = rob.to_string();
    let fields = [&ON_17_MARCH[..], &[("trainers", chosen.as_str())]].concat();
    office.open("/office/sessions/new").await.submit("Save and publish", &fields).await;

    answer(&mut trainer, "Yes, I can").await;
    trainer.must_say("You are down as a trainer").must_say("0 of 20 places taken");
    answer(&mut trainer, "Step back").await;
    trainer.must_say("the office is told");
    let rows = session_trainer::Entity::find().all(board.app.db.reader()).await.unwrap();
    assert_eq!(rows[0].state, TrainerState::Withdrawn);
    assert_eq!(board.mails_to("training@testshire.example").await.len(), 1);

    trainer.post("/training/sessions/1/answer", &[("answer", "accept")]).await;
    assert_eq!(trainer.status, StatusCode::CONFLICT);
    let (_, mut stranger) = board.with_role("Sam Stranger", Role::Trainer).await;
    stranger.post("/training/sessions/1/answer", &[("answer", "accept")]).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn venues_are_added_closed_and_reopened() {
    let board = TestBoard::new().await;
    board.course("Neglect").await;
    let mut office = board.office().await;
    office.open("/office/venues").await.must_say("No venues yet");
    let hall = [("name", "Town hall"), ("address", "High Street"), ("postcode", "ox1 1aa"), ("capacity", "15")];
    office.open("/office/venues/new").await.submit("Save", &hall).await.must_say("OX1 1AA");
    office.open("/office/venues/new").await.submit("Save", &hall).await.must_say("Another venue has this name");

    let mut fields: Vec<_> = ON_17_MARCH.iter().copied().filter(|(name, _)| *name != "mode").collect();
    fields.extend([("mode", "venue"), ("venue", "1")]);
    office.open("/office/sessions/new").await.submit("Save and publish", &fields).await;
    office.must_say("Town hall takes 15 people");
    office.submit("Save and publish", &[("capacity", "15")]).await.must_say("The session is published.");
    office.open("/office/venues/1/close").await.must_say("1 published session is still to come");
    office.submit("Close this venue", &[]).await.must_say("The venue is closed.");
    office.submit("Reopen this venue", &[]).await.must_say("The venue is open again.");
}

#[tokio::test]
async fn the_list_of_sessions_is_filtered_by_what_they_are_now() {
    let board = TestBoard::new().await;
    let id = a_published_session(&board).await;
    let mut office = board.office().await;
    office.open("/office/sessions?state=published").await.must_say("Neglect");
    office.open("/office/sessions?state=closed").await.must_say("No session matches");
    board.set_clock("2025-03-18 09:00");
    office.open("/office/sessions?state=closed").await.must_say("Booking closed");
    let txn = board.txn().await;
    let date = session_date::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap();
    let mut date = date.into_active_model();
    date.submitted_at = Set(Some(board.now()));
    date.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    office.open("/office/sessions?state=delivered").await.must_say("Delivered");
    office.open(&format!("/office/sessions/{id}")).await.submit("Archive", &[]).await.must_say("is archived");
    office.open("/office/sessions").await.must_say("No sessions yet");
    office.open("/office/sessions?state=archived&sort=free&way=up").await.must_say("Neglect");
}

#[tokio::test]
async fn only_the_office_cares_for_sessions_and_venues() {
    let board = TestBoard::new().await;
    let id = a_published_session(&board).await;
    let (_, mut learner) = board.learner("Amira Khan").await;
    let (_, mut trainer) = board.with_role("Tom Trainer", Role::Trainer).await;
    let mut stranger = board.stranger();
    let paths = ["", "/new", &format!("/{id}"), &format!("/{id}/edit"), &format!("/{id}/cancel")]
        .map(|end| format!("/office/sessions{end}"));
    for path in paths.iter().map(String::as_str).chain(["/office/venues", "/office/venues/new"]) {
        assert_eq!(learner.open(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(trainer.open(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert!(stranger.open(path).await.path.starts_with("/sign-in"), "{path}");
    }
    trainer.post(&format!("/office/sessions/{id}/cancel"), &[("reason", "x")]).await;
    assert_eq!(trainer.status, StatusCode::FORBIDDEN);
    assert_eq!(board.session_row(id).await.status, SessionStatus::Published);
    assert_eq!(learner.open("/training").await.status, StatusCode::FORBIDDEN);
}
