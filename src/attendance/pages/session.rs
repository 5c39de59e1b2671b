//! One session as its trainers see it.

use super::{register_address, trained_session};
use crate::{
    attendance::{
        rules::{NEEDS_FORGOTTEN_AFTER, NEEDS_SHOWN_BEFORE, RegisterState, register_state},
        store::{RegisterPerson, session_people},
    },
    calendar::rules::{moment_text, span_text},
    entity::session,
    sessions::rules::{Mode, SessionDetails, SessionId, SessionStatus},
    surveys::store::times_of,
    web::{components::*, error::PageResult, page::Page, visit::Visit},
};
use axum::extract::Path;
use chrono::{DateTime, Utc};
use fast_qr::qr::QRBuilder;
use leptos::prelude::*;
use sea_orm::EntityTrait;

/// The code that the trainer shows in the room, and until when it counts.
#[derive(Clone)]
struct RoomCode {
    code: Option<String>,
    link: String,
    opens: DateTime<Utc>,
    is_over: bool,
}

/// GET /training/sessions/{id}
pub async fn session_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let id = SessionId(id);
    let details = trained_session(&visit, id).await?;
    let people = session_people(id, None, visit.db()).await?;
    let row = session::Entity::find_by_id(id).one(visit.db()).await?;
    let room = row.map(|row| {
        let times = times_of(&row);
        RoomCode {
            link: format!("{}/answer", visit.app.config.public_url),
            opens: times.after_opens(),
            is_over: visit.now >= times.after_closes(),
            code: row.after_code,
        }
    });
    // Access needs are for those who arrange the room, and only once the date is near.
    let shows_needs = visit.viewer.is_office() || visit.now >= details.starts_at - NEEDS_SHOWN_BEFORE;
    let shows_needs = shows_needs && visit.now < details.ends_at + NEEDS_FORGOTTEN_AFTER;
    let now = visit.now;
    let page = Page::new(details.course_title.clone()).back("/training", "My sessions");
    Ok(visit.page(page, move || session_view(details, people, room, shows_needs, now)))
}

fn session_view(
    details: SessionDetails,
    people: Vec<RegisterPerson>,
    room: Option<RoomCode>,
    shows_needs: bool,
    now: DateTime<Utc>,
) -> AnyView {
    let id = details.id;
    let is_cancelled = details.status == SessionStatus::Cancelled;
    let count = people.len();
    let walked_in = people.iter().filter(|person| person.walk_in).count();
    let mut facts: Vec<SummaryRow> = Vec::new();
    facts.push(SummaryRow::new("When", dates_text(&details)));
    facts.push(SummaryRow::new("Where", where_text(&details)));
    if let (Mode::Online, Some(link)) = (details.mode, details.online_link.clone()) {
        facts.push(SummaryRow::view(
            "Link of the call",
            view! { <a class="govuk-link" href=link.clone()>{link.clone()}</a> },
        ));
    }
    facts.push(SummaryRow::new("Coming", coming_text(count, walked_in, details.capacity)));
    let trainers: Vec<String> = details.accepted_trainers().map(|trainer| trainer.name.clone()).collect();
    facts.push(SummaryRow::new("Trainers", trainers.join(", ")));
    let list_href = format!("/training/sessions/{id}/list");
    view! {
        <Heading text=details.course_title.clone() caption="Session"/>
        {is_cancelled.then(|| view! {
            <WarningText text="This session was cancelled. Everybody was told, and there is no register."/>
        })}
        <SummaryList rows=facts/>
        {(!is_cancelled).then(|| registers_view(&details, now))}
        {(!is_cancelled).then(|| room.map(|room| room_view(id, room)))}
        {(!is_cancelled && now >= details.ends_at).then(|| view! {
            <Heading text="How it went" level=2 size=Size::M/>
            <p class="govuk-body">
                <a class="govuk-link" href=format!("/training/sessions/{id}/gain")>"How confidence changed in this session"</a>
            </p>
        })}
        <Heading text="Who is coming" level=2 size=Size::M/>
        {if people.is_empty() {
            view! {
                <EmptyState heading="Nobody has booked yet" level=3>
                    <p class="govuk-body">"Names appear here as people book. People who come without a place are added on the register."</p>
                </EmptyState>
            }.into_any()
        } else {
            view! {
                <PeopleTable people caption="Who is coming" shows_needs/>
                <p class="govuk-body"><a class="govuk-link" href=list_href>"Printable list"</a></p>
            }.into_any()
        }}
    }
    .into_any()
}

fn dates_text(details: &SessionDetails) -> String {
    let dates: Vec<String> = details.dates.iter().map(|date| span_text(date.starts_at, date.ends_at)).collect();
    dates.join("; ")
}

fn where_text(details: &SessionDetails) -> String {
    match (&details.venue, details.mode) {
        (Some(venue), Mode::Venue) => {
            format!("{}, {}, {}", venue.name, venue.address.replace('\n', ", "), venue.postcode)
        }
        (_, Mode::Online) => "Online".to_owned(),
        (None, Mode::Venue) => "The venue is not fixed yet".to_owned(),
    }
}

fn coming_text(count: usize, walked_in: usize, capacity: i32) -> String {
    let booked = count - walked_in;
    match walked_in {
        0 => format!("{booked} of {capacity} places"),
        walked_in => format!("{booked} of {capacity} places, and {walked_in} walked in"),
    }
}

