//! The demonstration board: the same at every run, with the figures of the published report, and a story that ends
//! with a course's first gain.

use crate::{board::TestBoard, databases::digest};
use learning_gain::{
    accounts::rules::PersonId,
    audit::command::differences,
    bookings::rules::{BookingId, BookingState},
    demo::{
        rules::{
            cast::{ABSENT_COLLEAGUE, FOUR_OTHERS, LEARNER},
            clock::{PREPARED_ENDS, START, moment},
        },
        store::{DemoError, demo_clock_move, demo_clock_resume, demo_ensure, prepared_bookings},
    },
    entity::*,
    learning_gain::store::{CourseLine, course_lines},
    server::{clock::Clock, database::Database, secrets::Secrets},
    surveys::{
        links::LinkToken,
        rules::{Wave, answers::Intent},
        store::{Opened, attendance_copied_in_txn, open_link, response_save_in_txn},
    },
};
use reqwest::StatusCode;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Statement,
};

/// Fills the demonstration in, and sets the clock to its start.
pub async fn filled(board: &TestBoard) {
    let silent = |_: &str, _: u64, _: u64| {};
    assert!(demo_ensure(&board.app.db, &board.app.secrets, &silent).await.unwrap());
    board.app.clock.set(moment(START));
    board.app.board.refresh(board.app.db.reader()).await.unwrap();
}

