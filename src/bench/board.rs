//! A board for measuring: as many people, sessions and bookings as are asked for, written in bulk.

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use learning_gain::{
    accounts::rules::{PersonId, PersonKind, Role},
    bookings::rules::{BookingId, BookingState},
    charges::rules::{NoticeUnit, PolicyVersionId},
    courses::rules::{CourseId, CourseKind, CourseStatus},
    entity::*,
    server::{
        bulk::{insert_all, numbering_goes_on},
        clock::Clock,
        database::Database,
        secrets,
    },
    sessions::rules::{Mode, SessionDateId, SessionId, SessionStatus},
    settings::{rules::keys, store::setting_put},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction};

/// What the board holds.
#[derive(Clone, Copy)]
pub struct Size {
    /// People, each signed in.
    pub people: usize,
    /// Sessions in two months.
    pub sessions: usize,
    /// Places of each.
    pub places: i32,
    /// Bookings from earlier years, beside the sessions.
    pub history: usize,
}

/// Tokens and sessions of a board that was made.
pub struct Board {
    /// One login per person; the first is an administrator's.
    pub logins: Vec<String>,
    /// The sessions that can be booked.
    pub sessions: Vec<i64>,
}

/// People on one session of the history.
const PER_SESSION: usize = 20;
/// One in so many gave the place back.
const GIVEN_BACK: usize = 10;

/// Makes a board in an empty database.
pub async fn make(url: &str, size: Size) -> Board {
    let db = Database::open(url).await.unwrap();
    let now = Clock::system().now();
    let txn = db.write().await.unwrap();
    lines(now, &txn).await;
    let logins = people(size.people, now, &txn).await;
    let mut rows: Vec<session::ActiveModel> = Vec::new();
    for number in 0..size.sessions {
        rows.push(session_row(number, now + Duration::days(60), size.places, now));
    }
    let past = size.history.div_ceil(PER_SESSION);
    for number in 0..past {
        let days = 10 + (number as i64 * 3_650) / past as i64;
        let mut row = session_row(size.sessions + number, now - Duration::days(days), PER_SESSION as i32, now);
        row.held = Set((PER_SESSION - PER_SESSION / GIVEN_BACK) as i32);
        rows.push(row);
    }
    let dates = rows.iter().enumerate().map(|(number, row)| session_date::ActiveModel {
        id: Set(SessionDateId(number as i64 + 1)),
        session_id: row.id.clone(),
        position: Set(1),
        starts_at: row.starts_at.clone(),
        ends_at: row.ends_at.clone(),
        ..Default::default()
    });
    let dates: Vec<_> = dates.collect();
    insert_all(rows, &txn).await.unwrap();
    insert_all(dates, &txn).await.unwrap();
    let bookings = (0..past * PER_SESSION).map(|number| {
        let at = now - Duration::days(3_700) + Duration::minutes(number as i64 * 20);
        booking::ActiveModel {
            id: Set(BookingId(number as i64 + 1)),
            reference: Set(format!("HIST{number:08}")),
            request_id: Set(format!("history {number}")),
            session_id: Set(SessionId((size.sessions + number / PER_SESSION) as i64 + 1)),
            person_id: Set(PersonId(1 + ((number * 7 + number / size.people) % size.people) as i64)),
            agency_confirmed: Set(false),
            person_kind: Set(PersonKind::Employed),
            job_role: Set("Teacher".into()),
            state: Set(if number % GIVEN_BACK == 0 { BookingState::CancelledInTime } else { BookingState::Booked }),
            policy_version_id: Set(PolicyVersionId(1)),
            policy_accepted: Set(true),
            cancel_by: Set(at),
            created_at: Set(at),
            changed_at: Set(at),
            booked_at: Set(Some(at)),
            walk_in: Set(false),
            ..Default::default()
        }
    });
    insert_all(bookings.collect(), &txn).await.unwrap();
    numbering_goes_on(
        &["people", "courses", "policies", "policy_versions", "sessions", "session_dates", "bookings"],
        &txn,
    )
    .await
    .unwrap();
    txn.commit().await.unwrap();
    db.close().await.unwrap();
    if url.starts_with("postgres") {
        settle(url).await;
    }
    Board { logins, sessions: (1..=size.sessions as i64).collect() }
}

/// What PostgreSQL's own upkeep (autovacuum) does within a minute after so many rows; nobody waits for it here.
async fn settle(url: &str) {
    let connection = sea_orm::Database::connect(url).await.unwrap();
    connection.execute_unprepared("VACUUM ANALYZE").await.unwrap();
    connection.close().await.unwrap();
}

