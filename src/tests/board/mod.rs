//! A board of its own for each test: a real server on a free port, a fresh database, and a clock that stands still
//! until the test moves it.

use crate::{browser::Browser, databases};
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use learning_gain::{
    accounts::rules::{PersonId, PersonKind, Role},
    agencies::rules::{AgencyId, AgencyType, Confirmation},
    calendar::rules::from_london,
    charges::rules::{NoticeUnit, PolicyVersionId},
    courses::rules::{CourseId, CourseKind, CourseStatus},
    entity::*,
    server::{
        clock::Clock,
        config::{Config, MailTransport},
        database::Database,
        jobs, outbox as outbox_worker, router,
        secrets::{self, Secrets},
        state::App,
    },
    sessions::rules::{Mode, SessionId, SessionStatus, TrainerState},
    settings,
    web::routes::RouteLine,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};
use tempfile::TempDir;

/// The first-run code of every test board.
pub const FIRST_RUN_CODE: &str = "TESTCODE";

/// A running board.
pub struct TestBoard {
    pub app: App,
    pub base: String,
    pub lines: Vec<RouteLine>,
    pub policy: PolicyVersionId,
    /// The address of its database.
    pub url: String,
    /// Removed with the board.
    _folder: TempDir,
}

/// "2025-03-17 10:00", as London's clocks show it.
pub fn london(text: &str) -> DateTime<Utc> {
    from_london(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("YYYY-MM-DD HH:MM"))
}

impl TestBoard {
    /// A board that is set up, on Monday 3 March 2025 at 9:00 London.
    pub async fn new() -> Self {
        Self::empty(false).await.set_up().await
    }

    /// The same in an empty database of the test's own.
    pub async fn at(url: String) -> Self {
        Self::open(false, tempfile::tempdir().unwrap(), url, None).await.set_up().await
    }

    /// The same, with mail that goes to this server.
    pub async fn with_smtp(url: &str) -> Self {
        Self::with_mail(false, Some(MailTransport::Smtp(url.to_owned()))).await.set_up().await
    }

    async fn set_up(mut self) -> Self {
        let board = &mut self;
        let txn = board.txn().await;
        for (key, value) in [
            (settings::rules::keys::BOARD_NAME, "Testshire Safeguarding Children Board"),
            (settings::rules::keys::SERVICE_NAME, "Testshire training"),
            (settings::rules::keys::CONTACT, "training@testshire.example"),
        ] {
            settings::store::setting_put(key, value, board.now(), &txn).await.unwrap();
        }
        insert_bank_holidays(&txn).await;
        board.policy = insert_policy(board.now(), &txn).await;
        txn.commit().await.unwrap();
        board.app.board.refresh(board.app.db.reader()).await.unwrap();
        self
    }

    /// A board on which nobody has done anything yet; `demo` as the flag of that name.
    pub async fn empty(demo: bool) -> Self {
        Self::with_mail(demo, None).await
    }

    async fn with_mail(demo: bool, mail: Option<MailTransport>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = databases::fresh(folder.path()).await;
        Self::open(demo, folder, url, mail).await
    }

    async fn open(demo: bool, folder: TempDir, url: String, mail: Option<MailTransport>) -> Self {
        let db = Database::open(&url).await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let listen = listener.local_addr().unwrap();
        let base = format!("http://{listen}");
        let mail = mail.unwrap_or_else(|| {
            if demo { MailTransport::DemoMailbox } else { MailTransport::Folder(folder.path().join("mail")) }
        });
        let config = Config {
            demo,
            listen,
            public_url: base.clone(),
            mail,
            mail_from: "training@testshire.example".into(),
            key_file: folder.path().join("key"),
            log_json: false,
        };
        let clock = Clock::frozen_at(london("2025-03-03 09:00"));
        let app = App::new(db, clock, config, Secrets::ephemeral().unwrap(), FIRST_RUN_CODE);
        let (service, lines) = router::assemble(&app);
        let service = service.into_make_service_with_connect_info::<std::net::SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { app, base, lines, policy: PolicyVersionId(0), url, _folder: folder }
    }

