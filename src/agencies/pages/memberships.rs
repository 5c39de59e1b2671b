//! Memberships that wait for the office, and those that training leads have confirmed, which it can end.

use crate::{
    accounts::rules::{PersonId, domain_of},
    agencies::store::{self, MEMBERSHIPS_PER_PAGE},
    calendar::rules::{short_day_text, short_moment_text},
    entity::{agency, membership, person},
    web::{components::*, error::PageResult, page::Page, visit::Visit},
};
use chrono::Duration;
use leptos::prelude::*;
use std::collections::HashMap;

/// How long the office sees what training leads have confirmed: it looks at the list once a month.
const BY_LEADS_SHOWN: Duration = Duration::days(30);

/// GET /office/memberships, with ?by=leads for those that training leads have confirmed
pub async fn memberships_page(visit: Visit) -> PageResult {
    if visit.parameter("by") == "leads" { by_leads_page(visit).await } else { claimed_page(visit).await }
}

fn tabs(by_leads: bool) -> AnyView {
    let items = vec![
        NavItem::new("/office/memberships", "To confirm", !by_leads),
        NavItem::new("/office/memberships?by=leads", "Confirmed by training leads", by_leads),
    ];
    view! { <TabsNav label="Memberships" items/> }.into_any()
}

async fn claimed_page(visit: Visit) -> PageResult {
    let page: u64 = visit.page_number();
    let (rows, total) = store::memberships_claimed_page(page, visit.db()).await?;
    let people: Vec<_> = rows.iter().map(|(_, _, person)| person.id).collect();
    let addresses = crate::accounts::store::main_addresses(&people, visit.db()).await?;
    Ok(visit.page(Page::new("Memberships to confirm").back("/office", "Office").wide(), move || {
        view! {
            <Heading text="Memberships to confirm"/>
            {tabs(false)}
            <p class="govuk-body">
                "Confirm only what you know: the agency pays for this person’s unused places, and its training lead sees their bookings. Open the person to end a membership that is wrong."
            </p>
            {claimed_view(rows, &addresses)}
            <Pagination href="/office/memberships" page pages=total.div_ceil(MEMBERSHIPS_PER_PAGE)/>
        }
        .into_any()
    }))
}

type Row = (membership::Model, agency::Model, person::Model);

fn claimed_view(rows: Vec<Row>, addresses: &HashMap<PersonId, String>) -> AnyView {
    if rows.is_empty() {
        return view! {
            <EmptyState heading="Nothing to confirm">
                <p class="govuk-body">
                    "When somebody names an agency and their address is not at its mail domain, they appear here."
                </p>
            </EmptyState>
        }
        .into_any();
    }
    let rows = rows
        .into_iter()
        .map(|(membership, agency, person)| {
            let address = addresses.get(&person.id).cloned().unwrap_or_default();
            let domain = domain_of(&address).to_owned();
            vec![
                Cell::link(format!("/office/people/{}", person.id), person.name.clone()),
                Cell::link(format!("/office/agencies/{}", agency.id), agency.name.clone()),
                Cell::text(membership.job_role),
                Cell::text(if domain.is_empty() { "No address".to_owned() } else { format!("@{domain}") }),
                Cell::text(short_day_text(membership.from_date)),
                Cell::view(view! {
                    <PostButton
                        action=format!("/office/memberships/{}/confirm", membership.id)
                        text="Confirm"
                        kind=ButtonKind::Secondary
                        about=format!("{} at {}", person.name, agency.name)
                    />
                }),
            ]
        })
        .collect();
    let head = vec![
        Head::text("Person"),
        Head::text("Agency"),
        Head::text("Job or role"),
        Head::text("Address at"),
        Head::text("Since"),
        Head::hidden("Actions"),
    ];
    view! { <Table caption="Memberships to confirm" caption_hidden=true head rows stacked=true/> }.into_any()
}

async fn by_leads_page(visit: Visit) -> PageResult {
    let page: u64 = visit.page_number();
    let since = visit.now - BY_LEADS_SHOWN;
    let (rows, total) = store::memberships_by_leads(since, page, visit.db()).await?;
    Ok(visit.page(Page::new("Confirmed by training leads").back("/office", "Office").wide(), move || {
        view! {
            <Heading text="Memberships confirmed by training leads"/>
            {tabs(true)}
            <p class="govuk-body">
                "In the last 30 days. Training leads confirm who works for them, and take people on by booking for them. End what is wrong: the lead then no longer has that person as their staff."
            </p>
            {by_leads_view(rows)}
            <Pagination href="/office/memberships?by=leads" page pages=total.div_ceil(MEMBERSHIPS_PER_PAGE)/>
        }
        .into_any()
    }))
}

/// Memberships on training leads' word, each with a button that ends it.
fn by_leads_view(rows: Vec<Row>) -> AnyView {
    if rows.is_empty() {
        return view! {
            <EmptyState heading="Nobody in the last 30 days">
                <p class="govuk-body">"Whom a training lead confirms or takes on appears here."</p>
            </EmptyState>
        }
        .into_any();
    }
    let rows = rows
        .into_iter()
        .map(|(membership, agency, person)| {
            vec![
                Cell::link(format!("/office/people/{}", person.id), person.name.clone()),
                Cell::link(format!("/office/agencies/{}", agency.id), agency.name.clone()),
                Cell::text(membership.confirmed_at.map(short_moment_text).unwrap_or_default()),
                Cell::view(view! {
                    <PostButton
                        action=format!("/office/memberships/{}/end", membership.id)
                        text="End today"
                        kind=ButtonKind::Secondary
                        about=format!("{} at {}", person.name, agency.name)
                    />
                }),
            ]
        })
        .collect();
    let head = vec![Head::text("Person"), Head::text("Agency"), Head::text("Confirmed"), Head::hidden("Actions")];
    view! { <Table caption="Confirmed by training leads" caption_hidden=true head rows stacked=true/> }.into_any()
}
