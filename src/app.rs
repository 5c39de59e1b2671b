//! THE route table: every address of the site, one line each, with who may use it. And what the frame of every page
//! takes from the features: navigation, what was just done, and the demonstration's moves.

use crate::accounts::rules::Role;
use crate::{
    accounts, agencies, attendance, bookings, courses, learning_gain, reports,
    server::{jobs::Job, state::App},
    sessions,
    settings::{self, rules::Attention},
    surveys,
    web::{access::Access::*, components::NavItem, routes::Routes, viewer::Viewer},
};
use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use sea_orm::{ConnectionTrait, DbErr};

pub use crate::accounts::guard::load_viewer;
use crate::{demo, server::serve::ServeError};

/// Every address of the site.
pub fn routes(app: App) -> Routes {
    let routes = Routes::new(app, load_viewer_boxed);
    let routes = learner_routes(account_routes(routes));
    let routes = trainer_routes(agency_routes(routes));
    board_routes(office_routes(demo_routes(routes)))
}

/// Signing in, one's own account, the first run, and the pages that every public body has.
fn account_routes(routes: Routes) -> Routes {
    routes
        .get("/", Public, accounts::pages::start)
        .get("/sign-in", Public, accounts::pages::sign_in_page)
        .post("/sign-in", Public, accounts::actions::ask_for_code)
        .get("/sign-in/code", Public, accounts::pages::code_page)
        .post("/sign-in/code", Public, accounts::actions::try_code)
        .post("/sign-out", Public, accounts::actions::sign_out)
        .get("/account/new", Public, accounts::pages::new_person_page)
        .post("/account/new", Public, accounts::actions::create_person)
        .get("/first-run", FirstRun, settings::pages::first_run_page)
        .post("/first-run", FirstRun, settings::actions::set_up)
        .get("/accessibility", Public, settings::pages::accessibility_page)
        .get("/privacy", Public, settings::pages::privacy_page)
        .get("/cookies", Public, settings::pages::cookies_page)
}

/// Finding, booking, cancelling, answering.
fn learner_routes(routes: Routes) -> Routes {
    routes
        // courses and sessions
        .get("/courses", Public, courses::pages::catalogue_page)
        .get("/courses/{slug}", Public, courses::pages::course_page)
        .get("/sessions/{id}", Public, sessions::pages::session_page)
        // surveys
        .get("/answers/{token}", PersonalLink, surveys::pages::answer_page)
        .post("/answers/{token}", PersonalLink, surveys::actions::answer)
        .get("/answer", Public, surveys::pages::code_page)
        .post("/answer", Public, surveys::actions::enter_by_code)

    // bookings
}

/// What training leads and billing contacts see of their own agency.
fn agency_routes(routes: Routes) -> Routes {
    routes
}

/// Running a session.
fn trainer_routes(routes: Routes) -> Routes {
    routes
        // attendance
        .get("/training/sessions/{id}", Trainer, attendance::pages::session_page)
        .get("/training/sessions/{id}/list", Trainer, attendance::pages::list_page)
        .post("/training/sessions/{id}/code", Trainer, attendance::actions::make_code)
        .get("/training/sessions/{id}/register", Trainer, attendance::pages::register_now)
        .island("/training/sessions/{id}/register/{position}", Trainer, attendance::pages::register_page)
        .post_island("/training/sessions/{id}/register/{position}", Trainer, attendance::actions::save_register)
        .get("/training/sessions/{id}/register/{position}/submit", Trainer, attendance::pages::submit_page)
        .post("/training/sessions/{id}/register/{position}/submit", Trainer, attendance::actions::submit_register)
        .post("/training/sessions/{id}/register/{position}/lock", Trainer, attendance::actions::lock_register)
        .get("/training/sessions/{id}/register/{position}/walk-in", Trainer, attendance::pages::walk_in_page)
        .post("/training/sessions/{id}/register/{position}/walk-in", Trainer, attendance::actions::walk_in)
        // learning gain
        .get("/training/sessions/{id}/gain", Trainer, learning_gain::pages::session_page)
}

