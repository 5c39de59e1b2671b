//! For whom somebody has come who walked in.
//!
//! Whoever works for one agency comes for it; of several, the person in the room says which. Where else they work is not
//! the trainer's business: trainers choose from the list of all agencies, as for somebody new, and whether it is one of
//! the person's own is decided here. Choosing another one is no error, which would tell them apart: it is a claim like
//! the person's own, and waits to be confirmed.

use super::walk_ins::WalkInRefused;
use crate::{
    accounts::rules::PersonId,
    agencies::{
        rules::AgencyId,
        store::{NewMembership, agency_get, employers_current, membership_insert_in_txn},
    },
};
use chrono::NaiveDate;
use sea_orm::ConnectionTrait;

/// For whom somebody has come, as they said in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComesFor {
    /// For an agency.
    Agency(AgencyId),
    /// For themselves, or for an agency that is not in the list.
    Nobody,
}

impl ComesFor {
    /// The form's value for `Nobody`.
    pub const NOBODY: &str = "none";

    /// Reads a form's value; None where nothing was chosen. Fails on what no form of ours sends.
    pub fn read(value: &str) -> Result<Option<Self>, WalkInRefused> {
        match value {
            "" => Ok(None),
            Self::NOBODY => Ok(Some(Self::Nobody)),
            number => match number.parse() {
                Ok(id) => Ok(Some(Self::Agency(AgencyId(id)))),
                Err(_) => Err(WalkInRefused::ForWhom),
            },
        }
    }
}

/// What a booking says of the employer.
#[derive(Debug, Default)]
pub(super) struct Employer {
    /// Where they work.
    pub agency: Option<AgencyId>,
    /// Whether that is confirmed.
    pub is_confirmed: bool,
    /// What they do there.
    pub job_role: String,
}

/// For whom somebody comes who has no booking yet. Fails with `ForWhom` where they have to be asked.
pub(super) async fn employer_in_txn(
    person: PersonId,
    said: Option<ComesFor>,
    today: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<Employer, WalkInRefused> {
    let mut employers = employers_current(person, today, db).await?.into_iter().map(|(membership, _)| membership);
    let membership = match said {
        Some(ComesFor::Nobody) => return Ok(Employer::default()),
        Some(ComesFor::Agency(agency)) => match employers.find(|row| row.agency_id == agency) {
            Some(membership) => membership,
            None => return claim_in_txn(person, agency, today, db).await,
        },
        None if employers.len() > 1 => return Err(WalkInRefused::ForWhom),
        None => match employers.next() {
            Some(membership) => membership,
            None => return Ok(Employer::default()),
        },
    };
    Ok(Employer {
        agency: Some(membership.agency_id),
        is_confirmed: membership.confirmed_at.is_some(),
        job_role: membership.job_role,
    })
}

async fn claim_in_txn(
    person: PersonId,
    agency: AgencyId,
    from: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<Employer, WalkInRefused> {
    if agency_get(agency, db).await?.is_none_or(|row| row.closed_at.is_some()) {
        return Err(WalkInRefused::ForWhom);
    }
    let claim = NewMembership { person, agency, job_role: String::new(), from, to: None, confirmed: None };
    membership_insert_in_txn(claim, db).await?;
    Ok(Employer { agency: Some(agency), ..Employer::default() })
}
