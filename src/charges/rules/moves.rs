//! What may become of a charge. A move that is not possible says what is now true.

use super::{ChargeState, PayerKind, Trigger, WaiverReason};
use chrono::{DateTime, Utc};

/// A charge as the moves see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChargeStanding {
    /// Where it stands.
    pub state: ChargeState,
    /// Who is asked to pay.
    pub payer: PayerKind,
    /// When it lapses unless it was notified.
    pub lapses_at: DateTime<Utc>,
}

/// Why a move is not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoveRefused {
    /// It is somewhere else by now.
    #[error("This charge is now {}. Nothing was changed.", state_text(*.0).to_lowercase())]
    State(ChargeState),
    /// The office has not found the payer.
    #[error("It is not decided yet who pays. Find the payer first, then notify.")]
    PayerUndecided,
    /// The time to notify has passed.
    #[error("The time to notify this charge has passed, so it lapses.")]
    TooLate,
}

/// Learner and payer are told. Whoever notifies also locks the registers that the charge rests on, so that nobody is
/// told of something that a trainer can still change.
pub fn notify(charge: ChargeStanding, now: DateTime<Utc>) -> Result<ChargeState, MoveRefused> {
    if charge.state != ChargeState::Proposed {
        return Err(MoveRefused::State(charge.state));
    }
    if now > charge.lapses_at {
        return Err(MoveRefused::TooLate);
    }
    if charge.payer == PayerKind::Undecided {
        return Err(MoveRefused::PayerUndecided);
    }
    Ok(ChargeState::Notified)
}

/// A person decides that it stands.
pub fn confirm(charge: ChargeStanding) -> Result<ChargeState, MoveRefused> {
    match charge.state {
        ChargeState::Notified => Ok(ChargeState::Confirmed),
        other => Err(MoveRefused::State(other)),
    }
}

/// A person lets it go.
pub fn waive(charge: ChargeStanding) -> Result<ChargeState, MoveRefused> {
    match charge.state {
        ChargeState::Proposed | ChargeState::Notified | ChargeState::Confirmed => Ok(ChargeState::Waived),
        other => Err(MoveRefused::State(other)),
    }
}

/// Whether a corrected register takes it back without more ado; from the invoice on a credit note does that.
pub fn can_be_void(state: ChargeState) -> bool {
    matches!(state, ChargeState::Proposed | ChargeState::Notified | ChargeState::Confirmed)
}

/// Whether it lapses: nobody was told in time.
pub fn has_lapsed(state: ChargeState, lapses_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    state == ChargeState::Proposed && now > lapses_at
}

/// "Proposed".
pub fn state_text(state: ChargeState) -> &'static str {
    match state {
        ChargeState::Proposed => "Proposed",
        ChargeState::Notified => "Notified",
        ChargeState::Confirmed => "Confirmed",
        ChargeState::Waived => "Waived",
        ChargeState::Void => "Void",
        ChargeState::Lapsed => "Lapsed",
        ChargeState::Invoiced => "Invoiced",
        ChargeState::Recharged => "Recharged",
        ChargeState::PartPaid => "Part paid",
        ChargeState::Paid => "Paid",
        ChargeState::Disputed => "Disputed",
        ChargeState::Credited => "Credited",
        ChargeState::WrittenOff => "Written off",
    }
}

/// The word of a state in addresses: "part-paid".
pub fn state_word(state: ChargeState) -> String {
    state_text(state).to_lowercase().replace(' ', "-")
}

/// The states in which the office looks for charges, in the order of their life.
pub const LISTED_STATES: [ChargeState; 6] = [
    ChargeState::Proposed,
    ChargeState::Notified,
    ChargeState::Confirmed,
    ChargeState::Waived,
    ChargeState::Void,
    ChargeState::Lapsed,
];

/// "Did not attend".
pub fn trigger_text(trigger: Trigger) -> &'static str {
    match trigger {
        Trigger::DidNotAttend => "Did not attend",
        Trigger::LateCancellation => "Cancelled late",
        Trigger::RefusedLate => "Came too late",
    }
}

/// The reasons for which a charge can be let go, with what they are called and their word in forms.
pub const WAIVER_REASONS: [(WaiverReason, &str, &str); 10] = [
    (WaiverReason::HealthOrPersonal, "health", "Health or personal reasons, no details needed"),
    (WaiverReason::DependantEmergency, "dependant", "Emergency of a child or dependant"),
    (WaiverReason::Bereavement, "bereavement", "Bereavement"),
    (WaiverReason::SafeguardingDuty, "safeguarding", "Court, child-protection conference or safeguarding emergency"),
    (WaiverReason::ManagerWithdrew, "manager", "The manager withdrew the person (normally not waived)"),
    (WaiverReason::WeatherOrTransport, "weather", "Weather or transport"),
    (WaiverReason::TechnicalFailure, "technical", "Technical failure online"),
    (WaiverReason::OurError, "error", "Our error"),
    (WaiverReason::PolicySuspended, "suspended", "Charging was suspended"),
    (WaiverReason::Other, "other", "Another reason (write a note)"),
];

