//! Mails about people's own accounts and records.

use super::examples::*;
use crate::messages::wording::{Fixed, Placeholder, Wording};

/// The code for signing in.
pub static SIGN_IN_CODE: Fixed = Fixed {
    kind: "sign_in_code",
    title: "The code for signing in",
    why: "It must look the same to everybody, and without its code nobody could sign in to mend it.",
};

/// An address was added to an account.
pub static ADDRESS_ADDED: Fixed = Fixed {
    kind: "address_added",
    title: "An address was added to an account",
    why: "It warns people of whoever may have taken over their account, so nobody can make it say something else.",
};

const TRAINING: Placeholder = Placeholder::words("training", "Safeguarding children, level 3");

/// Training elsewhere is confirmed.
pub static TRAINING_CONFIRMED: Wording = Wording {
    kind: "training_confirmed",
    title: "Training elsewhere is confirmed",
    subject: "Your training elsewhere is confirmed",
    body: "The training “{{training}}” that you declared is confirmed. It counts where a course asks for it.\n\n{{signature}}",
    placeholders: &[TRAINING, SIGNATURE],
    required: &["training"],
};

/// Training elsewhere could not be confirmed.
pub static TRAINING_NOT_CONFIRMED: Wording = Wording {
    kind: "training_not_confirmed",
    title: "Training elsewhere could not be confirmed",
    subject: "Your training elsewhere could not be confirmed",
    body: "The training “{{training}}” that you declared could not be confirmed, so it does not count. The reason: {{reason}}\n\n{{signature}}",
    placeholders: &[TRAINING, Placeholder::words("reason", "We could not reach the provider."), SIGNATURE],
    required: &["training", "reason"],
};
