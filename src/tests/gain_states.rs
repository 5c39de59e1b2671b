//! Every view of learning gain in its four states: nobody has answered, what is there must not be shown, there was
//! little room to rise, and confidence fell.

use crate::{
    board::TestBoard,
    browser::Browser,
    gain_answers::{Asked, Given, course_of, give, questionnaire, release, rows},
};
use learning_gain::{
    accounts::rules::Role,
    agencies::rules::AgencyType,
    courses::rules::{CourseId, LearningPointId},
    entity::*,
    sessions::rules::SessionId,
};
use scraper::{Html, Selector};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

const CEILING: &str = "More than 15% were at the top of the scale before, so the gain understates the course.";
const ALIKE: &str = "Everybody gave the same answer, so showing it would tell what each person answered";
const PROTECTING: &str = "Not shown, because what others answered could be worked out from it";
const NOT_YET: &str = "Not enough answers yet";
/// One session in the board year 2023/24, three in 2024/25.
const DAYS: [&str; 4] = ["2024-02-05 10:00", "2025-03-10 10:00", "2025-03-11 10:00", "2025-03-12 10:00"];

/// The courses of the board, by title; each is a topic of its own.
const NOBODY: &str = "Nobody yet";
const FOUR: &str = "Four people";
const ALL_ALIKE: &str = "All alike";
const QUIET: &str = "A quiet one";
const AT_THE_TOP: &str = "At the top";
const GOING_DOWN: &str = "Going down";

