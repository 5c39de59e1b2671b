//! A thousand people, twenty sessions of thirty places, all at once over real HTTP; and the same race against a handler
//! that looks first and books afterwards.

use super::{answers, must_count, races::naive_booking, request_id, row};
use crate::{
    board::{TestBoard, address_of},
    sign_in::Listening,
};
use axum::{Router, routing::post};
use futures::{StreamExt, stream::FuturesUnordered};
use learning_gain::{
    accounts::rules::{PersonId, PersonKind},
    bookings::{
        rules::BookingState,
        store::{Change, PlaceRequest, arrangements_kept, request_place_as_arranged_in_txn},
    },
    entity::*,
    messages::bookings::Letters,
    server::{bulk::insert_all, secrets},
    sessions::rules::SessionId,
};
use reqwest::{Client, StatusCode, header, redirect::Policy};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use std::{collections::HashMap, sync::Arc};
use tokio::sync::{Mutex, Semaphore};

const SESSIONS: usize = 20;
const PLACES: usize = 30;
const PEOPLE: usize = 1_000;
/// Who waits longer than 20 seconds for a connection is told that the service is away. On a slow machine two rushes at
/// once would come near that, and two rushes on one board are no promise.
static ONE_RUSH_AT_A_TIME: Mutex<()> = Mutex::const_new(());
/// Files that the other tests of this process may have open meanwhile.
const OTHER_FILES: usize = 400;

/// Somebody who is signed in.
struct Visitor {
    person: PersonId,
    name: String,
    token: String,
    session: SessionId,
}

/// What one of the crowd was answered.
struct Answer {
    status: StatusCode,
    location: String,
    body: String,
}

async fn crowd(board: &TestBoard) -> Vec<Visitor> {
    let course = board.course("Neglect").await;
    let mut sessions = Vec::new();
    for _ in 0..SESSIONS {
        sessions.push(board.session(course, "2025-03-31 10:00", PLACES as i32).await);
    }
    let visitors: Vec<Visitor> = (0..PEOPLE)
        .map(|number| Visitor {
            person: PersonId(10_000 + number as i64),
            name: format!("Person {number}"),
            token: secrets::random_token().unwrap(),
            session: sessions[number % SESSIONS],
        })
        .collect();
    let txn = board.txn().await;
    let people = visitors.iter().map(|visitor| person::ActiveModel {
        id: Set(visitor.person),
        name: Set(visitor.name.clone()),
        kind: Set(PersonKind::Employed),
        under_18: Set(false),
        created_at: Set(board.now()),
        ..Default::default()
    });
    insert_all(people.collect(), &txn).await.unwrap();
    let addresses = visitors.iter().map(|visitor| address::ActiveModel {
        person_id: Set(visitor.person),
        address: Set(address_of(&visitor.name)),
        proven_at: Set(Some(board.now())),
        main: Set(true),
        ..Default::default()
    });
    insert_all(addresses.collect(), &txn).await.unwrap();
    let logins = visitors.iter().map(|visitor| login::ActiveModel {
        token_hash: Set(secrets::sha256(&visitor.token)),
        person_id: Set(visitor.person),
        created_at: Set(board.now()),
        seen_at: Set(board.now()),
        ..Default::default()
    });
    insert_all(logins.collect(), &txn).await.unwrap();
    txn.commit().await.unwrap();
    visitors
}

/// As many requests at once as there are people, or as the machine lets one process have connections.
async fn race(
    base: &str,
    visitors: &[Visitor],
    path: impl Fn(&Visitor) -> String,
    form: impl Fn(usize) -> Vec<(String, String)>,
) -> Vec<Answer> {
    // Both ends of every connection are in this process.
    let at_once = (open_files().saturating_sub(OTHER_FILES) / 2).clamp(50, PEOPLE);
    let gate = Arc::new(Semaphore::new(at_once));
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let mut requests = FuturesUnordered::new();
    for (number, visitor) in visitors.iter().enumerate() {
        let request = client
            .post(format!("{base}{}", path(visitor)))
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, format!("login={}", visitor.token))
            .form(&form(number));
        let gate = gate.clone();
        requests.push(tokio::spawn(async move {
            let _place = gate.acquire().await.unwrap();
            let answer = request.send().await.unwrap();
            let location = answer.headers().get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned());
            let status = answer.status();
            (number, Answer { status, location: location.unwrap_or_default(), body: answer.text().await.unwrap() })
        }));
    }
    let mut answers = Vec::new();
    while let Some(answer) = requests.next().await {
        answers.push(answer.unwrap());
    }
    answers.sort_by_key(|(number, _)| *number);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

