//! The board's pages over ten years of a large board beside the same pages over one year.

use super::{
    board::{lines, people},
    row,
    served::{Server, milliseconds, on_each_database},
};
use chrono::{DateTime, Datelike, Duration, Utc};
use learning_gain::{
    accounts::rules::{PersonId, PersonKind, Role},
    agencies::rules::AgencyType,
    bookings::rules::{BookingId, BookingState, Outcome},
    calendar::rules::board_year_span,
    charges::rules::PolicyVersionId,
    courses::rules::{CourseId, CourseKind, CourseStatus},
    entity::*,
    server::{
        bulk::{insert_all, numbering_goes_on},
        clock::Clock,
        database::Database,
    },
    sessions::rules::{Mode, SessionId, SessionStatus},
    surveys::rules::{InstrumentId, ItemId, ItemKind},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};

/// As the goal is stated.
const YEARS: i32 = 10;
/// A large board's catalogue.
const COURSES: i64 = 40;
/// Topics that the courses are spread over.
const TOPICS: i64 = 8;
/// With 20 places each, 200,000 bookings in ten years.
const SESSIONS_A_YEAR: i64 = 1_000;
const PLACES: i64 = 20;
/// Recordings and e-learning that are completed in a year.
const COMPLETIONS_A_YEAR: i64 = 8_000;
const PEOPLE: usize = 5_000;
/// Statements of a course.
const ITEMS: i64 = 5;
/// Answers to one statement in one session, before and after: over ten years of sessions and five statements,
/// 23 million.
const PAIRS_A_SESSION: i64 = 230;
/// The catalogue's e-learning stands behind its live courses.
const E_LEARNING: i64 = COURSES + 1;

/// Prints the figures of both databases.
pub fn figures() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // The last board year that is over, on both boards.
    let year = Clock::system().now().year() - 2;
    on_each_database(folder.path(), &runtime, |database| {
        let pages = pages(year);
        let mut times = Vec::new();
        for years in [1, YEARS] {
            let url = database(&format!("years{years}.db"));
            let login = runtime.block_on(make(&url, year, years));
            let mut server = Server::start(&url, folder.path());
            times.push(pages.iter().map(|page| milliseconds(&server, page, &login)).collect::<Vec<f64>>());
            server.stop();
        }
        for (page, (one, ten)) in pages.iter().zip(times[0].iter().zip(&times[1])) {
            let beside = format!("{one:.2} ms over one year: {:.2} times; goal 100 ms and 1.3 times", ten / one);
            row(&format!("{page}, ten years"), *ten, "ms", &beside);
        }
    });
}

fn pages(year: i32) -> [String; 7] {
    [
        format!("/board?year={year}"),
        format!("/board?year={year}&topic=Topic+3"),
        format!("/board/courses?year={year}"),
        format!("/board/courses?year={year}&topic=Topic+3"),
        format!("/board/courses/course-3?year={year}"),
        format!("/board/topics/topic-3?year={year}"),
        format!("/board/agency-types?year={year}"),
    ]
}

/// Makes a board of so many board years up to `last` in an empty database; gives the login of a board member.
async fn make(url: &str, last: i32, years: i32) -> String {
    let db = Database::open(url).await.unwrap();
    let now = Clock::system().now();
    let txn = db.write().await.unwrap();
    lines(now, &txn).await;
    let logins = people(PEOPLE, now, &txn).await;
    let board = role::ActiveModel { person_id: Set(PersonId(2)), role: Set(Role::Board), ..Default::default() };
    board.insert(&txn).await.unwrap();
    catalogue(now, &txn).await;
    for (place, year) in (0..).zip(last - years + 1..=last) {
        sessions(year, place, &txn).await;
        completions(year, &txn).await;
        gains(year, place, &txn).await;
    }
    numbering_goes_on(&["people", "courses", "policies", "policy_versions", "sessions", "bookings"], &txn)
        .await
        .unwrap();
    txn.commit().await.unwrap();
    db.close().await.unwrap();
    logins[1].clone()
}

fn course_ids() -> impl Iterator<Item = i64> {
    2..2 + COURSES
}

