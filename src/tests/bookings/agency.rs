//! A training lead: their own staff's bookings and nobody else's, booking one by one, approving, sending a colleague,
//! cancelling.

use super::{book, must_count, reference, row};
use crate::{
    board::{TestBoard, address_of},
    browser::Browser,
};
use learning_gain::{
    accounts::rules::{PersonId, PersonKind, Role},
    agencies::rules::{AgencyId, Confirmation},
    bookings::rules::BookingState,
    entity::{agency, membership, person},
};
use reqwest::StatusCode;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// The training lead of Oak School, signed in, and the school.
pub async fn lead(board: &TestBoard) -> (PersonId, Browser, AgencyId) {
    let person = board.person("Lena Lead").await;
    let school = match agency::Entity::find().one(board.app.db.reader()).await.unwrap() {
        Some(school) => school.id,
        None => board.agency("Oak School").await,
    };
    board.member(person, school).await;
    board.grant(person, Role::TrainingLead, Some(school)).await;
    (person, board.signed_in(person).await, school)
}

async fn asks_for_approval(board: &TestBoard, agency: AgencyId) {
    let txn = board.txn().await;
    let change = agency::ActiveModel { needs_approval: Set(true), ..Default::default() };
    let only = agency::Entity::update_many().filter(agency::Column::Id.eq(agency));
    only.set(change).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
}

#[tokio::test]
async fn a_lead_sees_the_bookings_of_their_own_confirmed_staff_and_no_others() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 20).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    amira.open(&format!("/sessions/{session}/book/details")).await;
    amira.submit("Continue", &[("access_needs", "a hearing loop")]).await;
    amira.submit("Book this place", &[("accept", "yes")]).await;
    let amiras = reference(&amira);
    // Ben works elsewhere; Cora only says that she works at the school.
    let elm = board.agency("Elm Nursery").await;
    let ben = board.person("Ben Okoro").await;
    board.member(ben, elm).await;
    let mut ben = board.signed_in(ben).await;
    book(&mut ben, session).await;
    let bens = reference(&ben);
    let cora = board.person("Cora Diaz").await;
    let mut cora = board.signed_in(cora).await;
    cora.open(&format!("/sessions/{session}/book/details")).await;
    cora.submit("Continue", &[("agency", "other"), ("agency_name", "Oak School"), ("job_role", "Cook")]).await;
    cora.submit("Book this place", &[("accept", "yes")]).await;
    let coras = reference(&cora);

    let (_, mut lead, _) = lead(&board).await;
    lead.open("/agency/bookings").await.must_say("Amira Khan").must_say(&amiras);
    assert!(!lead.says("Ben Okoro") && !lead.says("Cora Diaz"));
    lead.open(&format!("/agency/bookings/{amiras}")).await.must_say("Amira Khan");
    assert!(!lead.body.contains("hearing loop") && !lead.body.contains("secret-room"), "that is Amira's alone");
    for other in [&bens, &coras] {
        for page in ["", "/cancel", "/colleague"] {
            lead.open(&format!("/agency/bookings/{other}{page}")).await;
            assert_eq!(lead.status, StatusCode::NOT_FOUND, "{other}{page}");
        }
        for action in ["approve", "decline", "cancel", "colleague"] {
            lead.post(&format!("/agency/bookings/{other}/{action}"), &[("staff", "1")]).await;
            assert_eq!(lead.status, StatusCode::NOT_FOUND, "{other}/{action}");
        }
    }
    lead.open(&format!("/bookings/{amiras}")).await;
    assert_eq!(lead.status, StatusCode::NOT_FOUND, "the learner's own page is not the lead's");

    // Once the lead says that Cora works here, her booking is seen.
    lead.open("/agency/staff").await.must_say("Cora Diaz");
    lead.submit("Works here", &[]).await.must_say("is confirmed");
    let cora = person::Entity::find().filter(person::Column::Name.eq("Cora Diaz"));
    let cora = cora.one(board.app.db.reader()).await.unwrap().unwrap().id;
    let theirs = membership::Entity::find().filter(membership::Column::PersonId.eq(cora));
    let theirs = theirs.one(board.app.db.reader()).await.unwrap().unwrap();
    assert_eq!(theirs.confirmed_by, Some(Confirmation::TrainingLead));
    lead.open("/agency/bookings").await.must_say("Cora Diaz");
    lead.post(&format!("/agency/staff/{}/end", theirs.id.0 - 1), &[]).await;
    assert_eq!(lead.status, StatusCode::NOT_FOUND, "Ben's membership is another agency's");

    // An administrator leads no agency; a learner may not even ask.
    let mut office = board.office().await;
    office.open("/agency/bookings").await.must_say("not the training lead of an agency");
    ben.open("/agency/bookings").await;
    assert_eq!(ben.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_lead_books_for_staff_one_by_one_and_for_somebody_new() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 2).await;
    board.learner("Amira Khan").await;
    let (_, mut lead, school) = lead(&board).await;
    lead.open(&format!("/sessions/{session}")).await;
    let book_for_staff = lead.link("Book for your staff");
    lead.open(&book_for_staff).await.must_say("Amira Khan").must_say("2 of 2 left");
    lead.submit("Book for them", &[]).await.must_say("Select who it is");
    assert_eq!(lead.status, StatusCode::UNPROCESSABLE_ENTITY);
    let amira = person::Entity::find().filter(person::Column::Name.eq("Amira Khan"));
    let amira = amira.one(board.app.db.reader()).await.unwrap().unwrap().id;
    lead.submit("Book for them", &[("staff", &amira.to_string())]).await.must_say("Booked").must_say("Amira Khan");
    let mail = board.mails_to(&address_of("Amira Khan")).await.pop().unwrap().body.unwrap();
    assert!(mail.contains("Lena Lead of Oak School has booked it for you"), "{mail}");

    lead.open(&book_for_staff).await;
    lead.submit("Book for them", &[("staff", "new"), ("name", "Dan"), ("email", "dan")]).await;
    lead.must_say("correct format");
    lead.submit("Book for them", &[("staff", "new"), ("name", "Dan Evans"), ("email", "Dan@Evans.example")]).await;
    lead.must_say("Dan Evans");
    let dans = row(&board, lead.path.split('?').next().unwrap().rsplit('/').next().unwrap()).await;
    assert!(dans.agency_confirmed && !dans.policy_accepted && dans.agency_id == Some(school));
    assert_eq!(board.mails_to("dan@evans.example").await.len(), 1);
    must_count(&board).await;

    // Full: nobody is put on the waiting list without being asked. Whoever is refused is not taken on.
    lead.open(&book_for_staff).await;
    let erin = [("staff", "new"), ("name", "Erin Fox"), ("email", "erin@fox.example")];
    lead.submit("Book for them", &erin).await.must_say("Tick the box");
    let people = person::Entity::find().filter(person::Column::Name.eq("Erin Fox"));
    assert!(people.clone().one(board.app.db.reader()).await.unwrap().is_none());
    lead.submit("Book for them", &[("wait", "yes")]).await.must_say("Number 1 on the waiting list");
    lead.open(&book_for_staff).await;
    lead.submit("Book for them", &[("staff", &amira.to_string())]).await.must_say("already have a place");
    // A number that is not one of the staff is nobody.
    let stranger = board.person("Stan Stranger").await;
    lead.submit("Book for them", &[("staff", &stranger.to_string())]).await.must_say("Select one of your staff");
    must_count(&board).await;
}

