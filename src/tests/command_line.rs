//! The program itself: settings files, exit codes, and a stop that answers what is under way.

use crate::{board::TestBoard, databases};
use learning_gain::{accounts::rules::Role, entity::booking};
use reqwest::StatusCode;
use sea_orm::{EntityTrait, PaginatorTrait};
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
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

/// A demonstration takes no mail folder: whether one is refused tells what the program takes `demo` for.
#[test]
fn a_flag_goes_before_a_variable_and_a_variable_before_the_file_for_no_as_for_yes() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (file, variable, flag, is_demo) in [
        (None, None, None, false),
        (Some("true"), None, None, true),
        (Some("true"), Some("false"), None, false),
        (Some("true"), Some("0"), None, false),
        (Some("false"), Some("true"), None, true),
        (Some("false"), None, Some("--demo"), true),
        (Some("true"), None, Some("--demo=false"), false),
        (Some("false"), Some("false"), Some("--demo=true"), true),
        (Some("true"), Some("true"), Some("--demo=no"), false),
    ] {
        let lines = file.map(|said| format!("demo = {said}\nlog-json = {said}\n")).unwrap_or_default();
        let file = settings(folder.path(), &format!("{lines}mail-folder = \"post\"\n"));
        // Where it is no demonstration it gets as far as the address, which is taken.
        let mut serve = program(&["serve", "--config", &file, "--listen", &address]);
        serve.current_dir(folder.path()).args(flag);
        if let Some(said) = variable {
            serve.env("LEARNING_GAIN_DEMO", said).env("LEARNING_GAIN_LOG_JSON", said);
        }
        let refused = serve.output().unwrap();
        let text = said(&refused);
        assert!(!refused.status.success(), "{text}");
        assert_eq!(text.contains("demo and mail-folder are both set"), is_demo, "{lines}{variable:?} {flag:?}: {text}");
        assert_eq!(text.contains(&address), !is_demo, "{lines}{variable:?} {flag:?}: {text}");
    }
}

/// The service as a process of its own, with log lines as JSON into a file.
struct Service {
    process: Child,
    listen: String,
    log: PathBuf,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _is_gone = self.process.kill();
        let _is_gone = self.process.wait();
    }
}

impl Service {
    fn start(url: &str, folder: &Path, more: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = format!("127.0.0.1:{port}");
        let (file, log) = (|name: &str| folder.join(name).display().to_string(), folder.join("log"));
        let mut serve = program(&["serve", "--log-json", "--listen", &listen, "--database-url", url]);
        serve.args(["--key-file", &file("key"), "--mail-folder", &file("mail")]).args(more);
        let process = serve.stdout(Stdio::null()).stderr(std::fs::File::create(&log).unwrap()).spawn().unwrap();
        Self { process, listen, log }
    }

