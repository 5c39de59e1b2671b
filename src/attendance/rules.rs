//! What a register can say, when it is open, and what becomes of a booking over all dates of its session.

use crate::bookings::rules::Outcome;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// What a register says of one person on one date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Mark {
    /// Nothing recorded yet.
    Unmarked,
    /// There.
    Present,
    /// Came late, let in.
    Late,
    /// Went before the end.
    LeftEarly,
    /// Came after the policy's minutes.
    RefusedLate,
    /// Not there.
    DidNotAttend,
    /// The office excused the absence.
    Excused,
}

/// The register opens this long before the start of its date: people arrive early and sign in at the door.
pub const OPENS_BEFORE_START: Duration = Duration::minutes(60);
/// Trainers can correct a submitted register for so long; then it is locked.
pub const LOCKED_AFTER: Duration = Duration::days(7);
/// Nobody is later than a day.
pub const MOST_MINUTES_LATE: i32 = 24 * 60;
/// Access needs are shown to accepted trainers this long before the start.
pub const NEEDS_SHOWN_BEFORE: Duration = Duration::days(14);
/// They are erased this long after the end.
pub const NEEDS_FORGOTTEN_AFTER: Duration = Duration::days(7);

impl Mark {
    /// Every mark, the commonest first.
    pub const ALL: [Self; 7] = [
        Self::Present,
        Self::Late,
        Self::DidNotAttend,
        Self::LeftEarly,
        Self::RefusedLate,
        Self::Excused,
        Self::Unmarked,
    ];

    /// Its word in forms and requests.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unmarked => "unmarked",
            Self::Present => "present",
            Self::Late => "late",
            Self::LeftEarly => "left_early",
            Self::RefusedLate => "refused_late",
            Self::DidNotAttend => "did_not_attend",
            Self::Excused => "excused",
        }
    }

    /// The mark of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.word() == word)
    }

    /// What people read.
    pub fn text(self) -> &'static str {
        match self {
            Self::Unmarked => "Not marked",
            Self::Present => "Present",
            Self::Late => "Late",
            Self::LeftEarly => "Left early",
            Self::RefusedLate => "Refused, too late",
            Self::DidNotAttend => "Did not attend",
            Self::Excused => "Excused",
        }
    }

    /// Whether the person was there for the whole date.
    pub fn is_there(self) -> bool {
        matches!(self, Self::Present | Self::Late)
    }
}

/// Where a register stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterState {
    /// Opens at this moment.
    NotYetOpen(DateTime<Utc>),
    /// Can be marked.
    Open,
    /// Submitted; trainers can still correct it until this moment.
    Submitted(DateTime<Utc>),
    /// Only the office corrects it, with a reason.
    Locked,
}

/// Where a register stands at `now`.
pub fn register_state(
    starts_at: DateTime<Utc>,
    submitted_at: Option<DateTime<Utc>>,
    locked_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> RegisterState {
    match (submitted_at, locked_at) {
        (_, Some(locked)) if locked <= now => RegisterState::Locked,
        (Some(submitted), _) if now >= submitted + LOCKED_AFTER => RegisterState::Locked,
        (Some(submitted), _) => RegisterState::Submitted(submitted + LOCKED_AFTER),
        (None, _) if now < starts_at - OPENS_BEFORE_START => RegisterState::NotYetOpen(starts_at - OPENS_BEFORE_START),
        (None, _) => RegisterState::Open,
    }
}

/// What somebody wants to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkRequest {
    /// The mark.
    pub mark: Mark,
    /// How late, where that is known.
    pub minutes_late: Option<i32>,
    /// Why a locked register is corrected.
    pub reason: Option<String>,
}

/// Why a mark is refused; the message is what the trainer reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkRefused {
    /// Too early.
    #[error("The register opens 60 minutes before the start")]
    NotYetOpen,
    /// Too early to submit.
    #[error("A register can be submitted once the session has started")]
    NotStarted,
    /// Only the office, from now on.
    #[error("This register is locked. Ask the office to correct it.")]
    Locked,
    /// The office corrects a locked register only with a reason.
    #[error("Write why the locked register is corrected")]
    ReasonMissing,
    /// Trainers record what they saw.
    #[error("Only the office marks somebody as excused")]
    OnlyTheOfficeExcuses,
    /// Minutes out of range.
    #[error("Minutes late must be a whole number between 1 and 1,440")]
    MinutesOutOfRange,
}

/// Decides whether somebody may record a mark. `current` is what the register says now: keeping it is always allowed
/// to whoever may write at all.
pub fn decide_mark(
    state: RegisterState,
    is_office: bool,
    request: &MarkRequest,
    current: Mark,
) -> Result<(), MarkRefused> {
    match state {
        RegisterState::NotYetOpen(_) => return Err(MarkRefused::NotYetOpen),
        RegisterState::Locked if !is_office => return Err(MarkRefused::Locked),
        RegisterState::Locked if request.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) => {
            return Err(MarkRefused::ReasonMissing);
        }
        _ => {}
    }
    let changes_excuse = request.mark != current && (request.mark == Mark::Excused || current == Mark::Excused);
    if changes_excuse && !is_office {
        return Err(MarkRefused::OnlyTheOfficeExcuses);
    }
    match request.minutes_late {
        Some(minutes) if !(1..=MOST_MINUTES_LATE).contains(&minutes) => Err(MarkRefused::MinutesOutOfRange),
        _ => Ok(()),
    }
}

