//! The mails to trainers about sessions.

use super::{
    letter::{Letter, one_line},
    store::Mail,
};
use crate::{
    accounts::rules::PersonId,
    calendar::rules::{day_text, london_day, span_text},
    sessions::rules::{Mode, SessionDetails},
};

/// A trainer to write to.
#[derive(Clone, Debug)]
pub struct Trainer<'a> {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: &'a str,
    /// Their main address.
    pub address: &'a str,
}

/// Asks a trainer for a session.
pub fn trainer_asked(to: &Trainer<'_>, details: &SessionDetails, public_url: &str) -> Mail {
    let letter = Letter::to(to.name)
        .paragraph("would you train this session? Please say yes or no on the page below.")
        .facts(facts(details))
        .link("Answer here", format!("{public_url}/training"));
    mail(to, "trainer_asked", format!("Can you train “{}”?", title(details)), &letter)
}

/// Tells a trainer that they are not needed any more.
pub fn trainer_released(to: &Trainer<'_>, details: &SessionDetails) -> Mail {
    let letter = Letter::to(to.name)
        .paragraph("you are no longer needed for this session. Thank you for being ready to train it.")
        .facts(facts(details));
    mail(to, "trainer_released", format!("No longer needed: {}", title(details)), &letter)
}

/// Tells a trainer that date, time or place have changed.
pub fn trainer_session_moved(to: &Trainer<'_>, details: &SessionDetails, public_url: &str) -> Mail {
    let letter = Letter::to(to.name)
        .paragraph("the date, the time or the place of a session that you are asked for has changed. It is now:")
        .facts(facts(details))
        .link("If you cannot come, say so here", format!("{public_url}/training"));
    mail(to, "trainer_session_moved", format!("Changed: {}", title(details)), &letter)
}

/// Tells a trainer that a session is called off.
pub fn trainer_session_cancelled(to: &Trainer<'_>, details: &SessionDetails, reason: &str) -> Mail {
    let letter = Letter::to(to.name)
        .paragraph("this session will not take place. Everybody who had booked is told too.")
        .facts(facts(details))
        .facts(vec![("Reason", reason.to_owned())]);
    mail(to, "trainer_session_cancelled", format!("Cancelled: {}", title(details)), &letter)
}

/// Tells the office that a trainer has said no, or has stepped back.
pub fn trainer_unavailable(contact: &str, trainer: &str, details: &SessionDetails, public_url: &str) -> Mail {
    let letter = Letter::to("colleague")
        .paragraph(format!("{} cannot train this session.", one_line(trainer)))
        .facts(facts(details))
        .link("Ask another trainer", format!("{public_url}/office/sessions/{}", details.id));
    Mail {
        person: None,
        to: contact.to_owned(),
        kind: "trainer_unavailable",
        subject: one_line(&format!("A trainer is missing: {}", title(details))),
        body: letter.text(),
        html: Some(letter.html()),
        ..Mail::default()
    }
}

fn title(details: &SessionDetails) -> String {
    format!("{}, {}", details.course_title, day_text(london_day(details.starts_at)))
}

fn facts(details: &SessionDetails) -> Vec<(&'static str, String)> {
    let mut facts = vec![("Course", details.course_title.clone())];
    facts.extend(details.dates.iter().map(|date| ("When", span_text(date.starts_at, date.ends_at))));
    let place = match (details.mode, &details.venue) {
        (Mode::Online, _) => "Online".to_owned(),
        (Mode::Venue, Some(venue)) => format!("{}, {}", venue.name, venue.postcode),
        (Mode::Venue, None) => "To be announced".to_owned(),
    };
    facts.push(("Where", place));
    facts
}

fn mail(to: &Trainer<'_>, kind: &'static str, subject: String, letter: &Letter) -> Mail {
    Mail {
        person: Some(to.person),
        to: to.address.to_owned(),
        kind,
        subject: one_line(&subject),
        body: letter.text(),
        html: Some(letter.html()),
        ..Mail::default()
    }
}
