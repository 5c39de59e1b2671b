//! A whole board into a file and back, and from one kind of database to the other: the same rows, the same figures.

use crate::{
    board::TestBoard,
    databases::{self, digest},
};
use learning_gain::{
    backups::{
        command::{BackupError, copy_database, read_backup, write_backup},
        store::CopyError,
    },
    demo::store::demo_ensure,
    server::{database::Database, tables::table_names},
};
use sea_orm::{ConnectionTrait, Statement};

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
