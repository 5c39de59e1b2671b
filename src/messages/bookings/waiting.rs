//! Mails about the waiting list.

use super::{Letter, Letters, Mail, moment_text, one_line};
use crate::bookings::store::BookingDetails;
use chrono::{DateTime, Utc};

impl Letters {
    /// Somebody joined the list.
    pub fn waiting(&self, details: &BookingDetails, position: i32) -> Option<Mail> {
        let link = Letter::default()
            .link("See your position or leave the waiting list, without signing in", self.link(details));
        let values = self.values(details).words("position", position.to_string()).block("link", link);
        self.worded(details, "waiting_list", values)
    }

    /// The office put somebody at the end of the list.
    pub fn skipped(&self, details: &BookingDetails, position: u64, reason: &str) -> Option<Mail> {
        let letter = Letter::to(&details.person_name)
            .paragraph(format!(
                "The training team has moved you to number {position} on the waiting list for “{}”. The reason: {}",
                details.session.course_title,
                one_line(reason)
            ))
            .facts(self.facts(details))
            .link("See your position or leave the waiting list, without signing in", self.link(details));
        self.about(details, "waiting_list_moved", "Your position on the waiting list has changed", letter)
    }

    /// A place is offered.
    pub fn offered(&self, details: &BookingDetails, until: DateTime<Utc>) -> Option<Mail> {
        let link = Letter::default().link("Accept or decline the place, without signing in", self.link(details));
        let values = self.values(details).words("until", moment_text(until)).block("link", link);
        self.worded(details, "booking_offer", values)
    }

    /// The offer ran out.
    pub fn offer_expired(&self, details: &BookingDetails) -> Option<Mail> {
        let session = format!("{}/sessions/{}", self.app.config.public_url, details.session.id);
        let letter = Letter::to(&details.person_name)
            .paragraph(format!(
                "The offer of a place on “{}” has run out, and the place has gone to the next person. You are no longer on the waiting list, and nothing is charged.",
                details.session.course_title
            ))
            .facts(self.facts(details))
            .link("You can join the list again", session);
        self.about(details, "booking_offer_expired", "The offer has run out", letter)
    }

    /// A place is free on the last day, for whoever is first.
    pub fn last_day(&self, details: &BookingDetails) -> Option<Mail> {
        let letter = Letter::to(&details.person_name)
            .paragraph(format!(
                "A place on “{}” has come free at the last moment. The first person to take it has it.",
                details.session.course_title
            ))
            .facts(self.facts(details))
            .link("Take the place, without signing in", self.link(details));
        self.about(details, "booking_last_day", "A place is free at the last moment", letter)
    }
}
