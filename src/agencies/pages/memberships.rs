//! Memberships that wait for the office.

use crate::{
    accounts::rules::domain_of,
    agencies::store::{self, MEMBERSHIPS_PER_PAGE},
    calendar::rules::short_day_text,
    web::{components::*, error::PageResult, page::Page, visit::Visit},
};
use leptos::prelude::*;

/// GET /office/memberships
pub async fn memberships_page(visit: Visit) -> PageResult {
    let page: u64 = visit.parameter("page").parse().unwrap_or(1).clamp(1, 10_000);
    let (rows, total) = store::memberships_claimed_page(page, visit.db()).await?;
    let people: Vec<_> = rows.iter().map(|(_, _, person)| person.id).collect();
    let addresses = crate::accounts::store::main_addresses(&people, visit.db()).await?;
    Ok(visit.page(Page::new("Memberships to confirm").back("/office", "Office").wide(), move || {
        let list = if rows.is_empty() {
            view! {
                <EmptyState heading="Nothing to confirm">
                    <p class="govuk-body">
                        "When somebody names an agency and their address is not at its mail domain, they appear here."
                    </p>
                </EmptyState>
            }
            .into_any()
        } else {
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
            view! {
                <Table
                    caption="Memberships to confirm"
                    caption_hidden=true
                    head=vec![
                        Head::text("Person"),
                        Head::text("Agency"),
                        Head::text("Job or role"),
                        Head::text("Address at"),
                        Head::text("Since"),
                        Head::hidden("Actions"),
                    ]
                    rows
                    stacked=true
                />
                <Pagination href="/office/memberships" page pages=total.div_ceil(MEMBERSHIPS_PER_PAGE)/>
            }
            .into_any()
        };
        view! {
            <Heading text="Memberships to confirm"/>
            <p class="govuk-body">
                "Confirm only what you know: the agency pays for this person’s unused places, and its training lead sees their bookings. Open the person to end a membership that is wrong."
            </p>
            {list}
        }
        .into_any()
    }))
}
