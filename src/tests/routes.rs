//! The route table as a doubter reads it: what every answer carries, and what is refused. Who gets in where is in
//! `authorisation`.

use crate::board::TestBoard;
use axum::http::Method;
use learning_gain::accounts::rules::Role;
use reqwest::StatusCode;

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
        // What is true of whoever it is: they may have signed in or not.
        let page = answer.text().await.unwrap();
        assert!(page.contains("This form was sent from another website") && page.contains("Nothing was changed"));
        assert!(!page.contains("You are signed in") && !page.contains("another role"), "{page}");
    }
}

#[tokio::test]
async fn who_has_another_role_reads_that_and_whose_address_names_nothing_reads_that() {
    let board = TestBoard::new().await;
    let (_, mut learner) = board.learner("Amira Khan").await;
    learner.open("/office/people").await.must_say("You cannot open this page").must_say("people with another role");
    assert_eq!(learner.status, StatusCode::FORBIDDEN);
    let mut office = board.office().await;
    for address in [
        "/sessions/abc",
        "/sessions/1.5",
        "/sessions/%ff",
        "/office/people/x",
        "/office/people/99999999999999999999",
        "/office/people/1/edit%20",
        "/training/sessions/1/register/99999999999",
    ] {
        office.open(address).await.must_say("Page not found").must_say("check that it is correct");
        assert_eq!(office.status, StatusCode::NOT_FOUND, "{address}");
    }
    let mut stranger = board.stranger();
    stranger.open("/office/people/x").await;
    assert!(stranger.path.starts_with("/sign-in"), "{}: who asks is found out first", stranger.path);
}

#[tokio::test]
async fn pages_without_an_island_carry_no_script() {
    let board = TestBoard::new().await;
    let mut browser = board.stranger();
    browser.open("/").await;
    assert!(!browser.body.contains("<script"), "a script on /");
    assert!(!browser.body.contains("style=\""), "an inline style on /");
}

/// What people type into a form with GET stands in the address, in the browser's history and in every log between.
#[tokio::test]
async fn no_form_puts_what_people_type_into_an_address() {
    let board = TestBoard::new().await;
    let (person, mut office) = board.with_role("Olive Office", Role::Administrator).await;
    board.learner("Amira Khan").await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-31 10:00", 20).await;
    board.trains(person, session).await;
    let forms = scraper::Selector::parse("form").unwrap();
    let fields = scraper::Selector::parse("input[name], textarea[name]").unwrap();
    let mut seen = 0;
    for line in board.lines.clone().into_iter().filter(|line| line.method == Method::GET) {
        // One object of each kind exists, and is the first.
        office.open(&example(line.path).replace("999999", "1")).await;
        let page = scraper::Html::parse_document(&office.body);
        for form in page.select(&forms).filter(|form| form.value().attr("method") != Some("post")) {
            seen += 1;
            let action = form.value().attr("action").unwrap_or_default();
            for field in form.select(&fields) {
                let field = field.value();
                let is_typed =
                    matches!(field.attr("type").unwrap_or("text"), "text" | "search" | "email" | "tel" | "url");
                let is_number = field.attr("inputmode") == Some("numeric");
                let name = field.attr("name").unwrap_or_default();
                assert!(!is_typed || is_number || action == "/courses", "{}: {name} is sent in the address", line.path);
            }
        }
    }
    assert!(seen > 2, "only {seen} forms with GET were seen");
}

