//! For which employer somebody comes: said by whoever books or adds them where they have several, and never guessed.

use super::{reference, row};
use crate::{
    board::{TestBoard, address_of},
    browser::Browser,
};
use learning_gain::{
    accounts::rules::{PersonId, Role},
    agencies::rules::AgencyId,
    bookings::rules::BookingState,
    entity::{agency, membership},
    sessions::rules::SessionId,
};
use reqwest::StatusCode;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Amira works for Oak School and Ash School, Ben for Oak School; a third school is nobody's.
struct Schools {
    board: TestBoard,
    session: SessionId,
    amira: PersonId,
    ben: PersonId,
    oak: AgencyId,
    ash: AgencyId,
    elm: AgencyId,
}

async fn schools() -> Schools {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let (amira, _) = board.learner("Amira Khan").await;
    let (ben, _) = board.learner("Ben Okoro").await;
    let oak = agency::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap().id;
    let (ash, elm) = (board.agency("Ash School").await, board.agency("Elm School").await);
    board.member(amira, ash).await;
    Schools { board, session, amira, ben, oak, ash, elm }
}

async fn leaves(board: &TestBoard, person: PersonId, agency: AgencyId) {
    let txn = board.txn().await;
    let yesterday = board.now().date_naive().pred_opt();
    let row = membership::ActiveModel { to_date: Set(yesterday), ..Default::default() };
    let only = membership::Entity::update_many()
        .filter(membership::Column::PersonId.eq(person))
        .filter(membership::Column::AgencyId.eq(agency));
    only.set(row).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
}

fn value_of(browser: &Browser, button: &str, name: &str) -> String {
    let fields = browser.form_with_button(button).1;
    fields.into_iter().find(|(field, _)| field == name).map(|(_, value)| value).unwrap_or_default()
}

#[tokio::test]
async fn the_office_is_asked_which_of_several_employers_and_keeps_what_it_typed() {
    let Schools { board, session, amira, ash, .. } = schools().await;
    let mut office = board.office().await;
    office.open(&format!("/office/bookings/new?session={session}")).await;
    assert!(!office.says("Which organisation"), "of nobody");
    let amiras = address_of("Amira Khan");
    office.submit("Book", &[("email", &amiras), ("wait", "yes")]).await;
    assert_eq!(office.status, StatusCode::UNPROCESSABLE_ENTITY);
    office.must_say("There is a problem").must_say("Select which organisation they come for");
    office.must_say("Oak School").must_say("Ash School").must_say("None: they work for themselves");
    assert!(!office.says("Elm School"), "not one of hers");
    assert_eq!(board.bookings_of(session).await.len(), 0);
    assert_eq!(value_of(&office, "Book", "email"), amiras);
    assert!(value_of(&office, "Book", "session").starts_with(&format!("{session}.")));
    assert_eq!(value_of(&office, "Book", "wait"), "yes");
    assert_eq!(value_of(&office, "Book", "agency"), "", "neither is proposed");

    // Not chosen again, then nonsense, then the second.
    office.submit("Book", &[]).await.must_say("Select which organisation they come for");
    office.submit("Book", &[("agency", "999")]).await.must_say("Select which organisation they come for");
    office.submit("Book", &[("agency", &ash.to_string())]).await.must_say("Ash School").must_say("Booked");
    assert!(!office.says("Oak School"));
    let made = row(&board, &reference(&office)).await;
    assert_eq!((made.person_id, made.agency_id, made.agency_confirmed), (amira, Some(ash), true));
    assert_eq!(made.job_role, "Teacher");
}

#[tokio::test]
async fn somebody_with_several_employers_can_come_for_themselves() {
    let Schools { board, session, amira, .. } = schools().await;
    let mut office = board.office().await;
    // Of somebody who is known from the start it is asked from the start.
    office.open(&format!("/office/bookings/new?session={session}&person={amira}")).await;
    office.must_say("Which organisation do they come for?");
    assert!(!office.says("There is a problem"));
    office.submit("Book", &[("agency", "myself")]).await.must_say("Booked");
    let made = row(&board, &reference(&office)).await;
    assert_eq!((made.agency_id, made.agency_confirmed, made.job_role.as_str()), (None, false, ""));
}

