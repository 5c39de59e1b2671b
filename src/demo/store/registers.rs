//! Registers of delivered sessions, and the outcomes that follow by the rules of attendance.

use super::{
    bookings::Bookings,
    insert::insert_all,
    sessions::{DemoSession, Phase},
};
use crate::{
    attendance::rules::{Mark, outcome_of},
    bookings::rules::BookingState,
    demo::rules::{
        cast::{ADMINISTRATOR, LEARNER},
        dice::Dice,
    },
    entity::{mark, mark_history},
};
use chrono::Duration;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};

/// The marks with how often in a thousand each is made.
const MARKS: [(Mark, u32); 6] = [
    (Mark::Present, 845),
    (Mark::Late, 43),
    (Mark::LeftEarly, 14),
    (Mark::RefusedLate, 7),
    (Mark::DidNotAttend, 70),
    (Mark::Excused, 21),
];

/// What the trainers recorded.
pub struct Registers {
    marks: Vec<mark::ActiveModel>,
    history: Vec<mark_history::ActiveModel>,
}

/// Marks everybody who had a place on a delivered session, and sets the outcomes.
pub fn registers(sessions: &[DemoSession], bookings: &mut Bookings) -> Registers {
    let mut dice = Dice::for_part("registers");
    let mut made = Registers { marks: Vec::new(), history: Vec::new() };
    for session in sessions.iter().filter(|session| matches!(session.phase, Phase::Earlier | Phase::Delivered)) {
        let range = bookings.of_session[&session.id].clone();
        for booking in bookings.list[range].iter_mut().filter(|booking| booking.state == BookingState::Booked) {
            let marks = match booking.person {
                LEARNER => vec![Mark::Present; session.dates.len()],
                _ => marks(session.dates.len(), &mut dice),
            };
            booking.outcome = outcome_of(&marks);
            for ((date, span), mark) in session.dates.iter().zip(marks) {
                let minutes_late = match mark {
                    Mark::Late => Some(dice.between(4, 18) as i32),
                    Mark::RefusedLate => Some(dice.between(22, 50) as i32),
                    _ => None,
                };
                let row = mark::ActiveModel {
                    session_date_id: Set(*date),
                    booking_id: Set(booking.id),
                    mark: Set(mark),
                    minutes_late: Set(minutes_late),
                    note: Set(None),
                    marked_at: Set(span.starts + Duration::minutes(dice.between(-10, 25))),
                    marked_by: Set(if mark == Mark::Excused { ADMINISTRATOR } else { session.trainer() }),
                };
                made.history.push(history_of(&row, dice.hex(32)));
                made.marks.push(row);
            }
        }
    }
    made
}

/// Who misses the first date of two seldom comes to the second.
fn marks(dates: usize, dice: &mut Dice) -> Vec<Mark> {
    let weights = MARKS.map(|(_, weight)| weight);
    let first = MARKS[dice.weighted(&weights)].0;
    let later = |dice: &mut Dice| match first {
        Mark::DidNotAttend | Mark::Excused | Mark::RefusedLate => first,
        _ if dice.per_mille(40) => Mark::DidNotAttend,
        _ => Mark::Present,
    };
    std::iter::once(first).chain((1..dates).map(|_| later(dice))).collect()
}

fn history_of(row: &mark::ActiveModel, nonce: String) -> mark_history::ActiveModel {
    mark_history::ActiveModel {
        nonce: Set(nonce),
        session_date_id: row.session_date_id.clone(),
        booking_id: row.booking_id.clone(),
        mark: row.mark.clone(),
        minutes_late: row.minutes_late.clone(),
        note: Set(None),
        marked_at: row.marked_at.clone(),
        marked_by: row.marked_by.clone(),
        reason: Set(None),
        ..Default::default()
    }
}

/// Writes marks and their history; the bookings must be there.
pub async fn registers_insert_in_txn(made: Registers, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    insert_all(made.marks, db).await?;
    insert_all(made.history, db).await
}
