//! What a page showed of a session and of the cancellation rule. The page's form carries it, so that a form does what
//! was read, or nothing.

use super::Refusal;
use crate::{charges::rules::PolicyVersionId, sessions::rules::SessionId};
use chrono::{DateTime, Utc};
use std::{fmt, str::FromStr};

/// The rule of giving a place back, before any grace: the grace only ever gives more time than was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownRule {
    /// The policy's version.
    pub policy: PolicyVersionId,
    /// Its cut-off for the session, to the second.
    pub cut_off: DateTime<Utc>,
    /// Whether nobody is charged on the day of the session.
    pub is_free: bool,
}

/// What a page showed of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Which session.
    pub session: SessionId,
    /// Its version: it counts every change of date, place or anything else.
    pub version: i32,
    /// The rule, where the page showed one.
    pub rule: Option<ShownRule>,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.session, self.version)?;
        match self.rule {
            Some(ShownRule { policy, cut_off, is_free }) => {
                write!(f, ".{policy}.{}.{}", cut_off.timestamp(), u8::from(is_free))
            }
            None => Ok(()),
        }
    }
}

/// The text is not one that a page wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not what a page shows of a session")]
pub struct NotShown;

impl FromStr for Shown {
    type Err = NotShown;

    fn from_str(text: &str) -> Result<Self, NotShown> {
        let numbers: Vec<i64> =
            text.split('.').map(|part| part.parse().map_err(|_| NotShown)).collect::<Result<_, _>>()?;
        let (session, version, rule) = match numbers[..] {
            [session, version] => (session, version, None),
            [session, version, policy, cut_off, is_free] => {
                let cut_off = DateTime::from_timestamp(cut_off, 0).ok_or(NotShown)?;
                (session, version, Some(ShownRule { policy: PolicyVersionId(policy), cut_off, is_free: is_free == 1 }))
            }
            _ => return Err(NotShown),
        };
        Ok(Self { session: SessionId(session), version: version.try_into().map_err(|_| NotShown)?, rule })
    }
}

/// Decides whether a form is about what is true now. `sent` is what it carries, once for each session that its page
/// showed. No page of ours has a form without it, so that one which carries nothing has shown nothing that could have
/// changed. Fails with `SessionChanged` or `RuleChanged`.
pub fn check_shown(sent: &[&str], now: &Shown) -> Result<(), Refusal> {
    if sent.is_empty() {
        return Ok(());
    }
    let mut shown = sent.iter().filter_map(|text| text.parse::<Shown>().ok());
    match shown.find(|shown| shown.session == now.session) {
        Some(shown) if shown.version == now.version => match shown.rule {
            Some(_) if shown.rule != now.rule => Err(Refusal::RuleChanged),
            _ => Ok(()),
        },
        _ => Err(Refusal::SessionChanged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown() -> Shown {
        let cut_off = "2025-03-20T23:59:00Z".parse().unwrap();
        let rule = ShownRule { policy: PolicyVersionId(5), cut_off, is_free: false };
        Shown { session: SessionId(12), version: 3, rule: Some(rule) }
    }

    #[test]
    fn a_form_gives_back_what_its_page_showed() {
        for page in [shown(), Shown { rule: None, ..shown() }] {
            assert_eq!(page.to_string().parse(), Ok(page));
        }
        assert_eq!(shown().to_string(), "12.3.5.1742515140.0");
        for text in ["", "1", "12.", "a.b", "12.3.5", "12.3.5.99999999999999999.0", "12.99999999999"] {
            assert_eq!(text.parse::<Shown>(), Err(NotShown), "{text}");
        }
    }

    #[test]
    fn another_version_of_the_session_and_another_rule_are_told_apart() {
        let now = shown();
        let rule = now.rule.unwrap();
        let with = |rule| Shown { rule: Some(rule), ..now }.to_string();
        assert_eq!(check_shown(&[&now.to_string()], &now), Ok(()));
        assert_eq!(check_shown(&[], &now), Ok(()));
        let moved = Shown { version: 2, ..now }.to_string();
        assert_eq!(check_shown(&[&moved], &now), Err(Refusal::SessionChanged));
        let later = rule.cut_off + chrono::Duration::days(1);
        for other in [
            ShownRule { policy: PolicyVersionId(6), ..rule },
            ShownRule { cut_off: later, ..rule },
            ShownRule { is_free: true, ..rule },
        ] {
            assert_eq!(check_shown(&[&with(other)], &now), Err(Refusal::RuleChanged), "{other:?}");
        }
        assert_eq!(check_shown(&[&now.to_string()], &Shown { rule: None, ..now }), Err(Refusal::RuleChanged));
        // A page that shows no rule asks nobody to accept one.
        assert_eq!(check_shown(&["12.3"], &now), Ok(()));
    }

    #[test]
    fn of_several_sessions_the_chosen_one_counts_and_nonsense_is_no_page() {
        let now = shown();
        assert_eq!(check_shown(&["11.1", &now.to_string()], &now), Ok(()));
        assert_eq!(check_shown(&["11.3"], &now), Err(Refusal::SessionChanged), "it was not on the page");
        assert_eq!(check_shown(&["0"], &now), Err(Refusal::SessionChanged));
        assert_eq!(check_shown(&[""], &now), Err(Refusal::SessionChanged));
    }
}
