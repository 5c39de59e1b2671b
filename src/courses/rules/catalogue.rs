//! The catalogue: which courses somebody looks for, and in which order they are shown.

use super::{CourseId, CourseKind};
use crate::{
    calendar::rules::{london_day, parse_day},
    sessions::rules::{BookingDoor, Mode, SessionSummary, VenueId},
};
use chrono::{DateTime, NaiveDate, Utc};
use std::cmp::Reverse;

/// A course as the catalogue shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueCourse {
    /// Which one.
    pub id: CourseId,
    /// Its address is /courses/{slug}.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// What it is about: "Neglect".
    pub topic: String,
    /// "Foundation".
    pub level: String,
    /// How it is taken.
    pub kind: CourseKind,
    /// How long it takes, in minutes.
    pub duration_minutes: i32,
    /// Who needs it, by role.
    pub audiences: Vec<String>,
    /// Its published sessions from some moment on, earliest first.
    pub upcoming: Vec<SessionSummary>,
}

/// Where somebody wants to learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// By video call.
    Online,
    /// In any room.
    AnyRoom,
    /// In this room.
    Room(VenueId),
    /// Recordings and e-learning.
    AnyTime,
}

/// In which order courses are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CatalogueOrder {
    /// The next date first.
    #[default]
    NextDate,
    /// By title.
    Title,
    /// The shortest first.
    Duration,
}

/// What somebody looks for; the default finds everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatalogueFilter {
    /// Words that title, summary, topic or audience hold, all of them.
    pub text: String,
    /// Exactly this topic.
    pub topic: String,
    /// Exactly this level.
    pub level: String,
    /// For this role.
    pub audience: String,
    /// Where.
    pub place: Option<Place>,
    /// Sessions on this London day or later.
    pub from: Option<NaiveDate>,
    /// Sessions on this London day or earlier.
    pub to: Option<NaiveDate>,
    /// Only what can be booked now.
    pub with_places: bool,
    /// The order.
    pub order: CatalogueOrder,
}

impl CatalogueFilter {
    /// Reads a filter from a query's fields. What cannot be read is left out and told, by field.
    pub fn parse<'a>(value: impl Fn(&str) -> &'a str) -> (Self, Vec<(&'static str, String)>) {
        let mut problems = Vec::new();
        let mut day = |field: &'static str, what: &str| {
            let parts = ["day", "month", "year"].map(|part| value(&format!("{field}-{part}")));
            if parts.iter().all(|part| part.trim().is_empty()) {
                return None;
            }
            parse_day(what, parts[0], parts[1], parts[2]).map_err(|sentence| problems.push((field, sentence))).ok()
        };
        let (from, to) = (day("from", "the first date"), day("to", "the last date"));
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            problems.push(("to", "The last date must be the same as or after the first date".to_owned()));
        }
        let filter = Self {
            text: value("q").trim().to_owned(),
            topic: value("topic").to_owned(),
            level: value("level").to_owned(),
            audience: value("role").to_owned(),
            place: Place::parse(value("place")),
            from,
            to,
            with_places: value("free") == "yes",
            order: match value("sort") {
                "title" => CatalogueOrder::Title,
                "duration" => CatalogueOrder::Duration,
                _ => CatalogueOrder::NextDate,
            },
        };
        (filter, problems)
    }

    /// Whether it leaves anything out.
    pub fn is_active(&self) -> bool {
        let all = Self { order: self.order, ..Self::default() };
        *self != all
    }

    /// Whether it asks for sessions, so that courses without a matching one are left out.
    fn asks_for_sessions(&self) -> bool {
        self.place.is_some() || self.from.is_some() || self.to.is_some() || self.with_places
    }

    fn finds_course(&self, course: &CatalogueCourse) -> bool {
        let same = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
        same(&self.topic, &course.topic)
            && same(&self.level, &course.level)
            && (self.audience.is_empty() || course.audiences.contains(&self.audience))
            && self.finds_words(course)
    }

    fn finds_words(&self, course: &CatalogueCourse) -> bool {
        if self.text.is_empty() {
            return true;
        }
        let text = [course.title.as_str(), &course.summary, &course.topic, &course.audiences.join(" ")]
            .join(" ")
            .to_lowercase();
        self.text.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }

    fn finds_session(&self, session: &SessionSummary, now: DateTime<Utc>) -> bool {
        let is_there = match self.place {
            None => true,
            Some(Place::Online) => session.mode == Mode::Online,
            Some(Place::AnyRoom) => session.mode == Mode::Venue,
            Some(Place::Room(venue)) => session.venue_id == Some(venue),
            Some(Place::AnyTime) => false,
        };
        is_there
            && session.starts_at > now
            && self.from.is_none_or(|from| london_day(session.starts_at) >= from)
            && self.to.is_none_or(|to| london_day(session.starts_at) <= to)
            && (!self.with_places || matches!(session.door(now), BookingDoor::Open { .. }))
    }

    /// Recordings and e-learning are there online, at any time and with room for everybody, but on no date.
    fn finds_on_demand(&self) -> bool {
        matches!(self.place, None | Some(Place::Online | Place::AnyTime)) && self.from.is_none() && self.to.is_none()
    }
}