/// What a reason is called.
pub fn waiver_text(reason: WaiverReason) -> &'static str {
    WAIVER_REASONS.iter().find(|(listed, _, _)| *listed == reason).map_or("Another reason", |(_, _, text)| text)
}

/// The longest note on a waiver, in characters.
pub const LONGEST_NOTE: usize = 500;

/// Reads a waiver: its reason and, for "another reason", its note. Fails with the field and the sentence.
pub fn read_waiver(reason: &str, note: &str) -> Result<(WaiverReason, Option<String>), (&'static str, &'static str)> {
    let Some((reason, _, _)) = WAIVER_REASONS.iter().find(|(_, word, _)| *word == reason) else {
        return Err(("reason", "Choose why the charge is let go"));
    };
    let note = note.trim();
    if note.chars().count() > LONGEST_NOTE {
        return Err(("note", "The note must be 500 characters or less"));
    }
    if *reason == WaiverReason::Other && note.is_empty() {
        return Err(("note", "Write what the reason is"));
    }
    Ok((*reason, (!note.is_empty()).then(|| note.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;
    use std::collections::BTreeSet;

    /// 23:59 in London on Sunday 20 April 2025.
    fn lapses() -> DateTime<Utc> {
        "2025-04-20T22:59:00Z".parse().unwrap()
    }

    const STATES: [ChargeState; 13] = [
        ChargeState::Proposed,
        ChargeState::Notified,
        ChargeState::Confirmed,
        ChargeState::Waived,
        ChargeState::Void,
        ChargeState::Lapsed,
        ChargeState::Invoiced,
        ChargeState::Recharged,
        ChargeState::PartPaid,
        ChargeState::Paid,
        ChargeState::Disputed,
        ChargeState::Credited,
        ChargeState::WrittenOff,
    ];

    #[test]
    fn a_charge_is_let_go_or_taken_back_until_it_is_billed_and_lapses_only_while_nobody_was_told() {
        let lapses_at = lapses();
        let after = lapses_at + Duration::seconds(1);
        let not_billed = [ChargeState::Proposed, ChargeState::Notified, ChargeState::Confirmed];
        for state in STATES {
            let standing = ChargeStanding { state, payer: PayerKind::Agency, lapses_at };
            assert_eq!(waive(standing).is_ok(), not_billed.contains(&state), "{state:?}");
            assert_eq!(can_be_void(state), not_billed.contains(&state), "{state:?}");
            assert_eq!(has_lapsed(state, lapses_at, after), state == ChargeState::Proposed, "{state:?}");
            assert!(!has_lapsed(state, lapses_at, lapses_at), "{state:?}");
            assert!(!has_lapsed(state, lapses_at, lapses_at - Duration::days(1)), "{state:?}");
        }
    }

    #[test]
    fn every_state_and_every_trigger_reads_differently_and_a_refused_move_names_the_state() {
        let texts: BTreeSet<_> = STATES.map(state_text).into();
        assert_eq!(texts.len(), STATES.len());
        assert_eq!(state_word(ChargeState::PartPaid), "part-paid");
        let refused =
            confirm(ChargeStanding { state: ChargeState::WrittenOff, payer: PayerKind::Agency, lapses_at: lapses() });
        assert_eq!(refused.unwrap_err().to_string(), "This charge is now written off. Nothing was changed.");
        let triggers: BTreeSet<_> =
            [Trigger::DidNotAttend, Trigger::LateCancellation, Trigger::RefusedLate].map(trigger_text).into();
        assert_eq!(triggers.len(), 3);
    }

    #[test]
    fn a_charge_is_let_go_for_a_listed_reason_with_a_note_of_at_most_500_characters() {
        for (reason, word, text) in WAIVER_REASONS {
            assert_eq!(waiver_text(reason), text);
            assert_eq!(read_waiver(word, " Her note "), Ok((reason, Some("Her note".to_owned()))));
        }
        assert_eq!(read_waiver("health", " "), Ok((WaiverReason::HealthOrPersonal, None)));
        let longest = "ä".repeat(LONGEST_NOTE);
        assert_eq!(read_waiver("other", &longest), Ok((WaiverReason::Other, Some(longest.clone()))));
        assert_eq!(read_waiver("health", &format!("{longest}ä")).unwrap_err().0, "note");
    }
}
