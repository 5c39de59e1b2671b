//! The office's first page: what needs a person, and the way to everything else.

use crate::{
    settings::store,
    web::{components::*, error::PageResult, page::Page, visit::Visit},
};
use leptos::prelude::*;

/// GET /office
pub async fn office_page(visit: Visit) -> PageResult {
    let waiting = crate::app::attention(visit.db(), visit.now).await?;
    let counts = store::office_counts(visit.now, visit.db()).await?;
    Ok(visit.page(Page::new("Office"), move || {
        let lines: Vec<_> = waiting
            .into_iter()
            .map(|row| view! { <li><a class="govuk-link" href=row.href>{format!("{} {}", row.count, row.what)}</a></li> })
            .collect();
        let waiting = if lines.is_empty() {
            view! { <p class="govuk-body">"Nothing at the moment."</p> }.into_any()
        } else {
            view! { <ul class="govuk-list govuk-list--spaced">{lines}</ul> }.into_any()
        };
        view! {
            <Heading text="Office"/>
            {(counts.courses == 0).then(|| view! {
                <EmptyState heading="Create your first course">
                    <p class="govuk-body">
                        "Then add a session with its date, a place or an online link and its trainers, and publish it. From then on people can book."
                    </p>
                    <ButtonLink href="/office/courses/new" text="Create your first course"/>
                </EmptyState>
            })}
            <Heading text="Needs attention" level=2 size=Size::M/>
            {waiting}
            <Heading text="Everything" level=2 size=Size::M/>
            <CardList>
                <Card title="Courses" href="/office/courses" level=3 facts=vec![counted(counts.courses, "course", "courses")]/>
                <Card title="Sessions" href="/office/sessions" level=3 facts=vec![format!("{} still to come", counts.sessions_to_come)]/>
                <Card title="Venues" href="/office/venues" level=3 facts=vec![counted(counts.venues, "venue", "venues")]/>
                <Card title="Bookings" href="/office/bookings" level=3 facts=vec!["Search, book and cancel for somebody".into()]/>
                <Card title="People" href="/office/people" level=3 facts=vec![counted(counts.people, "person", "people"), "roles, agencies, addresses".into()]/>
                <Card title="Agencies" href="/office/agencies" level=3 facts=vec![format!("{} open", counts.agencies)]/>
                <Card title="Charges" href="/office/charges" level=3 facts=vec!["Tell, waive, confirm".into()]/>
                <Card title="Charging policy" href="/office/policy" level=3 facts=vec!["Amount, notice, suspensions".into()]/>
                <Card title="Training elsewhere" href="/office/training" level=3 facts=vec!["Check what people declare".into()]/>
                <Card title="Bank holidays" href="/office/bank-holidays" level=3 facts=vec!["Years and days that notice counts".into()]/>
                <Card title="Mail" href="/office/mail" level=3 facts=vec!["Sent, waiting, not delivered".into()]/>
                <Card title="Wording of mails" href="/office/messages" level=3 facts=vec!["Your own words, with a preview".into()]/>
                <Card title="Settings" href="/office/settings" level=3 facts=vec!["Names and contact".into()]/>
            </CardList>
        }
        .into_any()
    }))
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}
