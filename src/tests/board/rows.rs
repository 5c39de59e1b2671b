//! People, courses and sessions for a test, written as rows.

use super::{TestBoard, address_of, london};
use crate::browser::Browser;
use chrono::{Duration, NaiveDate};
use learning_gain::{
    accounts::rules::{PersonId, PersonKind, Role},
    agencies::rules::{AgencyId, AgencyType, Confirmation},
    courses::rules::{CourseId, CourseKind, CourseStatus},
    entity::*,
    server::secrets,
    sessions::rules::{Mode, SessionId, SessionStatus, TrainerState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

impl TestBoard {
    /// A new agency; its mail domain is made from its name: "Oak School" has oak-school.example.
    pub async fn agency(&self, name: &str) -> AgencyId {
        let txn = self.txn().await;
        let row = agency::ActiveModel {
            name: Set(name.into()),
            agency_type: Set(AgencyType::School),
            sector: Set("Education".into()),
            mail_domain: Set(Some(format!("{}.example", name.to_lowercase().replace(' ', "-")))),
            billing_name: Set(Some("Accounts office".into())),
            billing_address: Set(Some(format!("accounts@{}.example", name.to_lowercase().replace(' ', "-")))),
            same_legal_body: Set(false),
            needs_approval: Set(false),
            version: Set(1),
            ..Default::default()
        };
        let row = row.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
        row.id
    }

    /// A new person with a proven address: "Amira Khan" has amira.khan@people.example.
    pub async fn person(&self, name: &str) -> PersonId {
        let txn = self.txn().await;
        let row = person::ActiveModel {
            name: Set(name.into()),
            kind: Set(PersonKind::Employed),
            under_18: Set(false),
            created_at: Set(self.now()),
            ..Default::default()
        };
        let row = row.insert(&txn).await.unwrap();
        let address = address::ActiveModel {
            person_id: Set(row.id),
            address: Set(address_of(name)),
            proven_at: Set(Some(self.now())),
            main: Set(true),
            ..Default::default()
        };
        address.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
        row.id
    }

    /// Makes somebody a confirmed member of an agency.
    pub async fn member(&self, person: PersonId, agency: AgencyId) {
        let txn = self.txn().await;
        let row = membership::ActiveModel {
            person_id: Set(person),
            agency_id: Set(agency),
            job_role: Set("Teacher".into()),
            from_date: Set(NaiveDate::from_ymd_opt(2024, 1, 1).unwrap()),
            confirmed_at: Set(Some(self.now())),
            confirmed_by: Set(Some(Confirmation::Office)),
            ..Default::default()
        };
        row.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
    }

    /// Gives somebody a role; for a training lead or billing contact of an agency.
    pub async fn grant(&self, person: PersonId, role: Role, agency: Option<AgencyId>) {
        let txn = self.txn().await;
        let row =
            role::ActiveModel { person_id: Set(person), role: Set(role), agency_id: Set(agency), ..Default::default() };
        row.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
    }

    /// A browser in which this person is signed in.
    pub async fn signed_in(&self, person: PersonId) -> Browser {
        let token = secrets::random_token().unwrap();
        let txn = self.txn().await;
        let row = login::ActiveModel {
            token_hash: Set(secrets::sha256(&token)),
            person_id: Set(person),
            created_at: Set(self.now()),
            seen_at: Set(self.now()),
            ..Default::default()
        };
        row.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
        Browser::with_cookie(&self.base, &format!("login={token}"))
    }

    /// A new person, a member of "Oak School", signed in.
    pub async fn learner(&self, name: &str) -> (PersonId, Browser) {
        let person = self.person(name).await;
        let school = agency::Entity::find().filter(agency::Column::Name.eq("Oak School"));
        let school = match school.one(self.app.db.reader()).await.unwrap() {
            Some(row) => row.id,
            None => self.agency("Oak School").await,
        };
        self.member(person, school).await;
        (person, self.signed_in(person).await)
    }

    /// A new person with a role (for the board's own roles), signed in.
    pub async fn with_role(&self, name: &str, role: Role) -> (PersonId, Browser) {
        let person = self.person(name).await;
        self.grant(person, role, None).await;
        (person, self.signed_in(person).await)
    }

    /// An administrator, signed in.
    pub async fn office(&self) -> Browser {
        self.with_role("Olive Office", Role::Administrator).await.1
    }

    /// A live course of two and a half hours without prerequisites.
    pub async fn course(&self, title: &str) -> CourseId {
        let txn = self.txn().await;
        let row = course::ActiveModel {
            slug: Set(title.to_lowercase().replace(' ', "-")),
            title: Set(title.into()),
            summary: Set(format!("What everybody needs to know about {}.", title.to_lowercase())),
            description: Set("A course for tests.".into()),
            topic: Set("Core safeguarding".into()),
            level: Set("Foundation".into()),
            kind: Set(CourseKind::Live),
            status: Set(CourseStatus::Live),
            duration_minutes: Set(150),
            created_at: Set(self.now()),
            version: Set(1),
            ..Default::default()
        };
        let row = row.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
        row.id
    }

    /// A published online session of one date, two and a half hours long, that is open for booking.
    pub async fn session(&self, course: CourseId, starts: &str, places: i32) -> SessionId {
        let starts = london(starts);
        let txn = self.txn().await;
        let row = session::ActiveModel {
            course_id: Set(course),
            status: Set(SessionStatus::Published),
            mode: Set(Mode::Online),
            online_link: Set(Some("https://meet.example/secret-room".into())),
            joining_instructions: Set(String::new()),
            capacity: Set(places),
            held: Set(0),
            waiting: Set(0),
            booking_opens_at: Set(self.now() - Duration::days(30)),
            booking_closes_at: Set(starts),
            starts_at: Set(starts),
            ends_at: Set(starts + Duration::minutes(150)),
            needs_approval: Set(false),
            version: Set(1),
            created_at: Set(self.now()),
            ..Default::default()
        };
        let row = row.insert(&txn).await.unwrap();
        let date = session_date::ActiveModel {
            session_id: Set(row.id),
            position: Set(1),
            starts_at: Set(row.starts_at),
            ends_at: Set(row.ends_at),
            ..Default::default()
        };
        date.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
        row.id
    }

    /// Makes somebody an accepted trainer of a session (and gives the role).
    pub async fn trains(&self, person: PersonId, session: SessionId) {
        self.grant(person, Role::Trainer, None).await;
        let txn = self.txn().await;
        let row = session_trainer::ActiveModel {
            session_id: Set(session),
            person_id: Set(person),
            state: Set(TrainerState::Accepted),
            asked_at: Set(self.now()),
            answered_at: Set(Some(self.now())),
            ..Default::default()
        };
        row.insert(&txn).await.unwrap();
        txn.commit().await.unwrap();
    }

    /// The session's row as it is now.
    pub async fn session_row(&self, session: SessionId) -> session::Model {
        session::Entity::find_by_id(session).one(self.app.db.reader()).await.unwrap().expect("the session")
    }

    /// The session's bookings, oldest first.
    pub async fn bookings_of(&self, session: SessionId) -> Vec<booking::Model> {
        booking::Entity::find()
            .filter(booking::Column::SessionId.eq(session))
            .order_by_asc(booking::Column::Id)
            .all(self.app.db.reader())
            .await
            .unwrap()
    }
}
