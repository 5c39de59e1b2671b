//! Answering before and after: personal links, the code from the room, reminders, and what is kept of it all.

use crate::{
    board::{TestBoard, address_of},
    databases,
};
use learning_gain::{
    accounts::rules::PersonId,
    bookings::rules::{BookingId, BookingState, Outcome},
    charges::rules::PolicyVersionId,
    courses::rules::CourseId,
    entity::*,
    learning_gain::store::{Difference, verify},
    sessions::rules::SessionId,
    surveys::{
        rules::Wave,
        store::{after_code_in_txn, attendance_copied_in_txn, default_instrument_seed_in_txn, link_token_in_txn},
    },
};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

/// What somebody rates, in the questionnaire's order; the first is the core statement.
pub type Ratings = [i32; 5];

/// A course that asks before and after.
pub async fn asking_course(board: &TestBoard, title: &str) -> CourseId {
    let id = board.course(title).await;
    let txn = board.txn().await;
    let instrument = default_instrument_seed_in_txn("neglect", &txn).await.unwrap();
    let mut row = course::Entity::find_by_id(id).one(&txn).await.unwrap().unwrap().into_active_model();
    row.instrument_id = Set(Some(instrument));
    row.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    id
}

/// A place on a session, as a booking leaves it.
pub async fn place(board: &TestBoard, session: SessionId, person: PersonId) -> BookingId {
    let txn = board.txn().await;
    let reference = learning_gain::server::secrets::random_reference(8).unwrap();
    let row = booking::ActiveModel {
        reference: Set(reference.clone()),
        request_id: Set(reference),
        session_id: Set(session),
        person_id: Set(person),
        agency_confirmed: Set(false),
        person_kind: Set(learning_gain::accounts::rules::PersonKind::Employed),
        job_role: Set("Teacher".into()),
        state: Set(BookingState::Booked),
        policy_version_id: Set(PolicyVersionId(board.policy.0)),
        policy_accepted: Set(true),
        cancel_by: Set(board.now()),
        created_at: Set(board.now()),
        changed_at: Set(board.now()),
        booked_at: Set(Some(board.now())),
        walk_in: Set(false),
        ..Default::default()
    };
    let id = row.insert(&txn).await.unwrap().id;
    let row = session::Entity::find_by_id(session).one(&txn).await.unwrap().unwrap();
    let held = row.held + 1;
    let mut row = row.into_active_model();
    row.held = Set(held);
    row.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    id
}

/// The path of a booking's personal link.
pub async fn link(board: &TestBoard, booking: BookingId, wave: Wave) -> String {
    let txn = board.txn().await;
    let token = link_token_in_txn(booking, wave, &board.app.secrets, board.now(), &txn).await.unwrap();
    txn.commit().await.unwrap();
    token.expect("a link").path()
}

