//! What people type stays text wherever it goes, and nothing of it reaches the log.

use crate::{
    accounts::newest_code,
    board::{TestBoard, address_of, london},
    bookings::{book, reference},
    browser::Browser,
    surveys,
};
use learning_gain::{accounts::rules::Role, server::log::filter, sessions::rules::SessionId, surveys::rules::Wave};
use proptest::prelude::*;
use reqwest::StatusCode;
use scraper::{ElementRef, Html, Selector};
use sea_orm::ConnectionTrait;
use std::{cell::RefCell, collections::BTreeSet, fs, io, sync::Once};

thread_local! {
    /// What was logged on this thread, on which a test's server runs too.
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Writes to the log of the thread that says something.
struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGGED.with_borrow_mut(|logged| logged.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Everything that the service logs from now on, more than it usually says. For the whole process: what is first
    /// logged on a thread without a subscriber would be switched off for all.
    fn capture() {
        static STARTED: Once = Once::new();
        STARTED.call_once(|| {
            tracing_subscriber::fmt()
                .with_env_filter(filter("learning_gain=trace,tower_http=trace,axum=trace,lettre=trace,sqlx=warn"))
                .with_writer(|| Log)
                .with_ansi(false)
                .without_time()
                .init();
        });
        LOGGED.with_borrow_mut(Vec::clear);
    }

    fn text() -> String {
        LOGGED.with_borrow(|logged| String::from_utf8_lossy(logged).into_owned())
    }
}

/// The longest run of hexadecimal digits: tokens and hashes have 32 and more.
fn longest_hexadecimal(text: &str) -> usize {
    text.split(|letter: char| !letter.is_ascii_hexdigit()).map(str::len).max().unwrap_or_default()
}

#[tokio::test]
async fn the_log_of_a_whole_journey_names_nobody() {
    Log::capture();
    let board = TestBoard::new().await;
    let course = surveys::asking_course(&board, "Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 3).await;
    let mut planted: Vec<String> =
        ["Quillfeather", "orthoptist", "hearing loop", "Nightjar Nursery", "zq-private"].map(str::to_owned).to_vec();

    // Somebody new signs in, opens an account, books, moves on to the questions, and cancels.
    let mut zanthe = board.stranger();
    zanthe.open("/sign-in").await.submit("Send me a code", &[("email", "zanthe@quillfeather.example")]).await;
    let code = newest_code(&board, "zanthe@quillfeather.example").await;
    zanthe.submit("Continue", &[("code", "999999")]).await;
    zanthe.submit("Continue", &[("code", &code)]).await;
    let details = [("name", "Zanthe Quillfeather"), ("kind", "volunteer"), ("under_18", "no")];
    zanthe.submit("Create account", &[details.as_slice(), &[("agency", ""), ("job_role", "")]].concat()).await;
    zanthe.open("/account").await.must_say("Zanthe Quillfeather");
    zanthe.open(&format!("/sessions/{session}/book/details")).await;
    let details = [
        ("job_role", "Orthoptist"),
        ("access_needs", "A hearing loop"),
        ("agency", "not-listed"),
        ("agency_name", "Nightjar Nursery"),
    ];
    zanthe.submit("Continue", &details).await;
    zanthe.submit("Book this place", &[("accept", "yes")]).await;
    let reference = reference(&zanthe);
    board.send_mails().await;
    let booking = crate::bookings::row(&board, &reference).await.id;
    let mail = board.mails_to("zanthe@quillfeather.example").await.pop().unwrap();
    let link = surveys::link(&board, booking, Wave::Before).await;
    zanthe.open(&link).await;
    zanthe.open("/answers/zq-private-no-such-token").await;
    zanthe.open("/Quillfeather?name=Quillfeather").await;
    assert_eq!(zanthe.status, StatusCode::NOT_FOUND);
    planted.extend([code, link.rsplit('/').next().unwrap().to_owned(), reference.clone(), mail.message_id]);

    // The office looks for them; a mail fails; a table is missing, so that pages fail.
    let mut office = board.office().await;
    office.open("/office/people").await.submit("Show", &[("search", "Quillfeather")]).await.must_say("Quillfeather");
    zanthe.open(&format!("/bookings/{reference}/cancel")).await;
    zanthe.submit("Cancel", &[]).await;
    let txn = board.txn().await;
    txn.execute_unprepared("DROP TABLE memberships").await.unwrap();
    txn.commit().await.unwrap();
    zanthe.open("/account").await;
    assert_eq!(zanthe.status, StatusCode::SERVICE_UNAVAILABLE);
    office.post(&format!("/office/people/{}/agencies/new", 1), &[("agency", "1"), ("job_role", "Orthoptist")]).await;
    board.run_jobs().await;

    let text = Log::text();
    assert!(text.contains("database error") && text.contains("/bookings/{reference}/cancel"), "{text}");
    for canary in planted {
        assert!(!text.to_lowercase().contains(&canary.to_lowercase()), "the log holds “{canary}”:\n{text}");
    }
    assert!(longest_hexadecimal(&text) < 32, "the log holds a token:\n{text}");
}

/// Texts that break out of one format or another, in any order.
fn hostile() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "<xss onxss=1>",
        "\"><xss>",
        "' onxss='1",
        "</title><xss>",
        "</textarea><xss>",
        "<!--",
        "&lt;xss&gt;",
        "\r\nX-Injected: yes",
        "\nBEGIN:VEVENT\r\nX-INJECTED:1",
        "%0d%0aX-Injected:%20yes",
        "\u{2028}X-Injected: yes",
        "=HYPERLINK(\"http://evil.example\")",
        "@SUM(1)",
        "\\;,:",
        "{{7*7}}",
        "\u{202e}",
        "é",
    ]);
    prop::collection::vec(part, 1..4).prop_map(|parts| format!("A {}", parts.concat()))
}

