//! THE route table: every address of the site, one line each, with who may use it. And what the service takes from the
//! features: their jobs, in `attention` what needs a person, in `frame` what every page shows.

mod attention;
mod frame;

use crate::{
    accounts, agencies, attendance, bookings, calendar, charges, courses, learning_gain, messages, privacy, records,
    reports,
    server::{jobs::Job, state::App},
    sessions, settings, surveys,
    web::{access::Access::*, routes::Routes, search, viewer::Viewer},
};
use axum::http::HeaderMap;
use futures::future::BoxFuture;
use sea_orm::DbErr;

pub use crate::accounts::guard::load_viewer;
pub use attention::attention;
pub use frame::{demo_moves, done_sentence, navigation};

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
        .get("/account", SignedIn, accounts::pages::account_page)
        .get("/account/details", SignedIn, accounts::pages::details_page)
        .post("/account/details", SignedIn, accounts::actions::save_details)
        .get("/account/addresses/new", SignedIn, accounts::pages::new_address_page)
        .post("/account/addresses/new", SignedIn, accounts::actions::ask_for_address_code)
        .get("/account/addresses/code", SignedIn, accounts::pages::address_code_page)
        .post("/account/addresses/code", SignedIn, accounts::actions::add_address)
        .get("/account/addresses/returned", SignedIn, accounts::pages::returned_addresses_page)
        .post("/account/addresses/{id}/works", SignedIn, accounts::actions::address_works)
        .post("/account/addresses/{id}/main", SignedIn, accounts::actions::make_address_main)
        .post("/account/addresses/{id}/remove", SignedIn, accounts::actions::remove_address)
        .get("/account/agencies/new", SignedIn, accounts::pages::new_membership_page)
        .post("/account/agencies/new", SignedIn, accounts::actions::add_membership)
        .get("/account/agencies/{id}/end", SignedIn, accounts::pages::end_membership_page)
        .post("/account/agencies/{id}/end", SignedIn, accounts::actions::end_membership)
        .get("/account/training", SignedIn, records::pages::own_trainings_page)
        .get("/account/training/new", SignedIn, records::pages::new_training_page)
        .post("/account/training/new", SignedIn, records::actions::declare)
        .post("/account/training/{id}/remove", SignedIn, records::actions::take_back)
        .post("/account/devices", SignedIn, accounts::actions::sign_out_others)
        .get("/account/charges", SignedIn, charges::pages::own_page)
        .get("/account/charges/{reference}", SignedIn, charges::pages::own_charge_page)
        .get("/account/data", SignedIn, privacy::pages::own_data_page)
        .get("/account/data.json", SignedIn, privacy::exports::own_data)
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
        .post("/bookings/{reference}/terms", SignedIn, bookings::actions::accept_terms)
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
        .get("/agency/staff", TrainingLead, agencies::pages::staff_page)
        .post("/agency/staff", TrainingLead, search::search)
        .post("/agency/staff/{id}/confirm", TrainingLead, agencies::actions::confirm_staff)
        .post("/agency/staff/{id}/end", TrainingLead, agencies::actions::end_staff)
        .get("/agency/training", TrainingLead, records::pages::agency_trainings_page)
        .get("/agency/training/{id}", TrainingLead, records::pages::agency_training_page)
        .post("/agency/training/{id}", TrainingLead, records::actions::agency_check)
        .get("/agency/charges", BillingContact, charges::pages::agency_page)
        .get("/agency/charges/{reference}", BillingContact, charges::pages::agency_charge_page)
        // bookings of one's staff
        .get("/agency/bookings", TrainingLead, bookings::pages::agency::agency_bookings_page)
        .post("/agency/bookings", TrainingLead, search::search)
        .get("/agency/bookings/new", TrainingLead, bookings::pages::agency::agency_choose_session_page)
        .post("/agency/bookings/new", TrainingLead, search::search)
        .get("/agency/bookings/{reference}", TrainingLead, bookings::pages::agency::agency_booking_page)
        .post("/agency/bookings/{reference}/approve", TrainingLead, bookings::actions::agency_approve)
        .post("/agency/bookings/{reference}/decline", TrainingLead, bookings::actions::agency_decline)
        .get("/agency/bookings/{reference}/cancel", TrainingLead, bookings::pages::agency::agency_cancel_page)
        .post("/agency/bookings/{reference}/cancel", TrainingLead, bookings::actions::agency_cancel)
        .get("/agency/bookings/{reference}/colleague", TrainingLead, bookings::pages::agency::agency_colleague_page)
        .post("/agency/bookings/{reference}/colleague", TrainingLead, bookings::actions::agency_send_colleague)
        .post("/agency/bookings/{reference}/colleague/search", TrainingLead, search::search)
        .get("/agency/sessions/{id}/book", TrainingLead, bookings::pages::agency::agency_book_page)
        .post("/agency/sessions/{id}/book", TrainingLead, bookings::actions::agency_book)
        .post("/agency/sessions/{id}/book/search", TrainingLead, search::search)
        .get("/agency/sessions/{id}/list", TrainingLead, bookings::pages::agency::staff_list_page)
        .post("/agency/sessions/{id}/list", TrainingLead, bookings::actions::check_staff_list)
        .post("/agency/sessions/{id}/list/file", TrainingLead, bookings::actions::check_staff_file)
        .post("/agency/sessions/{id}/list/book", TrainingLead, bookings::actions::book_staff_list)
}

