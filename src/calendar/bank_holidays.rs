//! Bank holidays of England and Wales as published on gov.uk/bank-holidays, with their substitute days and the days
//! that were moved or added once. A year that is not here is unknown: nothing is worked out from rules, because one
//! proclamation is enough to make the rules wrong.

use super::rules::parse_day;
use chrono::{Datelike, NaiveDate, Weekday};

const NEW_YEAR: &str = "New Year’s Day";
const GOOD_FRIDAY: &str = "Good Friday";
const EASTER_MONDAY: &str = "Easter Monday";
const EARLY_MAY: &str = "Early May bank holiday";
const SPRING: &str = "Spring bank holiday";
const SUMMER: &str = "Summer bank holiday";
const CHRISTMAS: &str = "Christmas Day";
const BOXING_DAY: &str = "Boxing Day";

/// Month, day and name.
type Day = (u32, u32, &'static str);

const YEARS: [(i32, &[Day]); 10] = [
    (
        2019,
        &[
            (1, 1, NEW_YEAR),
            (4, 19, GOOD_FRIDAY),
            (4, 22, EASTER_MONDAY),
            (5, 6, EARLY_MAY),
            (5, 27, SPRING),
            (8, 26, SUMMER),
            (12, 25, CHRISTMAS),
            (12, 26, BOXING_DAY),
        ],
    ),
    (
        2020,
        &[
            (1, 1, NEW_YEAR),
            (4, 10, GOOD_FRIDAY),
            (4, 13, EASTER_MONDAY),
            (5, 8, "Early May bank holiday (VE Day)"),
            (5, 25, SPRING),
            (8, 31, SUMMER),
            (12, 25, CHRISTMAS),
            (12, 28, "Boxing Day (substitute day)"),
        ],
    ),
    (
        2021,
        &[
            (1, 1, NEW_YEAR),
            (4, 2, GOOD_FRIDAY),
            (4, 5, EASTER_MONDAY),
            (5, 3, EARLY_MAY),
            (5, 31, SPRING),
            (8, 30, SUMMER),
            (12, 27, "Christmas Day (substitute day)"),
            (12, 28, "Boxing Day (substitute day)"),
        ],
    ),
    (
        2022,
        &[
            (1, 3, "New Year’s Day (substitute day)"),
            (4, 15, GOOD_FRIDAY),
            (4, 18, EASTER_MONDAY),
            (5, 2, EARLY_MAY),
            (6, 2, SPRING),
            (6, 3, "Platinum Jubilee bank holiday"),
            (8, 29, SUMMER),
            (9, 19, "State Funeral of Queen Elizabeth II"),
            (12, 26, BOXING_DAY),
            (12, 27, "Christmas Day (substitute day)"),
        ],
    ),
    (
        2023,
        &[
            (1, 2, "New Year’s Day (substitute day)"),
            (4, 7, GOOD_FRIDAY),
            (4, 10, EASTER_MONDAY),
            (5, 1, EARLY_MAY),
            (5, 8, "Coronation of King Charles III"),
            (5, 29, SPRING),
            (8, 28, SUMMER),
            (12, 25, CHRISTMAS),
            (12, 26, BOXING_DAY),
        ],
    ),
    (
        2024,
        &[
            (1, 1, NEW_YEAR),
            (3, 29, GOOD_FRIDAY),
            (4, 1, EASTER_MONDAY),
            (5, 6, EARLY_MAY),
            (5, 27, SPRING),
            (8, 26, SUMMER),
            (12, 25, CHRISTMAS),
            (12, 26, BOXING_DAY),
        ],
    ),
    (
        2025,
        &[
            (1, 1, NEW_YEAR),
            (4, 18, GOOD_FRIDAY),
            (4, 21, EASTER_MONDAY),
            (5, 5, EARLY_MAY),
            (5, 26, SPRING),
            (8, 25, SUMMER),
            (12, 25, CHRISTMAS),
            (12, 26, BOXING_DAY),
        ],
    ),
    (
        2026,
        &[
            (1, 1, NEW_YEAR),
            (4, 3, GOOD_FRIDAY),
            (4, 6, EASTER_MONDAY),
            (5, 4, EARLY_MAY),
            (5, 25, SPRING),
            (8, 31, SUMMER),
            (12, 25, CHRISTMAS),
            (12, 28, "Boxing Day (substitute day)"),
        ],
    ),
    (
        2027,
        &[
            (1, 1, NEW_YEAR),
            (3, 26, GOOD_FRIDAY),
            (3, 29, EASTER_MONDAY),
            (5, 3, EARLY_MAY),
            (5, 31, SPRING),
            (8, 30, SUMMER),
            (12, 27, "Christmas Day (substitute day)"),
            (12, 28, "Boxing Day (substitute day)"),
        ],
    ),
    (
        2028,
        &[
            (1, 3, "New Year’s Day (substitute day)"),
            (4, 14, GOOD_FRIDAY),
            (4, 17, EASTER_MONDAY),
            (5, 1, EARLY_MAY),
            (5, 29, SPRING),
            (8, 28, SUMMER),
            (12, 25, CHRISTMAS),
            (12, 26, BOXING_DAY),
        ],
    ),
];

/// The first year of the table.
pub const FIRST_YEAR: i32 = YEARS[0].0;
/// The last year of the table.
pub const LAST_YEAR: i32 = YEARS[YEARS.len() - 1].0;

/// England and Wales have this many bank holidays a year; some years have one or two more.
pub const DAYS_OF_A_YEAR_LEAST: usize = 8;
/// The longest name.
const NAME_MOST: usize = 100;

/// Reads one day that the office adds. Fails with the field and the sentence that the person reads.
pub fn parse_holiday(day: NaiveDate, name: &str) -> Result<(NaiveDate, String), (&'static str, String)> {
    if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        return Err(("date", "This is a weekend, on which nobody works anyway: enter the substitute day".to_owned()));
    }
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > NAME_MOST {
        return Err(("name", format!("Enter what it is called, in {NAME_MOST} characters or fewer")));
    }
    Ok((day, name))
}