/// The one number that this SQL asks for.
pub async fn number(sql: &str, db: &Database) -> i64 {
    let row = db.reader().query_one_raw(Statement::from_string(db.backend(), sql)).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

fn core_of(lines: &[CourseLine], slug: &str) -> Option<(f64, f64, f64)> {
    let line = &lines.iter().find(|line| line.slug == slug).unwrap().line;
    let line = line.as_ref().ok()?.whole();
    Some((line.mean_before.ok()?, line.mean_gain.ok()?, line.n as f64))
}

#[tokio::test]
async fn two_fills_are_alike_and_hold_the_figures_of_the_report() {
    let (first, second) = (TestBoard::empty(true).await, TestBoard::empty(true).await);
    let secrets: Secrets = first.app.secrets.clone();
    filled(&first).await;
    let silent = |_: &str, _: u64, _: u64| {};
    assert!(demo_ensure(&second.app.db, &secrets, &silent).await.unwrap());
    assert_eq!(digest(&first.app.db).await, digest(&second.app.db).await);
    assert!(!demo_ensure(&second.app.db, &secrets, &silent).await.unwrap(), "a second fill is a resume");

    let db = &first.app.db;
    let year = "starts_at >= '2020-03-31 23:00' AND starts_at < '2021-03-31 23:00'";
    let confirmed = "FROM charges c JOIN sessions s ON s.id = c.session_id WHERE c.state = 'confirmed'";
    assert_eq!(
        number(&format!("SELECT COUNT(*) {confirmed} AND s.{year}").replace("AND starts", "AND s.starts"), db).await,
        97
    );
    let in_year = "c.decided_at >= '2020-03-31 23:00'";
    assert_eq!(number(&format!("SELECT COUNT(*) {confirmed} AND {in_year}"), db).await, 97);
    let pence = format!("SELECT CAST(SUM(c.amount_pence) AS BIGINT) {confirmed} AND {in_year}");
    assert_eq!(number(&pence, db).await, 485_000);

    let live = format!(
        "SELECT b.person_id FROM bookings b JOIN sessions s ON s.id = b.session_id WHERE b.outcome = 'attended' AND s.{}",
        year.replace("AND starts", "AND s.starts")
    );
    let online = "SELECT person_id FROM completions WHERE completed_at >= '2020-03-31 23:00' AND completed_at < '2021-03-31 23:00'";
    let in_sessions =
        number(&format!("SELECT COUNT(*) FROM (SELECT DISTINCT person_id FROM ({live}) AS live) AS people"), db).await;
    let trained = number(&format!("SELECT COUNT(*) FROM ({live} UNION {online}) AS people"), db).await;
    assert!((7_700..=8_400).contains(&in_sessions), "{in_sessions} in live sessions");
    assert!(trained > 15_000, "{trained} trained");

    let held = format!(
        "SELECT COUNT(*) FROM bookings b JOIN sessions s ON s.id = b.session_id WHERE b.outcome IS NOT NULL AND s.{}",
        year.replace("AND starts", "AND s.starts")
    );
    let missed = number(&format!("{held} AND b.outcome = 'did_not_attend'"), db).await as f64;
    let share = missed / number(&held, db).await as f64;
    assert!((0.06..=0.08).contains(&share), "{share}");

    assert!((390..=430).contains(&session::Entity::find().count(db.reader()).await.unwrap()));
    assert_eq!(agency::Entity::find().count(db.reader()).await.unwrap(), 600);
    let trainers = "SELECT COUNT(*) FROM roles WHERE role = 'trainer'";
    assert_eq!(number(trainers, db).await, 120);

    let lines = course_lines(2020, db.reader()).await.unwrap();
    let gains: Vec<f64> =
        lines.iter().filter_map(|line| core_of(&lines, &line.slug)).map(|(_, gain, _)| gain).collect();
    assert_eq!(gains.iter().filter(|gain| **gain < -0.1).count(), 1, "one course shows a fall: {gains:?}");
    assert!(core_of(&lines, "online-lives").unwrap().1 < -0.1);
    let (before, gain, _) = core_of(&lines, "designated-lead-refresher").unwrap();
    assert!(before > 4.6 && gain < 0.25, "at the ceiling: {before} and {gain}");
    assert_eq!(core_of(&lines, "fabricated-or-induced-illness"), None);
    assert_eq!(core_of(&lines, "listening-to-children"), None);
    assert!(gains.iter().filter(|gain| **gain > 0.4).count() >= 14, "{gains:?}");

    assert_eq!(differences(db.reader()).await.unwrap(), Vec::<String>::new());
}

/// n, and the sums before and after of the core statement in 2020/21, from the answers.
pub async fn core_sums(course: i64, db: &Database) -> (i64, i64, i64) {
    let sql = format!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(b.value), 0) AS BIGINT), CAST(COALESCE(SUM(a.value), 0) AS BIGINT) \
         FROM answers b JOIN answers a ON a.pairing_key = b.pairing_key AND a.item_id = b.item_id AND a.wave = 'after' \
         JOIN items i ON i.id = b.item_id AND i.kind = 'core' \
         JOIN responses rb ON rb.pairing_key = b.pairing_key AND rb.wave = 'before' AND rb.finished = TRUE AND rb.attended = TRUE \
         JOIN responses ra ON ra.pairing_key = b.pairing_key AND ra.wave = 'after' AND ra.finished = TRUE AND ra.attended = TRUE \
         JOIN sessions s ON s.id = rb.session_id \
         WHERE b.wave = 'before' AND b.course_released = TRUE AND s.course_id = {course} \
         AND s.starts_at >= '2020-03-31 23:00' AND s.starts_at < '2021-03-31 23:00'"
    );
    let row = db.reader().query_one_raw(Statement::from_string(db.backend(), sql)).await.unwrap().unwrap();
    let of = |place: usize| -> i64 { row.try_get_by_index(place).unwrap() };
    (of(0), of(1), of(2))
}

