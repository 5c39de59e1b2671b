//! The program itself: settings files, exit codes, and a stop that answers what is under way.

use crate::{board::TestBoard, databases};
use reqwest::StatusCode;
use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_learning-gain"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A settings file in a folder of its own.
fn settings(folder: &Path, lines: &str) -> String {
    let path = folder.join("board.toml");
    std::fs::write(&path, lines).unwrap();
    path.display().to_string()
}

#[tokio::test]
async fn a_settings_file_names_the_database_for_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let board = TestBoard::new().await;
    let file = settings(folder.path(), &format!("database-url = \"{}\"\n", board.url));
    let verified = program(&["verify", "--config", &file]).current_dir(folder.path()).output().unwrap();
    assert!(verified.status.success(), "{}", said(&verified));
    assert!(said(&verified).contains("Everything agrees."), "{}", said(&verified));
    assert!(!folder.path().join("learning-gain.db").exists(), "another database was made");

    let file = settings(folder.path(), "databose-url = \"sqlite://x.db\"\n");
    for command in ["verify", "demo", "serve"] {
        let refused = program(&[command, "--config", &file]).current_dir(folder.path()).output().unwrap();
        assert!(!refused.status.success() && said(&refused).contains("databose-url"), "{command}: {}", said(&refused));
    }
}

#[tokio::test]
async fn what_cannot_be_done_ends_with_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let board = TestBoard::new().await;
    let history = folder.path().join("history.csv");
    std::fs::write(&history, "course,session\nNeglect,1\n").unwrap();
    let history = history.display().to_string();
    let import = program(&["import", &history, "--database-url", &board.url]).output().unwrap();
    assert!(!import.status.success() && said(&import).contains("date"), "{}", said(&import));

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let key = folder.path().join("key").display().to_string();
    let flags = ["serve", "--listen", &address, "--database-url", &board.url, "--key-file", &key];
    let serve = program(&flags).current_dir(folder.path()).output().unwrap();
    assert!(!serve.status.success() && said(&serve).contains(&address), "{}", said(&serve));
}

/// The service as a process of its own, with log lines as JSON into a file.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _is_gone = self.0.kill();
        let _is_gone = self.0.wait();
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_service_logs_json_and_stops_when_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let url = databases::fresh(folder.path()).await;
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let log = std::fs::File::create(folder.path().join("log")).unwrap();
    let flags = [
        "serve",
        "--listen",
        &listen,
        "--database-url",
        &url,
        "--key-file",
        &file("key"),
        "--mail-folder",
        &file("mail"),
        "--public-url",
        "https://training.example.org",
        "--log-json",
    ];
    let mut service = Service(program(&flags).stdout(Stdio::null()).stderr(log).spawn().unwrap());
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let started = Instant::now();
    let ready = loop {
        match client.get(format!("http://{listen}/health/ready")).send().await {
            Ok(answer) if answer.status() == StatusCode::OK => break answer,
            _ => assert!(started.elapsed() < Duration::from_secs(60), "the service does not start"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(ready.headers().contains_key("strict-transport-security"), "served over https, it says so");
    client.post(format!("http://{listen}/sign-in")).form(&[("email", "nobody")]).send().await.unwrap();

    let told = Command::new("kill").args(["-TERM", &service.0.id().to_string()]).status().unwrap();
    assert!(told.success());
    let ended = service.0.wait().unwrap();
    assert!(ended.success(), "{ended}");
    let text = std::fs::read_to_string(folder.path().join("log")).unwrap();
    let line = text.lines().find(|line| line.starts_with('{') && line.contains("/sign-in")).expect("a log line");
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["fields"]["route"], "/sign-in");
    assert!(!text.contains("nobody"), "what people type is not logged");
}
