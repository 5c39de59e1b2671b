//! Walk-ins from the register's island: who may, what is refused, and that nobody is added twice.

use crate::{
    attendance::place,
    board::{TestBoard, address_of},
    browser::Browser,
};
use learning_gain::{
    attendance::rules::Mark,
    bookings::rules::BookingState,
    entity::{address, agency, audit, booking, mark, mark_history, membership, person, session},
    sessions::rules::{SessionId, SessionStatus},
};
use reqwest::StatusCode;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
};
use serde_json::Value;

const PEOPLE: &str = "/api/register/people";
const WALK_IN: &str = "/api/register/walk-in";

/// A session that begins in half an hour, its trainer, and somebody who is known and has no place on it.
struct Door {
    board: TestBoard,
    session: SessionId,
    trainer: Browser,
    amira: String,
}

async fn door() -> Door {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let (tessa, trainer) = board.learner("Tessa Trainer").await;
    board.trains(tessa, session).await;
    let (amira, _) = board.learner("Amira Khan").await;
    board.set_clock("2025-03-17 09:30");
    Door { board, session, trainer, amira: amira.to_string() }
}

/// Calls an endpoint as the island does, and reads the answer.
async fn ask(browser: &mut Browser, endpoint: &str, fields: &[(&str, &str)]) -> Value {
    let mut all = vec![("date", "1")];
    all.extend(fields);
    browser.post(endpoint, &all).await;
    assert_eq!(browser.status, StatusCode::OK, "{endpoint} {fields:?}: {}", browser.body);
    assert!(!browser.path.contains("Khan") && !browser.path.contains('?'), "typed text in {}", browser.path);
    serde_json::from_str(&browser.body).unwrap()
}

/// The sentence at a field.
fn problem<'a>(answer: &'a Value, field: &str) -> &'a str {
    let problems = answer["problems"].as_array().unwrap();
    let found = problems.iter().find(|problem| problem["field"] == field);
    found.and_then(|problem| problem["sentence"].as_str()).unwrap_or_else(|| panic!("nothing at “{field}”: {answer}"))
}

async fn people(board: &TestBoard) -> u64 {
    person::Entity::find().count(board.app.db.reader()).await.unwrap()
}

#[tokio::test]
async fn a_known_person_is_found_and_added_once_however_often_it_is_sent() {
    let Door { board, session, mut trainer, amira } = door().await;
    let answer = ask(&mut trainer, PEOPLE, &[("search", "amira")]).await;
    let found = &answer["found"][0];
    assert_eq!((found["name"].as_str(), found["agency"].as_str()), (Some("Amira Khan"), Some("Oak School")));
    assert_eq!((found["person"].to_string(), found["on_register"].as_bool()), (amira.clone(), Some(false)));
    assert_eq!(answer["found"].as_array().unwrap().len(), 1);
    assert_eq!(answer["agencies"][0]["name"], "Oak School");
    // Not more than the page for it shows.
    let keys: Vec<&String> = found.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["agency", "asks", "choices", "name", "on_register", "person"]);
    assert!(!trainer.body.contains(&address_of("Amira Khan")), "a search shows no addresses");

    let before = people(&board).await;
    let wish = [("person", amira.as_str()), ("nonce", "000000000000001-7")];
    let first = ask(&mut trainer, WALK_IN, &wish).await;
    let added = &first["added"];
    assert_eq!((added["name"].as_str(), added["detail"].as_str()), (Some("Amira Khan"), Some("Teacher, Oak School")));
    assert_eq!((added["mark"].as_str(), added["walk_in"].as_bool()), (Some("present"), Some(true)));
    assert_eq!(ask(&mut trainer, WALK_IN, &wish).await, first, "sent again, it answers the same");
    let rows = board.bookings_of(session).await;
    assert_eq!((rows.len(), rows[0].state, people(&board).await), (1, BookingState::Booked, before));
    let db = board.app.db.reader();
    assert_eq!(mark::Entity::find().one(db).await.unwrap().unwrap().mark, Mark::Present);
    let told = audit::Entity::find().filter(audit::Column::Sentence.contains("walked in"));
    assert_eq!(told.count(db).await.unwrap(), 1);

    // Another wish for the same person is refused, at the field.
    let again = ask(&mut trainer, WALK_IN, &[("person", &amira), ("nonce", "000000000000002-7")]).await;
    assert_eq!(problem(&again, "search"), "Amira Khan is on the register already");
    let answer = ask(&mut trainer, PEOPLE, &[("search", &address_of("Amira Khan"))]).await;
    assert_eq!(answer["found"][0]["on_register"], true);
    trainer.open(&format!("/training/sessions/{session}/register/1")).await.must_say("1 of 1 marked");
}

