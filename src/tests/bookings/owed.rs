//! What nobody owes: for a session that the board moved or cancelled, on a place that was confirmed late; and what does
//! not make a late cancellation good.

use super::{
    book,
    moved::change,
    must_count, reference, row,
    scene::{asked_by, asks_for_approval, cancel, neglect},
};
use crate::{
    attendance::charges,
    board::{TestBoard, address_of},
    browser::Browser,
};
use learning_gain::{
    accounts::rules::Role,
    bookings::rules::{BookingId, BookingState, Outcome},
    charges::rules::{ChargeState, Trigger},
    sessions::rules::SessionId,
};

/// The register of the only date is submitted by an administrator who signs in for it: these people came, nobody else.
async fn submit_register(board: &TestBoard, session: SessionId, came: &[BookingId]) {
    let (_, mut office) = board.with_role("Oscar Office", Role::Administrator).await;
    let register = format!("/training/sessions/{session}/register/1");
    let fields: Vec<String> = came.iter().map(|booking| format!("mark-{booking}")).collect();
    let marks: Vec<(&str, &str)> = fields.iter().map(|field| (field.as_str(), "present")).collect();
    if !marks.is_empty() {
        office.open(&register).await.submit("Save and submit", &marks).await;
    }
    office
        .post(&format!("{register}/submit"), &[("rest", "did_not_attend")])
        .await
        .must_say("The register is submitted");
}

#[tokio::test]
async fn whoever_stands_in_for_somebody_on_a_moved_session_is_not_charged_either() {
    let (board, session) = neglect("2025-03-31 10:00", 5).await;
    let (mut amira, _) = asked_by(&board, "Amira Khan", session).await;
    let mut office = board.office().await;
    board.set_clock("2025-03-04 09:00");
    change(&mut office, session, &[("date1-from", "11am")]).await;
    board.set_clock("2025-03-04 09:10");
    let (_, coras) = asked_by(&board, "Cora Diaz", session).await;
    amira.open(&format!("/bookings/{}/colleague", reference(&amira))).await;
    amira.submit("Give my place", &[("name", "Ben Okoro"), ("email", "ben@people.example")]).await;
    board.set_clock("2025-03-31 14:00");
    submit_register(&board, session, &[]).await;
    let charged: Vec<_> = charges(&board).await.iter().map(|charge| charge.booking_id).collect();
    assert_eq!(charged, [row(&board, &coras).await.id], "only whoever booked the new date");
}

/// A charge for Amira's late cancellation of which she was told.
async fn told_late_charge() -> (TestBoard, SessionId, Browser) {
    let (board, session) = neglect("2025-03-17 10:00", 5).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    board.set_clock("2025-03-12 09:00");
    cancel(&mut amira, &amiras).await;
    let mut office = board.office().await;
    let charge = charges(&board).await.remove(0);
    assert_eq!((charge.trigger, charge.state), (Trigger::LateCancellation, ChargeState::Proposed));
    office.open(&format!("/office/charges/{}/notify", charge.reference)).await.submit("Tell them", &[]).await;
    assert_eq!(charges(&board).await[0].state, ChargeState::Notified);
    board.set_clock("2025-03-12 10:00");
    (board, session, office)
}

async fn must_be_taken_back(board: &TestBoard) {
    let charges = charges(board).await;
    assert_eq!(charges.iter().map(|charge| charge.state).collect::<Vec<_>>(), [ChargeState::Void]);
    for to in [address_of("Amira Khan"), "accounts@oak-school.example".to_owned()] {
        let mails = board.mails_to(&to).await;
        let told = mails.iter().filter(|mail| mail.kind == "charge_taken_back").count();
        assert_eq!(told, 1, "{to}");
        let text = mails.last().unwrap().body.clone().unwrap();
        assert!(text.contains("cancelled or moved the session") && text.contains("nothing to pay"), "{text}");
    }
}

#[tokio::test]
async fn a_late_cancellation_is_not_charged_where_the_board_then_moves_the_session() {
    let (board, session, mut office) = told_late_charge().await;
    change(&mut office, session, &[("date1-day", "18")]).await;
    must_be_taken_back(&board).await;
    // The register changes nothing about it.
    board.set_clock("2025-03-18 13:00");
    submit_register(&board, session, &[]).await;
    assert_eq!(charges(&board).await.len(), 1);
}

#[tokio::test]
async fn a_late_cancellation_is_not_charged_where_the_board_then_cancels_the_session() {
    let (board, session, mut office) = told_late_charge().await;
    office.open(&format!("/office/sessions/{session}/cancel")).await;
    office.submit("Cancel the session and tell everybody", &[("reason", "The trainer is ill")]).await;
    must_be_taken_back(&board).await;
}

#[tokio::test]
async fn a_place_that_was_held_before_does_not_make_a_late_cancellation_good() {
    let (board, session) = neglect("2025-03-17 10:00", 5).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    asks_for_approval(&board, session, true).await;
    board.set_clock("2025-03-11 09:00");
    let (ben, bens) = asked_by(&board, "Ben Okoro", session).await;
    ben.must_say("Waiting for approval");
    board.set_clock("2025-03-12 09:00");
    cancel(&mut amira, &amiras).await;
    board.set_clock("2025-03-13 09:00");
    let mut office = board.office().await;
    office.open("/office/bookings?state=requested").await.submit("Approve", &[]).await;
    board.set_clock("2025-03-17 13:00");
    let bens = row(&board, &bens).await;
    submit_register(&board, session, &[bens.id]).await;
    let bens = row(&board, &bens.reference).await;
    assert_eq!((bens.state, bens.outcome), (BookingState::Booked, Some(Outcome::Attended)));
    let states: Vec<_> = charges(&board).await.iter().map(|charge| charge.state).collect();
    assert_eq!(states, [ChargeState::Proposed], "nobody took the place that she gave back late");
}

#[tokio::test]
async fn a_request_that_becomes_a_place_at_the_door_can_be_given_back_free() {
    let (board, session) = neglect("2025-03-17 10:00", 5).await;
    asks_for_approval(&board, session, true).await;
    let (tessa, _) = board.learner("Tessa Trainer").await;
    board.trains(tessa, session).await;
    board.set_clock("2025-03-14 09:00");
    let (person, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let amiras = reference(&amira);
    board.set_clock("2025-03-17 09:30");
    let mut trainer = board.signed_in(tessa).await;
    let person = person.to_string();
    trainer.post("/api/register/walk-in", &[("date", "1"), ("person", &person), ("nonce", "n1")]).await;
    let here = row(&board, &amiras).await;
    assert_eq!((here.state, here.walk_in), (BookingState::Booked, false));
    board.set_clock("2025-03-17 09:40");
    amira.open(&format!("/bookings/{amiras}/cancel")).await.must_say("You are in time");
    amira.submit("Cancel this place", &[]).await.must_say("Cancelled in time");
    assert!(charges(&board).await.is_empty());
    must_count(&board).await;
}
