//! attendance

use serde::{Deserialize, Serialize};

/// What a register says of one person on one date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Mark {
    /// Nothing recorded yet.
    Unmarked,
    /// There.
    Present,
    /// Came late, let in.
    Late,
    /// Went before the end.
    LeftEarly,
    /// Came after the policy's minutes.
    RefusedLate,
    /// Not there.
    DidNotAttend,
    /// The office excused the absence.
    Excused,
}