impl Place {
    /// Reads "online", "room", "any-time" or a venue's number; anything else is no wish.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "online" => Some(Self::Online),
            "room" => Some(Self::AnyRoom),
            "any-time" => Some(Self::AnyTime),
            number => number.parse().ok().map(|id| Self::Room(VenueId(id))),
        }
    }
}

/// A course that was found, and its sessions that were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundCourse<'a> {
    /// The course.
    pub course: &'a CatalogueCourse,
    /// Its matching sessions that have not begun, earliest first.
    pub upcoming: Vec<&'a SessionSummary>,
}

/// The courses that somebody looks for, each with its matching sessions, in order.
pub fn catalogue_search<'a>(
    courses: &'a [CatalogueCourse],
    filter: &CatalogueFilter,
    now: DateTime<Utc>,
) -> Vec<FoundCourse<'a>> {
    let mut found: Vec<_> = courses
        .iter()
        .filter(|course| filter.finds_course(course))
        .map(|course| {
            let upcoming = course.upcoming.iter().filter(|session| filter.finds_session(session, now)).collect();
            FoundCourse { course, upcoming }
        })
        .filter(|found| match found.course.kind {
            CourseKind::Live => !filter.asks_for_sessions() || !found.upcoming.is_empty(),
            CourseKind::Recording | CourseKind::ELearning => filter.finds_on_demand(),
        })
        .collect();
    found.sort_by_cached_key(|found| found.course.title.to_lowercase());
    match filter.order {
        CatalogueOrder::Title => {}
        CatalogueOrder::Duration => found.sort_by_key(|found| found.course.duration_minutes),
        CatalogueOrder::NextDate => found.sort_by_key(|found| {
            let next = found.upcoming.first().map(|session| session.starts_at);
            // Dated courses, then what can be taken any time, then courses without a date.
            (next.is_none(), next, Reverse(found.course.kind != CourseKind::Live))
        }),
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sessions::rules::{SessionId, SessionStatus};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    const NOW: &str = "2025-03-03T09:00:00Z";

    fn session(starts: &str, held: i32, venue: Option<i64>) -> SessionSummary {
        SessionSummary {
            id: SessionId(1),
            course_id: CourseId(1),
            course_title: String::new(),
            course_slug: String::new(),
            status: SessionStatus::Published,
            mode: if venue.is_some() { Mode::Venue } else { Mode::Online },
            venue_id: venue.map(VenueId),
            venue_name: venue.map(|_| "Town hall".into()),
            capacity: 20,
            held,
            waiting: 0,
            reserved: 0,
            booking_opens_at: at("2025-01-01T09:00:00Z"),
            booking_closes_at: at(starts),
            starts_at: at(starts),
            ends_at: at(starts),
            version: 1,
        }
    }

    fn course(title: &str, kind: CourseKind, upcoming: Vec<SessionSummary>) -> CatalogueCourse {
        CatalogueCourse {
            id: CourseId(1),
            slug: String::new(),
            title: title.into(),
            summary: "Recognise it early".into(),
            topic: "Neglect".into(),
            level: "Foundation".into(),
            kind,
            duration_minutes: 60,
            audiences: vec!["Teacher".into()],
            upcoming,
        }
    }

    fn titles(filter: &CatalogueFilter) -> Vec<String> {
        let courses = vec![
            course("Without dates", CourseKind::Live, vec![]),
            course("Webinar", CourseKind::Recording, vec![]),
            course("Later, in a room", CourseKind::Live, vec![session("2025-03-20T10:00:00Z", 20, Some(7))]),
            course("Sooner, online", CourseKind::Live, vec![session("2025-03-10T23:30:00Z", 3, None)]),
        ];
        catalogue_search(&courses, filter, at(NOW)).into_iter().map(|found| found.course.title.clone()).collect()
    }

    #[test]
    fn everything_is_found_by_default_the_next_date_first() {
        assert_eq!(
            titles(&CatalogueFilter::default()),
            ["Sooner, online", "Later, in a room", "Webinar", "Without dates"]
        );
        let by_title = CatalogueFilter { order: CatalogueOrder::Title, ..Default::default() };
        assert_eq!(titles(&by_title), ["Later, in a room", "Sooner, online", "Webinar", "Without dates"]);
    }

    #[test]
    fn words_are_found_in_any_case_and_order() {
        let text = |text: &str| titles(&CatalogueFilter { text: text.into(), ..Default::default() });
        assert_eq!(text("EARLY webinar"), ["Webinar"]);
        assert_eq!(text("teacher").len(), 4);
        assert!(text("webinar room").is_empty());
    }

    #[test]
    fn another_topic_level_or_role_leaves_a_course_out() {
        let other = CatalogueCourse {
            topic: "Online safety".into(),
            level: "Advanced".into(),
            audiences: vec!["Nurse".into()],
            ..course("Other", CourseKind::Live, vec![])
        };
        let courses = [course("One", CourseKind::Live, vec![]), other];
        let found = |filter: CatalogueFilter| -> Vec<&str> {
            catalogue_search(&courses, &filter, at(NOW)).into_iter().map(|found| found.course.title.as_str()).collect()
        };
        let topic = |topic: &str| found(CatalogueFilter { topic: topic.into(), ..Default::default() });
        assert_eq!((topic("Neglect"), topic("Online safety")), (vec!["One"], vec!["Other"]));
        assert!(topic("Online").is_empty(), "a topic is chosen, not searched");
        let level = |level: &str| found(CatalogueFilter { level: level.into(), ..Default::default() });
        assert_eq!((level("Foundation"), level("Advanced")), (vec!["One"], vec!["Other"]));
        let role = |role: &str| found(CatalogueFilter { audience: role.into(), ..Default::default() });
        assert_eq!((role("Teacher"), role("Nurse")), (vec!["One"], vec!["Other"]));
        let (filter, problems) = CatalogueFilter::parse(|field| match field {
            "topic" => "Neglect",
            "level" => "Advanced",
            _ => "",
        });
        assert!(problems.is_empty() && filter.is_active() && found(filter).is_empty(), "both at once");
    }

    #[test]
    fn places_dates_and_free_places_leave_courses_without_such_a_session_out() {
        let place = |place| titles(&CatalogueFilter { place: Some(place), ..Default::default() });
        assert_eq!(place(Place::Online), ["Sooner, online", "Webinar"]);
        assert_eq!(place(Place::Room(VenueId(7))), ["Later, in a room"]);
        assert!(place(Place::Room(VenueId(8))).is_empty());
        assert_eq!(place(Place::AnyTime), ["Webinar"]);
        let free = CatalogueFilter { with_places: true, ..Default::default() };
        assert_eq!(titles(&free), ["Sooner, online", "Webinar"]);
        let on = |day: &str| CatalogueFilter { from: day.parse().ok(), to: day.parse().ok(), ..Default::default() };
        assert_eq!(titles(&on("2025-03-10")), ["Sooner, online"]);
        assert!(titles(&on("2025-03-11")).is_empty());
    }

    #[test]
    fn sessions_that_have_begun_are_not_shown() {
        let sessions = vec![session(NOW, 3, None), session("2025-03-03T09:00:01Z", 3, None)];
        let courses = [course("Today", CourseKind::Live, sessions)];
        let found = catalogue_search(&courses, &CatalogueFilter::default(), at(NOW));
        assert_eq!(found[0].upcoming, [&courses[0].upcoming[1]]);
    }

    #[test]
    fn dates_that_are_none_are_told_and_left_out() {
        let query = |field: &str| match field {
            "from-day" | "from-month" => "31",
            "from-year" => "2025",
            "topic" => "Neglect",
            _ => "",
        };
        let (filter, problems) = CatalogueFilter::parse(query);
        assert_eq!((filter.from, filter.topic.as_str()), (None, "Neglect"));
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].0, "from");
    }

    #[test]
    fn a_span_that_ends_before_it_begins_is_told() {
        let query = |field: &str| match field {
            "from-day" => "2",
            "to-day" => "1",
            "from-month" | "to-month" => "3",
            "from-year" | "to-year" => "2025",
            _ => "",
        };
        assert_eq!(CatalogueFilter::parse(query).1[0].0, "to");
    }
}
