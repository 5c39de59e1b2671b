//! Agencies and people of the demonstration.

use super::insert::insert_all;
use crate::{
    accounts::rules::{AddressId, PersonId, PersonKind, Role},
    agencies::rules::{AgencyId, AgencyType, Confirmation, MembershipId},
    demo::rules::{
        cast::{CAST, CAST_AGENCIES, COUNCIL, SECOND_TRAINER, TRAINER, TRUST},
        dice::Dice,
        names::{AGENCY_COUNTS, agency_name, job_role, mail_domain, mailbox_name, person_name, sector},
    },
    entity::{address, agency, membership, person, role},
};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};
use std::collections::HashMap;

/// People who come to live sessions of 2020/21.
const LIVE_LEARNERS: usize = 9_450;
/// People who only watch recordings and take e-learning in 2020/21.
const ONLINE_LEARNERS: usize = 7_500;
/// People who came in 2019/20.
const EARLIER_LEARNERS: usize = 1_100;
/// Volunteer trainers, the ready-made ones included.
const TRAINERS: usize = 120;

/// An agency as the rest of the generator needs it.
pub struct DemoAgency {
    pub id: AgencyId,
    pub kind: AgencyType,
    pub name: String,
    pub domain: String,
    pub same_legal_body: bool,
}

/// A person as the rest of the generator needs them.
pub struct DemoPerson {
    pub id: PersonId,
    pub name: String,
    pub address: String,
    pub agency: Option<AgencyId>,
    pub agency_kind: Option<AgencyType>,
    pub agency_confirmed: bool,
    pub kind: PersonKind,
    pub job: String,
}

/// Everybody, and which part of the list is who.
pub struct Crowd {
    pub agencies: Vec<DemoAgency>,
    pub people: Vec<DemoPerson>,
    pub trainers: Vec<PersonId>,
    pub live: std::ops::Range<usize>,
    pub online: std::ops::Range<usize>,
    pub earlier: std::ops::Range<usize>,
}

impl Crowd {
    /// The person with this id; ids are places in the list, counted from 1.
    pub fn person(&self, id: PersonId) -> &DemoPerson {
        &self.people[(id.0 - 1) as usize]
    }
}

/// Makes agencies and people up.
pub fn crowd() -> Crowd {
    let agencies = agencies();
    let mut maker = PeopleMaker::new(&agencies);
    let mut trainers = vec![TRAINER, SECOND_TRAINER];
    for person in &CAST {
        maker.add_cast(person);
    }
    while trainers.len() < TRAINERS {
        trainers.push(maker.add_trainer());
    }
    let live = maker.add_many(LIVE_LEARNERS);
    let online = maker.add_many(ONLINE_LEARNERS);
    let earlier = maker.add_many(EARLIER_LEARNERS);
    let people = maker.people;
    Crowd { agencies, people, trainers, live, online, earlier }
}

fn agencies() -> Vec<DemoAgency> {
    let mut list: Vec<DemoAgency> = CAST_AGENCIES
        .iter()
        .map(|cast| (cast.kind, cast.name.to_owned(), cast.domain.to_owned()))
        .chain(AGENCY_COUNTS.iter().flat_map(|(kind, count)| {
            (0..*count).map(|index| {
                let name = agency_name(*kind, index);
                let domain = mail_domain(&name);
                (*kind, name, domain)
            })
        }))
        .map(|(kind, name, domain)| DemoAgency { id: AgencyId(0), kind, name, domain, same_legal_body: false })
        .collect();
    for (index, agency) in list.iter_mut().enumerate() {
        agency.id = AgencyId(index as i64 + 1);
        let is_locality_team = agency.kind == AgencyType::LocalAuthority && agency.name.ends_with("Locality Team");
        agency.same_legal_body = agency.id == COUNCIL || is_locality_team;
    }
    list
}

/// How many in a thousand people work in an agency of the type.
const BY_TYPE: [(AgencyType, u32); 9] = [
    (AgencyType::School, 330),
    (AgencyType::EarlyYears, 170),
    (AgencyType::Health, 190),
    (AgencyType::LocalAuthority, 130),
    (AgencyType::Charity, 90),
    (AgencyType::Police, 40),
    (AgencyType::Fostering, 25),
    (AgencyType::Independent, 15),
    (AgencyType::Other, 10),
];

struct PeopleMaker<'a> {
    dice: Dice,
    by_type: HashMap<AgencyType, Vec<&'a DemoAgency>>,
    agencies: &'a [DemoAgency],
    mailboxes: HashMap<String, u32>,
    people: Vec<DemoPerson>,
}