#[tokio::test]
async fn the_one_employer_is_shown_and_used_and_a_choice_counts_only_for_whom_it_was_made() {
    let Schools { board, session, amira, ben, oak, ash, .. } = schools().await;
    let mut office = board.office().await;
    office.open(&format!("/office/bookings/new?session={session}&person={ben}")).await;
    office.must_say("They come for Oak School");
    assert!(!office.says("Which organisation"));
    // Amira's address is typed over Ben's: what was said of him is not taken for her.
    office.submit("Book", &[("email", &address_of("Amira Khan"))]).await;
    office.must_say("Select which organisation they come for");
    assert_eq!(value_of(&office, "Book", "agency"), "");
    // And back: hers is not taken for him, who has one.
    office.submit("Book", &[("agency", &ash.to_string()), ("email", &address_of("Ben Okoro"))]).await;
    office.must_say("Booked").must_say("Oak School");
    let made = row(&board, &reference(&office)).await;
    assert_eq!((made.person_id, made.agency_id), (ben, Some(oak)));

    // She leaves the one that was shown before the form is sent: it does not become the other.
    leaves(&board, amira, ash).await;
    office.open(&format!("/office/bookings/new?session={session}&person={amira}")).await.must_say("for Oak School");
    leaves(&board, amira, oak).await;
    board.member(amira, ash).await;
    office.submit("Book", &[]).await.must_say("Select which organisation they come for").must_say("Ash School");
    assert_eq!(board.bookings_of(session).await.len(), 1);
    office.submit("Book", &[("agency", &ash.to_string())]).await.must_say("Booked").must_say("Ash School");
}

