//! Reads the source files and holds what the folder layout promises.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The only file names inside a feature, besides folders of the same names.
const NAMES: [&str; 9] = ["mod", "rules", "store", "actions", "pages", "islands", "exports", "jobs", "command"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// "bookings/pages/check.rs" as its parts.
fn parts(path: &Path) -> Vec<String> {
    let inside = path.strip_prefix(root()).unwrap();
    inside.iter().map(|part| part.to_string_lossy().into_owned()).collect()
}

fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn rules_know_no_database_no_web_and_no_clock() {
    for path in sources(&root()) {
        let parts = parts(&path);
        if parts.len() < 2 || !(parts[1] == "rules.rs" || parts[1] == "rules") {
            continue;
        }
        let code = code_of(&path).replace("derive(sea_orm::", "").replace(", sea_orm(", "");
        for banned in
            ["use sea_orm", "use axum", "use leptos", "::store", "async fn", "Utc::now", "crate::server", "crate::web"]
        {
            assert!(!code.contains(banned), "{} uses {banned}", path.display());
        }
    }
}

#[test]
fn only_the_clock_asks_the_machine_for_the_time() {
    for path in sources(&root()) {
        let parts = parts(&path);
        if parts == ["server", "clock.rs"] || parts[0] == "tests" {
            continue;
        }
        let code = code_of(&path);
        assert!(!code.contains("Utc::now") && !code.contains("Local::now"), "{}", path.display());
    }
}

/// An old link to a page that a list no longer has shows the last one, never an empty list.
#[test]
fn every_paged_list_knows_its_last_page() {
    let mut seen = 0;
    for path in sources(&root()) {
        let code = code_of(&path);
        assert!(!code.contains(".fetch_page(") || parts(&path)[0] == "tests", "{} pages by itself", path.display());
        if code.contains(".offset(") && parts(&path)[0] != "tests" {
            assert!(code.contains("rows_before("), "{} pages by itself", path.display());
            seen += 1;
        }
    }
    assert!(seen > 8, "only {seen} lists were seen");
}

/// What the router answers beside the table: who may use these is nobody's secret, or decided by what stands behind them.
const BESIDE_THE_TABLE: [&str; 6] =
    ["/api/{*function}", "/assets/{*key}", "/favicon.ico", "/robots.txt", "/health/live", "/health/ready"];

/// Whoever may use an address is read from the table: an address that came past it would be nobody's to refuse.
#[test]
fn addresses_stand_in_the_table_and_nowhere_else() {
    let mut given = Vec::new();
    for path in sources(&root()) {
        let (file, code) = (parts(&path).join("/"), code_of(&path));
        // The bench serves nothing but the limit of the machine.
        if ["tests/", "bench/"].iter().any(|folder| file.starts_with(folder)) {
            continue;
        }
        for way in [".nest(", ".nest_service(", ".route_service(", ".fallback_service("] {
            assert!(!code.contains(way), "{file} uses {way}");
        }
        given.extend(code.split(".route(").skip(1).map(|rest| {
            let address = rest.trim_start().strip_prefix('"').and_then(|text| text.split('"').next());
            (file.clone(), address.unwrap_or("any").to_owned())
        }));
    }
    let mut expected = BESIDE_THE_TABLE.map(|address| ("server/router.rs".to_owned(), address.to_owned())).to_vec();
    // Each line of the table, behind its guard.
    expected.push(("web/routes.rs".to_owned(), "any".to_owned()));
    assert_eq!(given, expected);
}

#[test]
fn only_the_door_begins_transactions() {
    for path in sources(&root()) {
        let parts = parts(&path);
        let is_the_door = parts[0] == "server" && parts[1].starts_with("database");
        if is_the_door || parts[0] == "tests" {
            continue;
        }
        let code = code_of(&path);
        assert!(!code.contains(".begin("), "{} begins a transaction of its own", path.display());
    }
}

/// What a feature keeps for itself: how it is shown and what is done with it.
const OWN: [&str; 6] = ["pages", "actions", "islands", "exports", "jobs", "command"];

/// What goes across all the same: the file, what it uses, and why.
const ACROSS: [(&str, &str, &str); 9] = [
    ("backups/store.rs", "audit::command", "a copy is checked as `verify` checks, by the same list of differences"),
    ("server/outbox.rs", "accounts::store", "mail to an address that comes back is stopped where it is found out"),
    (
        "server/outbox.rs",
        "messages::store",
        "which kinds of mail carry codes decides whether they go to stopped addresses",
    ),
    ("server/outbox.rs", "messages::calendar", "each object of a calendar file is a part of its own in a mail"),
    ("server/outbox/tests.rs", "messages::calendar", "a mail as it leaves, with a real calendar file"),
    ("server/state.rs", "settings::board", "the board's name and contact are on every page and in every mail"),
    ("web/access.rs", "accounts::rules", "the route table names roles"),
    ("web/viewer.rs", "accounts::rules", "who is looking has an id, a login and roles"),
    ("web/viewer.rs", "agencies::rules", "a role can be for one agency"),
];

fn features() -> Vec<String> {
    let folders = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    let names = folders
        .filter(|path| path.join("mod.rs").exists())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
    names.filter(|name| !["web", "server", "entity", "tests"].contains(&name.as_str())).collect()
}

/// Every path below `crate::` in a file, groups in braces taken apart: "accounts::rules::Role".
fn paths_of(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (start, name) in code.match_indices("crate::") {
        if !code[..start].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
            tree(&code[start + name.len()..], Vec::new(), &mut found);
        }
    }
    found
}

