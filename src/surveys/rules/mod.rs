//! What is asked, when it can be answered, and how an answer is read. Pure: no clock, no database.

pub mod answers;
pub mod code;
pub mod statements;
pub mod waves;

use serde::{Deserialize, Serialize};

/// One version of a questionnaire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct InstrumentId(pub i64);

impl std::fmt::Display for InstrumentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// One version of one statement or question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct ItemId(pub i64);

impl std::fmt::Display for ItemId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// When a questionnaire is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Wave {
    /// Before the session.
    Before,
    /// After the session.
    After,
    /// Three months later.
    FollowUp,
    /// Three months later, by the manager.
    Manager,
}

impl Wave {
    /// The letter that stands for the wave in personal links.
    pub fn letter(self) -> char {
        match self {
            Self::Before => 'b',
            Self::After => 'a',
            Self::FollowUp => 'f',
            Self::Manager => 'm',
        }
    }

    /// The wave of a link's letter.
    pub fn from_letter(letter: &str) -> Option<Self> {
        [Self::Before, Self::After, Self::FollowUp, Self::Manager]
            .into_iter()
            .find(|wave| letter.chars().eq(std::iter::once(wave.letter())))
    }
}

/// What a questionnaire's item asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum ItemKind {
    /// Overall confidence in safeguarding for this topic, asked everywhere.
    Core,
    /// Confidence in one learning outcome.
    Confidence,
    /// A question with a right answer.
    Knowledge,
    /// How confident one was before, asked afterwards.
    LookingBack,
    /// What one thought of the session.
    Reaction,
    /// Words.
    FreeText,
}

impl ItemKind {
    /// Whether it is asked before and after, so that it has a gain.
    pub fn has_gain(self) -> bool {
        matches!(self, Self::Core | Self::Confidence | Self::Knowledge)
    }

    /// Whether it is a rating of one's own confidence.
    pub fn is_confidence(self) -> bool {
        matches!(self, Self::Core | Self::Confidence)
    }

    /// Whether it is asked in a wave.
    pub fn is_asked_in(self, wave: Wave) -> bool {
        match self {
            Self::Core => true,
            Self::Confidence | Self::Knowledge => wave != Wave::Manager,
            Self::LookingBack | Self::Reaction | Self::FreeText => wave == Wave::After,
        }
    }
}

/// Pairs of answers beside the one before and the one after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Comparison {
    /// How confident one was before, told afterwards, and how confident one is after.
    LookingBack,
    /// Before, and three months later.
    FollowUp,
    /// The manager's view three months later; there is no earlier one.
    Manager,
    /// Before and after, of those whose first answers were given at the door.
    AtTheDoor,
}
