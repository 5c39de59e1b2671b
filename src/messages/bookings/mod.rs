//! The mails about bookings.
//!
//! Each has a personal link that opens a page to cancel, send a colleague or answer an offer without signing in. The
//! link never acts by being opened: the page has a button.

mod link;
mod places;
mod waiting;

pub use link::{answer_tokens, link_token, mask_links, reference_of_link, references_in, renew_links};

use super::{
    calendar::{Entry, Method, Organizer, Status, calendar_file},
    letter::{Letter, one_line},
    store::{Copy, Mail},
    wording::{Values, Wording},
};
use crate::{
    accounts::rules::PersonId,
    bookings::{rules::BookingState, store::BookingDetails},
    calendar::rules::{day_text, london_day, moment_text, span_text},
    server::state::App,
    sessions::rules::{Mode, Span},
};
use chrono::{DateTime, Utc};

/// A training lead who is asked to approve.
#[derive(Clone, Debug)]
pub struct Approver {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their main address.
    pub address: String,
}

/// Writes the mails about bookings.
#[derive(Clone)]
pub struct Letters {
    app: App,
}

impl Letters {
    /// With the application's address, key and board.
    pub fn of(app: &App) -> Self {
        Self { app: app.clone() }
    }

    /// The application behind the letters, for links of other features.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The personal link to a booking.
    pub fn link(&self, details: &BookingDetails) -> String {
        let token = link_token(&self.app.secrets, &details.booking.reference, 1);
        format!("{}/bookings/link/{token}", self.app.config.public_url)
    }

    /// What every mail about a booking can say.
    fn values(&self, details: &BookingDetails) -> Values {
        let contact = self.app.board.current().contact.clone();
        Values::default()
            .words("name", &details.person_name)
            .words("course", &details.session.course_title)
            .words("day", day_text(london_day(details.session.starts_at)))
            .words("contact", contact.map(|contact| format!("Questions? Write to {contact}.")).unwrap_or_default())
            .block("details", Letter::default().facts(self.facts(details)))
            .block("how_to_join", self.how_to_join(Letter::default(), details))
            .block("change_or_cancel", self.change_or_cancel(Letter::default(), details))
    }

    /// A mail about a booking; None where its person was erased. Where no address of theirs works, the mail is for whoever
    /// can tell them.
    fn worded(&self, details: &BookingDetails, wording: &'static Wording, values: Values) -> Option<Mail> {
        if details.is_erased {
            return None;
        }
        let mail = Mail::worded(wording, Some(details.booking.person_id), String::new(), values);
        Some(Mail { to: details.address.clone(), has_personal_link: true, copy: self.copy(details), ..mail })
    }

    /// The same with the calendar entries of the booking.
    fn with_calendar(
        &self,
        details: &BookingDetails,
        wording: &'static Wording,
        values: Values,
        method: Method,
        now: DateTime<Utc>,
    ) -> Option<Mail> {
        let calendar = Some(self.calendar(details, method, now));
        self.worded(details, wording, values).map(|mail| Mail { calendar, ..mail })
    }

    /// What the training leads of the agency read of it, where the agency wants copies or no mail reaches the learner: no
    /// personal link.
    fn copy(&self, details: &BookingDetails) -> Option<Copy> {
        let agency = details.booking.agency_id.filter(|_| details.booking.agency_confirmed)?;
        let address = format!("{}/agency/bookings/{}", self.app.config.public_url, details.booking.reference);
        let values = Values::default()
            .words("learner", &details.person_name)
            .words("course", &details.session.course_title)
            .words("day", day_text(london_day(details.session.starts_at)))
            .block("details", Letter::default().facts(self.facts(details)))
            .block("link", Letter::default().link("See the booking", address));
        Some(Copy { agency, values })
    }

    fn facts(&self, details: &BookingDetails) -> Vec<(&'static str, String)> {
        let session = &details.session;
        let mut facts = vec![("Course", session.course_title.clone())];
        facts.extend(session.dates.iter().map(|date| ("When", span_text(date.starts_at, date.ends_at))));
        facts.push(("Where", where_text(details)));
        facts.push(("Booking reference", details.booking.reference.clone()));
        facts
    }

