//! How many rose, stayed and fell, as far as that may be told. Pure.

use super::Audience;
use crate::learning_gain::rules::sentence::thousands;

/// How many moved which way, as far as no number is one to four people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "shown")]
pub enum Changes {
    /// All three.
    All {
        /// Rose.
        improved: u64,
        /// Stayed.
        same: u64,
        /// Fell.
        declined: u64,
    },
    /// Those who rose, and the others together.
    Improved {
        /// Rose.
        improved: u64,
        /// Stayed or fell.
        others: u64,
    },
    /// Those who fell, and the others together.
    Declined {
        /// Fell.
        declined: u64,
        /// Stayed or rose.
        others: u64,
    },
    /// Nothing: some number would be one to four people, or everybody did the same.
    Hidden,
}

/// Tells as many of the three numbers as may be told.
pub fn decide_changes(improved: u64, same: u64, declined: u64, audience: Audience) -> Changes {
    let is_split = |parts: &[u64]| is_split_countable(parts, audience);
    if is_split(&[improved, same, declined]) {
        Changes::All { improved, same, declined }
    } else if is_split(&[improved, same + declined]) {
        Changes::Improved { improved, others: same + declined }
    } else if is_split(&[declined, same + improved]) {
        Changes::Declined { declined, others: same + improved }
    } else {
        Changes::Hidden
    }
}

/// Whether people divided so may be counted part by part: each part is nobody or enough, and not everybody.
pub(super) fn is_split_countable(parts: &[u64], audience: Audience) -> bool {
    parts.iter().all(|part| audience.is_countable(*part)) && parts.iter().filter(|part| **part > 0).count() > 1
}

impl Changes {
    /// The numbers in a sentence.
    pub fn sentence(self) -> String {
        let told_together = "(told together, because one of the two is a small number)";
        match self {
            Self::All { improved, same, declined } => format!(
                "{} improved, {} stayed the same and {} declined.",
                thousands(improved),
                thousands(same),
                thousands(declined)
            ),
            Self::Improved { improved, others } => format!(
                "{} improved; {} stayed the same or declined {told_together}.",
                thousands(improved),
                thousands(others)
            ),
            Self::Declined { declined, others } => format!(
                "{} declined; {} stayed the same or improved {told_together}.",
                thousands(declined),
                thousands(others)
            ),
            Self::Hidden => {
                "How many improved, stayed the same or declined is not shown: it would tell about a few people."
                    .to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_number_of_falls_is_told_together_with_those_who_stayed() {
        let decide = |improved, same, declined| decide_changes(improved, same, declined, Audience::Board);
        assert_eq!(decide(20, 6, 2), Changes::Improved { improved: 20, others: 8 });
        assert_eq!(decide(2, 6, 20), Changes::Declined { declined: 20, others: 8 });
        assert_eq!(decide(20, 6, 5), Changes::All { improved: 20, same: 6, declined: 5 });
        assert_eq!(decide(2, 20, 2), Changes::Hidden);
        assert_eq!(decide(9, 0, 0), Changes::Hidden);
    }

    #[test]
    fn what_is_published_counts_ten_in_every_part() {
        let decide = |improved, same, declined| decide_changes(improved, same, declined, Audience::Published);
        assert_eq!(decide(20, 10, 11), Changes::All { improved: 20, same: 10, declined: 11 });
        assert_eq!(decide(20, 6, 5), Changes::Improved { improved: 20, others: 11 });
        assert_eq!(decide(20, 6, 3), Changes::Hidden);
    }
}
