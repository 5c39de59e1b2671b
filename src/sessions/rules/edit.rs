//! What the office types about a session.

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

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(changes: &[(&str, &str)]) -> Result<SessionEdit, Problems> {
        let value = |field: &str| {
            let given = changes.iter().find(|(name, _)| *name == field).map(|(_, value)| *value);
            given.unwrap_or(match field {
                "course" => "1",
                "mode" => "venue",
                "venue" => "2",
                "capacity" => "20",
                "date1-day" => "17",
                "date1-month" => "3",
                "date1-year" => "2025",
                "date1-from" => "9:30",
                "date1-to" => "12:30",
                _ => "",
            })
        };
        SessionEdit::parse(value, |_| vec!["5", "5", "x"])
    }

    fn problem(changes: &[(&str, &str)]) -> String {
        parse(changes).unwrap_err()[0].0.clone()
    }

    #[test]
    fn a_session_is_read_as_typed() {
        let edit = parse(&[("opens-day", "1"), ("opens-month", "3"), ("opens-year", "2025")]).unwrap();
        assert_eq!(edit.starts_at().unwrap().to_rfc3339(), "2025-03-17T09:30:00+00:00");
        assert_eq!(edit.opens_at.unwrap().to_rfc3339(), "2025-03-01T00:00:00+00:00");
        assert_eq!(edit.trainers, [PersonId(5)]);
        assert_eq!((edit.venue, edit.online_link, edit.closes_at), (Some(VenueId(2)), None, None));
    }

    #[test]
    fn several_dates_are_put_in_order_and_must_not_overlap() {
        let second = [("dates", "2"), ("date2-day", "10"), ("date2-month", "3"), ("date2-year", "2025")];
        let with_times = |from, to| [&second[..], &[("date2-from", from), ("date2-to", to)]].concat();
        let edit = parse(&with_times("2pm", "4pm")).unwrap();
        assert_eq!(edit.dates.len(), 2);
        assert_eq!(edit.starts_at().unwrap().to_rfc3339(), "2025-03-10T14:00:00+00:00");
        let mut same_day = with_times("12pm", "1pm");
        same_day[1].1 = "17";
        assert_eq!(problem(&same_day), "date2");
        assert_eq!(problem(&with_times("4pm", "2pm")), "date2-to");
    }

    #[test]
    fn what_is_wrong_is_told_by_field() {
        assert_eq!(problem(&[("date1-day", ""), ("date1-month", ""), ("date1-year", "")]), "date1");
        assert_eq!(problem(&[("date1-day", "31"), ("date1-month", "2")]), "date1");
        assert_eq!(problem(&[("date1-from", "")]), "date1-from");
        assert_eq!(problem(&[("course", "")]), "course");
        assert_eq!(problem(&[("mode", "")]), "mode");
        assert_eq!(problem(&[("capacity", "0")]), "capacity");
        assert_eq!(problem(&[("capacity", "2001")]), "capacity");
        assert_eq!(problem(&[("minimum", "21")]), "minimum");
        assert_eq!(problem(&[("mode", "online"), ("link", "http://call.example/1")]), "link");
        let day = |field: &'static str, day: &'static str| -> Vec<(&'static str, &'static str)> {
            match field {
                "opens" => vec![("opens-day", day), ("opens-month", "3"), ("opens-year", "2025")],
                _ => vec![("closes-day", day), ("closes-month", "3"), ("closes-year", "2025")],
            }
        };
        assert_eq!(problem(&day("opens", "18")), "opens");
        assert_eq!(problem(&day("closes", "17")), "closes");
        assert_eq!(problem(&[day("opens", "10"), day("closes", "9")].concat()), "closes");
    }

    #[test]
    fn a_link_belongs_to_a_call_and_a_venue_to_a_room() {
        let link = "https://call.example/1";
        let online = parse(&[("mode", "online"), ("link", link)]).unwrap();
        assert_eq!((online.mode, online.venue, online.online_link.as_deref()), (Mode::Online, None, Some(link)));
        assert_eq!(parse(&[("mode", "online"), ("link", " ")]).unwrap().online_link, None);
        assert_eq!(parse(&[("link", link)]).unwrap().online_link, None, "in a room");
    }

    #[test]
    fn a_link_starts_with_https_and_has_no_gaps() {
        let taken = |link: &str| parse(&[("mode", "online"), ("link", link)]).is_ok();
        assert!(taken("https://a.uk"));
        let longest = format!("https://call.example/{}", "x".repeat(LINK_LENGTH - 21));
        assert!(taken(&longest));
        for link in [
            "https://a.b",
            "https://",
            "http://call.example/1",
            "call.example/1",
            "https://call example/1",
            "https://call.\u{7}example/1",
            &format!("{longest}x"),
        ] {
            assert!(!taken(link), "{link}");
        }
    }

    /// What is wrong with a session of 20 places whose decision is dated on a day of March 2025.
    fn decided(minimum: &str, day: &str) -> Result<Option<DateTime<Utc>>, Vec<String>> {
        parse(&[("minimum", minimum), ("go-day", day), ("go-month", "3"), ("go-year", "2025")])
            .map(|edit| edit.go_no_go_at)
            .map_err(|problems| problems.into_iter().map(|(field, _)| field).collect())
    }

    #[test]
    fn a_minimum_is_decided_about_on_the_day_of_the_session_at_the_latest() {
        let moment = |text: &str| Ok(Some(text.parse().unwrap()));
        assert_eq!(decided("8", "10"), moment("2025-03-10T23:59:00Z"));
        assert_eq!(decided("20", "17"), moment("2025-03-17T23:59:00Z"));
        assert_eq!(decided("8", "18"), Err(vec!["go".to_owned()]));
        assert_eq!(decided("", "10"), Err(vec!["minimum".to_owned()]), "nothing to decide about");
        assert_eq!(decided("some", "10"), Err(vec!["minimum".to_owned()]), "one sentence is enough");
        assert_eq!(parse(&[("minimum", "8")]).unwrap().minimum, Some(8));
    }

    #[test]
    fn booking_opens_before_the_start_and_closes_at_the_start_at_the_latest() {
        let at = |field: &'static str, time: &'static str| match field {
            "opens" => [("opens-day", "17"), ("opens-month", "3"), ("opens-year", "2025"), ("opens-time", time)],
            _ => [("closes-day", "17"), ("closes-month", "3"), ("closes-year", "2025"), ("closes-time", time)],
        };
        assert!(parse(&at("opens", "9:29")).is_ok());
        assert_eq!(problem(&at("opens", "9:30")), "opens", "nobody could ever book");
        let closes = parse(&at("closes", "9:30")).unwrap().closes_at;
        assert_eq!(closes, Some("2025-03-17T09:30:00Z".parse().unwrap()));
        assert_eq!(problem(&at("closes", "9:31")), "closes");
        assert_eq!(problem(&at("closes", "soon")), "closes-time");
        assert!(parse(&[at("opens", "8am"), at("closes", "9am")].concat()).is_ok());
        assert_eq!(problem(&[at("opens", "9am"), at("closes", "9am")].concat()), "closes");
    }

    #[test]
    fn instructions_have_a_longest_length_that_is_still_taken() {
        let longest = "ä".repeat(INSTRUCTIONS_LENGTH);
        assert_eq!(parse(&[("instructions", &longest)]).unwrap().joining_instructions, longest);
        assert_eq!(problem(&[("instructions", &format!("{longest}ä"))]), "instructions");
    }

    #[test]
    fn bookings_are_approved_only_where_the_office_ticked_it() {
        assert!(!parse(&[]).unwrap().needs_approval);
        assert!(parse(&[("approval", "yes")]).unwrap().needs_approval);
    }

    #[test]
    fn a_session_ends_with_its_last_date() {
        let second = [("dates", "2"), ("date2-day", "24"), ("date2-month", "3"), ("date2-year", "2025")];
        let edit = parse(&[&second[..], &[("date2-from", "2pm"), ("date2-to", "4pm")]].concat()).unwrap();
        assert_eq!(edit.ends_at().unwrap().to_rfc3339(), "2025-03-24T16:00:00+00:00");
    }
}
