//! THE route table: every address of the site, one line each, with who may use it. And what the frame of every page
//! takes from the features: navigation, what was just done, and the demonstration's moves.

use crate::accounts::rules::Role;
use crate::{
    accounts, bookings, courses,
    server::{jobs::Job, state::App},
    sessions, surveys,
    web::{access::Access::*, components::NavItem, routes::Routes, viewer::Viewer},
};
use axum::http::HeaderMap;
use futures::future::BoxFuture;
use sea_orm::DbErr;

pub use crate::accounts::guard::load_viewer;

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
}

/// Finding, booking, cancelling, answering.
fn learner_routes(routes: Routes) -> Routes {
    routes
        // courses and sessions
        .get("/courses", Public, courses::pages::catalogue_page)
        .get("/courses/{slug}", Public, courses::pages::course_page)
        .get("/sessions/{id}", Public, sessions::pages::session_page)
        // bookings
        .get("/sessions/{id}/book", SignedIn, bookings::pages::start_page)
        .post("/sessions/{id}/book", SignedIn, bookings::actions::request_place)
        .get("/sessions/{id}/book/details", SignedIn, bookings::pages::details_page)
        .post("/sessions/{id}/book/details", SignedIn, bookings::actions::change_details)
        .get("/sessions/{id}/book/check", SignedIn, bookings::actions::back_to_start)
        .post("/sessions/{id}/book/check", SignedIn, bookings::actions::check_details)
        .get("/bookings", SignedIn, bookings::pages::my_bookings_page)
        .get("/bookings/link/{token}", PersonalLink, bookings::pages::link_page)
        .post("/bookings/link/{token}", PersonalLink, bookings::actions::act_by_link)
        .get("/bookings/{reference}", SignedIn, bookings::pages::booking_page)
        .get("/bookings/{reference}/calendar.ics", SignedIn, bookings::exports::calendar_download)
        .get("/bookings/{reference}/cancel", SignedIn, bookings::pages::cancel_page)
        .post("/bookings/{reference}/cancel", SignedIn, bookings::actions::cancel)
        .post("/bookings/{reference}/accept", SignedIn, bookings::actions::accept)
        .get("/bookings/{reference}/colleague", SignedIn, bookings::pages::colleague_page)
        .post("/bookings/{reference}/colleague", SignedIn, bookings::actions::send_colleague)
        .get("/bookings/{reference}/move", SignedIn, bookings::pages::move_page)
        .post("/bookings/{reference}/move", SignedIn, bookings::actions::move_to_other_date)
        // surveys
        .get("/answers/{token}", PersonalLink, surveys::pages::answer_page)
        .post("/answers/{token}", PersonalLink, surveys::actions::answer)
        .get("/answer", Public, surveys::pages::code_page)
        .post("/answer", Public, surveys::actions::enter_by_code)
}

/// What training leads and billing contacts see of their own agency.
fn agency_routes(routes: Routes) -> Routes {
    routes
}

/// Running a session.
fn trainer_routes(routes: Routes) -> Routes {
    routes
}

/// The board's business unit.
fn office_routes(routes: Routes) -> Routes {
    routes
    // people and agencies

    // courses, sessions, venues

        // bookings
        .get("/office/bookings", Office, bookings::pages::office_bookings_page)
        .get("/office/bookings/new", Office, bookings::pages::office_book_page)
        .post("/office/bookings/new", Office, bookings::actions::book_for_somebody)
        .post("/office/bookings/{reference}/approve", Office, bookings::actions::approve)
        .post("/office/bookings/{reference}/decline", Office, bookings::actions::decline)

    // charges and policies

    // surveys
}

/// Reading, not changing.
fn board_routes(routes: Routes) -> Routes {
    routes
}

/// Only in a demonstration.
fn demo_routes(routes: Routes) -> Routes {
    routes
}

fn load_viewer_boxed<'a>(app: &'a App, headers: &'a HeaderMap) -> BoxFuture<'a, Result<Viewer, DbErr>> {
    Box::pin(load_viewer(app, headers))
}

/// What time brings.
pub fn jobs() -> Vec<Job> {
    let mut jobs = Vec::new();
    jobs.extend(bookings::jobs::jobs());
    jobs.extend(surveys::jobs::jobs());
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
        // courses and sessions

        // bookings
        "booking-made" => "That is done.",
        "cancelled-in-time" => "Your place is cancelled. Nothing is charged.",
        "cancelled-late" => "Your place is cancelled. A charge may follow.",
        "left-list" => "You have left the waiting list.",
        "request-withdrawn" => "Your request is taken back.",
        "offer-declined" => "You have declined the place.",
        "offer-accepted" => "The place is yours.",
        "colleague-named" => "Your colleague has the place now, and we have told them.",
        "moved" => "You have moved to this date.",
        "booked-for" => "Booked. We have told the person.",
        "request-approved" => "Approved. We have told the person.",
        "request-declined" => "Declined. We have told the person.",

        // attendance and charges

        // surveys
        "answers-saved" => "Your answers are saved. You can come back with the same link.",

        // demo
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
