//! What may be done to a session: publish, move, cancel; and what clashes with what.

use super::{Mode, SessionDetails, SessionEdit, SessionId, SessionState, SessionStatus, Span, VenueId};
use crate::{
    accounts::rules::PersonId,
    calendar::{
        notice::MissingYear,
        rules::{moment_text, span_text},
    },
    courses::rules::{CourseKind, CourseStatus},
};
use chrono::{DateTime, Duration, Utc};

/// An online session may be published without its link until so long before the start.
const LINK_NEEDED_BEFORE: Duration = Duration::days(2);

/// What must hold before a session is shown to everyone.
#[derive(Clone, Debug)]
pub struct PublishFacts {
    /// The course's state and kind.
    pub course: (CourseStatus, CourseKind),
    /// Its dates.
    pub dates: Vec<Span>,
    /// In a room or by video call.
    pub mode: Mode,
    /// The room, if one is chosen: its name, how many people it takes, and whether it is closed.
    pub venue: Option<(String, i32, bool)>,
    /// Whether the link of the call is known.
    pub has_link: bool,
    /// How many places.
    pub capacity: i32,
    /// Until when a place can be cancelled free of charge; None while the board has no charging policy.
    pub cancel_by: Option<Result<DateTime<Utc>, MissingYear>>,
}

/// Why a session cannot be published, by field of its form; empty means that it can.
pub fn publish_refusals(facts: &PublishFacts, now: DateTime<Utc>) -> Vec<(&'static str, String)> {
    let mut refusals = Vec::new();
    match facts.course {
        (CourseStatus::Live, CourseKind::Live) => {}
        (CourseStatus::Live, _) => {
            refusals.push(("course", "Recordings and e-learning have no sessions: choose another course".to_owned()));
        }
        (_, _) => refusals.push(("course", "Show the course to everyone first, then publish its sessions".to_owned())),
    }
    match facts.dates.first() {
        None => refusals.push(("date1", "Enter the date of the session".to_owned())),
        Some(first) if first.starts_at <= now => {
            refusals.push(("date1", "The session starts in the past: choose a date from now on".to_owned()));
        }
        Some(first) => {
            let is_soon = first.starts_at - now < LINK_NEEDED_BEFORE;
            if facts.mode == Mode::Online && !facts.has_link && is_soon {
                let sentence = "Enter the link: the session starts in less than 2 days, and people need it to join";
                refusals.push(("link", sentence.to_owned()));
            }
        }
    }
    if facts.mode == Mode::Venue {
        match &facts.venue {
            None => refusals.push(("venue", "Choose the venue".to_owned())),
            Some((name, _, true)) => {
                refusals.push(("venue", format!("{name} is closed: reopen it or choose another venue")));
            }
            Some((name, room, false)) if facts.capacity > *room => {
                let sentence =
                    format!("{name} takes {room} people: enter {room} places or fewer, or choose another venue");
                refusals.push(("capacity", sentence));
            }
            Some(_) => {}
        }
    }
    match facts.cancel_by {
        Some(Ok(_)) => {}
        Some(Err(missing)) => refusals.push((
            "date1",
            format!(
                "{missing}. Enter the bank holidays of that year first: people must be told until when they can cancel"
            ),
        )),
        None => refusals.push((
            "",
            "The board has no charging policy yet, so nobody can be told until when to cancel: enter it first"
                .to_owned(),
        )),
    }
    refusals
}

/// What a change takes from people who already have a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Move {
    /// Date or time.
    pub time: bool,
    /// Venue or mode.
    pub place: bool,
}

impl Move {
    /// Compares what is stored with what was typed.
    pub fn between(details: &SessionDetails, edit: &SessionEdit) -> Self {
        let stored: Vec<Span> = details.spans();
        Self {
            time: stored != edit.dates,
            place: details.mode != edit.mode || details.venue.as_ref().map(|venue| venue.id) != edit.venue,
        }
    }

