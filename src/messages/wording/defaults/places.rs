//! Mails about a place or a request for one.

use super::examples::*;
use crate::messages::wording::{Placeholder, Wording};

/// A place is booked.
pub static BOOKING_CONFIRMED: Wording = Wording {
    kind: "booking_confirmed",
    title: "A place is booked",
    subject: "Booked: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nYou have a place on “{{course}}”.\n\n{{booked_by}}\n\n{{details}}\n\nYou can cancel free of charge until {{cancel_by}}. {{charge_rule}}\n\n{{questions}}\n\n{{how_to_join}}\n\n{{change_or_cancel}}\n\nA calendar file comes with this mail. Declining or deleting the calendar entry does not cancel your place.\n\n{{contact}}",
    placeholders: &[
        NAME,
        COURSE,
        DAY,
        CONTACT,
        BOOKED_BY,
        CANCEL_BY,
        CHARGE_RULE,
        DETAILS,
        QUESTIONS,
        HOW_TO_JOIN,
        CHANGE_OR_CANCEL,
    ],
    required: &["details", "cancel_by", "charge_rule", "change_or_cancel"],
};

const BOOKED_BY: Placeholder =
    Placeholder::words("booked_by", "Lena Lead of Lark Primary School has booked it for you.");

/// A place is moved to another date.
pub static BOOKING_TRANSFERRED: Wording = Wording {
    kind: "booking_transferred",
    title: "A place is moved to another date",
    subject: "Booked: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nYou have a place on “{{course}}”.\n\n{{booked_by}}\n\n{{details}}\n\nYou can cancel free of charge until {{cancel_by}}. {{charge_rule}}\n\n{{questions}}\n\n{{how_to_join}}\n\n{{change_or_cancel}}\n\nA calendar file comes with this mail. Declining or deleting the calendar entry does not cancel your place.\n\n{{contact}}\n\nYou have moved from {{old_day}} to this date. The booking with the reference {{old_reference}} is closed, and you can delete its calendar entry.",
    placeholders: &[
        NAME,
        COURSE,
        DAY,
        CONTACT,
        BOOKED_BY,
        CANCEL_BY,
        CHARGE_RULE,
        Placeholder::words("old_day", "Monday 3 March 2025"),
        Placeholder::words("old_reference", "H3N8RT2W"),
        DETAILS,
        QUESTIONS,
        HOW_TO_JOIN,
        CHANGE_OR_CANCEL,
    ],
    required: &["details", "cancel_by", "charge_rule", "change_or_cancel", "old_day"],
};

/// A colleague’s place: to whoever comes instead.
pub static BOOKING_SUBSTITUTE: Wording = Wording {
    kind: "booking_substitute",
    title: "A colleague’s place: to whoever comes instead",
    subject: "You have a place: {{course}}, {{day}}",
    body: "Dear {{name}},\n\n{{colleague}} cannot come to “{{course}}” and has named you to come instead. The place is yours.\n\n{{details}}\n\nThe place can be cancelled free of charge until {{cancel_by}}, as it was agreed with {{colleague}}. {{charge_rule}} If you cannot come, use the link below: another colleague can come instead until the start, free of charge.\n\n{{questions}}\n\n{{how_to_join}}\n\n{{change_or_cancel}}\n\n{{contact}}",
    placeholders: &[
        NAME,
        COURSE,
        DAY,
        CONTACT,
        Placeholder::words("colleague", "Ben Okoro"),
        CANCEL_BY,
        CHARGE_RULE,
        DETAILS,
        QUESTIONS,
        HOW_TO_JOIN,
        CHANGE_OR_CANCEL,
    ],
    required: &["colleague", "details", "cancel_by", "charge_rule", "change_or_cancel"],
};

/// A colleague’s place: to whoever gave it.
pub static BOOKING_SUBSTITUTED: Wording = Wording {
    kind: "booking_substituted",
    title: "A colleague’s place: to whoever gave it",
    subject: "A colleague has your place: {{course}}, {{day}}",
    body: "Dear {{name}},\n\n{{colleague}} now has your place on “{{course}}”. We have told them. Nothing is charged for your booking.\n\n{{details}}\n\n{{contact}}",
    placeholders: &[NAME, COURSE, DAY, CONTACT, Placeholder::words("colleague", "Ben Okoro"), DETAILS],
    required: &["colleague", "details"],
};

/// Two working days before the cancel-by moment.
pub static BOOKING_CANCEL_BY_NEAR: Wording = Wording {
    kind: "booking_cancel_by_near",
    title: "Two working days before the cancel-by moment",
    subject: "Can you still come?: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nCan you still come to “{{course}}”? You can cancel free of charge until {{cancel_by}}.\n\n{{details}}\n\n{{charge_rule}}\n\n{{change_or_cancel}}\n\n{{contact}}",
    placeholders: &[NAME, COURSE, DAY, CONTACT, CANCEL_BY, CHARGE_RULE, DETAILS, CHANGE_OR_CANCEL],
    required: &["details", "cancel_by", "charge_rule", "change_or_cancel"],
};

