//! What long lists cost: an index for each order, and the same few questions however long they are.

use crate::{attendance::place, board::TestBoard, bookings::staff_list::Counting};
use learning_gain::bookings::store::{BookingFilter, BookingOrder, booking_list_for_office};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::sync::atomic::AtomicUsize;

/// Each order of a list is read from an index, not sorted from the whole table: the plan of SQLite says so.
#[tokio::test]
async fn each_order_of_the_office_has_its_index() {
    let board = TestBoard::new().await;
    if !board.url.starts_with("sqlite") {
        return;
    }
    let db = board.app.db.reader();
    for (order, index) in [
        ("SELECT id FROM courses ORDER BY title, id LIMIT 50", "courses_title"),
        ("SELECT id FROM courses ORDER BY topic, title, id LIMIT 50", "courses_topic_title"),
        ("SELECT id FROM courses ORDER BY duration_minutes, title, id LIMIT 50", "courses_duration_minutes_title"),
        ("SELECT id FROM courses ORDER BY status, title, id LIMIT 50", "courses_status_title"),
        ("SELECT id FROM people ORDER BY created_at DESC, id DESC LIMIT 50", "people_created_at"),
        ("SELECT id FROM people ORDER BY name, id LIMIT 50", "people_name"),
        ("SELECT id FROM sessions ORDER BY starts_at DESC, id LIMIT 50", "sessions_starts_at"),
        ("SELECT id FROM bookings ORDER BY created_at DESC, id DESC LIMIT 50", "bookings_created_at_id"),
        (
            "SELECT id FROM bookings WHERE state = 'booked' ORDER BY created_at, id LIMIT 50",
            "bookings_state_created_at_id",
        ),
        ("SELECT id FROM agencies ORDER BY agency_type, name LIMIT 50", "agencies_agency_type_name"),
    ] {
        let plan = Statement::from_string(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {order}"));
        let rows = db.query_all_raw(plan).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
        assert!(plan.iter().any(|step| step.contains(index)), "{order}: {plan:?}");
    }
}

/// The office's list of bookings asks the same few questions however many rows it has.
#[tokio::test]
async fn bookings_are_listed_with_the_same_few_questions_however_long_they_are() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 80).await;
    let add = async |from: usize, to: usize| {
        for number in from..to {
            let person = board.person(&format!("Zoe {number:03}")).await;
            place(&board, session, person).await;
        }
    };
    add(0, 2).await;
    let short = questions(&board).await;
    add(2, 40).await;
    assert_eq!(questions(&board).await, short);
}

async fn questions(board: &TestBoard) -> Vec<usize> {
    let mut asked = Vec::new();
    for order in [BookingOrder::Asked, BookingOrder::Name, BookingOrder::Course, BookingOrder::Starts] {
        let counting = Counting { db: board.app.db.reader(), queries: AtomicUsize::new(0) };
        booking_list_for_office(&BookingFilter::default(), (order, false), 1, &counting).await.unwrap();
        asked.push(counting.queries.into_inner());
    }
    asked
}
