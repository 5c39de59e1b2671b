//! One person, as the office sees them. What they answered is nowhere here.

use crate::{
    accounts::{
        pages::account::{membership_head, membership_tag},
        rules::PersonId,
        store,
    },
    agencies::{self, rules::Confirmation},
    audit::store::{Subject, audit_list},
    calendar::rules::{short_day_text, short_moment_text},
    entity::{address, agency, audit, membership, role},
    web::{
        components::*,
        error::{PageError, PageResult},
        page::Page,
        visit::Visit,
    },
};
use axum::extract::Path;
use leptos::prelude::*;

/// GET /office/people/{id}
pub async fn person_page(visit: Visit, Path(id): Path<PersonId>) -> PageResult {
    let person = store::person_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let addresses = store::addresses_of(id, visit.db()).await?;
    let roles = store::roles_of(id, visit.db()).await?;
    let memberships = agencies::store::memberships_of(id, visit.db()).await?;
    let named = agencies::store::agencies_by_id(roles.iter().filter_map(|row| row.agency_id), visit.db()).await?;
    let history = audit_list(Subject { kind: "person", id: id.0 }, visit.db()).await?;
    Ok(visit.page(Page::new(person.name.clone()).back("/office/people", "People"), move || {
        let edit = format!("/office/people/{id}/edit");
        let rows = vec![
            SummaryRow::new("Name", person.name.clone()).change(edit.clone()),
            SummaryRow::new("Kind", person.kind.label()).change(edit.clone()),
            SummaryRow::new("Under 18", if person.under_18 { "Yes" } else { "No" }).change(edit),
        ];
        view! {
            <Heading text=person.name.clone()/>
            <SummaryList rows/>
            <ul class="govuk-list">
                <li><a class="govuk-link" href=format!("/office/bookings?person={id}")>"Their bookings"</a></li>
                <li><a class="govuk-link" href=format!("/office/charges?state=all&person={id}")>"Charges for their places"</a></li>
            </ul>
            <Addresses id addresses/>
            <Roles id roles named/>
            <Memberships id memberships/>
            <History history/>
            <Heading text="Their data" level=2 size=Size::M/>
            <p class="govuk-body">"Give the file to the person only, and only once you are sure who asks."</p>
            <ButtonGroup>
                <PostButton action=format!("/office/people/{id}/data") text="Download what is held" kind=ButtonKind::Secondary/>
                <a class="govuk-link" href=format!("/office/people/{id}/erase")>"Erase this person’s record"</a>
            </ButtonGroup>
        }
        .into_any()
    }))
}

#[component]
fn Addresses(id: PersonId, addresses: Vec<address::Model>) -> impl IntoView {
    let items: Vec<_> = addresses
        .into_iter()
        .map(|row| {
            let main = row.main.then(|| view! { " " <Tag text="Main" colour=Colour::Green/> });
            let unproven =
                row.proven_at.is_none().then(|| view! { " " <Tag text="Not proven yet" colour=Colour::Yellow/> });
            let bounced =
                row.bounced_at.is_some().then(|| view! { " " <Tag text="Mail came back" colour=Colour::Red/> });
            view! { <li>{row.address} {main} {unproven} {bounced}</li> }
        })
        .collect();
    let list = if items.is_empty() {
        view! { <p class="govuk-body">"No address: this person cannot sign in and gets no mail."</p> }.into_any()
    } else {
        view! { <ul class="govuk-list">{items}</ul> }.into_any()
    };
    view! {
        <Heading text="Email addresses" level=2 size=Size::M/>
        {list}
        <p class="govuk-body">
            <a class="govuk-link" href=format!("/office/people/{id}/addresses/new")>"Add an email address"</a>
        </p>
    }
}

