//! A training lead books from a list: it is looked at line by line before anything is booked.

use super::{agency::lead, book, must_count, request_id};
use crate::board::{TestBoard, address_of};
use learning_gain::{
    bookings::{
        rules::{BookingState, parse_staff_list},
        store::{LineVerdict, StaffRequest, staff_list_preview},
    },
    entity::{booking, membership},
};
use reqwest::StatusCode;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, ExecResult, QueryFilter,
    QueryResult, Statement, prelude::async_trait::async_trait,
};
use std::sync::atomic::{AtomicUsize, Ordering};

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
