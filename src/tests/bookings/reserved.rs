//! Places kept for an agency or a sector: nobody else has one before the release, whatever happens at once.

use super::{answers, book, must_count, reference, request_id, row};
use crate::{
    board::{TestBoard, address_of},
    browser::Browser,
};
use chrono::Duration;
use futures::future::join_all;
use learning_gain::{
    accounts::rules::{PersonId, PersonKind},
    agencies::rules::AgencyId,
    bookings::{
        rules::{BookingState, KeptFor, NewReserved},
        store::{
            Change, PlaceRequest, booking_live_of, give_up_in_txn, offer_places_in_txn, request_place_in_txn,
            reserved_insert_in_txn,
        },
    },
    entity::reserved_place,
    messages::bookings::Letters,
    sessions::rules::SessionId,
};
use proptest::prelude::*;
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

pub async fn keep(board: &TestBoard, session: SessionId, kept: KeptFor, places: i32, until: &str) {
    let new = NewReserved { places, release_at: crate::board::london(until) };
    let txn = board.txn().await;
    assert!(reserved_insert_in_txn(session, &kept, &new, &super::request_id(900), &txn).await.unwrap());
    txn.commit().await.unwrap();
}

pub async fn staff(board: &TestBoard, name: &str, agency: AgencyId) -> (PersonId, Browser) {
    let person = board.person(name).await;
    board.member(person, agency).await;
    (person, board.signed_in(person).await)
}

#[tokio::test]
async fn the_office_keeps_places_which_only_that_agency_can_take_until_the_day_is_over() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 3).await;
    let elm = board.agency("Elm Nursery").await;
    let mut office = board.office().await;
    office.open(&format!("/office/sessions/{session}")).await;
    let page = office.link("Reserved places");
    office.open(&page).await.must_say("Nothing is reserved");
    office.submit("Reserve these places", &[("places", "9")]).await.must_say("Choose an agency or a sector");
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY);
    office.must_say("from 1 to 3");
    let elm_text = elm.to_string();
    let day = [("until-day", "10"), ("until-month", "3"), ("until-year", "2025")];
    let fields = [&day[..], &[("agency", elm_text.as_str()), ("sector", ""), ("places", "2")]].concat();
    office.submit("Reserve these places", &fields).await.must_say("Elm Nursery").must_say("1 are free for everybody");
    must_count(&board).await;

    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    amira.must_say("Place booked");
    let (_, mut ben) = board.learner("Ben Okoro").await;
    ben.open(&format!("/sessions/{session}"))
        .await
        .must_say("2 places are reserved for Elm Nursery until the end of Monday 10 March 2025");
    book(&mut ben, session).await;
    ben.must_say("You are number 1");
    let (_, mut ella) = staff(&board, "Ella Elm", elm).await;
    ella.open(&format!("/sessions/{session}")).await;
    let next = ella.link("Book a reserved place");
    ella.open(&next).await.must_say("2 of 3 are kept for your organisation");
    book(&mut ella, session).await;
    ella.must_say("Place booked");
    must_count(&board).await;
    // Given back, it is kept again and not offered to the list.
    let ellas = reference(&ella);
    ella.open(&format!("/bookings/{ellas}/cancel")).await.submit("Cancel this place", &[]).await;
    assert_eq!(row(&board, &reference(&ben)).await.state, BookingState::Waitlisted);
    must_count(&board).await;
    // The session cannot shrink below what is taken and kept.
    office.open(&format!("/office/sessions/{session}/edit")).await;
    office.submit("Save changes", &[("capacity", "2")]).await.must_say("1 places are taken and 2 are reserved");

    board.set_clock("2025-03-10 23:59");
    board.run_jobs().await;
    assert_eq!(row(&board, &reference(&ben)).await.state, BookingState::Waitlisted, "the day is not over");
    board.set_clock("2025-03-11 00:00");
    board.run_jobs().await;
    assert_eq!(row(&board, &reference(&ben)).await.state, BookingState::Offered);
    must_count(&board).await;
    let (_, mut cora) = board.learner("Cora Diaz").await;
    book(&mut cora, session).await;
    cora.must_say("Place booked");
    must_count(&board).await;
    office.open(&page).await.must_say("Released at");
}

