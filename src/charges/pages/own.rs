//! What learners and payers see: what for, how much and where it stands. Never why a charge was waived.

use super::{pages_of, state_tag};
use crate::{
    accounts::rules::Role,
    calendar::rules::{day_text, london_day},
    charges::{
        rules::{pounds_text, trigger_text},
        store::{ChargeLine, charge_list_of_agencies, charge_list_of_person, charge_of_agencies, charge_of_person},
    },
    web::{
        components::*,
        error::{PageError, PageResult},
        page::Page,
        visit::Visit,
    },
};
use axum::extract::Path;
use leptos::prelude::*;

/// GET /account/charges
pub async fn own_page(visit: Visit) -> PageResult {
    let number = visit.page_number();
    let (lines, count) = charge_list_of_person(visit.person()?.id, number, visit.db()).await?;
    let page = Page::new("Charges for your places").back("/account", "Your account").wide();
    Ok(visit.page(page, move || {
        if lines.is_empty() {
            return view! {
                <Heading text="Charges for your places"/>
                <EmptyState heading="There are no charges">
                    <p class="govuk-body">"If you cannot come to a session, give your place back in "<a class="govuk-link" href="/bookings">"My bookings"</a>". The page says until when that is free."</p>
                </EmptyState>
            }
            .into_any();
        }
        let head = vec![
            Head::text("Charge"),
            Head::text("What happened"),
            Head::text("For"),
            Head::text("Payer"),
            Head::number("Amount"),
            Head::text("State"),
        ];
        let rows = lines.into_iter().map(|line| row(line, false)).collect();
        view! {
            <Heading text="Charges for your places"/>
            <p class="govuk-body">"If there was a reason, write to the training team. You do not have to tell details of your health."</p>
            <Table caption="Your charges" caption_hidden=true head rows stacked=true/>
            <Pagination href="/account/charges" page=number pages=pages_of(count)/>
        }
        .into_any()
    }))
}

/// GET /agency/charges
pub async fn agency_page(visit: Visit) -> PageResult {
    let number = visit.page_number();
    let agencies = visit.person()?.agencies_as(Role::BillingContact);
    let (lines, count) = charge_list_of_agencies(&agencies, number, visit.db()).await?;
    let page = Page::new("Charges to your agency").wide();
    Ok(visit.page(page, move || {
        if lines.is_empty() {
            return view! {
                <Heading text="Charges to your agency"/>
                <EmptyState heading="There are no charges">
                    <p class="govuk-body">"You are told by email when a place that your agency held was not used."</p>
                </EmptyState>
            }
            .into_any();
        }
        let head = vec![
            Head::text("Charge"),
            Head::text("What happened"),
            Head::text("For"),
            Head::text("Person"),
            Head::number("Amount"),
            Head::text("State"),
        ];
        let rows = lines.into_iter().map(|line| row(line, true)).collect();
        view! {
            <Heading text="Charges to your agency"/>
            <Table caption="Charges to your agency" caption_hidden=true head rows stacked=true/>
            <Pagination href="/agency/charges" page=number pages=pages_of(count)/>
        }
        .into_any()
    }))
}

fn row(line: ChargeLine, for_payer: bool) -> Vec<Cell> {
    let list = if for_payer { "/agency/charges" } else { "/account/charges" };
    vec![
        Cell::link(format!("{list}/{}", line.reference), line.reference),
        Cell::text(line.sentence),
        Cell::text(trigger_text(line.trigger)),
        Cell::text(if for_payer { line.person_name } else { line.payer_name }),
        Cell::number(pounds_text(line.amount_pence)),
        Cell::view(state_tag(line.state)),
    ]
}

/// GET /account/charges/{reference}: where the mails about a charge lead its learner.
pub async fn own_charge_page(visit: Visit, Path(reference): Path<String>) -> PageResult {
    let line = charge_of_person(&reference, visit.person()?.id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let page = Page::new(format!("Charge {}", line.reference)).back("/account/charges", "Charges for your places");
    Ok(visit.page(page, move || one_view(line)))
}

/// GET /agency/charges/{reference}: where they lead a billing contact.
pub async fn agency_charge_page(visit: Visit, Path(reference): Path<String>) -> PageResult {
    let agencies = visit.person()?.agencies_as(Role::BillingContact);
    let line = charge_of_agencies(&reference, &agencies, visit.db()).await?.ok_or(PageError::NotFound)?;
    let page = Page::new(format!("Charge {}", line.reference)).back("/agency/charges", "Charges to your agency");
    Ok(visit.page(page, move || one_view(line)))
}

fn one_view(line: ChargeLine) -> AnyView {
    let course = format!("{}, {}", line.course_title, day_text(london_day(line.starts_at)));
    let mut facts = vec![
        SummaryRow::view("State", state_tag(line.state)),
        SummaryRow::new("Person", line.person_name),
        SummaryRow::new("Course", course),
        SummaryRow::new("For", trigger_text(line.trigger)),
        SummaryRow::new("Amount", pounds_text(line.amount_pence)),
        SummaryRow::new("Payer", line.payer_name),
    ];
    if let Some(at) = line.notified_at {
        facts.push(SummaryRow::new("Told on", day_text(london_day(at))));
    }
    view! {
        <Heading text=format!("Charge {}", line.reference)/>
        <InsetText>{line.sentence}</InsetText>
        <SummaryList rows=facts/>
        <p class="govuk-body">"If there was a reason, write to the training team. You do not have to tell details of your health."</p>
    }
    .into_any()
}
