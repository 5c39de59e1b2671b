//! Adding an agency to one's own account, and leaving one.

use super::new_person::AgencyField;
use crate::{
    agencies::{self, rules::MembershipId},
    calendar::rules::short_day_text,
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

/// GET /account/agencies/new
pub async fn new_membership_page(visit: Visit) -> PageResult {
    visit.person()?;
    new_membership_view(&visit, FormState::default()).await
}

/// The page that asks for another agency.
pub async fn new_membership_view(visit: &Visit, form: FormState) -> PageResult {
    let agencies = agencies::store::agency_list_open(visit.db()).await?;
    Ok(visit.page(Page::new("Add an agency").back("/account", "Your account").form(form), move || {
        view! {
            <Heading text="Add an agency"/>
            <PostForm action="/account/agencies/new">
                <AgencyField agencies likely="".to_owned() domain="".to_owned()/>
                <TextInput label="Your job or role there" name="job_role" autocomplete="organization-title" width=Width::TwoThirds/>
                <DateInput legend="Since when?" name="from" hint="For example, 1 9 2024. Leave it empty for today."/>
                <Button text="Add agency"/>
            </PostForm>
        }
        .into_any()
    }))
}

/// GET /account/agencies/{id}/end
pub async fn end_membership_page(visit: Visit, Path(id): Path<MembershipId>) -> PageResult {
    end_membership_view(&visit, id, FormState::default()).await
}

/// The page that asks when somebody left an agency.
pub async fn end_membership_view(visit: &Visit, id: MembershipId, form: FormState) -> PageResult {
    let me = visit.person()?.id;
    let (membership, agency) = agencies::store::membership_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    if membership.person_id != me {
        return Err(PageError::NotFound);
    }
    if let Some(day) = membership.to_date {
        return Err(PageError::Conflict(format!(
            "Your time at {} already ends on {}.",
            agency.name,
            short_day_text(day)
        )));
    }
    let title = format!("Leaving {}", agency.name);
    Ok(visit.page(Page::new(title.clone()).back("/account", "Your account").form(form), move || {
        view! {
            <Heading text=title/>
            <p class="govuk-body">"Your training record stays yours. Bookings that you made for this agency stay as they are."</p>
            <PostForm action=format!("/account/agencies/{id}/end")>
                <DateInput legend="Your last day there" name="to"/>
                <Button text="Save"/>
            </PostForm>
        }
        .into_any()
    }))
}
