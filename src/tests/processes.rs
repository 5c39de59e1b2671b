//! Two processes of the service on one PostgreSQL: whichever of them somebody meets, there is one truth, and what time
//! brings happens once.

use crate::{
    board::{TestBoard, address_of},
    bookings::{address_in, answers, must_count, reference, request_id, row},
    browser::Browser,
    databases::is_postgres,
    service::{Service, follow_the_machine},
    smtp::{MailServer, Moods},
};
use chrono::Duration;
use futures::future::join_all;
use learning_gain::{
    accounts::rules::{PersonId, PersonKind},
    bookings::{
        rules::BookingState,
        store::{Change, PlaceRequest, give_up_in_txn, request_place_in_txn},
    },
    entity::{audit, booking, job_lease},
    messages::bookings::Letters,
    server::secrets::Secrets,
    sessions::rules::SessionId,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter,
};
use std::{collections::BTreeSet, time::Instant};
use tempfile::TempDir;

/// People who want the places of each session in the race.
const WANT_IT: usize = 20;
const PLACES: usize = 5;
/// Sessions whose offers run out in the same minute: so many that one process is still at it when the other begins.
const OFFERS: usize = 20;
/// Longer than anything here takes on a slow machine.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(90);

/// A board that is served by two processes with the same key, and the mail server that both use.
struct Pair {
    board: TestBoard,
    processes: [Service; 2],
    server: MailServer,
    _folder: TempDir,
}

/// A board that is right for the machine's own time. None on SQLite.
async fn shared_board() -> Option<TestBoard> {
    if !is_postgres() {
        println!("skipped: a board on SQLite is served by one process");
        return None;
    }
    let board = TestBoard::new().await;
    follow_the_machine(&board).await;
    Some(board)
}

