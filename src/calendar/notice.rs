//! Notice in clear days: until when a place may be given back free of charge, and the working days that other
//! deadlines are counted in.
//!
//! Clear days: neither the day of cancelling nor the day of the session counts. The cut-off is 23:59 London on the day
//! before the N-th clear day, counted back from the session. A year whose bank holidays are unknown is never guessed.

use super::rules::{last_minute_of, london_day};
use crate::charges::rules::NoticeUnit;
use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, Timelike, Utc, Weekday};
use std::collections::BTreeSet;

/// How long a place may always be given back after it was confirmed late.
const GRACE: Duration = Duration::hours(24);

/// The bank holidays of England and Wales, of the years that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankHolidays {
    days: BTreeSet<NaiveDate>,
    years: BTreeSet<i32>,
}

/// The bank holidays of a year are not known, so nothing that runs through it can be counted in working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The bank holidays of {0} are not known yet, so working days cannot be counted")]
pub struct MissingYear(pub i32);

impl BankHolidays {
    /// From all known days. A year counts as known when it has at least one: no year is without bank holidays.
    pub fn new(days: impl IntoIterator<Item = NaiveDate>) -> Self {
        let days: BTreeSet<NaiveDate> = days.into_iter().collect();
        let years = days.iter().map(|day| day.year()).collect();
        Self { days, years }
    }

    /// Whether people work on this day. Fails when the day's year is not known.
    pub fn is_working_day(&self, day: NaiveDate) -> Result<bool, MissingYear> {
        if !self.years.contains(&day.year()) {
            return Err(MissingYear(day.year()));
        }
        Ok(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.days.contains(&day))
    }

    /// The bank holidays from `first` to `last`, both included, for the verdict of a charge.
    pub fn between(&self, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
        self.days.iter().copied().filter(|day| (first..=last).contains(day)).collect()
    }
}

/// How much notice a policy asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How many clear days; 0 means until the end of the day before.
    pub days: u32,
    /// Which days count.
    pub unit: NoticeUnit,
}

impl Notice {
    /// From a policy's columns; a negative number counts as none.
    pub fn new(days: i32, unit: NoticeUnit) -> Self {
        Self { days: u32::try_from(days).unwrap_or(0), unit }
    }

    /// "6 working days", "1 day".
    pub fn text(self) -> String {
        let unit = match self.unit {
            NoticeUnit::WorkingDays => "working day",
            NoticeUnit::CalendarDays => "day",
        };
        let plural = if self.days == 1 { "" } else { "s" };
        format!("{} {unit}{plural}", self.days)
    }
}

/// Until when a place on a session may be given back free of charge: 23:59 London on the day before the N-th clear
/// day before `first_session_day`.
pub fn cancel_by(
    first_session_day: NaiveDate,
    notice: Notice,
    holidays: &BankHolidays,
) -> Result<DateTime<Utc>, MissingYear> {
    let last_clear_day = match notice.unit {
        NoticeUnit::CalendarDays => {
            first_session_day.checked_sub_days(Days::new(notice.days.into())).unwrap_or(NaiveDate::MIN)
        }
        NoticeUnit::WorkingDays => working_days_before(first_session_day, notice.days, holidays)?,
    };
    Ok(last_minute_of(last_clear_day.pred_opt().unwrap_or(last_clear_day)))
}

/// The moment that is printed for a place confirmed at `confirmed_at`: the cut-off, or, when that has passed or is less
/// than 24 hours away, 24 hours from the confirmation, at most until the start.
pub fn or_grace(cancel_by: DateTime<Utc>, confirmed_at: DateTime<Utc>, starts_at: DateTime<Utc>) -> DateTime<Utc> {
    if cancel_by - confirmed_at >= GRACE { cancel_by } else { (confirmed_at + GRACE).min(starts_at) }
}

/// Whether giving a place back at `at` is free. The printed minute counts to its end, so 23:59 means before midnight.
pub fn is_in_time(cancel_by: DateTime<Utc>, at: DateTime<Utc>) -> bool {
    let printed_minute = cancel_by
        - Duration::nanoseconds(i64::from(cancel_by.nanosecond()))
        - Duration::seconds(i64::from(cancel_by.second()));
    at < printed_minute + Duration::minutes(1)
}

/// The `n`-th working day after a day; the day itself for 0.
pub fn working_days_after(day: NaiveDate, n: u32, holidays: &BankHolidays) -> Result<NaiveDate, MissingYear> {
    count_working_days(day, n, holidays, |day| day + Days::new(1))
}

/// The `n`-th working day before a day; the day itself for 0.
pub fn working_days_before(day: NaiveDate, n: u32, holidays: &BankHolidays) -> Result<NaiveDate, MissingYear> {
    count_working_days(day, n, holidays, |day| day - Days::new(1))
}

/// 23:59 London on the `n`-th working day after a moment's London day.
pub fn end_of_working_day_after(
    moment: DateTime<Utc>,
    n: u32,
    holidays: &BankHolidays,
) -> Result<DateTime<Utc>, MissingYear> {
    working_days_after(london_day(moment), n, holidays).map(last_minute_of)
}