/// The board's own lines, its charging policy and one course.
pub async fn lines(now: DateTime<Utc>, txn: &DatabaseTransaction) {
    for (key, value) in [
        (keys::BOARD_NAME, "Benchshire Safeguarding Children Board"),
        (keys::SERVICE_NAME, "Benchshire training"),
        (keys::CONTACT, "training@benchshire.example"),
    ] {
        setting_put(key, value, now, txn).await.unwrap();
    }
    let days = (now.year() - 1..=now.year() + 1).map(|year| bank_holiday::ActiveModel {
        date: Set(NaiveDate::from_ymd_opt(year, 1, 1).unwrap()),
        name: Set("New Year’s Day".into()),
    });
    insert_all(days.collect(), txn).await.unwrap();
    let policy =
        policy::ActiveModel { name: Set("Charging policy".into()), is_default: Set(true), ..Default::default() };
    let policy = policy.insert(txn).await.unwrap();
    let version = policy_version::ActiveModel {
        id: Set(PolicyVersionId(1)),
        policy_id: Set(policy.id),
        effective_from: Set(NaiveDate::from_ymd_opt(2010, 4, 1).unwrap()),
        notice_days: Set(6),
        notice_unit: Set(NoticeUnit::WorkingDays),
        amount_pence: Set(5000),
        late_after_minutes: Set(20),
        representation_days: Set(10),
        notify_within_days: Set(20),
        second_approver_above_pence: Set(20000),
        repeat_count: Set(2),
        repeat_months: Set(12),
        created_at: Set(now),
        ..Default::default()
    };
    version.insert(txn).await.unwrap();
    let course = course::ActiveModel {
        id: Set(CourseId(1)),
        slug: Set("neglect".into()),
        title: Set("Neglect".into()),
        summary: Set("What everybody needs to know about neglect.".into()),
        description: Set("A course for measuring.".into()),
        topic: Set("Core safeguarding".into()),
        level: Set("Foundation".into()),
        kind: Set(CourseKind::Live),
        status: Set(CourseStatus::Live),
        duration_minutes: Set(150),
        created_at: Set(now),
        version: Set(1),
        ..Default::default()
    };
    course.insert(txn).await.unwrap();
}

/// People with their addresses, each signed in; the first is an administrator. Gives their logins.
pub async fn people(count: usize, now: DateTime<Utc>, txn: &DatabaseTransaction) -> Vec<String> {
    let rows = (1..=count).map(|number| person::ActiveModel {
        id: Set(PersonId(number as i64)),
        name: Set(format!("Person {number:06}")),
        kind: Set(PersonKind::Employed),
        under_18: Set(false),
        created_at: Set(now),
        ..Default::default()
    });
    insert_all(rows.collect(), txn).await.unwrap();
    let rows = (1..=count).map(|number| address::ActiveModel {
        person_id: Set(PersonId(number as i64)),
        address: Set(format!("person.{number}@people.example")),
        proven_at: Set(Some(now)),
        main: Set(true),
        ..Default::default()
    });
    insert_all(rows.collect(), txn).await.unwrap();
    let logins: Vec<String> = (0..count).map(|_| secrets::random_token().unwrap()).collect();
    let rows = logins.iter().enumerate().map(|(number, token)| login::ActiveModel {
        token_hash: Set(secrets::sha256(token)),
        person_id: Set(PersonId(number as i64 + 1)),
        created_at: Set(now),
        seen_at: Set(now),
        ..Default::default()
    });
    insert_all(rows.collect(), txn).await.unwrap();
    let office =
        role::ActiveModel { person_id: Set(PersonId(1)), role: Set(Role::Administrator), ..Default::default() };
    office.insert(txn).await.unwrap();
    logins
}

fn session_row(number: usize, starts: DateTime<Utc>, places: i32, now: DateTime<Utc>) -> session::ActiveModel {
    session::ActiveModel {
        id: Set(SessionId(number as i64 + 1)),
        course_id: Set(CourseId(1)),
        status: Set(SessionStatus::Published),
        mode: Set(Mode::Online),
        online_link: Set(Some("https://meet.example/room".into())),
        joining_instructions: Set(String::new()),
        capacity: Set(places),
        held: Set(0),
        waiting: Set(0),
        booking_opens_at: Set(now - Duration::days(4_000)),
        booking_closes_at: Set(starts),
        starts_at: Set(starts),
        ends_at: Set(starts + Duration::minutes(150)),
        needs_approval: Set(false),
        version: Set(1),
        created_at: Set(now),
        ..Default::default()
    }
}
