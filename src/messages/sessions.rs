//! The mails to trainers about sessions.

use super::{
    letter::{Letter, one_line},
    store::Mail,
    wording::{
        TRAINER_ASKED, TRAINER_RELEASED, TRAINER_SESSION_CANCELLED, TRAINER_SESSION_MOVED, TRAINER_UNAVAILABLE, Values,
        Wording,
    },
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
    let link = Letter::default().link("Answer here", format!("{public_url}/training"));
    mail(to, &TRAINER_ASKED, values(details).block("link", link))
}

/// Tells a trainer that they are not needed any more.
pub fn trainer_released(to: &Trainer<'_>, details: &SessionDetails) -> Mail {
    mail(to, &TRAINER_RELEASED, values(details))
}

/// Tells a trainer that date, time or place have changed.
pub fn trainer_session_moved(to: &Trainer<'_>, details: &SessionDetails, public_url: &str) -> Mail {
    let link = Letter::default().link("If you cannot come, say so here", format!("{public_url}/training"));
    mail(to, &TRAINER_SESSION_MOVED, values(details).block("link", link))
}

/// Tells a trainer that a session is called off.
pub fn trainer_session_cancelled(to: &Trainer<'_>, details: &SessionDetails, reason: &str) -> Mail {
    let reason = one_line(reason);
    let reason = if reason.is_empty() { reason } else { format!("Reason: {reason}") };
    mail(to, &TRAINER_SESSION_CANCELLED, values(details).words("reason", reason))
}

/// Tells the office that a trainer has said no, or has stepped back.
pub fn trainer_unavailable(contact: &str, trainer: &str, details: &SessionDetails, public_url: &str) -> Mail {
    let address = format!("{public_url}/office/sessions/{}", details.id);
    let values =
        values(details).words("trainer", trainer).block("link", Letter::default().link("Ask another trainer", address));
    Mail::worded(&TRAINER_UNAVAILABLE, None, contact, values)
}

fn values(details: &SessionDetails) -> Values {
    Values::default()
        .words("course", &details.course_title)
        .words("day", day_text(london_day(details.starts_at)))
        .block("details", Letter::default().facts(facts(details)))
}

fn mail(to: &Trainer<'_>, wording: &'static Wording, values: Values) -> Mail {
    Mail::worded(wording, Some(to.person), to.address, values.words("name", to.name))
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
