//! How long personal data is kept, who may be erased when, and how a name is taken out of a text. Pure.

mod erasure;
mod tables;

pub use erasure::{Erased, ErasureFacts, NAME_AFTER, StillOpen, forms_of, redact, still_open};
pub use tables::{Blank, Erasing, FoundBy, Holds, OfPeople, TABLES, Table};

use crate::settings::rules::parse_count;

/// How long what is needed only for a while is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Days after a session until what people needed there is erased.
    pub access_needs_days: u32,
    /// Days after it was sent until a mail's text is erased.
    pub mails_days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { access_needs_days: 7, mails_days: 90 }
    }
}

/// The keys of the settings table.
pub mod keys {
    /// Days after a session.
    pub const ACCESS_NEEDS_DAYS: &str = "privacy.access_needs_days";
    /// Days after sending.
    pub const MAILS_DAYS: &str = "privacy.mails_days";
}

/// Needs are there to be met on the day and settled soon after it; three months is no longer "soon".
const ACCESS_NEEDS_LONGEST: u32 = 90;
/// Two years cover every question about whether somebody was told.
const MAILS_LONGEST: u32 = 730;

/// Reads what was typed. Fails with (field, sentence) for each line that cannot be used.
pub fn parse_retention(access_needs: &str, mails: &str) -> Result<Retention, Vec<(&'static str, String)>> {
    let needs = parse_count("Days until needs are erased", access_needs, 0, ACCESS_NEEDS_LONGEST);
    let mails = parse_count("Days until mails are erased", mails, 1, MAILS_LONGEST);
    match (needs, mails) {
        (Ok(access_needs_days), Ok(mails_days)) => Ok(Retention { access_needs_days, mails_days }),
        (needs, mails) => {
            let problem = |field, outcome: Result<u32, String>| outcome.err().map(|problem| (field, problem));
            Err([problem("access_needs_days", needs), problem("mails_days", mails)].into_iter().flatten().collect())
        }
    }
}

/// When needs are erased, in words: "3 days after the session".
pub fn days_after(days: u32) -> String {
    match days {
        0 => "when the session is over".to_owned(),
        1 => "one day after the session".to_owned(),
        days => format!("{days} days after the session"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_bounded() {
        assert_eq!(parse_retention("7", "90"), Ok(Retention::default()));
        let fields = |needs, mails| -> Vec<&str> {
            parse_retention(needs, mails).unwrap_err().into_iter().map(|(field, _)| field).collect()
        };
        assert_eq!(fields("", "0"), ["access_needs_days", "mails_days"]);
        assert_eq!(fields("91", "90"), ["access_needs_days"]);
        assert_eq!(fields("7", "731"), ["mails_days"]);
        assert!(parse_retention("0", "1").is_ok());
    }
}
