//! The board's own lines, and what a new board starts with: a charging policy and a questionnaire.

use crate::charges::rules::NoticeUnit;

/// What every page and mail says about the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// "Exampleshire Safeguarding Children Board"; empty until the first-run page was filled in.
    pub name: String,
    /// What the site calls itself.
    pub service_name: String,
    /// Whom to write to; None until the first-run page was filled in.
    pub contact: Option<String>,
}

impl Default for Board {
    fn default() -> Self {
        Self { name: String::new(), service_name: "Learning Gain".to_owned(), contact: None }
    }
}

impl Board {
    /// Whether somebody has filled in the first-run page.
    pub fn is_set_up(&self) -> bool {
        !self.name.is_empty()
    }
}

/// The keys of the settings table.
pub mod keys {
    /// The board's name.
    pub const BOARD_NAME: &str = "board.name";
    /// What the site calls itself.
    pub const SERVICE_NAME: &str = "board.service_name";
    /// An e-mail address.
    pub const CONTACT: &str = "board.contact";
}

/// What a version of a charging policy says. The defaults are those of the published policies that most boards use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyTerms {
    /// How many clear days before the session a place can be given back free of charge.
    pub notice_days: i32,
    /// What those days are counted in.
    pub notice_unit: NoticeUnit,
    /// What an unused place costs, in pence.
    pub amount_pence: i64,
    /// Whoever comes later than this many minutes may be refused.
    pub late_after_minutes: i32,
    /// Working days in which learner and payer can explain.
    pub representation_days: i32,
    /// Working days after the session in which a charge must be notified, or it lapses.
    pub notify_within_days: i32,
    /// Waivers above this, in pence, need a second administrator.
    pub second_approver_above_pence: i64,
    /// After this many confirmed charges bookings need approval …
    pub repeat_count: i32,
    /// … within this many months.
    pub repeat_months: i32,
}

impl Default for PolicyTerms {
    fn default() -> Self {
        Self {
            notice_days: 6,
            notice_unit: NoticeUnit::WorkingDays,
            amount_pence: 5_000,
            late_after_minutes: 20,
            representation_days: 10,
            notify_within_days: 20,
            second_approver_above_pence: 20_000,
            repeat_count: 2,
            repeat_months: 12,
        }
    }
}

/// A statement of the questionnaire that a new board starts with: its stable key and its words.
pub struct Statement {
    /// Never changed, so that years can be compared.
    pub key: &'static str,
    /// What people rate.
    pub text: &'static str,
}

/// The core statement, the same in every questionnaire of every board.
pub const CORE_STATEMENT: Statement = Statement {
    key: "core",
    text: "Overall, I am confident in keeping children safe in the area that this course covers",
};

/// Four statements that fit any course; a course of its own gets its own.
pub const CONFIDENCE_STATEMENTS: [Statement; 4] = [
    Statement { key: "recognise", text: "I can recognise the signs that a child may be at risk" },
    Statement { key: "act", text: "I know what to do and whom to tell when I am worried about a child" },
    Statement { key: "talk", text: "I am confident to talk with children and families about what worries me" },
    Statement { key: "others", text: "I am confident to work with other agencies, and to challenge them if I have to" },
];

/// What 1 means.
pub const LOW_LABEL: &str = "Not at all";
/// What 5 means.
pub const HIGH_LABEL: &str = "Completely";
