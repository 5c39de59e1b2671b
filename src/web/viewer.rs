//! Who is looking: read once per request from the login cookie.

use crate::{
    accounts::rules::{LoginId, PersonId, Role},
    agencies::rules::AgencyId,
};

/// The person behind a request, or a stranger.
#[derive(Clone, Debug, Default)]
pub struct Viewer(pub Option<CurrentPerson>);

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct CurrentPerson {
    /// Who.
    pub id: PersonId,
    /// Their name, for the header.
    pub name: String,
    /// On which login.
    pub login: LoginId,
    /// What they may do; a training lead or billing contact for which agency.
    pub roles: Vec<(Role, Option<AgencyId>)>,
}

impl Viewer {
    /// The person, if somebody is signed in.
    pub fn person(&self) -> Option<&CurrentPerson> {
        self.0.as_ref()
    }

    /// Whether an administrator is looking.
    pub fn is_office(&self) -> bool {
        self.person().is_some_and(|person| person.has_role(Role::Administrator))
    }
}

impl CurrentPerson {
    /// Whether they have the role, for whichever agency.
    pub fn has_role(&self, role: Role) -> bool {
        self.roles.iter().any(|(held, _)| *held == role)
    }

    /// The agencies for which they have the role.
    pub fn agencies_as(&self, role: Role) -> Vec<AgencyId> {
        self.roles.iter().filter(|(held, _)| *held == role).filter_map(|(_, agency)| *agency).collect()
    }
}
