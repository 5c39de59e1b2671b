//! Ids, roles and limits of people and their logins; what a typed address, name or code must look like.

mod limits;
mod typed;

pub use limits::{
    CODE_TRY_PER_ADDRESS, CODE_TRY_PER_NETWORK, FIRST_RUN_PER_NETWORK, Limit, SEND_PER_ADDRESS, SEND_PER_NETWORK,
    Sending, Standing, decide_sending, may_try,
};
pub use typed::{
    domain_of, is_domain, is_generic_mailbox, is_personal_mailbox, own_site_path, parse_address, parse_code,
    parse_name, parse_text,
};

use serde::{Deserialize, Serialize};

/// A person; the same record across all their employers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct PersonId(pub i64);

impl std::fmt::Display for PersonId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// One e-mail address of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct AddressId(pub i64);

impl std::fmt::Display for AddressId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// One signed-in device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct LoginId(pub i64);

impl std::fmt::Display for LoginId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What a person may do beyond learning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Role {
    /// Gives courses.
    Trainer,
    /// The board's business unit.
    Administrator,
    /// Reads reports.
    Board,
    /// Sees and books an agency's own staff.
    TrainingLead,
    /// Sees and answers an agency's charges.
    BillingContact,
}

impl Role {
    /// All roles, in the order in which they are offered.
    pub const ALL: [Self; 5] =
        [Self::Trainer, Self::Administrator, Self::Board, Self::TrainingLead, Self::BillingContact];

    /// As it stands in forms.
    pub fn value(self) -> &'static str {
        match self {
            Self::Trainer => "trainer",
            Self::Administrator => "administrator",
            Self::Board => "board",
            Self::TrainingLead => "training_lead",
            Self::BillingContact => "billing_contact",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Trainer => "Trainer",
            Self::Administrator => "Administrator",
            Self::Board => "Board member",
            Self::TrainingLead => "Training lead",
            Self::BillingContact => "Billing contact",
        }
    }

    /// What it lets people do, in one line.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Trainer => "gives courses and takes the register",
            Self::Administrator => "can see and change everything in the office",
            Self::Board => "reads the board's figures",
            Self::TrainingLead => "sees and books the staff of one agency",
            Self::BillingContact => "sees and answers the charges of one agency",
        }
    }

    /// Whether it is held for one agency.
    pub fn is_for_an_agency(self) -> bool {
        matches!(self, Self::TrainingLead | Self::BillingContact)
    }

    /// The role with this value.
    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.value() == value)
    }
}

/// How somebody works with children; it decides who pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum PersonKind {
    /// An agency's employee.
    Employed,
    /// The fostering service pays.
    FosterCarer,
    /// The charity pays, else nobody.
    Volunteer,
    /// Pays only after accepting the policy.
    SelfEmployed,
    /// Pays only after accepting the policy.
    Childminder,
}

impl PersonKind {
    /// All kinds, in the order in which they are offered.
    pub const ALL: [Self; 5] =
        [Self::Employed, Self::FosterCarer, Self::Volunteer, Self::SelfEmployed, Self::Childminder];

    /// As it stands in forms.
    pub fn value(self) -> &'static str {
        match self {
            Self::Employed => "employed",
            Self::FosterCarer => "foster_carer",
            Self::Volunteer => "volunteer",
            Self::SelfEmployed => "self_employed",
            Self::Childminder => "childminder",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Employed => "Employed by an agency",
            Self::FosterCarer => "Foster carer",
            Self::Volunteer => "Volunteer",
            Self::SelfEmployed => "Self-employed",
            Self::Childminder => "Childminder",
        }
    }

    /// Examples, where the label needs some.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Employed => "For example by a council, school, health service, nursery, the police or a charity",
            Self::Volunteer => "For a charity, club, faith group or school",
            _ => "",
        }
    }

    /// The kind with this value.
    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.value() == value)
    }
}

/// A login ends after this many days without a visit: long enough for a volunteer's monthly session.
pub const LOGIN_IDLE_DAYS: i64 = 30;
/// A login ends after this many days in any case.
pub const LOGIN_LONGEST_DAYS: i64 = 90;
/// A login's last visit is written down at most this often, so that reading pages writes nothing.
pub const SEEN_EVERY_MINUTES: i64 = 60;
/// A sign-in code works for this long.
pub const CODE_MINUTES: i64 = 10;
/// A sign-in code can be tried this often: five guesses at a million.
pub const CODE_TRIES: i32 = 5;
