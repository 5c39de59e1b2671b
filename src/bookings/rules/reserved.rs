//! Places kept for an agency or a sector until a day.

use super::first_come_from;
use crate::{
    agencies::rules::AgencyId,
    calendar::rules::{day_text, london_day, parse_day, start_of_day},
};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};

/// The free places that are kept for somebody, and how many wait who could have them too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Free places.
    pub free: i32,
    /// People on the waiting list for whom they are kept.
    pub waiting: i32,
}

/// For whom places are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptFor {
    /// Confirmed staff of this agency.
    Agency(AgencyId),
    /// Confirmed staff of every agency of this sector.
    Sector(String),
}

impl KeptFor {
    /// Whether places are kept for the confirmed staff of an agency of a sector.
    pub fn is_for(&self, agency: AgencyId, sector: &str) -> bool {
        match self {
            Self::Agency(kept) => *kept == agency,
            Self::Sector(kept) => kept.eq_ignore_ascii_case(sector),
        }
    }
}

/// From when on kept places are free for everybody: when their day is over, and at the latest when the last 24 hours
/// begin, in which the first to book has a place.
pub fn releases_at(release_at: DateTime<Utc>, starts: DateTime<Utc>) -> DateTime<Utc> {
    release_at.min(first_come_from(starts))
}

/// The last day on which places are kept that are released at this moment.
pub fn last_day_kept(release_at: DateTime<Utc>) -> NaiveDate {
    london_day(release_at - Duration::seconds(1))
}

/// What the office typed about places to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReserved {
    /// How many.
    pub places: i32,
    /// From when on they are free for everybody: the midnight after the last day.
    pub release_at: DateTime<Utc>,
}

/// Reads how many places are kept until which day. `free` are the places that can still be kept. Fails with one
/// sentence for each field that is wrong.
pub fn parse_reserved(
    places: &str,
    day: [&str; 3],
    free: i32,
    starts: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<NewReserved, Vec<(&'static str, String)>> {
    let mut wrong = Vec::new();
    let places = match places.trim().parse::<i32>() {
        Ok(count) if (1..=free).contains(&count) => count,
        _ if free == 0 => {
            wrong.push(("places", "No place is free, so none can be reserved".to_owned()));
            0
        }
        _ => {
            wrong.push(("places", format!("Enter how many places, from 1 to {free}: more are not free")));
            0
        }
    };
    let last = london_day(first_come_from(starts)).pred_opt().unwrap_or_default();
    let day = parse_day("the last day", day[0], day[1], day[2]);
    let day = day.and_then(|day| {
        if day < london_day(now) {
            Err("The last day must not be in the past".to_owned())
        } else if day > last {
            Err(format!(
                "The last day must be {} or earlier: inside the last 24 hours everybody can book",
                day_text(last)
            ))
        } else {
            Ok(day)
        }
    });
    match day {
        Ok(day) if wrong.is_empty() => {
            let release_at = start_of_day(day.checked_add_days(Days::new(1)).unwrap_or(day));
            Ok(NewReserved { places, release_at })
        }
        Ok(_) => Err(wrong),
        Err(sentence) => {
            wrong.push(("until", sentence));
            Err(wrong)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn places_are_kept_to_the_end_of_a_london_day() {
        let (starts, now) = (moment("2025-04-14T09:00:00Z"), moment("2025-03-03T09:00:00Z"));
        let kept = parse_reserved(" 3 ", ["31", "3", "2025"], 5, starts, now).unwrap();
        assert_eq!((kept.places, kept.release_at), (3, moment("2025-03-31T23:00:00Z")));
        assert_eq!(last_day_kept(kept.release_at), NaiveDate::from_ymd_opt(2025, 3, 31).unwrap());
        assert_eq!(releases_at(kept.release_at, starts), kept.release_at);
        assert_eq!(releases_at(kept.release_at, moment("2025-03-31T09:00:00Z")), moment("2025-03-30T09:00:00Z"));
    }

    #[test]
    fn wrong_numbers_and_days_are_named() {
        let (starts, now) = (moment("2025-03-17T10:00:00Z"), moment("2025-03-03T09:00:00Z"));
        let fields = |places: &str, day, free| -> Vec<&str> {
            let wrong = parse_reserved(places, day, free, starts, now).unwrap_err();
            wrong.into_iter().map(|(field, _)| field).collect()
        };
        assert_eq!(fields("6", ["10", "3", "2025"], 5), ["places"]);
        assert_eq!(fields("0", ["10", "3", "2025"], 5), ["places"]);
        assert_eq!(fields("1", ["10", "3", "2025"], 0), ["places"]);
        assert_eq!(fields("x", ["2", "3", "2025"], 5), ["places", "until"]);
        assert_eq!(fields("1", ["16", "3", "2025"], 5), ["until"]);
        assert_eq!(fields("1", ["31", "2", "2025"], 5), ["until"]);
        assert!(parse_reserved("1", ["15", "3", "2025"], 5, starts, now).is_ok());
    }

    #[test]
    fn an_agency_has_its_own_and_its_sectors() {
        assert!(KeptFor::Agency(AgencyId(7)).is_for(AgencyId(7), "Health"));
        assert!(!KeptFor::Agency(AgencyId(7)).is_for(AgencyId(8), "Health"));
        assert!(KeptFor::Sector("health".into()).is_for(AgencyId(8), "Health"));
        assert!(!KeptFor::Sector("Police".into()).is_for(AgencyId(8), "Health"));
    }

    #[test]
    fn the_last_free_place_can_be_kept_and_today_can_be_the_last_day() {
        let (starts, now) = (moment("2025-03-17T10:00:00Z"), moment("2025-03-03T09:00:00Z"));
        let today = parse_reserved("5", ["3", "3", "2025"], 5, starts, now).unwrap();
        assert_eq!((today.places, today.release_at), (5, moment("2025-03-04T00:00:00Z")));
        let sentence =
            |places, free| parse_reserved(places, ["4", "3", "2025"], free, starts, now).unwrap_err()[0].1.clone();
        assert_eq!(sentence("1", 0), "No place is free, so none can be reserved");
        assert_eq!(sentence("6", 5), "Enter how many places, from 1 to 5: more are not free");
    }
}
