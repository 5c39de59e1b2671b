//! Mails about a place: confirmed, given back, handed on, moved, called off, near.

use super::{Approver, Letter, Letters, Mail, Method, charge_text, moment_text, one_line};
use crate::{
    bookings::{
        rules::{BookingState, Cancelled},
        store::{BookingDetails, GivingUp},
    },
    calendar::rules::day_text,
    calendar::rules::london_day,
};
use chrono::{DateTime, Utc};

impl Letters {
    /// A place is booked. `survey` is the personal link to the questions before the session.
    pub fn confirmed(&self, details: &BookingDetails, survey: Option<String>, now: DateTime<Utc>) -> Option<Mail> {
        let questions = match survey {
            Some(link) => {
                Letter::default().link("Before you come: five short questions about how confident you feel", link)
            }
            None => Letter::default(),
        };
        let values = self
            .values(details)
            .words("booked_by", self.booked_by_text(details).unwrap_or_default())
            .words("cancel_by", moment_text(details.booking.cancel_by))
            .words("charge_rule", charge_text(details))
            .block("questions", questions);
        let calendar = Some(self.calendar(details, Method::Publish, now));
        self.worded(details, "booking_confirmed", values).map(|mail| Mail { calendar, ..mail })
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
        let letter = Letter::to(&lead.name)
            .paragraph(format!(
                "{} asks for a place on “{}”. Your agency approves its bookings. A place is held until {}; after that the request lapses.",
                details.person_name,
                details.session.course_title,
                moment_text(until)
            ))
            .facts(self.facts(details))
            .link("Approve or decline", address);
        let day = day_text(london_day(details.session.starts_at));
        Mail {
            person: Some(lead.person),
            to: lead.address.clone(),
            kind: "approval_wanted",
            subject: one_line(&format!(
                "Please approve: {}, {}, {day}",
                details.person_name, details.session.course_title
            )),
            body: letter.text(),
            html: Some(letter.html()),
            ..Mail::default()
        }
    }

    /// A request waits for approval.
    pub fn requested(&self, details: &BookingDetails) -> Option<Mail> {
        let until = details.booking.approval_until.unwrap_or(details.session.starts_at);
        let values = self.values(details).words("until", moment_text(until));
        self.worded(details, "booking_requested", values)
    }

    /// Something was given up; `is_charged` says whether the rules propose a charge for it.
    pub fn given_up(
        &self,
        details: &BookingDetails,
        meaning: GivingUp,
        is_charged: bool,
        now: DateTime<Utc>,
    ) -> Option<Mail> {
        let title = &details.session.course_title;
        let sentence = match meaning {
            GivingUp::Place(Cancelled::InTime) => {
                format!("Your place on “{title}” is cancelled. It was cancelled in time, so nothing is charged.")
            }
            GivingUp::Place(Cancelled::FreeBecauseMoved) => {
                format!("Your place on “{title}” is cancelled. Because we changed the session, nothing is charged.")
            }
            GivingUp::Place(Cancelled::Late) if !is_charged => format!(
                "Your place on “{title}” is cancelled. It could be cancelled in time until {}; nothing is charged all the same.",
                moment_text(details.booking.cancel_by)
            ),
            GivingUp::Place(Cancelled::Late) => format!(
                "Your place on “{title}” is cancelled. It could be cancelled free of charge until {}, so this is a late cancellation and a charge may follow. If it does, we will write to you, and you can tell us what happened.",
                moment_text(details.booking.cancel_by)
            ),
            GivingUp::Request => format!("Your request for a place on “{title}” is taken back. Nothing is charged."),
            GivingUp::WaitingList => format!("You have left the waiting list for “{title}”."),
            GivingUp::Offer => {
                format!(
                    "You have declined the place on “{title}” and are no longer on its waiting list. Nothing is charged."
                )
            }
        };
        let letter = Letter::to(&details.person_name).paragraph(sentence).facts(self.facts(details));
        match meaning {
            GivingUp::Place(_) => {
                self.with_calendar(details, "booking_cancelled", "Cancelled", letter, Method::Cancel, now)
            }
            _ => self.about(details, "booking_cancelled", "Cancelled", letter),
        }
    }