#[tokio::test]
async fn every_gain_of_the_demonstration_is_what_its_answers_make() {
    let board = TestBoard::empty(true).await;
    filled(&board).await;
    let db = &board.app.db;
    let lines = course_lines(2020, db.reader()).await.unwrap();
    let mut everybody = 0;
    for line in &lines {
        let (n, before, after) = core_sums(line.course.0, db).await;
        let [before, after] = [before, after].map(|sum| sum as f64 / n.max(1) as f64);
        let Ok(shown) = &line.line else {
            assert!(n < 5, "{}: {n} people and nothing shown", line.slug);
            continue;
        };
        let whole = shown.whole();
        assert_eq!(whole.n as i64, n, "{}", line.slug);
        assert!((whole.mean_before.unwrap() - before).abs() < 1e-12, "{}", line.slug);
        assert!((whole.mean_after.unwrap() - after).abs() < 1e-12, "{}", line.slug);
        assert!((whole.mean_gain.unwrap() - (after - before)).abs() < 1e-9, "{}", line.slug);
        everybody += n;
    }
    let board_line = learning_gain::learning_gain::store::board_line(2020, db.reader()).await.unwrap().unwrap();
    assert_eq!(board_line.whole().n as i64, everybody);
    // What waits for a fifth is little beside what is shown.
    let finished = "SELECT COUNT(*) FROM released_pairs";
    assert!(number(finished, db).await as i64 >= everybody);
    for (sql, at_least) in [
        ("SELECT COUNT(*) FROM part_cells", 50),
        ("SELECT COUNT(*) FROM composite_cells", 50),
        ("SELECT COUNT(*) FROM comparison_cells WHERE comparison = 'follow_up'", 50),
        ("SELECT COUNT(*) FROM comparison_cells WHERE comparison = 'looking_back'", 20),
        ("SELECT COUNT(*) FROM comparison_cells WHERE comparison = 'manager'", 10),
        ("SELECT COUNT(*) FROM course_cells WHERE at_the_door = TRUE", 10),
    ] {
        assert!(number(sql, db).await >= at_least, "{sql}");
    }
    // No batch, part or later block of fewer than five.
    for grouping in ["batch", "part_block, part", "later_block"] {
        let smallest = format!(
            "SELECT COALESCE(MIN(n), 5) FROM (SELECT COUNT(*) AS n FROM released_pairs WHERE {} IS NOT NULL GROUP BY course_id, board_year, {grouping}) g",
            grouping.split(',').next().unwrap()
        );
        assert!(number(&smallest, db).await >= 5, "{grouping}");
    }

    let (_, mut member) = board.with_role("Bea Board", learning_gain::accounts::rules::Role::Board).await;
    member.open("/board/courses?year=2020").await.must_say("cannot be told apart from the average gain");
    member
        .open("/board/courses/online-lives?year=2020")
        .await
        .must_say("Confidence fell by")
        .must_say("Right answers rose");
    member.must_say("Asked afterwards, looking back");
    member
        .open("/board/courses/designated-lead-refresher?year=2020")
        .await
        .must_say("More than 15% were at the top of the scale before");
    member.open("/board/courses/fabricated-or-induced-illness?year=2020").await.must_say("Not enough answers yet");
    member
        .open("/board/courses/neglect-in-practice?year=2020")
        .await
        .must_say("Three months later")
        .must_say("managers:");
    member.must_say("Cronbach’s alpha").must_say("By agency type").must_say("Year by year");
    member.open("/board/topics/neglect?year=2020").await.must_say("Neglect: from worry to action");
    member.open("/board/agency-types?year=2020").await.must_say("School or college").must_say("Health");
    member.open("/board/learning-points?year=2020").await.must_say("confidence rose clearly in");

    // In April the new board year is empty; what people come for is the one that has just ended.
    board.set_clock("2021-04-12 09:00");
    member.open("/board").await.must_say("Training in 2020/21");
    member.open("/board?year=2021").await.must_say("Training in 2021/22");
}

#[tokio::test]
async fn the_visitors_answers_complete_five() {
    let board = TestBoard::empty(true).await;
    filled(&board).await;
    let mut others = prepared_bookings(&FOUR_OTHERS, board.app.db.reader()).await.unwrap();
    let absent = prepared_bookings(&[ABSENT_COLLEAGUE], board.app.db.reader()).await.unwrap().remove(0);
    assert_eq!(others.len(), 4);
    let mine = book(&board, &others[0], LEARNER).await;
    answer(&board, &mine, Wave::Before, 3).await;
    board.app.clock.set(moment(PREPARED_ENDS));
    board.run_jobs().await;
    answer(&board, &mine, Wave::After, 5).await;
    others.push(mine);

    let shown = course_lines(2020, board.app.db.reader()).await.unwrap();
    assert_eq!(core_of(&shown, "listening-to-children"), None, "not before the register says who came");
    let txn = board.txn().await;
    let said: Vec<(BookingId, bool)> = others.iter().map(|row| (row.id, true)).chain([(absent.id, false)]).collect();
    attendance_copied_in_txn(absent.session_id, &said, &board.app.secrets, board.now(), &txn).await.unwrap();
    txn.commit().await.unwrap();
    let shown = course_lines(2020, board.app.db.reader()).await.unwrap();
    assert_eq!(core_of(&shown, "listening-to-children").unwrap().2, 5.0);
    assert_eq!(differences(board.app.db.reader()).await.unwrap(), Vec::<String>::new());
}

