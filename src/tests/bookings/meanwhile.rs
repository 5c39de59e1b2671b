//! What became true since a page was shown: it does what it said, or nothing.

use super::{
    address_in, answers, book, must_count, reference, request_id, row,
    scene::{asked_by, asks_for_approval, cancel, lead_of_oak, neglect},
};
use crate::{
    board::{TestBoard, address_of, london},
    browser::Browser,
};
use learning_gain::{
    bookings::rules::BookingState,
    entity::{address, agency, booking, membership, person, reserved_place, session},
    sessions::rules::SessionId,
};
use reqwest::StatusCode;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter,
};

#[tokio::test]
async fn a_request_that_was_approved_meanwhile_is_not_cancelled_by_the_old_page() {
    let (board, session) = neglect("2025-03-31 10:00", 5).await;
    asks_for_approval(&board, session, true).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let body = board.mails_to(&address_of("Amira Khan")).await[0].body.clone().unwrap();
    let mut by_link = board.stranger();
    by_link
        .open(&address_in(&body, &format!("{}/bookings/link/", board.base)))
        .await
        .must_say("Take your request back?");
    amira.open(&format!("/bookings/{amiras}/cancel")).await.must_say("Take your request back?");
    let mut office = board.office().await;
    office.open("/office/bookings?state=requested").await.submit("Approve", &[]).await;

    amira.submit("Take the request back", &[]).await.must_say("has changed since you opened the page");
    assert_eq!(amira.status, StatusCode::UNPROCESSABLE_ENTITY);
    amira.must_say("Cancel your place?").must_say("11:59pm on Thursday 20 March 2025");
    by_link.submit("Take the request back", &[]).await.must_say("has changed since you opened the page");
    by_link.must_say("Cancel your place?");
    assert_eq!(row(&board, &amiras).await.state, BookingState::Booked);
    amira.post(&format!("/bookings/{amiras}/cancel"), &[]).await.must_say("has changed since");
    assert_eq!(row(&board, &amiras).await.state, BookingState::Booked, "a form that says nothing cancels nothing");
    must_count(&board).await;
}

#[tokio::test]
async fn a_page_that_said_in_time_does_not_cancel_late_after_midnight() {
    let (board, session) = neglect("2025-04-08 10:00", 20).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let mut lead = lead_of_oak(&board).await;
    board.set_clock("2025-03-30 23:59");
    amira.open(&format!("/bookings/{amiras}/cancel")).await.must_say("You are in time");
    lead.open(&format!("/agency/bookings/{amiras}/cancel")).await.must_say("free of charge");
    board.set_clock("2025-03-31 00:00");
    amira.submit("Cancel this place", &[]).await.must_say("has changed since").must_say("This is a late cancellation");
    lead.submit("Cancel this place", &[]).await.must_say("has changed since").must_say("This is a late cancellation");
    assert_eq!(row(&board, &amiras).await.state, BookingState::Booked);
    amira.submit("Cancel this place", &[]).await.must_say("Cancelled late");
    lead.submit("Cancel this place", &[]).await.must_say("Cancelled late");
    must_count(&board).await;
}

#[tokio::test]
async fn declining_in_one_window_does_not_give_back_what_the_other_accepted() {
    let (board, session) = neglect("2025-03-31 10:00", 1).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let (ben, mut first) = board.learner("Ben Okoro").await;
    book(&mut first, session).await;
    let bens = reference(&first);
    let body = board.mails_to(&address_of("Ben Okoro")).await[0].body.clone().unwrap();
    let mut by_link = board.stranger();
    let link = address_in(&body, &format!("{}/bookings/link/", board.base));
    by_link.open(&link).await.must_say("You are number 1 on the waiting list");
    cancel(&mut amira, &amiras).await;
    let mut second = board.signed_in(ben).await;
    second.open(&format!("/bookings/{bens}/cancel")).await.must_say("Decline the place?");
    first.open(&format!("/bookings/{bens}")).await.submit("Accept the place", &[]).await.must_say("The place is yours");
    second.submit("Decline the place", &[]).await.must_say("has changed since").must_say("Cancel your place?");
    assert_eq!(row(&board, &bens).await.state, BookingState::Booked);

    // Somebody who declines over HTTP leaves the list, and the next one is asked.
    let (mut cora, coras) = asked_by(&board, "Cora Diaz", session).await;
    let (_, dans) = asked_by(&board, "Dan Evans", session).await;
    cancel(&mut first, &bens).await;
    cora.open(&format!("/bookings/{coras}/cancel")).await.submit("Decline the place", &[]).await;
    cora.must_say("You have declined the place");
    assert_eq!(row(&board, &coras).await.state, BookingState::OfferDeclined);
    assert_eq!(row(&board, &dans).await.state, BookingState::Offered);
    must_count(&board).await;
}

