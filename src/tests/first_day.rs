//! From an empty board to its first booking, as a board's first administrator and its first learner live it.

use crate::{
    accounts::{is_signed_in, newest_code},
    board::{FIRST_RUN_CODE, TestBoard, address_of},
    courses::NEW_COURSE,
    sessions::ON_17_MARCH,
};
use learning_gain::entity::{person, policy_version};
use reqwest::StatusCode;
use sea_orm::{EntityTrait, PaginatorTrait};

#[tokio::test]
async fn an_empty_board_is_set_up_publishes_a_session_and_takes_its_first_booking() {
    let board = TestBoard::empty(false).await;
    let mut admin = board.stranger();
    let answers = [
        ("code", FIRST_RUN_CODE),
        ("board_name", "Exampleshire Safeguarding Children Board"),
        ("service_name", "Exampleshire training"),
        ("contact", "training@exampleshire.example"),
        ("name", "Olive Office"),
        ("email", "olive@exampleshire.example"),
    ];
    admin.open("/first-run").await.submit("Set up and sign in", &answers).await.must_say("Create your first course");
    admin.open("/office/courses/new").await.submit("Save and show to everyone", &NEW_COURSE).await;
    admin.must_say("The course is added.");
    admin.open("/office/sessions/new?course=1").await.submit("Save and publish", &ON_17_MARCH).await;
    admin.must_say("The session is published.");

    let mut learner = board.stranger();
    let to = address_of("Nora Newcomer");
    learner.open("/sign-in").await.submit("Send me a code", &[("email", &to)]).await;
    let code = newest_code(&board, &to).await;
    learner.submit("Continue", &[("code", &code)]).await;
    let me = [
        ("name", "Nora Newcomer"),
        ("kind", "employed"),
        ("under_18", "no"),
        ("agency", "not-listed"),
        ("agency_name", "Little Oaks"),
    ];
    learner.submit("Create account", &me).await.must_say("Hello, Nora Newcomer");
    learner.open("/sessions/1/book/details").await;
    let details = [("agency", "myself"), ("job_role", "Teacher"), ("person_kind", "employed")];
    learner.submit("Continue", &details).await.must_say("11:59pm on Thursday 6 March 2025");
    learner.submit("Book this place", &[("accept", "yes")]).await.must_say("Place booked");
    admin.open("/office/bookings").await.must_say("Nora Newcomer").must_say("1 found.");
    assert!(board.mails_to(&to).await.iter().any(|mail| mail.kind == "booking_confirmed"));
}

#[tokio::test]
async fn the_first_run_needs_the_code_and_exists_once() {
    let board = TestBoard::empty(false).await;
    let mut admin = board.stranger();
    admin.open("/").await.must_say("not set up yet");
    admin.open("/first-run").await;
    let answers = [
        ("board_name", "Exampleshire Safeguarding Children Board"),
        ("service_name", "Exampleshire training"),
        ("contact", "training@exampleshire.example"),
        ("name", "Olive Office"),
        ("email", "Olive@exampleshire.example"),
    ];
    let with = |code: &'static str, answers: &[(&'static str, &'static str)]| {
        let mut fields = vec![("code", code)];
        fields.extend_from_slice(answers);
        fields
    };
    admin.submit("Set up and sign in", &with("WRONGONE", &answers)).await.must_say("The code is not right");
    assert_eq!(admin.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(admin.body.contains("value=\"Olive Office\""), "what was typed is gone");
    assert_eq!(person::Entity::find().count(board.app.db.reader()).await.unwrap(), 0);
    admin.submit("Set up and sign in", &with(FIRST_RUN_CODE, &[("contact", "nobody")])).await.must_say("email address");
    admin.submit("Set up and sign in", &with(FIRST_RUN_CODE, &answers)).await.must_say("Create your first course");
    assert!(is_signed_in(&admin));
    let policy = policy_version::Entity::find().one(board.app.db.reader()).await.unwrap().expect("a policy");
    assert_eq!((policy.notice_days, policy.amount_pence, policy.late_after_minutes), (6, 5000, 20));
    assert!(admin.body.contains("Exampleshire training"));

    for browser in [&mut admin, &mut board.stranger()] {
        browser.open("/first-run").await;
        assert_eq!(browser.status, StatusCode::NOT_FOUND);
        browser.post("/first-run", &with(FIRST_RUN_CODE, &answers)).await;
        assert_eq!(browser.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(person::Entity::find().count(board.app.db.reader()).await.unwrap(), 1);
}

#[tokio::test]
async fn the_first_run_code_cannot_be_guessed_for_long_and_not_in_a_demonstration() {
    let board = TestBoard::empty(false).await;
    let mut attacker = board.stranger();
    for _ in 0..10 {
        attacker.post("/first-run", &[("code", "GUESSING")]).await;
        assert_eq!(attacker.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    attacker.post("/first-run", &[("code", FIRST_RUN_CODE)]).await;
    assert_eq!(attacker.status, StatusCode::TOO_MANY_REQUESTS);

    let demo = TestBoard::empty(true).await;
    let mut visitor = demo.stranger();
    visitor.open("/first-run").await;
    assert_eq!(visitor.status, StatusCode::NOT_FOUND);
}
