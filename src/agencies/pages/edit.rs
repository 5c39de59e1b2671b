//! Adding, changing and closing agencies.

use crate::{
    agencies::{
        rules::{AgencyId, AgencyType},
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
use axum::{extract::Path, response::Response};
use leptos::prelude::*;

/// GET /office/agencies/new
pub async fn agency_new_page(visit: Visit) -> PageResult {
    Ok(agency_form_view(&visit, None, FormState::default()))
}

/// GET /office/agencies/{id}/edit
pub async fn agency_edit_page(visit: Visit, Path(id): Path<AgencyId>) -> PageResult {
    let row = store::agency_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let tick = |is: bool| if is { "yes" } else { "" };
    let form = FormState::default()
        .with_value("name", row.name)
        .with_value("type", row.agency_type.value())
        .with_value("sector", row.sector)
        .with_value("mail_domain", row.mail_domain.unwrap_or_default())
        .with_value("billing_name", row.billing_name.unwrap_or_default())
        .with_value("billing_address", row.billing_address.unwrap_or_default())
        .with_value("cost_code", row.cost_code.unwrap_or_default())
        .with_value("same_legal_body", tick(row.same_legal_body))
        .with_value("needs_approval", tick(row.needs_approval))
        .with_value("copy_leads", tick(row.copy_leads))
        .with_value("version", row.version.to_string());
    Ok(agency_form_view(&visit, Some(id), form))
}

/// The form of an agency; None for a new one.
pub fn agency_form_view(visit: &Visit, id: Option<AgencyId>, form: FormState) -> Response {
    let (title, action, back) = match id {
        Some(id) => ("Change agency", format!("/office/agencies/{id}/edit"), format!("/office/agencies/{id}")),
        None => ("Add an agency", "/office/agencies/new".to_owned(), "/office/agencies".to_owned()),
    };
    let hidden = id.map(|_| ("version".to_owned(), form.value("version").to_owned())).into_iter().collect();
    visit.page(Page::new(title).back(back, "Back").form(form), move || {
        let types = AgencyType::ALL.into_iter().map(|kind| Choice::new(kind.value(), kind.label())).collect();
        view! {
            <Heading text=title/>
            <PostForm action hidden>
                <TextInput label="Name" name="name" width=Width::TwoThirds/>
                <Select label="Kind" name="type" options=types empty="Choose a kind"/>
                <TextInput
                    label="Sector"
                    name="sector"
                    hint="The broad words that may stand beside a quote. Leave it empty to use the kind."
                    width=Width::TwoThirds
                />
                <TextInput
                    label="Mail domain"
                    name="mail_domain"
                    hint="The part after the @ of its own addresses, like oak-school.example. Whoever has one is confirmed by it. Leave it empty if others have such addresses too."
                    width=Width::TwoThirds
                />
                <Fieldset legend="Charges">
                    <TextInput label="Invoices go to" name="billing_name" hint="A team or person, for example Finance team" width=Width::TwoThirds/>
                    <TextArea label="Billing address" name="billing_address" hint="Post or email" rows=3/>
                    <TextInput label="Cost code" name="cost_code" width=Width::Chars20/>
                    <Tick label="Part of the same legal body as the board" name="same_legal_body" hint="Its charges become recharges, not invoices"/>
                </Fieldset>
                <Fieldset legend="Bookings">
                    <Tick label="Its training lead approves every booking" name="needs_approval"/>
                    <Tick label="Its training leads get copies of our mails to their staff" name="copy_leads" hint="Without the personal links"/>
                </Fieldset>
                <Button text="Save"/>
            </PostForm>
        }
        .into_any()
    })
}

/// GET /office/agencies/{id}/close
pub async fn close_page(visit: Visit, Path(id): Path<AgencyId>) -> PageResult {
    let agency = store::agency_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    if agency.closed_at.is_some() {
        return Err(PageError::Conflict(format!("{} is already closed.", agency.name)));
    }
    let (confirmed, claimed) = store::membership_counts(id, visit.db()).await?;
    let linked = people_text(confirmed + claimed) + if confirmed + claimed == 1 { " is" } else { " are" };
    let title = format!("Close {}?", agency.name);
    let page = Page::new(title.clone()).back(format!("/office/agencies/{id}"), agency.name.clone());
    Ok(visit.page(page, move || {
        view! {
            <Heading text=title/>
            <p class="govuk-body">
                {format!("{linked} linked to it. Nobody can choose it any more, for themselves or for a booking. Nothing is deleted, and you can open it again at any time.")}
            </p>
            <PostForm action=format!("/office/agencies/{id}/close")>
                <ButtonGroup>
                    <Button text="Close agency" kind=ButtonKind::Warning/>
                    <a class="govuk-link" href=format!("/office/agencies/{id}")>"Keep it open"</a>
                </ButtonGroup>
            </PostForm>
        }
        .into_any()
    }))
}