#[tokio::test]
async fn somebody_new_is_added_once_and_what_is_wrong_is_said_at_its_field() {
    let Door { board, session, mut trainer, .. } = door().await;
    let before = people(&board).await;
    let refused = ask(&mut trainer, WALK_IN, &[("name", " "), ("email", "nonsense"), ("nonce", "n1")]).await;
    assert_eq!(problem(&refused, "name"), "Enter the person’s full name");
    assert!(problem(&refused, "email").contains("in the correct format"));
    let known = address_of("Amira Khan");
    let refused = ask(&mut trainer, WALK_IN, &[("name", "A. Khan"), ("email", &known), ("nonce", "n1")]).await;
    assert!(problem(&refused, "email").contains("belongs to Amira Khan"));
    let refused = ask(&mut trainer, WALK_IN, &[("name", "Nora New"), ("agency", "999"), ("nonce", "n1")]).await;
    assert!(problem(&refused, "agency").starts_with("Choose an agency"));
    let long = "x".repeat(121);
    let refused = ask(&mut trainer, WALK_IN, &[("name", &long), ("nonce", "n1")]).await;
    assert!(problem(&refused, "name").contains("120 characters"));
    assert_eq!(people(&board).await, before, "a refusal adds nobody");

    let db = board.app.db.reader();
    let school = agency::Entity::find().one(db).await.unwrap().unwrap().id.to_string();
    let new = [("name", "Nora New"), ("email", "nora@new.example"), ("job_role", "Nurse"), ("agency", &school)];
    let mut wish = new.to_vec();
    wish.push(("nonce", "n1"));
    let first = ask(&mut trainer, WALK_IN, &wish).await;
    assert_eq!(
        (first["added"]["name"].as_str(), first["added"]["detail"].as_str()),
        (Some("Nora New"), Some("Nurse, Oak School"))
    );
    for _ in 0..3 {
        assert_eq!(ask(&mut trainer, WALK_IN, &wish).await, first);
    }
    assert_eq!((people(&board).await, board.bookings_of(session).await.len()), (before + 1, 1));
    let row = address::Entity::find().filter(address::Column::Address.eq("nora@new.example"));
    assert_eq!(row.one(db).await.unwrap().unwrap().proven_at, None);
    let nora = board.bookings_of(session).await[0].person_id;
    let member = membership::Entity::find().filter(membership::Column::PersonId.eq(nora));
    assert_eq!(member.one(db).await.unwrap().unwrap().confirmed_at, None);

    // Two people without an address, from one page that was gone back to: the same request is not the same person.
    for name in ["Olu One", "Tia Two", "Tia Two"] {
        ask(&mut trainer, WALK_IN, &[("name", name), ("nonce", "n2")]).await;
    }
    assert_eq!(board.bookings_of(session).await.len(), 3);
    assert_eq!(board.session_row(session).await.held, 0, "walk-ins are counted apart");
    let nonces = mark_history::Entity::find().all(db).await.unwrap();
    assert!(nonces.iter().all(|row| !row.nonce.contains("Olu") && !row.nonce.contains('@')), "a name in a nonce");
}

