//! The board's views of learning gain: all courses, topics, learning points, what they say when there is nothing to
//! say, and their data in three forms.

use crate::{
    board::TestBoard,
    browser::Browser,
    gain_answers::{Given, course_of, give, questionnaire_of, release, rows},
    surveys::{answer, asking_course, place, register},
};
use learning_gain::{
    accounts::rules::Role,
    agencies::rules::AgencyType,
    bookings::rules::BookingId,
    courses::rules::{CourseId, LearningPointId},
    entity::*,
    sessions::rules::SessionId,
    surveys::rules::Wave,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

/// Gains 2, 1, 1, 2, 3: mean 1.8.
const RISE: [(i32, i32); 5] = [(2, 4), (3, 4), (2, 3), (3, 5), (1, 4)];
/// Gains −1, 0, −1, −2, −1: mean −1.
const FALL: [(i32, i32); 5] = [(4, 3), (3, 3), (5, 4), (5, 3), (4, 3)];

async fn pair(board: &TestBoard, session: SessionId, name: &str, (before, after): (i32, i32)) -> BookingId {
    let booking = place(board, session, board.person(name).await).await;
    let now = board.now();
    let starts = board.session_row(session).await.starts_at;
    board.app.clock.set(starts - chrono::Duration::days(2));
    answer(board, booking, Wave::Before, [before, 3, 3, 2, 4]).await;
    board.app.clock.set(now);
    answer(board, booking, Wave::After, [after, 4, 3, 2, 5]).await;
    booking
}

/// A course with one session whose people answered so.
async fn course_with(board: &TestBoard, title: &str, pairs: &[(i32, i32)]) -> CourseId {
    let course = asking_course(board, title).await;
    let session = board.session(course, "2025-03-17 10:00", 30).await;
    board.set_clock("2025-03-17 12:25");
    let mut marks = Vec::new();
    for (place, answers) in pairs.iter().enumerate() {
        marks.push((pair(board, session, &format!("{title} {place}"), *answers).await, true));
    }
    register(board, session, &marks).await;
    course
}

async fn in_topic(board: &TestBoard, course: CourseId, topic: &str) {
    let txn = board.txn().await;
    let mut row = course::Entity::find_by_id(course).one(&txn).await.unwrap().unwrap().into_active_model();
    row.topic = Set(topic.into());
    row.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
}

async fn three_courses() -> (TestBoard, Browser, CourseId) {
    let board = TestBoard::new().await;
    let rise = course_with(&board, "Neglect", &RISE).await;
    let fall = course_with(&board, "Online lives", &FALL).await;
    course_with(&board, "Early help", &RISE[..4]).await;
    in_topic(&board, fall, "Online safety").await;
    let (_, member) = board.with_role("Bea Board", Role::Board).await;
    (board, member, rise)
}

#[tokio::test]
async fn all_courses_are_sorted_as_asked_and_never_ranked() {
    let (_board, mut member, _) = three_courses().await;
    member.open("/board/courses?year=2024").await;
    for words in [
        "+1.80",
        "−1.00",
        "Not enough answers yet",
        "Beside the average of all",
        "the one statement that every course asks",
    ] {
        member.must_say(words);
    }
    assert!(!member.says("rank"), "{}", member.text());
    let order = |member: &Browser, first: &str, second: &str| {
        let table = member.body.split("Courses in 2024/25").nth(1).unwrap().to_owned();
        table.find(first).unwrap() < table.find(second).unwrap()
    };
    assert!(order(&member, "Neglect", "Online lives"));
    assert!(order(&member, "Online lives", "Early help"), "what is not shown stands last");
    member.open("/board/courses?year=2024&sort=gain-up").await;
    assert!(order(&member, "Online lives", "Neglect"));
    assert!(member.body.contains("aria-sort=\"ascending\"") && member.body.contains("sort=gain-down"));
    member.open("/board/courses?year=2024&sort=gain-down").await;
    assert!(order(&member, "Neglect", "Online lives") && order(&member, "Online lives", "Early help"));
    member.open("/board/courses?year=2024&topic=Online+safety").await;
    let table = member.body.split("Courses in 2024/25").nth(1).unwrap().split("</table>").next().unwrap().to_owned();
    assert!(table.contains("Online lives") && !table.contains("Neglect"));
    for path in ["/board/courses?year=x&sort=%3Cb%3E-sideways", "/board/courses?year=1999"] {
        member.open(path).await.must_say("All courses in");
    }
}

/// Two courses of five: each p-value is 2·(1/2)^k of an exact test with ties; q multiplies the smaller by 2.
#[tokio::test]
async fn exports_carry_what_experts_ask_for_in_three_forms() {
    let (_board, mut member, _) = three_courses().await;
    member.open("/board/courses.json?year=2024").await;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&member.body).unwrap();
    let of = |title: &str| rows.iter().find(|row| row["course"] == title).unwrap();
    let (rise, fall) = (of("Neglect"), of("Online lives"));
    assert_eq!((rise["n_matched"].as_u64(), rise["mean_gain"].as_f64()), (Some(5), Some(1.8)));
    // Five rises: p = 2/32. Four falls of four changes: p = 2/16. Adjusted for two: both 0.125.
    assert_eq!(rise["p"].as_f64(), Some(0.0625));
    assert_eq!(fall["p"].as_f64(), Some(0.125));
    assert_eq!((rise["q"].as_f64(), fall["q"].as_f64()), (Some(0.125), Some(0.125)));
    // Grand mean (9 − 5)/10; pooled variance (2.8 + 2.0)/8.
    assert!((rise["all_mean_gain"].as_f64().unwrap() - 0.4).abs() < 1e-12);
    assert!((rise["all_pooled_sd"].as_f64().unwrap() - 0.6_f64.sqrt()).abs() < 1e-12);
    // Outside both limits: (1.8 − 0.4)/√(0.6/5) = 4.04.
    assert_eq!(rise["outside_998"], true);
    assert!((rise["funnel_z"].as_f64().unwrap() - 1.4 / (0.6_f64 / 5.0).sqrt()).abs() < 1e-9);
    assert_eq!(of("Early help")["not_shown_because"], "too_few");
    assert!(of("Early help")["n_matched"].is_null());
    assert!(rise["in_words"].as_str().unwrap().starts_with("Confidence rose by 1.80 points"));
    assert!(rise["n_nonzero"].is_null(), "all five rose, so what is made of that is withheld");

    for path in [
        "/board/courses",
        "/board/courses/neglect/items",
        "/board/courses/neglect/sessions",
        "/board/topics/online-safety/courses",
        "/board/learning-points",
    ] {
        member.open(&format!("{path}.csv?year=2024")).await;
        assert!(member.headers["content-type"].to_str().unwrap().starts_with("text/csv"), "{path}");
        assert!(member.body.lines().next().unwrap().contains("n_matched"), "{path}: {}", member.body);
        member.open(&format!("{path}.json?year=2024")).await;
        assert!(serde_json::from_str::<Vec<serde_json::Value>>(&member.body).is_ok(), "{path}");
        member.open(&format!("{path}.xlsx?year=2024")).await;
        assert!(member.body.starts_with("PK"), "{path}");
        assert!(member.headers["content-disposition"].to_str().unwrap().contains(".xlsx"), "{path}");
    }
    member.open("/board/topics/nothing/courses.csv").await;
    assert_eq!(member.status, reqwest::StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_course_at_the_ceiling_is_flagged_and_its_room_is_told() {
    let board = TestBoard::new().await;
    // Five of ten at the top before; the others rise by 2, 1, 1, 0 and 2, the five fall by 0, 0, 1, 0 and 1.
    let pairs = [(5, 5), (5, 5), (5, 4), (5, 5), (5, 4), (3, 5), (3, 4), (4, 5), (4, 4), (2, 4)];
    course_with(&board, "Neglect", &pairs).await;
    let (_, mut member) = board.with_role("Bea Board", Role::Board).await;
    let flag = "More than 15% were at the top of the scale before, so the gain understates the course.";
    member.open("/board/courses/neglect?year=2024").await.must_say(flag).must_say("+0.40");
    member.open("/board?year=2024").await.must_say("Many at the top before");
    member.open("/board/courses.json?year=2024").await;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&member.body).unwrap();
    // Four points of the nine that were left between 41 and 50.
    assert!((rows[0]["room_used"].as_f64().unwrap() - 4.0 / 9.0).abs() < 1e-12, "{}", rows[0]);
    assert_eq!((rows[0]["top_before"].as_f64(), &rows[0]["flags"][0]), (Some(0.5), &serde_json::json!("ceiling")));
}

#[tokio::test]
async fn a_topic_is_its_courses_together() {
    let (board, mut member, _) = three_courses().await;
    member
        .open("/board/topics/online-safety?year=2024")
        .await
        .must_say("−1.00")
        .must_say("Confidence fell by 1.00 point");
    member.open("/board/topics/core-safeguarding?year=2024").await.must_say("+1.80").must_say("Early help");
    assert!(!member.says("Online lives"));
    member.open("/board/topics/nothing").await;
    assert_eq!(member.status, reqwest::StatusCode::NOT_FOUND);
    let empty = board.course("Nothing yet").await;
    in_topic(&board, empty, "Quiet").await;
    member.open("/board/topics/quiet").await.must_say("Not enough answers yet");
}

#[tokio::test]
async fn a_learning_point_has_the_gain_of_its_own_statements_only() {
    let (board, mut member, rise) = three_courses().await;
    member.open("/board/learning-points?year=2024").await.must_say("No learning points yet");
    let txn = board.txn().await;
    let instrument = course::Entity::find_by_id(rise).one(&txn).await.unwrap().unwrap().instrument_id.unwrap();
    let second = item::Entity::find()
        .filter(item::Column::InstrumentId.eq(instrument))
        .filter(item::Column::Position.eq(2))
        .one(&txn)
        .await
        .unwrap()
        .unwrap();
    for (id, title) in [(1, "Curiosity"), (2, "The role of schools")] {
        let point = learning_point::ActiveModel {
            id: Set(LearningPointId(id)),
            position: Set(id as i32),
            title: Set(title.into()),
        };
        learning_point::Entity::insert(point).exec_without_returning(&txn).await.unwrap();
    }
    let tag = item_learning_point::ActiveModel { item_id: Set(second.id), learning_point_id: Set(LearningPointId(1)) };
    item_learning_point::Entity::insert(tag).exec_without_returning(&txn).await.unwrap();
    txn.commit().await.unwrap();
    member.open("/board/learning-points?year=2024").await.must_say("Curiosity").must_say(&second.text);
    member.must_say("No statement that asks about it has answers in this board year");
    assert!(!member.says("Overall, I am confident"), "the core statement is not tagged");
    member.open("/board/learning-points.csv?year=2024").await;
    // Both courses with figures ask it; everybody answered 3 before and 4 after.
    assert_eq!(member.body.lines().skip(1).filter(|line| line.starts_with("Curiosity,")).count(), 2, "{}", member.body);
    assert!(member.body.contains("all_alike"));
}

#[tokio::test]
async fn an_empty_board_says_what_to_do() {
    let board = TestBoard::new().await;
    let (_, mut member) = board.with_role("Bea Board", Role::Board).await;
    member.open("/board/courses").await.must_say("Not enough answers yet");
    member.open("/board/learning-points").await.must_say("No learning points yet");
}

#[tokio::test]
async fn a_trainer_takes_the_figures_of_the_own_session_home() {
    let board = TestBoard::new().await;
    let course = course_with(&board, "Neglect", &RISE).await;
    let session = session::Entity::find().filter(session::Column::CourseId.eq(course)).one(board.app.db.reader()).await;
    let session = session.unwrap().unwrap().id;
    let (trainer, _) = board.with_role("Tom Trainer", Role::Trainer).await;
    board.trains(trainer, session).await;
    let mut tom = board.signed_in(trainer).await;
    tom.open(&format!("/training/sessions/{session}/gain")).await.must_say("These figures as CSV");
    tom.open(&format!("/training/sessions/{session}/gain.csv")).await;
    assert!(tom.body.contains("Neglect,core,core,"), "{}", tom.body);
    let (_, mut other) = board.with_role("Una Other", Role::Trainer).await;
    for extension in ["csv", "xlsx", "json"] {
        other.open(&format!("/training/sessions/{session}/gain.{extension}")).await;
        assert_eq!(other.status, reqwest::StatusCode::NOT_FOUND);
    }
}

/// A course whose questionnaire was reworded in the middle of the year. The one that more people answered is told.
#[tokio::test]
async fn answers_to_two_wordings_of_a_statement_never_add() {
    let board = TestBoard::new().await;
    let (first, second) = (questionnaire_of(&board, 1).await, questionnaire_of(&board, 2).await);
    let (_, sessions) = course_of(&board, &second, "Neglect", &["2025-03-10 10:00", "2025-03-11 10:00"]).await;
    for (asked, session, people) in [(&first, sessions[0], 8), (&second, sessions[1], 10)] {
        let given = (0..people).map(|place| Given {
            session,
            agency: AgencyType::Health,
            door: false,
            before: [1 + place % 3, 2],
            after: [3 + place % 2, 3 + place % 2],
            knows: [place % 2, 1],
            then: 1 + place % 2,
            again: None,
            manager: None,
        });
        give(&board, asked, &format!("wording-{people}"), &given.collect::<Vec<_>>()).await;
    }
    board.set_clock("2025-09-01 09:00");
    release(&board).await;
    let (_, mut member) = board.with_role("Bea Board", Role::Board).await;
    for path in ["/board/courses.json?year=2024", "/board/topics/core-safeguarding/years.json", "/board/years.json"] {
        let told = rows(&mut member, path).await;
        assert_eq!((told.len(), told[0]["n_matched"].as_u64()), (1, Some(10)), "{path}: {told:?}");
        assert_eq!(told[0]["mean_before"].as_f64(), Some(1.9), "{path}");
    }
    let items = rows(&mut member, "/board/courses/neglect/items.json?year=2024").await;
    let cores: Vec<_> = items.iter().filter(|row| row["item"] == "core").map(|row| row["n_matched"].as_u64()).collect();
    assert_eq!(cores, [Some(8), Some(10)], "each wording stands for itself");
    member.open("/board/courses/neglect?year=2024").await;
    member.must_say("8 people answered the statement about overall confidence in another wording");
}

#[tokio::test]
async fn answers_on_another_scale_are_said_not_to_be_drawn() {
    let board = TestBoard::new().await;
    let asked = questionnaire_of(&board, 1).await;
    let txn = board.txn().await;
    for id in [asked.core, asked.then] {
        let row = item::Entity::find_by_id(id).one(&txn).await.unwrap().unwrap();
        let row = item::ActiveModel { scale_max: Set(10), ..row.into_active_model() };
        row.update(&txn).await.unwrap();
    }
    txn.commit().await.unwrap();
    let (_, sessions) = course_of(&board, &asked, "Neglect", &["2025-03-10 10:00"]).await;
    let given = (0..20).map(|place| Given {
        session: sessions[0],
        agency: AgencyType::Health,
        door: false,
        before: [2 + 3 * (place % 2), 1 + place % 2],
        after: [5 + 4 * (place / 10), 3 + place % 2],
        knows: [place % 2, 1],
        then: 1 + place % 2,
        again: None,
        manager: None,
    });
    give(&board, &asked, "ten", &given.collect::<Vec<_>>()).await;
    board.set_clock("2025-09-01 09:00");
    release(&board).await;
    let (_, mut member) = board.with_role("Bea Board", Role::Board).await;
    member.open("/board/courses/neglect?year=2024").await.must_say("is drawn for the scale of 1 to 5 only");
    let spread = rows(&mut member, "/board/courses/neglect/spread.json?year=2024").await;
    let people: u64 =
        spread.iter().filter(|row| row["item"] == "core").filter_map(|row| row["people_before"].as_u64()).sum();
    assert_eq!(people, 20, "{spread:?}");
}
