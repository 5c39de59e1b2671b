//! The board moves a session, or says anew how to join it.

use super::{
    book, must_count, reference, row,
    scene::{asked_by, cancel, neglect},
};
use crate::{
    board::{TestBoard, address_of, london},
    browser::Browser,
};
use learning_gain::{
    bookings::rules::BookingState,
    entity::{charge, outbox, session, session_date, venue},
    sessions::rules::{Mode, SessionId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, PaginatorTrait};

/// Changes the session as the office does; booking stays open until its start.
pub async fn change(office: &mut Browser, session: SessionId, fields: &[(&str, &str)]) {
    office.open(&format!("/office/sessions/{session}/edit")).await;
    let open = [("closes-day", ""), ("closes-month", ""), ("closes-year", "")];
    office.submit("Save changes", &[fields, &open[..]].concat()).await;
    assert!(office.path.contains("?done="), "{}", office.text());
}

/// The entry with this beginning of its UID.
fn entry(mail: &outbox::Model, uid: &str) -> String {
    let file = mail.calendar.clone().unwrap_or_default().replace("\r\n ", "");
    let found = file.split("BEGIN:VEVENT").find(|entry| entry.contains(&format!("UID:{uid}@"))).map(str::to_owned);
    found.unwrap_or_else(|| panic!("no entry {uid} in {file}"))
}

#[tokio::test]
async fn everybody_who_had_asked_before_a_move_cancels_free_until_the_start() {
    let (board, session) = neglect("2025-03-31 10:00", 1).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let (mut ben, bens) = asked_by(&board, "Ben Okoro", session).await;
    let mut office = board.office().await;
    board.set_clock("2025-03-04 09:00");
    change(&mut office, session, &[("date1-from", "11am")]).await;
    let mails = board.mails_to(&address_of("Amira Khan")).await;
    let (first, moved) = (&mails[0], mails.last().unwrap());
    assert_eq!(moved.kind, "session_moved");
    assert!(moved.body.clone().unwrap().contains("The time has changed."));
    let uid = format!("{amiras}-1");
    assert!(entry(first, &uid).contains("SEQUENCE:2") && entry(moved, &uid).contains("SEQUENCE:4"));
    assert!(entry(moved, &uid).contains("DTSTART;TZID=Europe/London:20250331T110000"));
    assert!(entry(moved, &uid).contains("free of charge until 11am on Monday 31 March 2025"));
    assert!(entry(moved, &uid).contains("ORGANIZER;CN=\"Testshire Safeguarding Children Board\":mailto:training@"));
    amira.open("/bookings").await.must_say("Cancel free until").must_say("31 March 2025");
    assert!(!amira.says("20 March"), "the old moment no longer counts");

    cancel(&mut amira, &amiras).await;
    ben.open(&format!("/bookings/{bens}")).await.submit("Accept the place", &[]).await.must_say("The place is yours");
    let confirmed = board.mails_to(&address_of("Ben Okoro")).await.pop().unwrap().body.unwrap();
    assert!(confirmed.contains("until 11am on Monday 31 March 2025"), "{confirmed}");
    // The moment of before is neither warned of nor charged for.
    for day in ["2025-03-18 09:00", "2025-03-20 09:00"] {
        board.set_clock(day);
        board.run_jobs().await;
    }
    let warned = board.mails().await.iter().any(|mail| mail.kind == "booking_cancel_by_near");
    assert!(!warned, "nobody is warned of a moment that no longer counts");
    board.set_clock("2025-03-31 10:59");
    ben.open(&format!("/bookings/{bens}/cancel")).await.must_say("nothing is charged");
    ben.submit("Cancel this place", &[]).await.must_say("Cancelled in time");
    assert_eq!(row(&board, &bens).await.state, BookingState::CancelledInTime);
    must_count(&board).await;
}

#[tokio::test]
async fn a_place_on_a_moved_session_is_given_back_free_and_leaves_the_calendar() {
    let (board, session) = neglect("2025-03-31 10:00", 5).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let uid = format!("{amiras}-1");
    let mut office = board.office().await;
    board.set_clock("2025-03-24 09:00");
    amira.open(&format!("/bookings/{amiras}/cancel")).await.must_say("This is a late cancellation");
    change(&mut office, session, &[("date1-from", "11am")]).await;
    // The page of before the move would have cancelled late.
    amira.submit("Cancel this place", &[]).await.must_say("has changed since").must_say("nothing is charged");
    amira.submit("Cancel this place", &[]).await.must_say("Cancelled in time");
    let mails = board.mails_to(&address_of("Amira Khan")).await;
    let [first, moved, cancelled] = &mails[..] else { panic!("{mails:?}") };
    let kinds = [&first.kind, &moved.kind, &cancelled.kind];
    assert_eq!(kinds, ["booking_confirmed", "session_moved", "booking_cancelled"]);
    let numbers = ["SEQUENCE:2\r\n", "SEQUENCE:4\r\n", "SEQUENCE:5\r\n"];
    for (mail, number) in [first, moved, cancelled].into_iter().zip(numbers) {
        assert!(entry(mail, &uid).contains(number), "{number} is not in {}", entry(mail, &uid));
    }
    assert!(cancelled.calendar.clone().unwrap().contains("METHOD:CANCEL"));
    let gone = entry(cancelled, &uid);
    assert!(gone.contains("STATUS:CANCELLED") && gone.contains("20250331T110000"), "{gone}");
    assert!(cancelled.body.clone().unwrap().contains("Because we changed the session, nothing is charged."));
    assert_eq!(charge::Entity::find().count(board.app.db.reader()).await.unwrap(), 0);
    must_count(&board).await;
}

#[tokio::test]
async fn a_moved_session_is_reminded_of_again_and_holds_no_place_beyond_its_start() {
    let (board, session) = neglect("2025-03-31 10:00", 1).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let (mut ben, bens) = asked_by(&board, "Ben Okoro", session).await;
    cancel(&mut amira, &amiras).await;
    assert_eq!(row(&board, &bens).await.offer_expires_at, Some(london("2025-03-05 23:59")));
    let mut office = board.office().await;
    change(&mut office, session, &[("date1-day", "5")]).await;
    assert_eq!(row(&board, &bens).await.offer_expires_at, Some(london("2025-03-04 10:00")));
    let told = board.mails_to(&address_of("Ben Okoro")).await.pop().unwrap().body.unwrap();
    assert!(told.contains("now held until 10am on Tuesday 4 March 2025"), "{told}");

    ben.open(&format!("/bookings/{bens}")).await.submit("Accept the place", &[]).await;
    let reminders = async || {
        let mails = board.mails_to(&address_of("Ben Okoro")).await;
        mails.iter().filter(|mail| mail.kind == "session_reminder").count()
    };
    board.set_clock("2025-03-04 10:05");
    board.run_jobs().await;
    assert_eq!(reminders().await, 1);
    change(&mut office, session, &[("date1-day", "20")]).await;
    board.set_clock("2025-03-19 10:05");
    board.run_jobs().await;
    assert_eq!(reminders().await, 2, "the new date is reminded of too");
    must_count(&board).await;
}

#[tokio::test]
async fn a_date_that_is_gone_leaves_peoples_calendars() {
    let (board, session) = neglect("2025-03-31 10:00", 5).await;
    let txn = board.txn().await;
    let second = session_date::ActiveModel {
        session_id: Set(session),
        position: Set(2),
        starts_at: Set(london("2025-04-07 10:00")),
        ends_at: Set(london("2025-04-07 12:30")),
        ..Default::default()
    };
    second.insert(&txn).await.unwrap();
    let mut row = board.session_row(session).await.into_active_model();
    row.ends_at = Set(london("2025-04-07 12:30"));
    row.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let (_, amiras) = asked_by(&board, "Amira Khan", session).await;
    let mut office = board.office().await;
    let none = ["date2-day", "date2-month", "date2-year", "date2-from", "date2-to"].map(|field| (field, ""));
    change(&mut office, session, &none).await;
    let mail = board.mails_to(&address_of("Amira Khan")).await.pop().unwrap();
    assert_eq!(mail.kind, "session_moved");
    assert!(entry(&mail, &format!("{amiras}-1")).contains("STATUS:CONFIRMED"));
    let gone = entry(&mail, &format!("{amiras}-2"));
    assert!(gone.contains("STATUS:CANCELLED") && gone.contains("SEQUENCE:5") && gone.contains("20250407T100000"));
}

#[tokio::test]
async fn a_new_link_or_address_is_told_to_people_with_a_place_and_moves_nothing() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let online = board.session(course, "2025-03-31 10:00", 1).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", online).await;
    asked_by(&board, "Ben Okoro", online).await;
    let mut office = board.office().await;
    change(&mut office, online, &[("link", "https://meet.example/new-room")]).await;
    let mail = board.mails_to(&address_of("Amira Khan")).await.pop().unwrap();
    assert_eq!(mail.kind, "session_details_changed");
    let body = mail.body.clone().unwrap();
    assert!(body.contains("new-room") && !body.contains("free of charge until the start"), "{body}");
    assert!(entry(&mail, &format!("{amiras}-1")).contains("SEQUENCE:4"));
    assert_eq!(board.session_row(online).await.moved_at, None);
    let told = board.mails_to(&address_of("Ben Okoro")).await.pop().unwrap();
    assert_eq!(told.kind, "waiting_list", "the link is for people with a place");

    let txn = board.txn().await;
    let hall = venue::ActiveModel {
        name: Set("Town Hall".into()),
        address: Set("1 High Street".into()),
        postcode: Set("OX1 1AA".into()),
        access_notes: Set(String::new()),
        travel_notes: Set(String::new()),
        capacity: Set(30),
        version: Set(1),
        ..Default::default()
    };
    let hall = hall.insert(&txn).await.unwrap().id;
    txn.commit().await.unwrap();
    let in_hall = board.session(course, "2025-04-07 10:00", 5).await;
    let txn = board.txn().await;
    let mut row = session::Entity::find_by_id(in_hall).one(&txn).await.unwrap().unwrap().into_active_model();
    (row.mode, row.venue_id, row.online_link) = (Set(Mode::Venue), Set(Some(hall)), Set(None));
    row.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    book(&mut amira, in_hall).await;
    let there = reference(&amira);
    let before = board.mails_to(&address_of("Amira Khan")).await.len();
    office.open(&format!("/office/venues/{hall}")).await.submit("Save", &[("capacity", "40")]).await;
    assert_eq!(
        board.mails_to(&address_of("Amira Khan")).await.len(),
        before,
        "how many it takes is the office's matter"
    );
    office.open(&format!("/office/venues/{hall}")).await.submit("Save", &[("address", "2 Low Road")]).await;
    let mail = board.mails_to(&address_of("Amira Khan")).await.pop().unwrap();
    assert_eq!(mail.kind, "session_details_changed");
    assert!(mail.body.clone().unwrap().contains("2 Low Road"));
    assert!(entry(&mail, &format!("{there}-1")).contains("2 Low Road"));
}

