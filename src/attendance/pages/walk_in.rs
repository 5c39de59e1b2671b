//! Adding somebody who came without a place: look for them first, then make a new record. Whoever works for several
//! agencies is asked for which they have come, on a page of its own.

use super::{register_address, trained_session};
use crate::{
    accounts::{rules::PersonId, store::person_get},
    agencies::store::{agency_list_open, employers_current},
    attendance::store::{Candidate, ComesFor, candidates_find, register_load},
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
    let is_office = visit.viewer.is_office();
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
            {found.map(|found| candidates_view(found, &action, &request_id, is_office))}
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

/// For whom somebody has come who works for several agencies. The office chooses from these; trainers from all, because
/// where else somebody works is not theirs to read.
pub async fn show_comes_for(visit: Visit, id: SessionId, position: i32, form: FormState) -> PageResult {
    let details = trained_session(&visit, id).await?;
    let person = form.value("person").parse().map(PersonId).map_err(|_| PageError::NotFound)?;
    let person = person_get(person, visit.db()).await?.ok_or(PageError::NotFound)?;
    let none = Choice::new(ComesFor::NOBODY, "None of these, or for themselves");
    let is_office = visit.viewer.is_office();
    let agencies = if is_office {
        let employers = employers_current(person.id, london_day(visit.now), visit.db()).await?;
        employers.into_iter().map(|(_, agency)| agency).collect()
    } else {
        agency_list_open(visit.db()).await?
    };
    let choices = agencies.into_iter().map(|row| Choice::new(row.id.to_string(), row.name)).chain([none]).collect();
    let action = format!("{}/walk-in", register_address(id, position));
    let fields = ["person", "request_id"].map(|name| (name.to_owned(), form.value(name).to_owned()));
    let mut hidden = fields.to_vec();
    hidden.extend([("action", "add"), ("asked", "yes")].map(|(name, value)| (name.to_owned(), value.to_owned())));
    let question = format!("Who has {} come for?", person.name);
    let page = Page::new(question.clone()).back(action.clone(), "Add somebody who has come").form(form);
    Ok(visit.page(page, move || {
        let hint = "They work for more than one organisation. Ask them";
        view! {
            <p class="govuk-caption-l">{details.course_title.clone()}</p>
            <PostForm action hidden>
                {if is_office {
                    view! { <Radios legend=question name="agency" options=choices hint page_heading=true/> }.into_any()
                } else {
                    view! {
                        <Select label=question name="agency" options=choices hint empty="Choose an agency" page_heading=true/>
                    }
                    .into_any()
                }}
                <Button text="Add to the register"/>
            </PostForm>
        }
        .into_any()
    }))
}

fn candidates_view(found: Vec<Candidate>, action: &str, request_id: &str, is_office: bool) -> AnyView {
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
                Cell::text(candidate.works_for(is_office)),
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