    /// Whether anything moves.
    pub fn is_any(&self) -> bool {
        self.time || self.place
    }
}

/// A date that a session no longer has, as calendars know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoneDate {
    /// Its place among the session's dates, from 1.
    pub number: usize,
    /// When it would have been.
    pub span: Span,
}

/// The dates that a change takes away. The remaining ones keep their numbers.
pub fn gone_dates(details: &SessionDetails, edit: &SessionEdit) -> Vec<GoneDate> {
    let spans = details.spans().into_iter().enumerate().skip(edit.dates.len());
    spans.map(|(index, span)| GoneDate { number: index + 1, span }).collect()
}

/// What people with a place have to know of a change that moves nothing, as a sentence; None where there is nothing.
/// Without the right link nobody comes in; the other instructions are read on the booking's page.
pub fn new_details(details: &SessionDetails, edit: &SessionEdit) -> Option<&'static str> {
    (details.online_link != edit.online_link).then_some("The link to join is new.")
}

/// Why a typed change is refused, by field; empty means that it is not. What people with a place rely on stays as it is
/// once the session has begun.
pub fn change_refusals(
    details: &SessionDetails,
    edit: &SessionEdit,
    now: DateTime<Utc>,
) -> Vec<(&'static str, String)> {
    let mut refusals = Vec::new();
    let change = Move::between(details, edit);
    let is_public = details.status != SessionStatus::Draft;
    if edit.capacity < details.held + details.reserved {
        let sentence = match details.reserved {
            0 => format!("{} places are taken: enter {0} places or more", details.held),
            kept => format!(
                "{} places are taken and {kept} are reserved: enter {} places or more, or release the reserved ones first",
                details.held,
                details.held + kept
            ),
        };
        refusals.push(("capacity", sentence));
    }
    if is_public && edit.course != details.course_id {
        refusals.push((
            "course",
            "The course of a published session cannot be changed: cancel it and add a new one".into(),
        ));
    }
    if is_public && change.is_any() && now >= details.starts_at {
        refusals.push(("date1", "The session has begun, so its dates and its place can no longer be changed".into()));
    } else if is_public && change.time && edit.starts_at().is_some_and(|starts| starts <= now) {
        refusals.push(("date1", "The new date is in the past: choose a date from now on".into()));
    }
    refusals
}

/// Why a session can no longer be called off, if so.
pub fn cancel_refusal(details: &SessionDetails, now: DateTime<Utc>) -> Option<String> {
    match details.state(now) {
        SessionState::Draft | SessionState::Published | SessionState::Closed => None,
        SessionState::Delivered => Some(
            "This session has taken place and its register is submitted, so it can no longer be cancelled.".to_owned(),
        ),
        SessionState::Cancelled => {
            let when = details.cancelled_at.map(|at| format!(" at {}", moment_text(at))).unwrap_or_default();
            Some(format!("This session was already cancelled{when}. Nobody is told again."))
        }
        SessionState::Archived => Some("This session is archived, so it can no longer be cancelled.".to_owned()),
    }
}

/// A date of another session, as far as it can clash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherDate {
    /// The other session.
    pub session: SessionId,
    /// Its course's title.
    pub title: String,
    /// Its room.
    pub venue: Option<VenueId>,
    /// When.
    pub span: Span,
    /// Its trainers, offered or accepted, with their names.
    pub trainers: Vec<(PersonId, String)>,
}

