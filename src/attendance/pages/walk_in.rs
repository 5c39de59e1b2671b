//! Adding somebody who came without a place: look for them first, then make a new record.

use super::{register_address, trained_session};
use crate::{
    agencies::store::agency_list_open,
    attendance::store::{Candidate, candidates_find, register_load},
    calendar::rules::london_day,
    sessions::rules::SessionId,
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

/// The longest search that is looked for.
pub(in crate::attendance) const LONGEST_SEARCH: usize = 120;

/// GET /training/sessions/{id}/register/{position}/walk-in
pub async fn walk_in_page(visit: Visit, Path((id, position)): Path<(i64, i32)>) -> PageResult {
    show_walk_in(visit, SessionId(id), position, FormState::default()).await
}

/// The page with what was typed and what is wrong with it. The search is sent by POST, because a name has no place in
/// an address.
pub async fn show_walk_in(visit: Visit, id: SessionId, position: i32, form: FormState) -> PageResult {
    let details = trained_session(&visit, id).await?;
    register_load(id, position, visit.db()).await?.ok_or(PageError::NotFound)?;
    let search: String = form.value("search").trim().chars().take(LONGEST_SEARCH).collect();
    let found = match search.as_str() {
        "" => None,
        text => Some(candidates_find(text, id, london_day(visit.now), visit.db()).await?),
    };
    let agencies = agency_list_open(visit.db()).await?;
    let address = register_address(id, position);
    let action = format!("{address}/walk-in");
    let request_id = visit.new_request_id()?;
    let page = Page::new("Add somebody who has come").back(address, "The register").form(form);
    Ok(visit.page(page, move || {
        let searched = found.is_some();
        let agencies = agencies.into_iter().map(|row| Choice::new(row.id.to_string(), row.name)).collect();
        view! {
            <Heading text="Add somebody who has come" caption=details.course_title.clone()/>
            <PostForm action=action.clone()>
                <TextInput
                    label="Find them by name or email address"
                    name="search"
                    kind="search"
                    hint="At least 3 letters of the name, or the whole address. Many people are known here already."
                />
                <Button text="Search" name="action" value="search"/>
            </PostForm>
            {found.map(|found| candidates_view(found, &action, &request_id))}
            <Heading text=if searched { "Somebody else" } else { "Not known here" } level=2 size=Size::M/>
            <PostForm action=action.clone() hidden=vec![("request_id".to_owned(), request_id.clone())]>
                <TextInput label="Full name" name="name" autocomplete="off"/>
                <TextInput
                    label="Email address (optional)"
                    name="email"
                    kind="email"
                    autocomplete="off"
                    hint="For the survey after the session. They can also answer with the code in the room."
                />
                <TextInput label="What they do (optional)" name="job_role" autocomplete="off" hint="For example, health visitor"/>
                <Select
                    label="Who they work for (optional)"
                    name="agency"
                    options=agencies
                    empty="Not known or not in this list"
                />
                <Button text="Add to the register" name="action" value="new" kind=ButtonKind::Secondary/>
            </PostForm>
        }
        .into_any()
    }))
}

fn candidates_view(found: Vec<Candidate>, action: &str, request_id: &str) -> AnyView {
    if found.is_empty() {
        return view! {
            <EmptyState heading="Nobody found">
                <p class="govuk-body">"Check the spelling, or add them below as a new person."</p>
            </EmptyState>
        }
        .into_any();
    }
    let rows = found
        .into_iter()
        .map(|candidate| {
            let add = if candidate.on_register {
                Cell::text("On the register")
            } else {
                let hidden = vec![
                    ("action".to_owned(), "add".to_owned()),
                    ("person".to_owned(), candidate.person.to_string()),
                    ("request_id".to_owned(), request_id.to_owned()),
                ];
                Cell::view(view! {
                    <PostButton action=action.to_owned() text="Add" hidden about=candidate.name.clone() kind=ButtonKind::Secondary/>
                })
            };
            vec![
                Cell::text(candidate.name.clone()),
                Cell::text(candidate.agency.unwrap_or_else(|| "Agency not known".into())),
                add,
            ]
        })
        .collect();
    view! {
        <Table
            caption="People found"
            head=vec![Head::text("Name"), Head::text("Agency"), Head::hidden("Add")]
            rows
            stacked=true
        />
    }
    .into_any()
}
