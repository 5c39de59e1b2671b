//! When each wave opens and closes, and when people are reminded.

use super::Wave;
use crate::calendar::rules::{london_day, start_of_day};
use chrono::{DateTime, Days, Duration, Utc};

/// Answers before the session are taken until this long after the start, marked *at the door*.
pub const AT_THE_DOOR: Duration = Duration::minutes(30);
/// Answers after the session are taken from this long before its end, while people still sit together.
pub const AFTER_OPENS_BEFORE_END: Duration = Duration::minutes(10);
/// The last day of the after wave, counted from the day of the last date.
pub const AFTER_CLOSES_DAY: u64 = 21;
/// The follow-up and the manager's view are asked on this day after the last date.
pub const FOLLOW_UP_DAY: u64 = 90;
/// They take answers for so many days.
pub const FOLLOW_UP_DAYS: u64 = 21;
/// Whoever has not answered before is reminded this many days before the start.
pub const BEFORE_REMINDER_DAYS: [i64; 3] = [10, 5, 2];
/// Whoever has not answered after is asked at the end, and reminded this many days later.
pub const AFTER_REMINDER_DAYS: [i64; 3] = [3, 8, 15];

/// The moments of a session that its surveys hang on, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimes {
    /// The start of the first date.
    pub starts_at: DateTime<Utc>,
    /// The end of the last date.
    pub ends_at: DateTime<Utc>,
}

/// Whether a wave takes answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaveState {
    /// From then on.
    NotYet(DateTime<Utc>),
    /// Until then.
    Open {
        /// The first moment at which it no longer does.
        until: DateTime<Utc>,
        /// The session has begun: the answer is marked.
        at_the_door: bool,
    },
    /// No longer.
    Closed,
    /// This wave is not asked.
    NotAsked,
}

impl SessionTimes {
    /// The first moment at which answers before the session are no longer taken.
    pub fn before_closes(self) -> DateTime<Utc> {
        self.starts_at + AT_THE_DOOR
    }

    /// From when answers after the session are taken.
    pub fn after_opens(self) -> DateTime<Utc> {
        self.ends_at - AFTER_OPENS_BEFORE_END
    }

    /// The first moment at which they no longer are: the end of day 21.
    pub fn after_closes(self) -> DateTime<Utc> {
        let last = london_day(self.ends_at);
        start_of_day(last.checked_add_days(Days::new(AFTER_CLOSES_DAY + 1)).unwrap_or(last))
    }

    /// The first moment at which answers of three months later are no longer taken.
    pub fn follow_up_closes(self) -> DateTime<Utc> {
        let last = london_day(self.ends_at);
        start_of_day(last.checked_add_days(Days::new(FOLLOW_UP_DAY + FOLLOW_UP_DAYS + 1)).unwrap_or(last))
    }

    /// When the session's last wave closes, and with it the way from answers to people.
    pub fn last_wave_closes(self) -> DateTime<Utc> {
        self.after_closes()
    }

    /// Whether a wave takes answers now.
    pub fn state_of(self, wave: Wave, now: DateTime<Utc>) -> WaveState {
        let (opens, closes) = match wave {
            Wave::Before => (DateTime::<Utc>::MIN_UTC, self.before_closes()),
            Wave::After => (self.after_opens(), self.after_closes()),
            Wave::FollowUp | Wave::Manager => return WaveState::NotAsked,
        };
        if now < opens {
            WaveState::NotYet(opens)
        } else if now < closes {
            WaveState::Open { until: closes, at_the_door: wave == Wave::Before && now >= self.starts_at }
        } else {
            WaveState::Closed
        }
    }

    /// How many times somebody should have been asked for a wave by now, the first time included. For the wave
    /// before, the first time is the booking's confirmation at `since`, and only later moments count.
    pub fn times_asked_by(self, wave: Wave, since: DateTime<Utc>, now: DateTime<Utc>) -> i32 {
        let is_past = |moment: &DateTime<Utc>| *moment > since && *moment <= now;
        let reminders = match wave {
            Wave::Before => BEFORE_REMINDER_DAYS.map(|days| self.starts_at - Duration::days(days)),
            Wave::After => AFTER_REMINDER_DAYS.map(|days| self.ends_at + Duration::days(days)),
            Wave::FollowUp | Wave::Manager => return 0,
        };
        let first = match wave {
            Wave::Before => 1,
            _ => i32::from(now >= self.after_opens()),
        };
        first + reminders.iter().filter(|moment| is_past(moment)).count() as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn at(month: u32, day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2021, month, day, hour, minute, 0).unwrap()
    }

    fn times() -> SessionTimes {
        SessionTimes { starts_at: at(3, 22, 10, 0), ends_at: at(3, 22, 13, 0) }
    }

    #[test]
    fn before_is_open_from_the_booking_and_marked_at_the_door_from_the_start() {
        let state = |moment| times().state_of(Wave::Before, moment);
        let until = at(3, 22, 10, 30);
        assert_eq!(state(at(1, 1, 0, 0)), WaveState::Open { until, at_the_door: false });
        assert_eq!(state(at(3, 22, 9, 59)), WaveState::Open { until, at_the_door: false });
        assert_eq!(state(at(3, 22, 10, 0)), WaveState::Open { until, at_the_door: true });
        assert_eq!(state(at(3, 22, 10, 30)), WaveState::Closed);
    }

    #[test]
    fn after_opens_ten_minutes_before_the_end_and_closes_with_day_21_on_london_clocks() {
        let state = |moment| times().state_of(Wave::After, moment);
        // Day 21 is 12 April, in summer time.
        let until = at(4, 12, 23, 0);
        assert_eq!(state(at(3, 22, 12, 49)), WaveState::NotYet(at(3, 22, 12, 50)));
        assert_eq!(state(at(3, 22, 12, 50)), WaveState::Open { until, at_the_door: false });
        assert_eq!(state(at(4, 12, 22, 59)), WaveState::Open { until, at_the_door: false });
        assert_eq!(state(at(4, 12, 23, 0)), WaveState::Closed);
    }

    #[test]
    fn people_are_asked_once_and_reminded_three_times() {
        let after = |moment| times().times_asked_by(Wave::After, at(1, 1, 0, 0), moment);
        assert_eq!(after(at(3, 22, 12, 49)), 0);
        assert_eq!(after(at(3, 22, 12, 50)), 1);
        assert_eq!(after(at(3, 25, 13, 0)), 2);
        assert_eq!(after(at(4, 12, 0, 0)), 4);
        let before = |since, moment| times().times_asked_by(Wave::Before, since, moment);
        assert_eq!(before(at(1, 1, 0, 0), at(3, 1, 0, 0)), 1);
        assert_eq!(before(at(1, 1, 0, 0), at(3, 21, 0, 0)), 4);
        assert_eq!(before(at(3, 21, 0, 0), at(3, 22, 0, 0)), 1, "booked after the last reminder");
    }

    #[test]
    fn waves_of_later_parts_are_not_asked_yet() {
        assert_eq!(times().state_of(Wave::FollowUp, at(6, 22, 0, 0)), WaveState::NotAsked);
    }
}