#[tokio::test]
async fn an_offer_is_not_accepted_beside_another_place_at_the_same_time() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let full = board.session(course, "2025-03-31 10:00", 1).await;
    let same_time = board.session(course, "2025-03-31 11:00", 5).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", full).await;
    let (mut ben, bens) = asked_by(&board, "Ben Okoro", full).await;
    book(&mut ben, same_time).await;
    cancel(&mut amira, &amiras).await;
    ben.open(&format!("/bookings/{bens}")).await.submit("Accept the place", &[]).await;
    assert_eq!(ben.status, StatusCode::CONFLICT);
    ben.must_say("at the same time").must_say("Cancel that one first");
    assert_eq!(row(&board, &bens).await.state, BookingState::Offered);

    // The same on the last day, when a free place is taken from the list.
    let full = board.session(course, "2025-03-24 10:00", 1).await;
    let same_time = board.session(course, "2025-03-24 11:00", 5).await;
    book(&mut amira, full).await;
    let amiras = reference(&amira);
    book(&mut ben, full).await;
    let bens = reference(&ben);
    book(&mut ben, same_time).await;
    board.set_clock("2025-03-23 12:00");
    cancel(&mut amira, &amiras).await;
    ben.open(&format!("/bookings/{bens}")).await.submit("Take a place", &[]).await;
    assert_eq!(ben.status, StatusCode::CONFLICT);
    ben.must_say("at the same time");
    assert_eq!(row(&board, &bens).await.state, BookingState::Waitlisted);
    must_count(&board).await;
}

#[tokio::test]
async fn an_accepted_offer_that_needs_approval_is_not_called_a_place() {
    let (board, session) = neglect("2025-03-31 10:00", 1).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let (mut ben, bens) = asked_by(&board, "Ben Okoro", session).await;
    asks_for_approval(&board, session, true).await;
    cancel(&mut amira, &amiras).await;
    // The page after booking, loaded again: no panel that says what was true then.
    ben.open(&format!("/bookings/{bens}?done=booking-made")).await.must_say("A place is held for you until");
    assert!(!ben.says("You are number 0"));
    ben.submit("Accept the place", &[]).await;
    assert!(ben.body.contains("It needs approval now") && !ben.body.contains("The place is yours"), "{}", ben.text());
    ben.open(&format!("/bookings/{bens}/cancel")).await.submit("Take the request back", &[]).await;
    ben.open(&format!("/bookings/{bens}?done=booking-made")).await.must_say("Withdrawn");
    assert!(!ben.says("You are number"));
    must_count(&board).await;
}

#[tokio::test]
async fn a_place_is_not_given_up_for_a_request_and_the_new_rule_is_read_first() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let first = board.session(course, "2025-03-17 10:00", 1).await;
    let strict = board.session(course, "2025-03-24 10:00", 5).await;
    let full = board.session(course, "2025-03-25 10:00", 1).await;
    let free = board.session(course, "2025-03-31 10:00", 5).await;
    asks_for_approval(&board, strict, true).await;
    let (_, mut ben) = board.learner("Ben Okoro").await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", first).await;
    amira.open(&format!("/bookings/{amiras}/move")).await;
    amira.must_say("You can cancel free of charge until 11:59pm on Thursday 20 March 2025").must_say("charged £50");
    let (action, fields) = amira.form_with_button("Move to this date");
    let request = fields.iter().find(|(name, _)| name == "request_id").unwrap().1.clone();
    let to = |session: SessionId| {
        vec![
            ("session".to_owned(), session.to_string()),
            ("accept".to_owned(), "yes".to_owned()),
            ("request_id".to_owned(), request.clone()),
        ]
    };
    let send = async |browser: &mut Browser, session: SessionId| {
        let fields = to(session);
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post(&action, &pairs).await;
    };
    send(&mut amira, strict).await;
    assert_eq!(amira.status, StatusCode::CONFLICT);
    amira.must_say("needs approval first");
    assert_eq!(row(&board, &amiras).await.state, BookingState::Booked);
    // Taken while she was looking.
    book(&mut ben, full).await;
    send(&mut amira, full).await;
    amira.must_say("That date is full");
    assert_eq!(row(&board, &amiras).await.state, BookingState::Booked);
    // Kept for somebody else is as good as full.
    let elm = board.agency("Elm Nursery").await;
    let kept = board.session(course, "2025-04-07 10:00", 1).await;
    let txn = board.txn().await;
    let place = reserved_place::ActiveModel {
        session_id: Set(kept),
        agency_id: Set(Some(elm)),
        places: Set(1),
        taken: Set(0),
        release_at: Set(london("2025-03-31 23:59")),
        ..Default::default()
    };
    place.insert(&txn).await.unwrap();
    let mut counted = board.session_row(kept).await.into_active_model();
    counted.reserved = Set(1);
    counted.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    send(&mut amira, kept).await;
    amira.must_say("That date is full");
    // Twice is once.
    send(&mut amira, free).await;
    let there = reference(&amira);
    send(&mut amira, free).await;
    assert_eq!(reference(&amira), there);
    let new = row(&board, &there).await;
    assert!(new.state == BookingState::Booked && new.policy_accepted);
    let calendar =
        board.mails_to(&address_of("Amira Khan")).await.pop().unwrap().calendar.unwrap().replace("\r\n ", "");
    let gone = calendar.split("BEGIN:VEVENT").find(|entry| entry.contains(&format!("UID:{amiras}-1@"))).unwrap();
    assert!(gone.contains("STATUS:CANCELLED") && gone.contains("SEQUENCE:3"), "{gone}");
    assert!(calendar.contains(&format!("UID:{there}-1@")) && calendar.contains("STATUS:CONFIRMED"));
    must_count(&board).await;
}

