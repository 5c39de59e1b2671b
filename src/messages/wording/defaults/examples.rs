//! What placeholders that many mails share stand for in a preview: one invented booking.

use crate::messages::wording::{Example, Placeholder};

pub const NAME: Placeholder = Placeholder::words("name", "Amira Khan");
pub const LEARNER: Placeholder = Placeholder::words("learner", "Amira Khan");
pub const COURSE: Placeholder = Placeholder::words("course", "Neglect: noticing and acting");
pub const DAY: Placeholder = Placeholder::words("day", "Monday 17 March 2025");
pub const CONTACT: Placeholder = Placeholder::words("contact", "Questions? Write to training@example.org.");
pub const CANCEL_BY: Placeholder = Placeholder::words("cancel_by", "11:59pm on Thursday 6 March 2025");
pub const UNTIL: Placeholder = Placeholder::words("until", "11:59pm on Wednesday 5 March 2025");
pub const POSITION: Placeholder = Placeholder::words("position", "2");
pub const CHARGE_RULE: Placeholder =
    Placeholder::words("charge_rule", "After that your employer is charged £50 if you do not come.");
pub const DETAILS: Placeholder = Placeholder {
    name: "details",
    example: Example::Facts(&[
        ("Course", "Neglect: noticing and acting"),
        ("When", "Monday 17 March 2025, 10am to 12:30pm"),
        ("Where", "Town Hall, AB1 2CD"),
        ("Booking reference", "K7M2PQ4X"),
    ]),
};
/// A session for those who have no booking on it.
pub const SESSION_DETAILS: Placeholder = Placeholder {
    name: "details",
    example: Example::Facts(&[
        ("Course", "Neglect: noticing and acting"),
        ("When", "Monday 17 March 2025, 10am to 12:30pm"),
        ("Where", "Town Hall, AB1 2CD"),
    ]),
};
pub const HOW_TO_JOIN: Placeholder = Placeholder::link("how_to_join", "Map");
pub const QUESTIONS: Placeholder =
    Placeholder::link("questions", "Before you come: a few short questions about how confident you feel");
pub const CHANGE_OR_CANCEL: Placeholder =
    Placeholder::link("change_or_cancel", "Change or cancel your booking, without signing in");
pub const SIGNATURE: Placeholder = Placeholder {
    name: "signature",
    example: Example::Lines("Larkshire Safeguarding Children Board\ntraining@example.org"),
};
