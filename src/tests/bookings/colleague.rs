//! Nobody gets around an approval, a kept place or a charge by sending a colleague.

use super::{
    book, must_count, reference,
    reserved::{keep, staff},
    row,
    scene::{asked_by, asks_for_approval, neglect},
};
use crate::{
    attendance::place,
    board::{TestBoard, address_of},
    browser::Browser,
};
use learning_gain::{
    accounts::rules::PersonId,
    bookings::rules::{BookingState, KeptFor},
    charges::rules::{ChargeState, PayerKind, Trigger},
    entity::{agency, booking, charge},
    sessions::rules::SessionId,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// Names somebody on the colleague's page of a booking.
async fn name<'a>(browser: &'a mut Browser, booking: &str, name: &str) -> &'a mut Browser {
    browser.open(&format!("/bookings/{booking}/colleague")).await;
    browser.submit("Give my place", &[("name", name), ("email", &address_of(name))]).await
}

/// A charge for not attending that was confirmed now.
async fn missed(board: &TestBoard, session: SessionId, person: PersonId) {
    let booking = place(board, session, person).await;
    let txn = board.txn().await;
    let row = charge::ActiveModel {
        reference: Set(format!("MISSED{booking}")),
        booking_id: Set(booking),
        session_id: Set(session),
        trigger: Set(Trigger::DidNotAttend),
        state: Set(ChargeState::Confirmed),
        amount_pence: Set(50_00),
        policy_version_id: Set(board.policy),
        verdict: Set("{}".into()),
        sentence: Set("A place was not used.".into()),
        payer_kind: Set(PayerKind::Agency),
        payer_name: Set("Oak School".into()),
        proposed_at: Set(board.now()),
        lapses_at: Set(board.now()),
        decided_at: Set(Some(board.now())),
        version: Set(1),
        ..Default::default()
    };
    row.insert(&txn).await.unwrap();
    txn.commit().await.unwrap();
}

#[tokio::test]
async fn where_the_office_approves_each_place_only_the_office_hands_one_over() {
    let (board, session) = neglect("2025-03-31 10:00", 5).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    asks_for_approval(&board, session, true).await;
    name(&mut amira, &amiras, "Ben Okoro").await.must_say("The training team approves who has a place here");
    assert_eq!(row(&board, &amiras).await.state, BookingState::Booked);
    let mut office = board.office().await;
    name(&mut office, &amiras, "Ben Okoro").await.must_say("A colleague has the place");
    assert_eq!(row(&board, &amiras).await.state, BookingState::Substituted);
    must_count(&board).await;
}

#[tokio::test]
async fn a_colleague_whose_next_booking_needs_approval_is_sent_by_the_office_alone() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 5).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let (ben, _) = board.learner("Ben Okoro").await;
    for day in ["2025-06-02 10:00", "2025-06-09 10:00"] {
        let elsewhere = board.session(course, day, 5).await;
        missed(&board, elsewhere, ben).await;
    }
    name(&mut amira, &amiras, "Ben Okoro").await.must_say("This colleague cannot take the place");
    assert!(!amira.says("approv") && !amira.says("charge of"), "his charges are not hers to know");
    assert_eq!(row(&board, &amiras).await.state, BookingState::Booked);
    let mut office = board.office().await;
    name(&mut office, &amiras, "Ben Okoro").await.must_say("A colleague has the place");
}

