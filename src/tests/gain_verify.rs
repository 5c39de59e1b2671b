//! Recomputing the kept figures names every one that is wrong, in whichever table it stands.

use crate::{
    board::TestBoard,
    gain_answers::{Given, course_of, give, questionnaire, release},
    surveys::differences,
};
use learning_gain::agencies::rules::AgencyType;
use sea_orm::{ConnectionTrait, Statement};

/// Every table of figures with its columns that are figures, and how a difference in it is called.
const TABLES: [(&str, &[&str], &str); 9] = [
    ("session_cells", &["people"], "session "),
    ("course_cells", &["people"], "course "),
    ("course_session_sums", &["people", "sum_gain", "sum_gain_squared"], "session "),
    ("composite_cells", &["people"], "composite of course "),
    ("composite_session_sums", &["people", "sum_gain", "sum_gain_squared"], "composite of session "),
    ("alpha_sums", &["people", "total", "squares"], "alpha of course "),
    ("part_cells", &["people"], "course "),
    ("comparison_cells", &["people"], ""),
    ("comparison_session_sums", &["people", "sum_gain", "sum_gain_squared"], ""),
];

#[tokio::test]
async fn a_wrong_figure_of_every_table_is_named() {
    let board = TestBoard::new().await;
    let asked = questionnaire(&board).await;
    let days = ["2025-03-10 10:00", "2025-03-11 10:00", "2025-03-12 10:00"];
    let (_, sessions) = course_of(&board, &asked, "Neglect", &days).await;
    let given: Vec<Given> = (0..45_i32)
        .map(|place| Given {
            session: sessions[(place / 15) as usize],
            agency: if place % 2 == 0 { AgencyType::Health } else { AgencyType::School },
            door: place >= 40,
            before: [1 + place % 4, 1 + place % 3],
            after: [3 + place % 3, 3 + place % 2],
            // Everybody in the first session knows it afterwards.
            knows: [place % 2, i32::from(place < 15 || place % 3 > 0)],
            then: 1 + place % 3,
            again: (place % 4 < 2 && place < 40).then_some([3 + place % 3, 3]),
            manager: (place % 3 == 0).then_some(3 + place % 2),
        })
        .collect();
    give(&board, &asked, "given", &given).await;
    board.set_clock("2025-09-01 09:00");
    release(&board).await;
    for (table, columns, name) in TABLES {
        let count = format!("SELECT COUNT(*) AS rows FROM {table}");
        let txn = board.txn().await;
        let count = Statement::from_string(txn.get_database_backend(), count);
        let rows: i64 = txn.query_one_raw(count).await.unwrap().unwrap().try_get("", "rows").unwrap();
        txn.commit().await.unwrap();
        assert!(rows > 0, "{table} is empty, so nothing is tested");
        for column in columns {
            change(&board, &format!("UPDATE {table} SET {column} = {column} + 1")).await;
            let wrong = differences(&board).await;
            assert_eq!(wrong.len() as i64, rows, "{table}, {column}: {wrong:?}");
            for difference in &wrong {
                assert_eq!(difference.kept, difference.recomputed + 1, "{table}, {column}: {difference}");
                assert!(difference.what.starts_with(name), "{table}, {column}: {difference}");
            }
            change(&board, &format!("UPDATE {table} SET {column} = {column} - 1")).await;
        }
    }
    assert_eq!(differences(&board).await, []);
    // Neither a session that tells nothing is noted as one that does, nor the other way round.
    let flip = "UPDATE course_session_sums SET tells = NOT tells";
    change(&board, flip).await;
    let wrong = differences(&board).await;
    assert!(wrong.iter().all(|one| one.kept != one.recomputed && one.what.ends_with(", tells")), "{wrong:?}");
    let noted: Vec<i64> = wrong.iter().map(|one| one.kept).collect();
    assert!(noted.contains(&0) && noted.iter().filter(|kept| **kept == 1).count() == 8, "{wrong:?}");
    change(&board, flip).await;
    for table in ["part_cells", "course_cells"] {
        change(&board, &format!("UPDATE {table} SET tells = NOT tells")).await;
        let wrong = differences(&board).await;
        let is_named = wrong.iter().all(|one| one.kept != one.recomputed && one.what.ends_with(", tells"));
        assert!(!wrong.is_empty() && is_named, "{table}: {wrong:?}");
        change(&board, &format!("UPDATE {table} SET tells = NOT tells")).await;
    }
    assert_eq!(differences(&board).await, []);
}

async fn change(board: &TestBoard, sql: &str) {
    let txn = board.txn().await;
    txn.execute_unprepared(sql).await.unwrap();
    txn.commit().await.unwrap();
}
