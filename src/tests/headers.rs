//! What every answer carries, whatever kind of answer it is: values, not names. What is asked of files alone is in
//! `routes`; cookies over https are in `command_line`.

use crate::{
    board::{TestBoard, served},
    browser::Browser,
    databases,
};
use learning_gain::{
    accounts::rules::Role,
    app,
    server::router,
    web::{access::Access, error::PageResult},
};
use reqwest::{StatusCode, header::HeaderMap};
use scraper::{Html, Selector};

fn value<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// What is wrong with an answer's headers; a page is kept by nobody, because it can be about somebody.
fn faults(browser: &Browser) -> Vec<String> {
    let headers = &browser.headers;
    let mut faults = Vec::new();
    for (name, wanted) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
        ("cache-control", "no-store"),
    ] {
        let found = value(headers, name);
        if found != wanted {
            faults.push(format!("{name} is “{found}”"));
        }
    }
    let policy = value(headers, "content-security-policy");
    for wanted in ["default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"] {
        if !policy.split("; ").any(|part| part == wanted) {
            faults.push(format!("the policy lacks {wanted}: {policy}"));
        }
    }
    if policy.contains("unsafe-inline") || policy.contains("script-src") || policy.contains('*') {
        faults.push(format!("the policy lets too much in: {policy}"));
    }
    if headers.contains_key("strict-transport-security") {
        faults.push("promises https, and is served without".into());
    }
    faults
}

