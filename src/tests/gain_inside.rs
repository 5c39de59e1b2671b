//! A total that would give away a hidden group inside it: the group's session, or those who answered at the door.

use crate::{
    board::TestBoard,
    browser::Browser,
    gain_answers::{Given, course_of, give, questionnaire, release, rows},
};
use learning_gain::{accounts::rules::Role, agencies::rules::AgencyType, sessions::rules::SessionId};

const YEAR: &str = "year=2024";

/// So many people who answered both statements from 1 to 5 in turn, and the core statement afterwards as said.
fn people(session: SessionId, after: &[i32], count: usize) -> Vec<Given> {
    let rating = |number: usize| 1 + (number % 5) as i32;
    (0..count)
        .map(|place| Given {
            session,
            agency: if place % 2 == 0 { AgencyType::Health } else { AgencyType::School },
            door: false,
            before: [rating(place), rating(place + 1)],
            after: [after[place % after.len()], rating(3 * place)],
            knows: [i32::from(place % 2 == 0), i32::from(place % 2 == 1)],
            then: rating(place / 2),
            again: None,
            manager: None,
        })
        .collect()
}

/// Seven who all answered 5.
const ALIKE: &[i32] = &[5];
/// So near the top that nobody among five could have answered a point more.
const AT_THE_TOP: &[i32] = &[4, 4, 4, 4, 5];
const MIXED: &[i32] = &[3, 1, 5, 2, 4];

/// A board with a course about which something must be hidden and two others, the smaller of which can hide it, each in
/// a topic of its own; and its member.
async fn board_with(first: impl FnOnce(&[SessionId]) -> Vec<Given>) -> Browser {
    board_beside(first, &[("Online", 10), ("Exploitation", 20)]).await
}

/// A board with such a course and others, each with so many people in each of two sessions; and its member.
async fn board_beside(first: impl FnOnce(&[SessionId]) -> Vec<Given>, others: &[(&str, usize)]) -> Browser {
    let board = TestBoard::new().await;
    let asked = questionnaire(&board).await;
    let days = ["2025-03-10 10:00", "2025-03-11 10:00"];
    let (_, sessions) = course_of(&board, &asked, "Neglect", &days).await;
    give(&board, &asked, "first", &first(&sessions)).await;
    for &(title, count) in others {
        let (_, sessions) = course_of(&board, &asked, title, &days).await;
        let mut given = people(sessions[0], MIXED, count);
        given.extend(people(sessions[1], MIXED, count));
        give(&board, &asked, title, &given).await;
    }
    board.set_clock("2025-09-01 09:00");
    release(&board).await;
    let (_, member) = board.with_role("Bea Board", Role::Board).await;
    // The server runs on; its folder must outlive this function.
    std::mem::forget(board);
    member
}

fn why<'a>(rows: &'a [serde_json::Value], column: &str, name: &str) -> &'a serde_json::Value {
    let row = rows.iter().find(|row| row[column] == name);
    &row.unwrap_or_else(|| panic!("no {name} in {rows:?}"))["not_shown_because"]
}

async fn assert_course_is_hidden_with_the_smaller_other(member: &mut Browser) {
    let courses = rows(member, &format!("/board/courses.json?{YEAR}")).await;
    assert_eq!(why(&courses, "course", "Neglect"), "protecting");
    assert_eq!(why(&courses, "course", "Online"), "protecting", "or the year less the others would be the course");
    assert!(why(&courses, "course", "Exploitation").is_null());
    let items = rows(member, &format!("/board/courses/neglect/items.json?{YEAR}")).await;
    assert_eq!(why(&items, "item", "core"), "protecting");
    assert!(why(&items, "item", "act").is_null(), "nobody answered the other statement alike");
    let years = rows(member, "/board/courses/neglect/years.json").await;
    assert_eq!(years[0]["not_shown_because"], "protecting");
    let sessions = rows(member, &format!("/board/courses/neglect/sessions.json?{YEAR}")).await;
    assert!(sessions.iter().all(|row| row["mean_gain"].is_null()), "{sessions:?}");
    let beside = rows(member, &format!("/board/courses/neglect/beside.json?{YEAR}")).await;
    for what in ["composite", "looking_back"] {
        assert_eq!(why(&beside, "what", what), "protecting", "{what}");
    }
    assert!(beside.iter().all(|row| row["mean_gain"].is_null()), "{beside:?}");
    let year = rows(member, "/board/years.json").await;
    assert!(year[0]["not_shown_because"].is_null(), "the two hide each other: {year:?}");
    member.open(&format!("/board/courses/neglect?{YEAR}")).await;
    member.must_say("Not shown, because what others answered could be worked out from it");
}

#[tokio::test]
async fn a_course_that_would_tell_what_all_of_a_session_answered_is_hidden_and_another_with_it() {
    let mut member = board_with(|sessions| {
        let mut given = people(sessions[0], ALIKE, 7);
        given.extend(people(sessions[1], AT_THE_TOP, 5));
        given
    })
    .await;
    let sessions = rows(&mut member, &format!("/board/courses/neglect/sessions.json?{YEAR}")).await;
    let reasons: Vec<_> = sessions.iter().map(|row| row["not_shown_because"].as_str()).collect();
    assert_eq!(reasons, [Some("all_alike"), Some("protecting")]);
    assert_course_is_hidden_with_the_smaller_other(&mut member).await;
}

#[tokio::test]
async fn a_board_of_one_course_that_would_tell_shows_no_total_either() {
    let given = |sessions: &[SessionId]| {
        let mut given = people(sessions[0], ALIKE, 7);
        given.extend(people(sessions[1], AT_THE_TOP, 5));
        given
    };
    let mut member = board_beside(given, &[]).await;
    for address in ["/board/years.json", "/board/courses/neglect/years.json"] {
        let years = rows(&mut member, address).await;
        assert_eq!(years[0]["not_shown_because"], "protecting", "{address}");
        assert!(years[0]["mean_gain"].is_null(), "{address}: {years:?}");
    }
    let parts = rows(&mut member, &format!("/board/agency-types.json?{YEAR}")).await;
    assert!(parts.iter().all(|row| row["mean_gain"].is_null()), "{parts:?}");
}

#[tokio::test]
async fn a_course_that_would_tell_what_all_at_the_door_answered_is_hidden_and_another_with_it() {
    let mut member = board_with(|sessions| {
        let mut given = people(sessions[0], AT_THE_TOP, 5);
        given.extend(people(sessions[0], ALIKE, 7).into_iter().map(|person| Given { door: true, ..person }));
        given
    })
    .await;
    assert_course_is_hidden_with_the_smaller_other(&mut member).await;
}

#[tokio::test]
async fn a_course_whose_sessions_hide_each_other_is_shown() {
    let mut member = board_with(|sessions| {
        let mut given = people(sessions[0], ALIKE, 7);
        given.extend(people(sessions[1], MIXED, 15));
        given
    })
    .await;
    let sessions = rows(&mut member, &format!("/board/courses/neglect/sessions.json?{YEAR}")).await;
    assert!(sessions.iter().all(|row| row["mean_gain"].is_null()), "{sessions:?}");
    let courses = rows(&mut member, &format!("/board/courses.json?{YEAR}")).await;
    assert!(courses.iter().all(|row| row["not_shown_because"].is_null()), "{courses:?}");
}
