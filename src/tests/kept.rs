//! What is kept between two visitors is never older than what was committed before the second one asked.

use crate::board::TestBoard;
use learning_gain::{
    entity::{course, session},
    server::database::{Database, SeesCommitted},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
};
use std::sync::atomic::{AtomicU32, Ordering};

/// How many courses there are, and how often that was asked of the rows so far.
async fn courses(board: &TestBoard, loads: &AtomicU32) -> (u64, u32) {
    let db = &board.app.db;
    let load = async {
        loads.fetch_add(1, Ordering::SeqCst);
        course::Entity::find().count(db.reader()).await
    };
    let count = *db.kept::<u64>("courses".to_owned(), load).await.unwrap();
    (count, loads.load(Ordering::SeqCst))
}

/// What a process of its own does.
async fn rename_elsewhere(board: &TestBoard, to: &str) {
    let other = Database::open(&board.url).await.unwrap();
    let txn = other.write().await.unwrap();
    let mut row = course::Entity::find().one(&txn).await.unwrap().unwrap().into_active_model();
    row.title = Set(to.to_owned());
    row.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    other.close().await.unwrap();
}

#[tokio::test]
async fn rows_are_read_again_after_each_commit_and_only_then() {
    let board = TestBoard::new().await;
    let loads = AtomicU32::new(0);
    board.course("Neglect").await;
    assert_eq!(courses(&board, &loads).await, (1, 1));
    // Another process of the same server may commit something at the same time, in a database of its own.
    let (count, again) = courses(&board, &loads).await;
    assert!(count == 1 && (again == 1 || crate::databases::is_postgres()), "read {again} times");

    board.course("Exploitation").await;
    assert_eq!(courses(&board, &loads).await, (2, again + 1));

    let txn = board.txn().await;
    course::Entity::delete_many().exec(&txn).await.unwrap();
    assert_eq!(courses(&board, &loads).await.0, 2, "what is not committed is not seen");
    txn.commit().await.unwrap();
    assert_eq!(courses(&board, &loads).await.0, 0);
}

/// How many courses there are as the office has arranged it, and how often that was asked of the rows so far.
async fn courses_arranged(board: &TestBoard, db: &impl SeesCommitted, loads: &AtomicU32) -> (u64, u32) {
    let load = async {
        loads.fetch_add(1, Ordering::SeqCst);
        course::Entity::find().count(db).await
    };
    let count = *board.app.db.kept_as_arranged::<u64>("courses".to_owned(), db, load).await.unwrap();
    (count, loads.load(Ordering::SeqCst))
}

#[tokio::test]
async fn what_the_office_arranges_is_kept_through_bookings_and_until_any_other_write() {
    let board = TestBoard::new().await;
    let (loads, reader) = (AtomicU32::new(0), board.app.db.reader());
    board.course("Neglect").await;
    assert_eq!(courses_arranged(&board, reader, &loads).await, (1, 1));

    let booking = board.app.db.write_beside_others().await.unwrap();
    assert_eq!(courses_arranged(&board, &booking, &loads).await, (1, 1), "one keeps for the other");
    booking.execute_unprepared("UPDATE people SET name = 'Somebody'").await.unwrap();
    booking.commit().await.unwrap();
    assert_eq!(courses_arranged(&board, reader, &loads).await, (1, 1), "a booking arranges nothing");

    let given_up = board.txn().await;
    course::Entity::delete_many().exec(&given_up).await.unwrap();
    assert_eq!(courses_arranged(&board, reader, &loads).await, (1, 1), "what is not committed is not seen");
    given_up.rollback().await.unwrap();
    assert_eq!(courses_arranged(&board, reader, &loads).await, (1, 1), "nothing was changed");

    board.course("Exploitation").await;
    assert_eq!(courses_arranged(&board, reader, &loads).await.0, 2);
    rename_elsewhere(&board, "Early signs").await;
    let before = loads.load(Ordering::SeqCst);
    assert_eq!(courses_arranged(&board, reader, &loads).await, (2, before + 1), "another process may have changed it");
}

#[tokio::test]
async fn a_refused_read_is_not_kept() {
    let board = TestBoard::new().await;
    let refused = board.app.db.kept::<u64>("word".to_owned(), async { Err(DbErr::Custom("gone".to_owned())) }).await;
    assert!(refused.is_err());
    assert_eq!(*board.app.db.kept::<u64>("word".to_owned(), async { Ok(7) }).await.unwrap(), 7);
    // The same word for something of another type is something else.
    assert_eq!(*board.app.db.kept::<u8>("word".to_owned(), async { Ok(8) }).await.unwrap(), 8);
}

#[tokio::test]
async fn visitors_see_what_another_process_wrote_and_sessions_begin_by_the_clock() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let id = board.session(course, "2025-03-03 14:00", 20).await;
    let slug = course::Entity::find().one(board.app.db.reader()).await.unwrap().unwrap().slug;
    let pages = ["/courses".to_owned(), format!("/courses/{slug}"), format!("/sessions/{id}")];
    let mut visitor = board.stranger();
    for page in &pages {
        visitor.open(page).await.must_say("Neglect").must_say("20 places left");
    }
    rename_elsewhere(&board, "Early signs").await;
    for page in &pages {
        visitor.open(page).await.must_say("Early signs");
        assert!(!visitor.says("Neglect"), "{page} is older than what was committed");
    }
    let txn = board.txn().await;
    let mut row = session::Entity::find_by_id(id).one(&txn).await.unwrap().unwrap().into_active_model();
    row.held = Set(19);
    row.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    for page in &pages {
        visitor.open(page).await.must_say("1 place left");
    }
    // Nothing is written when a session begins.
    board.set_clock("2025-03-03 14:00");
    visitor.open(&pages[0]).await.must_say("No dates at present");
    visitor.open(&pages[1]).await.must_say("No dates at present");
    visitor.open(&pages[2]).await.must_say("This session has already begun or is over");
}
