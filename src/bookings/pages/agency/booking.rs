//! One booking of one's own staff, and what a training lead can do with it.

use super::booking_of_lead;
use crate::{
    bookings::{
        pages::{
            conflict,
            give_up::{GiveUpQuestion, give_up_words_about, shown_of_session},
            is_free_of_charges, is_list_over, session_rows, shown_field, state_tag,
        },
        rules::{BookingState, Live, Refusal},
        store::{self, ApprovedBy, BookingDetails, STAFF_SHOWN_MOST, decide_give_up, staff_search},
    },
    calendar::rules::{london_day, moment_text},
    entity::session,
    web::{
        components::*,
        error::{PageError, PageResult},
        form::FormState,
        page::Page,
        search::{Search, WORDS},
        visit::Visit,
    },
};
use axum::extract::Path;
use axum_extra::extract::CookieJar;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use sea_orm::EntityTrait;

/// Whether the viewer's agency is the one to answer a request.
pub async fn may_answer(visit: &Visit, details: &BookingDetails) -> Result<bool, PageError> {
    if details.booking.state != BookingState::Requested {
        return Ok(false);
    }
    let session = session::Entity::find_by_id(details.session.id).one(visit.db()).await?.ok_or(PageError::NotFound)?;
    let approver = store::booking_approver(&details.booking, &session, visit.now, visit.db()).await?;
    Ok(matches!(approver, ApprovedBy::Agency(_)))
}

/// GET /agency/bookings/{reference}
pub async fn agency_booking_page(visit: Visit, Path(reference): Path<String>) -> PageResult {
    let details = booking_of_lead(&visit, &reference).await?;
    let position = match details.booking.state {
        BookingState::Waitlisted => store::waiting_position(&details.booking, visit.db()).await?,
        _ => 0,
    };
    let may_answer = may_answer(&visit, &details).await?;
    let now = visit.now;
    let title = format!("Booking {}", details.booking.reference);
    Ok(visit.page(Page::new(title.clone()).back("/agency/bookings", "Bookings of your staff"), move || {
        let mut rows = vec![SummaryRow::new("Booked for", details.person_name.clone())];
        rows.extend(session_rows(&details.session));
        if let Some(agency) = details.agency_name.clone() {
            rows.push(SummaryRow::new("Agency", agency));
        }
        if let Some(lead) = details.booked_by_name.clone() {
            rows.push(SummaryRow::new("Booked by", lead));
        }
        if details.booking.state == BookingState::Booked {
            rows.push(SummaryRow::new("Cancel free of charge until", moment_text(details.free_until())));
        }
        let true_now = what_is_true(&details, position, may_answer, now);
        view! {
            <Heading text=title caption=details.session.course_title.clone()/>
            <p class="govuk-body">{state_tag(details.booking.state)}</p>
            <InsetText>{true_now}</InsetText>
            {actions(&details, may_answer, now)}
            <SummaryList rows/>
        }
        .into_any()
    }))
}

fn what_is_true(details: &BookingDetails, position: u64, may_answer: bool, now: DateTime<Utc>) -> String {
    let booking = &details.booking;
    let starts = details.session.starts_at;
    match booking.state {
        _ if is_list_over(details, now) => {
            "The session started before a place came free for them. Nothing is charged.".to_owned()
        }
        _ if now >= starts && booking.state.is_live() => match booking.outcome {
            Some(outcome) => format!("{}.", outcome.text()),
            None => "The session has started or is over.".to_owned(),
        },
        BookingState::Requested => {
            let until = moment_text(booking.approval_until.unwrap_or(starts));
            let who =
                if may_answer { "It waits for your approval" } else { "It waits for the training team’s approval" };
            format!("{who} until {until}. A place is held.")
        }
        BookingState::Waitlisted => format!("Number {position} on the waiting list. Waiting is never charged."),
        BookingState::Offered => format!(
            "A place is held until {}. They have been asked by email whether they take it.",
            moment_text(booking.offer_expires_at.unwrap_or(starts))
        ),
        BookingState::Booked if details.was_moved() => {
            "We changed this session after it was booked, so it can be cancelled free of charge until it starts."
                .to_owned()
        }
        BookingState::Booked => "They have the place, and we have written to them.".to_owned(),
        state => format!("{}.", state.text()),
    }
}

