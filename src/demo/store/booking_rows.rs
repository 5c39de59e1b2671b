//! Writes the bookings and what happened to them.

use super::{
    bookings::{Bookings, DemoBooking},
    insert::insert_all,
    people::Crowd,
    terms::{POLICY, holidays},
};
use crate::{
    bookings::rules::Periods,
    calendar::{
        notice::{self, BankHolidays},
        rules::london_day,
    },
    demo::rules::clock::{START, moment},
    entity::booking,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};

/// Writes the bookings with their trail; sessions and people must be there.
pub async fn bookings_insert_in_txn(crowd: &Crowd, bookings: Bookings, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let holidays = holidays();
    let rows = bookings.list.iter().map(|booking| booking_row(booking, crowd, &holidays));
    insert_all(rows.collect(), db).await?;
    insert_all(bookings.trail.rows(), db).await
}

fn booking_row(booking: &DemoBooking, crowd: &Crowd, holidays: &BankHolidays) -> booking::ActiveModel {
    let start = moment(START);
    let person = crowd.person(booking.person);
    // Whoever was to be reminded by now has been.
    let reminder_day =
        notice::working_days_before(london_day(booking.cancel_by), Periods::default().reminder, holidays);
    let reminder_is_past = reminder_day.is_ok_and(|day| day <= london_day(start));
    booking::ActiveModel {
        id: Set(booking.id),
        reference: Set(booking.reference.clone()),
        request_id: Set(booking.request_id.clone()),
        session_id: Set(booking.session),
        person_id: Set(booking.person),
        agency_id: Set(person.agency),
        agency_confirmed: Set(person.agency_confirmed),
        person_kind: Set(person.kind),
        job_role: Set(person.job.clone()),
        state: Set(booking.state),
        policy_version_id: Set(POLICY),
        policy_accepted: Set(booking.policy_accepted),
        cancel_by: Set(booking.cancel_by),
        created_at: Set(booking.created),
        changed_at: Set(booking.changed),
        booked_at: Set(booking.booked),
        waiting_since: Set(booking.waiting_since),
        walk_in: Set(booking.walk_in),
        outcome: Set(booking.outcome),
        cancel_by_reminded_at: Set(reminder_is_past.then_some(booking.cancel_by.min(start))),
        ..Default::default()
    }
}
