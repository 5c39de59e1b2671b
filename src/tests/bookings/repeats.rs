//! The same act many times at once: double clicks, several windows, two people of the office who answer differently.

use super::{
    must_count, reference, request_id, row,
    scene::{Move, Scene, asked_by, cancel, neglect},
};
use crate::{
    board::{TestBoard, address_of},
    browser::Browser,
};
use futures::future::join_all;
use learning_gain::{
    accounts::rules::PersonId,
    bookings::{rules::BookingState, store::subject},
    entity::{audit, booking, charge},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// How often each form is sent.
const CLICKS: usize = 10;
/// Days after the last moment at which a place of the scene's session can be given back free of charge.
const AFTER_THE_CUT_OFF: &str = "2025-03-25 09:00";

/// A form that is open in a window.
struct Form {
    path: String,
    fields: Vec<(String, String)>,
}

impl Form {
    /// The form with this button on a page, filled in.
    async fn open(window: &mut Browser, page: &str, button: &str, typed: &[(&str, &str)]) -> Self {
        let (path, mut fields) = window.open(page).await.form_with_button(button);
        fields.retain(|(name, _)| !typed.iter().any(|(filled, _)| filled == name));
        fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Self { path, fields }
    }

    async fn send(&self, mut window: Browser) -> Browser {
        let fields: Vec<(&str, &str)> =
            self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        window.post(&self.path, &fields).await;
        window
    }
}

/// Sends a form from many windows of one person at once. Returns the pages that came back.
async fn at_once(board: &TestBoard, person: PersonId, form: &Form) -> Vec<Browser> {
    let mut windows = Vec::new();
    for _ in 0..CLICKS {
        windows.push(board.signed_in(person).await);
    }
    join_all(windows.into_iter().map(|window| form.send(window))).await
}

async fn rows_about(board: &TestBoard, booking: &booking::Model) -> u64 {
    let about = audit::Entity::find()
        .filter(audit::Column::SubjectKind.eq("booking"))
        .filter(audit::Column::SubjectId.eq(subject(booking.id).id));
    about.count(board.app.db.reader()).await.unwrap()
}

/// The move, whether the office makes it, the page of its form behind the booking's own address, the button, what is
/// typed, and what every window says afterwards.
type Repeated = (Move, bool, &'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

const TABLE: [Repeated; 11] = [
    (Move::Accept, false, "", "Accept the place", &[], "The place is yours"),
    (Move::DeclineOffer, false, "/cancel", "Decline the place", &[], "You have declined the place"),
    (Move::Leave, false, "/cancel", "Leave the waiting list", &[], "You have left the waiting list"),
    (Move::Withdraw, false, "/cancel", "Take the request back", &[], "Your request is taken back"),
    (Move::CancelInTime, false, "/cancel", "Cancel this place", &[], "Your place is cancelled. Nothing is charged"),
    (Move::CancelLate, false, "/cancel", "Cancel this place", &[], "Your place is cancelled. A charge may follow"),
    (
        Move::Substitute,
        false,
        "/colleague",
        "Give my place to this colleague",
        &[("name", "Cora Diaz"), ("email", "cora@people.example")],
        "Your colleague has the place now",
    ),
    (Move::Transfer, false, "/move", "Move to this date", &[("accept", "yes")], "You have moved to this date"),
    (Move::Approve, true, "approve", "", &[], "Approved. We have told the person"),
    (
        Move::Decline,
        true,
        "decline",
        "",
        &[("reason", "The team needs her that day")],
        "Declined. We have told the person",
    ),
    (Move::Skip, true, "skip", "Move to the end of the list", &[("reason", "Asked for June")], "end of the list"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_is_sent_ten_times_at_once_is_done_once() {
    for (step, by_office, page, button, typed, said) in TABLE {
        let scene = Scene::new().await;
        let id = scene.before(step).await.unwrap();
        let board = &scene.board;
        let before = booking::Entity::find_by_id(id).one(board.app.db.reader()).await.unwrap().unwrap();
        let known = board.mails_to(&address_of("Ben Okoro")).await.len();
        let written = rows_about(board, &before).await;
        if step == Move::CancelLate {
            board.set_clock(AFTER_THE_CUT_OFF);
        }
        let who = if by_office { scene.office } else { scene.ben };
        let own = format!("/bookings/{}", before.reference);
        let to = scene.other.to_string();
        let mut typed = typed.to_vec();
        if step == Move::Transfer {
            typed.push(("session", &to));
        }
        let form = if button.is_empty() {
            let fields = typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            Form { path: format!("/office{own}/{page}"), fields }
        } else {
            let page = if by_office { format!("/office{own}/{page}") } else { format!("{own}{page}") };
            Form::open(&mut board.signed_in(who).await, &page, button, &typed).await
        };

        for window in at_once(board, who, &form).await {
            // Skipped twice would be a place lost to somebody else, so that the second form has no first result to give.
            let is_refused = step == Move::Skip && window.says("Their position has changed");
            let is_done = window.status.is_success() && window.says(said);
            assert!(is_done || is_refused, "{step:?}: {} {}", window.status, window.text());
        }
        let after = row(board, &before.reference).await;
        assert_ne!((before.state, before.waiting_since), (after.state, after.waiting_since), "{step:?}");
        assert_eq!(rows_about(board, &before).await, written + 1, "{step:?}: one audit row");
        assert_eq!(board.mails_to(&address_of("Ben Okoro")).await.len(), known + 1, "{step:?}: one mail");
        let bookings = booking::Entity::find().filter(booking::Column::Id.ne(id)).count(board.app.db.reader()).await;
        let amiras = matches!(step, Move::Accept | Move::DeclineOffer | Move::Leave | Move::Skip);
        let new = matches!(step, Move::Substitute | Move::Transfer);
        assert_eq!(bookings.unwrap(), u64::from(amiras) + u64::from(new), "{step:?}: one booking goes on");
        let charges = charge::Entity::find().count(board.app.db.reader()).await.unwrap();
        assert_eq!(charges, u64::from(step == Move::CancelLate), "{step:?}: charged once or not");
        must_count(board).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_request_that_two_people_answer_at_once_has_one_answer() {
    let mut answered = Vec::new();
    for _ in 0..CLICKS {
        let scene = Scene::new().await;
        let id = scene.before(Move::Approve).await.unwrap();
        let board = &scene.board;
        let reference = booking::Entity::find_by_id(id).one(board.app.db.reader()).await.unwrap().unwrap().reference;
        let known = board.mails_to(&address_of("Ben Okoro")).await.len();
        let form = |word| Form { path: format!("/office/bookings/{reference}/{word}"), fields: Vec::new() };
        let (yes, no) = (form("approve"), form("decline"));
        let (one, two) = (board.signed_in(scene.office).await, board.signed_in(scene.office).await);
        let (yes, no) = tokio::join!(yes.send(one), no.send(two));
        let state = row(board, &reference).await.state;
        let [done, refused] = match state {
            BookingState::Booked => [yes, no],
            BookingState::Declined => [no, yes],
            other => panic!("{other:?}"),
        };
        assert!(done.status.is_success(), "{}", done.text());
        assert_eq!(refused.status, reqwest::StatusCode::CONFLICT, "{}", refused.text());
        let mails = board.mails_to(&address_of("Ben Okoro")).await;
        assert_eq!(mails.len(), known + 1, "one answer is told");
        let told = if state == BookingState::Booked { "booking_confirmed" } else { "booking_declined" };
        assert_eq!(mails.last().unwrap().kind, told);
        must_count(board).await;
        answered.push(state);
    }
    assert_eq!(answered.len(), CLICKS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_offer_accepted_in_one_window_and_declined_in_another_goes_one_way() {
    for _ in 0..CLICKS {
        let scene = Scene::new().await;
        let id = scene.before(Move::Accept).await.unwrap();
        let board = &scene.board;
        let reference = booking::Entity::find_by_id(id).one(board.app.db.reader()).await.unwrap().unwrap().reference;
        let (mut one, mut two) = (board.signed_in(scene.ben).await, board.signed_in(scene.ben).await);
        let accept = Form::open(&mut one, &format!("/bookings/{reference}"), "Accept the place", &[]).await;
        let decline = Form::open(&mut two, &format!("/bookings/{reference}/cancel"), "Decline the place", &[]).await;
        let (accepted, declined) = tokio::join!(accept.send(one), decline.send(two));
        match row(board, &reference).await.state {
            BookingState::Booked => {
                accepted.must_say("The place is yours");
                // What was an offer is a place now, so that its page is shown again and nothing is cancelled.
                declined.must_say("has changed since you opened the page");
            }
            BookingState::OfferDeclined => {
                declined.must_say("You have declined the place");
                accepted.must_say("There is no offer to answer any more");
            }
            other => panic!("{other:?}"),
        }
        must_count(board).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_the_last_day_everybody_takes_the_free_place_at_once_and_one_has_it() {
    let (board, session) = neglect("2025-03-31 10:00", 1).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let mut waiters = Vec::new();
    for number in 0..CLICKS {
        let (browser, _) = asked_by(&board, &format!("Waiter {number}"), session).await;
        waiters.push(browser);
    }
    board.set_clock("2025-03-30 12:00");
    cancel(&mut amira, &amiras).await;
    let mut forms = Vec::new();
    for mut waiter in waiters {
        let page = waiter.path.clone();
        forms.push((Form::open(&mut waiter, &page, "Take a place if one is free", &[]).await, waiter));
    }
    let told = join_all(forms.into_iter().map(|(form, waiter)| async move { form.send(waiter).await })).await;
    assert_eq!(told.iter().filter(|page| page.says("The place is yours")).count(), 1);
    let late = told.iter().filter(|page| page.says("Somebody else has just taken the last place"));
    assert_eq!(late.count(), CLICKS - 1, "{:?}", told.iter().map(Browser::text).collect::<Vec<_>>());
    let rows = board.bookings_of(session).await;
    assert_eq!(rows.iter().filter(|row| row.state == BookingState::Booked).count(), 1);
    must_count(&board).await;
}

/// People cancel, join, leave and book at the same time: no place is lost, none is given twice, and whoever waited
/// longest is offered one first.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn places_given_back_while_others_book_and_leave_go_to_the_head_of_the_list() {
    const PLACES: usize = 6;
    const WAITING: usize = 12;
    let (board, session) = neglect("2025-03-31 10:00", PLACES as i32).await;
    let mut windows = Vec::new();
    for number in 0..PLACES + WAITING {
        windows.push(asked_by(&board, &format!("Person {number}"), session).await);
    }
    let mut forms = Vec::new();
    // Half of those with a place give it back, and every third of those who wait leaves.
    for (number, (mut window, reference)) in windows.into_iter().enumerate() {
        let button = match number {
            _ if number < PLACES && number % 2 == 0 => "Cancel this place",
            _ if number >= PLACES && number % 3 == 0 => "Leave the waiting list",
            _ => continue,
        };
        let page = format!("/bookings/{reference}/cancel");
        forms.push((Form::open(&mut window, &page, button, &[]).await, window));
    }
    for number in 0..PLACES {
        let person = board.person(&format!("Late {number}")).await;
        let request = request_id(100 + number);
        let mut fields: Vec<(String, String)> =
            super::answers(&request).into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        fields.push(("join".into(), "waiting".into()));
        forms.push((Form { path: format!("/sessions/{session}/book"), fields }, board.signed_in(person).await));
    }
    let told = join_all(forms.into_iter().map(|(form, window)| async move { form.send(window).await })).await;
    for page in &told {
        // An offer may have come before the form for leaving the list did: then the page says so and nothing is done.
        assert!(page.status.is_success() || page.says("has changed since"), "{}: {}", page.status, page.text());
    }
    let mut rows = board.bookings_of(session).await;
    rows.sort_by_key(|row| (row.waiting_since, row.id));
    let with = |state| rows.iter().filter(move |row| row.state == state);
    let held = with(BookingState::Booked).count() + with(BookingState::Offered).count();
    assert_eq!(held, PLACES, "no place is lost while people wait, and none is given twice");
    let last_offered = with(BookingState::Offered).map(|row| row.waiting_since).max().unwrap();
    let first_waiting = with(BookingState::Waitlisted).map(|row| row.waiting_since).min().unwrap();
    assert!(last_offered < first_waiting, "nobody is skipped");
    must_count(&board).await;
    let mut office = board.office().await;
    office.open(&format!("/bookings/{}", rows.last().unwrap().reference)).await.must_say("What happened");
    assert!(told.iter().any(|page| page.path.starts_with("/bookings/") && !reference(page).is_empty()));
}