#[tokio::test]
async fn ten_requests_at_once_are_one_walk_in() {
    let Door { board, session, trainer, .. } = door().await;
    drop(trainer);
    let tessa = person::Entity::find().filter(person::Column::Name.eq("Tessa Trainer"));
    let tessa = tessa.one(board.app.db.reader()).await.unwrap().unwrap().id;
    let mut running = Vec::new();
    for _ in 0..10 {
        let mut browser = board.signed_in(tessa).await;
        running.push(tokio::spawn(async move {
            ask(&mut browser, WALK_IN, &[("name", "Nora New"), ("nonce", "n1")]).await["added"].to_string()
        }));
    }
    let mut answers = Vec::new();
    for task in running {
        answers.push(task.await.unwrap());
    }
    assert!(answers[0].contains("Nora New") && answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(board.bookings_of(session).await.len(), 1);
}

#[tokio::test]
async fn only_who_may_write_the_register_searches_and_adds() {
    let Door { board, session, mut trainer, amira } = door().await;
    let course = board.course("Other").await;
    let other = board.session(course, "2025-03-17 10:00", 20).await;
    let (otto, mut other_trainer) = board.learner("Otto Other").await;
    board.trains(otto, other).await;
    let (_, mut learner) = board.learner("Lena Learner").await;
    let mut stranger = board.stranger();
    let wish = [("person", amira.as_str()), ("nonce", "n1")];
    for (who, browser) in
        [("stranger", &mut stranger), ("learner", &mut learner), ("other trainer", &mut other_trainer)]
    {
        for (endpoint, fields) in [(PEOPLE, &[("search", "amira")][..]), (WALK_IN, &wish[..])] {
            let answer = ask(browser, endpoint, fields).await;
            let sentence = problem(&answer, "");
            assert!(sentence.contains("not yours") || sentence.contains("signed out"), "{who}: {sentence}");
            assert!(!browser.body.contains("Amira") && !browser.body.contains("Oak School"), "{who}: {}", browser.body);
        }
    }
    // A date that is not there is nobody's, and neither says which it is.
    trainer.post(PEOPLE, &[("date", "999"), ("search", "amira")]).await;
    assert!(trainer.body.contains("This register is not yours."), "{}", trainer.body);
    trainer.post(WALK_IN, &[("date", "2"), ("person", &amira), ("nonce", "n1")]).await;
    assert!(trainer.body.contains("This register is not yours."), "{}", trainer.body);
    assert!(board.bookings_of(session).await.is_empty() && board.bookings_of(other).await.is_empty());

    let mut office = board.office().await;
    let added = ask(&mut office, WALK_IN, &wish).await;
    assert_eq!(added["added"]["name"], "Amira Khan");
    // Nobody's nonce stands in the way of somebody else's.
    let refused = ask(&mut trainer, WALK_IN, &wish).await;
    assert!(problem(&refused, "search").contains("on the register already"));
    // Another site cannot make a trainer's browser do it.
    let request =
        reqwest::Client::new().post(format!("{}{WALK_IN}", board.base)).header("sec-fetch-site", "cross-site");
    let answer = request.form(&[("date", "1"), ("nonce", "n9"), ("name", "Eve")]).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_register_that_is_not_open_locked_or_of_a_cancelled_session_takes_nobody() {
    let Door { board, session, mut trainer, amira } = door().await;
    let wish = [("person", amira.as_str()), ("nonce", "n1")];
    let search = [("search", "amira")];
    board.set_clock("2025-03-17 08:00");
    for (endpoint, fields) in [(PEOPLE, &search[..]), (WALK_IN, &wish[..])] {
        assert!(problem(&ask(&mut trainer, endpoint, fields).await, "").contains("opens 60 minutes before"));
    }
    board.set_clock("2025-03-17 10:30");
    let (ben, _) = board.learner("Ben Cole").await;
    place(&board, session, ben).await;
    let register = format!("/training/sessions/{session}/register/1");
    trainer.open(&register).await.submit("Save and submit", &[]).await;
    trainer.submit("Submit the register", &[("rest", "did_not_attend")]).await.must_say("The register is submitted");
    board.set_clock("2025-03-25 09:00");
    for (endpoint, fields) in [(PEOPLE, &search[..]), (WALK_IN, &wish[..])] {
        assert!(problem(&ask(&mut trainer, endpoint, fields).await, "").contains("locked"));
    }
    trainer.open(&register).await;
    assert!(!trainer.body.contains("not on the list"), "no way to add somebody to a locked register");
    assert_eq!(board.bookings_of(session).await.len(), 1);

    board.set_clock("2025-03-17 10:30");
    let row = board.session_row(session).await;
    let txn = board.txn().await;
    let cancelled = session::ActiveModel { status: Set(SessionStatus::Cancelled), ..row.into_active_model() };
    cancelled.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    for (endpoint, fields) in [(PEOPLE, &search[..]), (WALK_IN, &wish[..])] {
        assert!(problem(&ask(&mut trainer, endpoint, fields).await, "").contains("was cancelled"));
    }
    let walk_in = format!("{register}/walk-in");
    trainer.post(&walk_in, &[("action", "add"), ("person", &amira)]).await.must_say("This session was cancelled");
    assert_eq!(booking::Entity::find().count(board.app.db.reader()).await.unwrap(), 1);
}

#[tokio::test]
async fn nonsense_is_answered_and_changes_nothing() {
    let Door { board, session, mut trainer, amira } = door().await;
    let empty = ask(&mut trainer, PEOPLE, &[("search", "  ")]).await;
    assert_eq!(problem(&empty, "search"), "Enter a name or an email address");
    for search in ["am", "%%%", "___", "\0\0\0abc", "nobody@nowhere.example", &"x".repeat(5000)] {
        let answer = ask(&mut trainer, PEOPLE, &[("search", search)]).await;
        assert_eq!(answer["found"].as_array().map(Vec::len), Some(0), "{search}");
    }
    for nonce in ["", "a\0b", &"n".repeat(65)] {
        let answer = ask(&mut trainer, WALK_IN, &[("person", &amira), ("nonce", nonce)]).await;
        assert!(problem(&answer, "").contains("out of date"), "{nonce:?}");
    }
    let answer = ask(&mut trainer, WALK_IN, &[("name", "a\0b"), ("nonce", "n1")]).await;
    assert!(problem(&answer, "").contains("out of date"));
    let answer = ask(&mut trainer, WALK_IN, &[("person", "999999"), ("nonce", "n1")]).await;
    assert!(problem(&answer, "search").contains("no longer here"));
    for fields in
        [&[("date", "x"), ("search", "amira")][..], &[("search", "amira")], &[("date", "1e9"), ("nonce", "n")]]
    {
        for endpoint in [PEOPLE, WALK_IN] {
            trainer.post(endpoint, fields).await;
            assert!(!trainer.body.contains("\"added\":{") && !trainer.body.contains("Amira"), "{}", trainer.body);
            assert_ne!(trainer.status, StatusCode::OK, "{endpoint} {fields:?}: {}", trainer.body);
        }
    }
    assert!(board.bookings_of(session).await.is_empty());
}

/// The page for it, which stays for browsers without JavaScript: its button pressed twice adds one person.
#[tokio::test]
async fn the_plain_page_adds_somebody_new_once_too() {
    let Door { board, session, mut trainer, .. } = door().await;
    trainer.open(&format!("/training/sessions/{session}/register/1/walk-in")).await;
    let (action, mut fields) = trainer.form_with_button("Add to the register");
    fields.retain(|(name, _)| name != "name");
    fields.push(("name".into(), "Nora New".into()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for _ in 0..2 {
        trainer.post(&action, &fields).await.must_say("1 of 1 marked");
    }
    assert_eq!(board.bookings_of(session).await.len(), 1);
}
