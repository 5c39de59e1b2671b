//! Mails about a place: confirmed, given back, handed on, moved, called off, near.

use super::{Approver, Letter, Letters, Mail, Method, Status, Values, calendar_file, charge_text, moment_text};
use crate::{
    bookings::{
        rules::{BookingState, Cancelled},
        store::{BookingDetails, GivingUp},
    },
    calendar::rules::{day_text, london_day},
    messages::wording::*,
    sessions::rules::GoneDate,
};
use chrono::{DateTime, Utc};

impl Letters {
    /// A place is booked. `survey` is the personal link to the questions before the session.
    pub fn confirmed(&self, details: &BookingDetails, survey: Option<String>, now: DateTime<Utc>) -> Option<Mail> {
        let values = self.confirmed_values(details, survey);
        self.with_calendar(details, &BOOKING_CONFIRMED, values, Method::Publish, now)
    }

    fn confirmed_values(&self, details: &BookingDetails, survey: Option<String>) -> Values {
        self.values(details)
            .words("booked_by", self.booked_by_text(details).unwrap_or_default())
            .words("cancel_by", moment_text(details.free_until()))
            .words("charge_rule", charge_text(details))
            .block("questions", questions(survey))
    }

    /// Who booked it for them, and what they have to accept themselves where they would pay.
    fn booked_by_text(&self, details: &BookingDetails) -> Option<String> {
        let lead = details.booked_by_name.as_deref()?;
        let agency = details.agency_name.as_deref().map(|name| format!(" of {name}")).unwrap_or_default();
        let accept = if details.asks_to_accept() {
            " You have not accepted the cancellation rule yourself; please read it on the page of your booking and accept it there."
        } else {
            ""
        };
        Some(format!("{lead}{agency} has booked it for you.{accept}"))
    }

    /// Asks the agency's training lead to approve.
    pub fn approval_wanted(&self, details: &BookingDetails, lead: &Approver, until: DateTime<Utc>) -> Mail {
        let address = format!("{}/agency/bookings/{}", self.app.config.public_url, details.booking.reference);
        let values = self
            .values(details)
            .words("name", &lead.name)
            .words("learner", &details.person_name)
            .words("until", moment_text(until))
            .block("link", Letter::default().link("Approve or decline", address));
        Mail::worded(&APPROVAL_WANTED, Some(lead.person), lead.address.clone(), values)
    }

    /// A request waits for approval.
    pub fn requested(&self, details: &BookingDetails) -> Option<Mail> {
        let until = details.booking.approval_until.unwrap_or(details.session.starts_at);
        let values = self.values(details).words("until", moment_text(until));
        self.worded(details, &BOOKING_REQUESTED, values)
    }

    /// Something was given up; `is_charged` says whether the rules propose a charge for it.
    pub fn given_up(
        &self,
        details: &BookingDetails,
        meaning: GivingUp,
        is_charged: bool,
        now: DateTime<Utc>,
    ) -> Option<Mail> {
        let values = self.values(details).words("cancel_by", moment_text(details.free_until()));
        let free = |why: &str| (&BOOKING_CANCELLED, values.clone().words("why_free", why));
        let (wording, values) = match meaning {
            GivingUp::Place(Cancelled::InTime) => free("It was cancelled in time, so nothing is charged."),
            GivingUp::Place(Cancelled::FreeBecauseMoved) => free("Because we changed the session, nothing is charged."),
            GivingUp::Place(Cancelled::Late) if is_charged => (&BOOKING_CANCELLED_LATE, values),
            GivingUp::Place(Cancelled::Late) => (&BOOKING_CANCELLED_UNCHARGED, values),
            GivingUp::Request => return self.worded(details, &REQUEST_WITHDRAWN, values),
            GivingUp::WaitingList => return self.worded(details, &WAITING_LIST_LEFT, values),
            GivingUp::Offer => return self.worded(details, &OFFER_DECLINED, values),
        };
        self.with_calendar(details, wording, values, Method::Cancel, now)
    }

    /// To the colleague who comes instead.
    pub fn substitute(
        &self,
        details: &BookingDetails,
        instead_of: &str,
        survey: Option<String>,
        now: DateTime<Utc>,
    ) -> Option<Mail> {
        let values = self
            .values(details)
            .words("colleague", instead_of)
            .words("cancel_by", moment_text(details.free_until()))
            .words("charge_rule", charge_text(details))
            .block("questions", questions(survey));
        self.with_calendar(details, &BOOKING_SUBSTITUTE, values, Method::Publish, now)
    }

    /// To whoever named a colleague.
    pub fn substituted(&self, details: &BookingDetails, colleague: &str, now: DateTime<Utc>) -> Option<Mail> {
        let values = self.values(details).words("colleague", colleague);
        self.with_calendar(details, &BOOKING_SUBSTITUTED, values, Method::Cancel, now)
    }

