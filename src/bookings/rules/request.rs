//! What happens to a request for a place.

use super::{Kept, Refusal};
use crate::{
    bookings::rules::BookingState,
    calendar::{notice, rules::short_day_text},
    courses::rules::CourseId,
    sessions::rules::{FIRST_COME_BEFORE_START, SessionStatus},
};
use chrono::{DateTime, Months, NaiveDate, Utc};

/// The places of a session, read in the transaction that will change them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seats {
    /// How many places there are.
    pub capacity: i32,
    /// How many are requested, offered or booked.
    pub held: i32,
    /// How many people wait.
    pub waiting: i32,
    /// How many free places are kept for agencies or sectors, whoever they are.
    pub reserved: i32,
    /// What of it is kept for the one who asks.
    pub kept: Kept,
}

impl Seats {
    /// Places that nobody holds and that are kept for nobody; 0 where the capacity was lowered below what is held.
    pub fn free(&self) -> i32 {
        (self.capacity - self.held - self.reserved).max(0)
    }

    /// Whether a place that is kept for the one who asks can be had. Nobody for whom it is kept too is passed.
    pub fn has_kept(&self, starts: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let goes_first = self.kept.waiting == 0 || now >= first_come_from(starts);
        self.kept.free > 0 && self.held < self.capacity && goes_first
    }

    /// Whether the one who asks has to wait: no place is free for them, or people wait for the free ones. In the last
    /// 24 hours the list no longer goes first.
    pub fn is_full(&self, starts: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let is_full = self.free() == 0 || (self.waiting > 0 && now < first_come_from(starts));
        is_full && !self.has_kept(starts, now)
    }
}

/// From when on the first to book has a freed place.
pub fn first_come_from(starts: DateTime<Utc>) -> DateTime<Utc> {
    starts - FIRST_COME_BEFORE_START
}

/// A course that has to be attended before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prerequisite {
    /// Which.
    pub course: CourseId,
    /// Its title.
    pub title: String,
}

/// What a session asks of those who book it.
#[derive(Clone, Debug)]
pub struct SessionTerms {
    /// Its stored state.
    pub status: SessionStatus,
    /// From when on it can be booked.
    pub booking_opens: DateTime<Utc>,
    /// From when on it can no longer be booked.
    pub booking_closes: DateTime<Utc>,
    /// When its first date starts.
    pub starts: DateTime<Utc>,
    /// The cut-off that the policy in force gives, before any grace.
    pub cancel_by: DateTime<Utc>,
    /// Whether the office approves each booking.
    pub needs_approval: bool,
    /// Until when a request made now would hold its place.
    pub approval_until: DateTime<Utc>,
    /// What has to be attended before.
    pub prerequisites: Vec<Prerequisite>,
}

/// Another session of the same person at the same time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The other course.
    pub title: String,
    /// When the other session's date starts.
    pub starts: DateTime<Utc>,
}

/// Who asks.
#[derive(Clone, Debug, Default)]
pub struct Applicant {
    /// The live booking that they already have on this session.
    pub live: Option<BookingState>,
    /// A place of theirs at the same time.
    pub clash: Option<Clash>,
    /// What they have attended, ever; and what they have completed elsewhere, where the session asks for a course first.
    pub completed: Vec<CourseId>,
    /// When they last attended this very course.
    pub trained_on: Option<NaiveDate>,
    /// Whether their agency approves each booking, or charges of the past ask for it.
    pub needs_approval: bool,
}

/// What happens to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They have the place.
    Book {
        /// Until when it can be given back free of charge; this moment is printed and governs.
        cancel_by: DateTime<Utc>,
    },
    /// The place is held until somebody approves.
    Approve {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// They join the waiting list.
    Wait {
        /// Where on it; 1 is the next.
        position: i32,
    },
}

/// Decides a request. A full session leads to the waiting list, never to a refusal, and nobody new passes people who
/// wait. Fails with the sentence that the person reads.
pub fn decide_request(
    seats: &Seats,
    terms: &SessionTerms,
    applicant: &Applicant,
    now: DateTime<Utc>,
) -> Result<Decision, Refusal> {
    check_open(terms, now)?;
    match applicant.live {
        Some(BookingState::Waitlisted) => return Err(Refusal::AlreadyWaiting),
        Some(BookingState::Requested) => return Err(Refusal::AlreadyRequested),
        Some(BookingState::Offered) => return Err(Refusal::AlreadyOffered),
        Some(_) => return Err(Refusal::AlreadyBooked),
        None => {}
    }
    decide_acceptance(terms, applicant)?;
    if seats.is_full(terms.starts, now) {
        return Ok(Decision::Wait { position: seats.waiting + 1 });
    }
    if terms.needs_approval || applicant.needs_approval {
        return Ok(Decision::Approve { until: terms.approval_until.min(terms.starts) });
    }
    Ok(Decision::Book { cancel_by: notice::or_grace(terms.cancel_by, now, terms.starts) })
}