/// Running a session.
fn trainer_routes(routes: Routes) -> Routes {
    routes
        // sessions
        .get("/training", Trainer, sessions::pages::training_page)
        .post("/training/sessions/{id}/answer", Trainer, sessions::actions::answer_offer)
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
        .get("/training/sessions/{id}/gain.csv", Trainer, learning_gain::exports::session)
        .get("/training/sessions/{id}/gain.xlsx", Trainer, learning_gain::exports::session)
        .get("/training/sessions/{id}/gain.json", Trainer, learning_gain::exports::session)
        .get("/training/sessions/{id}/spread.csv", Trainer, learning_gain::exports::session_spread)
        .get("/training/sessions/{id}/spread.xlsx", Trainer, learning_gain::exports::session_spread)
        .get("/training/sessions/{id}/spread.json", Trainer, learning_gain::exports::session_spread)
}

/// The board's business unit.
fn office_routes(routes: Routes) -> Routes {
    routes
        .get("/office", Office, settings::pages::office_page)
        .get("/office/settings", Office, settings::pages::settings_page)
        .post("/office/settings", Office, settings::actions::save_settings)
        // people and agencies
        .get("/office/people", Office, accounts::pages::people_list_page)
        .post("/office/people", Office, search::search)
        .get("/office/people/new", Office, accounts::pages::new_in_office_page)
        .post("/office/people/new", Office, accounts::actions::create_in_office)
        .get("/office/people/{id}", Office, accounts::pages::person_page)
        .get("/office/people/{id}/edit", Office, accounts::pages::edit_person_page)
        .post("/office/people/{id}/edit", Office, accounts::actions::save_person)
        .get("/office/people/{id}/agencies/new", Office, accounts::pages::new_membership_in_office_page)
        .post("/office/people/{id}/agencies/new", Office, accounts::actions::add_membership_in_office)
        .get("/office/people/{id}/addresses/new", Office, accounts::pages::new_address_in_office_page)
        .post("/office/people/{id}/addresses/new", Office, accounts::actions::add_address_in_office)
        .get("/office/people/{id}/roles", Office, accounts::pages::roles_page)
        .post("/office/people/{id}/roles", Office, accounts::actions::give_role)
        .post("/office/people/{id}/roles/{role}/remove", Office, accounts::actions::take_role)
        .post("/office/people/{id}/data", Office, privacy::exports::data_for_office)
        .get("/office/people/{id}/erase", Office, privacy::pages::erase_page)
        .post("/office/people/{id}/erase", Office, privacy::actions::erase)
        .get("/office/agencies", Office, agencies::pages::agency_list_page)
        .post("/office/agencies", Office, search::search)
        .get("/office/agencies/new", Office, agencies::pages::agency_new_page)
        .post("/office/agencies/new", Office, agencies::actions::create_agency)
        .get("/office/agencies/{id}", Office, agencies::pages::agency_page)
        .get("/office/agencies/{id}/edit", Office, agencies::pages::agency_edit_page)
        .post("/office/agencies/{id}/edit", Office, agencies::actions::save_agency)
        .get("/office/agencies/{id}/close", Office, agencies::pages::close_page)
        .post("/office/agencies/{id}/close", Office, agencies::actions::close_agency)
        .post("/office/agencies/{id}/reopen", Office, agencies::actions::reopen_agency)
        .get("/office/memberships", Office, agencies::pages::memberships_page)
        .post("/office/memberships/{id}/confirm", Office, agencies::actions::confirm_membership)
        .post("/office/memberships/{id}/end", Office, agencies::actions::end_membership)
        // courses, sessions, venues
        .get("/office/courses", Office, courses::pages::office::course_list_page)
        .post("/office/courses", Office, search::search)
        .get("/office/courses/new", Office, courses::pages::office::new_course_page)
        .post("/office/courses/new", Office, courses::actions::add_course)
        .get("/office/courses/{id}", Office, courses::pages::office::change_course_page)
        .post("/office/courses/{id}", Office, courses::actions::change_course)
        .get("/office/courses/{id}/retire", Office, courses::pages::office::retire_page)
        .post("/office/courses/{id}/retire", Office, courses::actions::retire_course)
        .get("/office/sessions", Office, sessions::pages::office::session_list_page)
        .get("/office/sessions/new", Office, sessions::pages::office::new_session_page)
        .post("/office/sessions/new", Office, sessions::actions::add_session)
        .get("/office/sessions/{id}", Office, sessions::pages::office::office_session_page)
        .get("/office/sessions/{id}/edit", Office, sessions::pages::office::change_session_page)
        .post("/office/sessions/{id}/edit", Office, sessions::actions::change_session)
        .get("/office/sessions/{id}/reserved", Office, bookings::pages::reserved_page)
        .post("/office/sessions/{id}/reserved", Office, bookings::actions::reserve_places)
        .post("/office/sessions/{id}/reserved/{reserved}/release", Office, bookings::actions::release_places)
        .post("/office/sessions/{id}/publish", Office, sessions::actions::publish_session)
        .get("/office/sessions/{id}/cancel", Office, sessions::pages::office::cancel_page)
        .post("/office/sessions/{id}/cancel", Office, sessions::actions::cancel_session)
        .post("/office/sessions/{id}/archive", Office, sessions::actions::archive_session)
        .get("/office/venues", Office, sessions::pages::office::venue_list_page)
        .get("/office/venues/new", Office, sessions::pages::office::new_venue_page)
        .post("/office/venues/new", Office, sessions::actions::add_venue)
        .get("/office/venues/{id}", Office, sessions::pages::office::change_venue_page)
        .post("/office/venues/{id}", Office, sessions::actions::change_venue)
        .get("/office/venues/{id}/close", Office, sessions::pages::office::close_venue_page)
        .post("/office/venues/{id}/close", Office, sessions::actions::close_venue)
        .post("/office/venues/{id}/reopen", Office, sessions::actions::reopen_venue)
        // bookings
        .get("/office/bookings", Office, bookings::pages::office_bookings_page)
        .post("/office/bookings", Office, search::search)
        .get("/office/bookings/new", Office, bookings::pages::office_book_page)
        .post("/office/bookings/new", Office, bookings::actions::book_for_somebody)
        .post("/office/bookings/{reference}/approve", Office, bookings::actions::approve)
        .post("/office/bookings/{reference}/decline", Office, bookings::actions::decline)
        .get("/office/bookings/{reference}/skip", Office, bookings::pages::skip_page)
        .post("/office/bookings/{reference}/skip", Office, bookings::actions::skip)
        // mail
        .get("/office/messages", Office, messages::pages::wording_list_page)
        .get("/office/messages/{kind}", Office, messages::pages::wording_page)
        .post("/office/messages/{kind}", Office, messages::actions::change_wording)
        .get("/office/mail", Office, messages::pages::mail_queue_page)
        .get("/office/mail/{id}", Office, messages::pages::mail_page)
        .post("/office/mail/{id}/resend", Office, messages::actions::resend)
        .post("/office/mail/{id}/close", Office, messages::actions::close)
        .post("/office/mail/{id}/stop", Office, messages::actions::stop_address)
        .post("/office/mail/{id}/works", Office, messages::actions::address_works)
        // training elsewhere
        .get("/office/training", Office, records::pages::office_trainings_page)
        .get("/office/training/{id}", Office, records::pages::office_training_page)
        .post("/office/training/{id}", Office, records::actions::office_check)
        // bank holidays
        .get("/office/bank-holidays", Office, calendar::pages::bank_holidays_page)
        .post("/office/bank-holidays/day", Office, calendar::actions::add_bank_holiday)
        .post("/office/bank-holidays/year", Office, calendar::actions::add_bank_holiday_year)
        .get("/office/bank-holidays/{date}/remove", Office, calendar::pages::remove_bank_holiday_page)
        .post("/office/bank-holidays/{date}/remove", Office, calendar::actions::remove_bank_holiday)
        // charges and policies
        .get("/office/charges", Office, charges::pages::queue_page)
        .post("/office/charges", Office, search::search)
        .get("/office/charges/notify", Office, charges::pages::notify_page)
        .post("/office/charges/notify", Office, charges::actions::notify_many)
        .get("/office/charges/{reference}", Office, charges::pages::charge_page)
        .get("/office/charges/{reference}/{word}", Office, charges::pages::move_page)
        .post("/office/charges/{reference}/{word}", Office, charges::actions::move_charge)
        .get("/office/policy", Office, charges::pages::policy_page)
        .get("/office/policy/new", Office, charges::pages::new_version_page)
        .post("/office/policy/new", Office, charges::actions::add_version)
        .get("/office/policy/suspensions/new", Office, charges::pages::new_suspension_page)
        .post("/office/policy/suspensions/new", Office, charges::actions::add_suspension)
        .post("/office/policy/suspensions/{id}/remove", Office, charges::actions::remove_suspension)
}

