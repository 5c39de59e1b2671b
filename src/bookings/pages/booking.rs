//! One booking: what it is, what happens next, and what can be done.

use super::{
    LIST_OVER, booking_of_viewer, if_taken_view, is_list_over, other_dates, session_rows, shown_field, state_tag,
    trail::trail_view,
};
use crate::{
    audit::store::{TrailLine, audit_trail},
    bookings::{
        rules::{BookingState, Live, Refusal, first_come_from, person_kind_text},
        store::{self, BookingDetails, IfTaken},
    },
    calendar::{notice::is_in_time, rules::moment_text},
    charges::rules::{SUSPENDED, charge_sentence_until},
    sessions::rules::{Mode, SessionDetails},
    surveys::{links::LinkToken, rules::Wave, store::link_open_now},
    web::{components::*, error::PageResult, form::FormState, page::Page, visit::Visit},
};
use axum::extract::Path;
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// What the booking's page shows besides the booking.
struct Surroundings {
    is_new: bool,
    is_own: bool,
    is_office: bool,
    suspended: bool,
    position: u64,
    survey: Option<LinkToken>,
    taken: Option<Result<IfTaken, Refusal>>,
    /// What happened to it; for the office alone.
    trail: Option<Vec<TrailLine>>,
    now: DateTime<Utc>,
}

/// GET /bookings/{reference}
pub async fn booking_page(visit: Visit, Path(reference): Path<String>) -> PageResult {
    booking_page_with(&visit, &reference, FormState::default()).await
}

/// The booking's page with the errors of a form that was sent from it.
pub async fn booking_page_with(visit: &Visit, reference: &str, form: FormState) -> PageResult {
    let details = booking_of_viewer(visit, reference).await?;
    let is_own = visit.person()?.id == details.booking.person_id;
    let position = match details.booking.state {
        BookingState::Waitlisted => store::waiting_position(&details.booking, visit.db()).await?,
        _ => 0,
    };
    let around = Surroundings {
        is_new: visit.parameter("done") == "booking-made" && is_answered_with_panel(details.booking.state),
        is_own,
        is_office: visit.viewer.is_office(),
        suspended: super::is_free_of_charges(&details.session, visit.db()).await?,
        position,
        survey: if is_own {
            link_open_now(&details.booking, &visit.app.secrets, visit.now, visit.db()).await?
        } else {
            None
        },
        taken: store::if_taken(&details, visit.now, visit.db()).await?,
        trail: if visit.viewer.is_office() {
            Some(audit_trail(store::subject(details.booking.id), visit.db()).await?)
        } else {
            None
        },
        now: visit.now,
    };
    let (back, back_text) = if is_own { ("/bookings", "My bookings") } else { ("/office/bookings", "Bookings") };
    let title = format!("Booking {}", details.booking.reference);
    Ok(visit.page(Page::new(title).back(back, back_text).form(form), move || booking_body(details, around)))
}

fn booking_body(details: BookingDetails, around: Surroundings) -> AnyView {
    let booking = &details.booking;
    let heading = if around.is_new {
        new_panel(&details, around.position)
    } else {
        view! {
            <Heading text=format!("Booking {}", booking.reference) caption=details.session.course_title.clone()/>
            <p class="govuk-body">{state_tag(booking.state)}</p>
        }
        .into_any()
    };
    view! {
        {heading}
        {what_is_true(&details, &around)}
        {terms_view(&details, &around)}
        {around.survey.as_ref().map(survey_view)}
        {actions(&details, &around)}
        <SummaryList rows=rows(&details, &around)/>
        {around.trail.as_deref().map(trail_view)}
    }
    .into_any()
}

fn survey_view(link: &LinkToken) -> impl IntoView + use<> {
    let text = match link.wave {
        Wave::Before => "Answer a few questions before you come",
        // Open from ten minutes before its end.
        _ => "Answer a few questions after the session",
    };
    view! { <p class="govuk-body"><a class="govuk-link" href=link.path()>{text}</a></p> }
}

/// What a request can lead to. Loaded again later, the page says what is true then.
fn is_answered_with_panel(state: BookingState) -> bool {
    matches!(state, BookingState::Booked | BookingState::Requested | BookingState::Waitlisted)
}

fn new_panel(details: &BookingDetails, position: u64) -> AnyView {
    let booking = &details.booking;
    let title = match booking.state {
        BookingState::Booked => "Place booked",
        BookingState::Requested => "Waiting for approval",
        BookingState::Waitlisted => "You are on the waiting list",
        state => state.text(),
    };
    let reference = booking.reference.clone();
    let next = match booking.state {
        BookingState::Booked => "We have sent you an email with all this and a calendar file.".to_owned(),
        BookingState::Requested => format!(
            "We hold a place for you until {} and write to you when your request is answered.",
            moment_text(booking.approval_until.unwrap_or(details.session.starts_at)),
        ),
        _ => format!("You are number {position}. We write to you when a place comes free for you."),
    };
    view! {
        <Panel title=title>"Your reference "<br/><strong>{reference}</strong></Panel>
        <Heading text="What happens next" level=2 size=Size::M/>
        <p class="govuk-body">{next}</p>
    }
    .into_any()
}