    /// A place was moved to another date.
    pub fn transferred(
        &self,
        old: &BookingDetails,
        new: &BookingDetails,
        survey: Option<String>,
        now: DateTime<Utc>,
    ) -> Option<Mail> {
        let values = self
            .confirmed_values(new, survey)
            .words("old_day", day_text(london_day(old.session.starts_at)))
            .words("old_reference", &old.booking.reference);
        // One file takes the old entries away and brings the new ones.
        let entries = [self.entries(old, Status::Cancelled, now), self.entries(new, Status::Confirmed, now)].concat();
        let calendar = Some(calendar_file(Method::Publish, &self.organizer(), &entries));
        self.worded(new, &BOOKING_TRANSFERRED, values).map(|mail| Mail { calendar, ..mail })
    }

    /// Nobody approved.
    pub fn lapsed(&self, details: &BookingDetails, now: DateTime<Utc>) -> Option<Mail> {
        let again = if now < details.session.starts_at.min(details.session.booking_closes_at) {
            "You can ask once more while the session can be booked."
        } else {
            "This session can no longer be booked."
        };
        self.worded(details, &BOOKING_LAPSED, self.values(details).words("ask_again", again))
    }

    /// Not approved.
    pub fn declined(&self, details: &BookingDetails) -> Option<Mail> {
        self.worded(details, &BOOKING_DECLINED, self.values(details))
    }

    /// The board called the session off.
    pub fn session_cancelled(
        &self,
        details: &BookingDetails,
        had: BookingState,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Option<Mail> {
        let other_dates = format!("{}/courses/{}", self.app.config.public_url, details.session.course_slug);
        let reason = reason.trim();
        let reason = if reason.is_empty() { String::new() } else { format!("The reason: {reason}") };
        let values = self
            .values(details)
            .words("reason", reason)
            .block("other_dates", Letter::default().link("Choose another date", other_dates));
        let calendar = (had == BookingState::Booked).then(|| self.calendar(details, Method::Cancel, now));
        self.worded(details, &SESSION_CANCELLED, values).map(|mail| Mail { calendar, ..mail })
    }

    /// The board changed date, time, venue or mode.
    pub fn session_moved(
        &self,
        details: &BookingDetails,
        what: &str,
        gone: &[GoneDate],
        now: DateTime<Utc>,
    ) -> Option<Mail> {
        let values =
            self.values(details).words("what_changed", what.trim()).words("your_choice", choice_after_move(details));
        let mail = self.worded(details, &SESSION_MOVED, values)?;
        if details.booking.state != BookingState::Booked {
            return Some(mail);
        }
        let mut entries = self.entries(details, Status::Confirmed, now);
        entries.extend(gone.iter().map(|date| self.entry(details, date.number, date.span, Status::Cancelled, now)));
        let calendar = Some(calendar_file(Method::Publish, &self.organizer(), &entries));
        Some(Mail { calendar, ..mail })
    }

    /// How to join has changed.
    pub fn session_details_changed(&self, details: &BookingDetails, what: &str, now: DateTime<Utc>) -> Option<Mail> {
        let values = self.values(details).words("what_changed", what);
        self.with_calendar(details, &SESSION_DETAILS_CHANGED, values, Method::Publish, now)
    }

    /// The cancel-by moment comes near.
    pub fn cancel_by_near(&self, details: &BookingDetails) -> Option<Mail> {
        let values = self
            .values(details)
            .words("cancel_by", moment_text(details.free_until()))
            .words("charge_rule", charge_text(details));
        self.worded(details, &BOOKING_CANCEL_BY_NEAR, values)
    }

    /// The session is within a day.
    pub fn tomorrow(&self, details: &BookingDetails) -> Option<Mail> {
        self.worded(details, &SESSION_REMINDER, self.values(details))
    }
}

/// What somebody can do whom the new date does not suit: that depends on what they have.
fn choice_after_move(details: &BookingDetails) -> &'static str {
    match details.booking.state {
        BookingState::Waitlisted => {
            "You are still on the waiting list, and waiting is never charged. If this no longer suits you, you can leave the list. If you get a place, you can cancel it free of charge until the start."
        }
        BookingState::Offered => {
            "A place is still held for you. If this no longer suits you, you can decline it, and nothing is charged. If you take it, you can cancel it free of charge until the start."
        }
        BookingState::Requested => {
            "Your request still waits for approval. If this no longer suits you, you can take it back, and nothing is charged. Once it is approved, you can cancel free of charge until the start."
        }
        _ => {
            "If this no longer suits you, you can cancel free of charge until the start, send a colleague, or choose another date of this course."
        }
    }
}

/// The personal link to the questions before the session, where there is one.
fn questions(link: Option<String>) -> Letter {
    match link {
        Some(link) => {
            Letter::default().link("Before you come: a few short questions about how confident you feel", link)
        }
        None => Letter::default(),
    }
}
