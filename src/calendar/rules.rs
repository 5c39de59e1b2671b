//! London time and how it is written. Style: the GOV.UK content guide, "Dates" and "Times".

use chrono::{DateTime, Datelike, Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Europe::London;

/// The London calendar day of a moment.
pub fn london_day(moment: DateTime<Utc>) -> NaiveDate {
    moment.with_timezone(&London).date_naive()
}

/// The London wall clock at a moment.
pub fn london_time(moment: DateTime<Utc>) -> NaiveDateTime {
    moment.with_timezone(&London).naive_local()
}

/// The moment at which London's clocks show this. Of an hour that comes twice the first is meant; an hour that is
/// skipped in spring is read as one hour later.
pub fn from_london(local: NaiveDateTime) -> DateTime<Utc> {
    match London.from_local_datetime(&local) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => moment.with_timezone(&Utc),
        LocalResult::None => {
            let later = local + Duration::hours(1);
            later.and_utc() - london_offset_after_gap()
        }
    }
}

/// After the spring gap London is one hour ahead of UTC.
fn london_offset_after_gap() -> Duration {
    Duration::hours(1)
}

/// The moment at which a London day begins.
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    from_london(day.and_time(NaiveTime::MIN))
}

/// 23:59 London on a day.
pub fn last_minute_of(day: NaiveDate) -> DateTime<Utc> {
    start_of_day(day.succ_opt().unwrap_or(day)) - Duration::minutes(1)
}

/// "Thursday 6 March 2025".
pub fn day_text(day: NaiveDate) -> String {
    day.format("%A %-d %B %Y").to_string()
}

/// "6 Mar 2025", for tables.
pub fn short_day_text(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// "9:30am", "noon" is "12pm", on London's clocks.
pub fn time_text(moment: DateTime<Utc>) -> String {
    clock_text(london_time(moment).time())
}

fn clock_text(time: NaiveTime) -> String {
    let (is_pm, hour) = time.hour12();
    let half = if is_pm { "pm" } else { "am" };
    match time.minute() {
        0 => format!("{hour}{half}"),
        minute => format!("{hour}:{minute:02}{half}"),
    }
}

/// "11:59pm on Thursday 6 March 2025".
pub fn moment_text(moment: DateTime<Utc>) -> String {
    format!("{} on {}", time_text(moment), day_text(london_day(moment)))
}

/// "6 Mar 2025, 11:59pm", for tables.
pub fn short_moment_text(moment: DateTime<Utc>) -> String {
    format!("{}, {}", short_day_text(london_day(moment)), time_text(moment))
}

/// "Monday 17 March 2025, 9:30am to 12:30pm"; names both days where they differ.
pub fn span_text(starts: DateTime<Utc>, ends: DateTime<Utc>) -> String {
    if london_day(starts) == london_day(ends) {
        format!("{}, {} to {}", day_text(london_day(starts)), time_text(starts), time_text(ends))
    } else {
        format!("{} to {}", moment_text(starts), moment_text(ends))
    }
}

/// "2 hours 30 minutes".
pub fn duration_text(minutes: i32) -> String {
    let plural = |count: i32, unit: &str| match count {
        0 => String::new(),
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    };
    let text = format!("{} {}", plural(minutes / 60, "hour"), plural(minutes % 60, "minute"));
    text.trim().to_owned()
}

/// The board year of a day: the year in which its 1 April lies; 31 March 2021 is in 2020.
pub fn board_year(day: NaiveDate) -> i32 {
    if day.month() >= 4 { day.year() } else { day.year() - 1 }
}

/// "2020/21".
pub fn board_year_text(year: i32) -> String {
    format!("{year}/{:02}", (year.rem_euclid(100) + 1) % 100)
}

/// When a board year begins, and when the next one does. None for years that dates with four digits cannot have, which
/// only an address asks for, and of which PostgreSQL knows some not at all.
pub fn board_year_span(year: i32) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    if !(1..=9998).contains(&year) {
        return None;
    }
    let first = NaiveDate::from_ymd_opt(year, 4, 1)?;
    let next = NaiveDate::from_ymd_opt(year + 1, 4, 1)?;
    Some((start_of_day(first), start_of_day(next)))
}

/// What a date field holds as three texts. Fails with the sentence that the person reads; `what` starts it.
pub fn parse_day(what: &str, day: &str, month: &str, year: &str) -> Result<NaiveDate, String> {
    let parts = [day.trim(), month.trim(), year.trim()];
    if parts.iter().all(|part| part.is_empty()) {
        return Err(format!("Enter {what}"));
    }
    let number = |text: &str| text.parse::<u32>().ok();
    let month_number = number(parts[1]).or_else(|| month_by_name(parts[1]));
    match (number(parts[0]), month_number, number(parts[2])) {
        (Some(day), Some(month), Some(year)) if (1900..=2200).contains(&year) => {
            NaiveDate::from_ymd_opt(year as i32, month, day)
                .ok_or_else(|| format!("{} must be a real date", sentence_start(what)))
        }
        _ => Err(format!("{} must be a day, a month and a year, such as 27 3 2026", sentence_start(what))),
    }
}

fn month_by_name(text: &str) -> Option<u32> {
    text.parse::<chrono::Month>().ok().map(|month| month.number_from_month())
}

