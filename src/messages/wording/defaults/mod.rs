//! Every kind of mail that anything can send, with its default wording in plain English.
//!
//! A mail can be put together only from one of these (`messages::store::Text`), so that no kind is forgotten here.
//! Two are fixed. The code for signing in is read by people who are not known here too, must look the same to both, and
//! a slip in its wording would lock everybody out, the person who could mend it first. The warning that an address was
//! added to an account protects people from whoever took it over, somebody in the office included, so nobody in the
//! office can make it say something else.

mod charges;
mod examples;
mod office;
mod people;
mod places;
mod sessions;
mod surveys;
mod waiting;

pub use charges::*;
pub use office::*;
pub use people::*;
pub use places::*;
pub use sessions::*;
pub use surveys::*;
pub use waiting::*;

use super::{Fixed, Group, Wording};

/// Every kind whose wording can be changed, in the order of the office's list.
pub static GROUPS: [Group; 9] = [
    Group {
        title: "Places",
        wordings: &[
            &BOOKING_CONFIRMED,
            &BOOKING_TRANSFERRED,
            &BOOKING_SUBSTITUTE,
            &BOOKING_SUBSTITUTED,
            &BOOKING_CANCEL_BY_NEAR,
            &SESSION_REMINDER,
        ],
    },
    Group {
        title: "Requests for approval",
        wordings: &[&BOOKING_REQUESTED, &BOOKING_DECLINED, &BOOKING_LAPSED, &REQUEST_WITHDRAWN],
    },
    Group {
        title: "Cancelled by the learner",
        wordings: &[&BOOKING_CANCELLED, &BOOKING_CANCELLED_LATE, &BOOKING_CANCELLED_UNCHARGED],
    },
    Group {
        title: "Waiting lists and offers",
        wordings: &[
            &WAITING_LIST,
            &WAITING_LIST_MOVED,
            &WAITING_LIST_LEFT,
            &WAITING_LIST_ENDED,
            &BOOKING_OFFER,
            &OFFER_DECLINED,
            &BOOKING_OFFER_EXPIRED,
            &BOOKING_LAST_DAY,
        ],
    },
    Group {
        title: "Changed or cancelled by the board",
        wordings: &[&SESSION_MOVED, &SESSION_DETAILS_CHANGED, &SESSION_CANCELLED],
    },
    Group {
        title: "Questionnaires",
        wordings: &[&SURVEY_BEFORE, &SURVEY_AFTER, &SURVEY_AFTER_REMINDER, &SURVEY_CODE_LINK],
    },
    Group { title: "Charges", wordings: &[&CHARGE_NOTIFIED, &CHARGE_CONFIRMED, &CHARGE_WAIVED, &CHARGE_TAKEN_BACK] },
    Group {
        title: "Trainers",
        wordings: &[&TRAINER_ASKED, &TRAINER_RELEASED, &TRAINER_SESSION_MOVED, &TRAINER_SESSION_CANCELLED],
    },
    Group {
        title: "Agencies, training elsewhere and the office",
        wordings: &[
            &APPROVAL_WANTED,
            &COPY_FOR_LEAD,
            &LEARNER_UNREACHABLE,
            &TRAINING_CONFIRMED,
            &TRAINING_NOT_CONFIRMED,
            &TRAINER_UNAVAILABLE,
            &AGENCY_MISSING,
        ],
    },
];

/// Every kind that always reads the same.
pub static FIXED: [&Fixed; 2] = [&SIGN_IN_CODE, &ADDRESS_ADDED];

/// Every kind whose wording can be changed.
pub fn wordings() -> impl Iterator<Item = &'static Wording> {
    GROUPS.iter().flat_map(|group| group.wordings.iter().copied())
}

/// The wording of a kind of mail, if it can be changed.
pub fn wording_of(kind: &str) -> Option<&'static Wording> {
    wordings().find(|wording| wording.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Everything in this folder that is sent.
    const SOURCES: [&str; 7] = [
        include_str!("charges.rs"),
        include_str!("office.rs"),
        include_str!("people.rs"),
        include_str!("places.rs"),
        include_str!("sessions.rs"),
        include_str!("surveys.rs"),
        include_str!("waiting.rs"),
    ];

    #[test]
    fn every_kind_that_can_be_sent_is_in_the_offices_list_once() {
        let written: BTreeSet<&str> = SOURCES
            .iter()
            .flat_map(|source| source.split("kind: \"").skip(1))
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let listed: Vec<&str> =
            wordings().map(|wording| wording.kind).chain(FIXED.iter().map(|fixed| fixed.kind)).collect();
        assert_eq!(listed.len(), written.len(), "{listed:?} are not {written:?}");
        assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), written);
        let statics: usize = SOURCES.iter().map(|source| source.matches("pub static ").count()).sum();
        assert_eq!(statics, written.len(), "two kinds share a name");
    }

    #[test]
    fn every_placeholder_is_used_or_offered_and_no_default_lacks_what_it_must_have() {
        for wording in wordings() {
            for name in wording.required {
                assert!(wording.knows(name), "{}: {name}", wording.kind);
                assert!(wording.body.contains(&format!("{{{{{name}}}}}")), "{}: {name}", wording.kind);
            }
            let letter = wording.template().letter(&wording.examples()).text();
            assert!(!letter.contains("{{") && !letter.contains("\n\n\n"), "{}: {letter}", wording.kind);
        }
    }
}