/// Every course has a questionnaire of its own, as in life.
async fn catalogue(now: DateTime<Utc>, txn: &DatabaseTransaction) {
    let instruments = course_ids().map(|id| instrument::ActiveModel {
        id: Set(InstrumentId(id)),
        key: Set(format!("course-{id}")),
        version: Set(1),
        title: Set(format!("Course {id}")),
    });
    insert_all(instruments.collect(), txn).await.unwrap();
    let items = course_ids().flat_map(|course| {
        (0..ITEMS).map(move |place| item::ActiveModel {
            id: Set(item_id(course, place)),
            instrument_id: Set(InstrumentId(course)),
            key: Set(if place == 0 { "core".into() } else { format!("statement-{place}") }),
            version: Set(1),
            kind: Set(if place == 0 { ItemKind::Core } else { ItemKind::Confidence }),
            text: Set(format!("I know what to do, {place}")),
            position: Set(place as i32 + 1),
            scale_min: Set(1),
            scale_max: Set(5),
            low_label: Set("Not at all".into()),
            high_label: Set("Completely".into()),
            ..Default::default()
        })
    });
    insert_all(items.collect(), txn).await.unwrap();
    let courses = course_ids().chain([E_LEARNING + 1]).map(|id| course::ActiveModel {
        id: Set(CourseId(id)),
        slug: Set(format!("course-{id}")),
        title: Set(format!("Course {id}")),
        summary: Set("A course for measuring.".into()),
        description: Set("A course for measuring.".into()),
        topic: Set(format!("Topic {}", id % TOPICS)),
        level: Set("Foundation".into()),
        kind: Set(if id > E_LEARNING { CourseKind::ELearning } else { CourseKind::Live }),
        status: Set(CourseStatus::Live),
        duration_minutes: Set(150),
        instrument_id: Set((id <= E_LEARNING).then_some(InstrumentId(id))),
        created_at: Set(now),
        version: Set(1),
        ..Default::default()
    });
    insert_all(courses.collect(), txn).await.unwrap();
}

fn item_id(course: i64, place: i64) -> ItemId {
    ItemId(course * ITEMS + place)
}

/// Sessions of a board year, the `place`th of the board: number and course.
fn session_numbers(place: i64) -> impl Iterator<Item = (i64, i64)> {
    (0..SESSIONS_A_YEAR).map(move |number| (place * SESSIONS_A_YEAR + number + 1, 2 + number % COURSES))
}

async fn sessions(year: i32, place: i64, txn: &DatabaseTransaction) {
    let (from, _) = board_year_span(year).unwrap();
    let starts = |id: i64| from + Duration::hours(10) + Duration::days(id * 7 % 360);
    let rows = session_numbers(place).map(|(id, course)| session::ActiveModel {
        id: Set(SessionId(id)),
        course_id: Set(CourseId(course)),
        status: Set(SessionStatus::Published),
        mode: Set(Mode::Online),
        joining_instructions: Set(String::new()),
        capacity: Set(PLACES as i32),
        held: Set(PLACES as i32),
        waiting: Set(0),
        booking_opens_at: Set(starts(id) - Duration::days(90)),
        booking_closes_at: Set(starts(id)),
        starts_at: Set(starts(id)),
        ends_at: Set(starts(id) + Duration::minutes(150)),
        needs_approval: Set(false),
        version: Set(1),
        created_at: Set(from),
        ..Default::default()
    });
    insert_all(rows.collect(), txn).await.unwrap();
    let bookings = session_numbers(place).flat_map(|(session, _)| {
        (0..PLACES).map(move |seat| {
            let number = (session - 1) * PLACES + seat;
            let (state, outcome) = match seat {
                0 => (BookingState::CancelledInTime, None),
                1 => (BookingState::CancelledLate, None),
                2 => (BookingState::Booked, Some(Outcome::DidNotAttend)),
                _ => (BookingState::Booked, Some(Outcome::Attended)),
            };
            booking::ActiveModel {
                id: Set(BookingId(number + 1)),
                reference: Set(format!("YEAR{number:08}")),
                request_id: Set(format!("year {number}")),
                session_id: Set(SessionId(session)),
                person_id: Set(PersonId(1 + number * 7 % PEOPLE as i64)),
                agency_confirmed: Set(false),
                person_kind: Set(PersonKind::Employed),
                job_role: Set("Teacher".into()),
                state: Set(state),
                outcome: Set(outcome),
                policy_version_id: Set(PolicyVersionId(1)),
                policy_accepted: Set(true),
                cancel_by: Set(from),
                created_at: Set(from),
                changed_at: Set(from),
                booked_at: Set(Some(from)),
                walk_in: Set(false),
                ..Default::default()
            }
        })
    });
    insert_all(bookings.collect(), txn).await.unwrap();
}

