//! My bookings: what is to come, what I wait for, and what has been.

use super::outcome_or_state;
use crate::{
    bookings::{
        rules::BookingState,
        store::{BookingDetails, PAST_PER_PAGE, booking_list_past, booking_list_to_come},
    },
    calendar::rules::{short_moment_text, span_text},
    web::{components::*, error::PageResult, page::Page, visit::Visit},
};
use leptos::prelude::*;

/// GET /bookings
pub async fn my_bookings_page(visit: Visit) -> PageResult {
    let person = visit.person()?.id;
    let live = booking_list_to_come(person, visit.now, visit.db()).await?;
    let number = visit.page_number();
    let (past, total) = booking_list_past(person, number, visit.now, visit.db()).await?;
    let pages = total.div_ceil(PAST_PER_PAGE);
    Ok(visit.page(Page::new("My bookings"), move || my_bookings_body(live, past, (number, pages))))
}

fn my_bookings_body(live: Vec<BookingDetails>, past: Vec<BookingDetails>, (page, pages): (u64, u64)) -> AnyView {
    if live.is_empty() && past.is_empty() {
        return view! {
            <Heading text="My bookings"/>
            <EmptyState heading="You have not booked anything yet">
                <p class="govuk-body">"Find a course, choose a date, and book a place."</p>
                <ButtonLink href="/courses" text="Find a course"/>
            </EmptyState>
        }
        .into_any();
    }
    let (waiting, upcoming): (Vec<_>, Vec<_>) =
        live.into_iter().partition(|details| details.booking.state == BookingState::Waitlisted);
    let waiting = (!waiting.is_empty()).then(|| {
        view! {
            <Heading text="Waiting list" level=2 size=Size::M/>
            <CardList>{cards(waiting)}</CardList>
        }
    });
    let past = (!past.is_empty()).then(|| past_table(past));
    view! {
        <Heading text="My bookings"/>
        <Heading text="To come" level=2 size=Size::M/>
        {if upcoming.is_empty() {
            view! {
                <p class="govuk-body">"Nothing is booked. "<a class="govuk-link" href="/courses">"Find a course"</a>"."</p>
            }.into_any()
        } else {
            view! { <CardList>{cards(upcoming)}</CardList> }.into_any()
        }}
        {waiting}
        {past}
        <Pagination href="/bookings" page pages/>
    }
    .into_any()
}

fn cards(list: Vec<BookingDetails>) -> Vec<AnyView> {
    list.into_iter()
        .map(|details| {
            let booking = &details.booking;
            let mut facts = vec![span_text(details.session.starts_at, details.session.ends_at)];
            match booking.state {
                BookingState::Booked => {
                    facts.push(format!("Cancel free until {}", short_moment_text(details.free_until())));
                }
                BookingState::Offered => {
                    let until = booking.offer_expires_at.unwrap_or(details.session.starts_at);
                    facts.push(format!("Answer by {}", short_moment_text(until)));
                }
                _ => {}
            }
            facts.push(format!("Reference {}", booking.reference));
            let colour = match booking.state {
                BookingState::Booked => Colour::Green,
                BookingState::Offered => Colour::Orange,
                _ => Colour::Purple,
            };
            view! {
                <Card
                    title=details.session.course_title.clone()
                    href=format!("/bookings/{}", booking.reference)
                    level=3
                    tags=vec![(booking.state.text().to_owned(), colour)]
                    facts=facts
                />
            }
            .into_any()
        })
        .collect()
}

fn past_table(list: Vec<BookingDetails>) -> AnyView {
    let rows = list
        .into_iter()
        .map(|details| {
            let booking = &details.booking;
            vec![
                Cell::link(format!("/bookings/{}", booking.reference), details.session.course_title.clone()),
                Cell::text(short_moment_text(details.session.starts_at)),
                Cell::view(outcome_or_state(booking)),
            ]
        })
        .collect();
    let head = vec![Head::text("Course"), Head::text("When"), Head::text("Outcome")];
    view! {
        <Heading text="Past and cancelled" level=2 size=Size::M/>
        <Table caption="Past and cancelled bookings" caption_hidden=true head=head rows=rows stacked=true/>
    }
    .into_any()
}
