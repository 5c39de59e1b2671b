//! Mails about the waiting list.

use super::{Letter, Letters, Mail, Values, charge_text, moment_text};
use crate::{
    bookings::store::{BookingDetails, IfTaken},
    messages::wording::{
        BOOKING_LAST_DAY, BOOKING_OFFER, BOOKING_OFFER_EXPIRED, WAITING_LIST, WAITING_LIST_ENDED, WAITING_LIST_MOVED,
    },
};
use chrono::{DateTime, Utc};

impl Letters {
    /// Somebody joined the list.
    pub fn waiting(&self, details: &BookingDetails, position: i32) -> Option<Mail> {
        let values =
            self.values(details).words("position", position.to_string()).block("link", self.see_or_leave(details));
        self.worded(details, &WAITING_LIST, values)
    }

    /// The office put somebody at the end of the list.
    pub fn skipped(&self, details: &BookingDetails, position: u64, reason: &str) -> Option<Mail> {
        let values = self
            .values(details)
            .words("position", position.to_string())
            .words("reason", reason)
            .block("link", self.see_or_leave(details));
        self.worded(details, &WAITING_LIST_MOVED, values)
    }

    /// A place is offered; `taken` is what taking it means, where that can be worked out.
    pub fn offered(&self, details: &BookingDetails, until: DateTime<Utc>, taken: Option<IfTaken>) -> Option<Mail> {
        let link = Letter::default().link("Accept or decline the place, without signing in", self.link(details));
        let values = self.values_if_taken(details, taken).words("until", moment_text(until)).block("link", link);
        self.worded(details, &BOOKING_OFFER, values)
    }

    fn values_if_taken(&self, details: &BookingDetails, taken: Option<IfTaken>) -> Values {
        let (free_until, rule) = match taken {
            Some(taken) => (taken.free_until, taken.rule),
            // Without the bank holidays of its year nothing can be taken; what was shown when they asked is repeated.
            None => (details.free_until(), charge_text(details)),
        };
        self.values(details).words("cancel_by", moment_text(free_until)).words("charge_rule", rule)
    }

    /// The offer ran out.
    pub fn offer_expired(&self, details: &BookingDetails) -> Option<Mail> {
        let session = format!("{}/sessions/{}", self.app.config.public_url, details.session.id);
        let link = Letter::default().link("You can ask for a place again while the session can be booked", session);
        self.worded(details, &BOOKING_OFFER_EXPIRED, self.values(details).block("link", link))
    }

    /// A place is free on the last day, for whoever is first; `taken` as for an offer.
    pub fn last_day(&self, details: &BookingDetails, taken: Option<IfTaken>) -> Option<Mail> {
        let link = Letter::default().link("Take the place, without signing in", self.link(details));
        self.worded(details, &BOOKING_LAST_DAY, self.values_if_taken(details, taken).block("link", link))
    }

    /// The session started before a place came free.
    pub fn list_ended(&self, details: &BookingDetails) -> Option<Mail> {
        let course = format!("{}/courses/{}", self.app.config.public_url, details.session.course_slug);
        let link = Letter::default().link("See the other dates of this course", course);
        self.worded(details, &WAITING_LIST_ENDED, self.values(details).block("link", link))
    }

    fn see_or_leave(&self, details: &BookingDetails) -> Letter {
        Letter::default().link("See your position or leave the waiting list, without signing in", self.link(details))
    }
}
