//! A whole board into a file and back, and from one kind of database to the other: the same rows, the same figures.

use crate::{
    board::TestBoard,
    bookings::book,
    databases::{self, digest},
};
use learning_gain::{
    audit::command::differences,
    backups::{
        command::{BackupError, copy_database, read_backup, write_backup},
        store::{CopyError, board_copy, row_count},
    },
    bookings::store::counters_check,
    demo::store::demo_ensure,
    server::{database::Database, tables::table_names},
};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Statement};
use std::{
    process::Command,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

#[tokio::test]
async fn a_board_survives_a_backup_and_a_move_to_the_other_database_and_back() {
    let board = TestBoard::empty(true).await;
    demo_ensure(&board.app.db, &board.app.secrets, &|_: &str, _: u64, _: u64| {}).await.unwrap();
    let before = digest(&board.app.db).await;
    let folder = tempfile::tempdir().unwrap();

    // The board is open all the time, as it is while it serves.
    let file = folder.path().join("board.backup");
    let (figures, _) = write_backup(&file, &board.url).await.unwrap();
    assert!(figures.keys().any(|name| name.starts_with("board year 2020: gain of ")), "{:?}", figures.keys());
    assert_eq!(figures["records that disagree with one another"], "[]");
    let again = write_backup(&file, &board.url).await.unwrap_err();
    assert!(matches!(again, BackupError::Exists(_)), "{again}");

    let restored = databases::fresh(&folder.path().join("restored")).await;
    let (restored_figures, _) = read_backup(&file, &restored).await.unwrap();
    assert_eq!(restored_figures, figures);
    let db = Database::open(&restored).await.unwrap();
    assert_eq!(digest(&db).await, before);
    db.close().await.unwrap();
    let refusal = read_backup(&file, &restored).await.unwrap_err();
    assert!(matches!(refusal, BackupError::Copy(CopyError::NotEmpty { .. })), "{refusal}");
    assert!(refusal.to_string().contains("not empty"), "{refusal}");

    // On to SQLite, which on PostgreSQL is the other kind, and back.
    let moved = databases::sqlite_file(&folder.path().join("moved.db"));
    assert_eq!(copy_database(&restored, &moved).await.unwrap().0, figures);
    let back = databases::fresh(&folder.path().join("back")).await;
    assert_eq!(copy_database(&moved, &back).await.unwrap().0, figures);
    let db = Database::open(&back).await.unwrap();
    assert_eq!(digest(&db).await, before);
    // Rows can be added where the copied ones end.
    assert!(demo_ensure(&db, &board.app.secrets, &|_: &str, _: u64, _: u64| {}).await.is_ok_and(|filled| !filled));
    db.close().await.unwrap();
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("unfinished")), "{left:?}");
}

fn program(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_learning-gain")).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    said
}

