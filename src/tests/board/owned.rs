//! One object of every kind that an address can name, all of them somebody's.

use super::TestBoard;
use crate::{attendance::place, browser::Browser};
use chrono::{Duration, NaiveDate};
use learning_gain::{
    accounts::rules::{PersonId, Role},
    agencies::rules::AgencyId,
    bookings::rules::BookingId,
    charges::rules::{ChargeState, PayerKind, PolicyId, Trigger},
    courses::rules::CourseId,
    entity::*,
    records::rules::DeclaredState,
    sessions::rules::SessionId,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// What one learner, their agency and their session have, and the people to whom it belongs.
pub struct Owned {
    /// Whose booking, address, membership, declaration and charge it is.
    pub owner: Browser,
    /// The training lead of their agency.
    pub lead: Browser,
    /// Its billing contact.
    pub billing: Browser,
    /// The accepted trainer of the session.
    pub trainer: Browser,
    owner_id: PersonId,
    lead_id: PersonId,
    lead_role: i64,
    address: i64,
    agency: AgencyId,
    membership: i64,
    claim: i64,
    declared: i64,
    course: CourseId,
    slug: String,
    session: SessionId,
    reserved: i64,
    venue: i64,
    booking: String,
    charge: String,
    mail: i64,
    suspension: i64,
}

impl Owned {
    /// The address of a line of the route table that names these objects. Every part that a line can have is known
    /// here: a new kind of object needs its own line.
    pub fn address_of(&self, path: &str) -> String {
        let parts =
            path.split('/').map(|part| if part.starts_with('{') { self.object(path, part) } else { part.to_owned() });
        parts.collect::<Vec<_>>().join("/")
    }

    fn object(&self, path: &str, part: &str) -> String {
        let is_in = |folders: &[&str]| folders.iter().any(|folder| path.starts_with(folder));
        match part {
            "{slug}" => self.slug.clone(),
            "{topic}" => "core-safeguarding".to_owned(),
            "{token}" => "forged-1-0000".to_owned(),
            "{kind}" => "booking_confirmed".to_owned(),
            "{date}" => "2025-12-25".to_owned(),
            "{word}" => "waive".to_owned(),
            "{position}" => "1".to_owned(),
            "{role}" => self.lead_role.to_string(),
            "{reserved}" => self.reserved.to_string(),
            "{reference}" if path.contains("/charges/") => self.charge.clone(),
            "{reference}" => self.booking.clone(),
            "{id}" if path.contains("{role}") => self.lead_id.to_string(),
            "{id}" if path.contains("/sessions/") => self.session.to_string(),
            "{id}" if is_in(&["/account/addresses/"]) => self.address.to_string(),
            "{id}" if is_in(&["/account/agencies/"]) => self.membership.to_string(),
            "{id}" if path.contains("/training/") => self.declared.to_string(),
            "{id}" if is_in(&["/agency/staff/", "/office/memberships/"]) => self.claim.to_string(),
            "{id}" if is_in(&["/office/people/"]) => self.owner_id.to_string(),
            "{id}" if is_in(&["/office/agencies/"]) => self.agency.to_string(),
            "{id}" if is_in(&["/office/courses/"]) => self.course.to_string(),
            "{id}" if is_in(&["/office/venues/"]) => self.venue.to_string(),
            "{id}" if is_in(&["/office/mail/", "/demo/mailbox/"]) => self.mail.to_string(),
            "{id}" if is_in(&["/office/policy/suspensions/"]) => self.suspension.to_string(),
            _ => panic!("{path}: nothing of this kind is owned yet"),
        }
    }
}

impl TestBoard {
    /// New people with one object of every kind; `number` keeps them apart from others.
    pub async fn owned(&self, number: usize) -> Owned {
        let agency = self.agency(&format!("School {number}")).await;
        let owner = self.person(&format!("Owner {number}")).await;
        self.member(owner, agency).await;
        let lead = self.person(&format!("Lead {number}")).await;
        self.grant(lead, Role::TrainingLead, Some(agency)).await;
        let billing = self.person(&format!("Payer {number}")).await;
        self.grant(billing, Role::BillingContact, Some(agency)).await;
        let trainer = self.person(&format!("Trainer {number}")).await;
        let course = self.course(&format!("Course {number}")).await;
        let session = self.session(course, "2025-03-31 10:00", 20).await;
        self.trains(trainer, session).await;
        let booking = place(self, session, owner).await;
        let charged = self.session(course, "2025-04-28 10:00", 20).await;
        let charged = place(self, charged, owner).await;
        let charge = self.told_charge(charged, agency, number).await;
        let claimant = self.person(&format!("Claimant {number}")).await;
        let db = self.app.db.reader();
        let address = address::Entity::find().filter(address::Column::PersonId.eq(owner)).one(db).await.unwrap();
        let membership =
            membership::Entity::find().filter(membership::Column::PersonId.eq(owner)).one(db).await.unwrap();
        let role = role::Entity::find().filter(role::Column::PersonId.eq(lead)).one(db).await.unwrap();
        let booking = booking::Entity::find_by_id(booking).one(db).await.unwrap().unwrap();
        Owned {
            owner: self.signed_in(owner).await,
            lead: self.signed_in(lead).await,
            billing: self.signed_in(billing).await,
            trainer: self.signed_in(trainer).await,
            owner_id: owner,
            lead_id: lead,
            lead_role: role.unwrap().id,
            address: address.unwrap().id.0,
            agency,
            membership: membership.unwrap().id.0,
            claim: self.claim(claimant, agency).await,
            declared: self.declared(owner).await,
            course,
            slug: format!("course-{number}"),
            session,
            reserved: self.reserved(session, agency).await,
            venue: self.venue(number).await,
            booking: booking.reference,
            charge,
            mail: self.failed_mail(owner, number).await,
            suspension: self.suspension().await,
        }
    }

    async fn told_charge(&self, booking: BookingId, agency: AgencyId, number: usize) -> String {
        let txn = self.txn().await;
        let booking = booking::Entity::find_by_id(booking).one(&txn).await.unwrap().unwrap();
        let row = charge::ActiveModel {
            reference: Set(format!("CHARGE{number}")),
            booking_id: Set(booking.id),
            session_id: Set(booking.session_id),
            trigger: Set(Trigger::LateCancellation),
            state: Set(ChargeState::Notified),
            amount_pence: Set(50_00),
            policy_version_id: Set(self.policy),
            verdict: Set("{}".into()),
            sentence: Set("A place was not used.".into()),
            payer_kind: Set(PayerKind::Agency),
            payer_agency_id: Set(Some(agency)),
            payer_name: Set(format!("School {number}")),
            proposed_at: Set(self.now()),
            lapses_at: Set(self.now() + Duration::days(20)),
            notified_at: Set(Some(self.now())),
            version: Set(1),
            ..Default::default()
        };
        let row = row.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
        row.reference
    }

    async fn claim(&self, person: PersonId, agency: AgencyId) -> i64 {
        let txn = self.txn().await;
        let row = membership::ActiveModel {
            person_id: Set(person),
            agency_id: Set(agency),
            job_role: Set("Cook".into()),
            from_date: Set(NaiveDate::from_ymd_opt(2025, 1, 1).unwrap()),
            ..Default::default()
        };
        let row = row.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
        row.id.0
    }

    async fn declared(&self, person: PersonId) -> i64 {
        let txn = self.txn().await;
        let row = declared_training::ActiveModel {
            person_id: Set(person),
            title: Set("Safer recruitment".into()),
            provider: Set("A college".into()),
            trained_on: Set(NaiveDate::from_ymd_opt(2024, 5, 1).unwrap()),
            state: Set(DeclaredState::Declared),
            declared_at: Set(self.now()),
            ..Default::default()
        };
        let row = row.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
        row.id.0
    }

    async fn reserved(&self, session: SessionId, agency: AgencyId) -> i64 {
        let txn = self.txn().await;
        let row = reserved_place::ActiveModel {
            session_id: Set(session),
            agency_id: Set(Some(agency)),
            places: Set(2),
            taken: Set(0),
            release_at: Set(self.now() + Duration::days(10)),
            ..Default::default()
        };
        let row = row.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
        row.id.0
    }

    async fn venue(&self, number: usize) -> i64 {
        let txn = self.txn().await;
        let row = venue::ActiveModel {
            name: Set(format!("Hall {number}")),
            address: Set("1 High Street".into()),
            postcode: Set("AB1 2CD".into()),
            access_notes: Set(String::new()),
            travel_notes: Set(String::new()),
            capacity: Set(30),
            version: Set(1),
            ..Default::default()
        };
        let row = row.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
        row.id.0
    }

    async fn failed_mail(&self, person: PersonId, number: usize) -> i64 {
        let txn = self.txn().await;
        let row = outbox::ActiveModel {
            message_id: Set(format!("failed-{number}@testshire.example")),
            person_id: Set(Some(person)),
            to_address: Set(format!("owner.{number}@people.example")),
            kind: Set("booking_confirmed".into()),
            subject: Set("Booked".into()),
            body: Set(Some("Your place is booked.".into())),
            has_personal_link: Set(false),
            created_at: Set(self.now()),
            due_at: Set(self.now()),
            attempts: Set(9),
            failed_at: Set(Some(self.now())),
            ..Default::default()
        };
        let row = row.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
        row.id
    }

    async fn suspension(&self) -> i64 {
        let txn = self.txn().await;
        let policy: PolicyId = policy::Entity::find().one(&txn).await.unwrap().unwrap().id;
        let day = NaiveDate::from_ymd_opt(2030, 1, 1).unwrap();
        let row = policy_suspension::ActiveModel {
            policy_id: Set(policy),
            from_date: Set(day),
            to_date: Set(day),
            reason: Set("Snow".into()),
            ..Default::default()
        };
        let row = row.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
        row.id
    }
}