#[tokio::test]
async fn what_the_office_searches_for_stays_out_of_addresses_and_survives_sorting_and_paging() {
    let board = TestBoard::new().await;
    for number in 0..60 {
        board.learner(&format!("Khan {number:02}")).await;
    }
    board.learner("Ben Cole").await;
    let mut office = board.office().await;
    for list in ["/office/people", "/office/bookings", "/office/charges", "/office/agencies", "/office/courses"] {
        office.open(list).await;
        office.post(list, &[("search", "Khan & \u{e9}")]).await;
        assert_eq!(office.status, StatusCode::OK, "{list}");
        assert!(!office.path.contains("Khan") && office.path.contains("find="), "{}", office.path);
        assert!(office.body.contains("value=\"Khan &amp; \u{e9}\""), "{list}: what was typed is gone");
    }
    office.open("/office/people").await.submit("Show", &[("search", "khan"), ("role", "")]).await.must_say("60 people");
    let first = office.path.clone();
    let newest = office.link("Here since");
    let next = office.link("Next page");
    office.open(&newest).await.must_say("60 people").must_say("Khan 59");
    office.open(&next).await.must_say("Khan 59");
    assert!(!office.says("Khan 00") && !office.says("Ben Cole") && office.path.contains("page=2"));

    // Another window's search does not change this one's, and nobody else's browser knows what was looked for.
    office.open("/office/people").await.submit("Show", &[("search", "cole")]).await.must_say("1 person");
    office.open(&first).await.must_say("60 people");
    let mut other = board.with_role("Otto Other", Role::Administrator).await.1;
    other.open(&first).await;
    assert!(other.says("Ben Cole") && !other.body.contains("value=\"khan\""));
}

#[tokio::test]
async fn built_files_come_compressed_to_whoever_reads_that_and_are_kept_for_ever() {
    let board = TestBoard::new().await;
    if !board.app.assets.has_styles() {
        return;
    }
    let address = format!("{}{}", board.base, board.app.assets.address("main.css"));
    let ask = async |encoding: &str| {
        let request = reqwest::Client::new().get(&address).header("accept-encoding", encoding);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        assert_eq!(answer.headers()["content-type"], "text/css");
        let encoded = answer.headers().get("content-encoding").map(|value| value.to_str().unwrap().to_owned());
        let varies = answer.headers().get_all("vary").iter().any(|value| value.to_str().unwrap().contains("encoding"));
        (encoded, varies, answer.bytes().await.unwrap().len())
    };
    let (encoded, varies, small) = ask("gzip, br").await;
    assert_eq!((encoded.as_deref(), varies), (Some("br"), true));
    let (encoded, _, plain) = ask("identity").await;
    assert_eq!(encoded, None);
    assert!(small * 5 < plain, "{small} of {plain} bytes");
}

/// The islands' endpoints stand beside the table: each checks by itself who calls. Every one that there is, for every
/// role, about a register that is somebody else's.
#[tokio::test]
async fn every_endpoint_of_an_island_refuses_everybody_whose_register_it_is_not() {
    let board = TestBoard::new().await;
    let course = board.course("Neglect").await;
    let session = board.session(course, "2025-03-03 10:00", 20).await;
    let (amira, _) = board.learner("Amira Khan").await;
    let (person, booking) = (amira.to_string(), crate::attendance::place(&board, session, amira).await.to_string());
    let booked = [("booking", booking.as_str()), ("mark", "present")];
    let (known, search) = ([("person", person.as_str())], [("search", "amira")]);
    let endpoints: [(&str, &[(&str, &str)]); 3] =
        [("/api/register/mark", &booked), ("/api/register/people", &search), ("/api/register/walk-in", &known)];
    let mut registered: Vec<&str> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    registered.sort_unstable();
    assert_eq!(registered, endpoints.map(|(path, _)| path), "an endpoint without its line here");

    let mut everybody = vec![(None, board.stranger()), (None, board.learner("Lena Learner").await.1)];
    for role in [Role::Trainer, Role::Board, Role::TrainingLead, Role::BillingContact, Role::Administrator] {
        everybody.push((Some(role), board.with_role(&format!("A {role:?}"), role).await.1));
    }
    for (endpoint, fields) in endpoints {
        for (role, browser) in &mut everybody {
            let mut all = vec![("date", "1"), ("nonce", "n1")];
            all.extend(fields);
            browser.post(endpoint, &all).await;
            assert_eq!(browser.status, StatusCode::OK, "{endpoint} as {role:?}: {}", browser.body);
            let is_refused = browser.body.contains("not yours") || browser.body.contains("signed out");
            assert_eq!(is_refused, *role != Some(Role::Administrator), "{endpoint} as {role:?}: {}", browser.body);
            assert!(!is_refused || !browser.body.contains("Amira"), "{endpoint} as {role:?}: {}", browser.body);
        }
    }
}
