//! The board moves a session or calls it off: everybody can choose another date from the mail, without signing in.

use super::{
    address_in, book, must_count, reference, row,
    shown::{freed, link_of},
};
use crate::board::{TestBoard, address_of, london};
use learning_gain::{bookings::rules::BookingState, sessions::rules::SessionId};
use reqwest::StatusCode;

/// The day after, the office moves the session of 31 March by an hour.
async fn starts_at_eleven(board: &TestBoard, session: SessionId) {
    board.set_clock("2025-03-04 09:00");
    let mut office = board.office().await;
    office.open(&format!("/office/sessions/{session}/edit")).await;
    let later = [("date1-from", "11am"), ("closes-day", ""), ("closes-month", ""), ("closes-year", "")];
    office.submit("Save changes", &later).await;
    assert!(office.path.contains("?done="), "{}", office.text());
}

#[tokio::test]
async fn whoever_the_new_date_does_not_suit_moves_by_the_link_in_the_mail() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 5).await;
    let other = board.session(course, "2025-05-12 10:00", 5).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let amiras = reference(&amira);
    starts_at_eleven(&board, session).await;
    let mail = board.mails_to(&address_of("Amira Khan")).await.pop().unwrap();
    assert_eq!(mail.kind, "session_moved");
    assert!(mail.body.unwrap().contains("or choose another date of this course"));

    // After the old cut-off: they may leave free until the new start.
    board.set_clock("2025-03-30 10:00");
    let link = link_of(&board, "Amira Khan", "session_moved").await;
    let mut phone = board.stranger();
    for _ in 0..2 {
        phone.open(&link).await.must_say("Move to another date").must_say("12 May 2025");
        assert_eq!(row(&board, &amiras).await.state, BookingState::Booked, "looking changes nothing");
    }
    phone.must_say("11:59pm on Wednesday 30 April 2025").must_say("charged £50");
    phone.submit("Move to this date", &[("accept", "yes")]).await.must_say("Select the date that suits you");
    let choice = [("session", other.to_string())];
    phone.open(&link).await.submit("Move to this date", &[("session", choice[0].1.as_str())]).await;
    assert_eq!(phone.status, StatusCode::UNPROCESSABLE_ENTITY);
    phone.must_say("Tick the box to say that you accept the cancellation rule");
    assert_eq!(row(&board, &amiras).await.state, BookingState::Booked);
    let form = phone.form_with_button("Move to this date");
    phone.submit("Move to this date", &[("accept", "yes")]).await;
    phone.must_say("You have moved to this date").must_say("12 May 2025").must_say("Cancel this place");
    assert_eq!(row(&board, &amiras).await.state, BookingState::Transferred);
    let new = board.bookings_of(other).await.pop().unwrap();
    assert_eq!((new.state, new.policy_accepted), (BookingState::Booked, true));
    assert_eq!(new.cancel_by, london("2025-04-30 23:59"));
    // Pressed again it is the same move, and the old link says what has become of its booking.
    let mut again: Vec<(&str, &str)> = form.1.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    again.extend([("accept", "yes")]);
    phone.post(&form.0, &again).await.must_say("12 May 2025");
    assert_eq!(board.bookings_of(other).await.len(), 1);
    phone.open(&link).await.must_say("Moved to another date");
    must_count(&board).await;
}

#[tokio::test]
async fn a_place_that_would_be_cancelled_late_is_not_moved_by_the_link_either() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 5).await;
    let other = board.session(course, "2025-05-12 10:00", 5).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let link = link_of(&board, "Amira Khan", "booking_confirmed").await;
    let mut phone = board.stranger();
    phone.open(&link).await;
    let other = other.to_string();
    let choice = [("session", other.as_str()), ("accept", "yes")];
    board.set_clock("2025-03-21 10:00");
    phone.submit("Move to this date", &choice).await.must_say("so you cannot move to another date");
    assert_eq!(phone.status, StatusCode::CONFLICT);
    phone.open(&link).await.must_say("This is a late cancellation");
    assert!(!phone.says("Move to another date"), "{}", phone.text());
    assert_eq!(row(&board, &reference(&amira)).await.state, BookingState::Booked);
}

#[tokio::test]
async fn a_session_that_is_called_off_leads_to_its_other_dates() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 5).await;
    let other = board.session(course, "2025-05-12 10:00", 5).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let link = link_of(&board, "Amira Khan", "booking_confirmed").await;
    let mut office = board.office().await;
    office.open(&format!("/office/sessions/{session}/cancel")).await;
    office.submit("Cancel", &[("reason", "The trainer is ill")]).await;
    let mail = board.mails_to(&address_of("Amira Khan")).await.pop().unwrap();
    assert_eq!(mail.kind, "session_cancelled");
    let dates = address_in(&mail.body.unwrap(), &format!("{}/courses/", board.base));
    // Without signing in, from the mail to the date.
    let mut phone = board.stranger();
    phone.open(&dates).await.must_say("12 May 2025");
    assert!(!phone.says("31 March 2025"), "{}", phone.text());
    assert!(phone.body.contains(&format!("/sessions/{other}")));
    phone.open(&link).await.must_say("We had to cancel this session").must_say("The trainer is ill");
    let onward = phone.link("See the other dates of this course");
    phone.open(&onward).await.must_say("12 May 2025");
    // Signed in, the new date is booked from there.
    book(&mut amira, other).await;
    amira.must_say("Place booked");
}

#[tokio::test]
async fn the_mail_about_a_moved_session_says_to_each_what_is_true_for_them() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let (_, bens) = freed(&board, session, None).await;
    let (_, mut cora) = board.learner("Cora Diaz").await;
    book(&mut cora, session).await;
    starts_at_eleven(&board, session).await;
    let said = async |name: &str| {
        let mail = board.mails_to(&address_of(name)).await.pop().unwrap();
        assert_eq!(mail.kind, "session_moved", "{name}");
        mail.body.unwrap()
    };
    let waits = said("Cora Diaz").await;
    assert!(waits.contains("still on the waiting list, and waiting is never charged"), "{waits}");
    assert!(!waits.contains("you can cancel free of charge until the start, "), "{waits}");
    let offered = said("Ben Okoro").await;
    assert!(offered.contains("A place is still held for you"), "{offered}");
    // What was promised is kept: a place that is taken now is free until the new start.
    let mut phone = board.stranger();
    phone.open(&link_of(&board, "Ben Okoro", "session_moved").await).await;
    phone.must_say("If you take it now, you can cancel free of charge until 11am on Monday 31 March 2025");
    phone.submit("Accept the place", &[]).await.must_say("Booked");
    board.set_clock("2025-03-31 10:59");
    phone.open(&link_of(&board, "Ben Okoro", "booking_confirmed").await).await.must_say("nothing is charged");
    phone.submit("Cancel this place", &[]).await;
    assert_eq!(row(&board, &bens).await.state, BookingState::CancelledInTime);
}
