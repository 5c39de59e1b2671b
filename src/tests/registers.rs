//! Registers that are less common: locked by the office, of several dates, with marks from under "More".

use crate::{
    attendance::{charges, place},
    board::{TestBoard, london},
    browser::Browser,
};
use chrono::Duration;
use learning_gain::{
    accounts::rules::PersonId,
    bookings::rules::{BookingId, Outcome},
    charges::rules::{ChargeState, Trigger},
    entity::{audit, session_date},
    sessions::rules::SessionId,
};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

/// A session on 17 March at 10:00 with its trainer, and a place for each of these people.
async fn board_with_places<const N: usize>(names: [&str; N]) -> (TestBoard, Browser, SessionId, [BookingId; N]) {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let (tessa, trainer) = board.learner("Tessa Trainer").await;
    board.trains(tessa, session).await;
    let mut bookings = Vec::new();
    for name in names {
        let person: PersonId = board.learner(name).await.0;
        bookings.push(place(&board, session, person).await);
    }
    let bookings = bookings.try_into().unwrap();
    (board, trainer, session, bookings)
}

async fn dates(board: &TestBoard, session: SessionId) -> Vec<session_date::Model> {
    let dates = session_date::Entity::find().filter(session_date::Column::SessionId.eq(session));
    dates.order_by_asc(session_date::Column::Position).all(board.app.db.reader()).await.unwrap()
}

async fn outcomes(board: &TestBoard, session: SessionId) -> Vec<Option<Outcome>> {
    board.bookings_of(session).await.into_iter().map(|row| row.outcome).collect()
}

