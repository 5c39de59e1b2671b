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
use sea_orm::{ConnectionTrait, DbErr};

/// Letters of a mail that fills a quarter of one of PostgreSQL's pages of 8 KiB.
const FILLING: usize = 1_830;
/// Letters that no mail about a booking goes below, however well it is compressed.
const SMALLER_THAN_ANY_MAIL: usize = 300;
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

    /// Nothing is confirmed, and whoever watches the service is told. Pages that only read are answered as long as a
    /// connection has the file open, so nothing is said of them here.
    async fn is_gone(&mut self) {
        self.is_told_of_a_problem().await;
        assert_eq!(self.readiness().await, StatusCode::SERVICE_UNAVAILABLE);
    }

    async fn readiness(&mut self) -> StatusCode {
        self.amira.open("/health/ready").await;
        self.amira.status
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
async fn a_full_disk_under_sqlite_confirms_nothing_and_is_survived() {
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
async fn a_full_disk_under_postgresql_confirms_nothing_and_is_survived() {
    let Some(mut cluster) = databases::Cluster::start() else { return };
    let board = TestBoard::at(cluster.empty_database().await).await;
    let mut scene = scene(board).await;
    fill_outbox(&scene.board).await;
    if !cluster.can("full") {
        println!("· a full disk under PostgreSQL: skipped, there is no prlimit on this machine");
        return;
    }
    let refused = fill_to_the_last_page(&scene.board).await.to_string();
    assert!(refused.contains("could not extend file"), "{refused}");
    scene.is_told_of_a_problem().await;
    assert!(scene.board.bookings_of(scene.session).await.is_empty());
    scene.amira.open("/courses").await.must_say("Neglect");
    cluster.say("space");
    scene.books_after_all().await;
}

async fn write_a_mail(letters: usize, board: &TestBoard) -> Result<(), DbErr> {
    let txn = board.txn().await;
    let mail = Mail::fixed(&FILLER, "nobody@people.example", "Filler".into(), "x".repeat(letters));
    outbox_insert_in_txn(mail, board.now(), &txn).await?;
    txn.commit().await
}

/// PostgreSQL makes a growing table some pages larger than it needs. Fills them, and what large mails leave of them with
/// smaller ones: the booking's own mail is compressed. Returns what it says when there is no room for any.
async fn fill_to_the_last_page(board: &TestBoard) -> DbErr {
    let mut letters = FILLING;
    for _ in 0..2_000 {
        match write_a_mail(letters, board).await {
            Err(refused) if letters < SMALLER_THAN_ANY_MAIL => return refused,
            Err(_) => letters /= 2,
            Ok(()) => {}
        }
    }
    panic!("the disk does not become full");
}

/// Makes the outbox larger than a file may be from then on: four mails to each page of 8 KiB, which leave no room for
/// another, in more than 16 MiB.
async fn fill_outbox(board: &TestBoard) {
    write_a_mail(FILLING, board).await.unwrap();
    let txn = board.txn().await;
    let again = "INSERT INTO outbox (message_id, to_address, kind, subject, body, has_personal_link, created_at, \
        due_at, attempts) SELECT message_id || n, to_address, kind, subject, body, has_personal_link, created_at, \
        due_at, attempts FROM outbox, generate_series(1, 9000) AS n";
    txn.execute_unprepared(again).await.unwrap();
    txn.commit().await.unwrap();
}

#[tokio::test]
async fn a_read_only_database_confirms_nothing_and_is_survived() {
    let mut scene = scene(TestBoard::new().await).await;
    if databases::is_postgres() {
        databases::set_read_only(&scene.board.url, true).await;
        scene.is_told_of_a_problem().await;
        scene.amira.open("/courses").await.must_say("Neglect");
        databases::set_read_only(&scene.board.url, false).await;
        return scene.books_after_all().await;
    }
    let Some(unwritable) = databases::Unwritable::make(&scene.board.url) else {
        println!("· a read-only SQLite file: skipped, only root can make one of an open file, and not on every disk");
        return;
    };
    scene.is_told_of_a_problem().await;
    scene.amira.open("/courses").await.must_say("Neglect");
    drop(unwritable);
    scene.books_after_all().await;
}

#[tokio::test]
async fn a_file_that_is_gone_confirms_nothing_and_is_survived() {
    if databases::is_postgres() {
        return;
    }
    let mut scene = scene(TestBoard::new().await).await;
    let file = databases::file_of(&scene.board.url);
    let elsewhere = file.with_extension("elsewhere");
    std::fs::rename(&file, &elsewhere).unwrap();
    scene.is_gone().await;
    // Another file in its place is not written into.
    let garbage = "not a database";
    std::fs::write(&file, garbage).unwrap();
    scene.is_gone().await;
    assert_eq!(std::fs::read_to_string(&file).unwrap(), garbage);
    std::fs::rename(&elsewhere, &file).unwrap();
    assert_eq!(scene.readiness().await, StatusCode::OK);
    scene.books_after_all().await;
}

#[tokio::test]
async fn a_folder_that_is_gone_confirms_nothing_and_is_survived() {
    if databases::is_postgres() {
        return;
    }
    let mut scene = scene(TestBoard::new().await).await;
    let file = databases::file_of(&scene.board.url);
    let folder = file.parent().unwrap();
    let elsewhere = folder.with_extension("elsewhere");
    std::fs::rename(folder, &elsewhere).unwrap();
    scene.is_gone().await;
    assert!(!file.exists(), "nothing is made in its place");
    std::fs::rename(&elsewhere, folder).unwrap();
    assert_eq!(scene.readiness().await, StatusCode::OK);
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