#[component]
fn Roles(id: PersonId, roles: Vec<role::Model>, named: Vec<agency::Model>) -> impl IntoView {
    let items: Vec<_> = roles
        .into_iter()
        .map(|row| {
            let agency = named.iter().find(|agency| Some(agency.id) == row.agency_id).map(|agency| agency.name.clone());
            let what = match agency {
                Some(agency) => format!("{}, {agency}", row.role.label()),
                None => row.role.label().to_owned(),
            };
            view! {
                <li>
                    {what.clone()} " "
                    <PostButton
                        action=format!("/office/people/{id}/roles/{}/remove", row.id)
                        text="Take away"
                        kind=ButtonKind::Warning
                        about=what
                        asks="They are signed out everywhere and lose what the role lets them see. You can give it again."
                    />
                </li>
            }
        })
        .collect();
    let list = if items.is_empty() {
        view! { <p class="govuk-body">"A learner, without another role."</p> }.into_any()
    } else {
        view! { <ul class="govuk-list govuk-list--spaced">{items}</ul> }.into_any()
    };
    view! {
        <Heading text="Roles" level=2 size=Size::M/>
        {list}
        <p class="govuk-body"><a class="govuk-link" href=format!("/office/people/{id}/roles")>"Give a role"</a></p>
    }
}

#[component]
fn Memberships(id: PersonId, memberships: Vec<(membership::Model, agency::Model)>) -> impl IntoView {
    let list = if memberships.is_empty() {
        view! { <p class="govuk-body">"No agency named yet."</p> }.into_any()
    } else {
        let rows = memberships
            .into_iter()
            .map(|(membership, agency)| {
                let tag = membership_tag(&membership);
                let on_whose_word = word_of(&membership);
                let from = || vec![("from".to_owned(), format!("/office/people/{id}"))];
                let confirm = (membership.confirmed_at.is_none() && membership.to_date.is_none()).then(|| {
                    view! {
                        <PostButton
                            action=format!("/office/memberships/{}/confirm", membership.id)
                            text="Confirm"
                            kind=ButtonKind::Secondary
                            hidden=from()
                            about=agency.name.clone()
                        />
                    }
                });
                let end = membership.to_date.is_none().then(|| {
                    view! {
                        <PostButton
                            action=format!("/office/memberships/{}/end", membership.id)
                            text="End today"
                            kind=ButtonKind::Warning
                            hidden=from()
                            about=agency.name.clone()
                            asks="From today they no longer count as this agency’s staff. Bookings that they have stay."
                        />
                    }
                });
                vec![
                    Cell::link(format!("/office/agencies/{}", agency.id), agency.name.clone()),
                    Cell::text(membership.job_role.clone()),
                    Cell::text(short_day_text(membership.from_date)),
                    Cell::view(view! { {tag} " " {on_whose_word} }),
                    Cell::view(view! { {confirm} {end} }),
                ]
            })
            .collect();
        view! {
            <Table
                caption="Agencies of this person"
                caption_hidden=true
                head=membership_head()
                rows
                stacked=true
            />
        }
        .into_any()
    };
    view! {
        <Heading text="Agencies" level=2 size=Size::M/>
        {list}
        <p class="govuk-body"><a class="govuk-link" href=format!("/office/people/{id}/agencies/new")>"Add an agency"</a></p>
    }
}

/// On whose word somebody counts as an agency's, and since when.
fn word_of(membership: &membership::Model) -> Option<String> {
    let (by, at) = (membership.confirmed_by?, membership.confirmed_at?);
    let by = match by {
        Confirmation::MailDomain => "by their address",
        Confirmation::TrainingLead => "by its training lead",
        Confirmation::Office => "by the office",
    };
    Some(format!("{by}, {}", short_moment_text(at)))
}

#[component]
fn History(history: Vec<audit::Model>) -> impl IntoView {
    let items: Vec<_> = history
        .into_iter()
        .take(50)
        .map(|row| view! { <li>{format!("{}: {}", short_moment_text(row.at), row.sentence)}</li> })
        .collect();
    (!items.is_empty()).then(|| {
        view! { <Details summary="What was changed"><ul class="govuk-list">{items}</ul></Details> }
    })
}