impl<'a> PeopleMaker<'a> {
    fn new(agencies: &'a [DemoAgency]) -> Self {
        let mut by_type: HashMap<AgencyType, Vec<&DemoAgency>> = HashMap::new();
        for agency in agencies {
            by_type.entry(agency.kind).or_default().push(agency);
        }
        Self { dice: Dice::for_part("people"), by_type, agencies, mailboxes: HashMap::new(), people: Vec::new() }
    }

    fn next_id(&self) -> PersonId {
        PersonId(self.people.len() as i64 + 1)
    }

    fn add_cast(&mut self, cast: &crate::demo::rules::cast::CastPerson) {
        let kind = self.agencies[(cast.agency.0 - 1) as usize].kind;
        self.mailboxes.insert(cast.address.to_owned(), 1);
        self.people.push(DemoPerson {
            id: self.next_id(),
            name: cast.name.to_owned(),
            address: cast.address.to_owned(),
            agency: Some(cast.agency),
            agency_kind: Some(kind),
            agency_confirmed: true,
            kind: cast.kind,
            job: cast.job.to_owned(),
        });
    }

    fn add_trainer(&mut self) -> PersonId {
        // Volunteers come from health, early years, schools, charities, community groups and local authorities.
        let kinds = [
            AgencyType::Health,
            AgencyType::EarlyYears,
            AgencyType::School,
            AgencyType::School,
            AgencyType::Charity,
            AgencyType::Other,
            AgencyType::LocalAuthority,
        ];
        let kind = *self.dice.pick(&kinds);
        self.add_one(kind)
    }

    fn add_many(&mut self, count: usize) -> std::ops::Range<usize> {
        let first = self.people.len();
        let weights = BY_TYPE.map(|(_, weight)| weight);
        for _ in 0..count {
            let kind = BY_TYPE[self.dice.weighted(&weights)].0;
            self.add_one(kind);
        }
        first..self.people.len()
    }

    fn add_one(&mut self, kind: AgencyType) -> PersonId {
        let agency = self.agency_of(kind);
        let name = person_name(&mut self.dice);
        let mut job = job_role(kind, &mut self.dice).to_owned();
        let mut person_kind = match job.as_str() {
            "Foster carer" => PersonKind::FosterCarer,
            "Volunteer" => PersonKind::Volunteer,
            _ => PersonKind::Employed,
        };
        let mut employer = Some(agency);
        if kind == AgencyType::EarlyYears && self.dice.per_mille(60) {
            (job, person_kind, employer) = ("Childminder".to_owned(), PersonKind::Childminder, None);
        } else if kind == AgencyType::Independent && self.dice.per_mille(200) {
            (person_kind, employer) = (PersonKind::SelfEmployed, None);
        }
        let domain = employer.map_or("post.example", |agency| agency.domain.as_str()).to_owned();
        let address = self.free_address(&name, &domain);
        let person = DemoPerson {
            id: self.next_id(),
            name,
            address,
            agency: employer.map(|agency| agency.id),
            agency_kind: employer.map(|agency| agency.kind),
            agency_confirmed: employer.is_some() && !self.dice.per_mille(40),
            kind: person_kind,
            job,
        };
        let id = person.id;
        self.people.push(person);
        id
    }

    fn agency_of(&mut self, kind: AgencyType) -> &'a DemoAgency {
        // The trust and the council are by far the largest employers of their type.
        let large = match kind {
            AgencyType::Health => Some((TRUST, 380)),
            AgencyType::LocalAuthority => Some((COUNCIL, 450)),
            _ => None,
        };
        if let Some((id, share)) = large
            && self.dice.per_mille(share)
        {
            return &self.agencies[(id.0 - 1) as usize];
        }
        let list = &self.by_type[&kind];
        list[self.dice.below(list.len())]
    }

    fn free_address(&mut self, name: &str, domain: &str) -> String {
        let mailbox = mailbox_name(name);
        let first = format!("{mailbox}@{domain}");
        let seen = self.mailboxes.entry(first.clone()).or_insert(0);
        *seen += 1;
        if *seen == 1 { first } else { format!("{mailbox}{seen}@{domain}") }
    }
}

