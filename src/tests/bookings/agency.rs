//! A training lead: their own staff's bookings and nobody else's, booking one by one and from a list, approving,
//! sending a colleague, cancelling.

use super::{book, must_count, reference, request_id, row};
use crate::{
    board::{TestBoard, address_of},
    browser::Browser,
};
use learning_gain::{
    accounts::rules::{PersonId, PersonKind, Role},
    agencies::rules::{AgencyId, Confirmation},
    bookings::{
        rules::{BookingState, parse_staff_list},
        store::{LineVerdict, StaffRequest, staff_list_preview},
    },
    entity::{agency, booking, membership, person},
};
use reqwest::StatusCode;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, ExecResult,
    QueryFilter, QueryResult, Statement, prelude::async_trait::async_trait,
};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The training lead of Oak School, signed in, and the school.
async fn lead(board: &TestBoard) -> (PersonId, Browser, AgencyId) {
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
async fn a_list_is_looked_at_line_by_line_before_anything_is_booked() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 3).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    book(&mut amira, session).await;
    let (_, mut lead, school) = lead(&board).await;
    let page = format!("/agency/sessions/{session}/list");
    lead.open(&page).await;
    lead.submit("Check the list", &[("list", " \n ")]).await.must_say("Enter at least one person");
    assert_eq!(lead.status, StatusCode::UNPROCESSABLE_ENTITY);
    let list = "Name,Email\nAmira Khan,amira.khan@people.example\nDan Evans,dan@evans.example\nErin Fox,erin\n\
        Fay Green,fay@green.example\nGil Hart,gil@hart.example\nDan again,DAN@evans.example";
    lead.submit("Check the list", &[("list", list), ("wait", "yes")]).await;
    lead.must_say("3 can be booked, 3 are left out").must_say("Nothing is booked yet");
    lead.must_say("They already have a place").must_say("Email address: Enter an email address in the correct format");
    lead.must_say("The same address stands in line 3").must_say("Number 1. Waiting is never charged");
    assert_eq!(board.bookings_of(session).await.len(), 1, "looking books nothing");
    assert!(board.mails_to("dan@evans.example").await.is_empty());
    let (confirm, fields) = lead.form_with_button("Book these 3 people");

    lead.submit("Change the list", &[]).await;
    assert!(lead.body.contains("Fay Green"), "going back loses the list");
    lead.submit("Check the list", &[("wait", "")]).await.must_say("the list does not ask to wait");

    // The session changed in another tab meanwhile: what is booked is what is true now.
    let (_, mut other) = board.learner("Hal Ibsen").await;
    book(&mut other, session).await;
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    lead.post(&confirm, &fields).await.must_say("3 people, and we have written to each");
    let states = |rows: &[booking::Model], state| rows.iter().filter(|row| row.state == state).count();
    let rows = board.bookings_of(session).await;
    assert_eq!((states(&rows, BookingState::Booked), states(&rows, BookingState::Waitlisted)), (3, 2));
    must_count(&board).await;
    // Sent again, by a double click or the back button: the same lines, no second mail.
    lead.post(&confirm, &fields).await.must_say("3 people, and we have written to each");
    assert_eq!(board.bookings_of(session).await.len(), rows.len());
    assert_eq!(board.mails_to("dan@evans.example").await.len(), 1);
    let theirs = membership::Entity::find().filter(membership::Column::AgencyId.eq(school));
    assert_eq!(theirs.all(board.app.db.reader()).await.unwrap().len(), 6, "nobody is taken on twice");

    // Somebody who leads no agency cannot send a list at all, and nobody for an agency that is not theirs.
    amira.post(&confirm, &fields).await;
    assert_eq!(amira.status, StatusCode::FORBIDDEN);
    let elm = board.agency("Elm Nursery").await;
    let request = request_id(9);
    let foreign = elm.to_string();
    let forged = [("request_id", request.as_str()), ("agency", foreign.as_str()), ("list", "A B,a@b.uk")];
    lead.post(&confirm, &forged).await;
    assert_eq!(lead.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_is_read_in_every_encoding_and_a_wrong_one_is_named() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 5).await;
    let (_, mut lead, _) = lead(&board).await;
    let page = format!("/agency/sessions/{session}/list");
    let windows = b"Name;Email\r\nZo\xeb M\xfcller;zoe@mueller.example\r\n";
    lead.open(&page).await.upload("Upload and check", "file", "staff.csv", windows).await;
    lead.must_say("Zoë Müller").must_say("All 1 can be booked");
    lead.submit("Book this person", &[]).await.must_say("1 person, and we have written to them");
    assert_eq!(board.bookings_of(session).await.len(), 1);
    for (name, bytes, sentence) in [
        ("staff.xlsx", &b"PK\x03\x04rest"[..], "This is a spreadsheet"),
        ("staff.csv", &[][..], "Choose a file"),
        ("staff.csv", &[b'x'; 150 * 1024][..], "100 KB or smaller"),
        ("staff.csv", &b"a\0b"[..], "not a list of text"),
    ] {
        lead.open(&page).await.upload("Upload and check", "file", name, bytes).await;
        assert_eq!(lead.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        lead.must_say(sentence);
    }
    lead.open(&page).await.upload("Upload and check", "file", "huge.csv", &vec![b'x'; 600 * 1024]).await;
    assert!(lead.status.is_client_error(), "{}", lead.status);
    assert_eq!(board.bookings_of(session).await.len(), 1);
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

/// Counts the queries that go through it.
pub struct Counting<'a> {
    pub db: &'a DatabaseConnection,
    pub queries: AtomicUsize,
}