/// Decides whether somebody may submit the register of a date that starts at `starts_at`. Until then a place can be
/// given back or handed on, and nobody can be said to have stayed away.
pub fn decide_submit(
    state: RegisterState,
    is_office: bool,
    starts_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), MarkRefused> {
    match state {
        RegisterState::Locked if !is_office => Err(MarkRefused::Locked),
        _ if now < starts_at => Err(MarkRefused::NotStarted),
        _ => Ok(()),
    }
}

/// Reads minutes as typed: nothing, or a whole number between 1 and 1,440.
pub fn read_minutes(text: &str) -> Result<Option<i32>, MarkRefused> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<i32>() {
        Ok(minutes) if (1..=MOST_MINUTES_LATE).contains(&minutes) => Ok(Some(minutes)),
        _ => Err(MarkRefused::MinutesOutOfRange),
    }
}

/// What became of a place, from its marks on all dates. None while a date is unmarked. Attended: there on every date.
/// Part attended: there for some of it. With nobody there at all: refused late if they came too late on any date,
/// excused if the office excused every date, else did not attend.
pub fn outcome_of(marks: &[Mark]) -> Option<Outcome> {
    if marks.is_empty() || marks.contains(&Mark::Unmarked) {
        return None;
    }
    let came = |mark: &Mark| mark.is_there() || *mark == Mark::LeftEarly;
    Some(if marks.iter().all(|mark| mark.is_there()) {
        Outcome::Attended
    } else if marks.iter().any(came) {
        Outcome::PartAttended
    } else if marks.contains(&Mark::RefusedLate) {
        Outcome::RefusedLate
    } else if marks.iter().all(|mark| *mark == Mark::Excused) {
        Outcome::Excused
    } else {
        Outcome::DidNotAttend
    })
}