    /// What a place's mails say about joining: the link of the call, or the way there. Whoever has no place reads
    /// nothing of it, in whichever mail.
    fn how_to_join(&self, letter: Letter, details: &BookingDetails) -> Letter {
        if details.booking.state != BookingState::Booked {
            return letter;
        }
        let session = &details.session;
        let letter = match (&session.online_link, &session.venue) {
            (Some(link), _) if session.mode == Mode::Online => letter.link("Join online with this link", link.clone()),
            (_, Some(venue)) => letter
                .paragraph(format!("{}, {} {}", venue.name, one_line(&venue.address), venue.postcode))
                .paragraph_if(some_text(&venue.travel_notes))
                .link("Map", map_address(&venue.postcode)),
            _ => letter,
        };
        letter.paragraph_if(some_text(&session.joining_instructions))
    }

    fn change_or_cancel(&self, letter: Letter, details: &BookingDetails) -> Letter {
        letter.link("Change or cancel your booking, without signing in", self.link(details))
    }

    /// The calendar file of a booking.
    pub fn calendar(&self, details: &BookingDetails, method: Method, now: DateTime<Utc>) -> String {
        let status = match method {
            Method::Publish => Status::Confirmed,
            Method::Cancel => Status::Cancelled,
        };
        calendar_file(method, &self.organizer(), &self.entries(details, status, now))
    }

    /// Who sends the calendar entries: the board, with the address that its mail comes from.
    fn organizer(&self) -> Organizer {
        Organizer { name: self.app.board.current().name.clone(), address: self.app.config.mail_from.clone() }
    }

    /// The calendar entries of a booking, one for each date.
    fn entries(&self, details: &BookingDetails, status: Status, now: DateTime<Utc>) -> Vec<Entry> {
        let spans = details.session.spans().into_iter().enumerate();
        spans.map(|(index, span)| self.entry(details, index + 1, span, status, now)).collect()
    }

    /// The entry of the session's date with this number.
    fn entry(&self, details: &BookingDetails, number: usize, span: Span, status: Status, now: DateTime<Utc>) -> Entry {
        let host = self.app.config.public_url.split("://").nth(1).unwrap_or("learning-gain");
        let reference = &details.booking.reference;
        let description = format!(
            "Booking reference {reference}. You can cancel free of charge until {}. Declining or deleting this calendar entry does not cancel your place: cancel at {}/bookings/{reference}",
            moment_text(details.free_until()),
            self.app.config.public_url,
        );
        Entry {
            uid: format!("{reference}-{number}@{host}"),
            // A cancellation must outrank every earlier file of the same entry.
            sequence: details.session.version * 2 + i32::from(status == Status::Cancelled),
            status,
            stamp: now,
            starts: span.starts_at,
            ends: span.ends_at,
            summary: details.session.course_title.clone(),
            location: location_text(details),
            description,
        }
    }
}

/// The charge rule of a booking in one sentence.
pub fn charge_text(details: &BookingDetails) -> String {
    crate::charges::rules::charge_sentence_until(&details.policy, details.free_until(), details.booking.person_kind)
}

/// Where a session takes place, as everybody may read it.
fn where_text(details: &BookingDetails) -> String {
    match (&details.session.mode, &details.session.venue) {
        (Mode::Online, _) => "Online".to_owned(),
        (Mode::Venue, Some(venue)) => format!("{}, {}", venue.name, venue.postcode),
        (Mode::Venue, None) => "The venue will be announced".to_owned(),
    }
}

/// Where a calendar entry leads. The link of a call is for people with a place: the entry of a place that was given up
/// does not bring it, nor a newer one.
fn location_text(details: &BookingDetails) -> String {
    let link = details.session.online_link.as_ref().filter(|_| details.booking.state == BookingState::Booked);
    match (&details.session.mode, link, &details.session.venue) {
        (Mode::Online, Some(link), _) => link.clone(),
        (Mode::Online, None, _) => "Online".to_owned(),
        (Mode::Venue, _, Some(venue)) => format!("{}, {}, {}", venue.name, one_line(&venue.address), venue.postcode),
        (Mode::Venue, _, None) => String::new(),
    }
}

fn map_address(postcode: &str) -> String {
    let encoded: String = postcode.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("https://www.openstreetmap.org/search?query={encoded}")
}

fn some_text(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