impl Counting<'_> {
    fn count(&self) {
        self.queries.fetch_add(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl ConnectionTrait for Counting<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.count();
        self.db.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.count();
        self.db.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.count();
        self.db.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.count();
        self.db.query_all_raw(statement).await
    }
}

#[tokio::test]
async fn a_long_list_is_looked_at_with_as_many_queries_as_a_short_one() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 100).await;
    let same_time = board.session(course, "2025-03-31 11:00", 100).await;
    let mut names = Vec::new();
    for number in 0..12 {
        let name = format!("Learner {}", ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"][number]);
        let (_, mut browser) = board.learner(&name).await;
        book(&mut browser, if number % 2 == 0 { same_time } else { session }).await;
        names.push(name);
    }
    let (lead, _, school) = lead(&board).await;
    let request = StaffRequest { request_id: request_id(1), session, agency: school, lead, may_wait: false };
    let preview = async |names: &[String], strangers: usize| {
        let known = names.iter().map(|name| format!("{name},{}\n", address_of(name)));
        let unknown = (0..strangers).map(|number| format!("Some Body,s{number}@new.example\n"));
        let rows = parse_staff_list(&known.chain(unknown).collect::<String>()).unwrap();
        let counting = Counting { db: board.app.db.reader(), queries: AtomicUsize::new(0) };
        let verdicts = staff_list_preview(&rows, &request, board.now(), &counting).await.unwrap();
        (verdicts, counting.queries.into_inner())
    };
    let (short, few) = preview(&names[..2], 1).await;
    let (long, many) = preview(&names, 188).await;
    assert_eq!(long.len(), 200);
    assert_eq!(few, many, "queries for 3 lines and for 200");
    assert!(few <= 20, "{few} queries");
    for (verdicts, first_stranger) in [(&short, 2), (&long, 12)] {
        let sentence = |at: usize| match &verdicts[at] {
            LineVerdict::Refused(sentence) => sentence.clone(),
            other => panic!("{other:?}"),
        };
        assert!(sentence(0).contains("at the same time"), "{}", sentence(0));
        assert!(sentence(1).contains("already have a place"), "{}", sentence(1));
        assert!(verdicts[first_stranger].leads_somewhere());
    }
    let booked = long.iter().filter(|verdict| verdict.leads_somewhere()).count();
    assert_eq!(booked, 94, "six of a hundred places are taken");
    assert!(long.contains(&LineVerdict::Full));
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
