//! The register of one date, and the question before it is submitted.

use super::trained_session;
use crate::{
    attendance::{
        islands::{RegisterIsland, RegisterSheet, SHEET_ID, SheetPerson},
        rules::{Mark, RegisterState},
        store::{Marker, Register, register_load},
    },
    calendar::rules::{moment_text, span_text},
    sessions::rules::{SessionDetails, SessionId, SessionStatus},
    web::{
        components::*,
        error::{PageError, PageResult},
        form::FormState,
        page::Page,
        visit::Visit,
    },
};
use axum::extract::Path;
use leptos::prelude::*;

/// The register's address.
pub(in crate::attendance) fn register_address(session: SessionId, position: i32) -> String {
    format!("/training/sessions/{session}/register/{position}")
}

/// Who marks here.
pub(in crate::attendance) fn marker_of(visit: &Visit) -> Result<Marker, PageError> {
    Ok(Marker { by: visit.person()?.id, is_office: visit.viewer.is_office() })
}

/// GET /training/sessions/{id}/register: the register that is due, which is the first that was not submitted.
pub async fn register_now(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let details = trained_session(&visit, SessionId(id)).await?;
    let last = i32::try_from(details.dates.len()).unwrap_or(1).max(1);
    let due = details.dates.iter().zip(1..).find(|(date, _)| date.submitted_at.is_none());
    let position = due.map_or(last, |(_, position)| position);
    visit.see_other(register_address(details.id, position))
}

/// GET /training/sessions/{id}/register/{position}
pub async fn register_page(visit: Visit, Path((id, position)): Path<(i64, i32)>) -> PageResult {
    show_register(visit, SessionId(id), position, FormState::default()).await
}

/// The register with what was typed and what is wrong with it.
pub async fn show_register(visit: Visit, id: SessionId, position: i32, form: FormState) -> PageResult {
    let details = trained_session(&visit, id).await?;
    if details.status == SessionStatus::Cancelled {
        return Err(PageError::Conflict("This session was cancelled, so it has no register.".into()));
    }
    let register = register_load(id, position, visit.db()).await?.ok_or(PageError::NotFound)?;
    let state = register.state(visit.now);
    let marker = marker_of(&visit)?;
    let sheet = sheet_of(&visit, &register, state, marker, &form)?;
    let for_browser = serde_json::to_string(&sheet).map_err(|error| PageError::Failed(error.to_string()))?;
    let page = Page::new(format!("Register: {}", details.course_title))
        .back(format!("/training/sessions/{id}"), "The session")
        .form(form);
    Ok(visit.page(page, move || register_view(details, register, state, marker, sheet, for_browser)))
}

fn sheet_of(
    visit: &Visit,
    register: &Register,
    state: RegisterState,
    marker: Marker,
    form: &FormState,
) -> Result<RegisterSheet, PageError> {
    let people = register.people.iter().map(|person| {
        let typed = Mark::from_word(form.value(&format!("mark-{}", person.booking)));
        let minutes = format!("minutes-{}", person.booking);
        SheetPerson {
            booking: person.booking.0,
            name: person.name.clone(),
            detail: detail_text(person.agency.as_deref(), &person.job_role),
            walk_in: person.walk_in,
            mark: typed.unwrap_or(person.mark),
            minutes: match form.holds(&minutes) {
                true => form.value(&minutes).to_owned(),
                false => person.minutes_late.map_or_else(String::new, |minutes| minutes.to_string()),
            },
            error: form.error(&minutes).unwrap_or_default().to_owned(),
        }
    });
    let has_started = visit.now >= register.date.starts_at;
    Ok(RegisterSheet {
        date: register.date.id.0,
        action: register_address(register.date.session_id, register.date.position),
        request_id: visit.new_request_id()?,
        can_write: match state {
            RegisterState::NotYetOpen(_) => false,
            RegisterState::Locked => marker.is_office,
            RegisterState::Open | RegisterState::Submitted(_) => true,
        },
        can_add: matches!(state, RegisterState::Open | RegisterState::Submitted(_)),
        is_office: marker.is_office,
        needs_reason: state == RegisterState::Locked && marker.is_office,
        reason: form.value("reason").to_owned(),
        submitted: register.date.submitted_at.is_some(),
        submit_from: if has_started { String::new() } else { moment_text(register.date.starts_at) },
        submit_in_seconds: u64::try_from((register.date.starts_at - visit.now).num_seconds() + 1).unwrap_or(0),
        people: people.collect(),
    })
}

