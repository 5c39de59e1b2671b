//! One session as everybody sees it: when, where, who trains, what is left, and until when it can be cancelled.

use crate::{
    accounts::rules::{PersonId, PersonKind, Role},
    agencies::store::memberships_current,
    bookings::{
        rules::{BookingState, last_day_kept},
        store::{ReservedLine, arrangements_kept, kept_for_agency, reserved_lines},
    },
    calendar::{
        notice::or_grace,
        rules::{day_text, london_day, moment_text, span_text},
    },
    charges::rules::charge_sentence_until,
    entity::session,
    server::database::Database,
    sessions::{
        rules::{BookingDoor, Mode, SessionDetails, SessionId, SessionStatus, Venue},
        store::{self, SessionTerms},
    },
    web::{
        components::*,
        error::{PageError, PageResult},
        page::Page,
        visit::Visit,
    },
};
use axum::extract::Path;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use sea_orm::{DbErr, EntityTrait};

/// What the viewer has to do with the session.
struct Standing {
    booking: Option<(String, BookingState)>,
    kind: PersonKind,
    is_office: bool,
    is_lead: bool,
    /// Free places that are kept for the viewer's agency.
    kept: i32,
}

/// What everybody sees on one day.
#[derive(Clone)]
struct Shown {
    details: SessionDetails,
    terms: SessionTerms,
    /// Places that are still reserved.
    reserved: Vec<ReservedLine>,
}

async fn shown_load(id: SessionId, now: DateTime<Utc>, database: &Database) -> Result<Option<Shown>, DbErr> {
    let db = database.reader();
    let kept = arrangements_kept(id, now, database, db).await?;
    let Some(arrangements) = Option::as_ref(&kept) else { return Ok(None) };
    let Some(row) = session::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let (details, terms) = (arrangements.details_of(&row), arrangements.terms());
    if details.status == SessionStatus::Draft {
        return Ok(None);
    }
    let mut reserved = if details.reserved > 0 { reserved_lines(id, db).await? } else { Vec::new() };
    reserved.retain(|line| line.row.released_at.is_none() && line.row.taken < line.row.places);
    Ok(Some(Shown { details, terms, reserved }))
}

/// GET /sessions/{id}
pub async fn session_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let page_key = format!("{id} on {}", london_day(visit.now));
    let shown = visit.app.db.kept(page_key, shown_load(SessionId(id), visit.now, &visit.app.db)).await?;
    let Shown { details, terms, reserved } = Option::clone(&shown).ok_or(PageError::NotFound)?;
    let standing = match visit.viewer.person() {
        None => Standing { booking: None, kind: PersonKind::Employed, is_office: false, is_lead: false, kept: 0 },
        Some(person) => Standing {
            booking: store::live_booking_of(details.id, person.id, visit.db()).await?,
            kind: store::person_kind(person.id, visit.db()).await?.unwrap_or(PersonKind::Employed),
            is_office: person.has_role(Role::Administrator),
            is_lead: person.has_role(Role::TrainingLead),
            kept: kept_for_person(&details, person.id, &visit).await?,
        },
    };
    let now = visit.now;
    let title = format!("{}, {}", details.course_title, day_text(london_day(details.starts_at)));
    let page = Page::new(title).back(format!("/courses/{}", details.course_slug), details.course_title.clone());
    Ok(visit.page(page, move || session_body(details, terms, standing, reserved, now)))
}

/// How many free places are kept for an agency at which somebody's work is confirmed.
async fn kept_for_person(details: &SessionDetails, person: PersonId, visit: &Visit) -> Result<i32, PageError> {
    if details.reserved == 0 {
        return Ok(0);
    }
    let Some(row) = session::Entity::find_by_id(details.id).one(visit.db()).await? else { return Ok(0) };
    let mut most = 0;
    for (membership, _) in memberships_current(person, london_day(visit.now), visit.db()).await? {
        if membership.confirmed_at.is_some() {
            most = most.max(kept_for_agency(&row, Some(membership.agency_id), visit.db()).await?.1.free);
        }
    }
    Ok(most)
}