fn registers_view(details: &SessionDetails, now: DateTime<Utc>) -> impl IntoView {
    let id = details.id;
    let several = details.dates.len() > 1;
    let rows: Vec<_> = details
        .dates
        .iter()
        .zip(1..)
        .map(|(date, position)| {
            let state = register_state(date.starts_at, date.submitted_at, date.locked_at, now);
            let (text, is_open) = match state {
                RegisterState::NotYetOpen(opens) => (format!("Opens at {}", moment_text(opens)), false),
                RegisterState::Open => ("Open".to_owned(), true),
                RegisterState::Submitted(until) => {
                    (format!("Submitted. It can be corrected until {}", moment_text(until)), true)
                }
                RegisterState::Locked => ("Locked. The office corrects it".to_owned(), true),
            };
            let label = if several { format!("Register of date {position}") } else { "Register".to_owned() };
            let href = register_address(id, position);
            view! {
                <p class="govuk-body">{text}"."</p>
                {is_open.then(|| match state {
                    RegisterState::Open => view! { <ButtonLink href text=format!("Open the {}", label.to_lowercase())/> }.into_any(),
                    _ => view! { <p class="govuk-body"><a class="govuk-link" href=href>{label}</a></p> }.into_any(),
                })}
            }
        })
        .collect();
    view! { <Heading text="Register" level=2 size=Size::M/> {rows} }
}

fn room_view(id: SessionId, room: RoomCode) -> impl IntoView {
    let action = format!("/training/sessions/{id}/code");
    let body = match room.code {
        _ if room.is_over => view! { <p class="govuk-body">"The survey after this session has closed."</p> }.into_any(),
        None => view! {
            <p class="govuk-body">"People answer the survey after the session by their own link, or with a code that you show in the room or in the chat."</p>
            <PostButton action text="Make the code" kind=ButtonKind::Secondary/>
        }
        .into_any(),
        Some(code) => {
            let address = room.link.trim_start_matches("https://").trim_start_matches("http://").to_owned();
            view! {
                <p class="govuk-body">
                    "Show this when the session ends. It works from " {moment_text(room.opens)} ", for 21 days."
                </p>
                <div class="room-code">
                    <p class="room-code__code">{code}</p>
                    <p class="room-code__link">"Enter it at "<a class="govuk-link" href="/answer">{address}</a></p>
                    {qr_code(&room.link)}
                </div>
            }
            .into_any()
        }
    };
    view! { <Heading text="Survey after the session" level=2 size=Size::M/> {body} }
}

/// The address as a QR code, drawn as one path. Nothing where the address is too long for one.
fn qr_code(address: &str) -> Option<impl IntoView + use<>> {
    /// White around the code, in modules, without which scanners do not find it.
    const MARGIN: usize = 4;
    let code = QRBuilder::new(address).build().ok()?;
    let mut path = String::new();
    for row in 0..code.size {
        for column in 0..code.size {
            if code[row][column].value() {
                path.push_str(&format!("M{},{}h1v1h-1z", column + MARGIN, row + MARGIN));
            }
        }
    }
    let side = code.size + 2 * MARGIN;
    let view_box = format!("0 0 {side} {side}");
    Some(view! {
        <svg class="room-code__qr" viewBox=view_box role="img" aria-label="QR code of the address" xmlns="http://www.w3.org/2000/svg">
            <rect width=side.to_string() height=side.to_string() fill="#fff"/>
            <path d=path fill="#000" shape-rendering="crispEdges"/>
        </svg>
    })
}

/// Names with where people work; access needs only where they may be seen.
#[component]
fn PeopleTable(people: Vec<RegisterPerson>, #[prop(into)] caption: String, shows_needs: bool) -> impl IntoView {
    let any_needs = shows_needs && people.iter().any(|person| person.access_needs.is_some());
    let mut head = vec![Head::text("Name"), Head::text("Agency"), Head::text("Job role")];
    if any_needs {
        head.push(Head::text("Access needs"));
    }
    let rows = people
        .into_iter()
        .map(|person| {
            let name = if person.walk_in { format!("{} (walked in)", person.name) } else { person.name };
            let mut row = vec![
                Cell::text(name),
                Cell::text(person.agency.unwrap_or_else(|| "Not known".into())),
                Cell::text(person.job_role),
            ];
            if any_needs {
                let needs = person.access_needs.unwrap_or_else(|| "None".into());
                row.push(Cell::view(view! { <NotPrinted text=needs/> }));
            }
            row
        })
        .collect();
    view! { <Table caption head rows caption_hidden=true stacked=true/> }
}

/// GET /training/sessions/{id}/list: for paper, so without anybody's access needs.
pub async fn list_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let id = SessionId(id);
    let details = trained_session(&visit, id).await?;
    let people = session_people(id, None, visit.db()).await?;
    let page =
        Page::new(format!("{}: list", details.course_title)).back(format!("/training/sessions/{id}"), "The session");
    Ok(visit.page(page, move || {
        let when = dates_text(&details);
        let head = vec![Head::text("Name"), Head::text("Agency"), Head::text("Job role"), Head::text("Signature")];
        let rows: Vec<Vec<Cell>> = people
            .into_iter()
            .map(|person| {
                vec![
                    Cell::text(person.name),
                    Cell::text(person.agency.unwrap_or_default()),
                    Cell::text(person.job_role),
                    Cell::text(""),
                ]
            })
            .collect();
        let count = rows.len();
        view! {
            <Heading text=details.course_title.clone() caption="List of people with a place"/>
            <p class="govuk-body">{when}</p>
            <p class="govuk-body">{where_text(&details)}</p>
            {if rows.is_empty() {
                view! { <EmptyState heading="Nobody has booked yet">"Come back when people have booked, then print this page."</EmptyState> }.into_any()
            } else {
                view! { <Table caption=people_text(count as u64) head rows/> }.into_any()
            }}
        }
        .into_any()
    }))
}
