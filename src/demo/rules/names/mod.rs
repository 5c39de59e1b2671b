//! Invented names: people of an English county, and its towns, schools and services.

mod lists;

use super::dice::Dice;
use crate::agencies::rules::AgencyType;
use lists::{FIRST, LAST, SAINTS, TOWNS};

/// A first and a last name.
pub fn person_name(dice: &mut Dice) -> String {
    // The first lists are the commonest names, so half of the people have one of those.
    let first = if dice.per_mille(450) { dice.below(50) } else { dice.below(FIRST.len()) };
    let last = if dice.per_mille(450) { dice.below(62) } else { dice.below(LAST.len()) };
    format!("{} {}", FIRST[first], LAST[last])
}

/// The part before the @ for a name: "Mei-Ling O'Brien" is "mei-ling.obrien".
pub fn mailbox_name(name: &str) -> String {
    let kept: String =
        name.chars().filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '-')).collect();
    kept.to_ascii_lowercase().replace(' ', ".")
}

/// The mail domain of an agency: "St Bede's Primary School, Quenby" is "st-bedes-primary-school-quenby.example".
pub fn mail_domain(agency: &str) -> String {
    let plain: String = agency
        .chars()
        .filter(|letter| *letter != '\'')
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    format!("{}.example", words.join("-"))
}

/// How many agencies of each type the county has, 600 in all with the ready-made ones.
pub const AGENCY_COUNTS: [(AgencyType, usize); 9] = [
    (AgencyType::School, 226),
    (AgencyType::EarlyYears, 140),
    (AgencyType::Charity, 92),
    (AgencyType::Health, 62),
    (AgencyType::Independent, 28),
    (AgencyType::LocalAuthority, 20),
    (AgencyType::Fostering, 12),
    (AgencyType::Police, 8),
    (AgencyType::Other, 8),
];

/// The `index`-th agency of a type. Town and kind both go round, so that no name comes twice below 36 × 6.
pub fn agency_name(kind: AgencyType, index: usize) -> String {
    let town = TOWNS[index % TOWNS.len()];
    let round = index / TOWNS.len();
    let of_round = |list: &[&'static str]| list[round % list.len()];
    match kind {
        AgencyType::School if round >= 4 => {
            format!(
                "{} {} School, {town}",
                SAINTS[index % SAINTS.len()],
                ["Primary", "Catholic", "Infant"][(round - 4) % 3]
            )
        }
        AgencyType::School => {
            format!("{town} {}", of_round(&["Primary School", "Academy", "Junior School", "Church of England School"]))
        }
        AgencyType::EarlyYears => {
            format!("{town} {}", of_round(&["Nursery", "Pre-school", "Childminders", "Children's Centre"]))
        }
        AgencyType::Charity => {
            format!("{town} {}", of_round(&["Youth Club", "Family Support", "Community Sports", "Young Carers"]))
        }
        AgencyType::Health => format!("{town} {}", of_round(&["Surgery", "Dental Practice", "Pharmacy"])),
        AgencyType::Independent => format!("{town} {}", of_round(&["Tutors", "Children's Homes"])),
        AgencyType::LocalAuthority => format!("{town} {}", of_round(&["Locality Team", "District Council"])),
        AgencyType::Fostering => format!("{town} Fostering"),
        AgencyType::Police => format!("{town} Neighbourhood Police"),
        AgencyType::Other => format!("{town} Faith and Community Hall"),
    }
}

/// The sector as reports group it.
pub fn sector(kind: AgencyType) -> &'static str {
    match kind {
        AgencyType::LocalAuthority => "Local authority",
        AgencyType::Health => "Health",
        AgencyType::School => "Education",
        AgencyType::EarlyYears => "Early years",
        AgencyType::Police => "Police and justice",
        AgencyType::Charity => "Voluntary and community",
        AgencyType::Fostering => "Fostering",
        AgencyType::Independent => "Independent",
        AgencyType::Other => "Faith and community",
    }
}

/// A job in an agency of a type.
pub fn job_role(kind: AgencyType, dice: &mut Dice) -> &'static str {
    let jobs: &[&'static str] = match kind {
        AgencyType::LocalAuthority => &[
            "Social worker",
            "Family support worker",
            "Early help practitioner",
            "Housing officer",
            "Youth justice worker",
            "Attendance officer",
        ],
        AgencyType::Health => {
            &["School nurse", "Health visitor", "GP", "Practice nurse", "Midwife", "Paediatric nurse", "Receptionist"]
        }
        AgencyType::School => &[
            "Teacher",
            "Teaching assistant",
            "Designated safeguarding lead",
            "Headteacher",
            "Pastoral lead",
            "Learning mentor",
        ],
        AgencyType::EarlyYears => &["Nursery practitioner", "Nursery manager", "Early years educator", "Room leader"],
        AgencyType::Police => &["Police officer", "Police community support officer", "Detective", "Probation officer"],
        AgencyType::Charity => &["Youth worker", "Family worker", "Volunteer", "Sports coach", "Advocate"],
        AgencyType::Fostering => &["Foster carer", "Supervising social worker"],
        AgencyType::Independent => &["Residential worker", "Tutor", "Therapist"],
        AgencyType::Other => &["Community leader", "Volunteer"],
    };
    jobs[dice.below(jobs.len())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_agencies_have_the_same_name_or_mail_domain() {
        let names: Vec<String> =
            AGENCY_COUNTS.iter().flat_map(|(kind, count)| (0..*count).map(|index| agency_name(*kind, index))).collect();
        let different: BTreeSet<&String> = names.iter().collect();
        assert_eq!(different.len(), names.len());
        let domains: BTreeSet<String> = names.iter().map(|name| mail_domain(name)).collect();
        assert_eq!(domains.len(), names.len());
    }

    #[test]
    fn addresses_are_made_of_plain_letters() {
        assert_eq!(mailbox_name("Mei-Ling O'Brien"), "mei-ling.obrien");
        assert_eq!(mail_domain("St Bede's Primary School, Quenby"), "st-bedes-primary-school-quenby.example");
    }
}
