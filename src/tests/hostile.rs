//! Whatever is sent to an address of the route table: malformed, missing, foreign, huge or repeated. Never a failure of
//! ours, never a blank page; what is not a file is a page with a heading and a sentence.

use crate::{
    board::{Owned, TestBoard},
    browser::Browser,
    databases::digest,
};
use axum::http::Method;
use learning_gain::{
    accounts::rules::Role,
    web::{access::Access, routes::RouteLine},
};
use reqwest::StatusCode;
use scraper::{Html, Selector};
use std::collections::BTreeMap;

/// Parts of an address that name nothing, or are no names at all.
const IDS: [&str; 9] = [
    "0",
    "-1",
    "abc",
    "99999999999999999999",
    "%00",
    "%ff%fe",
    "%F0%9F%92%A9",
    "..%2f..%2fetc%2fpasswd",
    "'%20OR%201=1%20--",
];

/// Every parameter that a page reads, with values that it does not expect, several of them twice; and queries that are
/// none.
const QUERIES: [&str; 4] = [
    "page=99999999999999999999&page=-1&sort=%00&way=sideways&order=%ff&state=%F0%9F%92%A9&find=%27%22%3E%3Cb%3E\
     &year=-99999&session=9e99&person=x&course=-1&topic=%00&level=%00&role=%00&type=x&by=%00&for=%00&done=%3Cb%3E\
     &return=%2F%2Fevil.example&from-day=99&from-month=-1&from-year=0&to-day=x&agency=%00&place=%00&free=%00&status=%00",
    "page=0&session=99999999999999999999&person=99999999999999999999&course=99999999999999999999&year=2147483647",
    "%ff%fe&&&===%zz&%00=%00",
    "page=1&page=2&sort=name&sort=starts&state=booked&state=requested&year=2024&year=2025",
];

/// What nobody types into a field.
const TEXTS: [&str; 7] = [
    "\u{1F4A9}\u{202E}'\"<b>&amp;",
    "99999999999999999999",
    "-1",
    "\r\nBcc: somebody@elsewhere.example",
    " ",
    "0x1F",
    "NaN",
];

/// What is wrong with an answer; None where it is a file, or a page that says something.
fn fault(browser: &Browser) -> Option<String> {
    if browser.status.is_server_error() {
        return Some(format!("answers {}", browser.status));
    }
    let kind = browser.headers.get("content-type").map(|kind| kind.to_str().unwrap_or_default()).unwrap_or_default();
    if !kind.starts_with("text/html") {
        let is_file = browser.status == StatusCode::OK && !kind.is_empty() && !browser.body.is_empty();
        return (!is_file).then(|| format!("{} without a page, {kind:?}", browser.status));
    }
    let page = Html::parse_document(&browser.body);
    let headings = Selector::parse("main h1").unwrap();
    let heading: String = page.select(&headings).flat_map(|heading| heading.text()).collect();
    let says = browser.text();
    let more = says.chars().count().saturating_sub(heading.chars().count());
    (heading.trim().is_empty() || more < 20).then(|| format!("{}: a page that says only “{says}”", browser.status))
}

/// Tables that any answer may write into: tries are counted, and when a login was last seen is noted.
const NOTED: [&str; 2] = ["attempts", "logins"];

/// Everything that the board holds.
async fn held(board: &TestBoard) -> Vec<String> {
    let is_noted = |line: &String| NOTED.iter().any(|table| line.split(' ').next() == Some(table));
    digest(&board.app.db).await.into_iter().filter(|line| !is_noted(line)).collect()
}

fn difference(before: &[String], after: &[String]) -> String {
    let changed = before.iter().zip(after).filter(|(before, after)| before != after);
    changed.map(|(before, _)| before.split(' ').next().unwrap_or_default()).collect::<Vec<_>>().join(", ")
}

/// What was typed into a form that was refused and stands on the page no more. The field that is wrong is left out:
/// what stands there is up to the field. So are fields that the page does not have, and hidden ones, which nobody types.
fn forgotten(browser: &Browser, wrong: &str, sent: &[(&str, &str)]) -> Vec<String> {
    let page = Html::parse_document(&browser.body);
    let hidden = Selector::parse("input[type=hidden][name]").unwrap();
    let hidden: Vec<&str> = page.select(&hidden).filter_map(|field| field.value().attr("name")).collect();
    let shown: Vec<(String, String)> = browser.forms().into_iter().flat_map(|(_, fields)| fields).collect();
    let same = |shown: &str, typed: &str| shown.replace("\r\n", "\n").trim() == typed.replace("\r\n", "\n").trim();
    let mut gone = Vec::new();
    for (name, typed) in sent.iter().filter(|(name, _)| *name != wrong && !hidden.contains(name)) {
        let mut values = shown.iter().filter(|(shown, _)| shown == name).map(|(_, value)| value).peekable();
        if values.peek().is_some() && !values.any(|value| same(value, typed)) {
            gone.push(format!("{name} “{}”", typed.chars().take(40).collect::<String>()));
        }
    }
    gone
}

