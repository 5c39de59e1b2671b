//! Mails that ask for answers before and after a session.

use super::examples::*;
use crate::messages::wording::{Placeholder, Wording};

const ANSWER_HERE: Placeholder = Placeholder::link("link", "Answer here, without signing in. It takes a minute");

/// The questions before a session.
pub static SURVEY_BEFORE: Wording = Wording {
    kind: "survey_before",
    title: "The questions before a session",
    subject: "Five questions before “{{course}}”",
    body: "Dear {{name}},\n\nYou have not answered yet. Your answers before and after the session show what it changed.\n\nCourse: {{course}}\nDate: {{day}}\n\n{{link}}\n\nThe link is yours alone; please do not pass it on. Nobody sees what you answered: answers are kept without your name, and shown only added up for five people or more.",
    placeholders: &[NAME, COURSE, DAY, ANSWER_HERE],
    required: &["link"],
};

/// The questions after a session.
pub static SURVEY_AFTER: Wording = Wording {
    kind: "survey_after",
    title: "The questions after a session",
    subject: "Five questions after “{{course}}”",
    body: "Dear {{name}},\n\nThank you for coming. Your answers show what the session changed.\n\nCourse: {{course}}\nDate: {{day}}\n\n{{link}}\n\nThe link is yours alone; please do not pass it on. Nobody sees what you answered: answers are kept without your name, and shown only added up for five people or more.",
    placeholders: &[NAME, COURSE, DAY, ANSWER_HERE],
    required: &["link"],
};

/// A reminder of the questions after a session.
pub static SURVEY_AFTER_REMINDER: Wording = Wording {
    kind: "survey_after_reminder",
    title: "A reminder of the questions after a session",
    subject: "Still open: five questions after “{{course}}”",
    body: "Dear {{name}},\n\nYou have not answered yet. If you answered before the session, only your answers now can show what it changed.\n\nCourse: {{course}}\nDate: {{day}}\n\n{{link}}\n\nThe link is yours alone; please do not pass it on. Nobody sees what you answered: answers are kept without your name, and shown only added up for five people or more.",
    placeholders: &[NAME, COURSE, DAY, ANSWER_HERE],
    required: &["link"],
};

/// The link for somebody who entered the trainer’s code.
pub static SURVEY_CODE_LINK: Wording = Wording {
    kind: "survey_code_link",
    title: "The link for somebody who entered the trainer’s code",
    subject: "Your link to answer after the session",
    body: "Somebody entered this address with the code that the trainer showed.\n\n{{link}}\n\nIf this was not you, you need not do anything.",
    placeholders: &[Placeholder::link("link", "Answer here, without signing in")],
    required: &["link"],
};
