//! Requests that nobody answers, and why one was declined.

use super::{
    book, must_count, reference, row,
    scene::{asked_by, asks_for_approval, neglect},
};
use crate::board::{TestBoard, address_of};
use learning_gain::bookings::rules::BookingState;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};

/// What the mail says that a request has lapsed, asked for at this moment.
async fn lapsed_mail(asked: &str, closes: &str, looked: &str) -> String {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let txn = board.txn().await;
    let mut asks = board.session_row(session).await.into_active_model();
    asks.needs_approval = Set(true);
    asks.booking_closes_at = Set(crate::board::london(closes));
    asks.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    board.set_clock(asked);
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    amira.must_say("Waiting for approval");
    let amiras = reference(&amira);
    board.set_clock(looked);
    board.run_jobs().await;
    assert_eq!(row(&board, &amiras).await.state, BookingState::Lapsed);
    must_count(&board).await;
    let mut mails = board.mails_to(&address_of("Amira Khan")).await;
    mails.retain(|mail| mail.kind == "booking_lapsed");
    assert_eq!(mails.len(), 1);
    mails.remove(0).body.unwrap()
}

#[tokio::test]
async fn a_request_that_lapsed_can_be_made_again_only_while_the_session_can_be_booked() {
    let again = "You can ask once more while the session can be booked.";
    let over = "This session can no longer be booked.";
    // Three working days after Monday.
    let early = lapsed_mail("2025-03-03 09:00", "2025-03-31 10:00", "2025-03-07 00:00").await;
    assert!(early.contains("was not answered in time") && early.contains(again) && !early.contains(over), "{early}");
    let closed = lapsed_mail("2025-03-03 09:00", "2025-03-06 12:00", "2025-03-07 00:00").await;
    assert!(closed.contains(over) && !closed.contains(again), "{closed}");
    // The start ends a request of the day before.
    let started = lapsed_mail("2025-03-30 12:00", "2025-03-31 10:00", "2025-03-31 10:01").await;
    assert!(started.contains(over) && !started.contains(again), "{started}");
}

#[tokio::test]
async fn why_a_request_is_declined_stands_with_the_booking_and_is_not_lost_when_it_is_too_long() {
    let (board, session) = neglect("2025-03-31 10:00", 5).await;
    asks_for_approval(&board, session, true).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let mut office = board.office().await;
    let requests = "/office/bookings?state=requested";
    let long = format!("The team needs her {}that day", "on the ward ".repeat(25));
    assert!(long.chars().count() > 300);
    office.open(requests).await.submit("Decline", &[("reason", &long)]).await;
    assert_eq!(office.status, reqwest::StatusCode::CONFLICT);
    office.must_say("Reason must be 300 characters or fewer").must_say("Nothing was declined").must_say(&long);
    assert_eq!(row(&board, &amiras).await.state, BookingState::Requested);

    office.open(requests).await.submit("Decline", &[("reason", " The team needs her that day ")]).await;
    office.must_say("Declined. We have told the person");
    office.open(&format!("/bookings/{amiras}")).await;
    office.must_say("Not approved: The team needs her that day (Olive Office)");
    amira.open(&format!("/bookings/{amiras}")).await.must_say("Not approved");
    assert!(!amira.says("needs her that day"), "the reason is for whoever is asked why");
    must_count(&board).await;
}