    /// To the colleague who comes instead.
    pub fn substitute(
        &self,
        details: &BookingDetails,
        instead_of: &str,
        survey: Option<String>,
        now: DateTime<Utc>,
    ) -> Option<Mail> {
        let letter = Letter::to(&details.person_name)
            .paragraph(format!(
                "{instead_of} cannot come to “{}” and has named you to come instead. The place is yours.",
                details.session.course_title
            ))
            .facts(self.facts(details))
            .paragraph(format!(
                "If you cannot come, please give the place back by {} with the link below.",
                moment_text(details.booking.cancel_by)
            ));
        let letter = match survey {
            Some(link) => letter.link("Before you come: five short questions about how confident you feel", link),
            None => letter,
        };
        let letter = self.change_or_cancel(self.how_to_join(letter, details), details);
        self.with_calendar(details, "booking_substitute", "You have a place", letter, Method::Publish, now)
    }

    /// To whoever named a colleague.
    pub fn substituted(&self, details: &BookingDetails, colleague: &str, now: DateTime<Utc>) -> Option<Mail> {
        let letter = Letter::to(&details.person_name)
            .paragraph(format!(
                "{colleague} now has your place on “{}”. We have told them. Nothing is charged for your booking.",
                details.session.course_title
            ))
            .facts(self.facts(details));
        self.with_calendar(details, "booking_substituted", "A colleague has your place", letter, Method::Cancel, now)
    }

    /// A place was moved to another date.
    pub fn transferred(
        &self,
        old: &BookingDetails,
        new: &BookingDetails,
        survey: Option<String>,
        now: DateTime<Utc>,
    ) -> Option<Mail> {
        let mail = self.confirmed(new, survey, now)?;
        let sentence = format!(
            "You have moved from {} to this date. The booking with the reference {} is closed, and you can delete its calendar entry.",
            day_text(london_day(old.session.starts_at)),
            old.booking.reference
        );
        Some(Mail { body: format!("{}\n{sentence}\n", mail.body), html: None, kind: "booking_transferred", ..mail })
    }

    /// Nobody approved.
    pub fn lapsed(&self, details: &BookingDetails) -> Option<Mail> {
        let letter = Letter::to(&details.person_name)
            .paragraph(format!(
                "Your request for a place on “{}” was not answered in time, so the place is free again. You can ask once more.",
                details.session.course_title
            ))
            .facts(self.facts(details));
        self.about(details, "booking_lapsed", "Your request has lapsed", letter)
    }

    /// Not approved.
    pub fn declined(&self, details: &BookingDetails) -> Option<Mail> {
        self.worded(details, "booking_declined", self.values(details))
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
        self.worded(details, "session_cancelled", values).map(|mail| Mail { calendar, ..mail })
    }

    /// The board changed date, time, venue or mode.
    pub fn session_moved(&self, details: &BookingDetails, what: &str, now: DateTime<Utc>) -> Option<Mail> {
        let letter = Letter::to(&details.person_name)
            .paragraph(format!("“{}” has changed. {}", details.session.course_title, what.trim()))
            .facts(self.facts(details))
            .paragraph("If this no longer suits you, you can cancel free of charge until the start.");
        let letter = self.change_or_cancel(self.how_to_join(letter, details), details);
        if details.booking.state == BookingState::Booked {
            return self.with_calendar(details, "session_moved", "Session changed", letter, Method::Publish, now);
        }
        self.about(details, "session_moved", "Session changed", letter)
    }

    /// The cancel-by moment comes near.
    pub fn cancel_by_near(&self, details: &BookingDetails) -> Option<Mail> {
        let values = self
            .values(details)
            .words("cancel_by", moment_text(details.booking.cancel_by))
            .words("charge_rule", charge_text(details));
        self.worded(details, "booking_cancel_by_near", values)
    }

    /// The session is within a day.
    pub fn tomorrow(&self, details: &BookingDetails) -> Option<Mail> {
        self.worded(details, "session_reminder", self.values(details))
    }

    pub(super) fn about(
        &self,
        details: &BookingDetails,
        kind: &'static str,
        what: &str,
        letter: Letter,
    ) -> Option<Mail> {
        let day = day_text(london_day(details.session.starts_at));
        let subject = format!("{what}: {}, {day}", details.session.course_title);
        self.mail(details, kind, subject, letter)
    }

    fn with_calendar(
        &self,
        details: &BookingDetails,
        kind: &'static str,
        what: &str,
        letter: Letter,
        method: Method,
        now: DateTime<Utc>,
    ) -> Option<Mail> {
        let calendar = Some(self.calendar(details, method, now));
        self.about(details, kind, what, letter).map(|mail| Mail { calendar, ..mail })
    }
}
