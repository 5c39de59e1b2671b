//! The office adds an agency or an address to somebody.

use crate::{
    accounts::{rules::PersonId, store},
    agencies,
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

/// GET /office/people/{id}/agencies/new
pub async fn new_membership_in_office_page(visit: Visit, Path(id): Path<PersonId>) -> PageResult {
    new_membership_in_office_view(&visit, id, FormState::default()).await
}

/// The page on which the office links somebody to an agency.
pub async fn new_membership_in_office_view(visit: &Visit, id: PersonId, form: FormState) -> PageResult {
    let person = store::person_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let agencies = agencies::store::agency_list_open(visit.db()).await?;
    let page = Page::new("Add an agency").back(format!("/office/people/{id}"), person.name.clone()).form(form);
    Ok(visit.page(page, move || {
        let options = agencies.into_iter().map(|row| Choice::new(row.id.to_string(), row.name)).collect();
        view! {
            <Heading text="Add an agency" caption=person.name/>
            <p class="govuk-body">"The link counts as confirmed at once. Links that they have stay as they are."</p>
            <PostForm action=format!("/office/people/{id}/agencies/new")>
                <Select label="Agency" name="agency" options empty="Choose an agency"/>
                <TextInput label="Job or role there" name="job_role" width=Width::TwoThirds/>
                <DateInput legend="Since when?" name="from" hint="For example, 1 9 2024. Leave it empty for today."/>
                <Button text="Add agency"/>
            </PostForm>
        }
        .into_any()
    }))
}

/// GET /office/people/{id}/addresses/new
pub async fn new_address_in_office_page(visit: Visit, Path(id): Path<PersonId>) -> PageResult {
    new_address_in_office_view(&visit, id, FormState::default()).await
}

/// The page on which the office adds an address to somebody.
pub async fn new_address_in_office_view(visit: &Visit, id: PersonId, form: FormState) -> PageResult {
    let person = store::person_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let page = Page::new("Add an email address").back(format!("/office/people/{id}"), person.name.clone()).form(form);
    Ok(visit.page(page, move || {
        view! {
            <Heading text="Add an email address" caption=person.name/>
            <p class="govuk-body">
                "They can sign in with it from now on: the code that is sent to it proves it. We tell them at their main address."
            </p>
            <PostForm action=format!("/office/people/{id}/addresses/new")>
                <TextInput label="Email address" name="email" kind="email" width=Width::TwoThirds/>
                <Button text="Add address"/>
            </PostForm>
        }
        .into_any()
    }))
}