/// Where somebody works and what they do.
pub(in crate::attendance) fn detail_text(agency: Option<&str>, job_role: &str) -> String {
    match (agency, job_role) {
        (Some(agency), "") => agency.to_owned(),
        (Some(agency), role) => format!("{role}, {agency}"),
        (None, role) => role.to_owned(),
    }
}

fn register_view(
    details: SessionDetails,
    register: Register,
    state: RegisterState,
    marker: Marker,
    sheet: RegisterSheet,
    for_browser: String,
) -> AnyView {
    let id = details.id;
    let position = register.date.position;
    let span = span_text(register.date.starts_at, register.date.ends_at);
    let notice = match state {
        RegisterState::NotYetOpen(opens) => Some(format!("The register opens at {}.", moment_text(opens))),
        RegisterState::Open => None,
        RegisterState::Submitted(until) => {
            Some(format!("The register was submitted. You can correct it until {}.", moment_text(until)))
        }
        RegisterState::Locked if marker.is_office => {
            Some("The register is locked. Corrections need a reason, and charges follow them.".to_owned())
        }
        RegisterState::Locked => Some("The register is locked. Ask the office to correct it.".to_owned()),
    };
    let can_lock = marker.is_office && matches!(state, RegisterState::Submitted(_));
    let lock = format!("{}/lock", register_address(id, position));
    let tabs: Vec<NavItem> = (1..)
        .zip(&details.dates)
        .map(|(number, _)| NavItem::new(register_address(id, number), format!("Date {number}"), number == position))
        .collect();
    provide_context(sheet);
    view! {
        <Heading text="Register" caption=details.course_title.clone()/>
        <p class="govuk-body">{span}</p>
        {(tabs.len() > 1).then(|| view! { <TabsNav label="Dates" items=tabs/> })}
        {notice.map(|notice| view! { <InsetText>{notice}</InsetText> })}
        <div id=SHEET_ID data-sheet=for_browser hidden></div>
        <RegisterIsland/>
        {can_lock.then(|| view! {
            <PostButton action=lock text="Lock the register" kind=ButtonKind::Warning asks="Trainers cannot change it any more. The office can, with a reason."/>
        })}
    }
    .into_any()
}

/// GET /training/sessions/{id}/register/{position}/submit: asks what to do about people without a mark.
pub async fn submit_page(visit: Visit, Path((id, position)): Path<(i64, i32)>) -> PageResult {
    show_submit(visit, SessionId(id), position, FormState::default()).await
}

/// The question with what is wrong with the answer.
pub(in crate::attendance) async fn show_submit(
    visit: Visit,
    id: SessionId,
    position: i32,
    form: FormState,
) -> PageResult {
    let details = trained_session(&visit, id).await?;
    let register = register_load(id, position, visit.db()).await?.ok_or(PageError::NotFound)?;
    let address = register_address(id, position);
    let names: Vec<String> = register
        .people
        .iter()
        .filter(|person| person.mark == Mark::Unmarked)
        .map(|person| person.name.clone())
        .collect();
    let page = Page::new("Submit the register").back(address.clone(), "The register").form(form);
    Ok(visit.page(page, move || {
        let count = names.len();
        let names: Vec<_> = names.into_iter().map(|name| view! { <li>{name}</li> }).collect();
        let options = vec![
            Choice::new(Mark::DidNotAttend.word(), "They did not attend")
                .hint("Their employers may be charged. The office decides."),
            Choice::new(Mark::Unmarked.word(), "I do not know").hint("They stay without a mark. Nobody is charged."),
        ];
        view! {
            <Heading text="Submit the register" caption=details.course_title.clone()/>
            <PostForm action=format!("{address}/submit")>
                {if count == 0 {
                    view! { <p class="govuk-body">"Everybody has a mark."</p> }.into_any()
                } else {
                    view! {
                        <p class="govuk-body">
                            {if count == 1 { "1 person has no mark:".to_owned() } else { format!("{count} people have no mark:") }}
                        </p>
                        <ul class="govuk-list govuk-list--bullet">{names}</ul>
                        <Radios legend="What shall the register say about them?" name="rest" options/>
                    }.into_any()
                }}
                <Button text="Submit the register"/>
            </PostForm>
        }
        .into_any()
    }))
}