#[tokio::test]
async fn pages_refusals_files_and_failures_carry_the_same_headers() {
    let board = TestBoard::new().await;
    board.course("Neglect").await;
    let mut stranger = board.stranger();
    let mut office = board.with_role("Olive Office", Role::Administrator).await.1;
    let mut learner = board.learner("Amira Khan").await.1;
    let mut wrong = Vec::new();
    let mut look = |what: &str, browser: &Browser, status: u16, kind: &str| {
        if browser.status != status || !value(&browser.headers, "content-type").starts_with(kind) {
            wrong.push(format!("{what}: {} {}", browser.status, value(&browser.headers, "content-type")));
        }
        wrong.extend(faults(browser).into_iter().map(|fault| format!("{what}: {fault}")));
    };
    let html = "text/html; charset=utf-8";
    for path in ["/", "/courses", "/sign-in"] {
        look(path, stranger.open(path).await, 200, html);
    }
    look("404", stranger.open("/no-such-page").await, 404, html);
    look("405", stranger.post("/courses", &[]).await, 405, html);
    look("422", stranger.post("/sign-in", &[("email", "nobody")]).await, 422, html);
    look("401", stranger.post("/account/details", &[("name", "N")]).await, 401, html);
    look("live", stranger.open("/health/live").await, 200, "");
    look("ready", stranger.open("/health/ready").await, 200, "");
    stranger.post("/api/none", &[]).await;
    let status = stranger.status.as_u16();
    look("no endpoint of an island", &stranger, status, "");
    look("signed in", learner.open("/account").await, 200, html);
    look("signed in, 422", learner.post("/account/details", &[("name", "")]).await, 422, html);
    look("own data", learner.open("/account/data.json").await, 200, "application/json");
    look("403", learner.open("/office").await, 403, html);
    look("CSV", office.open("/board/courses.csv").await, 200, "text/csv");
    look("XLSX", office.open("/board/courses.xlsx").await, 200, "application/vnd.openxml");
    look("409", office.post("/office/charges/NOSUCH/confirm", &[]).await, 409, html);
    if !databases::is_postgres() {
        // The database is away for a moment.
        let file = databases::file_of(&board.url);
        let away = file.with_extension("away");
        std::fs::rename(&file, &away).unwrap();
        learner.post("/account/details", &[("name", "Amira K."), ("kind", "employed"), ("under_18", "no")]).await;
        look("503", &learner, 503, html);
        std::fs::rename(&away, &file).unwrap();
        assert!(learner.says("there is a problem with the service"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn pages_come_compressed_to_whoever_reads_that() {
    let board = TestBoard::new().await;
    let ask = async |encoding: &str| {
        let request = reqwest::Client::new().get(format!("{}/courses", board.base)).header("accept-encoding", encoding);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let found = value(answer.headers(), "content-encoding").to_owned();
        let varies = answer.headers().get_all("vary").iter().any(|value| value.to_str().unwrap().contains("encoding"));
        (found, varies, answer.bytes().await.unwrap().len())
    };
    let (none, _, plain) = ask("identity").await;
    assert_eq!(none, "");
    for encoding in ["br", "gzip"] {
        let (found, varies, small) = ask(encoding).await;
        assert_eq!((found.as_str(), varies), (encoding, true));
        assert!(small * 2 < plain, "{encoding}: {small} of {plain} bytes");
    }
}

async fn panics() -> PageResult {
    panic!("a mistake in a page, as the test wants it");
}

/// A mistake in a page is that page's, and says no more than that there is a problem.
#[tokio::test]
async fn a_panic_is_a_page_like_any_other_failure_and_the_service_goes_on() {
    let board = TestBoard::new().await;
    let table = app::routes(board.app.clone()).get("/panics", Access::Public, panics);
    let base = served(router::assemble_table(table, &board.app).0).await;
    let mut learner = board.learner("Amira Khan").await.1;
    learner.go_on_at(&base).open("/panics").await.must_say("Sorry, there is a problem with the service");
    assert_eq!(learner.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(value(&learner.headers, "content-type"), "text/html; charset=utf-8");
    assert_eq!(faults(&learner), Vec::<String>::new());
    assert!(!learner.body.contains("a mistake in a page"), "{}", learner.body);
    learner.open("/account").await.must_say("Amira Khan");
}

/// The nonces of the page's inline scripts, and what the policy says of scripts.
fn scripts(browser: &Browser) -> (Vec<String>, String) {
    let page = Html::parse_document(&browser.body);
    let inline = Selector::parse("script:not([src])").unwrap();
    let nonces = page.select(&inline).map(|script| script.attr("nonce").unwrap_or_default().to_owned()).collect();
    let policy = value(&browser.headers, "content-security-policy");
    let about = policy.split("; ").find(|part| part.starts_with("script-src ")).unwrap_or_default();
    (nonces, about.to_owned())
}

#[tokio::test]
async fn an_islands_script_runs_by_a_nonce_that_no_other_answer_has() {
    let board = TestBoard::new().await;
    if !board.app.assets.has_islands() {
        println!("· nonces: skipped, the islands were not built");
        return;
    }
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-17 10:00", 20).await;
    let (tessa, mut trainer) = board.learner("Tessa Trainer").await;
    board.trains(tessa, session).await;
    board.set_clock("2025-03-17 12:30");
    let register = format!("/training/sessions/{session}/register/1");
    let mut seen = Vec::new();
    for time in ["opened", "opened again", "refused"] {
        match time {
            "refused" => trainer.post(&register, &[("reason", &"x".repeat(301))]).await,
            _ => trainer.open(&register).await,
        };
        assert_eq!(trainer.status.is_success(), time != "refused", "{}", trainer.status);
        let (nonces, about) = scripts(&trainer);
        assert_eq!(nonces.len(), 1, "{time}, {}: {}", trainer.status, trainer.body);
        assert_eq!(about, format!("script-src 'self' 'nonce-{}' 'wasm-unsafe-eval'", nonces[0]), "{time}");
        // 128 bits, six to a letter.
        assert!(nonces[0].len() >= 22, "{}", nonces[0]);
        seen.extend(nonces);
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 3, "{seen:?}");
    // A page without an island runs none.
    trainer.open("/account").await;
    assert_eq!(scripts(&trainer), (Vec::new(), String::new()));
}
