//! Ids and kinds of agencies, and when a membership is confirmed by itself.

use serde::{Deserialize, Serialize};

/// An employer, school, practice or charity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct AgencyId(pub i64);

impl std::fmt::Display for AgencyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A person's dated link to an agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct MembershipId(pub i64);

impl std::fmt::Display for MembershipId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The kind of an agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum AgencyType {
    /// County and district councils.
    LocalAuthority,
    /// Trusts, practices, commissioners.
    Health,
    /// Schools and colleges.
    School,
    /// Nurseries and childminders.
    EarlyYears,
    /// Police and probation.
    Police,
    /// Voluntary and community sector.
    Charity,
    /// Fostering services.
    Fostering,
    /// Private providers.
    Independent,
    /// Anything else.
    Other,
}

impl AgencyType {
    /// All kinds, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::LocalAuthority,
        Self::Health,
        Self::School,
        Self::EarlyYears,
        Self::Police,
        Self::Charity,
        Self::Fostering,
        Self::Independent,
        Self::Other,
    ];

    /// As it stands in forms and in the database.
    pub fn value(self) -> &'static str {
        match self {
            Self::LocalAuthority => "local_authority",
            Self::Health => "health",
            Self::School => "school",
            Self::EarlyYears => "early_years",
            Self::Police => "police",
            Self::Charity => "charity",
            Self::Fostering => "fostering",
            Self::Independent => "independent",
            Self::Other => "other",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::LocalAuthority => "Local authority",
            Self::Health => "Health",
            Self::School => "School or college",
            Self::EarlyYears => "Early years",
            Self::Police => "Police and probation",
            Self::Charity => "Voluntary and community",
            Self::Fostering => "Fostering service",
            Self::Independent => "Independent provider",
            Self::Other => "Other",
        }
    }

    /// The kind with this value.
    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.value() == value)
    }
}

/// The longest name of an agency.
pub const AGENCY_NAME_LONGEST: usize = 200;
/// The longest job role.
pub const JOB_ROLE_LONGEST: usize = 100;

/// Whether one of a person's proven addresses shows that they work for an agency with this mail domain. Addresses at
/// a domain below it count too; private mail providers never do.
pub fn is_confirmed_by_mail(mail_domain: Option<&str>, proven: &[String]) -> bool {
    let Some(agency) = mail_domain.filter(|domain| !domain.is_empty()) else { return false };
    proven.iter().any(|address| {
        let domain = crate::accounts::rules::domain_of(address);
        let is_at = domain == agency || domain.strip_suffix(agency).is_some_and(|rest| rest.ends_with('.'));
        is_at && !crate::accounts::rules::is_personal_mailbox(address)
    })
}

/// An agency's mail domain as typed: "@School.example.org" is "school.example.org", nothing is None. Fails with the
/// sentence that the person reads.
pub fn parse_mail_domain(text: &str) -> Result<Option<String>, String> {
    let domain = text.trim().trim_start_matches('@').to_lowercase();
    if domain.is_empty() {
        return Ok(None);
    }
    if domain.len() > 253 || !crate::accounts::rules::is_domain(&domain) {
        return Err("Mail domain must be the part after the @, like school.example.org".into());
    }
    if crate::accounts::rules::is_personal_mailbox(&format!("x@{domain}")) {
        return Err("Anybody can have an address at this domain, so it cannot confirm who works here".into());
    }
    Ok(Some(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proven_address_at_the_agencys_domain_confirms() {
        let at = |address: &str| vec![address.to_owned()];
        assert!(is_confirmed_by_mail(Some("nhs.example"), &at("amira@nhs.example")));
        assert!(is_confirmed_by_mail(Some("nhs.example"), &at("amira@north.nhs.example")));
        assert!(!is_confirmed_by_mail(Some("nhs.example"), &at("amira@notnhs.example")));
        assert!(!is_confirmed_by_mail(Some("gmail.com"), &at("amira@gmail.com")));
        assert!(!is_confirmed_by_mail(Some(""), &at("amira@nhs.example")));
        assert!(!is_confirmed_by_mail(None, &at("amira@nhs.example")));
    }

    #[test]
    fn a_mail_domain_is_the_part_after_the_at() {
        assert_eq!(parse_mail_domain(" @School.example.ORG"), Ok(Some("school.example.org".into())));
        assert_eq!(parse_mail_domain(" "), Ok(None));
        for wrong in ["gmail.com", "school", "amira@school.org", "a b.org"] {
            assert!(parse_mail_domain(wrong).is_err(), "{wrong}");
        }
    }
}

/// Who confirmed a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case"))]
pub enum Confirmation {
    /// A proven address at the agency's domain.
    MailDomain,
    /// The agency's training lead.
    TrainingLead,
    /// The office.
    Office,
}