/// Reads the days of a year, one per line: "25 12 2028, Christmas Day", in any order. Fails with the sentence that the
/// person reads; it names the line.
pub fn parse_year(text: &str) -> Result<Vec<(NaiveDate, String)>, String> {
    let mut days: Vec<(NaiveDate, String)> = Vec::new();
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
        let in_line = |sentence: String| format!("Line {number}: {sentence}");
        let Some((date, name)) = line.split_once([',', ';', '\t']) else {
            return Err(in_line("put a comma between the date and the name".to_owned()));
        };
        let parts: Vec<&str> = date.split(['/', '-', ' ', '.']).filter(|part| !part.is_empty()).collect();
        let day = match parts[..] {
            [day, month, year] if year.len() == 4 => parse_day("the date", day, month, year).map_err(in_line)?,
            _ => return Err(in_line("write the date as day, month and year, like 25 12 2028".to_owned())),
        };
        let day = parse_holiday(day, name).map_err(|(_, sentence)| in_line(sentence))?;
        if days.iter().any(|(other, _)| *other == day.0) {
            return Err(in_line("this day stands above already".to_owned()));
        }
        if days.first().is_some_and(|(first, _)| first.year() != day.0.year()) {
            return Err(in_line("all days must be of the same year".to_owned()));
        }
        days.push(day);
    }
    if days.len() < DAYS_OF_A_YEAR_LEAST {
        let count = days.len();
        return Err(format!("Enter all bank holidays of the year: at least {DAYS_OF_A_YEAR_LEAST}, not {count}"));
    }
    days.sort();
    Ok(days)
}