#[tokio::test]
async fn a_substitute_takes_the_place_over_with_its_moment() {
    let (board, session) = neglect("2025-03-17 10:00", 2).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let (ben, mut bens_browser) = board.learner("Ben Okoro").await;
    asked_by(&board, "Cora Diaz", session).await;
    board.set_clock("2025-03-10 10:00");
    amira.open(&format!("/bookings/{amiras}/colleague")).await;
    amira.submit("Give my place", &[("name", "Cora"), ("email", &address_of("Cora Diaz"))]).await;
    amira.must_say("This colleague cannot take the place");
    assert!(!amira.says("already has a place"), "nobody is told of a colleague's bookings");
    amira.open(&format!("/bookings/{amiras}/colleague")).await;
    amira.submit("Give my place", &[("name", "Ben"), ("email", &address_of("Ben Okoro"))]).await;
    let bens = board.bookings_of(session).await.into_iter().find(|row| row.person_id == ben).unwrap();
    assert_eq!(bens.cancel_by, london("2025-03-06 23:59"), "a substitution is no new grace");
    let mail = board.mails_to(&address_of("Ben Okoro")).await.pop().unwrap().body.unwrap();
    assert!(mail.contains("11:59pm on Thursday 6 March 2025") && mail.contains("£50"), "{mail}");
    bens_browser.open(&format!("/bookings/{}/cancel", bens.reference)).await.must_say("This is a late cancellation");
    must_count(&board).await;
}

#[tokio::test]
async fn a_colleague_without_an_address_is_sent_and_nobody_is_doubled() {
    let (board, session) = neglect("2025-03-31 10:00", 2).await;
    let (_, amiras) = asked_by(&board, "Amira Khan", session).await;
    let school = agency::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap().id;
    let wanda = board.person("Wanda Walker").await;
    board.member(wanda, school).await;
    let txn = board.txn().await;
    address::Entity::delete_many().filter(address::Column::PersonId.eq(wanda)).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let mut lead = lead_of_oak(&board).await;
    let people = person::Entity::find().count(board.app.db.reader()).await.unwrap();
    lead.open(&format!("/agency/bookings/{amiras}/colleague")).await;
    lead.submit("Give the place", &[("staff", &wanda.to_string())]).await.must_say("A colleague has the place");
    assert_eq!(board.bookings_of(session).await.pop().unwrap().person_id, wanda);
    assert_eq!(person::Entity::find().count(board.app.db.reader()).await.unwrap(), people);
    let empty = address::Entity::find().filter(address::Column::Address.eq(""));
    assert_eq!(empty.count(board.app.db.reader()).await.unwrap(), 0);
    must_count(&board).await;
}

#[tokio::test]
async fn the_list_is_in_the_order_of_the_lock_and_a_confirmed_membership_counts_on_it() {
    let (board, session) = neglect("2025-03-31 10:00", 1).await;
    asked_by(&board, "Amira Khan", session).await;
    board.set_clock("2025-03-03 09:30");
    let (mut ben, _) = asked_by(&board, "Ben Okoro", session).await;
    // Cora's request began earlier, and waited longer for the session.
    board.set_clock("2025-03-03 09:20");
    let cora = board.person("Cora Diaz").await;
    let mut cora = board.signed_in(cora).await;
    cora.open(&format!("/sessions/{session}/book/details")).await;
    let typed = [("agency", "other"), ("agency_name", "Oak School"), ("job_role", "Cook")];
    cora.submit("Continue", &typed).await.submit("Join the waiting list", &[("accept", "yes")]).await;
    cora.must_say("You are number 2");
    let coras = reference(&cora);
    ben.open(&format!("/bookings/{}", reference(&ben))).await.must_say("You are number 1");
    assert!(!row(&board, &coras).await.agency_confirmed);

    let mut lead = lead_of_oak(&board).await;
    lead.open("/agency/staff").await.submit("Works here", &[]).await.must_say("is confirmed");
    assert!(row(&board, &coras).await.agency_confirmed, "a place that is kept for the school can be hers now");
    let claimed = membership::Entity::find().filter(membership::Column::ConfirmedAt.is_null());
    assert_eq!(claimed.count(board.app.db.reader()).await.unwrap(), 0);
}