fn open_files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max open files"));
    line.and_then(|line| line.split_whitespace().nth(3)).and_then(|most| most.parse().ok()).unwrap_or(256)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_people_at_once_fill_twenty_sessions_and_overbook_none() {
    let _alone = ONE_RUSH_AT_A_TIME.lock().await;
    let board = TestBoard::new().await;
    let visitors = crowd(&board).await;
    let form = |number: usize| {
        let request = request_id(number + 1);
        answers(&request).into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    let told = race(&board.base, &visitors, |visitor| format!("/sessions/{}/book", visitor.session), form).await;

    let mut booked: HashMap<SessionId, usize> = HashMap::new();
    let mut full = 0;
    for (visitor, answer) in visitors.iter().zip(&told) {
        match answer.status {
            StatusCode::SEE_OTHER => {
                let reference = answer.location.strip_prefix("/bookings/").unwrap().split('?').next().unwrap();
                let row = row(&board, reference).await;
                assert_eq!((row.person_id, row.state), (visitor.person, BookingState::Booked));
                assert_eq!(row.session_id, visitor.session);
                let mails = outbox::Entity::find().filter(outbox::Column::ToAddress.eq(address_of(&visitor.name)));
                assert_eq!(mails.count(board.app.db.reader()).await.unwrap(), 1);
                let sentences = audit::Entity::find()
                    .filter(audit::Column::SubjectKind.eq("booking"))
                    .filter(audit::Column::SubjectId.eq(row.id.0));
                assert_eq!(sentences.count(board.app.db.reader()).await.unwrap(), 1);
                *booked.entry(visitor.session).or_default() += 1;
            }
            StatusCode::CONFLICT => {
                assert!(answer.body.contains("The last place has just gone"), "{}", answer.body);
                assert!(answer.body.contains("Join the waiting list"), "{}", answer.body);
                full += 1;
            }
            other => panic!("{other} for {}:\n{}", visitor.name, answer.body),
        }
    }
    assert_eq!(full, PEOPLE - SESSIONS * PLACES);
    assert_eq!(booked.len(), SESSIONS);
    for (session, count) in booked {
        assert_eq!(count, PLACES);
        let row = board.session_row(session).await;
        assert_eq!((row.held, row.waiting, row.capacity), (PLACES as i32, 0, PLACES as i32));
        assert_eq!(board.bookings_of(session).await.len(), PLACES);
    }
    must_count(&board).await;
}

/// What a booking says to the database where the session's arrangements are at hand, as they are in a rush: everybody
/// behind it waits for that.
#[tokio::test]
async fn in_a_rush_a_booking_is_seven_statements() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 5).await;
    let (person, _) = board.learner("Amira Khan").await;
    let arrangements = arrangements_kept(session, board.now(), &board.app.db, board.app.db.reader()).await.unwrap();
    let request = PlaceRequest {
        request_id: request_id(1),
        session,
        person,
        agency: None,
        agency_confirmed: false,
        agency_given: None,
        job_role: "Teacher".into(),
        person_kind: PersonKind::Employed,
        access_needs: None,
        policy_accepted: true,
        may_wait: true,
        substitute_for: None,
        booked_by_lead: None,
    };
    let change = Change::new(Some(person), board.now(), Letters::of(&board.app));
    let txn = board.txn().await;
    let listening = Listening::to(&txn);
    let arranged = Option::as_ref(&arrangements);
    request_place_as_arranged_in_txn(request, arranged, &change, &listening).await.unwrap().unwrap();
    let heard = listening.heard();
    txn.commit().await.unwrap();
    let locks_person = usize::from(crate::databases::is_postgres());
    assert_eq!(heard.len(), 7 + locks_person, "{heard:#?}");
    assert_eq!(board.mails_to(&address_of("Amira Khan")).await.len(), 1);
    must_count(&board).await;
}

/// Those who would wait, too: the list is in the order of the clicks, and everybody is told the number that they have.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_would_wait_stands_on_the_list_in_order_after_a_rush() {
    const WANT_ONE: usize = 200;
    let _alone = ONE_RUSH_AT_A_TIME.lock().await;
    let board = TestBoard::new().await;
    let mut visitors = crowd(&board).await;
    visitors.truncate(WANT_ONE);
    let session = visitors[0].session;
    let form = |number: usize| {
        let request = request_id(number + 1);
        let mut fields = answers(&request);
        fields.push(("join", "waiting"));
        fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    let told = race(&board.base, &visitors, |_| format!("/sessions/{session}/book"), form).await;
    assert!(told.iter().all(|answer| answer.status == StatusCode::SEE_OTHER), "everybody has a place or a number");

    let mut list = board.bookings_of(session).await;
    assert_eq!(list.len(), WANT_ONE);
    list.retain(|row| row.state == BookingState::Waitlisted);
    assert_eq!(list.len(), WANT_ONE - PLACES);
    list.sort_by_key(|row| row.id.0);
    assert!(list.is_sorted_by(|one, next| one.waiting_since < next.waiting_since), "whoever came first is first");
    for (number, row) in (1..).zip(&list) {
        let visitor = visitors.iter().find(|visitor| visitor.person == row.person_id).unwrap();
        let mail = board.mails_to(&address_of(&visitor.name)).await.pop().unwrap();
        let body = mail.body.unwrap();
        assert!(body.contains(&format!("number {number} on its waiting list")), "{}: {body}", visitor.name);
    }
    let row = board.session_row(session).await;
    assert_eq!((row.held, row.waiting), (PLACES as i32, (WANT_ONE - PLACES) as i32));
    must_count(&board).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_thousand_overbook_a_handler_that_looks_first_and_books_afterwards() {
    let _alone = ONE_RUSH_AT_A_TIME.lock().await;
    let board = TestBoard::new().await;
    let visitors = crowd(&board).await;
    let naive = Router::new()
        .route("/naive/{session}/{person}", post(naive_booking))
        .with_state((board.app.clone(), board.policy));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, naive).await.unwrap() });
    let path = |visitor: &Visitor| format!("/naive/{}/{}", visitor.session, visitor.person);
    let told = race(&base, &visitors, path, |_| Vec::new()).await;
    let booked = told.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
    assert!(booked > SESSIONS * PLACES, "the race is too slow to prove anything: {booked}");
}
