//! Reminders: each is sent once, and never to somebody who booked after it would have been due.

use super::{request::send_in_txn, *};
use crate::{
    bookings::rules::{BookingState, first_come_from},
    calendar::{
        notice::{self, BankHolidays},
        rules::{from_london, london_day},
        store::bank_holidays_load,
    },
    entity::{booking, session},
    sessions::rules::{SessionId, SessionStatus},
};
use chrono::{Duration, NaiveTime};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

/// What decides when reminders are due.
#[derive(Clone, Debug)]
pub struct ReminderTimes {
    /// The bank holidays.
    pub holidays: BankHolidays,
    /// Working days before the day of the cancel-by moment.
    pub working_days: u32,
}

impl ReminderTimes {
    /// Reads what the office has set.
    pub async fn load(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let (holidays, periods) = (bank_holidays_load(db).await?, periods_get(db).await?);
        Ok(Self { holidays, working_days: periods.reminder })
    }

    /// 9 in the morning so many working days before the cut-off's day.
    fn cancel_by_due(&self, cancel_by: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let day = notice::working_days_before(london_day(cancel_by), self.working_days, &self.holidays).ok()?;
        Some(from_london(day.and_time(NaiveTime::from_hms_opt(9, 0, 0)?)))
    }

    /// The longest that so many working days can span: each week with its weekend, and Christmas and New Year.
    fn look_ahead(&self) -> Duration {
        Duration::days(i64::from(self.working_days.div_ceil(5) * 7) + 7)
    }
}

/// Which reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reminder {
    /// The cancel-by moment comes near.
    CancelBy,
    /// The session is tomorrow.
    Start,
}

/// Places whose reminder may be due, for the job that sends them one by one.
pub async fn bookings_to_remind(
    now: DateTime<Utc>,
    times: &ReminderTimes,
    db: &impl ConnectionTrait,
) -> Result<Vec<(BookingId, Reminder)>, DbErr> {
    let cancel_by = booking::Entity::find()
        .select_only()
        .column(booking::Column::Id)
        .column(booking::Column::CancelBy)
        .filter(booking::Column::State.eq(BookingState::Booked))
        .filter(booking::Column::CancelByRemindedAt.is_null())
        .filter(booking::Column::CancelBy.gt(now))
        .filter(booking::Column::CancelBy.lt(now + times.look_ahead()))
        .into_tuple::<(BookingId, DateTime<Utc>)>()
        .all(db)
        .await?;
    let tomorrow: Vec<SessionId> = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::Status.eq(SessionStatus::Published))
        .filter(session::Column::StartsAt.gt(now))
        .filter(session::Column::StartsAt.lte(now + Duration::hours(24)))
        .into_tuple()
        .all(db)
        .await?;
    let start = booking::Entity::find()
        .select_only()
        .column(booking::Column::Id)
        .filter(booking::Column::SessionId.is_in(tomorrow))
        .filter(booking::Column::State.eq(BookingState::Booked))
        .filter(booking::Column::StartRemindedAt.is_null())
        .into_tuple::<BookingId>()
        .all(db)
        .await?;
    let is_due = |printed: DateTime<Utc>| times.cancel_by_due(printed).is_some_and(|due| due <= now);
    let cancel_by =
        cancel_by.into_iter().filter(|(_, printed)| is_due(*printed)).map(|(id, _)| (id, Reminder::CancelBy));
    Ok(cancel_by.chain(start.into_iter().map(|id| (id, Reminder::Start))).collect())
}

/// Sends one reminder if it is due, and notes that it was seen to.
pub async fn remind_in_txn(
    id: BookingId,
    reminder: Reminder,
    times: &ReminderTimes,
    change: &Change,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let Some((booking, session)) = booking_locked_in_txn(id, db).await? else { return Ok(()) };
    let seen_to = match reminder {
        Reminder::CancelBy => booking.cancel_by_reminded_at,
        Reminder::Start => booking.start_reminded_at,
    };
    let due = match reminder {
        Reminder::CancelBy => times.cancel_by_due(booking.cancel_by),
        Reminder::Start => Some(first_come_from(session.starts_at)),
    };
    let Some(due) = due else { return Ok(()) };
    if booking.state != BookingState::Booked || seen_to.is_some() || change.now < due || change.now >= session.starts_at
    {
        return Ok(());
    }
    // Whoever may cancel until the start has no moment to be warned of.
    let is_free = reminder == Reminder::CancelBy && was_moved(&booking, session.moved_at);
    let is_wanted = !is_free && booking.booked_at.is_none_or(|booked| booked < due);
    let (state, changed_at) = (booking.state, booking.changed_at);
    let note = |row: &mut booking::Model| match reminder {
        Reminder::CancelBy => row.cancel_by_reminded_at = Some(change.now),
        Reminder::Start => row.start_reminded_at = Some(change.now),
    };
    let booking = booking_state_in_txn(booking, state, changed_at, note, db).await?;
    if !is_wanted {
        return Ok(());
    }
    if let Some(details) = booking_details(booking, db).await? {
        let mail = match reminder {
            Reminder::CancelBy => change.letters.cancel_by_near(&details),
            Reminder::Start => change.letters.tomorrow(&details),
        };
        send_in_txn(mail, change, db).await?;
    }
    Ok(())
}
