//! accounts

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

/// A login ends after this many days without a visit: long enough for a volunteer's monthly session.
pub const LOGIN_IDLE_DAYS: i64 = 30;
/// A login ends after this many days in any case.
pub const LOGIN_LONGEST_DAYS: i64 = 90;