#[tokio::test]
async fn the_form_has_one_field_for_all_sessions() {
    let Schools { board, session, .. } = schools().await;
    let course = board.course("Domestic abuse").await;
    for day in 10..30 {
        board.session(course, &format!("2025-04-{day} 10:00"), 20).await;
    }
    let mut office = board.office().await;
    office.open("/office/bookings/new").await.must_say("Domestic abuse");
    let mut names: Vec<String> = office.form_with_button("Book").1.into_iter().map(|(name, _)| name).collect();
    names.sort();
    assert_eq!(names, ["email", "request_id", "session"]);
    // A session without the version that was shown is none that the page offers.
    let fields = [("email", address_of("Ben Okoro")), ("session", session.to_string())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    office.submit("Book", &fields).await.must_say("Choose a session");
    assert_eq!(board.bookings_of(session).await.len(), 0);
}

#[tokio::test]
async fn a_lead_books_for_their_own_agency_whatever_else_somebody_works_for() {
    let Schools { board, session, amira, ash, .. } = schools().await;
    let lead = board.person("Lena Lead").await;
    board.grant(lead, Role::TrainingLead, Some(ash)).await;
    let mut lead = board.signed_in(lead).await;
    lead.open(&format!("/agency/sessions/{session}/book")).await;
    lead.submit("Book for them", &[("staff", &amira.to_string())]).await.must_say("Booked");
    assert!(!lead.says("Oak School"), "where else she works is not theirs to read");
    let made = board.bookings_of(session).await;
    assert_eq!((made[0].agency_id, made[0].agency_confirmed), (Some(ash), true));
}

/// Half an hour before the session, the page for people who walked in.
async fn at_the_door(schools: &Schools) -> (Browser, String) {
    let (tessa, trainer) = schools.board.learner("Tessa Trainer").await;
    schools.board.trains(tessa, schools.session).await;
    schools.board.set_clock("2025-03-17 09:30");
    (trainer, format!("/training/sessions/{}/register/1/walk-in", schools.session))
}

#[tokio::test]
async fn a_trainer_asks_who_somebody_has_come_for_and_reads_no_list_of_employers() {
    let schools = schools().await;
    let (mut trainer, walk_in) = at_the_door(&schools).await;
    let Schools { board, session, amira, ash, .. } = &schools;
    trainer.open(&walk_in).await.submit("Search", &[("search", "Amira")]).await.must_say("and elsewhere");
    let employers = ["Oak School", "Ash School"].map(|name| trainer.rows_named("Amira").contains(name));
    assert_eq!(employers.iter().filter(|is_named| **is_named).count(), 1, "one tells her apart: {employers:?}");
    trainer.submit("Add", &[]).await.must_say("Who has Amira Khan come for?");
    assert_eq!(trainer.status, StatusCode::OK, "nothing is wrong yet");
    // All that there are, as for somebody new: hers are not marked off.
    trainer.must_say("Oak School").must_say("Ash School").must_say("Elm School");
    trainer.submit("Add to the register", &[]).await.must_say("Choose who they have come for");
    assert_eq!(trainer.status, StatusCode::UNPROCESSABLE_ENTITY);
    trainer.submit("Add to the register", &[("agency", "Ash")]).await.must_say("Choose who they have come for");
    trainer.submit("Add to the register", &[("agency", "999")]).await.must_say("Choose who they have come for");
    assert_eq!(board.bookings_of(*session).await.len(), 0);

    let (action, mut fields) = trainer.form_with_button("Add to the register");
    fields.retain(|(name, _)| name != "agency");
    fields.push(("agency".to_owned(), ash.to_string()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for _ in 0..2 {
        trainer.post(&action, &fields).await.must_say("1 of 1 marked").must_say("Teacher, Ash School");
    }
    let made = board.bookings_of(*session).await;
    assert_eq!(made.len(), 1);
    assert_eq!((made[0].person_id, made[0].agency_id, made[0].agency_confirmed), (*amira, Some(*ash), true));
}

#[tokio::test]
async fn another_agency_is_a_claim_and_none_is_none() {
    let schools = schools().await;
    let (mut trainer, walk_in) = at_the_door(&schools).await;
    let Schools { board, session, amira, elm, oak, .. } = &schools;
    let memberships = async || {
        let theirs = membership::Entity::find().filter(membership::Column::PersonId.eq(*amira));
        theirs.clone().filter(membership::Column::ConfirmedAt.is_null()).count(board.app.db.reader()).await.unwrap()
    };
    trainer.open(&walk_in).await.submit("Search", &[("search", "Amira")]).await.submit("Add", &[]).await;
    let elms = elm.to_string();
    trainer.submit("Add to the register", &[("agency", &elms)]).await.must_say("1 of 1 marked");
    let made = board.bookings_of(*session).await;
    assert_eq!((made[0].agency_id, made[0].agency_confirmed, made[0].job_role.as_str()), (Some(*elm), false, ""));
    assert_eq!(memberships().await, 1, "it waits to be confirmed");

    let dora = board.person("Dora Day").await;
    board.member(dora, *oak).await;
    board.member(dora, *elm).await;
    trainer.open(&walk_in).await.submit("Search", &[("search", "Dora")]).await.submit("Add", &[]).await;
    trainer.submit("Add to the register", &[("agency", "none")]).await.must_say("2 of 2 marked");
    let made = board.bookings_of(*session).await;
    assert_eq!((made[1].person_id, made[1].agency_id, made[1].agency_confirmed), (dora, None, false));

    // Ben has one, so nobody asks.
    trainer.open(&walk_in).await.submit("Search", &[("search", "Ben")]).await.must_say("Oak School");
    assert!(!trainer.says("elsewhere"));
    trainer.submit("Add", &[]).await.must_say("3 of 3 marked");
    assert_eq!(board.bookings_of(*session).await[2].agency_id, Some(*oak));
}

#[tokio::test]
async fn the_office_chooses_at_the_door_from_somebodys_own_employers() {
    let schools = schools().await;
    let (_, walk_in) = at_the_door(&schools).await;
    let Schools { board, session, oak, .. } = &schools;
    let mut office = board.office().await;
    office.open(&walk_in).await.submit("Search", &[("search", "Amira")]).await;
    office.must_say("Ash School").must_say("Oak School");
    office.submit("Add", &[]).await.must_say("Who has Amira Khan come for?").must_say("Ash School");
    assert!(!office.says("Elm School"));
    office.submit("Add to the register", &[]).await.must_say("Choose who they have come for");
    office.submit("Add to the register", &[("agency", &oak.to_string())]).await.must_say("1 of 1 marked");
    assert_eq!(board.bookings_of(*session).await[0].agency_id, Some(*oak));
}

#[tokio::test]
async fn whoever_waited_said_for_whom_when_they_asked() {
    let schools = schools().await;
    let Schools { board, session, amira, ash, .. } = &schools;
    let mut office = board.office().await;
    office.open(&format!("/office/bookings/new?session={session}&person={amira}")).await;
    office.submit("Book", &[("agency", &ash.to_string())]).await.must_say("Booked");
    let txn = board.txn().await;
    let waits = learning_gain::entity::booking::ActiveModel {
        state: Set(BookingState::Waitlisted),
        waiting_since: Set(Some(board.now())),
        ..Default::default()
    };
    learning_gain::entity::booking::Entity::update_many().set(waits).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let (mut trainer, walk_in) = at_the_door(&schools).await;
    trainer.open(&walk_in).await.submit("Search", &[("search", "Amira")]).await;
    trainer.submit("Add", &[]).await.must_say("1 of 1 marked").must_say("Ash School");
    assert_eq!(board.bookings_of(*session).await[0].agency_id, Some(*ash));
}

#[tokio::test]
async fn on_the_telephone_the_question_stands_where_somebody_was_found() {
    let schools = schools().await;
    let (mut trainer, _) = at_the_door(&schools).await;
    let Schools { board, session, amira, ash, .. } = &schools;
    let amira = amira.to_string();
    let field = format!("agency-{amira}");
    let json = |browser: &Browser| serde_json::from_str::<serde_json::Value>(&browser.body).unwrap();
    trainer.post("/api/register/people", &[("date", "1"), ("search", "Amira")]).await;
    let found = json(&trainer)["found"][0].clone();
    assert_eq!((found["asks"].as_bool(), found["choices"].as_array().map(Vec::len)), (Some(true), Some(0)));
    let told = found["agency"].as_str().unwrap();
    assert!(told.ends_with(" and elsewhere") && !told.contains(','), "{told}");
    trainer.post("/api/register/people", &[("date", "1"), ("search", "Ben")]).await;
    assert_eq!(json(&trainer)["found"][0]["asks"], false);

    let wish = [("date", "1"), ("person", amira.as_str()), ("nonce", "n1")];
    for agency in [None, Some(""), Some("Ash"), Some("999")] {
        let fields: Vec<_> = wish.into_iter().chain(agency.map(|agency| ("agency", agency))).collect();
        trainer.post("/api/register/walk-in", &fields).await;
        let problem = json(&trainer)["problems"][0].clone();
        assert_eq!(problem["field"], field.as_str(), "{agency:?}: {}", trainer.body);
        assert_eq!(problem["sentence"], "Choose who they have come for");
    }
    assert_eq!(board.bookings_of(*session).await.len(), 0);
    let chosen = ash.to_string();
    let fields: Vec<_> = wish.into_iter().chain([("agency", chosen.as_str())]).collect();
    for _ in 0..2 {
        trainer.post("/api/register/walk-in", &fields).await;
        assert_eq!(json(&trainer)["added"]["detail"], "Teacher, Ash School", "{}", trainer.body);
    }
    let made = board.bookings_of(*session).await;
    assert_eq!((made.len(), made[0].agency_id, made[0].agency_confirmed), (1, Some(*ash), true));

    let mut office = board.office().await;
    let dora = board.person("Dora Day").await;
    for agency in [schools.oak, schools.elm] {
        board.member(dora, agency).await;
    }
    office.post("/api/register/people", &[("date", "1"), ("search", "Dora")]).await;
    let names: Vec<_> =
        json(&office)["found"][0]["choices"].as_array().unwrap().iter().map(|row| row["name"].to_string()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(!names.concat().contains("Ash School"), "{names:?}");
}
