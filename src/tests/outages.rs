//! The database full, read-only or away: a plain page that confirms nothing, and everything as before once it is back.

use crate::{
    board::{TestBoard, address_of},
    bookings::{answers, must_count, reference, request_id, row},
    browser::Browser,
    databases,
};
use learning_gain::{
    bookings::rules::BookingState,
    messages::{
        store::{Mail, outbox_insert_in_txn},
        wording::Fixed,
    },
};
use reqwest::StatusCode;
use sea_orm::ConnectionTrait;

/// A kind of mail that only takes room.
static FILLER: Fixed = Fixed { kind: "filler", title: "Filler", why: "Nobody reads it" };

/// A board with a person who wants a place, before anything goes wrong.
struct Scene {
    board: TestBoard,
    amira: Browser,
    path: String,
    session: learning_gain::sessions::rules::SessionId,
}

async fn scene(board: TestBoard) -> Scene {
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 20).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    let path = format!("/sessions/{session}/book");
    amira.open("/courses").await.must_say("Neglect");
    Scene { board, amira, path, session }
}

impl Scene {
    async fn is_told_of_a_problem(&mut self) {
        let request = request_id(1);
        self.amira.post(&self.path, &answers(&request)).await;
        assert_eq!(self.amira.status, StatusCode::SERVICE_UNAVAILABLE, "{}", self.amira.text());
        self.amira.must_say("Sorry, there is a problem with the service");
        assert!(!self.amira.says("Place booked"));
    }

    /// The same form once more, as the page advised.
    async fn books_after_all(&mut self) {
        let request = request_id(1);
        self.amira.post(&self.path, &answers(&request)).await;
        assert_eq!(row(&self.board, &reference(&self.amira)).await.state, BookingState::Booked);
        assert_eq!(self.board.bookings_of(self.session).await.len(), 1);
        assert_eq!(self.board.mails_to(&address_of("Amira Khan")).await.len(), 1);
        must_count(&self.board).await;
    }
}

#[tokio::test]
async fn a_full_disk_confirms_nothing_and_is_survived() {
    if databases::is_postgres() {
        return;
    }
    let mut scene = scene(TestBoard::new().await).await;
    fill(&scene.board).await;
    scene.is_told_of_a_problem().await;
    assert!(scene.board.bookings_of(scene.session).await.is_empty());
    // Reading goes on.
    scene.amira.open("/courses").await.must_say("Neglect");
    pages_at_most(&scene.board, 1_000_000).await;
    scene.books_after_all().await;
}

async fn pages_at_most(board: &TestBoard, pages: u32) {
    let txn = board.txn().await;
    txn.execute_unprepared(&format!("PRAGMA max_page_count = {pages}")).await.unwrap();
    txn.commit().await.unwrap();
}

/// Lets the file grow no more, with no page free in it and too little room for a mail in the pages of the outbox.
async fn fill(board: &TestBoard) {
    let txn = board.txn().await;
    for _ in 0..5 {
        let body = "x".repeat(3_500);
        let mail = Mail::fixed(&FILLER, "nobody@people.example", "Filler".into(), body);
        outbox_insert_in_txn(mail, board.now(), &txn).await.unwrap();
    }
    txn.execute_unprepared("CREATE TABLE filler (bytes BLOB)").await.unwrap();
    let take_free = "INSERT INTO filler SELECT zeroblob(4096 * (freelist_count + 1)) FROM pragma_freelist_count";
    txn.execute_unprepared(take_free).await.unwrap();
    txn.commit().await.unwrap();
    pages_at_most(board, 1).await;
}

#[tokio::test]
async fn a_read_only_database_confirms_nothing_and_is_survived() {
    if !databases::is_postgres() {
        return;
    }
    let mut scene = scene(TestBoard::new().await).await;
    databases::set_read_only(&scene.board.url, true).await;
    scene.is_told_of_a_problem().await;
    scene.amira.open("/courses").await.must_say("Neglect");
    databases::set_read_only(&scene.board.url, false).await;
    scene.books_after_all().await;
}

#[tokio::test]
async fn a_server_that_crashes_confirms_nothing_and_is_survived() {
    let Some(mut cluster) = databases::Cluster::start() else { return };
    let board = TestBoard::at(cluster.empty_database().await).await;
    let mut scene = scene(board).await;
    cluster.say("crash");
    scene.is_told_of_a_problem().await;
    scene.amira.open("/courses").await;
    assert_eq!(scene.amira.status, StatusCode::SERVICE_UNAVAILABLE);
    scene.amira.must_say("Sorry, there is a problem with the service");
    cluster.say("start");
    scene.books_after_all().await;
}
