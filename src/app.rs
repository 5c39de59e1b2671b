//! THE route table: every address of the site, one line each, with who may use it. And what the frame of every page
//! takes from the features: navigation, what was just done, and the demonstration's moves.

use crate::{
    accounts,
    server::{jobs::Job, state::App},
    web::{
        access::Access::*,
        routes::Routes,
        shell::NavItem,
        viewer::Viewer,
    },
};
use crate::accounts::rules::Role;

pub use crate::accounts::guard::load_viewer;

/// Every address of the site.
pub fn routes(app: App) -> Routes {
    let routes = Routes::new(app, |app, headers| Box::pin(load_viewer(app, headers)));
    routes.get("/", Public, accounts::pages::start)
}

/// What time brings.
pub fn jobs() -> Vec<Job> {
    Vec::new()
}

/// The links in the header, by role.
pub fn navigation(viewer: &Viewer, path: &str) -> Vec<NavItem> {
    let mut items = vec![("/courses", "Courses")];
    if let Some(person) = viewer.person() {
        items.push(("/bookings", "My bookings"));
        if person.has_role(Role::Trainer) {
            items.push(("/training", "My sessions"));
        }
        if person.has_role(Role::Board) || person.has_role(Role::Administrator) {
            items.push(("/board", "Board"));
        }
        if person.has_role(Role::Administrator) {
            items.push(("/office", "Office"));
        }
    }
    let is_current = |href: &str| path == href || path.starts_with(&format!("{href}/"));
    items
        .into_iter()
        .map(|(href, text)| NavItem { href: href.into(), text: text.into(), current: is_current(href) })
        .collect()
}

/// The sentence for a word in `?done=`; unknown words say nothing.
pub fn done_sentence(word: &str) -> Option<&'static str> {
    let sentence = match word {
        "signed-out" => "You are signed out.",
        _ => return None,
    };
    Some(sentence)
}

/// Where the demonstration's clock can be moved to: a word and its label.
pub fn demo_moves() -> Vec<(String, String)> {
    [
        ("session-start", "To the start of my next session"),
        ("session-end", "To the end of my next session"),
        ("day", "One day on"),
        ("day-21", "To day 21 after my last session"),
        ("day-90", "To day 90 after my last session"),
    ]
    .map(|(word, label)| (word.to_owned(), label.to_owned()))
    .to_vec()
}
