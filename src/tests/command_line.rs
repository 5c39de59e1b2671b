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

#[test]
fn what_could_not_work_later_is_refused_at_start_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("file"), "").unwrap();
    let (in_a_file, below_a_file) = (path("file/mail"), format!("sqlite://{}?mode=rwc", path("file/board.db")));
    let board = format!("sqlite://{}?mode=rwc", path("board.db"));
    let nobody = "postgres://board:secret@127.0.0.1:1/training";
    let cases: [(&[&str], &[&str]); 9] = [
        (&["--smtp-url", "smtp://"], &["smtp-url"]),
        (&["--smtp-url", "smtps://board:secret@mail.example.org:99999"], &["smtp-url"]),
        (&["--mail-folder", &in_a_file], &["mail-folder", &in_a_file]),
        (&["--database-url", &below_a_file], &["database-url", "file/board.db"]),
        (&["--database-url", nobody], &["database-url", "training on the PostgreSQL server 127.0.0.1:1"]),
        (&["--database-url", "mysql://board:secret@db/training"], &["database-url", "mysql"]),
        (&["--demo", "--mail-folder", "post"], &["demo and mail-folder", "Mail sent"]),
        (&["--demo", "--smtp-url", "smtp://mail.example.org"], &["demo and smtp-url", "Mail sent"]),
        (&["--public-url", "http://training.example.org"], &["public-url", "https://"]),
    ];
    for (flags, words) in cases {
        let mut serve = program(&["serve", "--listen", "127.0.0.1:0"]);
        // Where the test names no database of its own.
        serve.env("LEARNING_GAIN_DATABASE_URL", &board).args(flags).current_dir(folder.path());
        let refused = serve.output().unwrap();
        let text = said(&refused);
        assert!(!refused.status.success(), "{flags:?}: {text}");
        assert!(words.iter().all(|word| text.contains(word)), "{flags:?}: {text}");
        assert!(!text.contains("secret"), "{flags:?}: {text}");
    }
    assert!(!folder.path().join("post").exists());
}

/// Whether variables are read as the flags of their names: the last one cannot be used, and is named.
#[test]
fn a_flag_can_be_a_variable() {
    let folder = tempfile::tempdir().unwrap();
    for yes in ["1", "true", "yes"] {
        let mut serve = program(&["serve"]);
        serve
            .env("LEARNING_GAIN_DEMO", yes)
            .env("LEARNING_GAIN_LOG_JSON", yes)
            .env("LEARNING_GAIN_MAIL_FOLDER", "post");
        let refused = serve.current_dir(folder.path()).output().unwrap();
        assert!(said(&refused).contains("demo and mail-folder are both set"), "{yes}: {}", said(&refused));
    }
    for (name, value, words) in [
        ("LEARNING_GAIN_DEMO", "perhaps", "--demo"),
        ("LEARNING_GAIN_LISTEN", "3000", "listen: "),
        ("LEARNING_GAIN_PUBLIC_URL", "ftp://x", "public-url: "),
        ("LEARNING_GAIN_SMTP_URL", "mail", "smtp-url: "),
        ("LEARNING_GAIN_MAIL_FROM", "nobody", "mail-from: "),
        ("LEARNING_GAIN_DATABASE_URL", "mysql://x", "database-url: "),
        ("LEARNING_GAIN_CONFIG", "none.toml", "none.toml"),
        ("LEARNING_GAIN_KEY_FILE", "/proc/none/key", "/proc/none/key"),
    ] {
        let board = format!("sqlite://{}?mode=rwc", folder.path().join("board.db").display());
        let mut serve = program(&["serve", "--listen", "127.0.0.1:0"]);
        if name == "LEARNING_GAIN_LISTEN" {
            serve = program(&["serve"]);
        }
        serve.env("LEARNING_GAIN_DATABASE_URL", board).env(name, value);
        let refused = serve.current_dir(folder.path()).output().unwrap();
        assert!(!refused.status.success() && said(&refused).contains(words), "{name}: {}", said(&refused));
    }
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

    // Cookies that no other site's page and no other host's can set, and that never travel without https.
    let mut cookies = Vec::new();
    for (path, email) in [("/sign-in", "olive@training.example.org"), ("/sign-out", "")] {
        let answer = client.post(format!("http://{listen}{path}")).form(&[("email", email)]).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        cookies.extend(answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()));
    }
    for name in ["signing-in", "login"] {
        assert!(cookies.iter().any(|cookie| cookie.starts_with(&format!("__Host-{name}="))), "{name}: {cookies:?}");
    }
    for cookie in &cookies {
        let parts: Vec<&str> = cookie.split("; ").collect();
        assert!(cookie.starts_with("__Host-") && !cookie.contains("Domain"), "{cookie}");
        assert!(["Secure", "HttpOnly", "Path=/"].iter().all(|part| parts.contains(part)), "{cookie}");
        assert!(["SameSite=Lax", "SameSite=Strict"].iter().any(|part| parts.contains(part)), "{cookie}");
    }

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
