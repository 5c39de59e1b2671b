//! What is checked before a place is confirmed, and what a page from before a change says.

use super::{answers, book, must_count, reference, request_id, row};
use crate::{
    attendance::{charges, place},
    board::{TestBoard, address_of},
};
use learning_gain::{
    accounts::rules::Role,
    bookings::rules::{BookingState, Outcome},
    charges::rules::ChargeState,
    entity::{agency, booking, course, session},
};
use reqwest::StatusCode;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

#[tokio::test]
async fn two_confirmed_charges_in_a_year_make_the_next_booking_ask_for_approval() {
    let board = TestBoard::new().await;
    let neglect = board.course("Neglect").await;
    let (ben, mut browser) = board.learner("Ben Okoro").await;
    let mut office = board.office().await;
    for day in ["2025-03-17", "2025-03-24"] {
        let missed = board.session(neglect, &format!("{day} 10:00"), 20).await;
        place(&board, missed, ben).await;
        board.set_clock(&format!("{day} 13:00"));
        let submit = format!("/training/sessions/{missed}/register/1/submit");
        office.post(&submit, &[("rest", "did_not_attend")]).await;
        let charge = charges(&board).await.pop().unwrap();
        office.open(&format!("/office/charges/{}/notify", charge.reference)).await.submit("Tell them", &[]).await;
        let next = board.session(neglect, &format!("{day} 15:00"), 20).await;
        if charges(&board).await.iter().filter(|charge| charge.state == ChargeState::Confirmed).count() < 2 {
            browser.open(&format!("/sessions/{next}/book")).await;
            assert!(!browser.says("needs approval"), "one charge is not two");
        }
        office.open(&format!("/office/charges/{}/confirm", charge.reference)).await;
        office.submit("Confirm the charge", &[]).await.must_say("Confirmed");
    }
    let asked = board.session(neglect, "2025-05-12 10:00", 20).await;
    book(&mut browser, asked).await;
    browser.must_say("Waiting for approval");
    let bens = reference(&browser);
    assert_eq!(board.session_row(asked).await.held, 1, "the place is held while somebody decides");

    // It is the office's to answer, also where the agency's own lead books.
    let school = agency::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap().id;
    let lead = board.person("Lena Lead").await;
    board.grant(lead, Role::TrainingLead, Some(school)).await;
    let mut lead = board.signed_in(lead).await;
    lead.post(&format!("/agency/bookings/{bens}/approve"), &[]).await.must_say("not the agency");
    let other = board.session(neglect, "2025-06-16 10:00", 20).await;
    lead.open(&format!("/agency/sessions/{other}/book")).await;
    lead.submit("Book for them", &[("staff", &ben.to_string())]).await.must_say("Waiting for approval");
    office.open("/office/bookings?state=requested").await.submit("Approve", &[]).await;
    office.must_say("Approved");

    // A year later they are forgotten.
    board.set_clock("2026-03-25 14:00");
    let mut browser = board.signed_in(ben).await;
    let later = board.session(neglect, "2026-05-11 10:00", 20).await;
    book(&mut browser, later).await;
    browser.must_say("Place booked");
}

#[tokio::test]
async fn whoever_is_still_trained_is_told_so_and_can_book_all_the_same() {
    let board = TestBoard::new().await;
    let neglect = board.course("Neglect").await;
    let (amira, mut browser) = board.learner("Amira Khan").await;
    let past = board.session(neglect, "2025-02-10 10:00", 20).await;
    let attended = place(&board, past, amira).await;
    let txn = board.txn().await;
    let came = booking::ActiveModel { outcome: Set(Some(Outcome::Attended)), ..Default::default() };
    let only = booking::Entity::update_many().filter(booking::Column::Id.eq(attended));
    only.set(came).exec(&txn).await.unwrap();
    let valid = course::ActiveModel { validity_months: Set(Some(36)), ..Default::default() };
    course::Entity::update_many().set(valid).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let next = board.session(neglect, "2025-03-31 10:00", 20).await;
    browser.open(&format!("/sessions/{next}/book")).await.must_say("You attended this course on 10 Feb 2025");
    browser.must_say("valid until 10 Feb 2028").must_say("You can still book");
    book(&mut browser, next).await;
    browser.must_say("Place booked");
}