/// Reads one path or group of paths, and returns what is left.
fn tree<'a>(code: &'a str, above: Vec<String>, found: &mut Vec<Vec<String>>) -> &'a str {
    let mut rest = code.trim_start();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        loop {
            rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == ',');
            if let Some(after) = rest.strip_prefix('}') {
                return after;
            }
            let next = tree(rest, above.clone(), found);
            if next.len() == rest.len() {
                return next;
            }
            rest = next;
        }
    }
    let length = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '*');
    let (name, mut after) = rest.split_at(length.unwrap_or(rest.len()));
    let path = [above, vec![name.to_owned()]].concat();
    if let Some((renamed, left)) = after.strip_prefix(" as ").and_then(|new| new.split_once([',', '}', ';'])) {
        after = &after[after.len() - left.len() - 1..];
        assert!(!renamed.contains('{'), "{renamed}");
    }
    match after.strip_prefix("::") {
        Some(below) if below.starts_with(|letter: char| letter.is_alphanumeric() || "_{*".contains(letter)) => {
            tree(below, path, found)
        }
        _ => {
            found.push(path);
            after
        }
    }
}

#[test]
fn paths_are_read_from_groups_too() {
    let code = "use crate::{accounts::{self, pages::{start, Other as Another}, rules::Role}, web::*};\n\
                let page = crate::bookings::jobs::run::<Vec<u8>>();";
    let paths: Vec<String> = paths_of(code).into_iter().map(|path| path.join("::")).collect();
    assert_eq!(
        paths,
        [
            "accounts::self",
            "accounts::pages::start",
            "accounts::pages::Other",
            "accounts::rules::Role",
            "web::*",
            "bookings::jobs::run"
        ]
    );
}

