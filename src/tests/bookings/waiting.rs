//! The waiting list: first in, first out, offers with an end, the last day.

use super::{
    address_in, must_count, row,
    scene::{asked_by, cancel, neglect},
};
use crate::board::address_of;
use learning_gain::{
    bookings::{
        rules::BookingState,
        store::{Change, session_cancelled_in_txn},
    },
    messages::bookings::Letters,
};
use reqwest::StatusCode;

#[tokio::test]
async fn a_freed_place_goes_to_the_first_in_the_list_and_then_to_the_next() {
    let (board, session) = neglect("2025-03-31 10:00", 1).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let (mut ben, bens) = asked_by(&board, "Ben Okoro", session).await;
    ben.must_say("You are number 1");
    let (mut cora, coras) = asked_by(&board, "Cora Diaz", session).await;
    cora.must_say("You are number 2");

    cancel(&mut amira, &amiras).await;
    let offered = row(&board, &bens).await;
    assert_eq!(offered.state, BookingState::Offered);
    assert_eq!(offered.offer_expires_at, Some(crate::board::london("2025-03-05 23:59")));
    assert_eq!(row(&board, &coras).await.state, BookingState::Waitlisted);
    cora.open(&format!("/bookings/{coras}")).await.must_say("You are number 1");
    must_count(&board).await;
    let (dan, _) = asked_by(&board, "Dan Evans", session).await;
    dan.must_say("You are number 2");

    board.set_clock("2025-03-05 23:59");
    board.run_jobs().await;
    assert_eq!(row(&board, &bens).await.state, BookingState::Offered, "the printed minute is not over");
    board.set_clock("2025-03-06 00:00");
    board.run_jobs().await;
    assert_eq!(row(&board, &bens).await.state, BookingState::OfferExpired);
    assert_eq!(row(&board, &coras).await.state, BookingState::Offered);
    ben.post(&format!("/bookings/{bens}/accept"), &[]).await.must_say("This offer has run out");
    must_count(&board).await;

    let mails = board.mails_to(&address_of("Cora Diaz")).await;
    let body = mails.iter().find(|mail| mail.kind == "booking_offer").unwrap().body.clone().unwrap();
    let link = address_in(&body, &format!("{}/bookings/link/", board.base));
    let mut stranger = board.stranger();
    stranger.open(&link).await.submit("Accept the place", &[]).await.must_say("Booked");
    assert_eq!(row(&board, &coras).await.state, BookingState::Booked);
    ben.open(&format!("/sessions/{session}/book")).await.must_say("You would be number 2");
    must_count(&board).await;
}

#[tokio::test]
async fn an_offer_that_was_declined_by_the_mailed_link_is_over_in_every_window() {
    let (board, session) = neglect("2025-03-31 10:00", 1).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let (mut ben, bens) = asked_by(&board, "Ben Okoro", session).await;
    let (mut cora, coras) = asked_by(&board, "Cora Diaz", session).await;
    cancel(&mut amira, &amiras).await;

    // The offer is open in one window, and in another by the link in the mail.
    ben.open(&format!("/bookings/{bens}")).await.must_say("A place is held for you until");
    let mails = board.mails_to(&address_of("Ben Okoro")).await;
    let body = mails.iter().find(|mail| mail.kind == "booking_offer").unwrap().body.clone().unwrap();
    let link = address_in(&body, &format!("{}/bookings/link/", board.base));
    let mut by_link = board.stranger();
    by_link.open(&link).await.must_say("Decline the place?");
    by_link
        .submit("Decline the place", &[])
        .await
        .must_say("Offer declined. Nothing is charged.")
        .must_say("This booking has ended");
    assert_eq!(row(&board, &bens).await.state, BookingState::OfferDeclined);
    assert_eq!(row(&board, &coras).await.state, BookingState::Offered);
    let told = board.mails_to(&address_of("Ben Okoro")).await.pop().unwrap();
    assert_eq!(told.kind, "offer_declined");
    assert!(told.body.unwrap().contains("Nothing is charged"));
    ben.submit("Accept the place", &[]).await.must_say("There is no offer to answer any more");
    assert_eq!(ben.status, StatusCode::CONFLICT);
    // Used once more, the link says what is true, and the form changes nothing.
    by_link.open(&link).await.must_say("there is nothing to do here").must_say("see the session");
    by_link.post(&link, &[("move", "accept")]).await.must_say("There is no offer to answer any more");
    by_link.post(&link, &[("move", "give-up"), ("meaning", "offer")]).await.must_say("Offer declined");

    // Accepting twice is accepting once.
    cora.open(&format!("/bookings/{coras}")).await.submit("Accept the place", &[]).await.must_say("The place is yours");
    let mails = board.mails_to(&address_of("Cora Diaz")).await.len();
    cora.post(&format!("/bookings/{coras}/accept"), &[]).await.must_say("The place is yours");
    assert_eq!(board.mails_to(&address_of("Cora Diaz")).await.len(), mails);
    must_count(&board).await;
}