/// All bank holidays of the table, in order, with their names.
pub fn bank_holidays() -> impl Iterator<Item = (NaiveDate, &'static str)> {
    YEARS.iter().flat_map(|(year, days)| {
        days.iter().filter_map(|(month, day, name)| Some((NaiveDate::from_ymd_opt(*year, *month, *day)?, *name)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    /// Easter Sunday after the anonymous Gregorian computus (Meeus, Astronomical Algorithms, ch. 8).
    fn easter(year: i32) -> NaiveDate {
        let (a, b, c) = (year % 19, year / 100, year % 100);
        let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
        let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
        let m = (a + 11 * h + 22 * l) / 451;
        let (month, day) = ((h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
        NaiveDate::from_ymd_opt(year, month as u32, day as u32).unwrap()
    }

    #[test]
    fn every_year_has_its_eight_days_and_the_ones_proclaimed_once() {
        for (year, days) in &YEARS {
            let once = match year {
                2022 => 2,
                2023 => 1,
                _ => 0,
            };
            assert_eq!(days.len(), 8 + once, "{year}");
        }
        assert_eq!(bank_holidays().count(), YEARS.iter().map(|(_, days)| days.len()).sum::<usize>(), "real dates");
    }

    #[test]
    fn they_are_working_days_that_fall_where_easter_and_the_mondays_are() {
        for (day, name) in bank_holidays() {
            assert!(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun), "{day}");
            match name {
                GOOD_FRIDAY => assert_eq!(day, easter(day.year()) - Duration::days(2)),
                EASTER_MONDAY => assert_eq!(day, easter(day.year()) + Duration::days(1)),
                EARLY_MAY => assert!(day.weekday() == Weekday::Mon && day.day() <= 7, "{day}"),
                SUMMER => assert!(day.weekday() == Weekday::Mon && day.day() > 24, "{day}"),
                _ => {}
            }
        }
    }

    /// The package works the days out from rules and proclamations of its own. Its days on weekends are the
    /// festivals, beside which it names their substitute days.
    #[test]
    fn an_independent_package_has_the_same_days() {
        let theirs: Vec<NaiveDate> = include_str!("fixtures/python-holidays.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line[..10].parse().unwrap())
            .filter(|day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
            .collect();
        let ours: Vec<NaiveDate> = bank_holidays().map(|(day, _)| day).collect();
        assert_eq!(ours, theirs);
        assert_eq!((FIRST_YEAR, LAST_YEAR), (2019, 2028));
    }

    #[test]
    fn a_year_is_read_whole_or_not_at_all() {
        let all: String = bank_holidays()
            .filter(|(day, _)| day.year() == 2028)
            .map(|(day, name)| format!("{}, {name}\n", day.format("%d/%m/%Y")))
            .collect();
        assert_eq!(parse_year(&all).unwrap().len(), 8);
        let wrong = |text: &str| parse_year(text).unwrap_err();
        assert!(wrong("3 1 2028, New Year").contains("at least 8, not 1"));
        assert!(wrong(&format!("{all}25 12 2028, Christmas")).contains("Line 9: this day stands above"));
        assert!(wrong(&format!("{all}1 1 2029, New Year")).contains("Line 9: all days must be of the same year"));
        assert!(wrong("1 1 2028, New Year").contains("Line 1: This is a weekend"));
        assert!(wrong("31 2 2028, x").starts_with("Line 1: "));
        assert!(wrong("25 12 2028").contains("comma"));
        assert!(wrong("2028-12-25, Christmas").contains("day, month and year"));
    }

    #[test]
    fn days_moved_once_are_where_they_were_moved_to() {
        let is_one = |year, month, day| {
            bank_holidays().any(|(date, _)| (date.year(), date.month(), date.day()) == (year, month, day))
        };
        assert!(is_one(2020, 5, 8) && !is_one(2020, 5, 4));
        assert!(is_one(2022, 6, 2) && is_one(2022, 6, 3) && !is_one(2022, 5, 30));
        assert!(is_one(2022, 9, 19) && is_one(2023, 5, 8));
    }
}