fn marked(marks: &[(BookingId, &'static str)]) -> Vec<(String, &'static str)> {
    marks.iter().map(|(booking, mark)| (format!("mark-{booking}"), *mark)).collect()
}

async fn submit(trainer: &mut Browser, register: &str, marks: &[(BookingId, &'static str)]) {
    let fields = marked(marks);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, mark)| (name.as_str(), *mark)).collect();
    trainer.open(register).await.submit("Save and submit", &fields).await.must_say("The register is submitted");
}

#[tokio::test]
async fn the_office_locks_a_register_and_from_then_on_trainers_only_read_it() {
    let (board, mut trainer, session, [amira]) = board_with_places(["Amira Khan"]).await;
    let register = format!("/training/sessions/{session}/register/1");
    board.set_clock("2025-03-17 12:30");
    let mut office = board.office().await;
    office.post(&format!("{register}/lock"), &[]).await;
    assert_eq!(office.status, StatusCode::CONFLICT, "it is not submitted yet");
    office.must_say("Submit it first");
    submit(&mut trainer, &register, &[(amira, "present")]).await;
    trainer.open(&register).await;
    assert!(!trainer.body.contains("Lock the register"), "a button that trainers may not press");
    assert_eq!(dates(&board, session).await[0].locked_at, None);

    office.open(&register).await.submit("Lock the register", &[]).await.must_say("Corrections need a reason");
    assert!(office.body.contains("The register is locked."));
    let locked = dates(&board, session).await[0].locked_at;
    assert_eq!(locked, Some(board.now()));
    trainer.open(&register).await.must_say("The register is locked. Ask the office to correct it.");
    assert!(!trainer.body.contains("Save corrections"));
    trainer.post(&register, &[(format!("mark-{amira}").as_str(), "did_not_attend"), ("action", "save")]).await;
    assert_eq!(trainer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(outcomes(&board, session).await, [Some(Outcome::Attended)]);

    // Once more, an hour later: it was locked when it was locked.
    board.set_clock("2025-03-17 13:30");
    office.post(&format!("{register}/lock"), &[]).await;
    assert!(office.status.is_success(), "{}", office.status);
    assert_eq!(dates(&board, session).await[0].locked_at, locked);
    let trail = audit::Entity::find().filter(audit::Column::Sentence.eq("Register locked by the office"));
    assert_eq!(trail.count(board.app.db.reader()).await.unwrap(), 1);
}

#[tokio::test]
async fn who_left_early_pays_nothing_and_who_came_too_late_may_have_to() {
    let (board, mut trainer, session, [amira, ben]) = board_with_places(["Amira Khan", "Ben Cole"]).await;
    let register = format!("/training/sessions/{session}/register/1");
    board.set_clock("2025-03-17 12:30");
    // One mark from the island, one from the form.
    let booking = ben.to_string();
    let late = [("date", "1"), ("booking", booking.as_str()), ("mark", "refused_late"), ("nonce", "000000000000001-7")];
    trainer.post("/api/register/mark", &late).await;
    assert!(trainer.body.contains("\"saved\":true"), "{}", trainer.body);
    trainer.open(&register).await.must_say("1 of 2 marked").must_say("Left early").must_say("Refused, too late");
    submit(&mut trainer, &register, &[(amira, "left_early")]).await;
    assert_eq!(outcomes(&board, session).await, [Some(Outcome::PartAttended), Some(Outcome::RefusedLate)]);

    let proposed = charges(&board).await;
    assert_eq!(proposed.len(), 1);
    assert_eq!((proposed[0].booking_id, proposed[0].trigger), (ben, Trigger::RefusedLate));
    assert_eq!((proposed[0].state, proposed[0].amount_pence), (ChargeState::Proposed, 50_00));
    assert!(proposed[0].verdict.contains("refused_late"), "{}", proposed[0].verdict);
    let mut office = board.office().await;
    office.open(&format!("/office/charges/{}", proposed[0].reference)).await.must_say("Ben Cole").must_say("late");

    // The trainer had taken him for somebody else: he left early as well, and the charge goes.
    let field = format!("mark-{ben}");
    trainer.open(&register).await.submit("Save corrections", &[(field.as_str(), "left_early")]).await;
    assert_eq!(outcomes(&board, session).await, [Some(Outcome::PartAttended); 2]);
    assert_eq!(charges(&board).await[0].state, ChargeState::Void);
}

#[tokio::test]
async fn a_session_of_two_dates_is_charged_for_once_both_registers_are_in() {
    let (board, mut trainer, session, [amira, ben]) = board_with_places(["Amira Khan", "Ben Cole"]).await;
    let txn = board.txn().await;
    let starts = london("2025-03-24 10:00");
    let second = session_date::ActiveModel {
        session_id: Set(session),
        position: Set(2),
        starts_at: Set(starts),
        ends_at: Set(starts + Duration::minutes(150)),
        ..Default::default()
    };
    second.insert(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let address = format!("/training/sessions/{session}");
    let register = |position: u8| format!("{address}/register/{position}");

    board.set_clock("2025-03-17 12:30");
    trainer.open(&address).await.must_say("Opens at 9am on Monday 24 March 2025");
    trainer.open(&format!("{address}/register")).await;
    assert_eq!(trainer.path, register(1), "the register that is due");
    submit(&mut trainer, &register(1), &[(amira, "present"), (ben, "did_not_attend")]).await;
    assert_eq!(outcomes(&board, session).await, [None, None], "the second date is still to come");
    assert!(charges(&board).await.is_empty());
    trainer.post(&register(2), &[(format!("mark-{ben}").as_str(), "present"), ("action", "save")]).await;
    assert_eq!(trainer.status, StatusCode::UNPROCESSABLE_ENTITY);
    trainer.post(&format!("{}/submit", register(2)), &[("rest", "did_not_attend")]).await;
    assert_eq!(trainer.status, StatusCode::CONFLICT, "a register that is not open yet");
    assert!(charges(&board).await.is_empty());

    board.set_clock("2025-03-24 12:30");
    trainer.open(&format!("{address}/register")).await;
    assert_eq!(trainer.path, register(2));
    trainer.must_say("0 of 2 marked");
    submit(&mut trainer, &register(2), &[(amira, "did_not_attend"), (ben, "did_not_attend")]).await;
    assert_eq!(outcomes(&board, session).await, [Some(Outcome::PartAttended), Some(Outcome::DidNotAttend)]);
    let proposed = charges(&board).await;
    assert_eq!(proposed.len(), 1, "who was there on one date is not charged");
    assert_eq!((proposed[0].booking_id, proposed[0].trigger), (ben, Trigger::DidNotAttend));

    // A correction of one date counts for the whole.
    let field = format!("mark-{ben}");
    trainer.open(&register(2)).await.submit("Save corrections", &[(field.as_str(), "late")]).await;
    assert_eq!(outcomes(&board, session).await, [Some(Outcome::PartAttended); 2]);
    assert_eq!(charges(&board).await[0].state, ChargeState::Void);
}