#[tokio::test]
async fn on_the_last_day_everybody_is_told_once_and_the_first_has_the_place() {
    let (board, session) = neglect("2025-03-31 10:00", 1).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let (mut ben, bens) = asked_by(&board, "Ben Okoro", session).await;
    let (mut cora, coras) = asked_by(&board, "Cora Diaz", session).await;

    board.set_clock("2025-03-30 12:00");
    ben.post(&format!("/bookings/{bens}/accept"), &[]).await.must_say("Somebody else has just taken the last place");
    cancel(&mut amira, &amiras).await;
    board.run_jobs().await;
    for name in ["Ben Okoro", "Cora Diaz"] {
        let told = board.mails_to(&address_of(name)).await;
        assert_eq!(told.iter().filter(|mail| mail.kind == "booking_last_day").count(), 1, "{name}");
    }
    cora.open(&format!("/bookings/{coras}")).await.submit("Take a place", &[]).await;
    assert_eq!(row(&board, &coras).await.state, BookingState::Booked);
    ben.open(&format!("/bookings/{bens}")).await.submit("Take a place", &[]).await;
    ben.must_say("Somebody else has just taken the last place");
    must_count(&board).await;
}

#[tokio::test]
async fn leaving_the_list_moves_the_others_up_and_is_never_charged() {
    let (board, session) = neglect("2025-03-31 10:00", 1).await;
    asked_by(&board, "Amira Khan", session).await;
    let (mut ben, bens) = asked_by(&board, "Ben Okoro", session).await;
    let (mut cora, coras) = asked_by(&board, "Cora Diaz", session).await;
    ben.open(&format!("/bookings/{bens}/cancel")).await.submit("Leave the waiting list", &[]).await;
    ben.must_say("Left the waiting list");
    cora.open(&format!("/bookings/{coras}")).await.must_say("You are number 1");
    must_count(&board).await;
}

#[tokio::test]
async fn a_session_that_is_called_off_ends_every_booking_and_tells_everybody() {
    let (board, session) = neglect("2025-03-31 10:00", 1).await;
    asked_by(&board, "Amira Khan", session).await;
    asked_by(&board, "Ben Okoro", session).await;
    let change = Change::new(None, board.now(), Letters::of(&board.app));
    let txn = board.txn().await;
    assert_eq!(session_cancelled_in_txn(session, "The trainer is ill.", &change, &txn).await.unwrap(), 2);
    txn.commit().await.unwrap();
    assert!(board.bookings_of(session).await.iter().all(|row| row.state == BookingState::SessionCancelled));
    must_count(&board).await;
    let mails = board.mails_to(&address_of("Amira Khan")).await;
    let last = mails.last().unwrap();
    assert_eq!(last.kind, "session_cancelled");
    assert!(last.calendar.clone().unwrap().contains("METHOD:CANCEL"));
    assert_eq!(board.mails_to(&address_of("Ben Okoro")).await.last().unwrap().calendar, None);
}