fn is_like(pattern: &str, path: &str) -> bool {
    let (wanted, found): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    wanted.len() == found.len() && wanted.iter().zip(found).all(|(part, found)| part.starts_with('{') || *part == found)
}

/// Whoever gets past the line's access, and to the objects behind it.
fn visitor<'a>(line: &RouteLine, owned: &'a mut Owned, office: &'a mut Browser) -> &'a mut Browser {
    match line.access {
        Access::Trainer => &mut owned.trainer,
        Access::TrainingLead => &mut owned.lead,
        Access::BillingContact => &mut owned.billing,
        Access::Office | Access::Board => office,
        Access::Public | Access::PersonalLink | Access::SignedIn | Access::Demo | Access::FirstRun => &mut owned.owner,
    }
}

fn with_id(path: &str, id: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect::<Vec<_>>().join("/")
}

async fn board_and_office() -> (TestBoard, Browser) {
    let board = TestBoard::new().await;
    let person = board.person("Olive Office").await;
    board.grant(person, Role::Administrator, None).await;
    let office = board.signed_in(person).await;
    (board, office)
}

#[tokio::test]
async fn no_address_and_no_query_breaks_a_page() {
    let (board, mut office) = board_and_office().await;
    let mut owned = board.owned(1).await;
    let mut faults = Vec::new();
    for line in board.lines.clone().iter().filter(|line| line.method == Method::GET) {
        let address = owned.address_of(line.path);
        let mut addresses: Vec<String> = QUERIES.iter().map(|query| format!("{address}?{query}")).collect();
        addresses.push(format!("{address}?page={}", "9".repeat(5_000)));
        if line.path.contains('{') {
            addresses.extend(IDS.iter().map(|id| with_id(line.path, id)));
            addresses.push(with_id(line.path, &"a".repeat(300)));
        }
        let browser = visitor(line, &mut owned, &mut office);
        for address in addresses {
            browser.open(&address).await;
            if browser.status == StatusCode::BAD_REQUEST {
                faults.push(format!("{}: what names nothing is not there", &address[..address.len().min(120)]));
            }
            faults.extend(
                fault(browser).map(|fault| format!("{}: {fault}", address.chars().take(120).collect::<String>())),
            );
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[tokio::test]
async fn no_body_breaks_a_form() {
    let (board, mut office) = board_and_office().await;
    let mut faults = Vec::new();
    let form = Some("application/x-www-form-urlencoded");
    let file = |bytes: &[u8]| {
        let head = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n";
        [&head[..], bytes, b"\r\n--x--\r\n"].concat()
    };
    let bodies: [(&str, Option<&str>, Vec<u8>); 10] = [
        ("nothing", None, Vec::new()),
        ("no fields", form, Vec::new()),
        ("JSON", Some("application/json"), b"{\"name\": 1}".to_vec()),
        ("a file without its boundary", Some("multipart/form-data"), b"--x\r\n".to_vec()),
        ("a file that is no text", Some("multipart/form-data; boundary=x"), file(b"\xff\xfe\0")),
        (
            "a file with a letter that no keyboard has",
            Some("multipart/form-data; boundary=x"),
            file(b"Amira\0 Khan,amira\0@people.example\n"),
        ),
        ("escapes that are no text", form, b"name=%ff%fe&email=%zz&%ff=1".to_vec()),
        ("bytes that are no text", form, b"name=\xff\xfe\x80&email=\xc3\x28".to_vec()),
        ("a letter that no keyboard has", form, b"name=%00&request_id=%00&version=%00".to_vec()),
        ("more than anybody types", form, [b"name=".to_vec(), vec![b'x'; 3 << 20]].concat()),
    ];
    let mut owned = board.owned(1).await;
    for line in board.lines.clone().iter().filter(|line| line.method == Method::POST) {
        let address = owned.address_of(line.path);
        let browser = visitor(line, &mut owned, &mut office);
        for (what, kind, body) in &bodies {
            // Without a body there is nothing wrong with a button that needs none; it may even sign out.
            if line.path == "/sign-out" {
                continue;
            }
            browser.post_bytes(&address, *kind, body.clone()).await;
            faults.extend(fault(browser).map(|fault| format!("{}, {what}: {fault}", line.path)));
        }
        if line.path.contains('{') {
            for id in IDS {
                browser.post(&with_id(line.path, id), &[]).await;
                if browser.status == StatusCode::BAD_REQUEST && id.parse::<i64>().is_err() {
                    faults.push(format!("{}: what names nothing is not there", with_id(line.path, id)));
                }
                faults.extend(fault(browser).map(|fault| format!("{}: {fault}", with_id(line.path, id))));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// Opening a page changes nothing, whoever opens it: mail scanners, browsers that load ahead, a second window.
#[tokio::test]
async fn opening_a_page_changes_nothing() {
    let (board, mut office) = board_and_office().await;
    let mut owned = board.owned(1).await;
    let mut faults = Vec::new();
    let mut before = held(&board).await;
    for line in board.lines.clone().iter().filter(|line| line.method == Method::GET) {
        let address = owned.address_of(line.path);
        visitor(line, &mut owned, &mut office).open(&address).await;
        let after = held(&board).await;
        if after != before {
            faults.push(format!("{}: {}", line.path, difference(&before, &after)));
            before = after;
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// Every form that a page shows, as it stands there, with one field after the other missing, repeated, or filled with
/// what nobody types. What is refused changes nothing, and keeps what was typed into the other fields.
#[tokio::test]
async fn no_field_breaks_a_form() {
    let (board, mut office) = board_and_office().await;
    let lines = board.lines.clone();
    let (pages, targets): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.method == Method::GET);
    let mut shown: BTreeMap<&str, &RouteLine> = BTreeMap::new();
    let mut owned = board.owned(1).await;
    for page in pages {
        let address = owned.address_of(page.path);
        let browser = visitor(page, &mut owned, &mut office);
        browser.open(&address).await;
        for (action, _) in browser.forms() {
            let target = targets.iter().find(|line| is_like(line.path, action.split('?').next().unwrap_or_default()));
            if let Some(target) = target.filter(|target| target.path != "/sign-out") {
                shown.entry(target.path).or_insert(page);
            }
        }
    }
    assert!(shown.len() > 50, "only {} forms are shown somewhere: {:?}", shown.len(), shown.keys());

    let (mut faults, mut refused) = (Vec::new(), 0);
    for ((target, page), number) in shown.into_iter().zip(2..) {
        let mut owned = board.owned(number).await;
        let address = owned.address_of(page.path);
        let browser = visitor(page, &mut owned, &mut office);
        browser.open(&address).await;
        let found = browser
            .forms()
            .into_iter()
            .find(|(action, _)| is_like(target, action.split('?').next().unwrap_or_default()));
        let Some((action, fields)) = found else { continue };
        let mut before = None;
        for (at, text) in (0..fields.len()).zip(TEXTS.iter().cycle()) {
            let name = fields[at].0.clone();
            let long = "x".repeat(20_000);
            let missing: Vec<_> =
                fields.iter().enumerate().filter(|(here, _)| *here != at).map(|(_, field)| field.clone()).collect();
            let with = |value: &str| [missing.clone(), vec![(name.clone(), value.to_owned())]].concat();
            let twice = [with(text), vec![(name.clone(), "again".to_owned())]].concat();
            let was = match before.take() {
                Some(before) => before,
                None => held(&board).await,
            };
            let mut all_refused = true;
            for fields in [missing.clone(), twice, with(text), with(&long)] {
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                browser.post(&action, &fields).await;
                faults.extend(fault(browser).map(|fault| format!("{target}, {name}: {fault}")));
                if browser.status == StatusCode::UNPROCESSABLE_ENTITY {
                    let gone = forgotten(browser, &name, &fields);
                    faults.extend(gone.into_iter().map(|gone| format!("{target}, {name} is wrong: gone is {gone}")));
                } else {
                    all_refused = false;
                }
            }
            if all_refused {
                refused += 1;
                let is = held(&board).await;
                if is != was {
                    faults.push(format!("{target}, {name}: refused, and changed {}", difference(&was, &is)));
                }
                before = Some(is);
            }
        }
    }
    assert!(refused > 20, "only {refused} fields were refused whatever was in them");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// The islands' endpoints stand beside the route table, and answer in JSON.
#[tokio::test]
async fn nothing_that_is_sent_breaks_an_islands_endpoint() {
    let (board, mut office) = board_and_office().await;
    board.owned(1).await;
    let texts = ["", "\0", "-1", "99999999999999999999", "\u{1F4A9}'\"<b>", "%", "\r\n"];
    for endpoint in ["/api/register/mark", "/api/register/people", "/api/register/walk-in"] {
        for text in texts {
            let names =
                ["booking", "mark", "minutes", "search", "person", "name", "email", "job_role", "agency", "nonce"];
            let mut fields: Vec<(&str, &str)> = names.iter().map(|name| (*name, text)).collect();
            for date in ["1", text] {
                fields.push(("date", date));
                office.post(endpoint, &fields).await;
                assert!(!office.status.is_server_error(), "{endpoint}, {text:?}: {} {}", office.status, office.body);
                fields.pop();
            }
        }
        for body in [&b""[..], b"\xff\xfe", b"date=%ff&nonce=%ff", b"{\"date\": []}"] {
            office.post_bytes(endpoint, Some("application/x-www-form-urlencoded"), body.to_vec()).await;
            assert!(office.status.is_client_error() || office.status.is_success(), "{endpoint}: {}", office.status);
        }
    }
}

#[tokio::test]
async fn no_cookie_breaks_a_page() {
    let board = TestBoard::new().await;
    let long = "A".repeat(3_500);
    for value in ["", "%00", "\"", "x.y", "eyJ9.eyJ9", "W10", "W1sxLDJdXQ", long.as_str()] {
        for name in ["login", "searches", "signing-in", "adding-address"] {
            let mut browser = Browser::with_cookie(&board.base, &format!("{name}={value}"));
            for page in ["/", "/courses", "/sign-in/code", "/account/new", "/account/addresses/code", "/office/people"]
            {
                browser.open(page).await;
                assert_eq!(fault(&browser), None, "{name}={value} on {page}");
            }
        }
    }
}
