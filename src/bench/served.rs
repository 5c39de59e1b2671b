//! The service as a process of its own, on SQLite and, where `build/postgres.sh` has started one, on PostgreSQL.

use super::{free_port, load, service};
use sea_orm::{ConnectionTrait, Database as Connector};
use std::{
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};
use tokio::runtime::Runtime;

/// Pages opened for one time.
const LOOKS: u32 = 40;

/// Does something for each database, with a function that gives a new one under a name.
pub fn on_each_database(folder: &Path, runtime: &Runtime, work: impl Fn(&dyn Fn(&str) -> String)) {
    println!("\nSQLite");
    work(&|name| format!("sqlite://{}?mode=rwc", folder.join(name).display()));
    let Ok(server) = std::env::var("LEARNING_GAIN_TEST_POSTGRES") else {
        println!("\nPostgreSQL: not measured, it is not installed");
        return;
    };
    println!("\nPostgreSQL");
    work(&|name| {
        let name = name.replace('.', "_");
        runtime.block_on(async {
            let connection = Connector::connect(&server).await.unwrap();
            connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
            connection.close().await.unwrap();
        });
        let (address, query) = server.split_once('?').unwrap();
        format!("{}/{name}?{query}", &address[..address.rfind('/').unwrap()])
    });
}

/// The running service.
pub struct Server {
    /// Its process.
    pub child: Child,
    /// Where it listens.
    pub address: String,
}

impl Server {
    /// Starts it and waits until it is ready.
    pub fn start(url: &str, folder: &Path) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        let file = |name: &str| folder.join(name).display().to_string();
        let flags = [
            "serve",
            "--listen",
            &address,
            "--database-url",
            url,
            "--key-file",
            &file("key"),
            "--mail-folder",
            &file("mail"),
        ];
        let started = Instant::now();
        let child = service(&flags).stderr(Stdio::null()).spawn().unwrap();
        while !load::answers(&address, "/health/ready") {
            assert!(started.elapsed() < Duration::from_secs(60), "the service does not start");
            std::thread::sleep(Duration::from_millis(5));
        }
        Self { child, address }
    }

    /// Ends it.
    pub fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The middle one of many times.
pub fn milliseconds(server: &Server, path: &str, login: &str) -> f64 {
    let mut connection = load::Connection::open(&server.address).unwrap();
    let mut times: Vec<f64> = (0..LOOKS)
        .map(|_| {
            let started = Instant::now();
            assert_eq!(connection.open_page(path, login).unwrap().status, 200, "{path}");
            started.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