fn slug(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

/// Ten people whose answers are made from their place and the session's number.
fn ten(session: SessionId, person: impl Fn(usize) -> Given) -> Vec<Given> {
    (0..10)
        .map(|place| Given {
            session,
            agency: if place % 2 == 0 { AgencyType::Health } else { AgencyType::School },
            again: person(place).again.filter(|_| place % 4 < 2),
            manager: person(place).manager.filter(|_| place % 2 == 0),
            ..person(place)
        })
        .collect()
}

fn blank() -> Given {
    Given {
        session: SessionId(0),
        agency: AgencyType::Health,
        door: false,
        before: [0, 0],
        after: [0, 0],
        knows: [0, 0],
        then: 0,
        again: None,
        manager: None,
    }
}

/// Half of them stand at the top before, and the others rise.
fn at_the_top(number: usize, place: usize) -> Given {
    let before = [5, 5, 5, 5, 5, 4, 4, 3, 3, 3][place];
    let after = [5, 5, 5, 5, 5, 5, 4 + (number % 2) as i32, 4, 4, 5][place];
    Given {
        before: [before, before],
        after: [after, after],
        knows: [i32::from(place < 8 - usize::from(number == 1)), i32::from(place < 9 - usize::from(number > 1))],
        then: if place < 5 { 5 - (place % 2) as i32 } else { 3 },
        again: Some([5, 4 + (place % 2) as i32]),
        manager: Some(5 - (place % 4 / 2) as i32),
        ..blank()
    }
}

fn going_down(number: usize, place: usize) -> Given {
    let before = [4, 5, 4, 5, 4, 3, 4, 5, 3, 4][place];
    let after = [3, 3, 3, 4, 2, 3 - (number % 2) as i32, 4, 4, 2, 3][place];
    Given {
        before: [before, before],
        after: [after, after],
        knows: [i32::from(place < 8), i32::from(place < 3)],
        then: 5 - (place % 2) as i32,
        again: Some([2 + (place % 2) as i32, 2]),
        manager: Some(2 + (place % 4 / 2) as i32),
        ..blank()
    }
}

/// Answers that are spread as widely as can be: among them many others could be hidden.
fn quiet(_: usize, place: usize) -> Given {
    let rating = |number: usize| 1 + (number % 5) as i32;
    Given {
        before: [rating(place), rating(place + 1)],
        after: [rating(2 * place), rating(3 * place)],
        knows: [i32::from(place.is_multiple_of(2)), i32::from(!place.is_multiple_of(3))],
        then: rating(place / 2),
        ..blank()
    }
}

fn all_alike(_: usize, _: usize) -> Given {
    Given { before: [2, 2], after: [4, 4], knows: [0, 1], then: 2, again: Some([4, 4]), manager: Some(4), ..blank() }
}

/// Five more of a session, who answered at the door.
fn at_the_door(session: SessionId, person: impl Fn(usize) -> Given) -> Vec<Given> {
    ten(session, person)
        .into_iter()
        .take(5)
        .enumerate()
        .map(|(place, person)| Given {
            door: true,
            again: None,
            manager: None,
            // Not all of one kind: otherwise nothing could be told of the others either.
            before: if person.before == [5, 5] && place % 2 == 0 { [4, 4] } else { person.before },
            ..person
        })
        .collect()
}

/// A board with a course in each state, its member, its office, and a session of each course in 2024/25.
struct States {
    member: Browser,
    office: Browser,
    sessions: Vec<(&'static str, SessionId)>,
}

async fn course_in_state(
    board: &TestBoard,
    asked: &Asked,
    title: &'static str,
    person: Option<fn(usize, usize) -> Given>,
) -> Vec<SessionId> {
    let (course, sessions) = course_of(board, asked, title, &DAYS).await;
    topic_of(board, course, title).await;
    if let Some(person) = person {
        let mut given = Vec::new();
        for (number, session) in sessions.iter().enumerate() {
            given.extend(ten(*session, |place| person(number, place)));
        }
        given.extend(at_the_door(sessions[1], |place| person(1, place)));
        give(board, asked, &slug(title), &given).await;
    }
    sessions
}

async fn topic_of(board: &TestBoard, course: CourseId, topic: &str) {
    let txn = board.txn().await;
    let mut row = course::Entity::find_by_id(course).one(&txn).await.unwrap().unwrap().into_active_model();
    row.topic = Set(topic.into());
    row.update(&txn).await.unwrap();
    txn.commit().await.unwrap();
}

async fn states() -> States {
    let board = TestBoard::new().await;
    let asked = questionnaire(&board).await;
    let mut sessions = Vec::new();
    for (title, person) in [
        (NOBODY, None),
        (FOUR, None),
        (ALL_ALIKE, Some(all_alike as fn(usize, usize) -> Given)),
        (QUIET, None),
        (AT_THE_TOP, Some(at_the_top)),
        (GOING_DOWN, Some(going_down)),
    ] {
        let of_course = course_in_state(&board, &asked, title, person).await;
        sessions.push((title, of_course[2]));
    }
    let of = |title: &str| sessions.iter().find(|(other, _)| *other == title).unwrap().1;
    let four: Vec<Given> = ten(of(FOUR), |place| at_the_top(0, 9 - place)).into_iter().take(4).collect();
    give(&board, &asked, "four", &four).await;
    // One less than each of the other courses that are shown, and nearly as many as those who are all alike.
    let many: Vec<Given> = (0..34).map(|place| Given { session: of(QUIET), ..quiet(0, place) }).collect();
    give(&board, &asked, "quiet", &many).await;
    let txn = board.txn().await;
    let point = LearningPointId(1);
    let row = learning_point::ActiveModel { id: Set(point), position: Set(1), title: Set("Curiosity".into()) };
    learning_point::Entity::insert(row).exec_without_returning(&txn).await.unwrap();
    let tag = item_learning_point::ActiveModel { item_id: Set(asked.other), learning_point_id: Set(point) };
    item_learning_point::Entity::insert(tag).exec_without_returning(&txn).await.unwrap();
    txn.commit().await.unwrap();
    board.set_clock("2025-09-01 09:00");
    release(&board).await;
    let (_, member) = board.with_role("Bea Board", Role::Board).await;
    let office = board.office().await;
    // The server runs on; its folder must outlive this function.
    std::mem::forget(board);
    States { member, office, sessions }
}

/// Where on a view the words of one course stand.
enum Place {
    Heading(&'static str),
    Rows(&'static str),
    Page,
}

fn words_at(browser: &Browser, place: &Place) -> String {
    match place {
        Place::Heading(heading) => browser.under(heading),
        Place::Rows(name) => browser.rows_named(name),
        Place::Page => browser.text(),
    }
}

/// Every view of a course's gain: its name, its address, where the words stand, and what they are in a state.
type View = (&'static str, String, Place, &'static str);

/// The views, each with what it must say. `rating` is said of ratings of confidence, `right` of a question with a right
/// answer, `managers` of the manager's view, `noted` on the board's page.
fn views(
    title: &'static str,
    session: SessionId,
    rating: &'static str,
    [right, managers, noted]: [&'static str; 3],
) -> Vec<View> {
    let course = format!("/board/courses/{}?year=2024", slug(title));
    let topic = format!("/board/topics/{}?year=2024", slug(title));
    let on_course = |name, heading, words| (name, course.clone(), Place::Heading(heading), words);
    vec![
        on_course("core statement", "Overall, I am confident", rating),
        on_course("another statement", "I know what to do", rating),
        on_course("composite", "All 2 statements of confidence together", rating),
        on_course("knowledge", "Knowledge", right),
        on_course("looking back", "Looking back", rating),
        on_course("at the door", "Answers at the door", rating),
        on_course("three months later", "Three months later", rating),
        on_course("managers", "The manager’s view", managers),
        on_course("sessions", "Session by session", rating),
        on_course("agency types of the course", "By agency type", rating),
        on_course("trend", "Year by year", rating),
        ("all courses", "/board/courses?year=2024".into(), Place::Rows(title), rating),
        ("topic", topic.clone(), Place::Heading("All courses of the topic"), rating),
        ("courses of the topic", topic, Place::Heading("Course by course"), rating),
        ("learning point", "/board/learning-points?year=2024".into(), Place::Rows(title), rating),
        ("own session", format!("/training/sessions/{session}/gain"), Place::Heading("Overall, I am"), rating),
        (
            "agency types",
            format!("/board/agency-types?year=2024&topic={}", title.replace(' ', "+")),
            Place::Page,
            rating,
        ),
        ("board", "/board?year=2024".into(), Place::Rows(title), noted),
        ("board in words", "/board?year=2024".into(), Place::Rows(title), rating),
    ]
}

impl States {
    fn session(&self, title: &str) -> SessionId {
        self.sessions.iter().find(|(other, _)| *other == title).unwrap().1
    }

    /// Opens a view as whoever may see it: sessions are their trainers' and the office's.
    async fn open(&mut self, path: &str) -> &Browser {
        let reader = if path.starts_with("/training") { &mut self.office } else { &mut self.member };
        reader.open(path).await;
        assert_eq!(reader.status, reqwest::StatusCode::OK, "{path}");
        reader
    }
}

#[tokio::test]
async fn every_view_says_its_state_in_words() {
    let mut states = states().await;
    for (title, rating, others) in [
        (
            AT_THE_TOP,
            CEILING,
            [
                "20% were not right before. Of that room, 29% was used",
                "15 managers: 4.60 on the 1 to 5 scale (95% interval 4.",
                "Many at the top before",
            ],
        ),
        (
            GOING_DOWN,
            "Confidence fell by",
            [
                "Right answers fell: from 83% to 34%",
                "15 managers: 2.40 on the 1 to 5 scale (95% interval 2.",
                "Confidence fell",
            ],
        ),
        (ALL_ALIKE, ALIKE, [ALIKE, ALIKE, ALIKE]),
    ] {
        let session = states.session(title);
        for (name, path, place, words) in views(title, session, rating, others) {
            let browser = states.open(&path).await;
            let said = words_at(browser, &place);
            assert!(said.contains(words), "{title}, {name} ({path}): “{words}” is not in\n{said}");
            let shown = title != ALL_ALIKE;
            // Everybody answered 2 before and 4 after.
            for figure in ["2.00", "4.00"].into_iter().filter(|_| !shown) {
                assert!(!said.contains(figure), "{title}, {name} ({path}) tells {figure}:\n{said}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_there_or_must_not_be_shown_leads_on_and_leaks_nothing() {
    let mut states = states().await;
    for title in [NOBODY, FOUR] {
        let session = states.session(title);
        for (name, path) in [
            ("course", format!("/board/courses/{}?year=2024", slug(title))),
            ("topic", format!("/board/topics/{}?year=2024", slug(title))),
            ("agency types", format!("/board/agency-types?year=2024&topic={}", title.replace(' ', "+"))),
            ("own session", format!("/training/sessions/{session}/gain")),
        ] {
            let browser = states.open(&path).await;
            browser.must_say(NOT_YET);
            let page = Html::parse_document(&browser.body);
            let charts = page.select(&Selector::parse("main svg").unwrap()).count();
            assert_eq!(charts, 0, "{title}, {name}: a chart of nothing");
            assert!(!browser.says("95% interval") && !browser.says("rose") && !browser.says("fell"), "{title}, {name}");
            assert!(browser.body.contains("href=\"/learning-gain/how\""), "{title}, {name}: no way to the definitions");
        }
        for path in ["/board/courses?year=2024", "/board?year=2024"] {
            let said = states.open(path).await.rows_named(title);
            assert!(said.contains(NOT_YET) && !said.contains('.') || said.ends_with("yet."), "{path}: {said}");
        }
        assert!(
            !states.open("/board/learning-points?year=2024").await.says(title),
            "{title}: no statement has answers"
        );
    }
    // The smallest of the others would give away what everybody on the course answered who answered alike: on every
    // view that has its total, or what adds up to it.
    let session = states.session(QUIET);
    for (name, path, place, _) in views(QUIET, session, PROTECTING, [PROTECTING; 3]) {
        let has_total = [
            "core statement",
            "composite",
            "looking back",
            "sessions",
            "all courses",
            "topic",
            "courses of the topic",
            "own session",
            "board",
        ];
        if has_total.contains(&name) {
            let said = words_at(states.open(&path).await, &place);
            assert!(said.contains(PROTECTING), "{name} ({path}): {said}");
            assert!(!said.contains("matched learners"), "{name} ({path}) tells it:\n{said}");
        }
    }
    let beside = rows(&mut states.member, "/board/courses/a-quiet-one/beside.json?year=2024").await;
    for what in ["composite", "looking_back"] {
        let row = beside.iter().find(|row| row["what"] == what).unwrap();
        assert_eq!(row["not_shown_because"], "protecting", "{row}");
        assert!(row.as_object().unwrap().values().all(|value| !value.is_number()), "{row}");
    }
    let items = rows(&mut states.member, "/board/courses/a-quiet-one/items.json?year=2024").await;
    let of = |item: &str| items.iter().find(|row| row["item"] == item).unwrap();
    assert!(of("core")["mean_after"].is_null() && of("act")["mean_after"].is_number(), "{items:?}");
    let years = rows(&mut states.member, "/board/courses/a-quiet-one/years.json").await;
    assert!(years[0]["mean_gain"].is_null() && years[0]["not_shown_because"] == "protecting", "{years:?}");
}

/// Whoever opens the data of something hidden finds the reason and no number.
#[tokio::test]
async fn the_data_of_what_is_hidden_hold_no_number() {
    let mut states = states().await;
    let session = states.session(ALL_ALIKE);
    for (path, least) in [
        ("/board/courses/all-alike/items.json?year=2024".to_owned(), 3),
        ("/board/courses/all-alike/spread.json?year=2024".to_owned(), 3),
        ("/board/courses/all-alike/sessions.json?year=2024".to_owned(), 3),
        ("/board/courses/all-alike/beside.json?year=2024".to_owned(), 8),
        ("/board/courses/all-alike/years.json".to_owned(), 2),
        ("/board/topics/all-alike/courses.json?year=2024".to_owned(), 1),
        ("/board/topics/all-alike/years.json".to_owned(), 2),
        ("/board/topics/all-alike/spread.json?year=2024".to_owned(), 1),
        ("/board/agency-types.json?year=2024&topic=All+alike".to_owned(), 2),
        (format!("/training/sessions/{session}/gain.json"), 3),
        (format!("/training/sessions/{session}/spread.json"), 3),
    ] {
        let reader = if path.starts_with("/training") { &mut states.office } else { &mut states.member };
        let data = rows(reader, &path).await;
        assert!(data.len() >= least, "{path}: {data:?}");
        for row in data {
            let row = row.as_object().unwrap();
            assert!(row.values().all(|value| !value.is_number()), "{path}: {row:?}");
            assert_eq!(row["not_shown_because"], "all_alike", "{path}: {row:?}");
        }
    }
    for path in [
        "/board/courses/nobody-yet/items.json?year=2024",
        "/board/courses/four-people/items.json?year=2024",
        "/board/courses/four-people/spread.json?year=2024",
        "/board/courses/four-people/beside.json?year=2024",
        "/board/courses/four-people/years.json",
        "/board/agency-types.json?year=2024&topic=Four+people",
    ] {
        assert_eq!(rows(&mut states.member, path).await, Vec::<serde_json::Value>::new(), "{path}");
    }
}