    async fn ready(&self, client: &reqwest::Client) -> reqwest::Response {
        let started = Instant::now();
        loop {
            match client.get(format!("http://{}/health/ready", self.listen)).send().await {
                Ok(answer) if answer.status() == StatusCode::OK => return answer,
                _ => assert!(started.elapsed() < Duration::from_secs(60), "the service does not start"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// SIGTERM, as a service manager sends it.
    fn terminate(&self) {
        let told = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until it has said this.
    async fn must_say(&self, words: &str) {
        let started = Instant::now();
        while !self.said().contains(words) {
            assert!(started.elapsed() < Duration::from_secs(60), "“{words}” is not in {}", self.said());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

#[cfg(unix)]
#[tokio::test]
async fn the_service_logs_json_and_stops_when_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let url = databases::fresh(folder.path()).await;
    let mut service = Service::start(&url, folder.path(), &["--public-url", "https://training.example.org"]);
    let (client, listen) = (client(), service.listen.clone());
    let ready = service.ready(&client).await;
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

    service.terminate();
    let ended = service.process.wait().unwrap();
    assert!(ended.success(), "{ended}");
    let text = service.said();
    let line = text.lines().find(|line| line.starts_with('{') && line.contains("/sign-in")).expect("a log line");
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["fields"]["route"], "/sign-in");
    assert!(!text.contains("nobody"), "what people type is not logged");
}

/// Whoever has sent half of a form when the service is told to stop is answered before it does.
#[cfg(unix)]
#[tokio::test]
async fn a_request_that_is_under_way_is_answered_before_the_service_stops() {
    let folder = tempfile::tempdir().unwrap();
    let url = databases::fresh(folder.path()).await;
    let mut service = Service::start(&url, folder.path(), &[]);
    service.ready(&client()).await;
    let mut sender = TcpStream::connect(&service.listen).unwrap();
    sender.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let form = "email=olive%40training.example.org";
    let (begun, rest) = form.split_at(form.len() / 2);
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        service.listen,
        form.len()
    );
    sender.write_all(head.as_bytes()).unwrap();
    // The handler asks for the form, so it has the request.
    let asks_for_more = b"HTTP/1.1 100 Continue\r\n\r\n";
    let mut heard = vec![0; asks_for_more.len()];
    sender.read_exact(&mut heard).unwrap();
    assert_eq!(heard, asks_for_more);
    sender.write_all(begun.as_bytes()).unwrap();

    service.terminate();
    service.must_say("Stopping: answering what is under way").await;
    assert!(service.process.try_wait().unwrap().is_none(), "it waits for the other half");
    sender.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    sender.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    assert!(answer.to_lowercase().contains("location: /sign-in/code"), "{answer}");
    let ended = service.process.wait().unwrap();
    assert_eq!(ended.code(), Some(0), "{}", service.said());
    assert!(service.said().contains("Stopped."), "{}", service.said());
}

#[tokio::test]
async fn the_demonstration_fills_an_empty_database_once_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let url = databases::fresh(folder.path()).await;
    let key = folder.path().join("key").display().to_string();
    let demo = |url: &str| program(&["demo", "--database-url", url, "--key-file", &key]).output().unwrap();
    let filled = demo(&url);
    assert!(filled.status.success() && said(&filled).contains("The demonstration board is ready"), "{}", said(&filled));
    let again = demo(&url);
    let sentence = "The demonstration board is already there; nothing was changed.";
    assert!(again.status.success() && said(&again).contains(sentence), "{}", said(&again));
    let verified = program(&["verify", "--database-url", &url]).output().unwrap();
    assert!(verified.status.success() && said(&verified).contains("Everything agrees."), "{}", said(&verified));

    let board = TestBoard::new().await;
    board.person("Amira Khan").await;
    let refused = demo(&board.url);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(said(&refused).contains("holds data that the demonstration did not make"), "{}", said(&refused));
}

#[tokio::test]
async fn a_history_is_tried_then_taken_over_and_is_there_the_second_time() {
    let board = TestBoard::new().await;
    board.with_role("Olive Office", Role::Administrator).await;
    let bookings = async || booking::Entity::find().count(board.app.db.reader()).await.unwrap();
    let import = |more: &[&str]| {
        let mut import = program(&["import", "examples/history.csv", "--database-url", &board.url]);
        let output = import.args(more).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        said(&output)
    };
    let tried = import(&["--dry-run"]);
    for words in ["12 of 12 rows would be imported: 9 new people", "Nothing was changed: this was a dry run."] {
        assert!(tried.contains(words), "{words}: {tried}");
    }
    assert_eq!(bookings().await, 0);
    let done = import(&[]);
    assert!(done.contains("12 of 12 rows imported: 9 new people") && !done.contains("dry run"), "{done}");
    assert_eq!(bookings().await, 10);
    let again = import(&[]);
    assert!(again.contains("All 12 rows are here already: nothing was changed."), "{again}");
    assert_eq!(bookings().await, 10);
}

/// A file of nothing but room takes none on the disk.
#[tokio::test]
async fn a_history_that_is_too_large_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let board = TestBoard::new().await;
    let path = folder.path().join("history.csv");
    std::fs::File::create(&path).unwrap().set_len(200 * 1024 * 1024 + 1).unwrap();
    let import = program(&["import", &path.display().to_string(), "--database-url", &board.url]).output().unwrap();
    let sentence = "history.csv: the file has 201 MB, and 200 MB is the most. Split it by year";
    assert!(!import.status.success() && said(&import).contains(sentence), "{}", said(&import));
}