#[tokio::test]
async fn a_form_from_before_the_session_changed_shows_what_is_now_true() {
    let board = TestBoard::new().await;
    let neglect = board.course("Neglect").await;
    let moved = board.session(neglect, "2025-03-31 10:00", 20).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    amira.open(&format!("/sessions/{moved}/book/details")).await.submit("Continue", &[]).await;
    amira.must_say("31 March 2025");
    let mut office = board.office().await;
    office.open(&format!("/office/sessions/{moved}/edit")).await;
    office.submit("Save changes", &[("date1-day", "14"), ("date1-month", "4")]).await.must_say("told by e-mail");
    amira.submit("Book this place", &[("accept", "yes")]).await;
    assert_eq!(amira.status, StatusCode::UNPROCESSABLE_ENTITY);
    amira.must_say("was changed while you were looking at it").must_say("14 April 2025");
    assert_eq!(board.bookings_of(moved).await.len(), 0);
    amira.submit("Book this place", &[("accept", "yes")]).await.must_say("Place booked").must_say("14 April 2025");
    let amiras = reference(&amira);

    // Two tabs: one cancels, the other still shows the form.
    let person = row(&board, &amiras).await.person_id;
    let mut tab = board.signed_in(person).await;
    tab.open(&format!("/bookings/{amiras}/cancel")).await;
    let mut move_tab = board.signed_in(person).await;
    let other_date = board.session(neglect, "2025-05-12 10:00", 20).await;
    move_tab.open(&format!("/bookings/{amiras}/move")).await;
    amira.open(&format!("/bookings/{amiras}/cancel")).await.submit("Cancel this place", &[]).await;
    tab.submit("Cancel this place", &[]).await.must_say("Cancelled in time");
    move_tab.submit("Move to this date", &[("session", &other_date.to_string())]).await;
    move_tab.must_say("This place was already given up, so nothing was changed");
    assert_eq!(move_tab.status, StatusCode::CONFLICT);
    // The back button leads to a page that sends on to what is true.
    tab.open(&format!("/bookings/{amiras}/cancel")).await.must_say("Cancelled in time");
    must_count(&board).await;

    // Called off between the screens: said with other dates one click away.
    amira.open(&format!("/sessions/{other_date}/book/details")).await.submit("Continue", &[]).await;
    office.open(&format!("/office/sessions/{other_date}/cancel")).await;
    office.submit("Cancel", &[("reason", "The trainer is ill")]).await;
    amira.submit("Book this place", &[("accept", "yes")]).await.must_say("This session has been cancelled");
    assert_eq!(amira.status, StatusCode::CONFLICT);
    amira.must_say("See other dates of this course");
}

#[tokio::test]
async fn an_old_link_a_used_link_and_an_old_form_say_what_can_be_done() {
    let board = TestBoard::new().await;
    let neglect = board.course("Neglect").await;
    let session = board.session(neglect, "2025-03-31 10:00", 1).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let (_, mut ben) = board.learner("Ben Okoro").await;
    book(&mut ben, session).await;
    let amiras = reference(&amira);
    amira.open(&format!("/bookings/{amiras}/cancel")).await.submit("Cancel this place", &[]).await;
    let mails = board.mails_to(&address_of("Ben Okoro")).await;
    let offer = mails.iter().find(|mail| mail.kind == "booking_offer").unwrap().body.clone().unwrap();
    let link = super::address_in(&offer, &format!("{}/bookings/link/", board.base));
    let mut phone = board.stranger();
    phone.open(&link).await.submit("Accept the place", &[]).await.must_say("Booked");
    // Pressed again, and opened again: the place stays, and the page offers what can be done now.
    phone.post(&link, &[("move", "accept")]).await.must_say("Booked").must_say("Cancel this place");
    phone.post(&link, &[("move", "nonsense")]).await.must_say("did not say what to do");
    phone.post(&link, &[("move", "colleague"), ("name", "C D"), ("email", "c@d.example")]).await;
    phone.must_say("This form is too old to be used");
    let request = "not one of ours";
    amira.post(&format!("/sessions/{session}/book"), &answers(request)).await.must_say("too old to be used");
    assert_eq!(row(&board, &reference(&ben)).await.state, BookingState::Booked);

    // Duplicates: a second form of the same person is told what they have.
    let request = request_id(77);
    ben.post(&format!("/sessions/{session}/book"), &answers(&request)).await.must_say("You already have a place");
    let archived = session::ActiveModel {
        status: Set(learning_gain::sessions::rules::SessionStatus::Archived),
        ..Default::default()
    };
    let txn = board.txn().await;
    session::Entity::update_many().set(archived).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    amira.open(&format!("/sessions/{session}/book")).await;
    assert_eq!(amira.status, StatusCode::NOT_FOUND);
    must_count(&board).await;
}