fn assert_stays_text(browser: &Browser) {
    let Some(kind) = browser.headers.get("content-type").and_then(|kind| kind.to_str().ok()) else { return };
    for (name, value) in &browser.headers {
        let value = String::from_utf8_lossy(value.as_bytes()).to_lowercase();
        assert!(name.as_str() != "x-injected" && !value.contains("x-injected"), "a header of {}", browser.path);
    }
    assert!(!browser.status.is_server_error(), "{}: {}", browser.path, browser.status);
    if kind.starts_with("text/html") {
        let page = Html::parse_document(&browser.body);
        let broken = Selector::parse("xss, [onxss]").unwrap();
        assert!(page.select(&broken).next().is_none(), "{} was broken into:\n{}", browser.path, browser.body);
    } else if kind.starts_with("text/calendar") {
        assert_calendar_holds(&browser.body);
    } else if kind.starts_with("text/csv") {
        for row in csv::Reader::from_reader(browser.body.as_bytes()).records() {
            for cell in &row.unwrap() {
                let is_number = cell.parse::<f64>().is_ok();
                assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "a formula: {cell}");
            }
        }
    }
}

fn assert_calendar_holds(file: &str) {
    assert!(!file.lines().any(|line| line.to_uppercase().starts_with("X-INJECTED")), "{file}");
    assert_eq!(file.matches("BEGIN:VEVENT\r\n").count(), file.matches("\r\nEND:VEVENT").count(), "{file}");
}

fn is_time(name: &str) -> bool {
    ["-from", "-to", "-time"].iter().any(|end| name.ends_with(end))
}

/// What lets a form pass, so that the texts beside it are stored: dates, times and numbers.
fn sensible(name: &str) -> &'static str {
    let is_optional = ["go-", "opens", "closes", "minimum", "minutes"].iter().any(|start| name.starts_with(start));
    match name {
        _ if is_optional => "",
        _ if name.ends_with("-day") || name.ends_with("-month") => "2",
        _ if name.starts_with("date") && name.ends_with("-year") => "2026",
        _ if name.ends_with("-year") => "2024",
        _ if name.ends_with("-to") => "12:00",
        _ if is_time(name) => "10:00",
        _ => "12",
    }
}

/// A form with every text field filled with this, and the first of everything that can be chosen.
fn filled(form: ElementRef<'_>, text: &str) -> Vec<(String, String)> {
    let fields = Selector::parse("input[name], select[name], textarea[name], button[name]").unwrap();
    let options = Selector::parse("option").unwrap();
    let mut sent = Vec::new();
    let mut chosen = BTreeSet::new();
    for field in form.select(&fields) {
        let element = field.value();
        let name = element.attr("name").unwrap_or_default().to_owned();
        let value = element.attr("value").unwrap_or_default().to_owned();
        let is_number = element.attr("inputmode") == Some("numeric");
        match (element.name(), element.attr("type").unwrap_or("text")) {
            ("input", "hidden") => sent.push((name, value)),
            ("input", "radio" | "checkbox") | ("button", _) => {
                if chosen.insert(name.clone()) {
                    sent.push((name, value));
                }
            }
            ("input", "email") => sent.push((name, "somebody@people.example".into())),
            ("input", "text" | "search") if is_number || is_time(&name) => {
                let value = if value.is_empty() { sensible(&name).to_owned() } else { value };
                sent.push((name, value));
            }
            ("input", "file") => {}
            ("select", _) => {
                let value = field.select(&options).filter_map(|option| option.value().attr("value"));
                sent.push((name, value.filter(|value| !value.is_empty()).take(1).collect()));
            }
            _ => sent.push((name, text.to_owned())),
        }
    }
    sent
}

