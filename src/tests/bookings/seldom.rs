//! What seldom happens to a booking: a session with every kind of booking is called off, somebody comes back to a list,
//! an approval comes late, and the database itself refuses a second place.

use super::{
    book, must_count, reference, request_id, row,
    scene::{asked_by, asks_for_approval, cancel, neglect},
};
use crate::board::{address_of, london};
use learning_gain::{
    bookings::rules::BookingState,
    entity::{booking, reserved_place, session},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, SqlErr};

#[tokio::test]
async fn calling_a_session_off_ends_requests_offers_lists_and_kept_places_alike() {
    let (board, session) = neglect("2025-03-31 10:00", 3).await;
    let elm = board.agency("Elm Nursery").await.to_string();
    let mut office = board.office().await;
    office.open(&format!("/office/sessions/{session}")).await;
    let page = office.link("Reserved places");
    let day = [("until-day", "10"), ("until-month", "3"), ("until-year", "2025")];
    let fields = [&day[..], &[("agency", elm.as_str()), ("sector", ""), ("places", "1")]].concat();
    office.open(&page).await.submit("Reserve these places", &fields).await.must_say("Elm Nursery");
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    asks_for_approval(&board, session, true).await;
    let (_, bens) = asked_by(&board, "Ben Okoro", session).await;
    asks_for_approval(&board, session, false).await;
    let (_, coras) = asked_by(&board, "Cora Diaz", session).await;
    let (_, dans) = asked_by(&board, "Dan Evans", session).await;
    cancel(&mut amira, &amiras).await;
    let states = async || {
        let mut states = Vec::new();
        for reference in [&amiras, &bens, &coras, &dans] {
            states.push(row(&board, reference).await.state);
        }
        states
    };
    let (requested, offered, waits) = (BookingState::Requested, BookingState::Offered, BookingState::Waitlisted);
    assert_eq!(states().await, [BookingState::CancelledInTime, requested, offered, waits]);

    office.open(&format!("/office/sessions/{session}/cancel")).await;
    office.submit("Cancel the session and tell everybody", &[("reason", "The trainer is ill.")]).await;
    let off = BookingState::SessionCancelled;
    assert_eq!(states().await, [BookingState::CancelledInTime, off, off, off]);
    for name in ["Ben Okoro", "Cora Diaz", "Dan Evans"] {
        let mails = board.mails_to(&address_of(name)).await;
        let told = mails.iter().filter(|mail| mail.kind == "session_cancelled").count();
        assert_eq!(told, 1, "{name}");
    }
    let told = board.mails_to(&address_of("Amira Khan")).await;
    assert!(told.iter().all(|mail| mail.kind != "session_cancelled"), "she had no place any more");
    board.set_clock("2025-03-11 09:00");
    board.run_jobs().await;
    assert_eq!(states().await[1..], [off, off, off], "time brings nothing back");
    let kept = reserved_place::Entity::find().all(board.app.db.reader()).await.unwrap();
    assert!(kept.iter().all(|row| row.taken == 0), "{kept:?}");
}

#[tokio::test]
async fn whoever_let_an_offer_run_out_can_join_the_list_again_at_its_end() {
    let (board, session) = neglect("2025-03-31 10:00", 1).await;
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    let (mut ben, bens) = asked_by(&board, "Ben Okoro", session).await;
    let (_, coras) = asked_by(&board, "Cora Diaz", session).await;
    let (_, dans) = asked_by(&board, "Dan Evans", session).await;
    cancel(&mut amira, &amiras).await;
    board.set_clock("2025-03-06 00:00");
    board.run_jobs().await;
    assert_eq!(row(&board, &bens).await.state, BookingState::OfferExpired);
    assert_eq!(row(&board, &coras).await.state, BookingState::Offered);
    book(&mut ben, session).await;
    ben.must_say("You are number 2");
    assert_ne!(reference(&ben), bens, "a booking of its own; the old one stays as it ended");
    assert_eq!(row(&board, &dans).await.state, BookingState::Waitlisted);
    must_count(&board).await;
}

#[tokio::test]
async fn a_place_that_is_approved_after_the_cut_off_can_be_given_back_free_for_a_day() {
    let (board, session) = neglect("2025-03-17 10:00", 5).await;
    asks_for_approval(&board, session, true).await;
    board.set_clock("2025-03-05 12:00");
    let (mut amira, amiras) = asked_by(&board, "Amira Khan", session).await;
    assert_eq!(row(&board, &amiras).await.cancel_by, london("2025-03-06 23:59"), "six clear working days before");
    board.set_clock("2025-03-07 10:30");
    let mut office = board.office().await;
    office.open("/office/bookings?state=requested").await.submit("Approve", &[]).await.must_say("Approved");
    assert_eq!(row(&board, &amiras).await.cancel_by, london("2025-03-08 10:30"));
    amira.open(&format!("/bookings/{amiras}")).await.must_say("10:30am on Saturday 8 March 2025");
    board.set_clock("2025-03-08 10:30");
    cancel(&mut amira, &amiras).await;
    assert_eq!(row(&board, &amiras).await.state, BookingState::CancelledInTime);
    must_count(&board).await;
}

#[tokio::test]
async fn the_database_itself_refuses_a_second_live_booking_and_a_reference_twice() {
    let (board, session) = neglect("2025-03-31 10:00", 5).await;
    let (_, amiras) = asked_by(&board, "Amira Khan", session).await;
    let first = row(&board, &amiras).await;
    let again = |reference: &str, state: BookingState| {
        let mut again = first.clone().into_active_model().reset_all();
        again.id = sea_orm::ActiveValue::NotSet;
        again.reference = Set(reference.to_owned());
        again.request_id = Set(request_id(reference.len() + state.text().len() * 100));
        again.state = Set(state);
        again
    };
    let insert = async |row: booking::ActiveModel| {
        let txn = board.txn().await;
        let outcome = booking::Entity::insert(row).exec_without_returning(&txn).await;
        outcome.map(drop).map_err(|error| error.sql_err())
    };
    for state in BookingState::LIVE {
        let refused = insert(again("SECOND22", state)).await.unwrap_err();
        assert!(matches!(refused, Some(SqlErr::UniqueConstraintViolation(_))), "{state:?}: {refused:?}");
    }
    assert_eq!(insert(again("SECOND22", BookingState::CancelledInTime)).await, Ok(()), "one that is over is history");
    let refused = insert(again(&amiras, BookingState::CancelledInTime)).await.unwrap_err();
    assert!(matches!(refused, Some(SqlErr::UniqueConstraintViolation(_))), "{refused:?}");
    let sessions = session::Entity::find().all(board.app.db.reader()).await.unwrap();
    assert_eq!(sessions[0].held, 1);
}