#[tokio::test]
async fn whoever_pays_themselves_accepts_the_rule_themselves() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 2).await;
    let (amira, mut browser) = board.learner("Amira Khan").await;
    let txn = board.txn().await;
    let kind = person::ActiveModel { kind: Set(PersonKind::SelfEmployed), ..Default::default() };
    let only = person::Entity::update_many().filter(person::Column::Id.eq(amira));
    only.set(kind).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let (_, mut lead, _) = lead(&board).await;
    lead.open(&format!("/agency/sessions/{session}/book")).await;
    lead.submit("Book for them", &[("staff", &amira.to_string())]).await;
    let reference = lead.path.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
    let mail = board.mails_to(&address_of("Amira Khan")).await.pop().unwrap().body.unwrap();
    assert!(mail.contains("have not accepted the cancellation rule"));
    let mut office = board.office().await;
    office.post(&format!("/bookings/{reference}/terms"), &[]).await.must_say("Only the person who is booked");
    assert!(!row(&board, &reference).await.policy_accepted);
    browser.open(&format!("/bookings/{reference}")).await.must_say("Lena Lead booked this for you");
    browser.submit("I have read this and accept it", &[]).await.must_say("You have accepted");
    assert!(row(&board, &reference).await.policy_accepted);
    browser.open(&format!("/bookings/{reference}")).await;
    assert!(!browser.says("I have read this"));
}