    /// The board's time, UTC.
    pub fn now(&self) -> DateTime<Utc> {
        self.app.clock.now()
    }

    /// Moves the clock to a London time such as "2025-03-06 23:58".
    pub fn set_clock(&self, text: &str) {
        self.app.clock.set(london(text));
    }

    /// Runs every job that is due now.
    pub async fn run_jobs(&self) {
        jobs::run_due_jobs(&self.app, &learning_gain::app::jobs()).await;
    }

    /// Sends every mail that is due now.
    pub async fn send_mails(&self) {
        while outbox_worker::send_due_mails(&self.app).await.unwrap() > 0 {}
    }

    /// Every mail in the outbox, oldest first.
    pub async fn mails(&self) -> Vec<outbox::Model> {
        outbox::Entity::find().order_by_asc(outbox::Column::Id).all(self.app.db.reader()).await.unwrap()
    }

    /// The mails to one address, oldest first.
    pub async fn mails_to(&self, address: &str) -> Vec<outbox::Model> {
        self.mails().await.into_iter().filter(|mail| mail.to_address == address).collect()
    }

    /// A transaction for preparing rows.
    pub async fn txn(&self) -> DatabaseTransaction {
        self.app.db.write().await.unwrap()
    }

    /// Somebody who is not signed in.
    pub fn stranger(&self) -> Browser {
        Browser::new(&self.base)
    }

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

/// "amira.khan@people.example".
pub fn address_of(name: &str) -> String {
    format!("{}@people.example", name.to_lowercase().replace(' ', "."))
}

/// England and Wales, 2024 to 2026, from gov.uk/bank-holidays.
async fn insert_bank_holidays(txn: &DatabaseTransaction) {
    let days = [
        (2024, 1, 1),
        (2024, 3, 29),
        (2024, 4, 1),
        (2024, 5, 6),
        (2024, 5, 27),
        (2024, 8, 26),
        (2024, 12, 25),
        (2024, 12, 26),
        (2025, 1, 1),
        (2025, 4, 18),
        (2025, 4, 21),
        (2025, 5, 5),
        (2025, 5, 26),
        (2025, 8, 25),
        (2025, 12, 25),
        (2025, 12, 26),
        (2026, 1, 1),
        (2026, 4, 3),
        (2026, 4, 6),
        (2026, 5, 4),
        (2026, 5, 25),
        (2026, 8, 31),
        (2026, 12, 25),
        (2026, 12, 28),
    ];
    let rows = days.map(|(year, month, day)| bank_holiday::ActiveModel {
        date: Set(NaiveDate::from_ymd_opt(year, month, day).unwrap()),
        name: Set("Bank holiday".into()),
    });
    bank_holiday::Entity::insert_many(rows).exec_without_returning(txn).await.unwrap();
}

/// The usual policy: six working days, 50 pounds, 20 minutes.
async fn insert_policy(now: DateTime<Utc>, txn: &DatabaseTransaction) -> PolicyVersionId {
    let policy =
        policy::ActiveModel { name: Set("Charging policy".into()), is_default: Set(true), ..Default::default() };
    let policy = policy.insert(txn).await.unwrap();
    let version = policy_version::ActiveModel {
        policy_id: Set(policy.id),
        effective_from: Set(NaiveDate::from_ymd_opt(2019, 4, 1).unwrap()),
        notice_days: Set(6),
        notice_unit: Set(NoticeUnit::WorkingDays),
        amount_pence: Set(5000),
        late_after_minutes: Set(20),
        representation_days: Set(10),
        notify_within_days: Set(20),
        second_approver_above_pence: Set(20000),
        repeat_count: Set(2),
        repeat_months: Set(12),
        created_at: Set(now),
        ..Default::default()
    };
    version.insert(txn).await.unwrap().id
}
