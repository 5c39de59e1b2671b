//! Mails about sessions: to people with a place when the board changes one, and to trainers.

use super::examples::*;
use crate::messages::wording::{Placeholder, Wording};

/// Date, time or place of a session has changed.
pub static SESSION_MOVED: Wording = Wording {
    kind: "session_moved",
    title: "Date, time or place of a session has changed",
    subject: "Session changed: {{course}}, {{day}}",
    body: "Dear {{name}},\n\n“{{course}}” has changed. {{what_changed}}\n\n{{details}}\n\n{{your_choice}}\n\n{{how_to_join}}\n\n{{change_or_cancel}}\n\n{{contact}}",
    placeholders: &[
        NAME,
        COURSE,
        DAY,
        CONTACT,
        Placeholder::words("what_changed", "It now takes place in the Town Hall."),
        DETAILS,
        Placeholder::words(
            "your_choice",
            "If this no longer suits you, you can cancel free of charge until the start, or choose another date.",
        ),
        HOW_TO_JOIN,
        CHANGE_OR_CANCEL,
    ],
    required: &["what_changed", "details", "change_or_cancel"],
};

/// How to join a session has changed: the link, the venue’s address.
pub static SESSION_DETAILS_CHANGED: Wording = Wording {
    kind: "session_details_changed",
    title: "How to join a session has changed",
    subject: "New details: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nWe have new details for “{{course}}”. {{what_changed}} Date and time stay as they were.\n\n{{details}}\n\n{{how_to_join}}\n\nA new calendar file comes with this mail.\n\n{{change_or_cancel}}\n\n{{contact}}",
    placeholders: &[
        NAME,
        COURSE,
        DAY,
        CONTACT,
        Placeholder::words("what_changed", "The link to join has changed."),
        DETAILS,
        HOW_TO_JOIN,
        CHANGE_OR_CANCEL,
    ],
    required: &["what_changed", "details", "how_to_join", "change_or_cancel"],
};

/// A session is cancelled by the board.
pub static SESSION_CANCELLED: Wording = Wording {
    kind: "session_cancelled",
    title: "A session is cancelled by the board",
    subject: "Session cancelled: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nWe are sorry: we have had to cancel “{{course}}”. Nothing is charged, and you do not need to do anything.\n\n{{reason}}\n\n{{details}}\n\n{{other_dates}}\n\n{{contact}}",
    placeholders: &[
        NAME,
        COURSE,
        DAY,
        CONTACT,
        Placeholder::words("reason", "The reason: the trainer is ill"),
        DETAILS,
        Placeholder::link("other_dates", "Choose another date"),
    ],
    required: &["reason", "details", "other_dates"],
};

const TRAINER: Placeholder = Placeholder::words("name", "Tom Reed");

/// A trainer is asked for a session.
pub static TRAINER_ASKED: Wording = Wording {
    kind: "trainer_asked",
    title: "A trainer is asked for a session",
    subject: "Can you train “{{course}}, {{day}}”?",
    body: "Dear {{name}},\n\nWould you train this session? Please say yes or no on the page below.\n\n{{details}}\n\n{{link}}",
    placeholders: &[TRAINER, COURSE, DAY, SESSION_DETAILS, Placeholder::link("link", "Answer here")],
    required: &["details", "link"],
};

/// A trainer is no longer needed.
pub static TRAINER_RELEASED: Wording = Wording {
    kind: "trainer_released",
    title: "A trainer is no longer needed",
    subject: "No longer needed: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nYou are no longer needed for this session. Thank you for being ready to train it.\n\n{{details}}",
    placeholders: &[TRAINER, COURSE, DAY, SESSION_DETAILS],
    required: &["details"],
};

/// A trainer’s session has changed.
pub static TRAINER_SESSION_MOVED: Wording = Wording {
    kind: "trainer_session_moved",
    title: "A trainer’s session has changed",
    subject: "Changed: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nThe date, the time or the place of a session that you are asked for has changed. It is now:\n\n{{details}}\n\n{{link}}",
    placeholders: &[
        TRAINER,
        COURSE,
        DAY,
        SESSION_DETAILS,
        Placeholder::link("link", "If you cannot come, say so here"),
    ],
    required: &["details", "link"],
};

/// A trainer’s session is cancelled.
pub static TRAINER_SESSION_CANCELLED: Wording = Wording {
    kind: "trainer_session_cancelled",
    title: "A trainer’s session is cancelled",
    subject: "Cancelled: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nThis session will not take place. Everybody who had booked is told too.\n\n{{details}}\n\n{{reason}}",
    placeholders: &[
        TRAINER,
        COURSE,
        DAY,
        Placeholder::words("reason", "Reason: too few people have booked"),
        SESSION_DETAILS,
    ],
    required: &["details", "reason"],
};
