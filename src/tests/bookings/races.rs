//! Many people at once, and one person many times; with a control that shows that the race is a real one.

use super::{answers, must_count, reference, request_id};
use crate::{
    board::{TestBoard, address_of},
    browser::Browser,
};
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode as Status,
    routing::post,
};
use futures::future::join_all;
use learning_gain::{
    accounts::rules::{PersonId, PersonKind},
    bookings::rules::BookingState,
    charges::rules::PolicyVersionId,
    entity::{booking, session},
    server::state::App,
    sessions::rules::SessionId,
};
use reqwest::StatusCode;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};

/// How many people send two forms at once.
const IN_TWO_WINDOWS: usize = 20;

/// Sends two forms of each of many people at once. Returns, for each person, the two pages that came back.
async fn both_at_once(board: &TestBoard, sessions: [SessionId; 2]) -> Vec<[Browser; 2]> {
    let mut people = Vec::new();
    for number in 0..IN_TWO_WINDOWS {
        let person = board.person(&format!("Person {number}")).await;
        people.push([board.signed_in(person).await, board.signed_in(person).await]);
    }
    let race = people.into_iter().enumerate().map(|(number, [mut one, mut two])| {
        let [first, second] = sessions.map(|session| format!("/sessions/{session}/book"));
        tokio::spawn(async move {
            let (own, other) = (request_id(2 * number + 1), request_id(2 * number + 2));
            let (own, other) = (answers(&own), answers(&other));
            tokio::join!(one.post(&first, &own), two.post(&second, &other));
            [one, two]
        })
    });
    join_all(race).await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_sessions_at_the_same_time_asked_for_at_once_are_one_place() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let other = board.course("Exploitation").await;
    let sessions =
        [board.session(course, "2025-03-31 10:00", 30).await, board.session(other, "2025-03-31 11:00", 30).await];
    for pages in both_at_once(&board, sessions).await {
        let booked = pages.iter().filter(|page| page.says("Place booked")).count();
        assert_eq!(booked, 1, "{:?}", pages.map(|page| page.text()));
        let refused = pages.iter().find(|page| !page.says("Place booked")).unwrap();
        refused.must_say("at the same time");
        assert!(!refused.status.is_server_error());
    }
    let held = board.bookings_of(sessions[0]).await.len() + board.bookings_of(sessions[1]).await.len();
    assert_eq!(held, IN_TWO_WINDOWS);
    must_count(&board).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_forms_for_one_session_sent_at_once_are_one_place() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 30).await;
    for pages in both_at_once(&board, [session, session]).await {
        assert!(pages.iter().all(|page| !page.status.is_server_error()));
        assert!(pages.iter().any(|page| page.says("Place booked")));
    }
    assert_eq!(board.bookings_of(session).await.len(), IN_TWO_WINDOWS);
    must_count(&board).await;
}

/// How many people want the last place.
const CROWD: usize = 50;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_people_race_for_the_last_place_and_one_has_it() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let mut crowd = Vec::new();
    for number in 0..CROWD {
        let person = board.person(&format!("Person {number}")).await;
        crowd.push((number, board.signed_in(person).await));
    }
    let path = format!("/sessions/{session}/book");
    let race = crowd.into_iter().map(|(number, mut browser)| {
        let path = path.clone();
        tokio::spawn(async move {
            let request = request_id(number + 1);
            browser.post(&path, &answers(&request)).await;
            browser
        })
    });
    let mut finished: Vec<Browser> = join_all(race).await.into_iter().map(Result::unwrap).collect();

    let booked = finished.iter().filter(|browser| browser.says("Place booked")).count();
    assert_eq!(booked, 1);
    let mut told = 0;
    for browser in &mut finished {
        assert!(!browser.status.is_server_error(), "{}", browser.status);
        if browser.says("Place booked") {
            continue;
        }
        assert_eq!(browser.status, StatusCode::CONFLICT);
        browser.must_say("The last place has just gone");
        told += 1;
    }
    assert_eq!(told, CROWD - 1);
    let rows = board.bookings_of(session).await;
    assert_eq!(rows.iter().filter(|row| row.state == BookingState::Booked).count(), 1);
    assert_eq!(rows.len(), 1);
    must_count(&board).await;

    // One click, and everything typed is still there.
    let loser = finished.iter_mut().find(|browser| browser.says("The last place")).unwrap();
    loser.submit("Join the waiting list", &[]).await.must_say("You are number 1");
    let waiting = board.bookings_of(session).await.pop().unwrap();
    assert_eq!((waiting.state, waiting.job_role.as_str()), (BookingState::Waitlisted, "Teacher"));
    must_count(&board).await;
}

