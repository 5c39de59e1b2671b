//! Mails that ask for answers before and after a session.

use super::{
    letter::Letter,
    store::Mail,
    wording::{SURVEY_AFTER, SURVEY_AFTER_REMINDER, SURVEY_BEFORE, SURVEY_CODE_LINK, Values},
};
use crate::{
    accounts::rules::PersonId,
    calendar::rules::{day_text, london_day},
    surveys::rules::Wave,
};
use chrono::{DateTime, Utc};

/// Somebody who is asked.
pub struct Asking<'a> {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: &'a str,
    /// Where to.
    pub address: &'a str,
    /// The course's title.
    pub course: &'a str,
    /// The start of its first date.
    pub starts_at: DateTime<Utc>,
    /// Before or after.
    pub wave: Wave,
    /// Whether they were asked before.
    pub is_reminder: bool,
    /// Their personal link.
    pub link: &'a str,
}

/// Asks for answers, or reminds of them.
pub fn asking_mail(asking: &Asking<'_>) -> Mail {
    let wording = match (asking.wave, asking.is_reminder) {
        (Wave::Before, _) => &SURVEY_BEFORE,
        (_, false) => &SURVEY_AFTER,
        (_, true) => &SURVEY_AFTER_REMINDER,
    };
    let link = Letter::default().link("Answer here, without signing in. It takes a minute", asking.link);
    let values = Values::default()
        .words("name", asking.name)
        .words("course", asking.course)
        .words("day", day_text(london_day(asking.starts_at)))
        .block("link", link);
    Mail { has_personal_link: true, ..Mail::worded(wording, Some(asking.person), asking.address, values) }
}

/// The personal link for somebody who entered the session's code and their address.
pub fn code_link_mail(person: PersonId, address: &str, link: &str) -> Mail {
    let values = Values::default().block("link", Letter::default().link("Answer here, without signing in", link));
    Mail { has_personal_link: true, ..Mail::worded(&SURVEY_CODE_LINK, Some(person), address, values) }
}
