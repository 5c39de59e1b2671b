//! The register: taken without JavaScript, by island calls, with people who walk in, submitted, corrected.

use crate::board::{TestBoard, address_of};
use learning_gain::{
    accounts::rules::{PersonId, PersonKind},
    attendance::rules::Mark,
    bookings::rules::{BookingId, BookingState, Outcome},
    charges::rules::{ChargeState, PayerKind, Trigger},
    entity::{agency, booking, charge, mark, mark_history, membership, session},
    sessions::rules::SessionId,
};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

/// Gives somebody a place, as the booking journey does.
pub async fn place(board: &TestBoard, session: SessionId, person: PersonId) -> BookingId {
    let db = board.app.db.reader();
    let member = membership::Entity::find().filter(membership::Column::PersonId.eq(person)).one(db).await.unwrap();
    let row = session::Entity::find_by_id(session).one(db).await.unwrap().unwrap();
    let txn = board.txn().await;
    let count = booking::Entity::find().count(&txn).await.unwrap();
    let row = booking::ActiveModel {
        reference: Set(format!("REF{count:05}")),
        request_id: Set(format!("request-{count}")),
        session_id: Set(session),
        person_id: Set(person),
        agency_id: Set(member.as_ref().map(|row| row.agency_id)),
        agency_confirmed: Set(member.is_some()),
        person_kind: Set(PersonKind::Employed),
        job_role: Set("Teacher".into()),
        state: Set(BookingState::Booked),
        policy_version_id: Set(board.policy),
        policy_accepted: Set(true),
        cancel_by: Set(row.starts_at - chrono::Duration::days(10)),
        created_at: Set(board.now()),
        changed_at: Set(board.now()),
        booked_at: Set(Some(board.now())),
        access_needs: Set(Some("Hearing loop".into())),
        walk_in: Set(false),
        ..Default::default()
    };
    let id = row.insert(&txn).await.unwrap().id;
    txn.commit().await.unwrap();
    id
}

/// All charges, oldest first.
pub async fn charges(board: &TestBoard) -> Vec<charge::Model> {
    charge::Entity::find().order_by_asc(charge::Column::Id).all(board.app.db.reader()).await.unwrap()
}

fn field(booking: BookingId) -> String {
    format!("mark-{booking}")
}

#[tokio::test]
async fn a_register_is_taken_submitted_and_corrected_without_javascript() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let (tessa, mut trainer) = board.learner("Tessa Trainer").await;
    board.trains(tessa, session).await;
    let (amira, _) = board.learner("Amira Khan").await;
    let (ben, _) = board.learner("Ben Cole").await;
    let (amira, ben) = (place(&board, session, amira).await, place(&board, session, ben).await);
    let register = format!("/training/sessions/{session}/register/1");

    // Access needs from 14 days before, and the register an hour before.
    trainer.open(&format!("/training/sessions/{session}")).await.must_say("Amira Khan");
    assert!(!trainer.says("Hearing loop"), "two weeks and an hour before");
    board.set_clock("2025-03-03 10:00");
    trainer.open(&format!("/training/sessions/{session}")).await.must_say("Hearing loop");
    trainer.open(&format!("/training/sessions/{session}/list")).await;
    assert!(trainer.says("Amira Khan") && !trainer.says("Hearing loop"), "paper has no access needs");
    trainer.open(&register).await.must_say("The register opens at 9am");
    trainer.post(&register, &[(field(amira).as_str(), "present"), ("action", "save")]).await;
    assert_eq!(trainer.status, StatusCode::UNPROCESSABLE_ENTITY);

    board.set_clock("2025-03-17 12:30");
    trainer.open(&register).await.must_say("0 of 2 marked");
    let minutes = format!("minutes-{amira}");
    trainer.submit("Save and submit", &[(field(amira).as_str(), "late"), (minutes.as_str(), "soon")]).await;
    assert_eq!(trainer.status, StatusCode::UNPROCESSABLE_ENTITY);
    trainer.must_say("Minutes late must be a whole number");
    trainer.submit("Save and submit", &[(field(amira).as_str(), "late"), (minutes.as_str(), "10")]).await;
    trainer.must_say("1 person has no mark").must_say("Ben Cole");
    assert!(charges(&board).await.is_empty(), "nothing is charged before the register is submitted");
    trainer.submit("Submit the register", &[]).await.must_say("Choose what the register shall say");
    trainer.submit("Submit the register", &[("rest", "did_not_attend")]).await.must_say("The register is submitted");

    let proposed = charges(&board).await;
    assert_eq!(proposed.len(), 1);
    let charge = &proposed[0];
    assert_eq!((charge.booking_id, charge.trigger), (ben, Trigger::DidNotAttend));
    assert_eq!((charge.amount_pence, charge.payer_kind), (50_00, PayerKind::Agency));
    assert_eq!((charge.state, charge.payer_name.as_str()), (ChargeState::Proposed, "Oak School"));
    assert!(charge.sentence.contains("“Neglect” on Monday 17 March 2025 was not used"), "{}", charge.sentence);
    assert!(charge.verdict.contains("did_not_attend"), "{}", charge.verdict);
    let outcomes: Vec<_> = board.bookings_of(session).await.into_iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes, [Some(Outcome::Attended), Some(Outcome::DidNotAttend)]);

    // Submitting again changes nothing.
    trainer.post(&format!("{register}/submit"), &[("rest", "did_not_attend")]).await;
    assert_eq!(charges(&board).await, proposed);

    // The trainer corrects within seven days: the charge goes, with a trail.
    trainer.open(&register).await.submit("Save corrections", &[(field(ben).as_str(), "present")]).await;
    trainer.must_say("The register is saved");
    let corrected = charges(&board).await;
    assert_eq!(corrected.len(), 1);
    assert_eq!(corrected[0].state, ChargeState::Void);

    // After seven days only the office, and only with a reason; a new charge comes of it.
    board.set_clock("2025-03-25 09:00");
    trainer.open(&register).await.must_say("The register is locked");
    trainer.post(&register, &[(field(ben).as_str(), "did_not_attend"), ("action", "save")]).await;
    assert_eq!(trainer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut office = board.office().await;
    office.open(&register).await.submit("Save corrections", &[(field(ben).as_str(), "did_not_attend")]).await;
    office.must_say("Write why the locked register is corrected");
    let fields = [(field(ben), "did_not_attend"), ("reason".into(), "Read from the wrong line")];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    office.submit("Save corrections", &fields).await.must_say("The register is saved");
    let again = charges(&board).await;
    assert_eq!(again.len(), 2);
    assert_eq!((again[0].state, again[1].state), (ChargeState::Void, ChargeState::Proposed));
}