/// How the newest line about a booking begins in each state, who wrote it where nobody else could, and how many such
/// bookings there must be at least.
const NEWEST: [(&str, &str, &str, i64); 6] = [
    ("booked", "Booked; can be cancelled free until ", "b.person_id", 5_000),
    ("waitlisted", "Joined the waiting list as number ", "b.person_id", 5),
    ("cancelled_in_time", "Cancelled in time (until ", "b.person_id", 100),
    ("cancelled_late", "Cancelled late (after ", "b.person_id", 50),
    ("session_cancelled", "The session was called off: All training in rooms stops", "3", 50),
    ("list_ended", "The session started before a place came free; the waiting list ended", "NULL", 5),
];

#[tokio::test]
async fn every_move_of_the_demonstrations_bookings_has_its_line() {
    let board = TestBoard::empty(true).await;
    filled(&board).await;
    let db = &board.app.db;
    let all = number("SELECT COUNT(*) FROM bookings", db).await;
    let line = "FROM audit a WHERE a.subject_kind = 'booking' AND a.subject_id = b.id";
    let first = format!("SELECT 1 {line} AND a.at = b.created_at AND a.actor_id = b.person_id");
    let begun = format!("SELECT COUNT(*) FROM bookings b WHERE EXISTS ({first})");
    assert_eq!(number(&begun, db).await, all, "who asked, and when");

    let mut office = board.stranger();
    office.post("/demo/people", &[("part", "administrator")]).await;
    let mut seen = 0;
    for (state, begins, who, at_least) in NEWEST {
        let of_state = format!("SELECT COUNT(*) FROM bookings b WHERE b.state = '{state}'");
        let newest = format!(
            "SELECT 1 {line} AND a.id = (SELECT MAX(n.id) FROM audit n WHERE n.subject_kind = 'booking' AND \
             n.subject_id = b.id) AND a.at = b.changed_at AND a.sentence LIKE '{begins}%' AND COALESCE(a.actor_id, 0) \
             = COALESCE({who}, 0)"
        );
        let count = number(&of_state, db).await;
        assert!(count >= at_least, "{state}: {count}");
        assert_eq!(number(&format!("{of_state} AND EXISTS ({newest})"), db).await, count, "{state}");
        seen += count;

        let sql = format!("SELECT reference FROM bookings WHERE state = '{state}' ORDER BY id LIMIT 1");
        let row = db.reader().query_one_raw(Statement::from_string(db.backend(), sql)).await.unwrap().unwrap();
        let reference: String = row.try_get_by_index(0).unwrap();
        office.open(&format!("/bookings/{reference}")).await.must_say(begins);
        assert!(office.under("What happened").contains(begins), "{state}");
        assert!(!office.says("earlier system"), "{state}: {}", office.text());
    }
    assert_eq!(seen, all, "a state that the table above lacks");
    // Written in the order in which it happened.
    let swapped = "SELECT COUNT(*) FROM audit a JOIN audit b ON a.subject_kind = b.subject_kind AND \
        a.subject_id = b.subject_id AND a.id < b.id AND a.at > b.at WHERE a.subject_kind = 'booking'";
    assert_eq!(number(swapped, db).await, 0);
}

#[tokio::test]
async fn a_demonstration_that_was_stopped_goes_on_where_its_clock_was() {
    let board = TestBoard::empty(true).await;
    let db = &board.app.db;
    let elsewhen = || Clock::frozen_at(moment("2026-11-25T12:00:00Z"));
    let clock = elsewhen();
    demo_clock_resume(db, &clock).await.unwrap();
    assert_eq!(clock.now(), elsewhen().now(), "where there is no demonstration the clock is left alone");

    filled(&board).await;
    demo_clock_resume(db, &clock).await.unwrap();
    assert_eq!(clock.now(), moment(START), "the first start");
    demo_clock_move(moment(PREPARED_ENDS), db, &clock).await.unwrap();
    let started_again = elsewhen();
    demo_clock_resume(db, &started_again).await.unwrap();
    assert_eq!(started_again.now(), moment(PREPARED_ENDS));
    // Nobody moves it back, and nobody who tries is remembered.
    demo_clock_move(moment(START), db, &started_again).await.unwrap();
    let once_more = elsewhen();
    demo_clock_resume(db, &once_more).await.unwrap();
    assert_eq!(once_more.now(), moment(PREPARED_ENDS));
}