fn session_body(
    details: SessionDetails,
    terms: SessionTerms,
    standing: Standing,
    reserved: Vec<ReservedLine>,
    now: DateTime<Utc>,
) -> AnyView {
    let door = details.door(now);
    let mut rows = vec![SummaryRow::view(if details.dates.len() == 1 { "When" } else { "Dates" }, dates(&details))];
    rows.push(SummaryRow::view("Where", place(&details)));
    let trainers: Vec<String> = details.accepted_trainers().map(|trainer| trainer.name.clone()).collect();
    if !trainers.is_empty() {
        rows.push(SummaryRow::new(if trainers.len() == 1 { "Trainer" } else { "Trainers" }, trainers.join(", ")));
    }
    if let Some(text) = places_text(&details, door) {
        rows.push(SummaryRow::new("Places", text));
    }
    if matches!(door, BookingDoor::Open { .. } | BookingDoor::WaitingList { .. } | BookingDoor::NotYetOpen(_)) {
        rows.extend(reserved.into_iter().map(|line| {
            let left = line.row.places - line.row.taken;
            let until = day_text(last_day_kept(line.row.release_at));
            let text = match left {
                1 => format!("1 place is reserved for {} until the end of {until}", line.who),
                left => format!("{left} places are reserved for {} until the end of {until}", line.who),
            };
            SummaryRow::new("Reserved", text)
        }));
        if let BookingDoor::NotYetOpen(opens) = door {
            rows.push(SummaryRow::new("Booking opens", moment_text(opens)));
        }
        if details.booking_closes_at < details.starts_at {
            rows.push(SummaryRow::new("Booking closes", moment_text(details.booking_closes_at)));
        }
        rows.extend(cancel_rows(&details, &terms, standing.kind, now));
        if details.needs_approval {
            rows.push(SummaryRow::new("Approval", "The training team confirms each booking"));
        }
    }
    let moved = details.moved_at.filter(|_| now < details.starts_at && details.status == SessionStatus::Published).map(|at| {
        view! {
            <InsetText>
                {format!(
                    "The date, time or place was changed on {}. Whoever had a place then can cancel free of charge until the start.",
                    day_text(london_day(at)),
                )}
            </InsetText>
        }
    });
    let course_href = format!("/courses/{}", details.course_slug);
    let office = standing.is_office.then(|| {
        let href = format!("/office/sessions/{}", details.id);
        view! { <p class="govuk-body"><a class="govuk-link" href=href>"Manage this session"</a></p> }
    });
    let can_be_booked = matches!(door, BookingDoor::Open { .. } | BookingDoor::WaitingList { .. });
    let staff = (standing.is_lead && can_be_booked).then(|| {
        let href = format!("/agency/sessions/{}/book", details.id);
        view! { <p class="govuk-body"><a class="govuk-link" href=href>"Book for your staff"</a></p> }
    });
    view! {
        <Heading text=details.course_title.clone() caption=day_text(london_day(details.starts_at))/>
        {moved}
        {panel(&details, &standing, door)}
        {staff}
        <SummaryList rows=rows/>
        <p class="govuk-body">
            <a class="govuk-link" href=course_href>"What the course teaches and who it is for"</a>
        </p>
        {office}
    }
    .into_any()
}

/// What the viewer can do now.
fn panel(details: &SessionDetails, standing: &Standing, door: BookingDoor) -> AnyView {
    let id = details.id;
    if let Some((reference, state)) = &standing.booking
        && details.status == SessionStatus::Published
    {
        let text = match state {
            BookingState::Waitlisted => "You are on the waiting list for this session.",
            BookingState::Offered => "A place has become free for you: accept it before the offer ends.",
            BookingState::Requested => "You have asked for a place. It waits for approval.",
            _ => "You have a place on this session.",
        };
        let href = format!("/bookings/{reference}");
        return view! {
            <InsetText>{text}" "<a class="govuk-link" href=href>"See your booking"</a></InsetText>
        }
        .into_any();
    }
    let book = format!("/sessions/{id}/book");
    let others = format!("/courses/{}", details.course_slug);
    let other_dates = move || view! { <a class="govuk-link" href=others>"See other dates"</a> };
    match door {
        BookingDoor::WaitingList { .. } if standing.kept > 0 => view! {
            <p class="govuk-body">{match standing.kept {
                1 => "1 place is kept for your organisation.".to_owned(),
                kept => format!("{kept} places are kept for your organisation."),
            }}</p>
            <ButtonLink href=book text="Book a reserved place"/>
        }
        .into_any(),
        BookingDoor::Open { .. } => view! { <ButtonLink href=book text="Book a place"/> }.into_any(),
        BookingDoor::WaitingList { waiting } => {
            let text = match waiting {
                0 => "This session is full. If you join the waiting list, you are offered the next place that becomes free. Waiting is never charged.".to_owned(),
                1 => "This session is full and 1 person is waiting. Freed places are offered in the order of the list. Waiting is never charged.".to_owned(),
                waiting => format!("This session is full and {waiting} people are waiting. Freed places are offered in the order of the list. Waiting is never charged."),
            };
            view! {
                <p class="govuk-body">{text}</p>
                <ButtonGroup>
                    <ButtonLink href=book text="Join the waiting list"/>
                    {other_dates()}
                </ButtonGroup>
            }
            .into_any()
        }
        BookingDoor::NotYetOpen(opens) => {
            let text = format!("Booking opens at {}. ", moment_text(opens));
            view! { <InsetText>{text}{other_dates()}</InsetText> }.into_any()
        }
        BookingDoor::Closed => {
            view! { <InsetText>"Booking for this session has closed. "{other_dates()}</InsetText> }.into_any()
        }
        BookingDoor::Started | BookingDoor::Hidden => {
            view! { <InsetText>"This session has already begun or is over. "{other_dates()}</InsetText> }.into_any()
        }
        BookingDoor::Cancelled => {
            let reason = details.cancelled_reason.clone().filter(|reason| !reason.is_empty());
            let text = match reason {
                Some(reason) => format!("This session was cancelled: {reason}"),
                None => "This session was cancelled.".to_owned(),
            };
            view! {
                <WarningText text=text/>
                <p class="govuk-body">"Nobody is charged for it. "{other_dates()}</p>
            }
            .into_any()
        }
    }
}

