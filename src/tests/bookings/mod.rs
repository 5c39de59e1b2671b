//! Bookings: the journey, races and repeats, the waiting list, cancelling to the minute, links, and a model.

mod agency;
mod approval;
mod checks;
mod colleague;
mod employer;
mod journey;
mod leaves;
mod letters;
mod list_end;
mod meanwhile;
mod model;
mod moved;
mod offered;
mod other_date;
mod owed;
mod periods;
mod races;
mod repeats;
mod reserved;
mod rush;
mod scene;
mod seldom;
mod shown;
mod skip;
pub mod staff_list;
mod trail;
mod transfers;
mod waiting;

use crate::{board::TestBoard, browser::Browser};
use learning_gain::{bookings::store::counters_check, entity::booking, sessions::rules::SessionId};

/// A form's request id that the site could have given out.
pub fn request_id(number: usize) -> String {
    format!("{number:064x}")
}

/// What somebody sends from the check screen.
pub fn answers(request: &str) -> Vec<(&str, &str)> {
    vec![
        ("request_id", request),
        ("agency", "myself"),
        ("job_role", "Teacher"),
        ("person_kind", "employed"),
        ("accept", "yes"),
    ]
}

/// Books through all screens; the browser is on the booking's page afterwards.
pub async fn book(browser: &mut Browser, session: SessionId) {
    browser.open(&format!("/sessions/{session}/book/details")).await;
    browser.submit("Continue", &[]).await;
    browser.must_say("Check your answers");
    let button = if browser.says("Book this place") { "Book this place" } else { "Join the waiting list" };
    browser.submit(button, &[("accept", "yes")]).await;
    assert!(browser.path.starts_with("/bookings/"), "{}: {}", browser.path, browser.text());
}

/// The reference of the booking whose page the browser shows.
pub fn reference(browser: &Browser) -> String {
    let path = browser.path.split('?').next().unwrap_or_default();
    path.strip_prefix("/bookings/").expect("a booking's page").to_owned()
}

/// The booking that the browser shows, as its row is now.
pub async fn row(board: &TestBoard, reference: &str) -> booking::Model {
    let found = learning_gain::bookings::store::booking_by_reference(reference, board.app.db.reader()).await;
    found.unwrap().expect("the booking")
}

/// Stops the test unless the counters are what the rows say.
pub async fn must_count(board: &TestBoard) {
    assert_eq!(counters_check(board.app.db.reader()).await.unwrap(), []);
}

/// The first address with this beginning in a text.
pub fn address_in(text: &str, beginning: &str) -> String {
    let at = text.find(beginning).unwrap_or_else(|| panic!("no {beginning} in {text}"));
    text[at..].split_whitespace().next().unwrap_or_default().to_owned()
}
