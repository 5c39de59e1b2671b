//! The ready-made people: whom a visitor can be, and who else is on the prepared session.

use crate::{
    accounts::rules::{PersonId, PersonKind, Role},
    agencies::rules::{AgencyId, AgencyType},
};

/// An agency that ready-made people belong to; its id is its place in the list, counted from 1.
pub struct CastAgency {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: AgencyType,
    /// Its mail domain.
    pub domain: &'static str,
}

/// The health trust of the nurse, her training lead and her billing contact.
pub const TRUST: AgencyId = AgencyId(1);
/// The county council.
pub const COUNCIL: AgencyId = AgencyId(3);

/// The agencies of the ready-made people.
pub const CAST_AGENCIES: [CastAgency; 4] = [
    CastAgency {
        name: "Larkshire Children's Health Trust",
        kind: AgencyType::Health,
        domain: "larkshire-health.example",
    },
    CastAgency {
        name: "Aldermere Family Centre",
        kind: AgencyType::Charity,
        domain: "aldermere-family-centre.example",
    },
    CastAgency { name: "Larkshire County Council", kind: AgencyType::LocalAuthority, domain: "larkshire.example" },
    CastAgency { name: "Harrowick Community School", kind: AgencyType::School, domain: "harrowick-school.example" },
];

/// A ready-made person; the id is the place in the list, counted from 1.
pub struct CastPerson {
    /// Their name.
    pub name: &'static str,
    /// Their address.
    pub address: &'static str,
    /// Their agency.
    pub agency: AgencyId,
    /// Their job.
    pub job: &'static str,
    /// How they work with children.
    pub kind: PersonKind,
    /// What they may do, and for which agency.
    pub roles: &'static [(Role, Option<AgencyId>)],
}

/// The nurse.
pub const LEARNER: PersonId = PersonId(1);
/// The volunteer trainer.
pub const TRAINER: PersonId = PersonId(2);
/// The administrator.
pub const ADMINISTRATOR: PersonId = PersonId(3);
/// The board member.
pub const BOARD_MEMBER: PersonId = PersonId(4);
/// The trust's training lead.
pub const TRAINING_LEAD: PersonId = PersonId(5);
/// The trust's billing contact.
pub const BILLING_CONTACT: PersonId = PersonId(6);
/// The nurse's colleague, who will stay away.
pub const ABSENT_COLLEAGUE: PersonId = PersonId(7);
/// The four who answer before and after.
pub const FOUR_OTHERS: [PersonId; 4] = [PersonId(8), PersonId(9), PersonId(10), PersonId(11)];
/// The second trainer of the prepared session.
pub const SECOND_TRAINER: PersonId = PersonId(12);

/// The ready-made people.
pub const CAST: [CastPerson; 13] = [
    person("Amira Hassan", "amira.hassan@larkshire-health.example", 1, "School nurse", &[]),
    person(
        "Grace Mensah",
        "grace.mensah@aldermere-family-centre.example",
        2,
        "Family worker",
        &[(Role::Trainer, None)],
    ),
    person(
        "Helen Carter",
        "helen.carter@larkshire.example",
        3,
        "Training manager of the board",
        &[(Role::Administrator, None)],
    ),
    person("Robert Okafor", "robert.okafor@larkshire.example", 3, "Board member", &[(Role::Board, None)]),
    person(
        "Priya Nair",
        "priya.nair@larkshire-health.example",
        1,
        "Training lead",
        &[(Role::TrainingLead, Some(TRUST))],
    ),
    person(
        "Tom Ashworth",
        "tom.ashworth@larkshire-health.example",
        1,
        "Accounts officer",
        &[(Role::BillingContact, Some(TRUST))],
    ),
    person("Daniel Webb", "daniel.webb@larkshire-health.example", 1, "Health visitor", &[]),
    person("Ruth Adeyemi", "ruth.adeyemi@harrowick-school.example", 4, "Teacher", &[]),
    person("Kasia Nowak", "kasia.nowak@harrowick-school.example", 4, "Learning mentor", &[]),
    person("James Thompson", "james.thompson@aldermere-family-centre.example", 2, "Youth worker", &[]),
    person("Yusuf Ali", "yusuf.ali@larkshire.example", 3, "Social worker", &[]),
    person(
        "Marcus Campbell-Reid",
        "marcus.campbell-reid@harrowick-school.example",
        4,
        "Deputy head",
        &[(Role::Trainer, None)],
    ),
    person(
        "Meera Shah",
        "meera.shah@larkshire.example",
        3,
        "Training officer of the board",
        &[(Role::Administrator, None)],
    ),
];

