//! What a person declares, and what became of it.

use crate::calendar::rules::parse_day;
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// Training taken elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct DeclaredId(pub i64);

impl std::fmt::Display for DeclaredId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum DeclaredState {
    /// The person says so.
    Declared,
    /// The office or the training lead has seen that it is so.
    Confirmed,
    /// It could not be confirmed.
    Refused,
}

impl DeclaredState {
    /// In a few words, for tags.
    pub fn text(self) -> &'static str {
        match self {
            Self::Declared => "Declared",
            Self::Confirmed => "Confirmed",
            Self::Refused => "Not confirmed",
        }
    }

    /// Whether it counts where a course has to be attended before.
    pub fn counts(self) -> bool {
        self != Self::Refused
    }
}

/// The longest title or provider.
const TEXT_MOST: usize = 200;
/// Older training says nothing of today.
const YEARS_MOST: u32 = 30;

/// What was typed, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// What the training was called.
    pub title: String,
    /// Who gave it.
    pub provider: String,
    /// When it ended.
    pub trained_on: NaiveDate,
}

/// Reads a declaration. Fails with one sentence for each field that is wrong.
pub fn parse_declaration(
    title: &str,
    provider: &str,
    day: [&str; 3],
    today: NaiveDate,
) -> Result<Declaration, Vec<(&'static str, String)>> {
    let mut wrong = Vec::new();
    let mut line = |field: &'static str, what: &str, text: &str| {
        crate::accounts::rules::parse_text(what, text, TEXT_MOST)
            .map_err(|sentence| wrong.push((field, sentence)))
            .unwrap_or_default()
    };
    let title = line("title", "Name of the training", title);
    let provider = line("provider", "Provider", provider);
    let oldest = today.checked_sub_months(Months::new(12 * YEARS_MOST)).unwrap_or(today);
    let day = parse_day("the date", day[0], day[1], day[2]).and_then(|day| match day {
        day if day > today => Err("The date must not be in the future".to_owned()),
        day if day < oldest => Err(format!("The date must be within the last {YEARS_MOST} years")),
        day => Ok(day),
    });
    match day {
        Ok(trained_on) if wrong.is_empty() => Ok(Declaration { title, provider, trained_on }),
        Ok(_) => Err(wrong),
        Err(sentence) => {
            wrong.push(("date", sentence));
            Err(wrong)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 3, 3).unwrap()
    }

    #[test]
    fn a_declaration_is_read_and_every_wrong_field_is_named() {
        let read = parse_declaration(" Core  safeguarding ", "Elsewhere SCP", ["3", "3", "2025"], today()).unwrap();
        assert_eq!((read.title.as_str(), read.trained_on), ("Core safeguarding", today()));
        let fields = |title, provider, day| -> Vec<&str> {
            let wrong = parse_declaration(title, provider, day, today()).unwrap_err();
            wrong.into_iter().map(|(field, _)| field).collect()
        };
        assert_eq!(fields("", "", ["", "", ""]), ["title", "provider", "date"]);
        assert_eq!(fields("A", "B", ["4", "3", "2025"]), ["date"]);
        assert_eq!(fields("A", "B", ["2", "3", "1995"]), ["date"]);
        assert_eq!(fields(&"x".repeat(201), "B", ["1", "3", "2025"]), ["title"]);
    }

    #[test]
    fn what_was_refused_counts_for_nothing() {
        assert!(DeclaredState::Declared.counts() && DeclaredState::Confirmed.counts());
        assert!(!DeclaredState::Refused.counts());
    }
}
