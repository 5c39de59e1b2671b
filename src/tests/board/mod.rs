//! A board of its own for each test: a real server on a free port, a fresh database, and a clock that stands still
//! until the test moves it. `rows` prepares people, courses and sessions on it; `set_up` has what every board starts with.

mod owned;
mod rows;
mod set_up;

pub use owned::Owned;

use crate::{browser::Browser, databases};
use chrono::{DateTime, NaiveDateTime, Utc};
use learning_gain::{
    calendar::rules::from_london,
    charges::rules::PolicyVersionId,
    entity::outbox,
    server::{
        clock::Clock,
        config::{Config, MailTransport},
        database::Database,
        jobs, outbox as outbox_worker, router,
        secrets::Secrets,
        state::App,
    },
    settings,
    web::routes::RouteLine,
};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryOrder};
use set_up::{insert_bank_holidays, insert_policy};
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
        serve(listener, service);
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
}

/// Serves another router beside the board's own. Returns its address.
pub async fn served(service: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    serve(listener, service);
    base
}

fn serve(listener: tokio::net::TcpListener, service: axum::Router) {
    let service = service.into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
}

/// "amira.khan@people.example".
pub fn address_of(name: &str) -> String {
    format!("{}@people.example", name.to_lowercase().replace(' ', "."))
}