/// Decides whether somebody can have a place at all, for a request and again when an offer is accepted: they may have
/// booked something else while they waited. Fails with `Clash` or `PrerequisiteMissing`.
pub fn decide_acceptance(terms: &SessionTerms, applicant: &Applicant) -> Result<(), Refusal> {
    if let Some(clash) = &applicant.clash {
        return Err(Refusal::Clash { clash: clash.clone() });
    }
    match first_missing(terms, applicant) {
        Some(missing) => Err(Refusal::PrerequisiteMissing { course: missing.title.clone() }),
        None => Ok(()),
    }
}

/// The first course that has to be attended before and was not.
pub fn first_missing<'a>(terms: &'a SessionTerms, applicant: &Applicant) -> Option<&'a Prerequisite> {
    terms.prerequisites.iter().find(|needed| !applicant.completed.contains(&needed.course))
}

/// Whether the session takes requests at all.
pub fn check_open(terms: &SessionTerms, now: DateTime<Utc>) -> Result<(), Refusal> {
    match terms.status {
        SessionStatus::Cancelled => return Err(Refusal::SessionCancelled),
        SessionStatus::Draft | SessionStatus::Archived => return Err(Refusal::NotPublished),
        SessionStatus::Published => {}
    }
    if now >= terms.starts {
        return Err(Refusal::SessionStarted);
    }
    if now < terms.booking_opens {
        return Err(Refusal::NotYetOpen { opens: terms.booking_opens });
    }
    if now >= terms.booking_closes {
        return Err(Refusal::BookingClosed);
    }
    Ok(())
}

/// The first of their places that overlaps with one of these dates.
pub fn first_clash(dates: &[(DateTime<Utc>, DateTime<Utc>)], places: &[(Clash, DateTime<Utc>)]) -> Option<Clash> {
    let overlaps = |(other, ends): &&(Clash, DateTime<Utc>)| {
        dates.iter().any(|(from, until)| *from < *ends && other.starts < *until)
    };
    places.iter().find(overlaps).map(|(clash, _)| clash.clone())
}