/// Reading, not changing.
fn board_routes(routes: Routes) -> Routes {
    routes
        .get("/board", Board, reports::pages::board_page)
        .get("/board/courses", Board, learning_gain::pages::courses_page)
        .get("/board/years.csv", Board, learning_gain::exports::board_years)
        .get("/board/years.xlsx", Board, learning_gain::exports::board_years)
        .get("/board/years.json", Board, learning_gain::exports::board_years)
        .get("/board/courses.csv", Board, learning_gain::exports::courses)
        .get("/board/courses.xlsx", Board, learning_gain::exports::courses)
        .get("/board/courses.json", Board, learning_gain::exports::courses)
        .get("/board/courses/{slug}", Board, learning_gain::pages::course_page)
        .get("/board/courses/{slug}/items.csv", Board, learning_gain::exports::items)
        .get("/board/courses/{slug}/items.xlsx", Board, learning_gain::exports::items)
        .get("/board/courses/{slug}/items.json", Board, learning_gain::exports::items)
        .get("/board/courses/{slug}/sessions.csv", Board, learning_gain::exports::sessions)
        .get("/board/courses/{slug}/sessions.xlsx", Board, learning_gain::exports::sessions)
        .get("/board/courses/{slug}/sessions.json", Board, learning_gain::exports::sessions)
        .get("/board/courses/{slug}/beside.csv", Board, learning_gain::exports::beside)
        .get("/board/courses/{slug}/beside.xlsx", Board, learning_gain::exports::beside)
        .get("/board/courses/{slug}/beside.json", Board, learning_gain::exports::beside)
        .get("/board/courses/{slug}/years.csv", Board, learning_gain::exports::years)
        .get("/board/courses/{slug}/years.xlsx", Board, learning_gain::exports::years)
        .get("/board/courses/{slug}/years.json", Board, learning_gain::exports::years)
        .get("/board/courses/{slug}/spread.csv", Board, learning_gain::exports::spread)
        .get("/board/courses/{slug}/spread.xlsx", Board, learning_gain::exports::spread)
        .get("/board/courses/{slug}/spread.json", Board, learning_gain::exports::spread)
        .get("/board/topics/{topic}", Board, learning_gain::pages::topic_page)
        .get("/board/topics/{topic}/courses.csv", Board, learning_gain::exports::topic_courses)
        .get("/board/topics/{topic}/courses.xlsx", Board, learning_gain::exports::topic_courses)
        .get("/board/topics/{topic}/courses.json", Board, learning_gain::exports::topic_courses)
        .get("/board/topics/{topic}/years.csv", Board, learning_gain::exports::topic_years)
        .get("/board/topics/{topic}/years.xlsx", Board, learning_gain::exports::topic_years)
        .get("/board/topics/{topic}/years.json", Board, learning_gain::exports::topic_years)
        .get("/board/topics/{topic}/spread.csv", Board, learning_gain::exports::topic_spread)
        .get("/board/topics/{topic}/spread.xlsx", Board, learning_gain::exports::topic_spread)
        .get("/board/topics/{topic}/spread.json", Board, learning_gain::exports::topic_spread)
        .get("/board/learning-points", Board, learning_gain::pages::learning_points_page)
        .get("/board/learning-points.csv", Board, learning_gain::exports::learning_points)
        .get("/board/learning-points.xlsx", Board, learning_gain::exports::learning_points)
        .get("/board/learning-points.json", Board, learning_gain::exports::learning_points)
        .get("/board/agency-types", Board, learning_gain::pages::agency_types_page)
        .get("/board/agency-types.csv", Board, learning_gain::exports::agency_types)
        .get("/board/agency-types.xlsx", Board, learning_gain::exports::agency_types)
        .get("/board/agency-types.json", Board, learning_gain::exports::agency_types)
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

/// Takes over what another process of the same board may have changed: the board's lines, and in a demonstration the
/// clock.
pub async fn follow_others(app: &App) -> Result<(), DbErr> {
    app.board.refresh(app.db.reader()).await?;
    if app.config.demo {
        demo::store::demo_clock_follow(app.db.reader(), &app.clock).await?;
    }
    Ok(())
}

fn load_viewer_boxed<'a>(app: &'a App, headers: &'a HeaderMap) -> BoxFuture<'a, Result<Viewer, DbErr>> {
    Box::pin(load_viewer(app, headers))
}

/// What time brings.
pub fn jobs() -> Vec<Job> {
    let mut jobs = Vec::new();
    jobs.extend(accounts::jobs::jobs());
    jobs.extend(bookings::jobs::jobs());
    jobs.extend(charges::jobs::jobs());
    jobs.extend(surveys::jobs::jobs());
    jobs.extend(privacy::jobs::jobs());
    jobs.extend(demo::jobs::jobs());
    jobs
}
