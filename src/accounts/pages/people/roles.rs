//! Giving roles.

use crate::{
    accounts::{
        rules::{PersonId, Role},
        store,
    },
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

/// GET /office/people/{id}/roles
pub async fn roles_page(visit: Visit, Path(id): Path<PersonId>) -> PageResult {
    roles_view(&visit, id, FormState::default()).await
}

/// The page on which the office gives a role.
pub async fn roles_view(visit: &Visit, id: PersonId, form: FormState) -> PageResult {
    let person = store::person_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let agencies = agencies::store::agency_list_open(visit.db()).await?;
    let title = format!("Give a role to {}", person.name);
    let page = Page::new(title.clone()).back(format!("/office/people/{id}"), person.name).form(form);
    Ok(visit.page(page, move || {
        let roles = Role::ALL.into_iter().map(|role| Choice::new(role.value(), role.label()).hint(role.hint())).collect();
        let agencies = agencies.into_iter().map(|row| Choice::new(row.id.to_string(), row.name)).collect();
        view! {
            <Heading text=title/>
            <PostForm action=format!("/office/people/{id}/roles")>
                <Radios legend="Role" name="role" options=roles/>
                <Select
                    label="Agency"
                    name="agency"
                    options=agencies
                    empty="Choose an agency"
                    hint="For training leads and billing contacts only"
                />
                <p class="govuk-body">"A change of roles signs the person out on all devices; they sign in again with a code."</p>
                <Button text="Give this role"/>
            </PostForm>
        }
        .into_any()
    }))
}