/// The fields of a filled-in questionnaire on the page that a browser shows.
pub fn fields(body: &str, ratings: Ratings) -> Vec<(String, String)> {
    let mut names: Vec<String> = Vec::new();
    for part in body.split("name=\"item-").skip(1) {
        let name = format!("item-{}", part.split('"').next().unwrap());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    assert_eq!(names.len(), 5, "five statements");
    names.into_iter().zip(ratings).map(|(name, rating)| (name, rating.to_string())).collect()
}

/// Answers a wave from beginning to end, as a stranger with the link.
pub async fn answer(board: &TestBoard, booking: BookingId, wave: Wave, ratings: Ratings) {
    let mut browser = board.stranger();
    browser.open(&link(board, booking, wave).await).await;
    let fields = fields(&browser.body, ratings);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.submit("Finish", &fields).await.must_say("Thank you");
}

/// Submits the session's register: who attended and who did not.
pub async fn register(board: &TestBoard, session: SessionId, attended: &[(BookingId, bool)]) {
    let txn = board.txn().await;
    for (booking, there) in attended {
        let row = booking::Entity::find_by_id(*booking).one(&txn).await.unwrap().unwrap();
        let mut row = row.into_active_model();
        row.outcome = Set(Some(if *there { Outcome::Attended } else { Outcome::DidNotAttend }));
        row.update(&txn).await.unwrap();
    }
    attendance_copied_in_txn(session, attended, &board.app.secrets, board.now(), &txn).await.unwrap();
    txn.commit().await.unwrap();
}

/// What `verify` finds wrong; nothing, on every board.
pub async fn differences(board: &TestBoard) -> Vec<Difference> {
    verify(board.app.db.reader()).await.unwrap()
}

/// A board with a course, a session on 17 March at 10:00 and somebody with a place on it.
/// One place on a session of a course that asks before and after.
pub async fn board_with_a_place() -> (TestBoard, SessionId, PersonId, BookingId) {
    let board = TestBoard::new().await;
    let course = asking_course(&board, "Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let person = board.person("Amira Khan").await;
    let booking = place(&board, session, person).await;
    (board, session, person, booking)
}

#[tokio::test]
async fn a_link_is_resumed_and_spent_by_finishing_only() {
    let (board, _, _, booking) = board_with_a_place().await;
    let path = link(&board, booking, Wave::Before).await;
    // Mail scanners open links, and some only ask for their head.
    for _ in 0..3 {
        board.stranger().open(&path).await.must_say("Before the session");
        reqwest::Client::new().head(format!("{}{path}", board.base)).send().await.unwrap();
    }
    assert!(participation::Entity::find().all(board.app.db.reader()).await.unwrap().is_empty());

    let mut browser = board.stranger();
    browser.open(&path).await;
    assert!(browser.body.len() < 30 * 1024, "{} bytes", browser.body.len());
    assert!(!browser.body.contains("<script"));
    let filled = fields(&browser.body, [2, 3, 2, 3, 4]);
    let (first, second) = (&filled[0], &filled[1]);
    browser.submit("Save and come back", &[(&first.0, &first.1), (&second.0, &second.1)]).await;
    browser.must_say("Before the session");
    assert!(browser.body.contains("Your answers are saved"));

    // Another device: what was saved is there, and finishing with gaps is refused, losing nothing.
    let mut phone = board.stranger();
    phone.open(&path).await;
    let (_, standing) = phone.form_with_button("Finish");
    assert!(standing.contains(first) && standing.contains(second), "{standing:?}");
    phone.submit("Finish", &[(&filled[2].0, "5")]).await;
    assert_eq!(phone.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(phone.title().starts_with("Error: "));
    phone.open(&path).await;
    assert!(phone.form_with_button("Finish").1.contains(&(filled[2].0.clone(), "5".into())));

    phone.submit("Finish", &[(&filled[3].0, "1"), (&filled[4].0, "1")]).await.must_say("Thank you");
    for browser in [&mut phone, &mut browser] {
        browser.open(&path).await.must_say("Thank you");
        assert!(!browser.body.contains("name=\"item-"), "no answers afterwards");
        browser.post(&path, &[(&first.0, "5"), ("do", "finish")]).await.must_say("Thank you");
    }
    let kept = answer::Entity::find().all(board.app.db.reader()).await.unwrap();
    let mut values: Vec<i32> = kept.iter().map(|answer| answer.value).collect();
    values.sort_unstable();
    assert_eq!(values, [1, 1, 2, 3, 5], "what came after finishing changed nothing");
}

#[tokio::test]
async fn a_statement_can_be_left_out_on_purpose_and_nonsense_is_refused() {
    let (board, _, _, booking) = board_with_a_place().await;
    let path = link(&board, booking, Wave::Before).await;
    let mut browser = board.stranger();
    browser.open(&path).await;
    let filled = fields(&browser.body, [2; 5]);
    for nonsense in ["9", "0", "-1", "<b>", "99999999999999999999"] {
        browser.post(&path, &[(&filled[0].0, nonsense), ("do", "save")]).await.must_say("Choose one of the answers");
        assert_eq!(browser.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    browser.post(&path, &[("do", "finish"), ("short", "yes")]).await;
    assert_eq!(browser.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing at all is no answer");
    browser.post(&path, &[(&filled[0].0, "2"), ("do", "finish"), ("short", "yes")]).await.must_say("Thank you");
}

#[tokio::test]
async fn forged_cut_and_foreign_links_open_nothing() {
    let (board, session, _, booking) = board_with_a_place().await;
    let other = place(&board, session, board.person("Bela Other").await).await;
    let (mine, theirs) = (link(&board, booking, Wave::Before).await, link(&board, other, Wave::Before).await);
    let reference = |path: &str| path.strip_prefix("/answers/").unwrap().split('-').next().unwrap().to_owned();
    let swapped = mine.replace(&reference(&mine), &reference(&theirs));
    let after = mine.replace("-b-", "-a-");
    let mut browser = board.stranger();
    for path in [
        &mine[..mine.len() - 1],
        &mine[..12],
        &swapped,
        &after,
        "/answers/x",
        "/answers/%F0%9F%98%80-b-1",
        "/answers/-b-",
    ] {
        browser.open(path).await;
        assert_eq!(browser.status, StatusCode::NOT_FOUND, "{path}");
        browser.must_say("This link does not work");
        browser.post(path, &[("item-1", "3"), ("do", "finish")]).await;
        assert_eq!(browser.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(answer::Entity::find().all(board.app.db.reader()).await.unwrap().is_empty());
}

#[tokio::test]
async fn waves_open_and_close_and_say_so() {
    let (board, session, _, booking) = board_with_a_place().await;
    let (before, after) = (link(&board, booking, Wave::Before).await, link(&board, booking, Wave::After).await);
    let mut browser = board.stranger();
    browser.open(&after).await.must_say("A little too early").must_say("12:20pm on Monday 17 March 2025");
    board.set_clock("2025-03-17 10:29");
    browser.open(&before).await.must_say("at the door");
    board.set_clock("2025-03-17 10:30");
    browser.open(&before).await.must_say("These questions are closed");
    assert_eq!(browser.status, StatusCode::GONE);
    board.set_clock("2025-03-17 12:20");
    browser.open(&after).await.must_say("After the session");
    board.set_clock("2025-04-08 00:00");
    browser.open(&after).await.must_say("These questions are closed");
    board.run_jobs().await;
    assert_eq!(board.session_row(session).await.survey_salt, None);
    browser.open(&after).await.must_say("These questions are closed");
    assert!(!browser.says("Neglect"), "nothing can be checked any more, so nothing is told");
}

#[tokio::test]
async fn a_place_given_up_or_a_cancelled_session_asks_nothing() {
    let (board, session, _, booking) = board_with_a_place().await;
    let path = link(&board, booking, Wave::Before).await;
    let txn = board.txn().await;
    let row = booking::Entity::find_by_id(booking).one(&txn).await.unwrap().unwrap();
    let mut row = row.into_active_model();
    row.state = Set(BookingState::CancelledInTime);
    row.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let mut browser = board.stranger();
    browser.open(&path).await.must_say("You no longer have a place");
    let txn = board.txn().await;
    let row = session::Entity::find_by_id(session).one(&txn).await.unwrap().unwrap();
    let mut row = row.into_active_model();
    row.status = Set(learning_gain::sessions::rules::SessionStatus::Cancelled);
    row.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    browser.open(&path).await.must_say("The session was cancelled");
}

#[tokio::test]
async fn the_code_from_the_room_lets_in_who_has_a_place_and_nobody_else() {
    let (board, session, person, booking) = board_with_a_place().await;
    let txn = board.txn().await;
    let code = after_code_in_txn(session, board.now(), &txn).await.unwrap().unwrap();
    txn.commit().await.unwrap();
    board.set_clock("2025-03-17 12:25");
    let reference = board.bookings_of(session).await[0].reference.clone();

    let mut browser = board.stranger();
    browser.open("/answer").await;
    browser
        .submit("Continue", &[("code", &code.to_lowercase()), ("who", &reference)])
        .await
        .must_say("After the session");
    browser.open("/answer").await;
    browser.submit("Continue", &[("code", "ZZZZZZ"), ("who", &reference)]).await;
    assert_eq!(browser.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut signed_in = board.signed_in(person).await;
    signed_in.open("/answer").await.submit("Continue", &[("code", &code)]).await.must_say("After the session");
    let mut other = board.signed_in(board.person("Bela Other").await).await;
    other.open("/answer").await.submit("Continue", &[("code", &code)]).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);

    // By address the link is mailed, and the page says the same for a stranger's.
    for who in [address_of("Amira Khan"), "nobody@nowhere.example".to_owned()] {
        browser
            .open("/answer")
            .await
            .submit("Continue", &[("code", &code), ("who", &who)])
            .await
            .must_say("Check your email");
    }
    let path = link(&board, booking, Wave::After).await;
    let mails = board.mails().await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].body.as_deref().unwrap().contains(&path));

    for _ in 0..10 {
        browser.post("/answer", &[("code", "ZZZZZZ"), ("who", "AAAAAAAA")]).await;
    }
    browser.post("/answer", &[("code", "ZZZZZZ"), ("who", "AAAAAAAA")]).await.must_say("Too many tries");
    browser.post("/answer", &[("code", &code), ("who", &reference)]).await.must_say("After the session");
}

#[tokio::test]
async fn people_are_asked_at_the_end_and_reminded_three_times_until_they_finish() {
    let (board, session, _, booking) = board_with_a_place().await;
    let other = place(&board, session, board.person("Bela Other").await).await;
    let count = async |name: &str| board.mails_to(&address_of(name)).await.len();
    let run = async |at: &str| {
        board.set_clock(at);
        board.run_jobs().await;
        board.run_jobs().await;
    };
    run("2025-03-07 09:00").await;
    assert_eq!(count("Amira Khan").await, 0);
    run("2025-03-07 10:01").await;
    assert_eq!(count("Amira Khan").await, 1, "ten days before");
    answer(&board, booking, Wave::Before, [2; 5]).await;
    run("2025-03-16 09:00").await;
    assert_eq!((count("Amira Khan").await, count("Bela Other").await), (1, 2), "two moments passed, one mail");

    run("2025-03-17 12:21").await;
    assert_eq!((count("Amira Khan").await, count("Bela Other").await), (2, 3));
    register(&board, session, &[(booking, true), (other, false)]).await;
    for day in ["2025-03-20 13:00", "2025-03-25 13:00", "2025-04-01 13:00", "2025-04-06 13:00"] {
        run(day).await;
    }
    assert_eq!((count("Amira Khan").await, count("Bela Other").await), (5, 3), "not who stayed away");

    let before = board.mails().await;
    assert!(before.iter().all(|mail| mail.has_personal_link && mail.body.as_deref().unwrap().contains("/answers/")));
    board.send_mails().await;
    let sent = board.mails().await;
    assert!(sent.iter().all(|mail| mail.sent_at.is_some() && mail.body.is_none() && mail.html.is_none()));
}

#[tokio::test]
async fn nothing_that_is_kept_joins_answers_to_people() {
    let (board, session, _, booking) = board_with_a_place().await;
    answer(&board, booking, Wave::Before, [1, 2, 3, 4, 5]).await;
    board.set_clock("2025-03-17 12:30");
    answer(&board, booking, Wave::After, [5, 4, 3, 2, 1]).await;
    register(&board, session, &[(booking, true)]).await;
    board.send_mails().await;

    let reference = board.bookings_of(session).await[0].reference.clone();
    let responses = response::Entity::find().all(board.app.db.reader()).await.unwrap();
    assert_eq!(responses.len(), 2);
    let key = responses[0].pairing_key.clone();
    assert!(responses.iter().all(|row| row.pairing_key == key && row.attended == Some(true)), "both waves pair");
    assert!(!key.contains(&reference) && key.len() == 64);
    for row in audit::Entity::find().all(board.app.db.reader()).await.unwrap() {
        assert!(!row.sentence.to_lowercase().contains("answer"), "{}", row.sentence);
    }
    for mail in board.mails().await {
        assert!(!format!("{mail:?}").contains(&key));
    }
    let finished = participation::Entity::find().filter(participation::Column::Finished.eq(true));
    assert_eq!(finished.all(board.app.db.reader()).await.unwrap().len(), 2);
    // Nothing of SQLite's own tells in which order rows came.
    use sea_orm::ConnectionTrait;
    for table in ["responses", "answers", "participations"] {
        let order = board.app.db.reader().execute_unprepared(&format!("SELECT rowid FROM {table}")).await;
        assert!(order.is_err(), "{table} has row numbers");
    }
    // Nothing of PostgreSQL's own tells which rows were written together, once the questions are closed.
    board.set_clock("2025-04-08 00:00");
    board.run_jobs().await;
    assert_eq!(response::Entity::find().all(board.app.db.reader()).await.unwrap().len(), 2);
    if databases::is_postgres() {
        let sql = "SELECT COUNT(*) FROM participations p JOIN responses r ON r.xmin::text = p.xmin::text";
        let statement = sea_orm::Statement::from_string(board.app.db.backend(), sql);
        let row = board.app.db.reader().query_one_raw(statement).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 0);
    }
}