/// The sentence about where things stand.
fn what_is_true(details: &BookingDetails, around: &Surroundings) -> AnyView {
    let booking = &details.booking;
    let starts = details.session.starts_at;
    if is_list_over(details, around.now) {
        return view! { <InsetText>{LIST_OVER}</InsetText> }.into_any();
    }
    if around.now >= starts && booking.state.is_live() {
        let text = match booking.outcome {
            Some(outcome) => format!("{}.", outcome.text()),
            None if booking.state == BookingState::Booked => "The session has started or is over.".to_owned(),
            None => "The session started before this was answered. Nothing is charged.".to_owned(),
        };
        return view! { <InsetText>{text}</InsetText> }.into_any();
    }
    let text = match booking.state {
        BookingState::Booked if details.was_moved() => {
            "We changed this session after you booked, so you can cancel free of charge until it starts.".to_owned()
        }
        BookingState::Booked => cancel_text(details, around),
        BookingState::Waitlisted if around.now >= first_come_from(starts) => {
            "The session starts within a day. If a place is free now, the first person to take it has it.".to_owned()
        }
        BookingState::Waitlisted => format!(
            "You are number {} on the waiting list. Places are offered in the order of the list. Waiting is never charged.",
            around.position
        ),
        BookingState::Offered => format!(
            "A place is held for you until {}. If you do not answer by then, somebody else can have it.",
            moment_text(booking.offer_expires_at.unwrap_or(starts))
        ),
        BookingState::Requested => format!(
            "Your request waits for approval until {}. A place is held for you.",
            moment_text(booking.approval_until.unwrap_or(starts))
        ),
        _ => ended_text(details, around.suspended),
    };
    view! { <InsetText>{text}</InsetText> }.into_any()
}

/// What came of a booking that has ended. `suspended`: nothing is charged for sessions on its day.
pub(super) fn ended_text(details: &BookingDetails, suspended: bool) -> String {
    let cancel_by = moment_text(details.booking.cancel_by);
    match details.booking.state {
        BookingState::SessionCancelled => {
            let reason = details.session.cancelled_reason.clone().unwrap_or_default();
            format!("We had to cancel this session. Nothing is charged. {reason}")
        }
        BookingState::CancelledLate if suspended => format!(
            "You cancelled after {cancel_by}. Charging is suspended for sessions on this day, so nothing is charged."
        ),
        BookingState::CancelledLate => format!(
            "You cancelled after {cancel_by}, so a charge may follow. If it does, we write to you, and you can tell us what happened."
        ),
        state => format!("{}. Nothing is charged.", state.text()),
    }
}

/// What somebody has to accept themselves, where others booked for them and they would pay.
fn terms_view(details: &BookingDetails, around: &Surroundings) -> Option<AnyView> {
    if !around.is_own || !details.asks_to_accept() || around.now >= details.session.starts_at {
        return None;
    }
    let rule = charge_sentence_until(&details.policy, details.booking.cancel_by, details.booking.person_kind);
    let who = match &details.booked_by_name {
        Some(name) => format!("{name} booked this for you. "),
        None => "This was booked for you. ".to_owned(),
    };
    let view = view! {
        <Heading text="If you cannot come" level=2 size=Size::M/>
        <p class="govuk-body">{format!("{who}{rule}")}</p>
        <PostButton action=format!("/bookings/{}/terms", details.booking.reference) text="I have read this and accept it"/>
    };
    Some(view.into_any())
}

fn cancel_text(details: &BookingDetails, around: &Surroundings) -> String {
    let cancel_by = details.booking.cancel_by;
    let rule = if around.suspended {
        SUSPENDED.to_owned()
    } else {
        charge_sentence_until(&details.policy, cancel_by, details.booking.person_kind)
    };
    if is_in_time(cancel_by, around.now) {
        format!("You can cancel free of charge until {}. {rule}", moment_text(cancel_by))
    } else {
        format!(
            "The time to cancel free of charge ended at {}. {rule} A colleague can still come instead, free of charge.",
            moment_text(cancel_by)
        )
    }
}