async fn book(board: &TestBoard, like: &booking::Model, person: PersonId) -> booking::Model {
    let txn = board.txn().await;
    let mut row = like.clone().into_active_model().reset_all();
    row.id = sea_orm::ActiveValue::NotSet;
    row.person_id = Set(person);
    row.reference = Set("VISITOR1".into());
    row.request_id = Set("visitor".into());
    row.state = Set(BookingState::Booked);
    let row = row.insert(&txn).await.unwrap();
    let session = session::Entity::find_by_id(row.session_id).one(&txn).await.unwrap().unwrap();
    let held = session.held + 1;
    assert!(held < session.capacity, "the prepared session has free places");
    let mut session = session.into_active_model();
    session.held = Set(held);
    session.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    row
}

async fn answer(board: &TestBoard, booking: &booking::Model, wave: Wave, rating: i32) {
    let txn = board.txn().await;
    let session = session::Entity::find_by_id(booking.session_id).one(&txn).await.unwrap().unwrap();
    let salt = session.survey_salt.unwrap();
    let token = LinkToken::of(&booking.reference, wave, 0, &salt, &board.app.secrets);
    let Opened::Open(invitation) = open_link(&token, &board.app.secrets, board.now(), &txn).await.unwrap() else {
        panic!("{wave:?} is not open");
    };
    let ratings: Vec<_> = invitation.questions.iter().map(|question| (question.item, rating)).collect();
    response_save_in_txn(&invitation, &ratings, Intent::Finish, board.now(), &txn).await.unwrap();
    txn.commit().await.unwrap();
}

#[tokio::test]
async fn a_database_with_other_data_is_refused() {
    let board = TestBoard::new().await;
    board.person("Amira").await;
    let silent = |_: &str, _: u64, _: u64| {};
    let refusal = demo_ensure(&board.app.db, &board.app.secrets, &silent).await.unwrap_err();
    assert!(matches!(refusal, DemoError::NotOurs));
    assert!(refusal.to_string().contains("--database-url"));
    assert_eq!(agency::Entity::find().count(board.app.db.reader()).await.unwrap(), 0);
}

#[tokio::test]
async fn the_demonstrations_pages_exist_only_in_a_demonstration() {
    let board = TestBoard::new().await;
    let mut stranger = board.stranger();
    for path in ["/demo/people", "/demo/mailbox", "/demo/mailbox/1"] {
        assert_eq!(stranger.open(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/demo/people", "/demo/clock"] {
        assert_eq!(stranger.post(path, &[("part", "learner"), ("move", "day")]).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_visitor_steps_into_people_and_moves_the_clock() {
    let board = TestBoard::empty(true).await;
    filled(&board).await;
    let mut visitor = board.stranger();
    visitor.open("/demo/people").await.must_say("Amira Hassan").must_say("Tom Ashworth");
    visitor.post("/demo/people", &[("part", "learner")]).await;
    visitor.open("/demo/people").await.must_say("You are Amira Hassan");
    let before = board.now();
    visitor.post("/demo/clock", &[("move", "session-start"), ("return_to", "/demo/people")]).await;
    assert!(board.now() > before);
    visitor.post("/demo/clock", &[("move", "day-90"), ("return_to", "https://elsewhere.example/")]).await;
    visitor.open("/demo/people").await.must_say("You are Amira Hassan");
    assert_eq!(visitor.post("/demo/clock", &[("move", "back")]).await.status, StatusCode::CONFLICT);
    assert_eq!(visitor.post("/demo/people", &[("part", "emperor")]).await.status, StatusCode::NOT_FOUND);
}