fn dates(details: &SessionDetails) -> AnyView {
    let items: Vec<_> =
        details.dates.iter().map(|date| view! { <li>{span_text(date.starts_at, date.ends_at)}</li> }).collect();
    view! { <ul class="govuk-list">{items}</ul> }.into_any()
}

fn place(details: &SessionDetails) -> AnyView {
    match (details.mode, &details.venue) {
        (Mode::Online, _) => "Online. You see the link once you have a place.".into_any(),
        (Mode::Venue, None) => "The venue is announced later.".into_any(),
        (Mode::Venue, Some(venue)) => venue_view(venue),
    }
}

fn venue_view(venue: &Venue) -> AnyView {
    let lines: Vec<_> = [venue.name.as_str()]
        .into_iter()
        .chain(venue.address.lines())
        .chain([venue.postcode.as_str()])
        .filter(|line| !line.trim().is_empty())
        .map(|line| view! { <li>{line.to_owned()}</li> })
        .collect();
    let note = |label: &'static str, text: &str| {
        let text = text.trim().to_owned();
        (!text.is_empty()).then(|| view! { <p class="govuk-body"><strong>{label}</strong>" "{text}</p> })
    };
    view! {
        <ul class="govuk-list">{lines}</ul>
        {note("Getting there:", &venue.travel_notes)}
        {note("Access:", &venue.access_notes)}
    }
    .into_any()
}

fn places_text(details: &SessionDetails, door: BookingDoor) -> Option<String> {
    let of = format!("of {}", details.capacity);
    match door {
        BookingDoor::Open { free: 1 } => Some(format!("1 place left {of}")),
        BookingDoor::Open { free } => Some(format!("{free} places left {of}")),
        BookingDoor::WaitingList { waiting } => {
            Some(format!("Full, {waiting} on the waiting list ({} places)", details.capacity))
        }
        BookingDoor::NotYetOpen(_) => Some(format!("{} places", details.capacity)),
        BookingDoor::Closed | BookingDoor::Started | BookingDoor::Cancelled | BookingDoor::Hidden => None,
    }
}

/// Until when a place booked now could be given back, and what happens after that.
fn cancel_rows(
    details: &SessionDetails,
    terms: &SessionTerms,
    kind: PersonKind,
    now: DateTime<Utc>,
) -> Vec<SummaryRow> {
    let (Some(policy), Some(Ok(cut_off))) = (terms.policy, terms.cancel_by(details.starts_at)) else {
        return Vec::new();
    };
    let printed = or_grace(cut_off, now, details.starts_at);
    let cancel = if printed == cut_off {
        format!("Until {}", moment_text(cut_off))
    } else {
        "The usual time for cancelling has passed or is close. If you book now, you can still cancel free of charge for 24 hours, at most until the start."
            .to_owned()
    };
    let mut rows = vec![SummaryRow::new("Cancel free of charge", cancel)];
    let charge = if terms.suspended {
        "Charging is suspended on this day: nobody is charged for this session.".to_owned()
    } else {
        charge_sentence_until(&policy, printed, kind)
    };
    rows.push(SummaryRow::new("Charge", charge));
    rows
}
