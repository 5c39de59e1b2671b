//! What the office types about a session.

#[cfg(test)]
mod tests;

use super::{Mode, VenueId};
use crate::{
    accounts::rules::PersonId,
    calendar::rules::{from_london, last_minute_of, parse_day, parse_time},
    courses::rules::CourseId,
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use std::collections::BTreeSet;

/// What is wrong, by field; the sentences are what the person reads.
pub type Problems = Vec<(String, String)>;

/// More dates than any course of a board has.
pub const MOST_DATES: usize = 12;
/// The largest hall.
const MOST_PLACES: i32 = 2_000;
/// The longest link and the longest joining instructions.
const LINK_LENGTH: usize = 500;
const INSTRUCTIONS_LENGTH: usize = 5_000;

/// When one date begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Its beginning.
    pub starts_at: DateTime<Utc>,
    /// Its end, after the beginning.
    pub ends_at: DateTime<Utc>,
}

impl Span {
    /// Whether the two have a moment in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }
}

/// A session as typed and understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEdit {
    /// What is taught.
    pub course: CourseId,
    /// In a room or by video call.
    pub mode: Mode,
    /// The room; None when online.
    pub venue: Option<VenueId>,
    /// The link of the call; None when in a room.
    pub online_link: Option<String>,
    /// What people with a place read before they come.
    pub joining_instructions: String,
    /// How many places.
    pub capacity: i32,
    /// With fewer the office may call it off.
    pub minimum: Option<i32>,
    /// The last minute of the day on which that is decided.
    pub go_no_go_at: Option<DateTime<Utc>>,
    /// From when people can book; None means as soon as it is published.
    pub opens_at: Option<DateTime<Utc>>,
    /// Until when people can book; None means until the start.
    pub closes_at: Option<DateTime<Utc>>,
    /// Whether the office approves each booking.
    pub needs_approval: bool,
    /// Its dates, at least one, earliest first, without overlaps.
    pub dates: Vec<Span>,
    /// Who is asked to train.
    pub trainers: Vec<PersonId>,
}

impl SessionEdit {
    /// Understands what was typed, or says what is wrong with each field. A date whose fields are all empty is left out.
    pub fn parse<'a>(
        value: impl Fn(&str) -> &'a str + Copy,
        values: impl Fn(&str) -> Vec<&'a str>,
    ) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        let dates = parse_dates(value, &mut problems);
        let mut tell = |field: &str, sentence: &str| problems.push((field.to_owned(), sentence.to_owned()));

        let course = value("course").parse().ok().map(CourseId);
        if course.is_none() {
            tell("course", "Choose a course");
        }
        let mode = match value("mode") {
            "venue" => Mode::Venue,
            "online" => Mode::Online,
            _ => {
                tell("mode", "Choose whether it is in a room or online");
                Mode::Venue
            }
        };
        let venue = value("venue").parse().ok().map(VenueId).filter(|_| mode == Mode::Venue);
        let link = value("link").trim();
        let online_link = (!link.is_empty() && mode == Mode::Online).then(|| link.to_owned());
        if online_link.as_deref().is_some_and(|link| !is_link(link)) {
            tell("link", "The link must start with https:// and have no spaces");
        }
        let joining_instructions = value("instructions").trim().replace("\r\n", "\n");
        if joining_instructions.chars().count() > INSTRUCTIONS_LENGTH {
            tell("instructions", "The joining instructions must be 5,000 characters or fewer");
        }
        let capacity = match value("capacity").trim().parse::<i32>() {
            Ok(places) if (1..=MOST_PLACES).contains(&places) => places,
            _ => {
                tell("capacity", "Enter how many places there are, from 1 to 2,000");
                MOST_PLACES
            }
        };
        let minimum = match value("minimum").trim() {
            "" => None,
            text => match text.parse::<i32>() {
                Ok(people) if (1..=capacity).contains(&people) => Some(people),
                _ => {
                    tell("minimum", "The minimum must be a number from 1 to the number of places, or empty");
                    None
                }
            },
        };
        let go_no_go_at = parse_optional_day(value, "go", "the decision date", &mut problems).map(last_minute_of);
        if go_no_go_at.is_some() && minimum.is_none() && value("minimum").trim().is_empty() {
            problems.push((
                "minimum".into(),
                "Enter the minimum that is decided about, or leave the decision date empty".into(),
            ));
        }
        let opens_at = parse_moment(value, "opens", "the opening of booking", NaiveTime::MIN, &mut problems);
        let last_minute = NaiveTime::from_hms_opt(23, 59, 0).unwrap_or_default();
        let closes_at = parse_moment(value, "closes", "the closing of booking", last_minute, &mut problems);

        if let Some(first) = dates.first() {
            let too_late = |moment: Option<DateTime<Utc>>| moment.is_some_and(|moment| moment > first.starts_at);
            if too_late(go_no_go_at.map(|moment| moment - chrono::Duration::days(1))) {
                problems.push(("go".into(), "The decision date must be the day of the session or earlier".into()));
            }
            if opens_at.is_some_and(|opens| opens >= first.starts_at) {
                problems.push(("opens".into(), "Booking must open before the session starts".into()));
            }
            if too_late(closes_at) {
                problems
                    .push(("closes".into(), "Booking must close before the session starts, or leave it empty".into()));
            }
        }
        if let (Some(opens), Some(closes)) = (opens_at, closes_at)
            && closes <= opens
        {
            problems.push(("closes".into(), "Booking must close after it opens".into()));
        }
        let trainers: BTreeSet<i64> = values("trainers").iter().filter_map(|id| id.parse().ok()).collect();
        let (Some(course), true) = (course, problems.is_empty()) else { return Err(problems) };
        Ok(Self {
            course,
            mode,
            venue,
            online_link,
            joining_instructions,
            capacity,
            minimum,
            go_no_go_at,
            opens_at,
            closes_at,
            needs_approval: value("approval") == "yes",
            dates,
            trainers: trainers.into_iter().map(PersonId).collect(),
        })
    }

    /// The start of the first date.
    pub fn starts_at(&self) -> Option<DateTime<Utc>> {
        self.dates.first().map(|date| date.starts_at)
    }

    /// The end of the last date.
    pub fn ends_at(&self) -> Option<DateTime<Utc>> {
        self.dates.iter().map(|date| date.ends_at).max()
    }
}