fn actions(details: &BookingDetails, may_answer: bool, now: DateTime<Utc>) -> Option<AnyView> {
    if now >= details.session.starts_at {
        return None;
    }
    let base = format!("/agency/bookings/{}", details.booking.reference);
    let give_up = match details.live()? {
        Live::Booked(_) => "Cancel this place",
        Live::Waiting(_) => "Take them off the waiting list",
        Live::Offered(_) => "Decline the place for them",
        Live::Requested(_) if may_answer => "",
        Live::Requested(_) => "Take the request back",
    };
    let answer = may_answer.then(|| {
        view! {
            <PostButton action=format!("{base}/approve") text="Approve" about=details.person_name.clone()/>
            <PostButton action=format!("{base}/decline") text="Decline" about=details.person_name.clone() kind=ButtonKind::Warning asks="Their request ends, the place is free again, and we tell them." reason="Reason (optional). It is kept with the booking for whoever is asked why"/>
        }
    });
    let colleague = (details.booking.state == BookingState::Booked).then(|| {
        view! {
            <ButtonLink href=format!("{base}/colleague") text="Send a colleague instead" kind=ButtonKind::Secondary/>
        }
    });
    let cancel = (!give_up.is_empty()).then(|| {
        view! { <ButtonLink href=format!("{base}/cancel") text=give_up kind=ButtonKind::Secondary/> }
    });
    Some(view! { <ButtonGroup>{answer}{colleague}{cancel}</ButtonGroup> }.into_any())
}

/// GET /agency/bookings/{reference}/cancel
pub async fn agency_cancel_page(visit: Visit, Path(reference): Path<String>) -> PageResult {
    agency_cancel_page_with(&visit, &reference, FormState::default()).await
}

/// The question with a form's errors.
pub async fn agency_cancel_page_with(visit: &Visit, reference: &str, form: FormState) -> PageResult {
    let details = booking_of_lead(visit, reference).await?;
    let back = format!("/agency/bookings/{reference}");
    let meaning = match decide_give_up(details.live(), visit.now) {
        Ok(meaning) => meaning,
        Err(Refusal::NotLive) => return visit.see_other(back),
        Err(refusal) => return Err(conflict(&refusal, back)),
    };
    let suspended = is_free_of_charges(&details.session, visit.db()).await?;
    let [question, consequence, button] = give_up_words_about(&details, meaning, suspended);
    let page = Page::new(question.trim_end_matches('?')).back(back.clone(), "The booking").form(form);
    Ok(visit.page(page, move || {
        let mut rows = vec![SummaryRow::new("Booked for", details.person_name.clone())];
        rows.extend(session_rows(&details.session));
        view! {
            <Heading text=question caption=details.session.course_title.clone()/>
            <GiveUpQuestion meaning consequence rows button back/>
        }
        .into_any()
    }))
}

/// GET /agency/bookings/{reference}/colleague
pub async fn agency_colleague_page(visit: Visit, jar: CookieJar, Path(reference): Path<String>) -> PageResult {
    let form = FormState::default().with_value("request_id", visit.new_request_id()?);
    let form = form.with_value(WORDS, Search::of(&visit, &jar).words);
    agency_colleague_page_with(&visit, &reference, form).await
}

/// The substitute form with its values and errors.
pub async fn agency_colleague_page_with(visit: &Visit, reference: &str, form: FormState) -> PageResult {
    let details = booking_of_lead(visit, reference).await?;
    let back = format!("/agency/bookings/{reference}");
    let (Some(Live::Booked(_)), Some(agency)) = (details.live(), details.booking.agency_id) else {
        return Err(conflict(&Refusal::NotLive, back));
    };
    let shown = shown_of_session(&details);
    let (mut staff, total) = staff_search(agency, form.value(WORDS), london_day(visit.now), visit.db()).await?;
    staff.retain(|person| person.person != details.booking.person_id);
    let page = Page::new("Send a colleague instead").back(back.clone(), "The booking").form(form.clone());
    Ok(visit.page(page, move || {
        let hidden = vec![
            ("request_id".to_owned(), form.value("request_id").to_owned()),
            (WORDS.to_owned(), form.value(WORDS).to_owned()),
            shown_field(&shown),
        ];
        view! {
            <Heading text="Send a colleague instead" caption=details.session.course_title.clone()/>
            <p class="govuk-body">
                {format!("The colleague gets the place of {} and an email with everything. You can do this until the session starts. Nothing is charged for this booking.", details.person_name)}
            </p>
            <SummaryList rows=session_rows(&details.session)/>
            {super::staff_search_view(format!("{back}/colleague/search"), total, STAFF_SHOWN_MOST)}
            <PostForm action=format!("{back}/colleague") hidden=hidden>
                {super::staff_fields("Who comes instead?", staff)}
                <Button text="Give the place to this colleague"/>
            </PostForm>
        }
        .into_any()
    }))
}
