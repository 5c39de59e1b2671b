//! The service itself, killed again and again while people book: what was confirmed is there, and nothing is there by
//! halves.

use crate::{
    board::TestBoard,
    bookings::{answers, request_id},
    service::{Service, follow_the_machine},
};
use chrono::Duration;
use learning_gain::{
    accounts::rules::PersonId,
    bookings::{rules::BookingState, store::counters_check},
    entity::*,
    server::{database::Database, secrets},
    sessions::rules::SessionId,
};
use reqwest::{Client, StatusCode, header, redirect::Policy};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, PaginatorTrait,
    QueryFilter, Statement,
};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Semaphore;

/// Ten people want each eight places.
const WANT_IT: usize = 10;
const PLACES: i32 = 8;
/// Forms under way at the same time.
const AT_ONCE: usize = 16;

/// What somebody was told.
struct Told {
    person: PersonId,
    session: SessionId,
    /// The reference of the place; None: full.
    reference: Option<String>,
}

/// People whose logins and sessions are right for the machine's own clock.
async fn prepare(board: &TestBoard, people: usize) -> Vec<(PersonId, String, SessionId)> {
    follow_the_machine(board).await;
    let course = board.course("Neglect").await;
    let starts = (board.now() + Duration::days(60)).format("%Y-%m-%d 10:00").to_string();
    let mut sessions = Vec::new();
    for _ in 0..people.div_ceil(WANT_IT) {
        sessions.push(board.session(course, &starts, PLACES).await);
    }
    let mut visitors = Vec::new();
    for number in 0..people {
        let person = board.person(&format!("Person {number}")).await;
        let token = secrets::random_token().unwrap();
        let txn = board.txn().await;
        let login = login::ActiveModel {
            token_hash: Set(secrets::sha256(&token)),
            person_id: Set(person),
            created_at: Set(board.now()),
            seen_at: Set(board.now()),
            ..Default::default()
        };
        login.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
        visitors.push((person, token, sessions[number % sessions.len()]));
    }
    visitors
}

/// Sends one form until there is an answer to it, as somebody does whose page does not come.
async fn book(client: Client, base: String, number: usize, visitor: (PersonId, String, SessionId)) -> Told {
    let (person, token, session) = visitor;
    let request = request_id(number + 1);
    loop {
        let answer = client
            .post(format!("{base}/sessions/{session}/book"))
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, format!("login={token}"))
            .form(&answers(&request))
            .send()
            .await;
        match answer {
            Ok(answer) if answer.status() == StatusCode::SEE_OTHER => {
                let place = answer.headers()[header::LOCATION].to_str().unwrap();
                let reference = place.strip_prefix("/bookings/").unwrap().split('?').next().unwrap();
                return Told { person, session, reference: Some(reference.to_owned()) };
            }
            Ok(answer) if answer.status() == StatusCode::CONFLICT => return Told { person, session, reference: None },
            Ok(answer) => panic!("{} for person {number}: {}", answer.status(), answer.text().await.unwrap()),
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
        }
    }
}

async fn survives(kills: usize, people: usize) {
    let board = TestBoard::new().await;
    let visitors = prepare(&board, people).await;
    // From here on only the killed process has the database open.
    board.app.db.clone().close().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let client = Client::builder().redirect(Policy::none()).pool_max_idle_per_host(0).build().unwrap();
    let mut service = Service::start(&board.url, folder.path());
    service.ready(&client).await;

    let told = Arc::new(AtomicUsize::new(0));
    let gate = Arc::new(Semaphore::new(AT_ONCE));
    let crowd: Vec<_> = visitors
        .into_iter()
        .enumerate()
        .map(|(number, visitor)| {
            let (client, base, told, gate) = (client.clone(), service.base.clone(), told.clone(), gate.clone());
            tokio::spawn(async move {
                let _place = gate.acquire().await.unwrap();
                let answer = book(client, base, number, visitor).await;
                told.fetch_add(1, Ordering::SeqCst);
                answer
            })
        })
        .collect();
    let mut slowest: f64 = 0.0;
    for kill in 1..=kills {
        let dice = u64::from(secrets::random_bytes::<1>().unwrap()[0]);
        while told.load(Ordering::SeqCst) < people * kill / (kills + 1) {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        tokio::time::sleep(std::time::Duration::from_micros(dice * 100)).await;
        service.kill();
        service.start_again();
        slowest = slowest.max(service.ready(&client).await);
    }
    let mut answers = Vec::new();
    for person in crowd {
        answers.push(person.await.unwrap());
    }
    service.kill();
    println!("{kills} kills during {people} forms: ready again after at most {slowest:.2} s");
    agrees(&board.url, &answers).await;
}

/// Everything that people were told is true, and nothing else is.
async fn agrees(url: &str, told: &[Told]) {
    let database = Database::open(url).await.unwrap();
    let db = database.reader();
    let mut held = 0;
    for told in told {
        let theirs = booking::Entity::find().filter(booking::Column::PersonId.eq(told.person)).all(db).await.unwrap();
        match &told.reference {
            None => assert!(theirs.is_empty(), "{} was told that {} is full", told.person, told.session),
            Some(reference) => {
                assert_eq!(theirs.len(), 1, "{}", told.person);
                let booking = &theirs[0];
                assert_eq!((&booking.reference, booking.session_id), (reference, told.session));
                assert_eq!(booking.state, BookingState::Booked);
                let mails = outbox::Entity::find().filter(outbox::Column::PersonId.eq(told.person));
                assert_eq!(mails.count(db).await.unwrap(), 1, "{reference} has one mail");
                let sentences = audit::Entity::find()
                    .filter(audit::Column::SubjectKind.eq("booking"))
                    .filter(audit::Column::SubjectId.eq(booking.id.0));
                assert_eq!(sentences.count(db).await.unwrap(), 1, "{reference} has one sentence");
                held += 1;
            }
        }
    }
    assert_eq!(booking::Entity::find().count(db).await.unwrap(), held);
    assert_eq!(counters_check(db).await.unwrap(), Vec::new());
    for session in session::Entity::find().all(db).await.unwrap() {
        assert!(session.held <= session.capacity);
        // Everybody who did not get in was told so while the session was full, and nobody has given up a place.
        assert_eq!(session.held, PLACES);
    }
    if database.backend() == DatabaseBackend::Sqlite {
        for (check, fine) in [("integrity_check", Some("ok")), ("foreign_key_check", None)] {
            let row =
                db.query_one_raw(Statement::from_string(DatabaseBackend::Sqlite, format!("PRAGMA {check}"))).await;
            let said: Option<String> = row.unwrap().map(|row| row.try_get_by_index(0).unwrap());
            assert_eq!(said.as_deref(), fine, "{check}");
        }
    }
    database.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_kills_lose_nothing_that_was_confirmed() {
    survives(5, 200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long: make soak"]
async fn soak_fifty_kills_lose_nothing_that_was_confirmed() {
    survives(50, 1_000).await;
}
