//! Adding and changing people in the office.

use crate::{
    accounts::{
        pages::{
            account::{details_form, details_rows},
            new_person::{AgencyField, PersonKindField},
        },
        rules::{PersonId, own_site_path},
        store,
    },
    agencies,
    entity::person,
    web::{
        components::*,
        error::{PageError, PageResult},
        form::FormState,
        page::Page,
        visit::Visit,
    },
};
use axum::{extract::Path, response::Response};
use leptos::prelude::*;

/// GET /office/people/new, with ?return= for somebody who is added on the way to booking for them
pub async fn new_in_office_page(visit: Visit) -> PageResult {
    let form = FormState::default().with_value("return", visit.parameter("return"));
    new_in_office_view(&visit, form).await
}

/// Where the office goes on after adding somebody; None for the person's page.
pub fn return_of(form: &FormState) -> Option<&str> {
    own_site_path(form.value("return")).filter(|path| path.split('?').next() == Some("/office/bookings/new"))
}

/// The page on which the office adds somebody.
pub async fn new_in_office_view(visit: &Visit, form: FormState) -> PageResult {
    let agencies = agencies::store::agency_list_open(visit.db()).await?;
    let page = match return_of(&form) {
        Some(path) => Page::new("Add a person").back(path, "Book for somebody"),
        None => Page::new("Add a person").back("/office/people", "People"),
    };
    let hidden = return_of(&form).map(|path| ("return".to_owned(), path.to_owned())).into_iter().collect();
    Ok(visit.page(page.form(form), move || {
        view! {
            <Heading text="Add a person"/>
            <p class="govuk-body">"They sign in with a code that is sent to their address; that proves it."</p>
            <PostForm action="/office/people/new" hidden=hidden>
                <TextInput label="Full name" name="name" width=Width::TwoThirds/>
                <TextInput label="Email address" name="email" kind="email" width=Width::TwoThirds/>
                <PersonKindField/>
                <Under18/>
                <AgencyField agencies likely="".to_owned() domain="".to_owned()/>
                <TextInput label="Job or role there" name="job_role" width=Width::TwoThirds/>
                <Button text="Add person"/>
            </PostForm>
        }
        .into_any()
    }))
}

#[component]
fn Under18() -> impl IntoView {
    let options = vec![Choice::new("no", "No"), Choice::new("yes", "Yes")];
    view! { <Radios legend="Under 18?" name="under_18" inline=true options chosen="no"/> }
}

/// GET /office/people/{id}/edit
pub async fn edit_person_page(visit: Visit, Path(id): Path<PersonId>) -> PageResult {
    let person = store::person_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    Ok(edit_person_view(&visit, id, details_form(person), None))
}

/// The page on which the office corrects somebody's details; `theirs` is what somebody else has saved meanwhile.
pub fn edit_person_view(visit: &Visit, id: PersonId, form: FormState, theirs: Option<person::Model>) -> Response {
    let version = form.value("version").to_owned();
    let page = Page::new("Change details").back(format!("/office/people/{id}"), "Back").form(form);
    visit.page(page, move || {
        view! {
            <Heading text="Change details"/>
            {theirs.map(|theirs| view! { <OtherVersion rows=details_rows(&theirs)/> })}
            <PostForm action=format!("/office/people/{id}/edit") hidden=vec![("version".to_owned(), version)]>
                <TextInput label="Full name" name="name" width=Width::TwoThirds/>
                <PersonKindField/>
                <Under18/>
                <Button text="Save"/>
            </PostForm>
        }
        .into_any()
    })
}