#[tokio::test]
async fn a_session_is_nobody_elses_business() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let other = board.session(course, "2025-03-18 10:00", 20).await;
    let (tessa, mut trainer) = board.learner("Tessa Trainer").await;
    board.trains(tessa, other).await;
    board.set_clock("2025-03-17 10:00");
    for path in ["", "/list", "/register", "/register/1", "/register/1/submit", "/register/1/walk-in"] {
        trainer.open(&format!("/training/sessions/{session}{path}")).await;
        assert_eq!(trainer.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/code", "/register/1", "/register/1/submit", "/register/1/lock", "/register/1/walk-in"] {
        trainer.post(&format!("/training/sessions/{session}{path}"), &[("action", "save")]).await;
        assert_eq!(trainer.status, StatusCode::NOT_FOUND, "{path}");
    }
    trainer.open(&format!("/training/sessions/{other}")).await;
    assert_eq!(trainer.status, StatusCode::OK);
    // The register cannot be locked by a trainer, nor before it was submitted.
    trainer.post(&format!("/training/sessions/{other}/register/1/lock"), &[]).await;
    assert_eq!(trainer.status, StatusCode::FORBIDDEN);
    for path in ["/training/sessions/999", "/training/sessions/x", "/training/sessions/1/register/99"] {
        let mut office = board.signed_in(tessa).await;
        office.open(path).await;
        assert!(office.status.is_client_error(), "{path}");
    }
}