/// The board's business unit.
fn office_routes(routes: Routes) -> Routes {
    routes
        .get("/office", Office, settings::pages::office_page)
        .get("/office/settings", Office, settings::pages::settings_page)
        .post("/office/settings", Office, settings::actions::save_settings)
        // people and agencies
        // courses, sessions, venues
        .get("/office/courses", Office, courses::pages::office::course_list_page)
        .get("/office/courses/new", Office, courses::pages::office::new_course_page)
        .post("/office/courses/new", Office, courses::actions::add_course)
        .get("/office/courses/{id}", Office, courses::pages::office::change_course_page)
        .post("/office/courses/{id}", Office, courses::actions::change_course)
        .get("/office/courses/{id}/retire", Office, courses::pages::office::retire_page)
        .post("/office/courses/{id}/retire", Office, courses::actions::retire_course)
        .post("/office/courses/{id}/live", Office, courses::actions::show_course)

    // bookings

    // charges and policies

    // surveys
}

/// Reading, not changing.
fn board_routes(routes: Routes) -> Routes {
    routes
        .get("/board", Board, reports::pages::board_page)
        .get("/board/courses.csv", Board, learning_gain::exports::courses_csv)
        .get("/board/courses.json", Board, learning_gain::exports::courses_json)
        .get("/board/courses/{slug}", Board, learning_gain::pages::course_page)
        .get("/board/courses/{slug}/items.csv", Board, learning_gain::exports::items_csv)
        .get("/board/courses/{slug}/items.json", Board, learning_gain::exports::items_json)
        .get("/learning-gain/how", Public, learning_gain::pages::how_page)
}

/// Only in a demonstration.
fn demo_routes(routes: Routes) -> Routes {
    routes
        .get("/demo/people", Demo, demo::pages::people)
        .post("/demo/people", Demo, demo::actions::become_someone)
        .get("/demo/mailbox", Demo, demo::pages::mailbox)
        .get("/demo/mailbox/{id}", Demo, demo::pages::mail)
        .post("/demo/clock", Demo, demo::actions::move_clock)
}

/// What `serve --demo` does before it listens.
pub async fn prepare_demo(app: &App) -> Result<(), ServeError> {
    demo::command::prepare(&app.db, &app.clock, &app.secrets).await
}

fn load_viewer_boxed<'a>(app: &'a App, headers: &'a HeaderMap) -> BoxFuture<'a, Result<Viewer, DbErr>> {
    Box::pin(load_viewer(app, headers))
}

/// What needs a person, for the office's first page: each feature counts its own.
pub async fn attention(db: &impl ConnectionTrait, _now: DateTime<Utc>) -> Result<Vec<Attention>, DbErr> {
    let row = |count: u64, what: &str, href: &str| Attention { count, what: what.into(), href: href.into() };
    let rows = vec![row(
        agencies::store::membership_count_claimed(db).await?,
        "memberships of agencies to confirm",
        "/office/memberships",
    )];
    Ok(rows.into_iter().filter(|row| row.count > 0).collect())
}

/// What time brings.
pub fn jobs() -> Vec<Job> {
    let mut jobs = Vec::new();
    jobs.extend(bookings::jobs::jobs());
    jobs.extend(surveys::jobs::jobs());
    jobs.extend(demo::jobs::jobs());
    jobs
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
        // accounts and agencies
        "signed-out" => "You are signed out.",
        "account-created" => "Your account is ready.",
        "set-up" => "The service is set up, and you are signed in.",
        "settings-saved" => "Settings saved.",
        // courses and sessions
        "course-added" => "The course is added.",
        "course-saved" => "Your changes to the course are saved.",
        "course-retired" => "The course is retired. You can bring it back below.",
        "course-shown" => "The course is now shown to everyone.",

        // bookings

        // attendance and charges
        "register-saved" => "The register is saved.",
        "register-submitted" => "The register is submitted. Thank you.",
        "register-locked" => "The register is locked.",
        "walked-in" => "They are on the register, and present.",

        // surveys
        "answers-saved" => "Your answers are saved. You can come back with the same link.",

        // demo
        "demo-clock-moved" => "The clock has moved on.",
        "demo-clock-stayed" => "The clock stays where it is: there is no later session to go to.",
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
