//! Who may be erased, and what is left of a text that named them.

/// What stands where a name stood.
pub const NAME_AFTER: &str = "Erased person";

/// What of a person is still open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErasureFacts {
    /// Whether whoever asks is that person.
    pub is_own: bool,
    /// Whether nobody else is an administrator.
    pub is_last_administrator: bool,
    /// Live bookings of sessions that are not over.
    pub places_to_come: u64,
    /// Sessions to come that they train or are asked to train.
    pub sessions_to_train: u64,
    /// Charges that they pay themselves and that are not settled.
    pub charges_to_pay: u64,
    /// Agencies whose invoices go to one of their addresses.
    pub invoices_for: Vec<String>,
}

/// Why somebody cannot be erased yet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StillOpen {
    /// Nobody erases the record with which they are signed in.
    #[error("This is your own record. Another administrator has to erase it.")]
    Own,
    /// A board always keeps one administrator.
    #[error("This is the only administrator. Make somebody else an administrator first.")]
    LastAdministrator,
    /// They still have places.
    #[error("They have a place, or wait for one, on {0} to come. Cancel that first.")]
    Places(String),
    /// They are to train.
    #[error("They are down as a trainer of {0} to come. Take them off first.")]
    Trains(String),
    /// They owe money.
    #[error("They pay {0} themselves, not settled yet. Settle or waive that first.")]
    Charges(String),
    /// An agency would lose its billing address.
    #[error("The invoices of {0} go to their address. Enter another billing address there first.")]
    Invoices(String),
}

/// Everything that has to be settled before somebody can be erased; nothing when they can be.
pub fn still_open(facts: &ErasureFacts) -> Vec<StillOpen> {
    let counted = |count: u64, one: &str, many: &str| match count {
        1 => format!("one {one}"),
        count => format!("{count} {many}"),
    };
    let sessions = |count: u64| counted(count, "session", "sessions");
    let mut open = Vec::new();
    if facts.is_own {
        open.push(StillOpen::Own);
    }
    if facts.is_last_administrator {
        open.push(StillOpen::LastAdministrator);
    }
    if facts.places_to_come > 0 {
        open.push(StillOpen::Places(sessions(facts.places_to_come)));
    }
    if facts.sessions_to_train > 0 {
        open.push(StillOpen::Trains(sessions(facts.sessions_to_train)));
    }
    if facts.charges_to_pay > 0 {
        open.push(StillOpen::Charges(counted(facts.charges_to_pay, "charge", "charges")));
    }
    open.extend(facts.invoices_for.iter().cloned().map(StillOpen::Invoices));
    open
}

/// What came of erasing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Erased {
    /// They are erased.
    Done,
    /// Nothing was changed; this has to be settled first.
    Refused(Vec<StillOpen>),
}

/// The ways in which a name or address may be written in a stored text: as it is, and as HTML.
pub fn forms_of(identifying: &str) -> Vec<String> {
    let plain = identifying.trim().to_owned();
    if plain.is_empty() {
        return Vec::new();
    }
    let html = plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    if html == plain { vec![plain] } else { vec![plain, html] }
}

/// The text without these names and addresses, each replaced by `NAME_AFTER`; inside a longer word they stay.
pub fn redact(text: &str, identifying: &[String]) -> String {
    let mut longest_first: Vec<&String> = identifying.iter().filter(|value| !value.is_empty()).collect();
    longest_first.sort_by_key(|value| std::cmp::Reverse(value.len()));
    longest_first.into_iter().fold(text.to_owned(), |text, value| redact_one(&text, value))
}

fn redact_one(text: &str, value: &str) -> String {
    let is_part_of_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(value) {
        let (before, after) = (&rest[..at], &rest[at + value.len()..]);
        let last = before.chars().next_back().or_else(|| kept.chars().next_back());
        kept.push_str(before);
        if is_part_of_word(last) || is_part_of_word(after.chars().next()) {
            kept.push_str(value);
        } else {
            kept.push_str(NAME_AFTER);
        }
        rest = after;
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leaves_a_text_and_words_that_hold_it_stay() {
        let values = ["Jo Ann".to_owned(), "jo@x.example".to_owned()];
        assert_eq!(redact("Jo Ann: accepted (jo@x.example)", &values), "Erased person: accepted (Erased person)");
        assert_eq!(redact("Jo Anna and xJo Ann", &values), "Jo Anna and xJo Ann");
        assert_eq!(redact("Jo AnnJo Ann", &values), "Jo AnnJo Ann");
        assert_eq!(redact("", &values), "");
    }

    #[test]
    fn html_is_another_way_to_write_a_name() {
        assert_eq!(forms_of("Ann & Bob"), ["Ann & Bob", "Ann &amp; Bob"]);
        assert_eq!(forms_of("Amira"), ["Amira"]);
        assert!(forms_of(" ").is_empty());
    }

    #[test]
    fn whatever_is_open_is_named() {
        assert_eq!(still_open(&ErasureFacts::default()), []);
        let facts = ErasureFacts {
            is_own: true,
            is_last_administrator: true,
            places_to_come: 1,
            sessions_to_train: 2,
            charges_to_pay: 1,
            invoices_for: vec!["Oak School".into()],
        };
        let sentences: Vec<String> = still_open(&facts).iter().map(ToString::to_string).collect();
        assert_eq!(sentences.len(), 6);
        assert!(sentences[2].contains("one session to come") && sentences[3].contains("2 sessions to come"));
        assert!(sentences[5].contains("Oak School"));
    }
}
