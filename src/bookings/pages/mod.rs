//! The pages of bookings: booking in four screens, one's own bookings, the page behind a personal link, the office's.

pub mod agency;
mod book;
mod booking;
mod give_up;
mod link;
mod mine;
mod office;
mod other_date;
mod reserved;
mod skip;
mod trail;

pub use book::*;
pub use booking::*;
pub use give_up::*;
pub use link::*;
pub use mine::*;
pub use office::*;
pub use other_date::*;
pub use reserved::*;
pub use skip::*;

use super::{
    rules::{BookingState, Live, Refusal, Shown},
    store::{self, BookingDetails, IfTaken},
};
use crate::{
    calendar::rules::{london_day, moment_text, span_text},
    charges::store::policy_suspended_on,
    sessions::rules::{Mode, SessionDetails},
    web::{
        components::*,
        error::{Onward, PageError},
        visit::Visit,
    },
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use sea_orm::{ConnectionTrait, DbErr};

/// The viewer's own booking, or for the office anybody's; another person's does not exist.
pub async fn booking_of_viewer(visit: &Visit, reference: &str) -> Result<BookingDetails, PageError> {
    let person = visit.person()?;
    let booking = store::booking_by_reference(reference, visit.db()).await?.ok_or(PageError::NotFound)?;
    if booking.person_id != person.id && !visit.viewer.is_office() {
        return Err(PageError::NotFound);
    }
    let arrangements = store::arrangements_kept(booking.session_id, visit.now, &visit.app.db, visit.db()).await?;
    let arrangements = Option::as_ref(&arrangements).ok_or(PageError::NotFound)?;
    store::booking_details_as_arranged(booking, arrangements, visit.db()).await?.ok_or(PageError::NotFound)
}

/// A refusal as the page that says what is now true, and leads on to the page of the booking.
pub(super) fn conflict(refusal: &Refusal, booking: impl Into<String>) -> PageError {
    let onward = Onward { href: booking.into(), text: "See the booking as it is now" };
    PageError::Refused { sentence: format!("{refusal}."), onward }
}

/// The hidden field by which a form says what its page showed.
fn shown_field(shown: &Shown) -> (String, String) {
    ("version".to_owned(), shown.to_string())
}

/// What taking a place would mean, before the button that takes it.
fn if_taken_view(taken: &IfTaken) -> AnyView {
    view! {
        <p class="govuk-body">
            "If you take it now, you can cancel free of charge until "<strong>{moment_text(taken.free_until)}</strong>". "
            {taken.rule.clone()}
        </p>
    }
    .into_any()
}

/// A booking's state as a tag.
fn state_tag(state: BookingState) -> AnyView {
    let colour = match state {
        BookingState::Booked => Colour::Green,
        BookingState::Requested | BookingState::Waitlisted => Colour::Purple,
        BookingState::Offered => Colour::Orange,
        BookingState::CancelledLate | BookingState::SessionCancelled | BookingState::Declined => Colour::Red,
        _ => Colour::Grey,
    };
    view! { <Tag text=state.text() colour=colour/> }.into_any()
}

/// What became of a booking, or where it stands until that is known.
fn outcome_or_state(booking: &crate::entity::booking::Model) -> AnyView {
    booking.outcome.map_or_else(|| state_tag(booking.state), |outcome| outcome.text().into_any())
}

/// Whether somebody's waiting list is over: said by its state, or by the clock until the state says so.
fn is_list_over(details: &BookingDetails, now: DateTime<Utc>) -> bool {
    match details.live() {
        Some(Live::Waiting(waiting)) => waiting.has_ended(now),
        _ => details.booking.state == BookingState::ListEnded,
    }
}

/// What people whose waiting list is over read.
const LIST_OVER: &str = "The session started before a place came free for you. Nothing is charged.";

/// Where the course may still be had.
fn other_dates(session: &SessionDetails) -> AnyView {
    let href = format!("/courses/{}", session.course_slug);
    view! { <p class="govuk-body"><a class="govuk-link" href=href>"See the other dates of this course"</a></p> }
        .into_any()
}

/// The states that lists filter by, with their values in addresses.
const FILTERED_STATES: [(BookingState, &str); 6] = [
    (BookingState::Requested, "requested"),
    (BookingState::Booked, "booked"),
    (BookingState::Waitlisted, "waitlisted"),
    (BookingState::Offered, "offered"),
    (BookingState::CancelledLate, "cancelled_late"),
    (BookingState::CancelledInTime, "cancelled_in_time"),
];

/// A state's value in addresses.
fn state_word(state: BookingState) -> &'static str {
    FILTERED_STATES.iter().find(|(known, _)| *known == state).map(|(_, word)| *word).unwrap_or_default()
}

/// When and where, as everybody may read it.
fn session_rows(session: &SessionDetails) -> Vec<SummaryRow> {
    let dates: Vec<AnyView> = session
        .dates
        .iter()
        .map(|date| view! { <p class="govuk-body">{span_text(date.starts_at, date.ends_at)}</p> }.into_any())
        .collect();
    let place = match (session.mode, &session.venue) {
        (Mode::Online, _) => "Online".to_owned(),
        (Mode::Venue, Some(venue)) => format!("{}, {}", venue.name, venue.postcode),
        (Mode::Venue, None) => "The venue will be announced".to_owned(),
    };
    vec![
        SummaryRow::new("Course", session.course_title.clone()),
        SummaryRow::view("When", dates),
        SummaryRow::new("Where", place),
    ]
}

/// Whether nobody is charged for this session at all.
async fn is_free_of_charges(session: &SessionDetails, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    policy_suspended_on(london_day(session.starts_at), db).await
}
