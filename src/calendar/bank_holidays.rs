//! Bank holidays of England and Wales as published on gov.uk/bank-holidays, with their substitute days and the days
//! that were moved or added once. A year that is not here is unknown: nothing is worked out from rules, because one
//! proclamation is enough to make the rules wrong.

use chrono::NaiveDate;

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

const YEARS: [(i32, &[Day]); 9] = [
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
];

/// The first year of the table.
pub const FIRST_YEAR: i32 = YEARS[0].0;
/// The last year of the table.
pub const LAST_YEAR: i32 = YEARS[YEARS.len() - 1].0;

/// All bank holidays of the table, in order, with their names.
pub fn bank_holidays() -> impl Iterator<Item = (NaiveDate, &'static str)> {
    YEARS.iter().flat_map(|(year, days)| {
        days.iter().filter_map(|(month, day, name)| Some((NaiveDate::from_ymd_opt(*year, *month, *day)?, *name)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, Duration, Weekday};

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