#[tokio::test]
async fn the_three_commands_do_it_while_people_book() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 1_000).await;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (stop, booked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let people = async {
        while !stop.load(Ordering::SeqCst) {
            let (_, mut learner) = board.learner(&format!("Learner {}", booked.load(Ordering::SeqCst))).await;
            book(&mut learner, session).await;
            booked.fetch_add(1, Ordering::SeqCst);
        }
    };
    let (backup, restored, copied) = (path("board.backup"), format!("sqlite://{}?mode=rwc", path("restored.db")), {
        databases::fresh(&folder.path().join("copied")).await
    });
    let commands = async {
        let url = board.url.clone();
        let said = tokio::task::spawn_blocking({
            let (backup, restored, copied) = (backup.clone(), restored.clone(), copied.clone());
            move || {
                [
                    program(&["backup", &backup, "--database-url", &url]),
                    program(&["restore", &backup, "--database-url", &restored]),
                    program(&["copy", "--to", &copied, "--database-url", &url]),
                ]
            }
        })
        .await
        .unwrap();
        stop.store(true, Ordering::SeqCst);
        said
    };
    let ([written, read, carried], ()) = tokio::join!(commands, people);
    assert!(written.contains("rows in") && written.contains("checked"), "{written}");
    assert!(read.contains("Restored") && carried.contains("Copied"), "{read}{carried}");
    assert!(booked.load(Ordering::SeqCst) > 0, "nobody booked meanwhile");
    for url in [restored, copied] {
        let db = Database::open(&url).await.unwrap();
        let counters = counters_check(db.reader()).await.unwrap();
        assert!(counters.is_empty(), "one moment was copied, and no half booking: {counters:?}");
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_copy_that_came_out_differently_is_none() {
    let board = TestBoard::new().await;
    board.course("Neglect").await;
    let folder = tempfile::tempdir().unwrap();
    let url = databases::sqlite_file(&folder.path().join("target.db"));
    let target = Database::open(&url).await.unwrap();
    let txn = target.write().await.unwrap();
    let loses = "CREATE TRIGGER loses AFTER INSERT ON courses BEGIN DELETE FROM courses WHERE id = NEW.id; END";
    txn.execute_unprepared(loses).await.unwrap();
    txn.commit().await.unwrap();
    let refusal = board_copy(&board.app.db, &target, &|_: &str, _: u64| {}).await.unwrap_err();
    assert!(matches!(&refusal, CopyError::Differs { what, .. } if what == "rows of courses"), "{refusal}");
    assert!(refusal.to_string().starts_with("nothing was copied"), "{refusal}");
    assert_eq!(row_count(target.reader()).await.unwrap(), row_count_of_an_empty_board().await, "nothing stays");
    target.close().await.unwrap();
}

/// What the migrations themselves put into a database.
async fn row_count_of_an_empty_board() -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(&databases::sqlite_file(&folder.path().join("empty.db"))).await.unwrap();
    let rows = row_count(db.reader()).await.unwrap();
    db.close().await.unwrap();
    rows
}

/// From this step on each is taken back and made again over a filled board: those before it made the tables.
const FIRST_STEP: &str = "m0097";

#[tokio::test]
async fn the_newest_migrations_keep_and_fill_what_a_filled_board_has() {
    let board = TestBoard::empty(true).await;
    demo_ensure(&board.app.db, &board.app.secrets, &|_: &str, _: u64, _: u64| {}).await.unwrap();
    let before = digest(&board.app.db).await;
    let connection = sea_orm::Database::connect(&board.url).await.unwrap();
    let first = Migrator::migrations().iter().rev().position(|step| step.name().starts_with(FIRST_STEP)).unwrap();
    Migrator::down(&connection, Some(u32::try_from(first).unwrap() + 1)).await.unwrap();
    Migrator::up(&connection, None).await.unwrap();
    connection.close().await.unwrap();
    // Opened anew, as it is after an upgrade.
    let db = Database::open(&board.url).await.unwrap();
    assert_eq!(digest(&db).await, before);
    let wrong = differences(db.reader()).await.unwrap();
    assert!(wrong.is_empty(), "{wrong:?}");
    db.close().await.unwrap();
}

#[tokio::test]
async fn a_source_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let missing = databases::sqlite_file(&folder.path().join("mistyped.db"));
    assert!(write_backup(&folder.path().join("backup"), &missing).await.is_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

    let other = folder.path().join("letter.txt");
    std::fs::write(&other, "Dear board").unwrap();
    let refusal = read_backup(&other, &databases::fresh(folder.path()).await).await.unwrap_err();
    assert!(matches!(refusal, BackupError::NotABackup(..)), "{refusal}");
}

#[tokio::test]
async fn the_list_of_tables_is_what_the_migrations_make() {
    let board = TestBoard::empty(false).await;
    let db = board.app.db.reader();
    let sql = if databases::is_postgres() {
        "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'seaql%' \
         AND tablename <> 'write_marks'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'seaql_%' \
         AND name <> 'write_marks'"
    };
    let rows = db.query_all_raw(Statement::from_string(board.app.db.backend(), sql)).await.unwrap();
    let mut made: Vec<String> = rows.iter().map(|row| row.try_get("", "name").unwrap()).collect();
    made.sort_unstable();
    let mut listed = table_names();
    listed.sort_unstable();
    assert_eq!(listed, made);
}
