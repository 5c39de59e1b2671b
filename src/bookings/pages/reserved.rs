//! The office keeps places of a session for an agency or a sector until a day.

use crate::{
    agencies::store::{agency_list_open, sector_list},
    bookings::{
        rules::last_day_kept,
        store::{ReservedLine, reserved_lines},
    },
    calendar::rules::{day_text, london_day, moment_text},
    sessions::{
        rules::{SessionId, SessionStatus},
        store::session_details,
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
use leptos::prelude::*;

/// GET /office/sessions/{id}/reserved
pub async fn reserved_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let form = FormState::default().with_value("request_id", visit.new_request_id()?);
    reserved_page_with(&visit, id, form).await
}

/// The page with the form's values and errors.
pub async fn reserved_page_with(visit: &Visit, id: i64, form: FormState) -> PageResult {
    let session = session_details(SessionId(id), visit.db()).await?.ok_or(PageError::NotFound)?;
    let lines = reserved_lines(session.id, visit.db()).await?;
    let agencies = agency_list_open(visit.db()).await?;
    let sectors = sector_list(visit.db()).await?;
    let is_open = matches!(session.status, SessionStatus::Draft | SessionStatus::Published)
        && visit.now < session.starts_at - chrono::Duration::days(1);
    let back = format!("/office/sessions/{id}");
    let hidden = vec![("request_id".to_owned(), form.value("request_id").to_owned())];
    let page = Page::new("Reserved places").back(back.clone(), "The session").form(form);
    Ok(visit.page(page, move || {
        let when = day_text(london_day(session.starts_at));
        let free = session.free();
        view! {
            <Heading text="Reserved places" caption=format!("{}, {when}", session.course_title)/>
            <p class="govuk-body">
                {format!("{} of {} places are taken, {} are reserved, {free} are free for everybody. ", session.held, session.capacity, session.reserved)}
                "Confirmed staff can take a reserved place until its last day; what is left then goes to the waiting list and to everybody."
            </p>
            {lines_view(lines, &back)}
            {is_open.then(|| view! {
                <Heading text="Reserve places" level=2 size=Size::M/>
                <PostForm action=format!("{back}/reserved") hidden=hidden>
                    <Select
                        label="For one agency"
                        name="agency"
                        options=agencies.into_iter().map(|agency| Choice::new(agency.id.to_string(), agency.name)).collect()
                        empty="None"
                    />
                    <Select
                        label="Or for every agency of a sector"
                        name="sector"
                        options=sectors.into_iter().map(|sector| Choice::new(sector.clone(), sector)).collect()
                        empty="None"
                    />
                    <TextInput label="How many places" name="places" inputmode="numeric" width=Width::Chars4/>
                    <DateInput legend="Until the end of which day?" name="until" hint="At the latest two days before the session"/>
                    <Button text="Reserve these places"/>
                </PostForm>
            })}
        }
        .into_any()
    }))
}

fn lines_view(lines: Vec<ReservedLine>, back: &str) -> AnyView {
    if lines.is_empty() {
        return view! {
            <EmptyState heading="Nothing is reserved on this session">
                <p class="govuk-body">"Everybody can book every free place."</p>
            </EmptyState>
        }
        .into_any();
    }
    let rows = lines
        .into_iter()
        .map(|ReservedLine { row, who }| {
            let state = match row.released_at {
                Some(at) => view! { {format!("Released at {}", moment_text(at))} }.into_any(),
                None => {
                    let action = format!("{back}/reserved/{}/release", row.id);
                    view! { <PostButton action=action text="Release now" kind=ButtonKind::Warning asks="What is left goes to the waiting list and then to everybody. It cannot be reserved again while others have it." about=who.clone()/> }
                        .into_any()
                }
            };
            vec![
                Cell::text(who),
                Cell::number(row.places),
                Cell::number(row.taken),
                Cell::text(day_text(last_day_kept(row.release_at))),
                Cell::view(state),
            ]
        })
        .collect();
    let head = vec![
        Head::text("For"),
        Head::number("Places"),
        Head::number("Taken"),
        Head::text("Until the end of"),
        Head::text("State"),
    ];
    view! { <Table caption="Reserved places" caption_hidden=true head rows stacked=true/> }.into_any()
}