#[tokio::test]
async fn the_lead_approves_where_the_agency_asks_for_it_and_requests_lapse() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 5).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    let (_, mut lead, school) = lead(&board).await;
    asks_for_approval(&board, school).await;
    book(&mut amira, session).await;
    amira.must_say("Waiting for approval");
    let amiras = reference(&amira);
    let asked = board.mails_to(&address_of("Lena Lead")).await.pop().unwrap();
    assert_eq!(asked.kind, "approval_wanted");
    assert!(!asked.body.unwrap().contains("/bookings/link/"), "a personal link is not the lead's");
    lead.open("/agency/bookings").await.must_say("1 booking waits for approval");
    lead.open(&format!("/agency/bookings/{amiras}")).await.must_say("It waits for your approval");
    lead.submit("Approve", &[]).await.must_say("Booked");
    assert_eq!(row(&board, &amiras).await.state, BookingState::Booked);
    // Another tab still shows the old page: what was decided stays.
    lead.post(&format!("/agency/bookings/{amiras}/decline"), &[]).await.must_say("already answered");
    assert_eq!(lead.status, StatusCode::CONFLICT);

    let (_, mut ben) = board.learner("Ben Okoro").await;
    book(&mut ben, session).await;
    let bens = reference(&ben);
    lead.open(&format!("/agency/bookings/{bens}")).await.submit("Decline", &[]).await.must_say("Not approved");
    let (_, mut cora) = board.learner("Cora Diaz").await;
    book(&mut cora, session).await;
    board.set_clock("2025-03-07 00:01");
    board.run_jobs().await;
    assert_eq!(row(&board, &reference(&cora)).await.state, BookingState::Lapsed);
    must_count(&board).await;

    // What the lead books is approved by being booked.
    let dan = [("staff", "new"), ("name", "Dan Evans"), ("email", "dan@evans.example")];
    lead.open(&format!("/agency/sessions/{session}/book")).await.submit("Book for them", &dan).await;
    lead.must_say("They have the place");

    // Where the session itself asks, the office answers and not the agency.
    let strict = board.session(course, "2025-04-14 10:00", 5).await;
    let txn = board.txn().await;
    let change = learning_gain::entity::session::ActiveModel { needs_approval: Set(true), ..Default::default() };
    let only = learning_gain::entity::session::Entity::update_many();
    let only = only.filter(learning_gain::entity::session::Column::Id.eq(strict));
    only.set(change).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let (_, mut fay) = board.learner("Fay Green").await;
    book(&mut fay, strict).await;
    let fays = reference(&fay);
    lead.open(&format!("/agency/bookings/{fays}")).await.must_say("waits for the training team");
    lead.post(&format!("/agency/bookings/{fays}/approve"), &[]).await.must_say("not the agency");
    assert_eq!(row(&board, &fays).await.state, BookingState::Requested);
}

#[tokio::test]
async fn a_lead_sends_a_colleague_and_cancels_and_everybody_is_told() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 2).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    let (ben, _) = board.learner("Ben Okoro").await;
    let (_, mut lead, _) = lead(&board).await;
    book(&mut amira, session).await;
    let amiras = reference(&amira);
    lead.open(&format!("/agency/bookings/{amiras}/colleague")).await.must_say("Ben Okoro");
    assert!(lead.form_with_button("Give the place").1.iter().all(|(name, _)| name != "email" || !name.is_empty()));
    lead.submit("Give the place", &[("staff", &ben.to_string())]).await.must_say("A colleague has the place");
    let bens = board.bookings_of(session).await.pop().unwrap();
    assert_eq!((bens.person_id, bens.state, bens.agency_confirmed), (ben, BookingState::Booked, true));
    assert_eq!(board.mails_to(&address_of("Amira Khan")).await.last().unwrap().kind, "booking_substituted");
    assert_eq!(board.mails_to(&address_of("Ben Okoro")).await.last().unwrap().kind, "booking_substitute");

    // Ben cannot take a place at the same time elsewhere.
    let same_time = board.session(course, "2025-03-31 11:00", 2).await;
    let (_, mut cora) = board.learner("Cora Diaz").await;
    book(&mut cora, same_time).await;
    lead.open(&format!("/agency/bookings/{}/colleague", reference(&cora))).await;
    lead.submit("Give the place", &[("staff", &ben.to_string())]).await.must_say("another session at the same time");

    lead.open(&format!("/agency/bookings/{}/cancel", bens.reference)).await.must_say("Cancel the place of Ben Okoro?");
    lead.submit("Cancel this place", &[]).await.must_say("Cancelled in time");
    assert_eq!(board.mails_to(&address_of("Ben Okoro")).await.last().unwrap().kind, "booking_cancelled");
    must_count(&board).await;
}

#[tokio::test]
async fn the_office_sees_whom_a_lead_takes_on_and_can_end_it() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 5).await;
    // Dan is known to the board, and works elsewhere.
    let dan = board.person("Dan Evans").await;
    let (_, mut lead, school) = lead(&board).await;
    let typed = [("staff", "new"), ("name", "Dan"), ("email", &address_of("Dan Evans"))];
    lead.open(&format!("/agency/sessions/{session}/book")).await.submit("Book for them", &typed).await;
    let mut office = board.office().await;
    office.open(&format!("/office/agencies/{school}")).await;
    office.must_say("Lena Lead, training lead, said that Dan Evans works here.");
    office.open(&format!("/office/people/{dan}")).await.must_say("by its training lead, ");
    office.must_say("Lena Lead, training lead, said that they work at");
    office.open("/office/agencies").await;
    let page = office.link("Memberships that training leads have confirmed");
    office.open(&page).await.must_say("In the last 30 days").must_say("Dan Evans");
    office.submit("End today Dan Evans", &[]).await.must_say("ended");
    assert!(!office.open(&page).await.says("Dan Evans"));
    let theirs = membership::Entity::find().filter(membership::Column::PersonId.eq(dan));
    assert!(theirs.one(board.app.db.reader()).await.unwrap().unwrap().to_date.is_some());
    board.set_clock("2025-03-04 09:00");
    lead.open("/agency/staff").await;
    assert!(!lead.says("Dan Evans"));
}