fn sentence_start(what: &str) -> String {
    let mut letters = what.strip_prefix("the ").unwrap_or(what).chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// A time such as "09:30", "9.30", "9:30am", "2pm" or "14:00". Fails with the sentence that the person reads.
pub fn parse_time(what: &str, text: &str) -> Result<NaiveTime, String> {
    let compact = text.trim().to_lowercase().replace([' ', '.'], "").replace(':', "");
    if compact.is_empty() {
        return Err(format!("Enter {what}"));
    }
    let problem = || format!("{} must be a time such as 9:30am or 14:00", sentence_start(what));
    let (digits, half) = match (compact.strip_suffix("am"), compact.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(false)),
        (_, Some(digits)) => (digits, Some(true)),
        _ => (compact.as_str(), None),
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(problem());
    }
    let (hour, minute) = match digits.len() {
        1 | 2 => (digits, "0"),
        3 => digits.split_at(1),
        4 => digits.split_at(2),
        _ => return Err(problem()),
    };
    let (hour, minute): (u32, u32) = (hour.parse().map_err(|_| problem())?, minute.parse().map_err(|_| problem())?);
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return Err(problem()),
        Some(is_pm) => hour % 12 + if is_pm { 12 } else { 0 },
    };
    NaiveTime::from_hms_opt(hour, minute, 0).ok_or_else(problem)
}

/// "09:30", as a time field shows it.
pub fn time_field(time: NaiveTime) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn summer_and_winter_are_written_as_london_reads_them() {
        assert_eq!(moment_text(last_minute_of(day(2025, 3, 6))), "11:59pm on Thursday 6 March 2025");
        assert_eq!(last_minute_of(day(2025, 3, 30)).to_rfc3339(), "2025-03-30T22:59:00+00:00");
        assert_eq!(start_of_day(day(2025, 3, 30)).to_rfc3339(), "2025-03-30T00:00:00+00:00");
        assert_eq!(start_of_day(day(2025, 10, 27)).to_rfc3339(), "2025-10-27T00:00:00+00:00");
    }

    #[test]
    fn the_hour_that_spring_skips_is_read_as_one_later() {
        let skipped = day(2025, 3, 30).and_hms_opt(1, 30, 0).unwrap();
        assert_eq!(from_london(skipped).to_rfc3339(), "2025-03-30T01:30:00+00:00");
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        let at = |hour, minute| Ok(NaiveTime::from_hms_opt(hour, minute, 0).unwrap());
        for (text, expected) in [
            ("9:30am", at(9, 30)),
            ("9.30", at(9, 30)),
            ("0930", at(9, 30)),
            ("2 pm", at(14, 0)),
            ("12am", at(0, 0)),
            ("12pm", at(12, 0)),
            ("14:00", at(14, 0)),
        ] {
            assert_eq!(parse_time("the start", text), expected, "{text}");
        }
        for text in ["25:00", "9:75", "13pm", "noonish", "12345"] {
            assert!(parse_time("the start", text).unwrap_err().starts_with("Start must be"), "{text}");
        }
    }

    #[test]
    fn dates_are_read_with_names_of_months_and_refused_when_not_real() {
        assert_eq!(parse_day("the date", "27", "March", "2026"), Ok(day(2026, 3, 27)));
        assert_eq!(parse_day("the date", "31", "2", "2026"), Err("Date must be a real date".into()));
        assert_eq!(parse_day("the date", "", "", ""), Err("Enter the date".into()));
    }

    #[test]
    fn the_board_year_turns_on_the_first_of_april() {
        assert_eq!(board_year(day(2021, 3, 31)), 2020);
        assert_eq!(board_year(day(2021, 4, 1)), 2021);
        assert_eq!(board_year_text(2020), "2020/21");
        assert_eq!(board_year_text(1999), "1999/00");
    }

    #[test]
    fn durations_read_as_words() {
        assert_eq!(duration_text(150), "2 hours 30 minutes");
        assert_eq!(duration_text(60), "1 hour");
        assert_eq!(duration_text(45), "45 minutes");
    }

    #[test]
    fn tables_lists_and_pages_write_moments_in_their_own_length() {
        let (starts, ends) =
            (start_of_day(day(2025, 3, 17)) + Duration::minutes(570), last_minute_of(day(2025, 3, 17)));
        assert_eq!((time_text(starts), time_text(start_of_day(day(2025, 7, 1)))), ("9:30am".into(), "12am".into()));
        assert_eq!(short_day_text(day(2025, 3, 6)), "6 Mar 2025");
        assert_eq!(short_moment_text(ends), "17 Mar 2025, 11:59pm");
        assert_eq!(span_text(starts, ends), "Monday 17 March 2025, 9:30am to 11:59pm");
        let next_day = ends + Duration::minutes(1);
        assert_eq!(span_text(starts, next_day), "9:30am on Monday 17 March 2025 to 12am on Tuesday 18 March 2025");
        assert_eq!(time_field(NaiveTime::from_hms_opt(9, 5, 0).unwrap()), "09:05");
    }

    #[test]
    fn a_board_year_spans_from_one_first_of_april_to_the_next() {
        let span = board_year_span(2025).unwrap();
        assert_eq!(span, (start_of_day(day(2025, 4, 1)), start_of_day(day(2026, 4, 1))));
        assert_eq!(span.0.to_rfc3339(), "2025-03-31T23:00:00+00:00", "London is in summer time by then");
    }

    #[test]
    fn years_are_written_in_full() {
        for year in ["1900", "2200"] {
            assert!(parse_day("the date", "1", "1", year).is_ok(), "{year}");
        }
        for year in ["25", "1899", "2201"] {
            assert!(parse_day("the date", "1", "1", year).unwrap_err().contains("such as 27 3 2026"), "{year}");
        }
    }
}