/// How many dates a form has fields for.
pub fn date_fields(count: &str) -> usize {
    count.parse().unwrap_or(1).clamp(1, MOST_DATES)
}

fn parse_dates<'a>(value: impl Fn(&str) -> &'a str + Copy, problems: &mut Problems) -> Vec<Span> {
    let mut dates: Vec<(usize, Span)> = Vec::new();
    let mut is_any_filled = false;
    for number in 1..=date_fields(value("dates")) {
        let field = format!("date{number}");
        let parts = ["day", "month", "year", "from", "to"].map(|part| value(&format!("{field}-{part}")));
        if parts[..3].iter().all(|part| part.trim().is_empty()) {
            continue;
        }
        is_any_filled = true;
        match parse_span(&field, parts) {
            Ok(span) if dates.iter().any(|(_, other)| other.overlaps(span)) => {
                problems.push((field, "This date overlaps with another one above".into()));
            }
            Ok(span) => dates.push((number, span)),
            Err(problem) => problems.push(problem),
        }
    }
    if !is_any_filled {
        problems.push(("date1".into(), "Enter the date of the session".into()));
    }
    let mut dates: Vec<Span> = dates.into_iter().map(|(_, span)| span).collect();
    dates.sort();
    dates
}

fn parse_span(field: &str, parts: [&str; 5]) -> Result<Span, (String, String)> {
    let [day, month, year, from, to] = parts;
    let day = parse_day("the date", day, month, year).map_err(|sentence| (field.to_owned(), sentence))?;
    let time = |part: &str, what: &str, text: &str| {
        parse_time(what, text).map_err(|sentence| (format!("{field}-{part}"), sentence))
    };
    let from = time("from", "the start", from)?;
    let to = time("to", "the end", to)?;
    if to <= from {
        return Err((format!("{field}-to"), "The end must be after the start, on the same day".to_owned()));
    }
    Ok(Span { starts_at: from_london(day.and_time(from)), ends_at: from_london(day.and_time(to)) })
}

fn parse_optional_day<'a>(
    value: impl Fn(&str) -> &'a str,
    field: &str,
    what: &str,
    problems: &mut Problems,
) -> Option<NaiveDate> {
    let parts = ["day", "month", "year"].map(|part| value(&format!("{field}-{part}")));
    if parts.iter().all(|part| part.trim().is_empty()) {
        return None;
    }
    parse_day(what, parts[0], parts[1], parts[2]).map_err(|sentence| problems.push((field.to_owned(), sentence))).ok()
}

fn parse_moment<'a>(
    value: impl Fn(&str) -> &'a str + Copy,
    field: &str,
    what: &str,
    without_time: NaiveTime,
    problems: &mut Problems,
) -> Option<DateTime<Utc>> {
    let day = parse_optional_day(value, field, what, problems)?;
    let time_field = format!("{field}-time");
    let time = match value(&time_field).trim() {
        "" => without_time,
        text => match parse_time("the time", text) {
            Ok(time) => time,
            Err(sentence) => {
                problems.push((time_field, sentence));
                return None;
            }
        },
    };
    Some(from_london(day.and_time(time)))
}

fn is_link(link: &str) -> bool {
    link.starts_with("https://")
        && link.len() > "https://".len() + 3
        && link.chars().count() <= LINK_LENGTH
        && !link.contains(|letter: char| letter.is_whitespace() || letter.is_control())
}