#[tokio::test]
async fn whoever_only_claims_to_work_there_has_no_kept_place() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    board.agency("Elm Nursery").await;
    keep(&board, session, KeptFor::Sector("education".into()), 1, "2025-03-11 00:00").await;
    let person = board.person("Carl Claim").await;
    let mut carl = board.signed_in(person).await;
    let request = request_id(1);
    let mut fields = answers(&request);
    fields.retain(|(name, _)| *name != "agency");
    fields.extend([("agency", "other"), ("agency_name", "Elm Nursery"), ("join", "waiting")]);
    carl.post(&format!("/sessions/{session}/book"), &fields).await.must_say("You are number 1");
    must_count(&board).await;
    // A colleague whose membership is confirmed has it, and passes nobody for whom it is kept.
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    amira.must_say("Place booked");
    must_count(&board).await;
}

#[tokio::test]
async fn a_kept_place_is_offered_to_the_first_on_the_list_for_whom_it_is_kept() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 2).await;
    let elm = board.agency("Elm Nursery").await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    keep(&board, session, KeptFor::Agency(elm), 1, "2025-03-11 00:00").await;
    let (_, mut first) = staff(&board, "Ella Elm", elm).await;
    book(&mut first, session).await;
    let (_, mut ben) = board.learner("Ben Okoro").await;
    book(&mut ben, session).await;
    let (_, mut second) = staff(&board, "Emil Elm", elm).await;
    book(&mut second, session).await;
    second.must_say("You are number 2");
    let ellas = reference(&first);
    first.open(&format!("/bookings/{ellas}/cancel")).await.submit("Cancel this place", &[]).await;
    assert_eq!(row(&board, &reference(&ben)).await.state, BookingState::Waitlisted);
    assert_eq!(row(&board, &reference(&second)).await.state, BookingState::Offered);
    assert!(board.mails_to(&address_of("Emil Elm")).await.iter().any(|mail| mail.kind == "booking_offer"));
    must_count(&board).await;
    let amiras = reference(&amira);
    amira.open(&format!("/bookings/{amiras}/cancel")).await.submit("Cancel this place", &[]).await;
    assert_eq!(row(&board, &reference(&ben)).await.state, BookingState::Offered);
    must_count(&board).await;
}

#[tokio::test]
async fn places_released_by_hand_go_to_the_list_once() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 2).await;
    let elm = board.agency("Elm Nursery").await;
    keep(&board, session, KeptFor::Agency(elm), 2, "2025-03-25 00:00").await;
    let mut waiting = Vec::new();
    for name in ["Amira Khan", "Ben Okoro", "Cora Diaz"] {
        let (_, mut browser) = board.learner(name).await;
        book(&mut browser, session).await;
        waiting.push(reference(&browser));
    }
    let page = format!("/office/sessions/{session}/reserved");
    let mut office = board.office().await;
    office.open(&page).await.must_say("What is left goes to the waiting list and then to everybody");
    let (release, _) = office.form_with_button("Release now");
    // Only the office can.
    let (_, mut dan) = board.learner("Dan Evans").await;
    dan.post(&release, &[]).await;
    assert_eq!(dan.status, StatusCode::FORBIDDEN);
    assert_eq!(board.session_row(session).await.reserved, 2);
    office.submit("Release now", &[]).await.must_say("Released at");
    office.post(&release, &[]).await.must_say("Released at");
    let states = async || {
        let mut states = Vec::new();
        for reference in &waiting {
            states.push(row(&board, reference).await.state);
        }
        states
    };
    assert_eq!(states().await, [BookingState::Offered, BookingState::Offered, BookingState::Waitlisted]);
    for (name, offers) in [("Amira Khan", 1), ("Ben Okoro", 1), ("Cora Diaz", 0)] {
        let mails = board.mails_to(&address_of(name)).await;
        assert_eq!(mails.iter().filter(|mail| mail.kind == "booking_offer").count(), offers, "{name}");
    }
    // Looked at again, nothing changes.
    board.set_clock("2025-03-03 10:00");
    board.run_jobs().await;
    assert_eq!(states().await, [BookingState::Offered, BookingState::Offered, BookingState::Waitlisted]);
    must_count(&board).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn strangers_and_staff_race_and_the_kept_places_go_to_the_staff() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 6).await;
    let elm = board.agency("Elm Nursery").await;
    keep(&board, session, KeptFor::Agency(elm), 4, "2025-03-11 00:00").await;
    let mut crowd = Vec::new();
    for number in 0..24 {
        let person = board.person(&format!("Person {number}")).await;
        let is_staff = number % 3 == 0;
        if is_staff {
            board.member(person, elm).await;
        }
        crowd.push((number, is_staff, board.signed_in(person).await));
    }
    let path = format!("/sessions/{session}/book");
    let agency = elm.to_string();
    let race = crowd.into_iter().map(|(number, is_staff, mut browser)| {
        let (path, agency) = (path.clone(), agency.clone());
        tokio::spawn(async move {
            let request = request_id(number + 1);
            let mut fields = answers(&request);
            if is_staff {
                fields.retain(|(name, _)| *name != "agency");
                fields.push(("agency", &agency));
            }
            browser.post(&path, &fields).await;
            assert!(!browser.status.is_server_error(), "{}", browser.status);
            (is_staff, browser.says("Place booked"))
        })
    });
    let outcomes: Vec<(bool, bool)> = join_all(race).await.into_iter().map(Result::unwrap).collect();
    let booked = |staff: bool| outcomes.iter().filter(|outcome| **outcome == (staff, true)).count();
    // Eight of the staff want the four that are kept; the two others go to whoever is first.
    assert_eq!(booked(true) + booked(false), 6);
    assert!(booked(true) >= 4 && booked(false) <= 2, "{outcomes:?}");
    must_count(&board).await;
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Book(usize),
    GiveUp(usize),
    Release,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![5 => (0..6_usize).prop_map(Step::Book), 3 => (0..6_usize).prop_map(Step::GiveUp), 1 => Just(Step::Release)]
}