impl Pair {
    /// Starts both at the same moment, so that they look at what is due at the same time.
    async fn serving(board: TestBoard) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Secrets::open(&folder.path().join("key")).unwrap();
        let server = MailServer::start(Moods::default()).await;
        let mail = ["--smtp-url", server.url.as_str()];
        let processes = [(), ()].map(|()| Service::start_with_mail(&board.url, folder.path(), mail));
        let client = reqwest::Client::new();
        for process in &processes {
            process.ready(&client).await;
        }
        Self { board, processes, server, _folder: folder }
    }

    fn base(&self, number: usize) -> &str {
        &self.processes[number % 2].base
    }

    /// A browser in which this person is signed in, at one of the processes.
    async fn signed_in(&self, person: PersonId, at: usize) -> Browser {
        let mut browser = self.board.signed_in(person).await;
        browser.go_on_at(self.base(at));
        browser
    }

    /// Waits until nothing is left to send. Every mail has then come out of the server once.
    async fn every_mail_comes_once(&self) {
        let started = Instant::now();
        while self.board.mails().await.iter().any(|mail| mail.sent_at.is_none()) {
            assert!(started.elapsed() < PATIENCE, "mail is left in the outbox");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let mails = self.board.mails().await;
        let received = self.server.received();
        let ids: BTreeSet<&str> = received.iter().map(|mail| mail.message_id.as_str()).collect();
        assert_eq!(received.len(), mails.len(), "as many mails as there are in the outbox");
        assert_eq!(ids, mails.iter().map(|mail| mail.message_id.as_str()).collect(), "each of them once");
    }

    async fn lease(&self, job: &str) -> job_lease::Model {
        job_lease::Entity::find_by_id(job).one(self.board.app.db.reader()).await.unwrap().unwrap_or(job_lease::Model {
            name: job.to_owned(),
            leased_until: None,
            ran_at: None,
        })
    }

    /// As if the job's minute were over, and with it the lease of whoever is at it still.
    async fn is_due_again(&self, job: &str) {
        let txn = self.board.app.db.write_beside_others().await.unwrap();
        let due = job_lease::ActiveModel { leased_until: Set(None), ran_at: Set(None), ..Default::default() };
        job_lease::Entity::update_many().set(due).filter(job_lease::Column::Name.eq(job)).exec(&txn).await.unwrap();
        txn.commit().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_race_through_both_fills_each_session_and_keeps_the_list_in_order() {
    let Some(board) = shared_board().await else { return };
    let course = board.course("Neglect").await;
    let mut sessions = Vec::new();
    for day in [60, 61, 62] {
        let starts = (board.now() + Duration::days(day)).format("%Y-%m-%d 10:00").to_string();
        sessions.push(board.session(course, &starts, PLACES as i32).await);
    }
    let pair = Pair::serving(board).await;
    let mut crowd = Vec::new();
    for number in 0..sessions.len() * WANT_IT {
        let person = pair.board.person(&format!("Person {number}")).await;
        crowd.push((number, pair.signed_in(person, number).await, sessions[number / WANT_IT]));
    }
    let race = crowd.into_iter().map(|(number, mut browser, session)| {
        tokio::spawn(async move {
            let request = request_id(number + 1);
            let mut fields = answers(&request);
            fields.push(("join", "waiting"));
            browser.post(&format!("/sessions/{session}/book"), &fields).await;
            assert!(!browser.status.is_server_error(), "{}: {}", browser.status, browser.text());
            (number, browser)
        })
    });
    let told: Vec<(usize, Browser)> = join_all(race).await.into_iter().map(Result::unwrap).collect();

    must_count(&pair.board).await;
    let mut lists = Vec::new();
    for session in &sessions {
        let rows = pair.board.bookings_of(*session).await;
        assert_eq!(rows.iter().filter(|row| row.state == BookingState::Booked).count(), PLACES);
        let mut list: Vec<booking::Model> =
            rows.into_iter().filter(|row| row.state == BookingState::Waitlisted).collect();
        assert_eq!(list.len(), WANT_IT - PLACES);
        // They came in this order: the session's lock hands out the numbers.
        list.sort_by_key(|row| row.id.0);
        assert!(list.is_sorted_by(|one, next| one.waiting_since < next.waiting_since), "whoever came first is first");
        lists.push(list);
    }
    for (number, mut browser) in told {
        let own = reference(&browser);
        let position = lists[number / WANT_IT].iter().position(|row| row.reference == own);
        let sentence = position.map_or("Place booked".to_owned(), |at| format!("You are number {}", at + 1));
        browser.must_say(&sentence);
        // The other process says the same.
        let there =
            position.map_or("You can cancel free of charge until".to_owned(), |at| format!("number {}", at + 1));
        browser.go_on_at(pair.base(number + 1)).open(&format!("/bookings/{own}")).await.must_say(&there);
    }
    pair.every_mail_comes_once().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_that_runs_out_while_both_look_runs_out_once_and_goes_to_the_next_once() {
    let Some(board) = shared_board().await else { return };
    let course = board.course("Neglect").await;
    let mut people = Vec::new();
    for name in ["Amira Khan", "Ben Okoro", "Cora Diaz", "Dan Evans"] {
        people.push(board.person(name).await);
    }
    for number in 0..OFFERS {
        let starts = board.now() + Duration::days(60 + number as i64);
        let session = board.session(course, &starts.format("%Y-%m-%d 10:00").to_string(), 1).await;
        let txn = board.txn().await;
        offer_that_is_over(&board, session, &people, number, &txn).await;
        txn.commit().await.unwrap();
    }
    must_count(&board).await;
    let pair = Pair::serving(board).await;
    let job = "bookings-offers";
    let started = Instant::now();
    while states_of(&pair.board, people[1]).await.contains(&BookingState::Offered) {
        assert!(started.elapsed() < PATIENCE, "an offer never runs out");
        pair.is_due_again(job).await;
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    // Whatever is done once more now would be done twice.
    for _ in 0..3 {
        pair.is_due_again(job).await;
        while pair.lease(job).await.ran_at.is_none() {
            assert!(started.elapsed() < PATIENCE, "nobody looks any more");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
    pair.every_mail_comes_once().await;
    must_count(&pair.board).await;
    for (person, state) in
        people.iter().skip(1).zip([BookingState::OfferExpired, BookingState::Offered, BookingState::Waitlisted])
    {
        assert_eq!(states_of(&pair.board, *person).await, [state; OFFERS]);
    }
    for (name, kind) in [("Ben Okoro", "booking_offer_expired"), ("Cora Diaz", "booking_offer")] {
        let mails = pair.board.mails_to(&address_of(name)).await;
        assert_eq!(mails.iter().filter(|mail| mail.kind == kind).count(), OFFERS, "{name}: {kind}");
    }
    let said = |sentence: &'static str| {
        audit::Entity::find().filter(audit::Column::Sentence.starts_with(sentence)).count(pair.board.app.db.reader())
    };
    assert_eq!(said("The offer ran out").await.unwrap(), OFFERS as u64);
    assert_eq!(said("Offered a place until").await.unwrap(), 2 * OFFERS as u64, "to Ben, and then to Cora");
}

/// One place that the first has given back and the second was offered, whose time is over; the others wait.
async fn offer_that_is_over(
    board: &TestBoard,
    session: SessionId,
    people: &[PersonId],
    number: usize,
    txn: &DatabaseTransaction,
) {
    let change = Change::new(None, board.now(), Letters::of(&board.app));
    for (at, person) in people.iter().enumerate() {
        let request = PlaceRequest {
            request_id: request_id(number * 10 + at),
            session,
            person: *person,
            agency: None,
            agency_confirmed: false,
            agency_given: None,
            job_role: "Teacher".into(),
            person_kind: PersonKind::Employed,
            access_needs: None,
            policy_accepted: true,
            may_wait: true,
            substitute_for: None,
            booked_by_lead: None,
        };
        request_place_in_txn(request, &change, txn).await.unwrap().unwrap();
    }
    let rows = booking::Entity::find().filter(booking::Column::SessionId.eq(session));
    let find = |person: PersonId| rows.clone().filter(booking::Column::PersonId.eq(person)).one(txn);
    let first = find(people[0]).await.unwrap().unwrap();
    give_up_in_txn(first.id, &change, txn).await.unwrap().unwrap();
    let offered = find(people[1]).await.unwrap().unwrap();
    assert_eq!(offered.state, BookingState::Offered);
    let mut offered = offered.into_active_model();
    offered.offer_expires_at = Set(Some(board.now() - Duration::minutes(2)));
    offered.update(txn).await.unwrap();
}

async fn states_of(board: &TestBoard, person: PersonId) -> Vec<BookingState> {
    let rows = booking::Entity::find().filter(booking::Column::PersonId.eq(person));
    rows.all(board.app.db.reader()).await.unwrap().into_iter().map(|row| row.state).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_signs_in_at_one_goes_on_at_the_other() {
    let Some(board) = shared_board().await else { return };
    let course = board.course("Neglect").await;
    let starts = (board.now() + Duration::days(60)).format("%Y-%m-%d 10:00").to_string();
    let session = board.session(course, &starts, 5).await;
    board.person("Amira Khan").await;
    let to = address_of("Amira Khan");
    let pair = Pair::serving(board).await;
    let mut amira = Browser::new(pair.base(0));
    amira.open("/sign-in").await.submit("Send me a code", &[("email", &to)]).await;
    assert_eq!(amira.path, "/sign-in/code", "{}", amira.text());
    let mail = mail_with(&pair.server, "Your code is ").await;
    let code = mail.split("Your code is ").nth(1).unwrap()[..6].to_owned();
    // The code that one process has sent is entered at the other.
    amira.go_on_at(pair.base(1)).submit("Continue", &[("code", &code)]).await;
    amira.go_on_at(pair.base(0)).open("/bookings").await.must_say("You have not booked anything yet");

    let request = request_id(1);
    amira.post(&format!("/sessions/{session}/book"), &answers(&request)).await.must_say("Place booked");
    let own = reference(&amira);
    // The same form again, at the other: the first result stands.
    amira.go_on_at(pair.base(1)).post(&format!("/sessions/{session}/book"), &answers(&request)).await;
    assert_eq!(reference(&amira), own);
    // The link in the mail works at both, and so does the page that asks.
    let link = address_in(&mail_with(&pair.server, "/bookings/link/").await, "/bookings/link/");
    let mut stranger = Browser::new(pair.base(1));
    stranger.open(&link).await.must_say("Cancel your place?");
    amira.open(&format!("/bookings/{own}/cancel")).await.must_say("Cancel your place?");
    amira.go_on_at(pair.base(0)).submit("Cancel this place", &[]).await.must_say("Cancelled in time");
    stranger.go_on_at(pair.base(0)).open(&link).await.must_say("This booking has ended");
    assert_eq!(row(&pair.board, &own).await.state, BookingState::CancelledInTime);
    // Signing out at one is signing out at the other.
    amira.submit("Sign out", &[]).await;
    amira.go_on_at(pair.base(1)).open("/bookings").await;
    assert!(amira.path.starts_with("/sign-in"), "{}", amira.path);
    pair.every_mail_comes_once().await;
}

/// The text of the newest mail that holds these words, when it has come; lines that the mail program has folded are
/// whole again.
async fn mail_with(server: &MailServer, words: &str) -> String {
    let started = Instant::now();
    loop {
        let found = server.received().into_iter().rev().map(|mail| mail.text.replace("=\n", ""));
        if let Some(text) = found.into_iter().find(|text| text.contains(words)) {
            return text;
        }
        assert!(started.elapsed() < PATIENCE, "no mail says “{words}”");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}
