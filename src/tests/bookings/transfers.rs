//! Moving to another date: once, whatever happens at once, and with places that are kept.

use super::{book, must_count, reference, row};
use crate::{
    board::{TestBoard, address_of},
    browser::Browser,
};
use futures::future::join_all;
use learning_gain::{
    bookings::{
        rules::{BookingState, KeptFor, NewReserved},
        store::reserved_insert_in_txn,
    },
    sessions::rules::SessionId,
};
use reqwest::StatusCode;
use std::collections::BTreeSet;

/// How often an impatient person presses the button.
const PRESSES: usize = 10;

/// What the move page sends for this date.
fn choice(browser: &Browser, to: SessionId) -> (String, Vec<(String, String)>) {
    let (action, mut fields) = browser.form_with_button("Move to this date");
    fields.retain(|(name, _)| name == "request_id" || name == "version");
    fields.push(("session".to_owned(), to.to_string()));
    fields.push(("accept".to_owned(), "yes".to_owned()));
    (action, fields)
}

async fn send(browser: &mut Browser, (action, fields): &(String, Vec<(String, String)>)) {
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(action, &pairs).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_move_pressed_ten_times_at_once_moves_once() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let first = board.session(course, "2025-03-24 10:00", 1).await;
    let second = board.session(course, "2025-03-31 10:00", 2).await;
    let (amira, mut browser) = board.learner("Amira Khan").await;
    book(&mut browser, first).await;
    let old = reference(&browser);
    browser.open(&format!("/bookings/{old}/move")).await.must_say("31 March 2025");
    let form = choice(&browser, second);
    let mut windows = Vec::new();
    for _ in 0..PRESSES {
        windows.push(board.signed_in(amira).await);
    }
    let presses = windows.into_iter().map(|mut window| {
        let form = form.clone();
        tokio::spawn(async move {
            send(&mut window, &form).await;
            assert_eq!(window.status, StatusCode::OK, "{}", window.text());
            reference(&window)
        })
    });
    let told: BTreeSet<String> = join_all(presses).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(told.len(), 1, "ten times the same reference: {told:?}");
    assert_eq!(row(&board, &old).await.state, BookingState::Transferred);
    assert_eq!((board.session_row(first).await.held, board.session_row(second).await.held), (0, 1));
    let mails = board.mails_to(&address_of("Amira Khan")).await;
    assert_eq!(mails.iter().filter(|mail| mail.kind == "booking_transferred").count(), 1);
    must_count(&board).await;
}

#[tokio::test]
async fn two_people_who_want_the_last_place_of_another_date_are_not_both_moved() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let first = board.session(course, "2025-03-24 10:00", 2).await;
    let second = board.session(course, "2025-03-31 10:00", 1).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    let (_, mut ben) = board.learner("Ben Okoro").await;
    let mut old = Vec::new();
    for browser in [&mut amira, &mut ben] {
        book(browser, first).await;
        old.push(reference(browser));
        browser.open(&format!("/bookings/{}/move", reference(browser))).await.must_say("31 March 2025");
    }
    let forms = [choice(&amira, second), choice(&ben, second)];
    tokio::join!(send(&mut amira, &forms[0]), send(&mut ben, &forms[1]));
    let moved = usize::from(amira.status == StatusCode::OK) + usize::from(ben.status == StatusCode::OK);
    assert_eq!(moved, 1, "{}\n{}", amira.text(), ben.text());
    let kept = if amira.status == StatusCode::OK { (&ben, &old[1]) } else { (&amira, &old[0]) };
    kept.0.must_say("That date is full");
    assert_eq!(row(&board, kept.1).await.state, BookingState::Booked, "nobody loses a place to a move that fails");
    must_count(&board).await;
}

#[tokio::test]
async fn a_move_takes_a_kept_place_where_it_is_theirs_and_gives_one_back_as_kept() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let elm = board.agency("Elm Nursery").await;
    let mut kept = Vec::new();
    for (number, starts) in ["2025-03-24 10:00", "2025-03-31 10:00"].into_iter().enumerate() {
        let session = board.session(course, starts, 1).await;
        let new = NewReserved { places: 1, release_at: crate::board::london("2025-03-11 00:00") };
        let txn = board.txn().await;
        let request = super::request_id(900 + number);
        assert!(reserved_insert_in_txn(session, &KeptFor::Agency(elm), &new, &request, &txn).await.unwrap());
        txn.commit().await.unwrap();
        kept.push(session);
    }
    let ella = board.person("Ella Elm").await;
    board.member(ella, elm).await;
    let mut ella = board.signed_in(ella).await;
    book(&mut ella, kept[0]).await;
    ella.must_say("Place booked");
    let (_, mut ben) = board.learner("Ben Okoro").await;
    book(&mut ben, kept[0]).await;
    ben.must_say("You are number 1");
    // The list of dates leaves out what is kept for others, and has what is kept for her.
    ella.open(&format!("/bookings/{}/move", reference(&ella))).await.must_say("31 March 2025");
    let form = choice(&ella, kept[1]);
    send(&mut ella, &form).await;
    ella.must_say("31 March 2025");
    let places = async |session: SessionId| {
        let row = board.session_row(session).await;
        (row.held, row.reserved)
    };
    assert_eq!((places(kept[0]).await, places(kept[1]).await), ((0, 1), (1, 0)));
    assert_eq!(row(&board, &reference(&ben)).await.state, BookingState::Waitlisted, "it is kept for the nursery still");
    must_count(&board).await;
}