async fn history_keeps_the_kept(steps: Vec<Step>) {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2026-11-02 10:00", 3).await;
    let elm = board.agency("Elm Nursery").await;
    keep(&board, session, KeptFor::Agency(elm), 2, "2025-06-01 00:00").await;
    let mut people = Vec::new();
    for number in 0..6 {
        people.push(board.person(&format!("Person {number}")).await);
    }
    let reader = board.app.db.reader();
    for (number, step) in steps.into_iter().enumerate() {
        let change = Change::new(None, board.now(), Letters::of(&board.app));
        let txn = board.txn().await;
        match step {
            // The even ones work at the nursery.
            Step::Book(person) => {
                let request = PlaceRequest {
                    request_id: request_id(number),
                    session,
                    person: people[person],
                    agency: (person % 2 == 0).then_some(elm),
                    agency_confirmed: person % 2 == 0,
                    agency_given: None,
                    job_role: "Teacher".into(),
                    person_kind: PersonKind::Employed,
                    access_needs: None,
                    policy_accepted: true,
                    may_wait: true,
                    substitute_for: None,
                    booked_by_lead: None,
                };
                let _refused_when_they_have_one = request_place_in_txn(request, &change, &txn).await.unwrap();
            }
            Step::GiveUp(person) => {
                if let Some(booking) = booking_live_of(session, people[person], &txn).await.unwrap() {
                    give_up_in_txn(booking.id, &change, &txn).await.unwrap().unwrap();
                }
            }
            Step::Release => {
                board.app.clock.set(board.now().max(crate::board::london("2025-06-01 00:00")) + Duration::minutes(1));
                let later = Change { now: board.now(), ..change };
                offer_places_in_txn(session, &later, &txn).await.unwrap();
            }
        }
        txn.commit().await.unwrap();
        must_count(&board).await;
        let now = board.session_row(session).await;
        assert!(now.held + now.reserved <= now.capacity, "{now:?} after {step:?}");
        let rows = board.bookings_of(session).await;
        let kept = reserved_place::Entity::find().filter(reserved_place::Column::SessionId.eq(session));
        let kept = kept.one(reader).await.unwrap().unwrap();
        if kept.released_at.is_none() {
            let strangers = rows.iter().filter(|row| row.state.holds_place() && !row.agency_confirmed).count();
            assert!(strangers <= 1, "a stranger has a kept place after {step:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn random_histories_never_give_a_kept_place_away(steps in prop::collection::vec(step(), 1..30)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(history_keeps_the_kept(steps));
    }
}
