//! The service itself, as processes of their own on a test's database.

use crate::board::TestBoard;
use chrono::{Datelike, NaiveDate};
use learning_gain::{entity::bank_holiday, server::clock::Clock};
use reqwest::{Client, StatusCode};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::Instant,
};

/// The service as a process of its own.
pub struct Service {
    child: Child,
    pub base: String,
    arguments: Vec<String>,
}

impl Service {
    /// With its key in the folder, and its mails.
    pub fn start(url: &str, folder: &Path) -> Self {
        Self::start_with_mail(url, folder, ["--mail-folder", &folder.join("mail").display().to_string()])
    }

    /// The same with mail that goes elsewhere.
    pub fn start_with_mail(url: &str, folder: &Path, mail: [&str; 2]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (listen, key) = (format!("127.0.0.1:{port}"), folder.join("key").display().to_string());
        let mut arguments = vec!["serve", "--listen", &listen, "--key-file", &key, "--database-url", url];
        arguments.extend(mail);
        let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
        Self { child: spawn(&arguments), base: format!("http://{listen}"), arguments }
    }

    /// Waits until the service can serve. Returns how long that took, in seconds.
    pub async fn ready(&self, client: &Client) -> f64 {
        let started = Instant::now();
        loop {
            let answer = client.get(format!("{}/health/ready", self.base)).send().await;
            if answer.is_ok_and(|answer| answer.status() == StatusCode::OK) {
                return started.elapsed().as_secs_f64();
            }
            assert!(started.elapsed().as_secs() < 60, "the service does not come back");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    /// SIGKILL: it can say and write nothing more.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn start_again(&mut self) {
        self.child = spawn(&self.arguments);
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have been killed already.
        let _is_gone = self.child.kill();
        let _is_gone = self.child.wait();
    }
}

fn spawn(arguments: &[String]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_learning-gain"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Sets a board's clock to the machine's own time, which processes live in, and lets it know the years around.
pub async fn follow_the_machine(board: &TestBoard) {
    board.app.clock.set(Clock::system().now());
    let txn = board.txn().await;
    for year in board.now().year() - 1..=board.now().year() + 1 {
        let day = bank_holiday::ActiveModel {
            date: Set(NaiveDate::from_ymd_opt(year, 1, 1).unwrap()),
            name: Set("New Year’s Day".into()),
        };
        let known = OnConflict::column(bank_holiday::Column::Date).do_nothing().to_owned();
        bank_holiday::Entity::insert(day).on_conflict(known).exec_without_returning(&txn).await.unwrap();
    }
    txn.commit().await.unwrap();
}