#[tokio::test]
async fn people_who_walk_in_are_found_first_and_never_twice() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let (tessa, mut trainer) = board.learner("Tessa Trainer").await;
    board.trains(tessa, session).await;
    board.learner("Amira Khan").await;
    board.set_clock("2025-03-17 09:30");
    let walk_in = format!("/training/sessions/{session}/register/1/walk-in");

    trainer.open(&walk_in).await.submit("Search", &[("search", "am")]).await.must_say("Nobody found");
    trainer.submit("Search", &[("search", "%%%")]).await.must_say("Nobody found");
    trainer.submit("Search", &[("search", "amira")]).await.must_say("Oak School");
    assert!(!trainer.says(&address_of("Amira Khan")), "a search shows no addresses");
    let (action, fields) = trainer.form_with_button("Add");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    trainer.post(&action, &fields).await.must_say("1 of 1 marked");
    trainer.post(&action, &fields).await.must_say("1 of 1 marked");
    let another = fields.iter().map(|pair| if pair.0 == "request_id" { ("request_id", "r2") } else { *pair });
    trainer.post(&action, &another.collect::<Vec<_>>()).await.must_say("Amira Khan is on the register already");
    trainer.open(&walk_in).await.submit("Search", &[("search", address_of("Amira Khan").as_str())]).await;
    trainer.must_say("On the register");

    let known = address_of("Amira Khan");
    trainer.submit("Add to the register", &[("name", "A. Khan"), ("email", known.as_str())]).await;
    trainer.must_say("This address belongs to Amira Khan");
    trainer.submit("Add to the register", &[("name", ""), ("email", "nonsense")]).await;
    trainer.must_say("Enter the person’s full name").must_say("in the correct format");
    trainer
        .submit("Add to the register", &[("name", "Nora New"), ("email", ""), ("agency", "999")])
        .await
        .must_say("Choose an agency");
    let school = agency::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap().id;
    let agency = school.to_string();
    let new = [("name", "Nora New"), ("email", "nora@new.example"), ("job_role", "Nurse"), ("agency", agency.as_str())];
    trainer.submit("Add to the register", &new).await.must_say("2 of 2 marked").must_say("Walked in");

    let rows = board.bookings_of(session).await;
    assert!(rows.iter().all(|row| row.walk_in && row.state == BookingState::Booked));
    assert_eq!(
        (rows[1].agency_id, rows[1].agency_confirmed, rows[1].job_role.as_str()),
        (Some(school), false, "Nurse")
    );
    assert_eq!(board.session_row(session).await.held, 0, "walk-ins are counted apart");
    let register = format!("/training/sessions/{session}/register/1");
    trainer.open(&register).await.must_say("You can submit the register from 10am on Monday 17 March 2025");
    assert!(!trainer.says("Save and submit"), "a button for what would be refused");
    trainer.submit("Save", &[("action", "submit")]).await;
    trainer.must_say("A register can be submitted once the session has started. The marks are saved");
    trainer.post(&format!("{register}/submit"), &[("rest", "did_not_attend")]).await;
    assert_eq!(trainer.status, StatusCode::CONFLICT, "{}", trainer.text());
    board.set_clock("2025-03-17 10:00");
    trainer.open(&register).await.must_say("2 of 2 marked");
    assert!(!trainer.says("You can submit the register from"));
    trainer.submit("Save and submit", &[]).await.must_say("The register is submitted");
    assert!(charges(&board).await.is_empty());
}

#[tokio::test]
async fn a_mark_that_arrives_twice_counts_once_and_only_from_those_who_may() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let (tessa, mut trainer) = board.learner("Tessa Trainer").await;
    board.trains(tessa, session).await;
    let (amira, mut learner) = board.learner("Amira Khan").await;
    let booking = place(&board, session, amira).await.to_string();
    board.set_clock("2025-03-17 10:00");
    let api = "/api/register/mark";
    let first =
        [("date", "1"), ("booking", booking.as_str()), ("mark", "did_not_attend"), ("nonce", "000000000000001-7")];
    let second = [("date", "1"), ("booking", booking.as_str()), ("mark", "present"), ("nonce", "000000000000002-7")];
    let db = board.app.db.reader();

    for stranger in [&mut learner, &mut board.stranger()] {
        stranger.post(api, &first).await;
        assert!(stranger.body.contains("\"saved\":false"), "{}", stranger.body);
    }
    assert!(learner.body.contains("\"again\":false"), "never theirs: {}", learner.body);
    let mut signed_out = board.stranger();
    signed_out.post(api, &first).await;
    assert!(signed_out.body.contains("\"again\":true"), "the telephone must keep it: {}", signed_out.body);
    assert_eq!(mark_history::Entity::find().count(db).await.unwrap(), 0);

    trainer.post(api, &first).await;
    assert!(trainer.body.contains("\"saved\":true"), "{} {}", trainer.status, trainer.body);
    trainer.post(api, &second).await;
    // The first one again, late, from a telephone that was offline: it does not undo the second.
    trainer.post(api, &first).await;
    assert!(trainer.body.contains("\"saved\":true"), "{}", trainer.body);
    assert_eq!(mark_history::Entity::find().count(db).await.unwrap(), 2);
    assert_eq!(mark::Entity::find().one(db).await.unwrap().unwrap().mark, Mark::Present);

    let excuse = [("date", "1"), ("booking", booking.as_str()), ("mark", "excused"), ("nonce", "000000000000003-7")];
    trainer.post(api, &excuse).await;
    assert!(trainer.body.contains("Only the office"), "{}", trainer.body);
    for (date, booking, nonce) in [("99", booking.as_str(), "n1"), ("1", "999", "n2"), ("1", booking.as_str(), "")] {
        trainer.post(api, &[("date", date), ("booking", booking), ("mark", "present"), ("nonce", nonce)]).await;
        assert!(trainer.body.contains("\"saved\":false"), "{date} {booking} {nonce}: {}", trainer.body);
    }
}
