//! Every move has one audit row: who, when, what and why. The office reads them on the booking's page.

use super::{
    book, reference,
    scene::{Move, Scene},
    shown::link_of,
};
use crate::{attendance::place, board::TestBoard};
use learning_gain::{
    accounts::rules::PersonId,
    audit::store::audit_list,
    bookings::{rules::BookingId, store::subject},
    entity::{audit, booking},
};
use reqwest::StatusCode;
use sea_orm::EntityTrait;

#[derive(Clone, Copy, Debug)]
enum Who {
    Learner,
    Office,
    Trainer,
    /// Time, or a rule.
    Nobody,
}

/// The move, who makes it, and how its sentence begins.
const TABLE: [(Move, Who, &str); 25] = [
    (Move::Book, Who::Learner, "Booked; can be cancelled free until 11:59pm on Thursday 20 March 2025"),
    (Move::Request, Who::Learner, "Asked for a place; waits for approval until 11:59pm on Thursday 6 March 2025"),
    (Move::Wait, Who::Learner, "Joined the waiting list as number 1"),
    (Move::Approve, Who::Office, "Booked; can be cancelled free until 11:59pm on Thursday 20 March 2025"),
    (Move::Decline, Who::Office, "Not approved: The team needs her that day"),
    (Move::Withdraw, Who::Learner, "Took the request back"),
    (Move::Lapse, Who::Nobody, "Nobody approved the request in time"),
    (Move::Offer, Who::Nobody, "Offered a place until 11:59pm on Wednesday 5 March 2025"),
    (Move::Accept, Who::Learner, "Booked; can be cancelled free until 11:59pm on Thursday 20 March 2025"),
    (Move::DeclineOffer, Who::Learner, "Declined the offer"),
    (Move::Expire, Who::Nobody, "The offer ran out"),
    (Move::Leave, Who::Learner, "Left the waiting list"),
    (Move::CancelInTime, Who::Learner, "Cancelled in time (until 11:59pm on Thursday 20 March 2025)"),
    (Move::CancelLate, Who::Learner, "Cancelled late (after 11:59pm on Thursday 20 March 2025)"),
    (Move::Substitute, Who::Learner, "A colleague comes instead"),
    (Move::Transfer, Who::Learner, "Moved to the session of 10am on Monday 7 April 2025"),
    (Move::Skip, Who::Office, "Moved from number 1 to number 1 of the waiting list: Asked for June"),
    (Move::CallOff, Who::Office, "The session was called off: The trainer is ill"),
    (Move::Postpone, Who::Office, "The session was changed. The time has changed."),
    (
        Move::BringForward,
        Who::Office,
        "The session was changed. The time has changed. The offer now stands until 10am on Tuesday 4 March 2025",
    ),
    (Move::EndList, Who::Nobody, "The session started before a place came free; the waiting list ended"),
    (Move::WalkIn, Who::Trainer, "Came without a booking and was added to the register"),
    (Move::WalkInWaiting, Who::Trainer, "Came from the waiting list and was added to the register"),
    (Move::WalkInRequested, Who::Trainer, "Came before the request was answered, so the place is theirs"),
    (Move::WalkInOffered, Who::Trainer, "Came before answering the offer, so the place is theirs"),
];

async fn rows(board: &TestBoard, booking: BookingId) -> Vec<audit::Model> {
    audit_list(subject(booking), board.app.db.reader()).await.unwrap()
}

/// The only other booking there is.
async fn other_than(board: &TestBoard, booking: BookingId) -> booking::Model {
    let all = booking::Entity::find().all(board.app.db.reader()).await.unwrap();
    all.into_iter().find(|row| row.id != booking).unwrap()
}

#[tokio::test]
async fn every_move_writes_one_row_with_who_when_and_what() {
    for (step, who, sentence) in TABLE {
        let scene = Scene::new().await;
        let before = scene.before(step).await;
        let known = match before {
            Some(booking) => rows(&scene.board, booking).await.len(),
            None => 0,
        };
        let booking = scene.make(step, before).await;
        let rows = rows(&scene.board, booking).await;
        assert_eq!(rows.len(), known + 1, "{step:?}: {rows:?}");
        let actor: Option<PersonId> = match who {
            Who::Learner => Some(scene.ben),
            Who::Office => Some(scene.office),
            Who::Trainer => Some(scene.trainer),
            Who::Nobody => None,
        };
        let row = &rows[0];
        // A place that is handed on or moved names the booking that it goes on as.
        let goes_on = match step {
            Move::Substitute | Move::Transfer => {
                format!(": booking {}", other_than(&scene.board, booking).await.reference)
            }
            _ => String::new(),
        };
        assert_eq!((row.sentence.as_str(), row.actor_id), (format!("{sentence}{goes_on}").as_str(), actor), "{step:?}");
        assert_eq!(row.at, scene.board.now(), "{step:?}");
    }
}