#[test]
fn features_use_each_others_rules_and_stores_only() {
    let features = features();
    let (mut faults, mut seen) = (Vec::new(), 0);
    let mut unused: Vec<_> = ACROSS.to_vec();
    for path in sources(&root()) {
        let parts = parts(&path);
        if parts.len() < 2 || parts[0] == "tests" {
            continue;
        }
        let (file, code) = (parts.join("/"), code_of(&path));
        for used in paths_of(&code) {
            let Some(feature) = used.first().filter(|name| features.contains(name) && **name != parts[0]) else {
                continue;
            };
            seen += 1;
            let part = used.get(1).map_or("", String::as_str);
            let is_free = match parts[0].as_str() {
                // The frame of every page knows days and times, as everything does.
                "web" | "server" => (feature.as_str(), part) == ("calendar", "rules"),
                "entity" => part == "rules",
                _ => !OWN.contains(&part),
            };
            let use_of = format!("{feature}::{part}");
            let is_known = |(known, what, _): &(&str, &str, &str)| *known == file && *what == use_of;
            if !is_free && !ACROSS.iter().any(is_known) {
                faults.push(format!("{file} uses {use_of}"));
            }
            unused.retain(|known| !is_known(known));
        }
        // By way of `use crate::feature;`.
        for (feature, part) in features.iter().flat_map(|feature| OWN.map(|part| (feature, part))) {
            let use_of = format!("{feature}::{part}");
            let is_known = ACROSS.iter().any(|(known, what, _)| *known == file && *what == use_of);
            if *feature != parts[0] && code.contains(&format!(" {use_of}::")) && !is_known {
                faults.push(format!("{file} uses {use_of}"));
            }
        }
    }
    assert!(seen > 500, "only {seen} uses were seen");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(unused.is_empty(), "exceptions that nothing needs any more: {unused:?}");
}

#[test]
fn nothing_is_put_into_a_drawer() {
    for path in sources(&root()) {
        for part in parts(&path) {
            let name = part.trim_end_matches(".rs");
            assert!(!["util", "utils", "helpers", "common", "misc"].contains(&name), "{}", path.display());
        }
    }
}

#[test]
fn a_feature_has_the_files_that_its_readers_expect() {
    let features = ["accounts", "agencies", "attendance", "bookings", "courses", "sessions", "surveys", "charges"];
    for feature in features {
        for entry in fs::read_dir(root().join(feature)).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().trim_end_matches(".rs").to_owned();
            let is_known = NAMES.contains(&name.as_str())
                || name == "fixtures"
                || name == "links"
                || name == "guard"
                || name == "policy";
            assert!(is_known, "{feature}/{name}: a name that no other feature has");
        }
    }
}

#[test]
fn nothing_pulls_openssl_or_a_second_sqlx() {
    let lock = fs::read_to_string(root().join("../Cargo.lock")).unwrap();
    let versions = |name: &str| lock.matches(&format!("name = \"{name}\"\n")).count();
    assert_eq!(versions("openssl-sys"), 0);
    assert_eq!(versions("sqlx-core"), 1, "two versions of sqlx: an old one brings an old SQLite");
    assert_eq!(versions("libsqlite3-sys"), 1);
}

#[test]
fn forms_with_get_have_no_text_fields_but_the_catalogues() {
    for path in sources(&root()) {
        let parts = parts(&path);
        let file = parts.join("/");
        if parts[0] == "tests" || file == "courses/pages/catalogue.rs" || parts.contains(&"gallery".to_owned()) {
            continue;
        }
        let code = code_of(&path);
        let is_front_page_search = file == "accounts/pages/start.rs" && code.contains("action=\"/courses\"");
        assert!(!code.contains("method=\"get\"") || is_front_page_search, "{file} has a form with GET of its own");
        for panel in code.split("<FilterPanel").skip(1) {
            let panel = panel.split("</FilterPanel>").next().unwrap_or_default();
            let is_posted = panel.split('>').next().unwrap_or_default().contains("post=true");
            assert!(
                is_posted || !panel.contains("<Text"),
                "{file}: what is typed into this filter would stand in the address"
            );
        }
    }
}

/// Whoever reads the statistics from the first line finds every file named once, in the order to read them.
#[test]
fn the_statistics_are_read_in_the_order_of_their_first_lines() {
    let folder = root().join("learning_gain/rules");
    let text = fs::read_to_string(folder.join("mod.rs")).unwrap();
    let head: String = text.lines().take_while(|line| line.starts_with("//!")).collect::<Vec<_>>().join("\n");
    let order = head.split("Invariants.").next().unwrap();
    for path in sources(&folder) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.parent() != Some(&folder) || name == "mod" {
            continue;
        }
        assert_eq!(order.matches(&format!("[`{name}`]")).count(), 1, "{name} in the order of reading");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{name} does not say what it is");
        assert!(text.lines().count() <= 400, "{name} is too long to be read at once");
    }
}