fn count_working_days(
    mut day: NaiveDate,
    n: u32,
    holidays: &BankHolidays,
    step: impl Fn(NaiveDate) -> NaiveDate,
) -> Result<NaiveDate, MissingYear> {
    let mut left = n;
    while left > 0 {
        day = step(day);
        if holidays.is_working_day(day)? {
            left -= 1;
        }
    }
    Ok(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::rules::{moment_text, start_of_day};
    use rstest::rstest;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// As published for England and Wales.
    fn holidays() -> BankHolidays {
        BankHolidays::new(
            [
                "2025-01-01",
                "2025-04-18",
                "2025-04-21",
                "2025-05-05",
                "2025-05-26",
                "2025-08-25",
                "2025-12-25",
                "2025-12-26",
                "2026-01-01",
                "2026-04-03",
                "2026-04-06",
                "2026-05-04",
                "2026-05-25",
                "2026-08-31",
                "2026-12-25",
                "2026-12-28",
            ]
            .map(day),
        )
    }

    #[rstest]
    #[case::monday("2025-03-17", 6, "11:59pm on Thursday 6 March 2025")]
    #[case::tuesday_after_a_weekend("2025-03-18", 6, "11:59pm on Sunday 9 March 2025")]
    #[case::easter("2025-04-29", 6, "11:59pm on Wednesday 16 April 2025")]
    #[case::christmas_and_new_year("2026-01-05", 6, "11:59pm on Monday 22 December 2025")]
    #[case::right_after_new_year("2026-01-02", 6, "11:59pm on Sunday 21 December 2025")]
    #[case::two_days_before_a_monday("2025-03-17", 2, "11:59pm on Wednesday 12 March 2025")]
    #[case::none("2025-03-17", 0, "11:59pm on Sunday 16 March 2025")]
    #[case::on_the_day_when_clocks_go_forward("2025-04-08", 6, "11:59pm on Sunday 30 March 2025")]
    #[case::on_the_day_when_clocks_go_back("2025-11-04", 6, "11:59pm on Sunday 26 October 2025")]
    fn clear_working_days_lead_to_the_published_moments(
        #[case] session: &str,
        #[case] days: u32,
        #[case] expected: &str,
    ) {
        let notice = Notice { days, unit: NoticeUnit::WorkingDays };
        assert_eq!(cancel_by(day(session), notice, &holidays()).map(moment_text), Ok(expected.to_owned()));
    }

    #[test]
    fn both_clock_changes_move_the_moment_in_utc() {
        let six = Notice { days: 6, unit: NoticeUnit::WorkingDays };
        let spring = cancel_by(day("2025-04-08"), six, &holidays()).unwrap();
        let autumn = cancel_by(day("2025-11-04"), six, &holidays()).unwrap();
        assert_eq!(spring.to_rfc3339(), "2025-03-30T22:59:00+00:00");
        assert_eq!(autumn.to_rfc3339(), "2025-10-26T23:59:00+00:00");
    }

    #[test]
    fn calendar_days_count_weekends_and_holidays_and_need_no_table() {
        let notice = Notice { days: 6, unit: NoticeUnit::CalendarDays };
        let moment = cancel_by(day("2099-01-05"), notice, &BankHolidays::default()).unwrap();
        assert_eq!(moment_text(moment), "11:59pm on Monday 29 December 2098");
    }

    #[rstest]
    #[case::year_of_the_session("2027-03-17", 2027)]
    #[case::year_before_it("2025-01-03", 2024)]
    fn a_missing_year_refuses(#[case] session: &str, #[case] year: i32) {
        let notice = Notice { days: 6, unit: NoticeUnit::WorkingDays };
        assert_eq!(cancel_by(day(session), notice, &holidays()), Err(MissingYear(year)));
    }

    #[rstest]
    #[case::long_before("2025-03-03T09:00:00Z", "2025-03-06T23:59:00Z")]
    #[case::exactly_a_day_before("2025-03-05T23:59:00Z", "2025-03-06T23:59:00Z")]
    #[case::less_than_a_day_before("2025-03-06T12:00:00Z", "2025-03-07T12:00:00Z")]
    #[case::after_the_cut_off("2025-03-10T12:00:00Z", "2025-03-11T12:00:00Z")]
    #[case::the_evening_before("2025-03-16T20:00:00Z", "2025-03-17T10:00:00Z")]
    fn a_late_place_can_be_given_back_for_a_day_but_not_after_the_start(
        #[case] confirmed: DateTime<Utc>,
        #[case] expected: DateTime<Utc>,
    ) {
        let cut_off = "2025-03-06T23:59:00Z".parse().unwrap();
        let starts = "2025-03-17T10:00:00Z".parse().unwrap();
        assert_eq!(or_grace(cut_off, confirmed, starts), expected);
    }

    #[test]
    fn in_time_is_before_midnight_after_the_cut_off_day() {
        let cut_off = last_minute_of(day("2025-06-06"));
        let midnight = start_of_day(day("2025-06-07"));
        assert!(is_in_time(cut_off, midnight - Duration::seconds(1)));
        assert!(!is_in_time(cut_off, midnight));
        let grace = cut_off + Duration::seconds(30);
        assert!(!is_in_time(grace, midnight), "the printed minute governs, not its seconds");
    }

    #[test]
    fn working_days_are_counted_both_ways() {
        assert_eq!(working_days_after(day("2025-04-17"), 2, &holidays()), Ok(day("2025-04-23")));
        assert_eq!(working_days_before(day("2025-04-23"), 2, &holidays()), Ok(day("2025-04-17")));
        assert_eq!(working_days_after(day("2025-04-19"), 0, &holidays()), Ok(day("2025-04-19")));
    }
}
