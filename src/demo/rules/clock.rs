//! Where the demonstration's clock starts and where it can be moved. It is never moved back.

use chrono::{DateTime, Duration, Utc};

/// Monday 22 March 2021, 09:00 London (and UTC: clocks go forward on the 28th).
pub const START: &str = "2021-03-22T09:00:00Z";
/// The prepared session begins on Wednesday 31 March 2021 at 10:00 London, which is summer time.
pub const PREPARED_STARTS: &str = "2021-03-31T09:00:00Z";
/// It ends at noon.
pub const PREPARED_ENDS: &str = "2021-03-31T11:00:00Z";

/// Reads one of the moments above.
pub fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or(DateTime::UNIX_EPOCH)
}

/// A move of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// To the start of the next session.
    SessionStart,
    /// To the end of the session that runs or comes next.
    SessionEnd,
    /// One day on.
    Day,
    /// So many days after the end of the last session.
    DaysAfterLast(i64),
}

impl Move {
    /// The move behind a button's value.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "session-start" => Some(Self::SessionStart),
            "session-end" => Some(Self::SessionEnd),
            "day" => Some(Self::Day),
            "day-21" => Some(Self::DaysAfterLast(21)),
            "day-90" => Some(Self::DaysAfterLast(90)),
            _ => None,
        }
    }
}

/// From when to when a session lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its start.
    pub starts: DateTime<Utc>,
    /// Its end.
    pub ends: DateTime<Utc>,
}

/// The prepared session.
pub fn prepared() -> Span {
    Span { starts: moment(PREPARED_STARTS), ends: moment(PREPARED_ENDS) }
}

/// Where a move leads: to a later moment, or nowhere. `own` are the sessions of the person who is signed in; the
/// prepared session stands in when none of them will do. Days are counted from the session that ended last, or, while
/// that would not lead forward, from the next one.
pub fn decide_move(to: Move, own: &[Span], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let first_of = |spans: &[Span]| match to {
        Move::Day => Some(now + Duration::days(1)),
        Move::SessionStart => spans.iter().map(|span| span.starts).filter(|start| *start > now).min(),
        Move::SessionEnd => spans.iter().map(|span| span.ends).filter(|end| *end > now).min(),
        Move::DaysAfterLast(days) => {
            let target = |end: DateTime<Utc>| end + Duration::days(days);
            let last = spans.iter().map(|span| span.ends).filter(|end| *end <= now).max().map(target);
            let next = spans.iter().map(|span| span.ends).filter(|end| *end > now).min().map(target);
            last.filter(|moment| *moment > now).or(next)
        }
    };
    first_of(own).or_else(|| first_of(&[prepared()])).filter(|moment| *moment > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn span(starts: &str, ends: &str) -> Span {
        Span { starts: at(starts), ends: at(ends) }
    }

    #[test]
    fn the_moments_are_the_ones_in_london() {
        use crate::calendar::rules::{moment_text, span_text};
        assert_eq!(moment_text(moment(START)), "9am on Monday 22 March 2021");
        assert_eq!(span_text(prepared().starts, prepared().ends), "Wednesday 31 March 2021, 10am to 12pm");
    }

    #[test]
    fn a_stranger_goes_to_the_prepared_session() {
        let now = at(START);
        assert_eq!(decide_move(Move::SessionStart, &[], now), Some(at(PREPARED_STARTS)));
        assert_eq!(decide_move(Move::SessionEnd, &[], at(PREPARED_STARTS)), Some(at(PREPARED_ENDS)));
        assert_eq!(decide_move(Move::SessionEnd, &[], at(PREPARED_ENDS)), None);
        assert_eq!(decide_move(Move::DaysAfterLast(21), &[], at(PREPARED_ENDS)), Some(at("2021-04-21T11:00:00Z")));
        assert_eq!(decide_move(Move::DaysAfterLast(90), &[], now), Some(at("2021-06-29T11:00:00Z")));
    }

    #[test]
    fn ones_own_sessions_go_first() {
        let own = [
            span("2021-03-10T10:00:00Z", "2021-03-10T12:00:00Z"),
            span("2021-03-25T10:00:00Z", "2021-03-25T12:00:00Z"),
        ];
        let now = at(START);
        assert_eq!(decide_move(Move::SessionStart, &own, now), Some(at("2021-03-25T10:00:00Z")));
        assert_eq!(decide_move(Move::DaysAfterLast(21), &own, now), Some(at("2021-03-31T12:00:00Z")));
    }

    #[test]
    fn the_clock_never_goes_back() {
        let now = at("2022-01-01T00:00:00Z");
        for to in [Move::SessionStart, Move::SessionEnd, Move::DaysAfterLast(21), Move::DaysAfterLast(90)] {
            assert_eq!(decide_move(to, &[], now), None, "{to:?}");
        }
        assert_eq!(decide_move(Move::Day, &[], now), Some(at("2022-01-02T00:00:00Z")));
        assert_eq!(Move::parse("yesterday"), None);
    }
}