/// What to say to somebody who is still trained; None where there is nothing to warn of. `validity_months` None
/// means that the training never runs out.
pub fn still_trained(trained_on: Option<NaiveDate>, validity_months: Option<i32>, today: NaiveDate) -> Option<String> {
    let trained_on = trained_on?;
    let day = short_day_text(trained_on);
    let Some(months) = validity_months else {
        return Some(format!("You attended this course on {day}, and it does not need to be repeated."));
    };
    let until = trained_on.checked_add_months(Months::new(u32::try_from(months).ok()?))?;
    (today < until).then(|| format!("You attended this course on {day}. It is valid until {}.", short_day_text(until)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn at(day: u32, hour: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2025, 3, day, hour, 0, 0).unwrap()
    }

    /// Starts on Monday 17 March 2025 at 10:00; six working days give Thursday 6 March.
    fn terms() -> SessionTerms {
        SessionTerms {
            status: SessionStatus::Published,
            booking_opens: at(1, 9),
            booking_closes: at(17, 9),
            starts: at(17, 10),
            cancel_by: Utc.with_ymd_and_hms(2025, 3, 6, 23, 59, 0).unwrap(),
            needs_approval: false,
            approval_until: at(6, 23),
            prerequisites: Vec::new(),
        }
    }

    fn seats(capacity: i32, held: i32, waiting: i32) -> Seats {
        Seats { capacity, held, waiting, reserved: 0, kept: Kept::default() }
    }

    #[test]
    fn a_free_place_is_booked_with_the_printed_moment() {
        let decision = decide_request(&seats(20, 19, 0), &terms(), &Applicant::default(), at(3, 9));
        assert_eq!(decision, Ok(Decision::Book { cancel_by: terms().cancel_by }));
    }

    #[test]
    fn a_late_booking_may_be_given_back_for_a_day() {
        let decision = decide_request(&seats(20, 19, 0), &terms(), &Applicant::default(), at(10, 9));
        assert_eq!(decision, Ok(Decision::Book { cancel_by: at(11, 9) }));
    }

    #[test]
    fn a_full_session_leads_to_the_end_of_the_waiting_list() {
        let decision = decide_request(&seats(20, 20, 3), &terms(), &Applicant::default(), at(3, 9));
        assert_eq!(decision, Ok(Decision::Wait { position: 4 }));
    }

    #[test]
    fn nobody_new_passes_the_list_until_the_last_day() {
        let someone = Applicant::default();
        assert_eq!(decide_request(&seats(20, 19, 2), &terms(), &someone, at(3, 9)), Ok(Decision::Wait { position: 3 }));
        let last_day = decide_request(&seats(20, 19, 2), &terms(), &someone, at(16, 10));
        assert!(matches!(last_day, Ok(Decision::Book { .. })), "{last_day:?}");
    }

    #[test]
    fn a_capacity_below_what_is_held_gives_no_place_away() {
        assert_eq!(seats(10, 12, 0).free(), 0);
        assert!(seats(10, 12, 0).is_full(at(17, 10), at(3, 9)));
    }

    #[test]
    fn a_place_that_is_kept_goes_only_to_whom_it_is_kept_for() {
        let kept_for_others = Seats { reserved: 5, ..seats(20, 15, 0) };
        let someone = Applicant::default();
        assert_eq!(decide_request(&kept_for_others, &terms(), &someone, at(3, 9)), Ok(Decision::Wait { position: 1 }));
        let own = Seats { kept: Kept { free: 2, waiting: 0 }, ..kept_for_others };
        assert!(matches!(decide_request(&own, &terms(), &someone, at(3, 9)), Ok(Decision::Book { .. })));
        // Strangers on the list do not keep them from it; a colleague who waits for the same places does.
        let awaited = Seats { waiting: 3, ..own };
        assert!(matches!(decide_request(&awaited, &terms(), &someone, at(3, 9)), Ok(Decision::Book { .. })));
        let by_colleagues = Seats { kept: Kept { free: 2, waiting: 1 }, ..awaited };
        assert_eq!(decide_request(&by_colleagues, &terms(), &someone, at(3, 9)), Ok(Decision::Wait { position: 4 }));
        let oversold = Seats { held: 20, ..own };
        assert!(matches!(decide_request(&oversold, &terms(), &someone, at(3, 9)), Ok(Decision::Wait { .. })));
    }

    #[test]
    fn each_refusal_is_found() {
        let free = seats(20, 0, 0);
        let ask = |terms: &SessionTerms, applicant: &Applicant, now| {
            decide_request(&free, terms, applicant, now).unwrap_err().to_string()
        };
        let anyone = Applicant::default();
        assert_eq!(ask(&terms(), &anyone, at(17, 9)), "Booking for this session has closed. Choose another date");
        assert!(ask(&terms(), &anyone, at(1, 8)).starts_with("Booking for this session opens at 9am on Saturday"));
        assert_eq!(ask(&terms(), &anyone, at(17, 10)), "This session has already started");
        let cancelled = SessionTerms { status: SessionStatus::Cancelled, ..terms() };
        assert!(ask(&cancelled, &anyone, at(3, 9)).contains("has been cancelled"));
        let draft = SessionTerms { status: SessionStatus::Draft, ..terms() };
        assert_eq!(ask(&draft, &anyone, at(3, 9)), "This session cannot be booked");
        let has = |state| Applicant { live: Some(state), ..Default::default() };
        assert!(ask(&terms(), &has(BookingState::Booked), at(3, 9)).contains("already have a place"));
        assert!(ask(&terms(), &has(BookingState::Offered), at(3, 9)).contains("already offered to you"));
        assert!(ask(&terms(), &has(BookingState::Requested), at(3, 9)).contains("waits for approval"));
        assert!(ask(&terms(), &has(BookingState::Waitlisted), at(3, 9)).contains("already on the waiting list"));
        let needs = |course| SessionTerms {
            prerequisites: vec![Prerequisite { course: CourseId(course), title: "Core".into() }],
            ..terms()
        };
        let trained = Applicant { completed: vec![CourseId(7)], ..Default::default() };
        assert_eq!(ask(&needs(8), &trained, at(3, 9)), "Attend “Core” before you book this course");
        assert!(decide_request(&free, &needs(7), &trained, at(3, 9)).is_ok());
    }

    #[test]
    fn approval_is_asked_for_by_the_session_or_by_the_applicant() {
        let approve = Ok(Decision::Approve { until: at(6, 23) });
        let asked = Applicant { needs_approval: true, ..Default::default() };
        assert_eq!(decide_request(&seats(20, 0, 0), &terms(), &asked, at(3, 9)), approve);
        let strict = SessionTerms { needs_approval: true, ..terms() };
        assert_eq!(decide_request(&seats(20, 0, 0), &strict, &Applicant::default(), at(3, 9)), approve);
        let full = decide_request(&seats(20, 20, 0), &strict, &Applicant::default(), at(3, 9));
        assert_eq!(full, Ok(Decision::Wait { position: 1 }));
    }

    #[test]
    fn touching_sessions_do_not_clash_and_overlapping_ones_do() {
        let place = (Clash { title: "Neglect".into(), starts: at(17, 12) }, at(17, 14));
        assert_eq!(first_clash(&[(at(17, 10), at(17, 12))], std::slice::from_ref(&place)), None);
        assert_eq!(first_clash(&[(at(17, 14), at(17, 15))], std::slice::from_ref(&place)), None);
        assert_eq!(first_clash(&[(at(10, 9), at(10, 10))], std::slice::from_ref(&place)), None, "a week before");
        assert_eq!(first_clash(&[(at(24, 9), at(24, 10))], std::slice::from_ref(&place)), None, "a week after");
        let clash = first_clash(&[(at(10, 9), at(10, 10)), (at(17, 13), at(17, 15))], std::slice::from_ref(&place));
        assert_eq!(clash, Some(place.0));
    }

    #[test]
    fn training_warns_until_the_day_it_runs_out() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let trained = Some(day(2022, 3, 31));
        assert!(still_trained(trained, Some(36), day(2025, 3, 30)).unwrap().contains("31 Mar 2025"));
        assert_eq!(still_trained(trained, Some(36), day(2025, 3, 31)), None);
        assert_eq!(still_trained(None, Some(36), day(2025, 3, 31)), None);
        assert!(still_trained(trained, None, day(2031, 1, 1)).is_some());
    }

    #[test]
    fn a_session_can_be_booked_from_its_opening_until_it_closes() {
        let second = chrono::Duration::seconds(1);
        assert_eq!(check_open(&terms(), at(1, 9)), Ok(()));
        assert_eq!(check_open(&terms(), at(1, 9) - second), Err(Refusal::NotYetOpen { opens: at(1, 9) }));
        assert_eq!(check_open(&terms(), at(17, 9) - second), Ok(()));
        assert_eq!(check_open(&terms(), at(17, 9)), Err(Refusal::BookingClosed));
        let never_closes = SessionTerms { booking_closes: at(18, 9), ..terms() };
        assert_eq!(check_open(&never_closes, at(17, 10) - second), Ok(()));
        assert_eq!(check_open(&never_closes, at(17, 10)), Err(Refusal::SessionStarted));
    }

    #[test]
    fn an_approval_is_awaited_until_the_start_at_the_latest() {
        let soon = SessionTerms { needs_approval: true, approval_until: at(18, 23), ..terms() };
        let decision = decide_request(&seats(20, 0, 0), &soon, &Applicant::default(), at(16, 9));
        assert_eq!(decision, Ok(Decision::Approve { until: at(17, 10) }));
    }

    #[test]
    fn a_kept_place_is_had_before_colleagues_who_wait_only_on_the_last_day() {
        let (day_before, second) = (at(16, 10), chrono::Duration::seconds(1));
        let awaited = Seats { kept: Kept { free: 1, waiting: 1 }, ..seats(20, 10, 3) };
        assert!(!awaited.has_kept(at(17, 10), day_before - second));
        assert!(awaited.has_kept(at(17, 10), day_before));
        assert!(!Seats { held: 20, ..awaited }.has_kept(at(17, 10), day_before));
        let none = Seats { kept: Kept::default(), ..awaited };
        assert!(!none.has_kept(at(17, 10), day_before));
        assert!(none.is_full(at(17, 10), day_before - second), "the list goes first");
        assert!(!none.is_full(at(17, 10), day_before));
    }

    #[test]
    fn places_are_free_that_nobody_holds_and_that_are_kept_for_nobody() {
        assert_eq!(Seats { reserved: 3, ..seats(20, 10, 0) }.free(), 7);
        assert_eq!(Seats { reserved: 3, ..seats(20, 18, 0) }.free(), 0);
    }
}