#[tokio::test]
async fn a_kept_place_stays_with_the_agencys_staff_until_its_release() {
    let (board, session) = neglect("2025-03-31 10:00", 1).await;
    let elm = board.agency("Elm Nursery").await;
    keep(&board, session, KeptFor::Agency(elm), 1, "2025-03-11 00:00").await;
    let (_, mut ella) = staff(&board, "Ella Elm", elm).await;
    book(&mut ella, session).await;
    let ellas = reference(&ella);
    let kept = row(&board, &ellas).await.reserved_place_id;
    assert!(kept.is_some());
    name(&mut ella, &ellas, "Olu Outside").await.must_say("for an organisation’s own staff");
    let mut office = board.office().await;
    name(&mut office, &ellas, "Olu Outside").await.must_say("for an organisation’s own staff");
    let (emil, mut emils) = staff(&board, "Emil Elm", elm).await;
    name(&mut ella, &ellas, "Emil Elm").await.must_say("A colleague has the place");
    let taken_over = board.bookings_of(session).await.pop().unwrap();
    assert_eq!((taken_over.person_id, taken_over.reserved_place_id, taken_over.agency_confirmed), (emil, kept, true));
    must_count(&board).await;

    board.set_clock("2025-03-11 00:00");
    name(&mut emils, &taken_over.reference, "Olu Outside").await.must_say("A colleague has the place");
    board.run_jobs().await;
    must_count(&board).await;
}

#[tokio::test]
async fn where_the_agency_approves_its_places_they_stay_with_its_staff() {
    let (board, session) = neglect("2025-03-31 10:00", 5).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let txn = board.txn().await;
    let asks = agency::ActiveModel { needs_approval: Set(true), ..Default::default() };
    agency::Entity::update_many().set(asks).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    name(&mut amira, &amiras, "Olu Outside").await.must_say("for an organisation’s own staff");
    let (ben, _) = board.learner("Ben Okoro").await;
    name(&mut amira, &amiras, "Ben Okoro").await.must_say("A colleague has the place");
    assert_eq!(board.bookings_of(session).await.pop().unwrap().person_id, ben);
    must_count(&board).await;
}

#[tokio::test]
async fn an_invented_colleague_undoes_no_late_cancellation_of_the_self_employed() {
    let (board, session) = neglect("2025-03-17 10:00", 5).await;
    let mut booked = Vec::new();
    for who in ["Selma Self", "Sid Self"] {
        let person = board.person(who).await;
        let mut browser = board.signed_in(person).await;
        browser.open(&format!("/sessions/{session}/book/details")).await;
        let typed = [("agency", "myself"), ("job_role", "Trainer"), ("person_kind", "self_employed")];
        browser.submit("Continue", &typed).await.submit("Book this place", &[("accept", "yes")]).await;
        booked.push((person, reference(&browser), browser));
    }
    let (_, sids, mut sid) = booked.pop().unwrap();
    let (selma, selmas, mut browser) = booked.pop().unwrap();
    name(&mut sid, &sids, "Tom Timely").await.must_say("A colleague has the place");
    board.set_clock("2025-03-12 09:00");
    name(&mut browser, &selmas, "Ivy Invented").await.must_say("A colleague has the place");
    board.set_clock("2025-03-17 13:00");
    let mut office = board.office().await;
    office.post(&format!("/training/sessions/{session}/register/1/submit"), &[("rest", "did_not_attend")]).await;
    let charges = crate::attendance::charges(&board).await;
    // What was handed on in time could have been given back free.
    assert_eq!(charges.len(), 1, "{charges:?}");
    let ivys = booking::Entity::find().filter(booking::Column::Id.eq(charges[0].booking_id));
    let ivys = ivys.one(board.app.db.reader()).await.unwrap().unwrap();
    assert_eq!(ivys.substitute_for, Some(row(&board, &selmas).await.id));
    assert_eq!((charges[0].payer_kind, charges[0].payer_person_id), (PayerKind::Person, Some(selma)));
    office.open(&format!("/office/charges/{}/notify", charges[0].reference)).await.submit("Tell them", &[]).await;
    let told = async |name: &str| board.mails_to(&address_of(name)).await.pop().unwrap();
    let (hers, ivys) = (told("Selma Self").await, told("Ivy Invented").await);
    assert_eq!((hers.kind.as_str(), ivys.kind.as_str()), ("charge_notified", "charge_notified"));
    assert!(hers.body.clone().unwrap().contains("would be paid by Selma Self"), "{:?}", hers.body);
    assert!(!hers.body.unwrap().contains("/charges/"), "the page is the learner's");
    assert!(ivys.body.clone().unwrap().contains("You are not asked to pay. The charge goes to Selma Self"));
}