fn actions(details: &BookingDetails, around: &Surroundings) -> AnyView {
    let base = format!("/bookings/{}", details.booking.reference);
    let session = format!("/sessions/{}", details.session.id);
    if is_list_over(details, around.now) {
        return other_dates(&details.session);
    }
    if around.now >= details.session.starts_at {
        return ().into_any();
    }
    match details.live() {
        Some(Live::Booked(_)) => {
            view! {
                <ButtonGroup>
                    <ButtonLink href=format!("{base}/calendar.ics") text="Add to your calendar" kind=ButtonKind::Secondary/>
                    <ButtonLink href=format!("{base}/colleague") text="Send a colleague instead" kind=ButtonKind::Secondary/>
                    <ButtonLink href=format!("{base}/move") text="Move to another date" kind=ButtonKind::Secondary/>
                    <ButtonLink href=format!("{base}/cancel") text="Cancel this place" kind=ButtonKind::Warning/>
                </ButtonGroup>
            }
            .into_any()
        }
        Some(Live::Offered(_)) => {
            let (before, accept) = take_views(around, &base, "Accept the place");
            view! {
                {before}
                <ButtonGroup>
                    {accept}
                    <ButtonLink href=format!("{base}/cancel") text="Decline the place" kind=ButtonKind::Secondary/>
                </ButtonGroup>
            }
            .into_any()
        }
        Some(Live::Waiting(_)) => {
            let (before, take) = take_views(around, &base, "Take a place if one is free");
            let skip = around.is_office.then(|| {
                let href = format!("/office/bookings/{}/skip", details.booking.reference);
                view! { <ButtonLink href=href text="Move to the end of the list" kind=ButtonKind::Secondary/> }
            });
            view! {
                {before}
                <ButtonGroup>
                    {take}
                    {skip}
                    <ButtonLink href=format!("{base}/cancel") text="Leave the waiting list" kind=ButtonKind::Secondary/>
                </ButtonGroup>
            }
            .into_any()
        }
        Some(Live::Requested(_)) => {
            view! { <ButtonLink href=format!("{base}/cancel") text="Take the request back" kind=ButtonKind::Secondary/> }
                .into_any()
        }
        None if details.booking.state == BookingState::SessionCancelled => other_dates(&details.session),
        None => view! { <p class="govuk-body"><a class="govuk-link" href=session>"See the session"</a></p> }.into_any(),
    }
}

/// What taking a place would mean, and the button that does it; or why an offer cannot be accepted any more.
fn take_views(around: &Surroundings, base: &str, text: &'static str) -> (Option<AnyView>, Option<AnyView>) {
    match &around.taken {
        None => (None, None),
        Some(Err(refusal)) => (Some(view! { <p class="govuk-body">{format!("{refusal}.")}</p> }.into_any()), None),
        Some(Ok(taken)) => {
            let hidden = vec![shown_field(&taken.shown)];
            let button = view! { <PostButton action=format!("{base}/accept") text=text hidden=hidden/> }.into_any();
            (Some(if_taken_view(taken)), Some(button))
        }
    }
}

fn rows(details: &BookingDetails, around: &Surroundings) -> Vec<SummaryRow> {
    let booking = &details.booking;
    let mut rows = session_rows(&details.session);
    if !around.is_own {
        rows.insert(0, SummaryRow::new("Booked for", details.person_name.clone()));
    }
    if booking.state == BookingState::Booked {
        rows.extend(joining_rows(&details.session));
    }
    rows.push(SummaryRow::new("Reference", booking.reference.clone()));
    if let Some(lead) = details.booked_by_name.clone() {
        rows.push(SummaryRow::new("Booked by", lead));
    }
    if let Some(agency) = details.agency_name.clone().or_else(|| booking.agency_given.clone()) {
        rows.push(SummaryRow::new("Organisation", agency));
    }
    rows.push(SummaryRow::new("Job role", booking.job_role.clone()));
    rows.push(SummaryRow::new("Kind of work", person_kind_text(booking.person_kind)));
    if let Some(needs) = booking.access_needs.clone() {
        rows.push(SummaryRow::view("What you need", view! { <NotPrinted text=needs/> }));
    }
    rows
}

fn joining_rows(session: &SessionDetails) -> Vec<SummaryRow> {
    let mut rows = Vec::new();
    if session.mode == Mode::Online
        && let Some(link) = session.online_link.clone()
    {
        let href = link.clone();
        rows.push(SummaryRow::view("Join online", view! { <a class="govuk-link" href=href>{link}</a> }));
    }
    if let Some(venue) = session.venue.clone() {
        rows.push(SummaryRow::new("Address", format!("{}, {}", venue.address, venue.postcode)));
        if !venue.travel_notes.is_empty() {
            rows.push(SummaryRow::new("How to get there", venue.travel_notes));
        }
        if !venue.access_notes.is_empty() {
            rows.push(SummaryRow::new("Access", venue.access_notes));
        }
    }
    if !session.joining_instructions.trim().is_empty() {
        rows.push(SummaryRow::new("Before you come", session.joining_instructions.clone()));
    }
    rows
}
