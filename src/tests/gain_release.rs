//! Figures are made whole or not at all, stay when a person is erased, and a wrong one is named by the program.

use crate::{
    board::TestBoard,
    learning_gain::{FIVE, FIVE_GAIN, board_after_a_session, pair, ratings},
    surveys::{differences, fields, link, place, register},
};
use learning_gain::{accounts::rules::Role, entity::*, surveys::rules::Wave};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter};
use std::process::{Command, Stdio};

async fn run(board: &TestBoard, sql: &str) {
    let txn = board.txn().await;
    txn.execute_unprepared(sql).await.unwrap();
    txn.commit().await.unwrap();
}

/// From now on nothing can be inserted into a table.
async fn refuses_rows(board: &TestBoard, table: &str) {
    if board.app.db.backend() == DbBackend::Sqlite {
        let raise = "BEGIN SELECT RAISE(ABORT, 'refused'); END";
        return run(board, &format!("CREATE TRIGGER refused BEFORE INSERT ON {table} {raise}")).await;
    }
    run(board, "CREATE OR REPLACE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$").await;
    run(board, &format!("CREATE TRIGGER refused BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refused()"))
        .await;
}

async fn takes_rows_again(board: &TestBoard, table: &str) {
    let of = if board.app.db.backend() == DbBackend::Sqlite { String::new() } else { format!(" ON {table}") };
    run(board, &format!("DROP TRIGGER refused{of}")).await;
}

/// The fifth person finishes, which makes the figures of all five; at each table in turn that cannot be written.
#[tokio::test]
async fn a_release_that_fails_anywhere_leaves_nothing_behind_and_can_be_made_again() {
    let (board, session) = board_after_a_session().await;
    for (number, answers) in FIVE.into_iter().enumerate().take(4) {
        let booking = pair(&board, session, &format!("Person {number}"), answers).await;
        register(&board, session, &[(booking, true)]).await;
    }
    let fifth = place(&board, session, board.person("Person 4").await).await;
    register(&board, session, &[(fifth, true)]).await;
    let now = board.now();
    board.set_clock("2025-03-15 10:00");
    crate::surveys::answer(&board, fifth, Wave::Before, ratings(FIVE[4].0)).await;
    board.app.clock.set(now);
    let mut phone = board.stranger();
    phone.open(&link(&board, fifth, Wave::After).await).await;
    let typed = fields(&phone.body, ratings(FIVE[4].1));
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (form, hidden) = phone.form_with_button("Finish");
    let hidden: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let sent: Vec<(&str, &str)> =
        hidden.into_iter().filter(|(name, _)| !typed.iter().any(|(own, _)| own == name)).collect();
    let sent = [sent, typed].concat();

    let db = board.app.db.reader();
    for table in ["session_cells", "course_cells", "course_session_sums", "released_pairs"] {
        refuses_rows(&board, table).await;
        phone.post(&form, &sent).await;
        assert!(phone.status.is_server_error(), "{table}: {}", phone.text());
        phone.must_say("problem with the service");
        let kept = [
            session_cell::Entity::find().count(db).await.unwrap(),
            course_cell::Entity::find().count(db).await.unwrap(),
            course_session_sum::Entity::find().count(db).await.unwrap(),
            released_pair::Entity::find().count(db).await.unwrap(),
        ];
        assert_eq!(kept, [0; 4], "{table}: something stayed");
        let released = answer::Entity::find().filter(answer::Column::SessionReleased.eq(true)).count(db).await.unwrap();
        assert_eq!(released, 0, "{table}");
        let finished = response::Entity::find().filter(response::Column::Finished.eq(true)).count(db).await.unwrap();
        assert_eq!(finished, 9, "{table}: the fifth has not finished");
        takes_rows_again(&board, table).await;
    }
    phone.post(&form, &sent).await.must_say("Thank you");
    let (_, mut member) = board.with_role("Bea Board", Role::Board).await;
    member.open("/board?year=2024").await.must_say(FIVE_GAIN);
    assert_eq!(differences(&board).await, []);
}

/// What the board reads of learning gain: pages and data.
const PUBLISHED: [&str; 8] = [
    "/board?year=2024",
    "/board/courses?year=2024",
    "/board/courses.json?year=2024",
    "/board/courses/neglect?year=2024",
    "/board/courses/neglect/items.json?year=2024",
    "/board/courses/neglect/beside.csv?year=2024",
    "/board/years.csv",
    "/board/agency-types?year=2024",
];

#[tokio::test]
async fn erasing_a_person_leaves_every_figure_that_their_answers_made() {
    let (board, session) = board_after_a_session().await;
    let mut marks = Vec::new();
    for (number, answers) in FIVE.into_iter().enumerate() {
        marks.push((pair(&board, session, &format!("Person {number}"), answers).await, true));
    }
    register(&board, session, &marks).await;
    // Who is still expected is not erased.
    board.set_clock("2025-03-18 09:00");
    let (_, mut member) = board.with_role("Bea Board", Role::Board).await;
    let mut published = async || {
        let mut bodies = Vec::new();
        for view in PUBLISHED {
            bodies.push((view, member.open(view).await.body.clone()));
        }
        bodies
    };
    let before = published().await;
    for (view, figure) in
        [(0, FIVE_GAIN), (1, FIVE_GAIN), (2, "\"mean_gain\":1.8"), (3, FIVE_GAIN), (4, "\"mean_gain\":1.8")]
    {
        assert!(before[view].1.contains(figure), "{}: {}", before[view].0, before[view].1);
    }
    let mut office = board.office().await;
    for name in ["Person 0", "Person 3"] {
        let row = person::Entity::find().filter(person::Column::Name.eq(name)).one(board.app.db.reader()).await;
        let id = row.unwrap().unwrap().id;
        office.open(&format!("/office/people/{id}/erase")).await.submit("Erase record", &[("sure", "yes")]).await;
        office.must_say("erased for ever");
    }
    for (before, after) in before.iter().zip(&published().await) {
        assert_eq!(before, after, "a published figure changed");
    }
    assert_eq!(differences(&board).await, []);
}

#[tokio::test]
async fn the_program_names_a_wrong_figure_and_ends_with_an_error() {
    let (board, session) = board_after_a_session().await;
    let mut marks = Vec::new();
    for (number, answers) in FIVE.into_iter().enumerate() {
        marks.push((pair(&board, session, &format!("Person {number}"), answers).await, true));
    }
    register(&board, session, &marks).await;
    let verify = || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_learning-gain"));
        let said = program.args(["verify", "--database-url", &board.url]).stdin(Stdio::null()).output().unwrap();
        (said.status.code(), String::from_utf8(said.stdout).unwrap())
    };
    let (code, said) = verify();
    assert_eq!((code, said.lines().last()), (Some(0), Some("Everything agrees.")), "{said}");
    let cells = course_cell::Entity::find().count(board.app.db.reader()).await.unwrap();
    run(&board, "UPDATE course_cells SET people = people + 1").await;
    let (code, said) = verify();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.ends_with(&format!("{cells} differences.\n")), "{said}");
    let named: Vec<&str> = said.lines().filter(|line| line.starts_with("course ")).collect();
    assert_eq!(named.len() as u64, cells, "{said}");
}
