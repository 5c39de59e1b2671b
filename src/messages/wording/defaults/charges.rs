//! Mails about charges. A payer reads what, how much and whether it was waived, never why: there is no placeholder for
//! a reason.

use crate::messages::wording::{Placeholder, Wording};

const REFERENCE: Placeholder = Placeholder::words("reference", "C7K2M9");
const TRIGGER: Placeholder = Placeholder::words("trigger", "did not attend");
const AMOUNT: Placeholder = Placeholder::words("amount", "£50.00");
const WHOSE_PLACE: Placeholder = Placeholder::words("whose_place", "your place");
const VERDICT: Placeholder = Placeholder::words(
    "verdict",
    "Amira Khan did not attend “Neglect: noticing and acting” on Monday 17 March 2025 and had not cancelled by 11:59pm on Thursday 6 March 2025.",
);

/// Nothing for an address at which nobody signs in.
const LINK: Placeholder = Placeholder::link("link", "See the charge");

/// A charge is proposed: to learner and payer.
pub static CHARGE_NOTIFIED: Wording = Wording {
    kind: "charge_notified",
    title: "A charge is proposed: to learner and payer",
    subject: "A place on a course was not used: {{amount}}",
    body: "Charge {{reference}}: {{trigger}}, {{amount}}, for {{whose_place}}.\n\n{{verdict}}\n\n{{who_pays}}\n\nIf there was a reason, reply to the training team within {{days}} working days. You do not have to tell details of your health. A person reads what you write before anything is decided.\n\n{{link}}",
    placeholders: &[
        REFERENCE,
        TRIGGER,
        AMOUNT,
        WHOSE_PLACE,
        VERDICT,
        Placeholder::words("who_pays", "You are not asked to pay. The charge goes to Lark Primary School."),
        Placeholder::words("days", "10"),
        LINK,
    ],
    required: &["reference", "trigger", "amount", "whose_place", "verdict", "who_pays", "days"],
};

/// A charge stands.
pub static CHARGE_CONFIRMED: Wording = Wording {
    kind: "charge_confirmed",
    title: "A charge stands",
    subject: "Charge {{reference}} was confirmed",
    body: "Charge {{reference}}: {{trigger}}, {{amount}}, for {{whose_place}}.\n\n{{verdict}}\n\n{{what_next}}\n\n{{link}}",
    placeholders: &[
        REFERENCE,
        TRIGGER,
        AMOUNT,
        WHOSE_PLACE,
        VERDICT,
        Placeholder::words("what_next", "An invoice or a recharge follows. Nothing is due before it comes."),
        LINK,
    ],
    required: &["reference", "trigger", "amount", "whose_place", "verdict", "what_next"],
};

/// A charge is waived.
pub static CHARGE_WAIVED: Wording = Wording {
    kind: "charge_waived",
    title: "A charge is waived",
    subject: "Charge {{reference}} was waived",
    body: "Charge {{reference}}: {{trigger}}, {{amount}}, for {{whose_place}}.\n\nThe charge was waived. There is nothing to pay.\n\n{{link}}",
    placeholders: &[REFERENCE, TRIGGER, AMOUNT, WHOSE_PLACE, LINK],
    required: &["reference", "amount", "whose_place"],
};

/// A charge is taken back, because what it rested on has changed.
pub static CHARGE_TAKEN_BACK: Wording = Wording {
    kind: "charge_taken_back",
    title: "A charge is taken back, because what it rested on has changed",
    subject: "Charge {{reference}} was taken back",
    body: "Charge {{reference}}: {{trigger}}, {{amount}}, for {{whose_place}}.\n\nThe record was corrected, or we have cancelled or moved the session, so this charge no longer applies. There is nothing to pay.",
    placeholders: &[REFERENCE, TRIGGER, AMOUNT, WHOSE_PLACE],
    required: &["reference", "amount", "whose_place"],
};
