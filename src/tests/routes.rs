//! The route table as a doubter reads it: who gets in where, what every answer carries, and what is refused.

use crate::board::TestBoard;
use axum::http::Method;
use learning_gain::{accounts::rules::Role, web::access::Access};
use reqwest::StatusCode;

/// Whether somebody with these roles may pass the guard of a line; whose object it is comes later.
fn may_pass(access: Access, role: Option<Role>) -> bool {
    let is = |wanted: Role| role == Some(wanted) || role == Some(Role::Administrator);
    match access {
        Access::Public | Access::PersonalLink | Access::FirstRun => true,
        Access::SignedIn => role.is_some(),
        Access::Trainer => is(Role::Trainer),
        Access::Office => is(Role::Administrator),
        Access::Board => is(Role::Board),
        Access::TrainingLead => is(Role::TrainingLead),
        Access::BillingContact => is(Role::BillingContact),
        Access::Demo => false,
    }
}

/// An address of the line with parts that name nothing.
fn example(path: &str) -> String {
    let mut address = String::new();
    for part in path.trim_start_matches('/').split('/') {
        address.push('/');
        address.push_str(if part.starts_with('{') { "999999" } else { part });
    }
    address
}

#[tokio::test]
async fn every_line_lets_in_whom_it_names_and_nobody_else() {
    let board = TestBoard::new().await;
    let mut everybody = vec![(None, board.stranger())];
    for role in [Role::Trainer, Role::Administrator, Role::Board, Role::TrainingLead, Role::BillingContact] {
        everybody.push((Some(role), board.with_role(&format!("A {role:?}"), role).await.1));
    }
    assert!(!board.lines.is_empty());
    for line in board.lines.clone() {
        for (role, browser) in &mut everybody {
            let address = example(line.path);
            if line.method == Method::GET {
                browser.open(&address).await;
            } else if address == "/sign-out" {
                continue;
            } else {
                browser.post(&address, &[]).await;
            }
            let asked_to_sign_in = browser.path.starts_with("/sign-in");
            let is_sign_in = line.path.starts_with("/sign-in");
            let what = format!("{} {} as {role:?}: {}", line.method, line.path, browser.status);
            assert_ne!(browser.status, StatusCode::INTERNAL_SERVER_ERROR, "{what}");
            assert_ne!(browser.status, StatusCode::SERVICE_UNAVAILABLE, "{what}");
            if line.access == Access::Demo {
                assert_eq!(browser.status, StatusCode::NOT_FOUND, "{what}");
            } else if may_pass(line.access, *role) {
                assert_ne!(browser.status, StatusCode::FORBIDDEN, "{what}");
                assert!(role.is_none() || is_sign_in || !asked_to_sign_in, "{what}");
            } else if role.is_none() {
                assert!(asked_to_sign_in, "{what}");
            } else {
                assert_eq!(browser.status, StatusCode::FORBIDDEN, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_people() {
    let board = TestBoard::new().await;
    let mut browser = board.stranger();
    for path in ["/", "/no-such-page", "/robots.txt", "/health/ready", "/assets/none/main.css", "/api/none"] {
        browser.open(path).await;
        for header in ["content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options"] {
            assert!(browser.headers.contains_key(header), "{path} lacks {header}");
        }
        let policy = browser.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn a_missing_page_says_so_and_leads_on() {
    let board = TestBoard::new().await;
    let mut browser = board.stranger();
    browser.open("/no-such-page").await.must_say("Page not found").must_say("Find a course");
    assert_eq!(browser.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_site_cannot_post_here() {
    let board = TestBoard::new().await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let request = reqwest::Client::new().post(format!("{}/sign-out", board.base)).header(name, value);
        let answer = request.form(&[("a", "b")]).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{name}: {value}");
    }
}

#[tokio::test]
async fn pages_without_an_island_carry_no_script() {
    let board = TestBoard::new().await;
    let mut browser = board.stranger();
    browser.open("/").await;
    assert!(!browser.body.contains("<script"), "a script on /");
    assert!(!browser.body.contains("style=\""), "an inline style on /");
}
