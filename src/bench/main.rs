//! `make bench`: figures of the running service beside the raw limit of the same machine in the same run.
//!
//! Nothing here asserts: a slow machine is not a bug. Each figure is printed with the goal that it is measured
//! against, and with its ratio to the raw limit where there is one. `cargo bench … -- bookings` measures one part:
//! pages, bookings, board or gain.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot be made should stop here")]

mod board;
mod bookings;
mod engine;
mod gain;
mod load;
mod served;
mod years;

use load::{Weight, requests_per_second, weigh};
use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// The size of the raw answer: what a visitor page weighs uncompressed.
const RAW_BYTES: usize = 20_000;
/// As the goals are stated.
const CONNECTIONS: usize = 16;
/// Long enough that a second more changes nothing in the first two digits.
const SECONDS: u64 = 5;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |part: &str| wanted.is_empty() || wanted.iter().any(|word| word == part);
    if is_wanted("pages") {
        pages();
    }
    if is_wanted("bookings") {
        bookings::figures();
    }
    if is_wanted("board") {
        years::figures();
    }
    if is_wanted("gain") {
        println!();
        engine::run();
        gain::run(tempfile::tempdir().unwrap().path());
    }
}

/// The demonstration board: from nothing to pages under load.
fn pages() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}?mode=rwc", folder.path().join("bench.db").display());
    let key = folder.path().join("bench.key").display().to_string();

    let started = Instant::now();
    let filled = service(&["demo", "--database-url", &database, "--key-file", &key]).stderr(Stdio::null()).status();
    assert!(filled.unwrap().success(), "the demonstration could not be made");
    row("demonstration board filled", started.elapsed().as_secs_f64(), "s", "at most 20 s");

    let port = free_port();
    let address = format!("127.0.0.1:{port}");
    let started = Instant::now();
    let flags = ["serve", "--demo", "--listen", &address, "--database-url", &database, "--key-file", &key];
    let mut server = service(&flags).stderr(Stdio::null()).spawn().unwrap();
    while !load::answers(&address, "/health/ready") {
        assert!(started.elapsed() < Duration::from_secs(60), "the service does not start");
        std::thread::sleep(Duration::from_millis(5));
    }
    row("start-up to ready", started.elapsed().as_secs_f64(), "s", "under 1 s");

    let raw_address = raw_server();
    let raw = requests_per_second(&raw_address, "/", CONNECTIONS, SECONDS);
    row("bare axum, 20 KB", raw, "requests/s", "the raw limit");
    let catalogue = load::body(&address, "/courses");
    let course = first_link(&catalogue, "/courses/").expect("a course in the catalogue");
    let session =
        first_link(&catalogue, "/sessions/").or_else(|| first_link(&load::body(&address, &course), "/sessions/"));
    let mut pages = vec!["/".to_owned(), "/courses".to_owned(), course];
    pages.extend(session);
    for page in &pages {
        let rate = requests_per_second(&address, page, CONNECTIONS, SECONDS);
        row(page, rate, "requests/s", &format!("{:.2} of bare axum; goal 4,000 and 0.10", rate / raw));
    }
    println!();
    for page in &pages {
        let Weight { html, styles, scripts } = weigh(&address, page);
        let total = (html + styles + scripts) as f64 / 1024.0;
        row(
            &format!("{page}, compressed"),
            total,
            "KB",
            &format!("page {html} B, styles {styles} B, scripts {scripts} B; goal 40 KB"),
        );
    }
    row("resident memory after the load", resident_megabytes(&server), "MB", "at most 150 MB");
    server.kill().unwrap();
    server.wait().unwrap();
}

fn service(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_learning-gain"));
    command.args(arguments);
    command
}

fn row(what: &str, value: f64, unit: &str, beside: &str) {
    println!("{what:<44} {value:>10.2} {unit:<11} {beside}");
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn first_link(html: &str, prefix: &str) -> Option<String> {
    let start = html.find(&format!("href=\"{prefix}"))? + "href=\"".len();
    let end = html[start..].find('"')?;
    Some(html[start..start + end].to_owned())
}

/// Bare axum on a thread of its own, answering with a string of the size of a page.
fn raw_server() -> String {
    let port = free_port();
    let address = format!("127.0.0.1:{port}");
    let listening = address.clone();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let body = "x".repeat(RAW_BYTES);
            let router = axum::Router::new().route("/", axum::routing::get(move || std::future::ready(body.clone())));
            let listener = tokio::net::TcpListener::bind(&listening).await.unwrap();
            axum::serve(listener, router).await.unwrap();
        });
    });
    while !load::answers(&address, "/") {
        std::thread::sleep(Duration::from_millis(5));
    }
    address
}

#[cfg(target_os = "linux")]
fn resident_megabytes(server: &Child) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

#[cfg(not(target_os = "linux"))]
fn resident_megabytes(_server: &Child) -> f64 {
    f64::NAN
}
