//! A place is offered: until when it could be given back is said before it is taken, and every page leads on.

use super::{
    book, must_count, reference, row,
    shown::{freed, link_of},
};
use crate::board::{TestBoard, address_of, london};
use learning_gain::{bookings::rules::BookingState, entity::agency, messages::wording};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

#[tokio::test]
async fn an_offer_says_until_when_the_place_can_be_given_back() {
    // The first can be given back until the usual cut-off; the second is offered after it.
    for (starts, at, until) in [
        ("2025-03-31 10:00", "2025-03-03 09:00", "11:59pm on Thursday 20 March 2025"),
        ("2025-03-31 10:00", "2025-03-25 09:00", "9am on Wednesday 26 March 2025"),
        ("2025-03-31 10:00", "2025-03-30 12:00", "10am on Monday 31 March 2025"),
    ] {
        let board = TestBoard::new().await;
        let course = board.course("Neglect").await;
        let session = board.session(course, starts, 1).await;
        let (mut ben, bens) = freed(&board, session, Some(at)).await;
        let is_last_day = row(&board, &bens).await.state == BookingState::Waitlisted;
        let kind = if is_last_day { "booking_last_day" } else { "booking_offer" };
        let mail = board.mails_to(&address_of("Ben Okoro")).await.pop().unwrap();
        let (told, body) = (mail.kind.clone(), mail.body.unwrap());
        assert_eq!(told, kind, "{at}");
        let terms =
            format!("If you take the place now, you can cancel free of charge until {until}. If you do not come");
        assert!(body.contains(&terms) && body.contains("your employer is charged £50"), "{at}: {body}");
        let mut phone = board.stranger();
        phone.open(&link_of(&board, "Ben Okoro", kind).await).await;
        ben.open(&format!("/bookings/{bens}")).await;
        for page in [&phone, &ben] {
            page.must_say("If you take it now, you can cancel free of charge until").must_say(until);
            page.must_say("your employer is charged £50");
        }
        let button = if is_last_day { "Take a place if one is free" } else { "Accept the place" };
        phone.submit(button, &[]).await.must_say("Booked");
        ben.open(&format!("/bookings/{bens}")).await.must_say(until);
    }
}

#[tokio::test]
async fn the_offices_own_words_of_before_stay_valid() {
    for (wording, body) in [
        (&wording::BOOKING_OFFER, "Held until {{until}}.\n\n{{details}}\n\n{{link}}"),
        (&wording::BOOKING_LAST_DAY, "{{details}}\n\n{{link}}"),
        (&wording::SESSION_MOVED, "{{what_changed}}\n\n{{details}}\n\n{{change_or_cancel}}"),
    ] {
        assert!(wording::parse_template(wording, "Subject", body).is_ok(), "{}", wording.kind);
    }
}

#[tokio::test]
async fn whoever_has_an_offer_and_asks_again_is_led_to_it_and_an_offer_that_ran_out_claims_nothing_of_others() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let (mut ben, bens) = freed(&board, session, None).await;
    ben.open(&format!("/sessions/{session}/book")).await;
    assert_eq!(ben.status, StatusCode::CONFLICT);
    ben.must_say("A place on this session is held for you until 11:59pm on Wednesday 5 March 2025");
    assert!(!ben.says("already have a place"), "{}", ben.text());
    let answer = ben.link("Accept or decline the place");
    assert_eq!(answer, format!("/bookings/{bens}"));
    ben.open(&answer).await.must_say("If you do not answer by then, somebody else can have it");

    // Nobody else waits, so nobody has the place.
    board.set_clock("2025-03-06 00:00");
    board.run_jobs().await;
    let told = board.mails_to(&address_of("Ben Okoro")).await.pop().unwrap();
    assert_eq!(told.kind, "booking_offer_expired");
    let body = told.body.unwrap();
    assert!(body.contains("no longer held for you") && !body.contains("next person"), "{body}");
    ben.post(&format!("/bookings/{bens}/accept"), &[]).await.must_say("This offer has run out");
    assert!(!ben.says("next person"), "{}", ben.text());
    // The refusal leads on to the booking, and from there to the session, where the place can be booked.
    let onward = ben.link("See the booking as it is now");
    ben.open(&onward).await.must_say("Offer ran out");
    book(&mut ben, session).await;
    ben.must_say("Place booked");
    must_count(&board).await;
}

#[tokio::test]
async fn who_already_has_a_booking_is_led_to_it() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    for (name, sentence) in [
        ("Amira Khan", "You already have a place on this session"),
        ("Ben Okoro", "You are already on the waiting list"),
    ] {
        let (_, mut browser) = board.learner(name).await;
        book(&mut browser, session).await;
        let theirs = format!("/bookings/{}", reference(&browser));
        browser.open(&format!("/sessions/{session}/book")).await.must_say(sentence);
        assert_eq!(browser.link("See your booking of this session"), theirs);
    }
}

#[tokio::test]
async fn refused_answers_and_colleagues_lead_on() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let txn = board.txn().await;
    let mut strict = board.session_row(session).await.into_active_model();
    strict.needs_approval = Set(true);
    strict.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let amiras = reference(&amira);
    let school = agency::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap().id;
    let lead = board.person("Lena Lead").await;
    board.grant(lead, learning_gain::accounts::rules::Role::TrainingLead, Some(school)).await;
    let mut lead = board.signed_in(lead).await;
    lead.post(&format!("/agency/bookings/{amiras}/approve"), &[]).await.must_say("not the agency");
    assert_eq!(lead.link("See the booking"), format!("/agency/bookings/{amiras}"));
    let link = link_of(&board, "Amira Khan", "booking_requested").await;
    amira.open(&format!("/bookings/{amiras}/cancel")).await.submit("Take the request back", &[]).await;
    let mut office = board.office().await;
    office.post(&format!("/office/bookings/{amiras}/approve"), &[]).await.must_say("already answered");
    assert_eq!(office.link("See the booking"), format!("/bookings/{amiras}"));
    for (path, onward) in [
        (format!("/bookings/{amiras}/colleague"), format!("/bookings/{amiras}")),
        (format!("/bookings/{amiras}/move"), format!("/bookings/{amiras}")),
        (format!("/agency/bookings/{amiras}/colleague"), format!("/agency/bookings/{amiras}")),
    ] {
        let browser = if path.starts_with("/agency") { &mut lead } else { &mut amira };
        browser.open(&path).await.must_say("already given up");
        assert_eq!(browser.status, StatusCode::CONFLICT, "{path}");
        assert_eq!(browser.link("See the booking"), onward);
        browser.open(&onward).await.must_say("Withdrawn");
    }
    let mut phone = board.stranger();
    phone.post(&link, &[("move", "accept")]).await.must_say("There is no offer to answer any more");
    let onward = phone.link("See the booking");
    assert!(link.ends_with(&onward), "{onward}");
    phone.open(&onward).await.must_say("Withdrawn");
}

#[tokio::test]
async fn a_grace_is_as_long_as_it_was_shown_or_longer() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let (mut ben, bens) = freed(&board, session, Some("2025-03-25 09:00")).await;
    ben.open(&format!("/bookings/{bens}")).await.must_say("9am on Wednesday 26 March 2025");
    board.set_clock("2025-03-25 17:00");
    ben.submit("Accept the place", &[]).await.must_say("The place is yours");
    assert_eq!(row(&board, &bens).await.cancel_by, london("2025-03-26 17:00"));
}