/// The day before the session.
pub static SESSION_REMINDER: Wording = Wording {
    kind: "session_reminder",
    title: "The day before the session",
    subject: "Reminder: {{course}}, {{day}}",
    body: "Dear {{name}},\n\n“{{course}}” is about to start.\n\n{{details}}\n\n{{how_to_join}}\n\nIf you cannot come, a colleague can take your place until the start.\n\n{{change_or_cancel}}\n\n{{contact}}",
    placeholders: &[NAME, COURSE, DAY, CONTACT, DETAILS, HOW_TO_JOIN, CHANGE_OR_CANCEL],
    required: &["details", "how_to_join", "change_or_cancel"],
};

/// A request waits for approval.
pub static BOOKING_REQUESTED: Wording = Wording {
    kind: "booking_requested",
    title: "A request waits for approval",
    subject: "Waiting for approval: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nYou have asked for a place on “{{course}}”. It needs approval first, and we hold a place for you until {{until}}.\n\n{{details}}\n\nWe will write to you when it is answered. You do not need to do anything.\n\n{{change_or_cancel}}\n\n{{contact}}",
    placeholders: &[NAME, COURSE, DAY, CONTACT, UNTIL, DETAILS, CHANGE_OR_CANCEL],
    required: &["details", "until", "change_or_cancel"],
};

/// A request was not approved.
pub static BOOKING_DECLINED: Wording = Wording {
    kind: "booking_declined",
    title: "A request was not approved",
    subject: "Your request was not approved: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nYour request for a place on “{{course}}” was not approved.\n\n{{details}}\n\nYour manager or the training team can tell you why.\n\n{{contact}}",
    placeholders: &[NAME, COURSE, DAY, CONTACT, DETAILS],
    required: &["details"],
};

/// A request was not answered in time.
pub static BOOKING_LAPSED: Wording = Wording {
    kind: "booking_lapsed",
    title: "A request was not answered in time",
    subject: "Your request has lapsed: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nYour request for a place on “{{course}}” was not answered in time, so the place is free again. {{ask_again}}\n\n{{details}}\n\n{{contact}}",
    placeholders: &[
        NAME,
        COURSE,
        DAY,
        CONTACT,
        Placeholder::words("ask_again", "You can ask once more while the session can be booked."),
        DETAILS,
    ],
    required: &["details"],
};

/// A request is taken back.
pub static REQUEST_WITHDRAWN: Wording = Wording {
    kind: "request_withdrawn",
    title: "A request is taken back",
    subject: "Cancelled: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nYour request for a place on “{{course}}” is taken back. Nothing is charged.\n\n{{details}}\n\n{{contact}}",
    placeholders: &[NAME, COURSE, DAY, CONTACT, DETAILS],
    required: &["details"],
};

/// A place is cancelled, free of charge.
pub static BOOKING_CANCELLED: Wording = Wording {
    kind: "booking_cancelled",
    title: "A place is cancelled, free of charge",
    subject: "Cancelled: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nYour place on “{{course}}” is cancelled. {{why_free}}\n\n{{details}}\n\n{{contact}}",
    placeholders: &[
        NAME,
        COURSE,
        DAY,
        CONTACT,
        Placeholder::words("why_free", "It was cancelled in time, so nothing is charged."),
        DETAILS,
    ],
    required: &["why_free", "details"],
};

/// A place is cancelled late, and a charge may follow.
pub static BOOKING_CANCELLED_LATE: Wording = Wording {
    kind: "booking_cancelled_late",
    title: "A place is cancelled late, and a charge may follow",
    subject: "Cancelled: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nYour place on “{{course}}” is cancelled. It could be cancelled free of charge until {{cancel_by}}, so this is a late cancellation and a charge may follow. If it does, we will write to you, and you can tell us what happened.\n\n{{details}}\n\n{{contact}}",
    placeholders: &[NAME, COURSE, DAY, CONTACT, CANCEL_BY, DETAILS],
    required: &["cancel_by", "details"],
};

/// A place is cancelled late, and nothing is charged.
pub static BOOKING_CANCELLED_UNCHARGED: Wording = Wording {
    kind: "booking_cancelled_uncharged",
    title: "A place is cancelled late, and nothing is charged",
    subject: "Cancelled: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nYour place on “{{course}}” is cancelled. It could be cancelled in time until {{cancel_by}}; nothing is charged all the same.\n\n{{details}}\n\n{{contact}}",
    placeholders: &[NAME, COURSE, DAY, CONTACT, CANCEL_BY, DETAILS],
    required: &["cancel_by", "details"],
};
