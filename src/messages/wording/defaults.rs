//! The kinds of mail whose wording the office can change, with their defaults in plain English.

use super::Template;

/// One kind of mail.
#[derive(Debug)]
pub struct Wording {
    /// As it stands in the outbox.
    pub kind: &'static str,
    /// What it is, for the office's list.
    pub title: &'static str,
    /// The default subject.
    pub subject: &'static str,
    /// The default text.
    pub body: &'static str,
    /// Placeholders for a few words besides those that every mail has.
    pub words: &'static [&'static str],
    /// Placeholders that stand on a line of their own.
    pub blocks: &'static [&'static str],
    /// Without these the mail would not say what it has to.
    pub required: &'static [&'static str],
}

/// Placeholders of every mail.
pub const EVERYWHERE: [&str; 4] = ["name", "course", "day", "contact"];

impl Wording {
    /// Whether a placeholder means something in this mail.
    pub fn knows(&self, name: &str) -> bool {
        EVERYWHERE.contains(&name) || self.words.contains(&name) || self.is_block(name)
    }

    /// Whether a placeholder stands on a line of its own.
    pub fn is_block(&self, name: &str) -> bool {
        self.blocks.contains(&name)
    }

    /// The default.
    pub fn template(&self) -> Template {
        Template { subject: self.subject.to_owned(), body: self.body.to_owned() }
    }
}

/// The wording of a kind of mail, if it can be changed.
pub fn wording_of(kind: &str) -> Option<&'static Wording> {
    WORDINGS.iter().find(|wording| wording.kind == kind)
}

/// Every kind of mail whose wording can be changed.
pub const WORDINGS: [Wording; 8] = [
    Wording {
        kind: "booking_confirmed",
        title: "A place is booked",
        subject: "Booked: {{course}}, {{day}}",
        body: "Dear {{name}},\n\nYou have a place on “{{course}}”.\n\n{{booked_by}}\n\n{{details}}\n\nYou can cancel free of charge until {{cancel_by}}. {{charge_rule}}\n\n{{questions}}\n\n{{how_to_join}}\n\n{{change_or_cancel}}\n\nA calendar file comes with this mail. Declining or deleting the calendar entry does not cancel your place.\n\n{{contact}}",
        words: &["booked_by", "cancel_by", "charge_rule"],
        blocks: &["details", "questions", "how_to_join", "change_or_cancel"],
        required: &["details", "cancel_by", "charge_rule", "change_or_cancel"],
    },
    Wording {
        kind: "booking_requested",
        title: "A request waits for approval",
        subject: "Waiting for approval: {{course}}, {{day}}",
        body: "Dear {{name}},\n\nYou have asked for a place on “{{course}}”. It needs approval first, and we hold a place for you until {{until}}.\n\n{{details}}\n\nWe will write to you when it is answered. You do not need to do anything.\n\n{{change_or_cancel}}\n\n{{contact}}",
        words: &["until"],
        blocks: &["details", "change_or_cancel"],
        required: &["details", "until", "change_or_cancel"],
    },
    Wording {
        kind: "booking_declined",
        title: "A request was not approved",
        subject: "Your request was not approved: {{course}}, {{day}}",
        body: "Dear {{name}},\n\nYour request for a place on “{{course}}” was not approved.\n\n{{details}}\n\nYour manager or the training team can tell you why.\n\n{{contact}}",
        words: &[],
        blocks: &["details"],
        required: &["details"],
    },
    Wording {
        kind: "waiting_list",
        title: "Somebody joined a waiting list",
        subject: "Waiting list: {{course}}, {{day}}",
        body: "Dear {{name}},\n\n“{{course}}” is full, and you are number {{position}} on its waiting list. Waiting is never charged.\n\n{{details}}\n\nWhen a place comes free for you, we will write to you, and you can accept or decline it.\n\n{{link}}\n\n{{contact}}",
        words: &["position"],
        blocks: &["details", "link"],
        required: &["details", "position", "link"],
    },
    Wording {
        kind: "booking_offer",
        title: "A place is offered to somebody who waits",
        subject: "A place is free: {{course}}, {{day}}",
        body: "Dear {{name}},\n\nA place on “{{course}}” has come free, and it is held for you until {{until}}.\n\n{{details}}\n\n{{link}}\n\nIf you do not answer by then, the place goes to the next person on the list.\n\n{{contact}}",
        words: &["until"],
        blocks: &["details", "link"],
        required: &["details", "until", "link"],
    },
    Wording {
        kind: "booking_cancel_by_near",
        title: "Two working days before the cancel-by moment",
        subject: "Can you still come?: {{course}}, {{day}}",
        body: "Dear {{name}},\n\nCan you still come to “{{course}}”? You can cancel free of charge until {{cancel_by}}.\n\n{{details}}\n\n{{charge_rule}}\n\n{{change_or_cancel}}\n\n{{contact}}",
        words: &["cancel_by", "charge_rule"],
        blocks: &["details", "change_or_cancel"],
        required: &["details", "cancel_by", "charge_rule", "change_or_cancel"],
    },
    Wording {
        kind: "session_reminder",
        title: "The day before the session",
        subject: "Reminder: {{course}}, {{day}}",
        body: "Dear {{name}},\n\n“{{course}}” is about to start.\n\n{{details}}\n\n{{how_to_join}}\n\nIf you cannot come, a colleague can take your place until the start.\n\n{{change_or_cancel}}\n\n{{contact}}",
        words: &[],
        blocks: &["details", "how_to_join", "change_or_cancel"],
        required: &["details", "how_to_join", "change_or_cancel"],
    },
    Wording {
        kind: "session_cancelled",
        title: "A session is cancelled by the board",
        subject: "Session cancelled: {{course}}, {{day}}",
        body: "Dear {{name}},\n\nWe are sorry: we have had to cancel “{{course}}”. Nothing is charged, and you do not need to do anything.\n\n{{reason}}\n\n{{details}}\n\n{{other_dates}}\n\n{{contact}}",
        words: &["reason"],
        blocks: &["details", "other_dates"],
        required: &["reason", "details", "other_dates"],
    },
];