#[tokio::test]
async fn the_link_to_join_is_read_by_people_with_a_place_alone() {
    const LINK: &str = "meet.example";
    let (board, session) = neglect("2025-03-31 10:00", 1).await;
    let (mut dan, dans) = asked_by(&board, "Dan Evans", session).await;
    cancel(&mut dan, &dans).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let (mut ben, bens) = asked_by(&board, "Ben Okoro", session).await;
    let mut office = board.office().await;
    let fields = [("date1-from", "11am"), ("link", "https://meet.example/new-room"), ("instructions", "Code: 4711")];
    change(&mut office, session, &fields).await;

    let last = async |name: &str| board.mails_to(&address_of(name)).await.pop().unwrap();
    let texts = |mail: &outbox::Model| {
        let file = mail.calendar.clone().unwrap_or_default().replace("\r\n ", "");
        [mail.body.clone().unwrap(), mail.html.clone().unwrap(), file]
    };
    let moved = last("Amira Khan").await;
    assert_eq!(moved.kind, "session_moved");
    assert!(texts(&moved).iter().all(|text| text.contains("meet.example/new-room")), "{moved:?}");
    assert!(moved.body.unwrap().contains("Code: 4711"));
    let told = last("Ben Okoro").await;
    assert_eq!(told.kind, "session_moved");
    assert!(texts(&told).iter().all(|text| !text.contains(LINK) && !text.contains("4711")), "{told:?}");
    ben.open(&format!("/bookings/{bens}")).await.must_say("You are number 1");
    assert!(!ben.body.contains(LINK));

    // Whoever gave a place up takes its entry away, without the new link.
    dan.open(&format!("/bookings/{dans}/calendar.ics")).await;
    assert!(dan.body.contains("METHOD:CANCEL") && dan.body.contains("LOCATION:Online"), "{}", dan.body);
    assert!(!dan.body.contains(LINK));
    dan.open(&format!("/bookings/{dans}")).await;
    assert!(!dan.body.contains(LINK));
    amira.open(&format!("/bookings/{amiras}/calendar.ics")).await;
    assert!(amira.body.replace("\r\n ", "").contains("LOCATION:https://meet.example/new-room"));
    cancel(&mut amira, &amiras).await;
    assert!(texts(&last("Amira Khan").await).iter().all(|text| !text.contains(LINK)));
    let offer = last("Ben Okoro").await;
    assert_eq!(offer.kind, "booking_offer");
    assert!(texts(&offer).iter().all(|text| !text.contains(LINK)), "an offer is no place yet");
    ben.open(&format!("/bookings/{bens}")).await;
    assert!(!ben.body.contains(LINK));
    ben.submit("Accept the place", &[]).await;
    assert!(texts(&last("Ben Okoro").await).iter().all(|text| text.contains("meet.example/new-room")));
}
