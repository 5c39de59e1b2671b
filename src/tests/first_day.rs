//! From an empty board to its first booking, as a board's first administrator and its first learner live it.

use crate::{
    accounts::newest_code,
    board::{FIRST_RUN_CODE, TestBoard, address_of},
    courses::NEW_COURSE,
    sessions::ON_17_MARCH,
};

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
