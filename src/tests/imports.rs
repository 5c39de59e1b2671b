//! Taking over a history: all of it or nothing, once.

use crate::{
    board::{TestBoard, london},
    gain_answers::{course_of, questionnaire},
};
use learning_gain::{
    accounts::rules::Role,
    audit::command::differences,
    bookings::rules::{BookingState, Outcome},
    entity::*,
    imports::{
        command::{ImportError, import, take_apart},
        rules::{History, Problem, understand},
        store::Imported,
    },
    learning_gain::store::course_lines,
    surveys::rules::{Comparison, Wave},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

const EXAMPLE: &[u8] = include_bytes!("../../examples/history.csv");

fn read(bytes: &[u8]) -> Result<History, Vec<Problem>> {
    let (heading, rows) = take_apart(bytes)?;
    understand(&heading, &rows, london("2025-03-03 09:00"))
}

async fn board() -> TestBoard {
    let board = TestBoard::new().await;
    board.with_role("Olive Office", Role::Administrator).await;
    board
}

async fn imported(board: &TestBoard, bytes: &[u8], dry_run: bool) -> Result<Imported, ImportError> {
    let history = read(bytes).map_err(ImportError::Problems)?;
    import(&history, dry_run, &board.app.clock, &board.app.db, &|_| {}).await
}

async fn rows(board: &TestBoard) -> [u64; 6] {
    let db = board.app.db.reader();
    [
        person::Entity::find().count(db).await.unwrap(),
        agency::Entity::find().count(db).await.unwrap(),
        course::Entity::find().count(db).await.unwrap(),
        booking::Entity::find().count(db).await.unwrap(),
        mark::Entity::find().count(db).await.unwrap(),
        answer::Entity::find().count(db).await.unwrap(),
    ]
}

#[tokio::test]
async fn the_example_arrives_whole_and_the_board_sees_its_courses() {
    let board = board().await;
    let before = rows(&board).await;
    let preview = imported(&board, EXAMPLE, true).await.unwrap();
    assert_eq!(rows(&board).await, before, "a dry run changes nothing");
    let done = imported(&board, EXAMPLE, false).await.unwrap();
    assert_eq!(preview, done);
    let expected = Imported { rows: 12, new_rows: 12, people: 9, agencies: 3, courses: 2, sessions: 2, answers: 28 };
    assert_eq!(done, expected);

    let db = board.app.db.reader();
    let bookings = booking::Entity::find().all(db).await.unwrap();
    assert_eq!(bookings.len(), 10);
    let with = |outcome| bookings.iter().filter(|row| row.outcome == outcome).count();
    assert_eq!(with(Some(Outcome::Attended)), 7);
    assert_eq!(with(Some(Outcome::PartAttended)), 1);
    assert_eq!(with(Some(Outcome::DidNotAttend)), 1);
    assert_eq!(bookings.iter().filter(|row| row.state == BookingState::CancelledInTime).count(), 1);
    assert_eq!(charge::Entity::find().count(db).await.unwrap(), 0, "history is never charged");

    let lines = course_lines(2019, db).await.unwrap();
    let neglect = lines.iter().find(|line| line.title == "Neglect in practice").unwrap();
    let line = neglect.line.as_ref().unwrap().whole();
    assert_eq!(line.n, 5, "the sixth left a statement out, and waits for others who did");
    let early_help = lines.iter().find(|line| line.title == "Early help").unwrap();
    assert!(early_help.line.is_err(), "one person is not shown");
    assert_eq!(differences(db).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn importing_twice_is_importing_once() {
    let board = board().await;
    imported(&board, EXAMPLE, false).await.unwrap();
    let before = rows(&board).await;
    let again = imported(&board, EXAMPLE, false).await.unwrap();
    assert_eq!((again.new_rows, again.people, again.courses, again.sessions, again.answers), (0, 0, 0, 0, 0));
    assert_eq!(rows(&board).await, before);
}

#[tokio::test]
async fn rows_that_contradict_what_is_here_are_named_and_nothing_is_written() {
    let board = board().await;
    imported(&board, EXAMPLE, false).await.unwrap();
    let before = rows(&board).await;
    let text = String::from_utf8(EXAMPLE.to_vec()).unwrap().replace("School,did not attend", "School,attended");
    let text = format!("{text}Neglect in practice,N-NEW,2019-12-12,09:30,New Person,new@x.example,,attended,3,4,,\n");
    let error = imported(&board, text.as_bytes(), false).await.unwrap_err();
    let ImportError::Problems(problems) = error else { panic!("{error}") };
    assert_eq!(
        problems.iter().map(|problem| (problem.row, problem.column.as_str())).collect::<Vec<_>>(),
        [(8, "outcome")]
    );
    assert_eq!(rows(&board).await, before);
}

#[tokio::test]
async fn answers_lead_back_to_nobody() {
    let board = board().await;
    imported(&board, EXAMPLE, false).await.unwrap();
    let db = board.app.db.reader();
    let salted = session::Entity::find().filter(session::Column::SurveySalt.is_not_null()).count(db).await.unwrap();
    assert_eq!(salted, 0);
    let references: Vec<String> =
        booking::Entity::find().all(db).await.unwrap().into_iter().map(|row| row.reference).collect();
    let keys: Vec<String> =
        response::Entity::find().all(db).await.unwrap().into_iter().map(|row| row.pairing_key).collect();
    assert!(
        keys.iter().all(|key| key.len() == 64 && references.iter().all(|reference| !key.contains(reference.as_str())))
    );
}

/// Everything that a file can say of fourteen people: before, after, what their managers thought three months later,
/// and what eight of them answered then. (Six who did not are enough to say something of the eight.)
fn every_wave() -> String {
    let heading = "course,session,date,start,name,email,agency,outcome,before:core,after:core,later:core,manager:core";
    (0..14).fold(heading.to_owned(), |text, person| {
        let later = if person < 8 { (3 + person % 3).to_string() } else { String::new() };
        let answers = format!("{},{},{later},{}", 1 + person % 3, 3 + person % 2, 2 + person % 4);
        text + &format!("\nLong ago,L-1,2019-05-14,09:30,Person {person},p{person}@oak.example,Oak,attended,{answers}")
    })
}

#[tokio::test]
async fn what_came_three_months_later_arrives_too() {
    let board = board().await;
    let done = imported(&board, every_wave().as_bytes(), false).await.unwrap();
    assert_eq!((done.new_rows, done.answers), (14, 50));
    let db = board.app.db.reader();
    let cells = comparison_cell::Entity::find().all(db).await.unwrap();
    let people =
        |comparison| cells.iter().filter(|cell| cell.comparison == comparison).map(|cell| cell.people).sum::<i64>();
    assert_eq!((people(Comparison::FollowUp), people(Comparison::Manager)), (8, 14));
    let again = imported(&board, every_wave().as_bytes(), false).await.unwrap();
    assert_eq!((again.new_rows, again.answers), (0, 0));
    assert_eq!(differences(db).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_known_course_takes_only_what_it_asks() {
    let board = board().await;
    let asked = questionnaire(&board).await;
    course_of(&board, &asked, "Long ago", &[]).await;
    for (from, to, column, told) in [
        ("later:core", "before:then", "before:then", "“Long ago” does not ask “then” before the session"),
        ("manager:core", "manager:act", "manager:act", "“Long ago” does not ask “act” of managers"),
        ("later:core", "later:missed", "later:missed", "does not ask “missed” as a rating from 1 to 5"),
        ("later:core", "later:nothing", "later:nothing", "does not ask “nothing” at all: use the key"),
    ] {
        let error = imported(&board, every_wave().replacen(from, to, 1).as_bytes(), false).await.unwrap_err();
        let ImportError::Problems(problems) = error else { panic!("{error}") };
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!((problems[0].row, problems[0].column.as_str()), (2, column));
        assert!(problems[0].sentence.contains(told), "{}", problems[0].sentence);
    }
    let looking_back = every_wave().replacen("later:core", "after:then", 1);
    let done = imported(&board, looking_back.as_bytes(), false).await.unwrap();
    assert_eq!((done.courses, done.answers), (0, 50));
    let db = board.app.db.reader();
    let looked_back = answer::Column::ItemId.eq(asked.then);
    assert_eq!(answer::Entity::find().filter(looked_back).count(db).await.unwrap(), 8);
    assert_eq!(differences(db).await.unwrap(), Vec::<String>::new());
}

/// The keys of a board's answers as they lie, and what stands under each.
async fn keys_as_they_lie(board: &TestBoard) -> Vec<(String, Vec<i32>)> {
    let db = board.app.db.reader();
    let answers = answer::Entity::find().all(db).await.unwrap();
    let responses = response::Entity::find().filter(response::Column::Wave.eq(Wave::Before)).all(db).await.unwrap();
    let value = |key: &str, wave| answers.iter().find(|row| row.pairing_key == key && row.wave == wave).unwrap().value;
    let values = |key: &str| vec![value(key, Wave::Before), value(key, Wave::After)];
    responses.into_iter().map(|row| (row.pairing_key.clone(), values(&row.pairing_key))).collect()
}

#[tokio::test]
async fn two_boards_import_one_file_under_other_keys_in_another_order() {
    // Twenty people who each answer in their own way, so that an order can be told.
    let ways = (1..=5).flat_map(|before| (1..=4).map(move |after| (before, after)));
    let heading = "course,session,date,start,name,email,agency,outcome,before:core,after:core";
    let file = ways.enumerate().fold(heading.to_owned(), |text, (person, (before, after))| {
        text + &format!("\nC,S,2019-05-14,09:30,Person {person},p{person}@oak.example,,attended,{before},{after}")
    });
    let (first, second) = (board().await, board().await);
    imported(&first, file.as_bytes(), false).await.unwrap();
    imported(&second, file.as_bytes(), false).await.unwrap();
    let (one, other) = (keys_as_they_lie(&first).await, keys_as_they_lie(&second).await);
    assert_eq!((one.len(), other.len()), (20, 20));
    assert!(one.iter().all(|(key, _)| other.iter().all(|(theirs, _)| key != theirs)), "keys are random");
    let order = |rows: &[(String, Vec<i32>)]| rows.iter().map(|(_, values)| values.clone()).collect::<Vec<_>>();
    let sorted = |rows: &[(String, Vec<i32>)]| {
        let mut values = order(rows);
        values.sort();
        values
    };
    assert_eq!(sorted(&one), sorted(&other), "the same answers");
    // Twenty people lie in the same order twice once in 2·10¹⁸ runs.
    assert_ne!(order(&one), order(&other));
    let of_the_file: Vec<Vec<i32>> = (1..=5).flat_map(|before| (1..=4).map(move |after| vec![before, after])).collect();
    assert!(order(&one) != of_the_file && order(&other) != of_the_file);
}

#[tokio::test]
async fn a_board_that_is_not_set_up_says_so() {
    let board = TestBoard::empty(false).await;
    let error = imported(&board, EXAMPLE, false).await.unwrap_err();
    assert!(error.to_string().contains("Set the board up first"), "{error}");
}

#[test]
fn each_mistake_is_named_by_row_and_column() {
    let text = String::from_utf8(EXAMPLE.to_vec()).unwrap();
    for (from, to, row, column) in [
        ("outcome,", "outcomes,", 1, "outcomes"),
        ("email,", "", 1, "email"),
        ("2019-11-12,09:30,Amira", "2019-13-12,09:30,Amira", 2, "date"),
        ("09:30,Ben", "9 o'clock,Ben", 3, "start"),
        ("chidi.okafor@elm-surgery.example", "chidi.okafor", 4, "email"),
        ("late,4,4,3,5", "late,4,4,3,9", 5, "after:recognise"),
        ("attended,2,3,1,3", "attended,2,3,0,3", 6, "before:recognise"),
        ("did not attend,3", "perhaps,3", 8, "outcome"),
        ("Early help,E-2020-01,14/01/2020,13:00,Amira", ",E-2020-01,14/01/2020,13:00,Amira", 10, "course"),
        ("21/01/2020,13:00,Amira", "14/01/2020,13:00,Amira", 11, "email"),
    ] {
        let wrong = text.replacen(from, to, 1);
        assert_ne!(wrong, text, "{from}");
        let problems = read(wrong.as_bytes()).unwrap_err();
        let named: Vec<(u64, &str)> = problems.iter().map(|problem| (problem.row, problem.column.as_str())).collect();
        assert!(named.contains(&(row, column)), "{to}: {named:?}");
    }
}