/// What clashes with a session, as sentences: the same room or the same trainer at the same time.
pub fn clashes(
    dates: &[Span],
    venue: Option<VenueId>,
    trainers: &[PersonId],
    others: &[OtherDate],
) -> Vec<(SessionId, String)> {
    let mut found: Vec<(SessionId, String)> = Vec::new();
    for other in others.iter().filter(|other| dates.iter().any(|date| date.overlaps(other.span))) {
        let when = span_text(other.span.starts_at, other.span.ends_at);
        if venue.is_some() && venue == other.venue {
            found.push((other.session, format!("The same venue is taken by “{}”, {when}.", other.title)));
        }
        for (_, name) in other.trainers.iter().filter(|(person, _)| trainers.contains(person)) {
            found.push((other.session, format!("{name} is also asked for “{}”, {when}.", other.title)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn span(starts: &str, ends: &str) -> Span {
        Span { starts_at: at(starts), ends_at: at(ends) }
    }

    fn facts() -> PublishFacts {
        PublishFacts {
            course: (CourseStatus::Live, CourseKind::Live),
            dates: vec![span("2025-03-17T10:00:00Z", "2025-03-17T13:00:00Z")],
            mode: Mode::Venue,
            venue: Some(("Town hall".into(), 20, false)),
            has_link: false,
            capacity: 20,
            cancel_by: Some(Ok(at("2025-03-06T23:59:00Z"))),
        }
    }

    fn fields(facts: &PublishFacts, now: &str) -> Vec<&'static str> {
        publish_refusals(facts, at(now)).into_iter().map(|(field, _)| field).collect()
    }

    const NOW: &str = "2025-03-03T09:00:00Z";

    #[test]
    fn a_complete_session_can_be_published() {
        assert!(fields(&facts(), NOW).is_empty());
    }

    #[test]
    fn what_is_missing_is_told_by_field() {
        let with = |change: fn(&mut PublishFacts)| {
            let mut facts = facts();
            change(&mut facts);
            fields(&facts, NOW)
        };
        assert_eq!(with(|facts| facts.course.0 = CourseStatus::Draft), ["course"]);
        assert_eq!(with(|facts| facts.course.1 = CourseKind::Recording), ["course"]);
        assert_eq!(with(|facts| facts.dates.clear()), ["date1"]);
        assert_eq!(with(|facts| facts.venue = None), ["venue"]);
        assert_eq!(with(|facts| facts.venue = Some(("Hall".into(), 20, true))), ["venue"]);
        assert_eq!(with(|facts| facts.capacity = 21), ["capacity"]);
        assert_eq!(with(|facts| facts.cancel_by = Some(Err(MissingYear(2025)))), ["date1"]);
        assert_eq!(with(|facts| facts.cancel_by = None), [""]);
        assert_eq!(fields(&facts(), "2025-03-17T10:00:00Z"), ["date1"], "it has begun");
    }

    #[test]
    fn the_link_may_come_later_but_not_at_the_last_moment() {
        let online = PublishFacts { mode: Mode::Online, venue: None, ..facts() };
        assert!(fields(&online, NOW).is_empty());
        assert!(fields(&online, "2025-03-15T10:00:00Z").is_empty());
        assert_eq!(fields(&online, "2025-03-15T10:00:01Z"), ["link"]);
        let with_link = PublishFacts { has_link: true, ..online };
        assert!(fields(&with_link, "2025-03-15T10:00:01Z").is_empty());
    }

    #[test]
    fn rooms_and_trainers_clash_only_at_the_same_time() {
        let other = |starts, ends| OtherDate {
            session: SessionId(9),
            title: "Exploitation".into(),
            venue: Some(VenueId(1)),
            span: span(starts, ends),
            trainers: vec![(PersonId(4), "Rob Lee".into())],
        };
        let dates = facts().dates;
        let overlapping = [other("2025-03-17T12:00:00Z", "2025-03-17T14:00:00Z")];
        assert_eq!(clashes(&dates, Some(VenueId(1)), &[PersonId(4)], &overlapping).len(), 2);
        assert_eq!(clashes(&dates, Some(VenueId(2)), &[PersonId(5)], &overlapping), []);
        assert_eq!(clashes(&dates, None, &[], &overlapping), []);
        let right_after = [other("2025-03-17T13:00:00Z", "2025-03-17T14:00:00Z")];
        assert_eq!(clashes(&dates, Some(VenueId(1)), &[PersonId(4)], &right_after), []);
    }
}