#[tokio::test]
async fn the_same_form_adds_one_session_and_reserves_places_once() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let elm = board.agency("Elm Nursery").await.to_string();
    let mut office = board.office().await;
    office.open("/office/sessions/new").await;
    let (action, mut fields) = office.form_with_button("Save and publish");
    let typed = [
        ("course", course.to_string()),
        ("date1-day", "17".into()),
        ("date1-month", "3".into()),
        ("date1-year", "2025".into()),
        ("date1-from", "10am".into()),
        ("date1-to", "12:30".into()),
        ("mode", "online".into()),
        ("link", "https://meet.example/secret".into()),
        ("capacity", "20".into()),
    ];
    fields.retain(|(name, _)| !typed.iter().any(|(typed, _)| typed == name));
    fields.extend(typed.into_iter().map(|(name, value)| (name.to_owned(), value)));
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    office.post(&action, &pairs).await.must_say("Neglect");
    let path = office.path.clone();
    office.post(&action, &pairs).await;
    assert_eq!(office.path, path);
    assert_eq!(session::Entity::find().count(board.app.db.reader()).await.unwrap(), 1);

    let id = session::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap().id;
    office.open(&format!("/office/sessions/{id}/reserved")).await;
    let (action, mut fields) = office.form_with_button("Reserve these places");
    let typed =
        [("agency", elm.as_str()), ("places", "3"), ("until-day", "10"), ("until-month", "3"), ("until-year", "2025")];
    fields.retain(|(name, _)| !typed.iter().any(|(typed, _)| typed == name));
    fields.extend(typed.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    office.post(&action, &pairs).await.must_say("3 are reserved");
    office.post(&action, &pairs).await.must_say("3 are reserved");
    assert_eq!(reserved_place::Entity::find().count(board.app.db.reader()).await.unwrap(), 1);
    must_count(&board).await;
}

#[tokio::test]
async fn one_bad_row_keeps_no_other_offer_from_running_out() {
    let board = TestBoard::new().await;
    if board.app.db.reader().get_database_backend() != DbBackend::Sqlite {
        return; // The broken row is made with a trigger of SQLite's.
    }
    let course = board.course("Neglect").await;
    let mut offered = Vec::new();
    for hour in ["10:00", "14:00"] {
        let session = board.session(course, &format!("2025-03-31 {hour}"), 5).await;
        asks_for_approval(&board, session, true).await;
        let (_, mut learner) = board.learner(&format!("Learner At {}", hour.replace(':', " "))).await;
        book(&mut learner, session).await;
        offered.push(reference(&learner));
    }
    let bad = row(&board, &offered[0]).await.id;
    let txn = board.txn().await;
    let sql = format!(
        "CREATE TRIGGER bad BEFORE UPDATE ON bookings WHEN NEW.id = {bad} BEGIN SELECT RAISE(ABORT, 'broken'); END"
    );
    txn.execute_unprepared(&sql).await.unwrap();
    txn.commit().await.unwrap();
    board.set_clock("2025-03-10 10:00");
    board.run_jobs().await;
    assert_eq!(row(&board, &offered[0]).await.state, BookingState::Requested);
    assert_eq!(row(&board, &offered[1]).await.state, BookingState::Lapsed);
}

#[tokio::test]
async fn a_form_from_before_a_change_books_nothing_and_its_first_result_stands() {
    let (board, session) = neglect("2025-03-31 10:00", 5).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    let request = request_id(7);
    let shown = |version: i32| format!("{session}.{version}");
    let (old, new) = (shown(0), shown(1));
    let with = |version| [answers(&request), vec![("version", version)]].concat();
    amira.post(&format!("/sessions/{session}/book"), &with(&old)).await.must_say("was changed while you were looking");
    assert_eq!(booking::Entity::find().count(board.app.db.reader()).await.unwrap(), 0);
    amira.post(&format!("/sessions/{session}/book"), &with(&new)).await.must_say("Place booked");
    let amiras = reference(&amira);
    amira.post(&format!("/sessions/{session}/book"), &with(&old)).await;
    assert_eq!(reference(&amira), amiras);
}
