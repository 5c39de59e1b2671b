//! From answers to shown gains: who counts, when figures appear, and what never does.

use crate::{
    board::TestBoard,
    surveys::{Ratings, answer, asking_course, differences, place, register},
};
use learning_gain::{
    accounts::rules::Role, bookings::rules::BookingId, entity::*, sessions::rules::SessionId, surveys::rules::Wave,
};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

/// Five people's ratings of the core statement, before and after: gains 2, 1, 1, 2, 3. By hand: mean 1.8,
/// s² = 2.8/4 = 0.7, standard error √(0.7/5) = 0.374166, t₀.₉₇₅(4) = 2.776445, so ±1.03885.
pub const FIVE: [(i32, i32); 5] = [(2, 4), (3, 4), (2, 3), (3, 5), (1, 4)];
pub const FIVE_GAIN: &str = "+1.80";
const FIVE_INTERVAL: &str = "0.76 to 2.84";

pub fn ratings(core: i32) -> Ratings {
    [core, 3, 3, 2, 4]
}

/// Somebody books, answers before, and after; the clock must stand in the after wave, so before answers are given
/// by turning it back for a moment.
pub async fn pair(board: &TestBoard, session: SessionId, name: &str, (before, after): (i32, i32)) -> BookingId {
    let booking = place(board, session, board.person(name).await).await;
    let now = board.now();
    let starts = board.session_row(session).await.starts_at;
    board.app.clock.set(starts - chrono::Duration::days(2));
    answer(board, booking, Wave::Before, ratings(before)).await;
    board.app.clock.set(now);
    answer(board, booking, Wave::After, ratings(after)).await;
    booking
}