/// Whoever holds a mailed link has not signed in, so that what is done by it is written down as that.
#[tokio::test]
async fn what_is_done_by_a_mailed_link_is_written_down_as_that() {
    let cora = [("name", "Cora Diaz"), ("email", "cora@people.example")];
    for (step, mail, button) in [
        (Move::CancelInTime, "booking_confirmed", "Cancel this place"),
        (Move::Accept, "booking_offer", "Accept the place"),
        (Move::Substitute, "booking_confirmed", "Give my place to this colleague"),
        (Move::Transfer, "booking_confirmed", "Move to this date"),
    ] {
        let mut scene = Scene::new().await;
        let booking = scene.before(step).await.unwrap();
        let other = scene.other.to_string();
        let typed = match step {
            Move::Substitute => cora.to_vec(),
            Move::Transfer => vec![("session", other.as_str()), ("accept", "yes")],
            _ => Vec::new(),
        };
        let mut stranger = scene.board.stranger();
        stranger.open(&link_of(&scene.board, "Ben Okoro", mail).await).await.submit(button, &typed).await;
        assert_eq!(stranger.status, StatusCode::OK, "{step:?}: {}", stranger.text());
        let (_, _, sentence) = TABLE.iter().find(|(listed, ..)| *listed == step).unwrap();
        let goes_on = match step {
            Move::Substitute | Move::Transfer => {
                let new = other_than(&scene.board, booking).await;
                let came = &rows(&scene.board, new.id).await[0].sentence;
                assert!(came.ends_with(", by the link in the mail"), "{came}");
                format!(": booking {}", new.reference)
            }
            _ => String::new(),
        };
        let row = rows(&scene.board, booking).await.remove(0);
        let expected = format!("{sentence}{goes_on}, by the link in the mail");
        assert_eq!((row.sentence, row.actor_id), (expected, Some(scene.ben)), "{step:?}");
        let page = booking::Entity::find_by_id(booking).one(scene.board.app.db.reader()).await.unwrap().unwrap();
        scene.at_office.open(&format!("/bookings/{}", page.reference)).await;
        scene.at_office.must_say("by the link in the mail (Ben Okoro)");
    }
}

/// A place that is handed on or moved goes on as a new booking, which says where it came from.
#[tokio::test]
async fn a_booking_that_came_from_another_says_so() {
    for (step, sentence) in
        [(Move::Substitute, "Booked in place of a colleague"), (Move::Transfer, "Moved here from another date")]
    {
        let scene = Scene::new().await;
        let before = scene.before(step).await;
        let old = scene.make(step, before).await;
        let new = other_than(&scene.board, old).await;
        let old = booking::Entity::find_by_id(old).one(scene.board.app.db.reader()).await.unwrap().unwrap();
        let rows = rows(&scene.board, new.id).await;
        let written: Vec<_> = rows.iter().map(|row| (row.sentence.as_str(), row.actor_id)).collect();
        assert_eq!(written, [(format!("{sentence}: booking {}", old.reference).as_str(), Some(scene.ben))]);
    }
}

#[tokio::test]
async fn the_office_reads_what_happened_and_nobody_else() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let (_, mut ben) = board.learner("Ben Okoro").await;
    book(&mut ben, session).await;
    let (amiras, bens) = (reference(&amira), reference(&ben));
    board.set_clock("2025-03-03 09:30");
    amira.open(&format!("/bookings/{amiras}/cancel")).await.submit("Cancel this place", &[]).await;
    let mut office = board.office().await;
    office.open(&format!("/bookings/{bens}")).await;
    let told = office.under("What happened");
    let offered = told.find("3 Mar 2025, 9:30am: Offered a place until 11:59pm on Wednesday 5 March 2025 (By itself)");
    let waited = told.find("3 Mar 2025, 9am: Joined the waiting list as number 1 (Ben Okoro)");
    assert!(offered.is_some() && waited.is_some() && offered < waited, "the newest first: {told}");
    ben.open(&format!("/bookings/{bens}")).await.must_say("A place is held for you");
    assert!(!ben.says("What happened") && !ben.says("Joined the waiting list"));

    let (cora, _) = board.learner("Cora Diaz").await;
    let imported = place(&board, session, cora).await;
    let imported = booking::Entity::find_by_id(imported).one(board.app.db.reader()).await.unwrap().unwrap().reference;
    office.open(&format!("/bookings/{imported}")).await.must_say("Nothing is written down");
}

#[tokio::test]
async fn a_session_that_is_called_off_keeps_its_reason_with_each_booking_and_its_own() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let mut office = board.office().await;
    office.open(&format!("/office/sessions/{session}/cancel")).await;
    office.submit("Cancel the session and tell everybody", &[("reason", "The building is closed")]).await;
    office.must_say("Cancelled the session of 10am on Monday 31 March 2025");
    office.must_say("1 booking ended. The reason: The building is closed");
    office.open(&format!("/bookings/{}", reference(&amira))).await;
    office.must_say("The session was called off: The building is closed (Olive Office)");
}
