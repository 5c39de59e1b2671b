//! Mails that ask for answers before and after a session.

use super::store::Mail;
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
    let (course, day) = (asking.course, day_text(london_day(asking.starts_at)));
    let (kind, subject, why) = match (asking.wave, asking.is_reminder) {
        (Wave::Before, _) => (
            "survey_before",
            format!("Five questions before “{course}”"),
            "You have not answered yet. Your answers before and after the session show what it changed.",
        ),
        (_, false) => (
            "survey_after",
            format!("Five questions after “{course}”"),
            "Thank you for coming. Your answers show what the session changed.",
        ),
        (_, true) => (
            "survey_after_reminder",
            format!("Still open: five questions after “{course}”"),
            "You have not answered yet. If you answered before the session, only your answers now can show what it changed.",
        ),
    };
    let body = format!(
        "Dear {name},\n\n{why}\n\nCourse: {course}\nDate: {day}\n\nAnswer here, without signing in. It takes a minute:\n{link}\n\nThe link is yours alone; please do not pass it on. Nobody sees what you answered: answers are kept without your name, and shown only added up for five people or more.\n",
        name = asking.name,
        link = asking.link,
    );
    Mail {
        person: Some(asking.person),
        to: asking.address.to_owned(),
        kind,
        subject,
        body,
        has_personal_link: true,
        ..Mail::default()
    }
}

/// The personal link for somebody who entered the session's code and their address.
pub fn code_link_mail(person: PersonId, address: &str, link: &str) -> Mail {
    Mail {
        person: Some(person),
        to: address.to_owned(),
        kind: "survey_code_link",
        subject: "Your link to answer after the session".to_owned(),
        body: format!(
            "Somebody entered this address with the code that the trainer showed.\n\nAnswer here, without signing in:\n{link}\n\nIf this was not you, you need not do anything.\n"
        ),
        has_personal_link: true,
        ..Mail::default()
    }
}