/// A board at the end of a session of "Neglect".
pub async fn board_after_a_session() -> (TestBoard, SessionId) {
    let board = TestBoard::new().await;
    let course = asking_course(&board, "Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 30).await;
    board.set_clock("2025-03-17 12:25");
    (board, session)
}

#[tokio::test]
async fn four_pairs_show_nothing_and_the_fifth_makes_the_gain_appear() {
    let (board, session) = board_after_a_session().await;
    let (_, mut member) = board.with_role("Bea Board", Role::Board).await;
    for (place, answers) in FIVE.into_iter().enumerate().take(4) {
        let booking = pair(&board, session, &format!("Person {place}"), answers).await;
        register(&board, session, &[(booking, true)]).await;
    }
    for path in ["/board", "/board/courses/neglect"] {
        member.open(path).await.must_say("Not enough answers yet");
        assert!(!member.says(FIVE_GAIN), "{}", member.text());
    }
    let fifth = pair(&board, session, "Person 4", FIVE[4]).await;
    register(&board, session, &[(fifth, true)]).await;
    member.open("/board?year=2024").await.must_say(FIVE_GAIN).must_say(FIVE_INTERVAL);
    member.open("/board/courses/neglect?year=2024").await.must_say(FIVE_GAIN).must_say(FIVE_INTERVAL);
    member.must_say("2.20 → 4.00");
    assert!(member.says("would tell about a few people"), "five people are never spread");
    member.open("/board/courses.csv?year=2024").await;
    assert!(member.body.contains("Neglect,5,1.0,2.2,4.0,1.8"), "{}", member.body);
    member.open("/board/courses.json?year=2024").await;
    assert!(member.body.contains("\"n_matched\":5"));
    assert_eq!(differences(&board).await, []);
}

#[tokio::test]
async fn answers_of_people_who_did_not_attend_never_count() {
    let (board, session) = board_after_a_session().await;
    let mut marks = Vec::new();
    for (place, answers) in FIVE.into_iter().enumerate() {
        marks.push((pair(&board, session, &format!("Person {place}"), answers).await, place != 2));
    }
    assert!(session_cell::Entity::find().all(board.app.db.reader()).await.unwrap().is_empty(), "no register yet");
    register(&board, session, &marks).await;
    let (_, mut member) = board.with_role("Bea Board", Role::Board).await;
    member.open("/board").await.must_say("Not enough answers yet");
    // A later correction of the register no longer reaches the answers.
    let corrected: Vec<_> = marks.iter().map(|(booking, _)| (*booking, true)).collect();
    register(&board, session, &corrected).await;
    member.open("/board").await.must_say("Not enough answers yet");
    assert_eq!(differences(&board).await, []);
}

#[tokio::test]
async fn new_pairs_enter_in_batches_of_five_and_an_erased_person_changes_nothing() {
    let (board, session) = board_after_a_session().await;
    let mut marks = Vec::new();
    for (place, answers) in FIVE.into_iter().enumerate() {
        marks.push((pair(&board, session, &format!("Person {place}"), answers).await, true));
    }
    register(&board, session, &marks).await;
    let (_, mut member) = board.with_role("Bea Board", Role::Board).await;
    for extra in 0..4 {
        let booking = pair(&board, session, &format!("Extra {extra}"), (1, 5)).await;
        register(&board, session, &[(booking, true)]).await;
        member.open("/board").await.must_say(FIVE_GAIN).must_say(FIVE_INTERVAL);
    }
    let fifth = pair(&board, session, "Extra 4", (1, 5)).await;
    register(&board, session, &[(fifth, true)]).await;
    // Gains 9 + 20 over 10 people.
    member.open("/board").await.must_say("+2.90");
    assert_eq!(differences(&board).await, []);

    let txn = board.txn().await;
    participation::Entity::delete_many().exec(&txn).await.unwrap();
    booking::Entity::delete_many().filter(booking::Column::Id.eq(marks[0].0)).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();
    member.open("/board").await.must_say("+2.90");
    let wrong = differences(&board).await;
    assert!(wrong.iter().all(|difference| difference.what.contains("places held")), "{wrong:?}");
}

#[tokio::test]
async fn a_wrong_figure_is_found() {
    let (board, session) = board_after_a_session().await;
    let mut marks = Vec::new();
    for (place, answers) in FIVE.into_iter().enumerate() {
        marks.push((pair(&board, session, &format!("Person {place}"), answers).await, true));
    }
    register(&board, session, &marks).await;
    let txn = board.txn().await;
    let cell = course_cell::Entity::find().one(&txn).await.unwrap().unwrap();
    let people = cell.people + 1;
    let mut cell = cell.into_active_model();
    cell.people = Set(people);
    cell.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let wrong = differences(&board).await;
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert_eq!((wrong[0].kept, wrong[0].recomputed), (people, people - 1));
}

#[tokio::test]
async fn what_is_left_of_small_sessions_counts_for_the_course_once_they_are_closed() {
    let (board, first) = board_after_a_session().await;
    let course = board.session_row(first).await.course_id;
    let second = board.session(course, "2025-03-18 10:00", 30).await;
    let (trainer, _) = board.with_role("Tom Trainer", Role::Trainer).await;
    board.trains(trainer, first).await;
    for (number, session) in [first, second].into_iter().enumerate() {
        board.set_clock("2025-03-18 12:25");
        let mut marks = Vec::new();
        for (place, answers) in [(2, 4), (3, 3), (4, 5)].into_iter().enumerate() {
            marks.push((pair(&board, session, &format!("Person {number} {place}"), answers).await, true));
        }
        register(&board, session, &marks).await;
    }
    let (_, mut member) = board.with_role("Bea Board", Role::Board).await;
    member.open("/board").await.must_say("Not enough answers yet");
    board.set_clock("2025-04-09 09:00");
    board.run_jobs().await;
    member.open("/board?year=2024").await.must_say("+1.00");
    let mut browser = board.signed_in(trainer).await;
    browser.open(&format!("/training/sessions/{first}/gain")).await.must_say("Not enough answers yet");
    browser.open(&format!("/training/sessions/{second}/gain")).await;
    assert_eq!(browser.status, StatusCode::NOT_FOUND, "another trainer's session");
    assert_eq!(differences(&board).await, []);
}

#[tokio::test]
async fn saved_answers_count_when_their_wave_has_closed() {
    let (board, session) = board_after_a_session().await;
    let mut marks = Vec::new();
    for (place, answers) in FIVE.into_iter().enumerate().take(4) {
        marks.push((pair(&board, session, &format!("Person {place}"), answers).await, true));
    }
    // The fifth saves after the session and never finishes.
    let fifth = place(&board, session, board.person("Person 4").await).await;
    board.set_clock("2025-03-17 09:00");
    answer(&board, fifth, Wave::Before, ratings(FIVE[4].0)).await;
    board.set_clock("2025-03-17 12:25");
    let path = crate::surveys::link(&board, fifth, Wave::After).await;
    let mut browser = board.stranger();
    browser.open(&path).await;
    let mut names: Vec<String> = Vec::new();
    for part in browser.body.split("name=\"item-").skip(1) {
        let name = format!("item-{}", part.split('"').next().unwrap());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let fields: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "4")).collect();
    browser.submit("Save and come back", &fields).await;
    marks.push((fifth, true));
    register(&board, session, &marks).await;
    let (_, mut member) = board.with_role("Bea Board", Role::Board).await;
    member.open("/board").await.must_say("Not enough answers yet");
    board.set_clock("2025-04-08 00:10");
    board.run_jobs().await;
    member.open("/board?year=2024").await.must_say(FIVE_GAIN).must_say(FIVE_INTERVAL);
    assert_eq!(board.session_row(session).await.survey_salt, None);
    assert_eq!(differences(&board).await, []);
}

#[tokio::test]
async fn the_boards_page_stands_on_an_empty_board_and_counts_people_once() {
    let board = TestBoard::new().await;
    let (_, mut member) = board.with_role("Bea Board", Role::Board).await;
    for path in ["/board", "/board?year=1", "/board?year=x&topic=%3Cb%3E", "/board?year=99999999999"] {
        member.open(path).await.must_say("Learning gain");
        assert_eq!(member.status, StatusCode::OK, "{path}");
    }
    member.open("/board/courses/nothing").await;
    assert_eq!(member.status, StatusCode::NOT_FOUND);
    member.open("/learning-gain/how").await.must_say("13 points over 12 people").must_say("+1.08");

    let course = asking_course(&board, "Neglect").await;
    let person = board.person("Amira Khan").await;
    let mut marks = Vec::new();
    for day in ["2025-03-10 10:00", "2025-03-11 10:00"] {
        let session = board.session(course, day, 4).await;
        let mine = place(&board, session, person).await;
        let other = place(&board, session, board.person(&format!("Other {day}")).await).await;
        marks.push((session, [(mine, true), (other, false)]));
    }
    for (session, marks) in marks {
        register(&board, session, &marks).await;
    }
    member.open("/board?year=2024").await.must_say("1 in live sessions").must_say("in 2 live sessions");
    member.must_say("2 of 4 places held").must_say("2 of 8 places that the sessions had").must_say("50.0%");
}