/// The control: looks whether a place is free, and books afterwards. Only this test has such a handler.
pub(super) async fn naive_booking(
    State((app, policy)): State<(App, PolicyVersionId)>,
    Path((session, person)): Path<(i64, i64)>,
) -> Status {
    let session = SessionId(session);
    let seen = session::Entity::find_by_id(session).one(app.db.reader()).await.unwrap().unwrap();
    if seen.held >= seen.capacity {
        return Status::CONFLICT;
    }
    // What happens between looking and booking in a real handler: other people look, too.
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    let txn = app.db.write().await.unwrap();
    let row = booking::ActiveModel {
        reference: Set(format!("NAIVE{person}")),
        request_id: Set(format!("naive {person}")),
        session_id: Set(session),
        person_id: Set(PersonId(person)),
        agency_confirmed: Set(false),
        person_kind: Set(PersonKind::Employed),
        job_role: Set("Teacher".into()),
        state: Set(BookingState::Booked),
        policy_version_id: Set(policy),
        policy_accepted: Set(true),
        cancel_by: Set(app.clock.now()),
        created_at: Set(app.clock.now()),
        changed_at: Set(app.clock.now()),
        walk_in: Set(false),
        ..Default::default()
    };
    row.insert(&txn).await.unwrap();
    session::Entity::update_many()
        .col_expr(session::Column::Held, Expr::col(session::Column::Held).add(1))
        .filter(session::Column::Id.eq(session))
        .exec(&txn)
        .await
        .unwrap();
    txn.commit().await.unwrap();
    Status::CREATED
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_race_overbooks_a_handler_that_looks_first_and_books_afterwards() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let mut people = Vec::new();
    for number in 0..CROWD {
        people.push(board.person(&format!("Person {number}")).await);
    }
    let naive = Router::new()
        .route("/naive/{session}/{person}", post(naive_booking))
        .with_state((board.app.clone(), board.policy));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, naive).await.unwrap() });
    let race = people.into_iter().map(|person| {
        let base = base.clone();
        tokio::spawn(async move {
            let mut browser = Browser::new(&base);
            browser.post(&format!("/naive/{session}/{person}"), &[]).await.status
        })
    });
    let booked = join_all(race).await.into_iter().filter(|status| *status.as_ref().unwrap() == StatusCode::CREATED);
    assert!(booked.count() > 1, "the race is too slow to prove anything");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_form_ten_times_at_once_is_one_booking_and_one_mail() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 20).await;
    let person = board.person("Amira Khan").await;
    let mut windows = Vec::new();
    for _ in 0..10 {
        windows.push(board.signed_in(person).await);
    }
    let clicks = windows.into_iter().map(|mut window| {
        let path = format!("/sessions/{session}/book");
        tokio::spawn(async move {
            let request = request_id(7);
            window.post(&path, &answers(&request)).await;
            reference(&window)
        })
    });
    let mut references: Vec<String> = join_all(clicks).await.into_iter().map(Result::unwrap).collect();
    references.dedup();
    assert_eq!(references.len(), 1);
    assert_eq!(board.bookings_of(session).await.len(), 1);
    assert_eq!(board.mails_to(&address_of("Amira Khan")).await.len(), 1);
    must_count(&board).await;

    // Somebody else's request id opens nothing of theirs.
    let other = board.person("Ben Okoro").await;
    let mut ben = board.signed_in(other).await;
    let request = request_id(7);
    ben.post(&format!("/sessions/{session}/book"), &answers(&request)).await;
    assert_eq!(ben.status, StatusCode::CONFLICT);
    assert_eq!(board.bookings_of(session).await.len(), 1);
}