/// Sends every form of a page with hostile text, except those that end the journey.
async fn send_forms(browser: &mut Browser, path: &str, text: &str) {
    browser.open(path).await;
    assert_stays_text(browser);
    let forms: Vec<(String, Vec<(String, String)>)> = {
        let page = Html::parse_document(&browser.body);
        let forms = Selector::parse("main form[method=post]").unwrap();
        let action = |form: ElementRef<'_>| form.value().attr("action").unwrap_or(path).to_owned();
        page.select(&forms).map(|form| (action(form), filled(form, text))).collect()
    };
    for (action, fields) in forms {
        if ["/sign-out", "/erase", "/remove", "/retire", "/archive"].iter().any(|end| action.ends_with(end)) {
            continue;
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post(&action, &fields).await;
        assert_stays_text(browser);
    }
}

async fn everything_stays_text(text: String) {
    Log::capture();
    let board = TestBoard::new().await;
    let (olive, mut office) = board.with_role("Olive Office", Role::Administrator).await;
    let (_, mut amira) = board.learner("Amira Khan").await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 20).await;
    board.trains(olive, session).await;
    book(&mut amira, session).await;
    let booked = reference(&amira);
    let other = board.session(course, "2025-04-28 10:00", 20).await;

    let own = [
        "/account/details".to_owned(),
        "/account/agencies/new".to_owned(),
        "/account/addresses/new".to_owned(),
        format!("/sessions/{other}/book/details"),
        format!("/bookings/{booked}/colleague"),
        "/answer".to_owned(),
        "/answers/1".to_owned(),
    ];
    for path in own {
        send_forms(&mut amira, &path, &text).await;
    }
    // The check screen is only reached through the one before it.
    let needs =
        [("access_needs", text.as_str()), ("job_role", &text), ("agency", "not-listed"), ("agency_name", &text)];
    amira.open(&format!("/sessions/{other}/book/details")).await.submit("Continue", &needs).await;
    assert_stays_text(&amira);
    if amira.says("Book this place") {
        amira.submit("Book this place", &[("accept", "yes")]).await;
        assert_stays_text(&amira);
    }
    let pages: Vec<&str> = board
        .lines
        .iter()
        .filter(|line| line.method == axum::http::Method::GET && line.path.starts_with("/office"))
        .map(|line| line.path)
        .filter(|path| !path.contains("cancel"))
        .collect();
    for path in pages.iter().chain(pages.iter()) {
        send_forms(&mut office, &path.replace("{id}", "1").replace("{reference}", &booked), &text).await;
    }
    cancel_with(&mut office, other, &text).await;
    board.app.clock.set(london("2025-03-31 12:00"));
    for path in ["register/1", "register/1/walk-in"] {
        send_forms(&mut office, &format!("/training/sessions/{session}/{path}"), &text).await;
    }
    for path in board.lines.iter().filter(|line| line.method == axum::http::Method::GET).map(|line| line.path) {
        let path = path.replace("{id}", "1").replace("{reference}", &booked).replace("{position}", "1");
        for browser in [&mut office, &mut amira] {
            browser.open(&path.replace("{slug}", "neglect")).await;
            assert_stays_text(browser);
        }
    }
    let mails = board.mails().await;
    assert!(mails.len() > 3, "only {} mails", mails.len());
    board.send_mails().await;
    for mail in &mails {
        mail.calendar.iter().for_each(|file| assert_calendar_holds(file));
        let html = Html::parse_document(mail.html.as_deref().unwrap_or_default());
        assert!(html.select(&Selector::parse("xss, [onxss]").unwrap()).next().is_none(), "{:?}", mail.html);
    }
    let mut files = 0;
    if let learning_gain::server::config::MailTransport::Folder(folder) = &board.app.config.mail {
        for entry in fs::read_dir(folder).unwrap() {
            let file = fs::read_to_string(entry.unwrap().path()).unwrap();
            let head = file.split("\r\n\r\n").next().unwrap_or_default();
            let injected = head.lines().any(|line| line.to_lowercase().starts_with("x-injected"));
            assert!(!injected, "{head}");
            files += 1;
        }
    }
    assert!(files > 3, "only {files} mails were sent");
    let said = Log::text().to_lowercase();
    assert!(!said.contains("x-injected") && !said.contains("xss") && !said.contains("hyperlink"), "{said}");
    assert!(!said.contains(&address_of("Amira Khan")), "{said}");
}

async fn cancel_with(office: &mut Browser, session: SessionId, text: &str) {
    let path = format!("/office/sessions/{session}/cancel");
    send_forms(office, &path, text).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 3, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_type_stays_text(text in hostile()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(everything_stays_text(text));
    }
}
