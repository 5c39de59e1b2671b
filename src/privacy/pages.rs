//! What is held about oneself, and erasing somebody.

use super::{
    rules::{Holds, TABLES, still_open},
    store,
};
use crate::{
    accounts::{self, rules::PersonId},
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

/// GET /account/data
pub async fn own_data_page(visit: Visit) -> PageResult {
    visit.person()?;
    Ok(visit.page(Page::new("What we hold about you").back("/account", "Your account"), || {
        let rows = TABLES
            .iter()
            .filter_map(|table| match table.holds {
                Holds::PeoplesData(of_people) => Some(vec![Cell::text(of_people.what), Cell::text(of_people.kept)]),
                Holds::NobodysData(_) => None,
            })
            .collect();
        view! {
            <Heading text="What we hold about you"/>
            <p class="govuk-body">
                "The file holds everything that is stored under your name, in a form that other programs can read (JSON). What you answered in questionnaires is not stored under your name, so it is not in the file."
            </p>
            <p class="govuk-body"><ButtonLink href="/account/data.json" text="Download what we hold about you"/></p>
            <Table caption="What is in it, and how long it is kept" head=vec![Head::text("What"), Head::text("Kept")] rows stacked=true/>
            <p class="govuk-body">
                "You can correct your name, addresses and agencies in your account. To have the rest corrected, or your record erased, "
                <a class="govuk-link" href="/privacy">"write to us"</a> "."
            </p>
        }
        .into_any()
    }))
}

/// GET /office/people/{id}/erase
pub async fn erase_page(visit: Visit, Path(id): Path<PersonId>) -> PageResult {
    erase_view(&visit, id, FormState::default()).await
}

/// The page that asks before somebody is erased.
pub async fn erase_view(visit: &Visit, id: PersonId, form: FormState) -> PageResult {
    let actor = visit.person()?.id;
    let person = accounts::store::person_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let open = still_open(&store::erasure_facts(id, actor, visit.now, visit.db()).await?);
    let title = format!("Erase {}?", person.name);
    let page = Page::new(title.clone()).back(format!("/office/people/{id}"), person.name.clone()).form(form);
    Ok(visit.page(page, move || {
        let form = if open.is_empty() {
            view! {
                <WarningText text="This cannot be undone, by anybody."/>
                <PostForm action=format!("/office/people/{id}/erase")>
                    <Tick label="Erase this person’s record for ever" name="sure"/>
                    <ButtonGroup>
                        <Button text="Erase record" kind=ButtonKind::Warning/>
                        <a class="govuk-link" href=format!("/office/people/{id}")>"Keep it"</a>
                    </ButtonGroup>
                </PostForm>
            }
            .into_any()
        } else {
            let items: Vec<_> = open.iter().map(|reason| view! { <li>{reason.to_string()}</li> }).collect();
            view! {
                <Heading text="Not yet" level=2 size=Size::M/>
                <p class="govuk-body">"Something is still open:"</p>
                <ul class="govuk-list govuk-list--bullet">{items}</ul>
            }
            .into_any()
        };
        view! {
            <Heading text=title/>
            <p class="govuk-body">"These go: name, email addresses, roles, agencies and job roles, access needs, notes, mails, sign-ins, and the name wherever another text mentions it."</p>
            <p class="govuk-body">"These stay, without a name: that somebody booked, attended or was charged, so that no figure changes. The training record can no longer be shown to anybody."</p>
            {form}
        }
        .into_any()
    }))
}