/// "14 of 18 marked".
pub fn counter_text(marked: usize, people: usize) -> String {
    format!("{marked} of {people} marked")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use rstest::rstest;

    fn at(hour: u32, minute: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2025, 3, 17, hour, minute, 0).unwrap()
    }

    #[test]
    fn a_register_is_submitted_from_the_start_on() {
        let starts = at(10, 0);
        let submit = |is_office, locked_at, now| {
            decide_submit(register_state(starts, None, locked_at, now), is_office, starts, now)
        };
        assert_eq!(submit(true, None, at(9, 59)), Err(MarkRefused::NotStarted));
        assert_eq!(submit(false, None, at(10, 0)), Ok(()));
        assert_eq!(submit(false, Some(at(11, 0)), at(12, 0)), Err(MarkRefused::Locked));
        assert_eq!(submit(true, Some(at(11, 0)), at(12, 0)), Ok(()));
    }

    #[test]
    fn a_register_opens_an_hour_before_and_locks_seven_days_after_it_was_submitted() {
        let starts = at(10, 0);
        assert_eq!(register_state(starts, None, None, at(8, 59)), RegisterState::NotYetOpen(at(9, 0)));
        assert_eq!(register_state(starts, None, None, at(9, 0)), RegisterState::Open);
        let submitted = Some(at(13, 0));
        let week = Duration::days(7);
        assert_eq!(register_state(starts, submitted, None, at(13, 1)), RegisterState::Submitted(at(13, 0) + week));
        assert_eq!(register_state(starts, submitted, None, at(13, 0) + week), RegisterState::Locked);
        assert_eq!(register_state(starts, submitted, Some(at(14, 0)), at(15, 0)), RegisterState::Locked);
        // A register that was never submitted stays open: nothing is charged from it.
        assert_eq!(register_state(starts, None, None, at(9, 0) + week * 10), RegisterState::Open);
    }

    #[rstest]
    #[case(&[Mark::Present, Mark::Late], Some(Outcome::Attended))]
    #[case(&[Mark::Present, Mark::DidNotAttend], Some(Outcome::PartAttended))]
    #[case(&[Mark::LeftEarly], Some(Outcome::PartAttended))]
    #[case(&[Mark::LeftEarly, Mark::DidNotAttend], Some(Outcome::PartAttended))]
    #[case(&[Mark::Excused, Mark::Present], Some(Outcome::PartAttended))]
    #[case(&[Mark::Excused, Mark::Excused], Some(Outcome::Excused))]
    #[case(&[Mark::Excused, Mark::DidNotAttend], Some(Outcome::DidNotAttend))]
    #[case(&[Mark::RefusedLate, Mark::DidNotAttend], Some(Outcome::RefusedLate))]
    #[case(&[Mark::DidNotAttend], Some(Outcome::DidNotAttend))]
    #[case(&[Mark::DidNotAttend, Mark::Unmarked], None)]
    #[case(&[], None)]
    fn outcomes_over_all_dates(#[case] marks: &[Mark], #[case] expected: Option<Outcome>) {
        assert_eq!(outcome_of(marks), expected);
    }

    #[test]
    fn trainers_record_what_they_saw_and_only_the_office_excuses() {
        let request = |mark| MarkRequest { mark, minutes_late: None, reason: None };
        let open = RegisterState::Open;
        assert_eq!(
            decide_mark(open, false, &request(Mark::Excused), Mark::Unmarked),
            Err(MarkRefused::OnlyTheOfficeExcuses)
        );
        assert_eq!(
            decide_mark(open, false, &request(Mark::Present), Mark::Excused),
            Err(MarkRefused::OnlyTheOfficeExcuses)
        );
        assert_eq!(decide_mark(open, false, &request(Mark::Excused), Mark::Excused), Ok(()));
        assert_eq!(decide_mark(open, true, &request(Mark::Excused), Mark::Unmarked), Ok(()));
    }

    #[test]
    fn a_locked_register_is_corrected_by_the_office_with_a_reason() {
        let mut request = MarkRequest { mark: Mark::Present, minutes_late: None, reason: None };
        let locked = RegisterState::Locked;
        assert_eq!(decide_mark(locked, false, &request, Mark::DidNotAttend), Err(MarkRefused::Locked));
        assert_eq!(decide_mark(locked, true, &request, Mark::DidNotAttend), Err(MarkRefused::ReasonMissing));
        request.reason = Some("She signed the paper list".into());
        assert_eq!(decide_mark(locked, true, &request, Mark::DidNotAttend), Ok(()));
    }

    #[test]
    fn minutes_are_whole_and_within_a_day() {
        assert_eq!(read_minutes(" 15 "), Ok(Some(15)));
        assert_eq!(read_minutes(""), Ok(None));
        for text in ["0", "-3", "1.5", "9999", "ten", "99999999999"] {
            assert_eq!(read_minutes(text), Err(MarkRefused::MinutesOutOfRange), "{text}");
        }
    }

    #[test]
    fn every_mark_has_a_word_and_a_text_of_its_own() {
        for mark in Mark::ALL {
            assert_eq!(Mark::from_word(mark.word()), Some(mark));
        }
        assert_eq!(Mark::from_word("absent"), None);
        let texts: std::collections::BTreeSet<_> = Mark::ALL.map(Mark::text).into();
        assert_eq!(texts.len(), Mark::ALL.len());
    }

    #[test]
    fn a_lock_that_is_still_to_come_does_not_lock_yet() {
        let (starts, submitted) = (at(10, 0), at(13, 0));
        let state = |now| register_state(starts, Some(submitted), Some(at(15, 0)), now);
        assert_eq!(state(at(14, 59)), RegisterState::Submitted(submitted + Duration::days(7)));
        assert_eq!(state(at(15, 0)), RegisterState::Locked);
    }

    #[test]
    fn nothing_is_marked_before_the_register_opens_and_nobody_is_later_than_a_day() {
        let late = |minutes| MarkRequest { mark: Mark::Late, minutes_late: Some(minutes), reason: None };
        let early = decide_mark(RegisterState::NotYetOpen(at(9, 0)), true, &late(5), Mark::Unmarked);
        assert_eq!(early, Err(MarkRefused::NotYetOpen));
        let mark = |minutes| decide_mark(RegisterState::Open, false, &late(minutes), Mark::Unmarked);
        assert_eq!((mark(1), mark(1_440)), (Ok(()), Ok(())));
        assert_eq!(mark(0), Err(MarkRefused::MinutesOutOfRange));
        assert_eq!(mark(1_441), Err(MarkRefused::MinutesOutOfRange));
        assert_eq!(
            (read_minutes("1440"), read_minutes("1441")),
            (Ok(Some(1_440)), Err(MarkRefused::MinutesOutOfRange))
        );
    }

    #[test]
    fn trainers_change_every_other_mark_themselves() {
        let present = MarkRequest { mark: Mark::Present, minutes_late: None, reason: None };
        assert_eq!(decide_mark(RegisterState::Open, false, &present, Mark::Unmarked), Ok(()));
        assert_eq!(decide_mark(RegisterState::Submitted(at(13, 0)), false, &present, Mark::DidNotAttend), Ok(()));
    }

    #[test]
    fn a_blank_reason_is_none() {
        let blank = MarkRequest { mark: Mark::Present, minutes_late: None, reason: Some(" ".into()) };
        assert_eq!(
            decide_mark(RegisterState::Locked, true, &blank, Mark::DidNotAttend),
            Err(MarkRefused::ReasonMissing)
        );
    }

    #[test]
    fn the_counter_reads_as_words() {
        assert_eq!(counter_text(14, 18), "14 of 18 marked");
    }
}