/// Writes agencies, people, addresses, memberships and roles.
pub async fn crowd_insert_in_txn(crowd: &Crowd, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    insert_all(crowd.agencies.iter().map(agency_row).collect(), db).await?;
    let mut dice = Dice::for_part("memberships");
    let dates: Vec<NaiveDate> = crowd.people.iter().map(|_| first_day() + Days::new(dice.below(400) as u64)).collect();
    let joined: Vec<(&DemoPerson, NaiveDate)> = crowd.people.iter().zip(dates).collect();
    insert_all(joined.iter().map(|(person, day)| person_row(person, *day)).collect(), db).await?;
    insert_all(joined.iter().map(|(person, day)| address_row(person, *day)).collect(), db).await?;
    let members = joined.iter().filter_map(|(person, day)| membership_row(person, *day)).collect();
    insert_all(members, db).await?;
    insert_all(role_rows(crowd), db).await
}

/// Nobody joined before this day.
fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2018, 1, 8).unwrap_or_default()
}

fn morning(day: NaiveDate) -> DateTime<Utc> {
    crate::calendar::rules::start_of_day(day) + Duration::hours(10)
}

/// Where an agency's invoices go. Three small agencies in a hundred never said.
pub fn billing_address(agency: &DemoAgency) -> Option<String> {
    (agency.id.0 % 33 != 0).then(|| format!("accounts@{}", agency.domain))
}

fn agency_row(agency: &DemoAgency) -> agency::ActiveModel {
    let billing = billing_address(agency);
    agency::ActiveModel {
        id: Set(agency.id),
        name: Set(agency.name.clone()),
        agency_type: Set(agency.kind),
        sector: Set(sector(agency.kind).to_owned()),
        mail_domain: Set(Some(agency.domain.clone())),
        billing_name: Set(billing.as_ref().map(|_| format!("{}, accounts", agency.name))),
        billing_address: Set(billing),
        cost_code: Set(agency.same_legal_body.then(|| format!("CYP-{:04}", 1000 + agency.id.0))),
        same_legal_body: Set(agency.same_legal_body),
        needs_approval: Set(false),
        copy_leads: Set(false),
        closed_at: Set(None),
        version: Set(1),
    }
}

fn person_row(person: &DemoPerson, joined: NaiveDate) -> person::ActiveModel {
    person::ActiveModel {
        id: Set(person.id),
        name: Set(person.name.clone()),
        kind: Set(person.kind),
        under_18: Set(false),
        created_at: Set(morning(joined)),
        erased_at: Set(None),
        version: Set(1),
    }
}

fn address_row(person: &DemoPerson, joined: NaiveDate) -> address::ActiveModel {
    address::ActiveModel {
        id: Set(AddressId(person.id.0)),
        person_id: Set(person.id),
        address: Set(person.address.clone()),
        proven_at: Set(Some(morning(joined))),
        main: Set(true),
        bounced_at: Set(None),
    }
}

fn membership_row(person: &DemoPerson, joined: NaiveDate) -> Option<membership::ActiveModel> {
    let agency = person.agency?;
    Some(membership::ActiveModel {
        id: Set(MembershipId(person.id.0)),
        person_id: Set(person.id),
        agency_id: Set(agency),
        job_role: Set(person.job.clone()),
        from_date: Set(joined),
        to_date: Set(None),
        confirmed_at: Set(person.agency_confirmed.then(|| morning(joined))),
        confirmed_by: Set(person.agency_confirmed.then_some(Confirmation::MailDomain)),
    })
}

fn role_rows(crowd: &Crowd) -> Vec<role::ActiveModel> {
    let of_cast = CAST
        .iter()
        .zip(1..)
        .flat_map(|(cast, id)| cast.roles.iter().map(move |(role, agency)| (PersonId(id), *role, *agency)));
    let is_made_up = |id: &&PersonId| id.0 > CAST.len() as i64;
    let of_trainers = crowd.trainers.iter().filter(is_made_up).map(|id| (*id, Role::Trainer, None));
    of_cast
        .chain(of_trainers)
        .zip(1..)
        .map(|((person, role, agency), id)| role::ActiveModel {
            id: Set(id),
            person_id: Set(person),
            role: Set(role),
            agency_id: Set(agency),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_crowd_is_the_same_at_every_run_and_no_address_comes_twice() {
        let (first, second) = (crowd(), crowd());
        let addresses = |crowd: &Crowd| crowd.people.iter().map(|person| person.address.clone()).collect::<Vec<_>>();
        assert_eq!(addresses(&first), addresses(&second));
        let different: BTreeSet<String> = addresses(&first).into_iter().collect();
        assert_eq!(different.len(), first.people.len());
        assert_eq!((first.agencies.len(), first.trainers.len()), (600, 120));
        assert!(first.people.iter().all(|person| person.address.ends_with(".example")));
    }
}
