//! The states that a booking can leave again. Each carries its data, and a move consumes it, so that no place is
//! given back twice.

use super::{BookingState, Refusal, first_come_from};
use crate::calendar::notice::{self, is_in_time};
use chrono::{DateTime, Duration, Utc};

/// People are told that a waiting list has ended at most this long after its session started. Somebody who would read it
/// weeks later, because the service was away or has only learned to say so, has no use for it any more.
const LIST_END_TOLD_WITHIN: Duration = Duration::days(7);

/// A booking that can still change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Live {
    /// Waits for approval.
    Requested(Requested),
    /// Waits for a place.
    Waiting(Waiting),
    /// Has a timed chance at a place.
    Offered(Offered),
    /// Has a place.
    Booked(Booked),
}

/// A request that waits for approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requested {
    /// Until when its place is held.
    pub until: DateTime<Utc>,
    /// When the session starts.
    pub starts: DateTime<Utc>,
}

/// Somebody on the waiting list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// When the session starts.
    pub starts: DateTime<Utc>,
}

/// A place that is held for somebody until they answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Until when.
    pub expires: DateTime<Utc>,
    /// When the session starts.
    pub starts: DateTime<Utc>,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// The printed moment; it governs.
    pub cancel_by: DateTime<Utc>,
    /// When the session starts.
    pub starts: DateTime<Utc>,
    /// Whether the board changed date, time, venue or mode after the place was booked.
    pub moved: bool,
}

/// How a place was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// By the printed moment.
    InTime,
    /// At any time, because the board changed the session.
    FreeBecauseMoved,
    /// After it.
    Late,
}

impl Cancelled {
    /// The state that the booking gets.
    pub fn state(self) -> BookingState {
        match self {
            Self::InTime | Self::FreeBecauseMoved => BookingState::CancelledInTime,
            Self::Late => BookingState::CancelledLate,
        }
    }
}

impl Booked {
    /// Until when the place can be given back free of charge: the printed moment, or until the start where the board
    /// changed the session since.
    pub fn free_until(&self) -> DateTime<Utc> {
        if self.moved { self.starts } else { self.cancel_by }
    }

    /// Gives the place back. Fails with `SessionStarted` from the start on.
    pub fn cancel(self, now: DateTime<Utc>) -> Result<Cancelled, Refusal> {
        if now >= self.starts {
            return Err(Refusal::SessionStarted);
        }
        if is_in_time(self.cancel_by, now) {
            return Ok(Cancelled::InTime);
        }
        Ok(if self.moved { Cancelled::FreeBecauseMoved } else { Cancelled::Late })
    }

    /// Hands the place to a colleague. Fails with `SessionStarted` from the start on.
    pub fn substitute(self, now: DateTime<Utc>) -> Result<(), Refusal> {
        if now >= self.starts { Err(Refusal::SessionStarted) } else { Ok(()) }
    }

    /// Leaves for another date of the same course. Fails with `TooLateToMove` once a cancellation would be late.
    pub fn transfer(self, now: DateTime<Utc>) -> Result<(), Refusal> {
        match self.cancel(now)? {
            Cancelled::InTime | Cancelled::FreeBecauseMoved => Ok(()),
            Cancelled::Late => Err(Refusal::TooLateToMove),
        }
    }
}

impl Offered {
    /// Takes the place; `cancel_by` is the policy's cut-off. Fails with `OfferExpired` once the printed minute is
    /// over.
    pub fn accept(self, cancel_by: DateTime<Utc>, moved: bool, now: DateTime<Utc>) -> Result<Booked, Refusal> {
        if now >= self.starts {
            return Err(Refusal::SessionStarted);
        }
        if !is_in_time(self.expires, now) {
            return Err(Refusal::OfferExpired);
        }
        Ok(Booked { cancel_by: notice::or_grace(cancel_by, now, self.starts), starts: self.starts, moved })
    }

    /// Whether time has taken the offer back.
    pub fn has_expired(&self, now: DateTime<Utc>) -> bool {
        !is_in_time(self.expires, now)
    }
}

impl Waiting {
    /// Takes a free place in the last 24 hours, when the list no longer goes first. Fails with `NoOffer` before.
    pub fn take(self, cancel_by: DateTime<Utc>, moved: bool, now: DateTime<Utc>) -> Result<Booked, Refusal> {
        if now >= self.starts {
            return Err(Refusal::SessionStarted);
        }
        if now < first_come_from(self.starts) {
            return Err(Refusal::NoOffer);
        }
        Ok(Booked { cancel_by: notice::or_grace(cancel_by, now, self.starts), starts: self.starts, moved })
    }

    /// Whether the list is over: nobody takes a place on a session that has started.
    pub fn has_ended(&self, now: DateTime<Utc>) -> bool {
        now >= self.starts
    }

    /// Whether people are still told, where their list has ended.
    pub fn end_is_told(&self, now: DateTime<Utc>) -> bool {
        now < self.starts + LIST_END_TOLD_WITHIN
    }
}

