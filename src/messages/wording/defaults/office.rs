//! Mails to agencies' training leads and to the office itself.

use super::examples::*;
use crate::messages::wording::{Placeholder, Wording};

/// A training lead is asked to approve.
pub static APPROVAL_WANTED: Wording = Wording {
    kind: "approval_wanted",
    title: "A training lead is asked to approve",
    subject: "Please approve: {{learner}}, {{course}}, {{day}}",
    body: "Dear {{name}},\n\n{{learner}} asks for a place on “{{course}}”. Your agency approves its bookings. A place is held until {{until}}; after that the request lapses.\n\n{{details}}\n\n{{link}}",
    placeholders: &[
        Placeholder::words("name", "Lena Lead"),
        LEARNER,
        COURSE,
        DAY,
        UNTIL,
        DETAILS,
        Placeholder::link("link", "Approve or decline"),
    ],
    required: &["learner", "until", "details", "link"],
};

/// A copy for training leads, where their agency asked for copies.
pub static COPY_FOR_LEAD: Wording = Wording {
    kind: "copy_for_lead",
    title: "A copy for training leads, where their agency asked for copies",
    subject: "Copy for {{learner}}: {{subject}}",
    body: "We have written to {{learner}}: {{subject}}.\n\n{{details}}\n\n{{link}}\n\nYou get this copy because your agency asked for copies.",
    placeholders: &[
        LEARNER,
        COURSE,
        DAY,
        Placeholder::words("subject", "Booked: Neglect: noticing and acting, Monday 17 March 2025"),
        DETAILS,
        Placeholder::link("link", "See the booking"),
    ],
    required: &["learner", "subject", "details"],
};

/// To training leads: no mail reaches one of their staff.
pub static LEARNER_UNREACHABLE: Wording = Wording {
    kind: "learner_unreachable",
    title: "To training leads: no mail reaches one of their staff",
    subject: "Please tell {{learner}}: {{subject}}",
    body: "We cannot write to {{learner}}, because we know no email address of theirs that works. Please tell them: {{subject}}.\n\n{{details}}\n\n{{link}}\n\nOnce they have given us an address that works, we write to them again.",
    placeholders: &[
        LEARNER,
        COURSE,
        DAY,
        Placeholder::words("subject", "Booked: Neglect: noticing and acting, Monday 17 March 2025"),
        DETAILS,
        Placeholder::link("link", "See the booking"),
    ],
    required: &["learner", "subject", "details"],
};

/// To the office: a trainer is missing.
pub static TRAINER_UNAVAILABLE: Wording = Wording {
    kind: "trainer_unavailable",
    title: "To the office: a trainer is missing",
    subject: "A trainer is missing: {{course}}, {{day}}",
    body: "Dear colleague,\n\n{{trainer}} cannot train this session.\n\n{{details}}\n\n{{link}}",
    placeholders: &[
        Placeholder::words("trainer", "Tom Reed"),
        COURSE,
        DAY,
        SESSION_DETAILS,
        Placeholder::link("link", "Ask another trainer"),
    ],
    required: &["trainer", "details", "link"],
};

/// To the office: an agency is missing from the list.
pub static AGENCY_MISSING: Wording = Wording {
    kind: "agency_missing",
    title: "To the office: an agency is missing from the list",
    subject: "An agency is missing from the list",
    body: "{{learner}} could not find their agency in the list. They typed: {{agency}}\n\nIf the agency is there under another name, or once you have added it, add the membership on the person's page in the office.\n\n{{signature}}",
    placeholders: &[LEARNER, Placeholder::words("agency", "Lark Primary School"), SIGNATURE],
    required: &["learner", "agency"],
};