const fn person(
    name: &'static str,
    address: &'static str,
    agency: i64,
    job: &'static str,
    roles: &'static [(Role, Option<AgencyId>)],
) -> CastPerson {
    CastPerson { name, address, agency: AgencyId(agency), job, kind: PersonKind::Employed, roles }
}

/// Somebody whom a visitor can step into.
pub struct Part {
    /// The word in the form.
    pub word: &'static str,
    /// Who.
    pub person: PersonId,
    /// What they are, in a few words.
    pub title: &'static str,
    /// What to try, one sentence.
    pub invitation: &'static str,
    /// Where they land.
    pub lands_on: &'static str,
}

/// Whom a visitor can be, in the order of the ten-minute tour.
pub const PARTS: [Part; 6] = [
    Part {
        word: "learner",
        person: LEARNER,
        title: "A learner: school nurse at Larkshire Children's Health Trust",
        invitation: "Book a place on “Listening to children: a first course” on 31 March and answer the five questions before it; come back after the session to answer them again.",
        lands_on: "/courses/listening-to-children",
    },
    Part {
        word: "trainer",
        person: TRAINER,
        title: "A volunteer trainer: family worker at a charity",
        invitation: "Move the clock to the start of the session on 31 March and take the register: everybody is there except Daniel Webb.",
        lands_on: "/training",
    },
    Part {
        word: "administrator",
        person: ADMINISTRATOR,
        title: "An administrator in the board's office",
        invitation: "Find the charge for Daniel Webb with the rule behind it, then notify or waive it.",
        lands_on: "/office",
    },
    Part {
        word: "board",
        person: BOARD_MEMBER,
        title: "A board member",
        invitation: "Look at learning gain per course: when five people have answered before and after, “Listening to children” appears for the first time.",
        lands_on: "/board",
    },
    Part {
        word: "training-lead",
        person: TRAINING_LEAD,
        title: "The training lead of Larkshire Children's Health Trust",
        invitation: "See your staff’s bookings, book for some of them from a pasted list, and send a colleague instead of somebody who cannot come.",
        lands_on: "/agency/bookings",
    },
    Part {
        word: "billing-contact",
        person: BILLING_CONTACT,
        title: "The billing contact of Larkshire Children's Health Trust",
        invitation: "Read the mail about your staff's charges: what it was for and how to answer it, and nothing else about them.",
        lands_on: "/demo/mailbox",
    },
];

/// The part behind a form's word.
pub fn part(word: &str) -> Option<&'static Part> {
    PARTS.iter().find(|part| part.word == word)
}

/// A ready-made person.
pub fn cast_person(id: PersonId) -> Option<&'static CastPerson> {
    CAST.get(usize::try_from(id.0 - 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_played_by_somebody_with_the_role() {
        let roles = |word: &str| cast_person(part(word).unwrap().person).unwrap().roles;
        assert!(roles("learner").is_empty());
        assert_eq!(roles("trainer"), [(Role::Trainer, None)]);
        assert_eq!(roles("administrator"), [(Role::Administrator, None)]);
        assert_eq!(roles("board"), [(Role::Board, None)]);
        assert_eq!(roles("training-lead"), [(Role::TrainingLead, Some(TRUST))]);
        assert_eq!(roles("billing-contact"), [(Role::BillingContact, Some(TRUST))]);
        assert!(part("emperor").is_none() && cast_person(PersonId(0)).is_none());
    }

    #[test]
    fn the_nurse_her_lead_and_the_absent_colleague_share_the_trust() {
        for id in [LEARNER, TRAINING_LEAD, BILLING_CONTACT, ABSENT_COLLEAGUE] {
            assert_eq!(cast_person(id).unwrap().agency, TRUST);
        }
    }
}
