//! Ways into the survey after a session besides the mail: the code in the room, and the link on the booking's page.

use crate::{
    browser::Browser,
    surveys::{self, board_with_a_place},
};
use learning_gain::surveys::rules::Wave;

#[tokio::test]
async fn the_trainer_makes_the_code_and_shows_it_to_the_room() {
    let (board, session, _, _) = board_with_a_place().await;
    let (tessa, mut trainer) = board.learner("Tessa Trainer").await;
    board.trains(tessa, session).await;
    let page = format!("/training/sessions/{session}");
    let shown = |trainer: &Browser| {
        let text = trainer.under("Survey after the session");
        text.split_once(" Enter it at").unwrap().0.split_whitespace().last().unwrap().to_owned()
    };
    trainer.open(&page).await.submit("Make the code", &[]).await;
    let code = shown(&trainer);
    assert!(trainer.body.contains("aria-label=\"QR code of the address\""));
    trainer.post(&format!("{page}/code"), &[]).await;
    assert_eq!(shown(&trainer), code, "making it twice is making it once");

    let reference = board.bookings_of(session).await[0].reference.clone();
    board.set_clock("2025-03-17 12:25");
    let mut phone = board.stranger();
    phone.open(&trainer.link("/answer")).await;
    phone.submit("Continue", &[("code", &code), ("who", &reference)]).await.must_say("After the session");
}

#[tokio::test]
async fn the_bookings_page_leads_to_the_questions_that_are_open() {
    let (board, session, person, booking) = board_with_a_place().await;
    // The mail that confirmed the place had the link already.
    surveys::link(&board, booking, Wave::Before).await;
    let page = format!("/bookings/{}", board.bookings_of(session).await[0].reference);
    let mut amira = board.signed_in(person).await;
    let (before, after) = ("Answer a few questions before you come", "Answer a few questions after the session");
    amira.open(&page).await.must_say(before);
    assert!(!amira.says(after));
    let link = amira.link(before);
    amira.open(&link).await.must_say("Before the session");

    board.set_clock("2025-03-17 12:19");
    amira.open(&page).await;
    assert!(!amira.says(after), "ten minutes before the end is early enough");
    board.set_clock("2025-03-17 12:30");
    amira.open(&page).await.must_say(after);
    assert!(!amira.says(before), "before is over");
    let link = amira.link(after);
    amira.open(&link).await.must_say("After the session");

    // Somebody of the office reads the booking, and does not answer for her.
    let mut office = board.office().await;
    office.open(&page).await;
    assert!(office.status.is_success() && !office.says(after) && !office.body.contains("/answers/"));
}