async fn completions(year: i32, txn: &DatabaseTransaction) {
    let (from, _) = board_year_span(year).unwrap();
    let rows = (0..COMPLETIONS_A_YEAR).map(|number| completion::ActiveModel {
        course_id: Set(CourseId(E_LEARNING + 1)),
        person_id: Set(PersonId(1 + number * 11 % PEOPLE as i64)),
        started_at: Set(from + Duration::days(number % 360)),
        completed_at: Set(Some(from + Duration::days(number % 360))),
        ..Default::default()
    });
    insert_all(rows.collect(), txn).await.unwrap();
}

/// Released answers, straight into the cells.
async fn gains(year: i32, place: i64, txn: &DatabaseTransaction) {
    let sessions_a_course = SESSIONS_A_YEAR / COURSES;
    let cells = |course: i64, item: i64| {
        // Sixteen kinds of pairs, a few more of each in some courses than in others.
        (0..16_i64).map(move |kind| {
            let before = 1 + kind % 4;
            let people = sessions_a_course * PAIRS_A_SESSION / 16 + 1 + (course * kind + item) % 5;
            (before as i32, (before + kind / 4).min(5) as i32, people)
        })
    };
    let rows = course_ids().flat_map(|course| {
        (0..ITEMS).flat_map(move |item| {
            let mut together = std::collections::BTreeMap::new();
            cells(course, item)
                .for_each(|(before, after, people)| *together.entry((before, after)).or_insert(0) += people);
            together.into_iter().map(move |((before, after), people)| course_cell::ActiveModel {
                course_id: Set(CourseId(course)),
                board_year: Set(year),
                at_the_door: Set(false),
                item_id: Set(item_id(course, item)),
                before: Set(before),
                after: Set(after),
                people: Set(people),
                tells: Set(false),
            })
        })
    });
    insert_all(rows.collect(), txn).await.unwrap();
    let sums = session_numbers(place).flat_map(|(session, course)| {
        (0..ITEMS).map(move |item| course_session_sum::ActiveModel {
            course_id: Set(CourseId(course)),
            board_year: Set(year),
            session_id: Set(SessionId(session)),
            item_id: Set(item_id(course, item)),
            people: Set(PAIRS_A_SESSION),
            sum_gain: Set(PAIRS_A_SESSION + session % 60),
            sum_gain_squared: Set(3 * PAIRS_A_SESSION),
            tells: Set(false),
        })
    });
    insert_all(sums.collect(), txn).await.unwrap();
    let cells = session_numbers(place).flat_map(|(session, course)| {
        (1..=4).flat_map(move |before| {
            (before..=4).map(move |after| session_cell::ActiveModel {
                session_id: Set(SessionId(session)),
                item_id: Set(item_id(course, 0)),
                before: Set(before),
                after: Set(after),
                people: Set(PAIRS_A_SESSION / 10),
            })
        })
    });
    insert_all(cells.collect(), txn).await.unwrap();
    let parts = course_ids().flat_map(|course| {
        AgencyType::ALL.into_iter().enumerate().flat_map(move |(kind, part)| {
            (1..5).map(move |before| part_cell::ActiveModel {
                course_id: Set(CourseId(course)),
                board_year: Set(year),
                part: Set(part.value().to_owned()),
                item_id: Set(item_id(course, 0)),
                before: Set(before),
                after: Set(before + 1 - (kind as i32 + before) % 2),
                people: Set(sessions_a_course * PAIRS_A_SESSION / 36),
                tells: Set(false),
            })
        })
    });
    insert_all(parts.collect(), txn).await.unwrap();
}