impl Requested {
    /// Approves; `cancel_by` is the policy's cut-off. Fails with `NotRequested` once it has lapsed.
    pub fn approve(self, cancel_by: DateTime<Utc>, moved: bool, now: DateTime<Utc>) -> Result<Booked, Refusal> {
        if now >= self.starts {
            return Err(Refusal::SessionStarted);
        }
        if self.has_lapsed(now) {
            return Err(Refusal::NotRequested);
        }
        Ok(Booked { cancel_by: notice::or_grace(cancel_by, now, self.starts), starts: self.starts, moved })
    }

    /// Whether nobody approved in time.
    pub fn has_lapsed(&self, now: DateTime<Utc>) -> bool {
        !is_in_time(self.until, now)
    }
}

/// Until when an offer made now stands, given the end of the last working day for answering; None in the last 24 hours,
/// when no offers are made.
pub fn offer_until(
    last_working_day_ends: DateTime<Utc>,
    starts: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let latest = first_come_from(starts);
    (now < latest).then(|| last_working_day_ends.min(latest))
}

/// Until when an offer stands after the board moved the session: at most until 24 hours before the new start. Where
/// that is over, the printed moment stands, at most until the start: nobody loses an offer without time to answer.
pub fn offer_after_move(expires: DateTime<Utc>, starts: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    let latest = first_come_from(starts);
    expires.min(if now < latest { latest } else { starts })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// A session of Monday 31 March 2025, 10:00 in London, whose cut-off is printed as 23:59 on Saturday 29 March,
    /// the night before the clocks go forward.
    fn booked() -> Booked {
        Booked { cancel_by: moment("2025-03-29T23:59:00Z"), starts: moment("2025-03-31T09:00:00Z"), moved: false }
    }

    #[test]
    fn the_printed_minute_counts_to_its_end() {
        assert_eq!(booked().cancel(moment("2025-03-29T23:59:59.999Z")), Ok(Cancelled::InTime));
        assert_eq!(booked().cancel(moment("2025-03-30T00:00:00Z")), Ok(Cancelled::Late));
    }

    #[test]
    fn after_the_clocks_went_forward_the_minute_is_londons() {
        // 23:59 on Sunday 30 March is 22:59 UTC.
        let printed = crate::calendar::rules::last_minute_of(chrono::NaiveDate::from_ymd_opt(2025, 3, 30).unwrap());
        let place = Booked { cancel_by: printed, ..booked() };
        assert_eq!(place.clone().cancel(moment("2025-03-30T22:59:59Z")), Ok(Cancelled::InTime));
        assert_eq!(place.cancel(moment("2025-03-30T23:00:00Z")), Ok(Cancelled::Late));
    }

    #[test]
    fn a_session_that_the_board_moved_is_given_back_free_until_the_start() {
        let moved = Booked { moved: true, ..booked() };
        assert_eq!(moved.clone().cancel(moment("2025-03-31T08:59:59Z")), Ok(Cancelled::FreeBecauseMoved));
        assert_eq!(moved.cancel(moment("2025-03-31T09:00:00Z")), Err(Refusal::SessionStarted));
        assert_eq!(Cancelled::FreeBecauseMoved.state(), BookingState::CancelledInTime);
    }

    #[test]
    fn a_place_is_free_until_the_printed_moment_or_until_the_start_once_the_session_moved() {
        assert_eq!(booked().free_until(), booked().cancel_by);
        assert_eq!(Booked { moved: true, ..booked() }.free_until(), booked().starts);
        let request = Requested { until: moment("2025-03-06T23:59:00Z"), starts: moment("2025-03-17T10:00:00Z") };
        let place = request.approve(moment("2025-03-06T23:59:00Z"), true, moment("2025-03-05T12:00:00Z")).unwrap();
        assert_eq!(place.free_until(), moment("2025-03-17T10:00:00Z"), "who asked before the move was promised that");
    }

    #[test]
    fn an_offer_never_outlives_the_new_start_and_is_not_cut_to_nothing() {
        let expires = moment("2025-03-05T23:59:00Z");
        let now = moment("2025-03-03T09:00:00Z");
        assert_eq!(offer_after_move(expires, moment("2025-03-17T10:00:00Z"), now), expires);
        let sooner = moment("2025-03-05T10:00:00Z");
        assert_eq!(offer_after_move(expires, sooner, now), moment("2025-03-04T10:00:00Z"));
        assert_eq!(offer_after_move(expires, sooner, moment("2025-03-04T10:00:00Z")), sooner);
    }

    #[test]
    fn a_grace_that_ends_at_the_start_leaves_no_time_after_it() {
        let starts = moment("2025-03-31T09:00:00Z");
        let place = Booked { cancel_by: starts, starts, moved: false };
        assert_eq!(place.clone().cancel(moment("2025-03-31T08:59:59Z")), Ok(Cancelled::InTime));
        assert_eq!(place.cancel(starts), Err(Refusal::SessionStarted));
    }

    #[test]
    fn a_colleague_can_come_until_the_start_and_a_move_only_in_time() {
        assert_eq!(booked().substitute(moment("2025-03-31T08:59:59Z")), Ok(()));
        assert_eq!(booked().substitute(moment("2025-03-31T09:00:00Z")), Err(Refusal::SessionStarted));
        assert_eq!(booked().transfer(moment("2025-03-29T12:00:00Z")), Ok(()));
        assert_eq!(booked().transfer(moment("2025-03-30T12:00:00Z")), Err(Refusal::TooLateToMove));
    }

    #[test]
    fn an_offer_stands_for_two_working_days_but_never_into_the_last_day() {
        let starts = Utc.with_ymd_and_hms(2025, 3, 17, 10, 0, 0).unwrap();
        let second = moment("2025-03-05T23:59:00Z");
        assert_eq!(offer_until(second, starts, moment("2025-03-03T09:00:00Z")), Some(second));
        let weekend = moment("2025-03-17T23:59:00Z");
        assert_eq!(offer_until(weekend, starts, moment("2025-03-14T09:00:00Z")), Some(moment("2025-03-16T10:00:00Z")));
        assert_eq!(offer_until(weekend, starts, moment("2025-03-16T10:00:00Z")), None);
    }

    #[test]
    fn an_expired_offer_cannot_be_accepted() {
        let offer = Offered { expires: moment("2025-03-05T23:59:00Z"), starts: moment("2025-03-17T10:00:00Z") };
        let cut_off = moment("2025-03-06T23:59:00Z");
        let late = offer.clone().accept(cut_off, false, moment("2025-03-06T00:00:00Z"));
        assert_eq!(late, Err(Refusal::OfferExpired));
        assert!(offer.has_expired(moment("2025-03-06T00:00:00Z")));
        assert!(!offer.has_expired(moment("2025-03-05T23:59:59Z")), "the printed minute counts to its end");
        // Less than a day before the cut-off: the grace of 24 hours is printed instead.
        let place = offer.accept(cut_off, false, moment("2025-03-05T23:59:30Z")).unwrap();
        assert_eq!(place.cancel_by, moment("2025-03-06T23:59:30Z"));
    }

    #[test]
    fn waiters_take_a_place_themselves_only_on_the_last_day() {
        let waiting = Waiting { starts: moment("2025-03-17T10:00:00Z") };
        let cut_off = moment("2025-03-06T23:59:00Z");
        assert_eq!(waiting.clone().take(cut_off, false, moment("2025-03-16T09:59:59Z")), Err(Refusal::NoOffer));
        let place = waiting.clone().take(cut_off, false, moment("2025-03-16T12:00:00Z")).unwrap();
        assert_eq!(place.cancel_by, moment("2025-03-17T10:00:00Z"));
        assert!(
            waiting.clone().take(cut_off, false, moment("2025-03-16T10:00:00Z")).is_ok(),
            "24 hours before to the second"
        );
        assert_eq!(waiting.take(cut_off, false, moment("2025-03-17T10:00:00Z")), Err(Refusal::SessionStarted));
    }

    #[test]
    fn a_list_ends_with_the_start_and_nobody_is_told_a_week_later() {
        let waiting = Waiting { starts: moment("2025-03-17T10:00:00Z") };
        assert!(!waiting.has_ended(moment("2025-03-17T09:59:59Z")));
        assert!(waiting.has_ended(moment("2025-03-17T10:00:00Z")));
        assert!(waiting.end_is_told(moment("2025-03-24T09:59:59Z")));
        assert!(!waiting.end_is_told(moment("2025-03-24T10:00:00Z")));
    }

    #[test]
    fn an_approval_after_three_days_comes_too_late() {
        let request = Requested { until: moment("2025-03-06T23:59:00Z"), starts: moment("2025-03-17T10:00:00Z") };
        let cut_off = moment("2025-03-06T23:59:00Z");
        assert!(request.clone().approve(cut_off, false, moment("2025-03-06T23:59:10Z")).is_ok());
        assert!(!request.has_lapsed(moment("2025-03-06T23:59:59Z")));
        assert!(request.has_lapsed(moment("2025-03-07T00:00:00Z")));
        assert_eq!(request.approve(cut_off, false, moment("2025-03-07T00:00:00Z")), Err(Refusal::NotRequested));
    }

    #[test]
    fn nothing_is_taken_or_approved_from_the_start_on() {
        let (starts, cut_off) = (moment("2025-03-17T10:00:00Z"), moment("2025-03-06T23:59:00Z"));
        let before = moment("2025-03-17T09:59:59Z");
        let offer = Offered { expires: starts, starts };
        assert_eq!(offer.clone().accept(cut_off, false, starts), Err(Refusal::SessionStarted));
        assert_eq!(offer.accept(cut_off, true, before), Ok(Booked { cancel_by: starts, starts, moved: true }));
        let request = Requested { until: starts, starts };
        assert_eq!(request.clone().approve(cut_off, false, starts), Err(Refusal::SessionStarted));
        assert!(request.approve(cut_off, false, before).is_ok());
        assert!(Waiting { starts }.take(cut_off, false, before).is_ok());
    }
}
