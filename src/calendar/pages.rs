//! The office's table of bank holidays.

use super::{
    rules::{day_text, london_day},
    store,
};
use crate::{
    audit::store::{Subject, audit_list},
    calendar::rules::short_moment_text,
    web::{
        components::*,
        error::{PageError, PageResult},
        form::FormState,
        page::Page,
        visit::Visit,
    },
};
use axum::extract::Path;
use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;

/// GET /office/bank-holidays, with ?year=
pub async fn bank_holidays_page(visit: Visit) -> PageResult {
    bank_holidays_page_with(&visit, FormState::default()).await
}

/// The page with a form's values and errors.
pub async fn bank_holidays_page_with(visit: &Visit, form: FormState) -> PageResult {
    let all = store::bank_holiday_list(visit.db()).await?;
    let mut years: Vec<i32> = all.iter().map(|row| row.date.year()).collect();
    years.dedup();
    let wanted = form.value("year").parse().ok().or_else(|| visit.parameter("year").parse().ok());
    let this_year = london_day(visit.now).year();
    let year = wanted.or_else(|| years.iter().copied().find(|year| *year >= this_year)).or(years.last().copied());
    let next = years.last().map_or(this_year, |last| last + 1);
    let history = audit_list(Subject { kind: "bank_holiday", id: 0 }, visit.db()).await?;
    let days: Vec<_> = all.into_iter().filter(|row| Some(row.date.year()) == year).collect();
    let page = Page::new("Bank holidays").back("/office", "Office").form(form);
    Ok(visit.page(page, move || {
        let tabs = years
            .iter()
            .map(|known| NavItem::new(format!("/office/bank-holidays?year={known}"), known.to_string(), Some(*known) == year))
            .collect();
        let history: Vec<_> = history
            .into_iter()
            .take(50)
            .map(|row| view! { <li>{format!("{}: {}", short_moment_text(row.at), row.sentence)}</li> })
            .collect();
        view! {
            <Heading text="Bank holidays"/>
            <p class="govuk-body">
                "Cancel-by moments count working days of England and Wales, so they need the bank holidays of every year that they run through. A year that is not here is never guessed: sessions in it cannot be published. Moments that were printed already stay as they are."
            </p>
            <TabsNav label="Years" items=tabs/>
            {days_view(days)}
            <Heading text="Add one day" level=2 size=Size::M/>
            <p class="govuk-body">"For a day that was proclaimed once, such as a coronation. On a weekend enter the substitute day."</p>
            <PostForm action="/office/bank-holidays/day">
                <DateInput legend="Which day?" name="date"/>
                <TextInput label="What it is called" name="name" width=Width::TwoThirds/>
                <Button text="Add this day" kind=ButtonKind::Secondary/>
            </PostForm>
            <Heading text=format!("Add {next} or another year") level=2 size=Size::M/>
            <p class="govuk-body">"Copy them from gov.uk/bank-holidays, England and Wales: all of a year at once, because a year with one day missing counts wrong."</p>
            <PostForm action="/office/bank-holidays/year">
                <TextArea
                    label="One day per line"
                    name="days"
                    rows=9
                    hint=format!("The date, a comma and the name, for example 25 12 {next}, Christmas Day")
                />
                <Button text="Add this year"/>
            </PostForm>
            {(!history.is_empty()).then(|| view! {
                <Details summary="What was changed"><ul class="govuk-list">{history}</ul></Details>
            })}
        }
        .into_any()
    }))
}

fn days_view(days: Vec<crate::entity::bank_holiday::Model>) -> AnyView {
    if days.is_empty() {
        return view! {
            <EmptyState heading="No year is known yet">
                <p class="govuk-body">"Until one is, nothing can be counted in working days."</p>
            </EmptyState>
        }
        .into_any();
    }
    let rows = days
        .into_iter()
        .map(|row| {
            let day = day_text(row.date);
            let href = format!("/office/bank-holidays/{}/remove", row.date);
            vec![
                Cell::text(day.clone()),
                Cell::text(row.name),
                Cell::view(view! { <MoreLink href=href text="Remove" about=day/> }),
            ]
        })
        .collect();
    let head = vec![Head::text("Day"), Head::text("Name"), Head::hidden("Actions")];
    view! { <Table caption="Bank holidays of the year" caption_hidden=true head rows stacked=true/> }.into_any()
}

/// GET /office/bank-holidays/{date}/remove
pub async fn remove_bank_holiday_page(visit: Visit, Path(date): Path<String>) -> PageResult {
    let date: NaiveDate = date.parse().map_err(|_| PageError::NotFound)?;
    let all = store::bank_holiday_list(visit.db()).await?;
    let row = all.into_iter().find(|row| row.date == date).ok_or(PageError::NotFound)?;
    let back = format!("/office/bank-holidays?year={}", date.year());
    let title = format!("Remove {}?", day_text(date));
    let page = Page::new(title.clone()).back(back.clone(), "Bank holidays");
    Ok(visit.page(page, move || {
        view! {
            <Heading text=title caption=row.name.clone()/>
            <p class="govuk-body">
                "It then counts as a working day. Moments that were printed already stay; new bookings get moments that count it."
            </p>
            <PostForm action=format!("/office/bank-holidays/{date}/remove")>
                <ButtonGroup>
                    <Button text="Remove this day" kind=ButtonKind::Warning/>
                    <a class="govuk-link" href=back>"Keep it"</a>
                </ButtonGroup>
            </PostForm>
        }
        .into_any()
    }))
}
