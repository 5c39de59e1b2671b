//! Mails about the waiting list and its offers.

use super::examples::*;
use crate::messages::wording::{Placeholder, Wording};

const SEE_OR_LEAVE: Placeholder =
    Placeholder::link("link", "See your position or leave the waiting list, without signing in");

/// Somebody joined a waiting list.
pub static WAITING_LIST: Wording = Wording {
    kind: "waiting_list",
    title: "Somebody joined a waiting list",
    subject: "Waiting list: {{course}}, {{day}}",
    body: "Dear {{name}},\n\n“{{course}}” is full, and you are number {{position}} on its waiting list. Waiting is never charged.\n\n{{details}}\n\nWhen a place comes free for you, we will write to you, and you can accept or decline it.\n\n{{link}}\n\n{{contact}}",
    placeholders: &[NAME, COURSE, DAY, CONTACT, POSITION, DETAILS, SEE_OR_LEAVE],
    required: &["details", "position", "link"],
};

/// Somebody was moved on a waiting list.
pub static WAITING_LIST_MOVED: Wording = Wording {
    kind: "waiting_list_moved",
    title: "Somebody was moved on a waiting list",
    subject: "Your position on the waiting list has changed: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nThe training team has moved you to number {{position}} on the waiting list for “{{course}}”. The reason: {{reason}}\n\n{{details}}\n\n{{link}}\n\n{{contact}}",
    placeholders: &[
        NAME,
        COURSE,
        DAY,
        CONTACT,
        POSITION,
        Placeholder::words("reason", "A place was promised to another team first."),
        DETAILS,
        SEE_OR_LEAVE,
    ],
    required: &["position", "reason", "details", "link"],
};

/// Somebody left a waiting list.
pub static WAITING_LIST_LEFT: Wording = Wording {
    kind: "waiting_list_left",
    title: "Somebody left a waiting list",
    subject: "Cancelled: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nYou have left the waiting list for “{{course}}”.\n\n{{details}}\n\n{{contact}}",
    placeholders: &[NAME, COURSE, DAY, CONTACT, DETAILS],
    required: &["details"],
};

/// A waiting list ended without a place.
pub static WAITING_LIST_ENDED: Wording = Wording {
    kind: "waiting_list_ended",
    title: "A session started, and somebody still waited",
    subject: "No place came free: {{course}}, {{day}}",
    body: "Dear {{name}},\n\n“{{course}}” has started, and no place came free for you. Its waiting list has ended, and nothing is charged.\n\n{{details}}\n\nThe course may have other dates:\n\n{{link}}\n\n{{contact}}",
    placeholders: &[
        NAME,
        COURSE,
        DAY,
        CONTACT,
        DETAILS,
        Placeholder::link("link", "See the other dates of this course"),
    ],
    required: &["details", "link"],
};

/// A place is offered to somebody who waits.
pub static BOOKING_OFFER: Wording = Wording {
    kind: "booking_offer",
    title: "A place is offered to somebody who waits",
    subject: "A place is free: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nA place on “{{course}}” has come free, and it is held for you until {{until}}.\n\n{{details}}\n\nIf you take the place now, you can cancel free of charge until {{cancel_by}}. {{charge_rule}}\n\n{{link}}\n\nIf you do not answer by then, somebody else can have the place. The page behind the link shows the cancel-by time again before you accept.\n\n{{contact}}",
    placeholders: &[
        NAME,
        COURSE,
        DAY,
        CONTACT,
        UNTIL,
        DETAILS,
        CANCEL_BY,
        CHARGE_RULE,
        Placeholder::link("link", "Accept or decline the place, without signing in"),
    ],
    required: &["details", "until", "link"],
};

/// Somebody declined an offered place.
pub static OFFER_DECLINED: Wording = Wording {
    kind: "offer_declined",
    title: "Somebody declined an offered place",
    subject: "Cancelled: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nYou have declined the place on “{{course}}” and are no longer on its waiting list. Nothing is charged.\n\n{{details}}\n\n{{contact}}",
    placeholders: &[NAME, COURSE, DAY, CONTACT, DETAILS],
    required: &["details"],
};

/// An offer has run out.
pub static BOOKING_OFFER_EXPIRED: Wording = Wording {
    kind: "booking_offer_expired",
    title: "An offer has run out",
    subject: "The offer has run out: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nThe offer of a place on “{{course}}” has run out, so the place is no longer held for you. You are no longer on the waiting list, and nothing is charged.\n\n{{details}}\n\n{{link}}\n\n{{contact}}",
    placeholders: &[
        NAME,
        COURSE,
        DAY,
        CONTACT,
        DETAILS,
        Placeholder::link("link", "You can ask for a place again while the session can be booked"),
    ],
    required: &["details", "link"],
};

/// A place is free on the last day.
pub static BOOKING_LAST_DAY: Wording = Wording {
    kind: "booking_last_day",
    title: "A place is free on the last day",
    subject: "A place is free at the last moment: {{course}}, {{day}}",
    body: "Dear {{name}},\n\nA place on “{{course}}” has come free at the last moment. The first person to take it has it.\n\n{{details}}\n\nIf you take the place now, you can cancel free of charge until {{cancel_by}}. {{charge_rule}}\n\n{{link}}\n\n{{contact}}",
    placeholders: &[
        NAME,
        COURSE,
        DAY,
        CONTACT,
        DETAILS,
        CANCEL_BY,
        CHARGE_RULE,
        Placeholder::link("link", "Take the place, without signing in"),
    ],
    required: &["details", "link"],
};
