//! One session as the office sees it: what is stored, what clashes, and what can be done.

use super::state_tag;
use crate::{
    audit::store::{Subject, audit_list},
    calendar::rules::{day_text, london_day, moment_text, short_moment_text, span_text},
    entity::audit,
    sessions::{
        rules::{Mode, SessionDetails, SessionId, SessionState, SessionTrainer, TrainerState, cancel_refusal, clashes},
        store,
    },
    web::{
        components::*,
        error::{PageError, PageResult},
        form::FormState,
        page::Page,
        visit::Visit,
    },
};
use axum::extract::Path;
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// GET /office/sessions/{id}
pub async fn office_session_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    office_session_again(visit, SessionId(id), FormState::default()).await
}

/// The session's page, with why it could not be published.
pub async fn office_session_again(visit: Visit, id: SessionId, form: FormState) -> PageResult {
    let details = store::session_details(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let warnings = warnings(&visit, &details).await?;
    let history = audit_list(Subject { kind: "session", id: id.0 }, visit.db()).await?;
    let now = visit.now;
    let title = format!("{}, {}", details.course_title, day_text(london_day(details.starts_at)));
    let page = Page::new(title).back("/office/sessions", "Sessions").form(form);
    Ok(visit.page(page, move || body(details, warnings, history, now)))
}

async fn warnings(visit: &Visit, details: &SessionDetails) -> Result<Vec<(Option<SessionId>, String)>, PageError> {
    let state = details.state(visit.now);
    if !matches!(state, SessionState::Draft | SessionState::Published | SessionState::Closed)
        || details.ends_at <= visit.now
    {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    let asked: Vec<_> = asked_trainers(details).map(|trainer| trainer.person).collect();
    let spans = details.spans();
    let others = store::other_dates(Some(details.id), &spans, visit.db()).await?;
    let venue = details.venue.as_ref().map(|venue| venue.id);
    found.extend(clashes(&spans, venue, &asked, &others).into_iter().map(|(id, text)| (Some(id), text)));
    if details.accepted_trainers().next().is_none() {
        found.push((None, "No trainer has accepted yet.".to_owned()));
    }
    if details.mode == Mode::Online && details.online_link.is_none() {
        found.push((None, "The link of the call is missing: people need it to join.".to_owned()));
    }
    if let (Some(minimum), Some(decided)) = (details.minimum, details.go_no_go_at)
        && details.held < minimum
    {
        let day = day_text(london_day(decided));
        found.push((None, format!("{} of at least {minimum} people have a place. Decide by {day}.", details.held)));
    }
    Ok(found)
}

fn asked_trainers(details: &SessionDetails) -> impl Iterator<Item = &SessionTrainer> {
    details.trainers.iter().filter(|trainer| matches!(trainer.state, TrainerState::Offered | TrainerState::Accepted))
}

fn body(
    details: SessionDetails,
    warnings: Vec<(Option<SessionId>, String)>,
    history: Vec<audit::Model>,
    now: DateTime<Utc>,
) -> AnyView {
    let id = details.id;
    let state = details.state(now);
    let (tag, colour) = state_tag(state);
    let warnings: Vec<_> = warnings
        .into_iter()
        .map(|(other, text)| {
            let link = other.map(|other| {
                view! { " "<a class="govuk-link" href=format!("/office/sessions/{other}")>"See that session"</a> }
            });
            view! { <InsetText>{text}{link}</InsetText> }
        })
        .collect();
    let cancelled = (state == SessionState::Cancelled).then(|| {
        let when = details.cancelled_at.map(|at| format!(" at {}", moment_text(at))).unwrap_or_default();
        let reason = details.cancelled_reason.clone().unwrap_or_default();
        view! { <WarningText text=format!("Cancelled{when}: {reason}")/> }
    });
    view! {
        <Heading text=details.course_title.clone() caption=day_text(london_day(details.starts_at))/>
        <p class="govuk-body"><Tag text=tag colour=colour/></p>
        {cancelled}
        {warnings}
        {actions(&details, state, now)}
        <SummaryList rows=facts(&details)/>
        <Heading text="Bookings" level=2 size=Size::M/>
        <p class="govuk-body">
            {format!("{} of {} places are taken, {}. ", details.held, details.capacity, waiting_text(details.waiting))}
            <a class="govuk-link" href=format!("/office/bookings?session={id}")>"See the bookings"</a>
            {(state != SessionState::Draft).then(|| view! {
                ", "<a class="govuk-link" href=format!("/training/sessions/{id}")>"who is coming, and the register"</a>
            })}
        </p>
        {history_view(history)}
    }
    .into_any()
}

fn facts(details: &SessionDetails) -> Vec<SummaryRow> {
    let edit = format!("/office/sessions/{}/edit", details.id);
    let dates: Vec<_> =
        details.dates.iter().map(|date| view! { <li>{span_text(date.starts_at, date.ends_at)}</li> }).collect();
    let place = match (details.mode, &details.venue) {
        (Mode::Online, _) => format!("Online: {}", details.online_link.as_deref().unwrap_or("the link is missing")),
        (Mode::Venue, Some(venue)) => format!("{}, {}", venue.name, venue.postcode),
        (Mode::Venue, None) => "No venue chosen".to_owned(),
    };
    let trainers: Vec<_> = details
        .trainers
        .iter()
        .map(|trainer| {
            let answer = match trainer.state {
                TrainerState::Offered => "asked, no answer yet",
                TrainerState::Accepted => "accepted",
                TrainerState::Declined => "declined",
                TrainerState::Withdrawn => "no longer asked",
            };
            view! { <li>{format!("{}: {answer}", trainer.name)}</li> }
        })
        .collect();
    let trainers = if trainers.is_empty() {
        "Nobody asked yet".into_any()
    } else {
        view! { <ul class="govuk-list">{trainers}</ul> }.into_any()
    };
    let mut rows = vec![
        SummaryRow::view("Dates", view! { <ul class="govuk-list">{dates}</ul> }).change(edit.clone()),
        SummaryRow::new("Where", place).change(edit.clone()),
        SummaryRow::view("Trainers", trainers).change(edit.clone()),
        SummaryRow::new("Places", details.capacity.to_string())
            .change(edit.clone())
            .action(format!("/office/sessions/{}/reserved", details.id), "Reserved places"),
        SummaryRow::new("Booking opens", moment_text(details.booking_opens_at)).change(edit.clone()),
        SummaryRow::new(
            "Booking closes",
            if details.booking_closes_at == details.starts_at {
                "When the session starts".to_owned()
            } else {
                moment_text(details.booking_closes_at)
            },
        )
        .change(edit),
    ];
    if let Some(minimum) = details.minimum {
        rows.push(SummaryRow::new("Minimum", minimum.to_string()));
    }
    if details.needs_approval {
        rows.push(SummaryRow::new("Approval", "The office approves each booking"));
    }
    if let Some(moved) = details.moved_at {
        rows.push(SummaryRow::new("Changed for people with a place", moment_text(moved)));
    }
    rows
}

fn actions(details: &SessionDetails, state: SessionState, now: DateTime<Utc>) -> AnyView {
    let id = details.id;
    let can_change = matches!(state, SessionState::Draft | SessionState::Published | SessionState::Closed);
    let can_cancel = cancel_refusal(details, now).is_none();
    let publish = (state == SessionState::Draft).then(|| {
        let hidden = vec![("version".to_owned(), details.version.to_string())];
        view! { <PostButton action=format!("/office/sessions/{id}/publish") text="Publish" hidden=hidden/> }
    });
    let archive = matches!(state, SessionState::Delivered | SessionState::Cancelled).then(|| {
        view! {
            <PostButton action=format!("/office/sessions/{id}/archive") text="Archive" kind=ButtonKind::Warning asks="The session leaves the lists. Its register, charges and figures stay."/>
        }
    });
    view! {
        <ButtonGroup>
            {publish}
            {can_change.then(|| view! {
                <ButtonLink href=format!("/office/sessions/{id}/edit") text="Change" kind=ButtonKind::Secondary/>
            })}
            <ButtonLink href=format!("/office/sessions/new?copy={id}") text="Copy to a new date" kind=ButtonKind::Secondary/>
            {archive}
            {can_cancel.then(|| view! {
                <a class="govuk-link" href=format!("/office/sessions/{id}/cancel")>"Cancel this session"</a>
            })}
            {(!matches!(state, SessionState::Draft | SessionState::Archived)).then(|| view! {
                <a class="govuk-link" href=format!("/sessions/{id}")>"See it as visitors do"</a>
            })}
        </ButtonGroup>
    }
    .into_any()
}

fn waiting_text(waiting: i32) -> String {
    match waiting {
        0 => "nobody waits".to_owned(),
        1 => "1 person waits".to_owned(),
        waiting => format!("{waiting} people wait"),
    }
}

fn history_view(history: Vec<audit::Model>) -> Option<AnyView> {
    if history.is_empty() {
        return None;
    }
    let items: Vec<_> = history
        .into_iter()
        .map(|row| view! { <li>{format!("{}: {}", short_moment_text(row.at), row.sentence)}</li> })
        .collect();
    Some(
        view! {
            <Details summary="What happened so far"><ul class="govuk-list">{items}</ul></Details>
        }
        .into_any(),
    )
}
