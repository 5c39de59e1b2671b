//! The page behind a personal link in a mail: it shows the booking and has buttons. Opening it changes nothing, because
//! mail scanners open links too.

use super::{
    LIST_OVER,
    booking::ended_text,
    give_up::{consequence_view, give_up_words, shown_of_session},
    if_taken_view, is_free_of_charges, is_list_over,
    other_date::DatesToMoveTo,
    other_dates, session_rows, shown_field, state_tag,
};
use crate::{
    bookings::{
        rules::{BookingState, Live, Refusal},
        store::{self, BookingDetails, IfTaken, decide_give_up},
    },
    calendar::rules::moment_text,
    messages::bookings::reference_of_link,
    web::{
        components::*,
        error::{PageError, PageResult},
        form::FormState,
        page::Page,
        visit::Visit,
    },
};
use axum::extract::Path;
use chrono::{DateTime, Duration, Utc};
use leptos::prelude::*;

/// A link works until this long after the session.
const LINK_ENDS_AFTER: Duration = Duration::days(7);

/// The booking behind a link. Fails with `NotFound` for a forged one, and with a sentence for one that has ended.
pub async fn booking_of_link(visit: &Visit, token: &str) -> Result<BookingDetails, PageError> {
    let reference = reference_of_link(&visit.app.secrets, token).ok_or(PageError::NotFound)?;
    let booking = store::booking_by_reference(reference, visit.db()).await?.ok_or(PageError::NotFound)?;
    let details = store::booking_details(booking, visit.db()).await?.ok_or(PageError::NotFound)?;
    if visit.now > details.session.ends_at + LINK_ENDS_AFTER {
        return Err(PageError::Conflict(
            "This link has ended, because the session is over. Sign in to see your bookings.".into(),
        ));
    }
    Ok(details)
}

/// GET /bookings/link/{token}
pub async fn link_page(visit: Visit, Path(token): Path<String>) -> PageResult {
    let form = FormState::default().with_value("request_id", visit.new_request_id()?);
    link_page_with(&visit, &token, form).await
}

/// The link's page with the substitute form's values and errors.
pub async fn link_page_with(visit: &Visit, token: &str, form: FormState) -> PageResult {
    let details = booking_of_link(visit, token).await?;
    let suspended = is_free_of_charges(&details.session, visit.db()).await?;
    let position = match details.booking.state {
        BookingState::Waitlisted if !is_list_over(&details, visit.now) => {
            store::waiting_position(&details.booking, visit.db()).await?
        }
        _ => 0,
    };
    let now = visit.now;
    let taken = store::if_taken(&details, now, visit.db()).await?;
    let can_move = match details.live() {
        Some(Live::Booked(place)) => place.transfer(now).is_ok(),
        _ => false,
    };
    let dates = if can_move { Some(DatesToMoveTo::load(visit, &details).await?) } else { None };
    let action = format!("/bookings/link/{token}");
    let page = Page::new("Your booking").form(form.clone());
    Ok(visit.page(page, move || {
        let giving_up =
            decide_give_up(details.live(), now).map(|meaning| (meaning, give_up_words(&details, meaning, suspended)));
        view! {
            <Heading text="Your booking" caption=details.session.course_title.clone()/>
            <p class="govuk-body">{state_tag(details.booking.state)}</p>
            <SummaryList rows=session_rows(&details.session)/>
            {position_view(position)}
            {taken.map(|taken| take_view(&details, taken, &action))}
            {match giving_up {
                _ if is_list_over(&details, now) => view! {
                    <InsetText>{LIST_OVER}</InsetText>
                    {other_dates(&details.session)}
                }.into_any(),
                Ok((meaning, [question, consequence, button])) => view! {
                    <Heading text=question level=2 size=Size::M/>
                    {consequence_view(meaning, consequence)}
                    <PostButton
                        action=action.clone()
                        text=button
                        kind=ButtonKind::Warning
                        hidden=vec![
                            ("move".to_owned(), "give-up".to_owned()),
                            ("meaning".to_owned(), meaning.word().to_owned()),
                        ]
                    />
                }.into_any(),
                Err(Refusal::NotLive) => {
                    let ended = ended_text(&details, suspended);
                    view! {
                        <InsetText>{ended}</InsetText>
                        {after_the_end(&details, now)}
                    }.into_any()
                },
                Err(refusal) => view! { <InsetText>{format!("{refusal}.")}</InsetText> }.into_any(),
            }}
            {colleague_view(&details, &action, &form, now)}
            {dates.map(|dates| move_view(&details, dates, &action, &form))}
        }
        .into_any()
    }))
}

/// What whoever has no booking any more can do: ask for a place again while the session is ahead, or look at others.
fn after_the_end(details: &BookingDetails, now: DateTime<Utc>) -> AnyView {
    if details.booking.state == BookingState::SessionCancelled || now >= details.session.starts_at {
        return other_dates(&details.session);
    }
    let session = format!("/sessions/{}", details.session.id);
    view! {
        <p class="govuk-body">
            "This booking has ended, and there is nothing to do here. Whoever wants to come after all can ask for a place again: "
            <a class="govuk-link" href=session>"see the session"</a>
            "."
        </p>
    }
    .into_any()
}

/// Where somebody stands on the waiting list; 0 is not on it.
fn position_view(position: u64) -> Option<AnyView> {
    let text = format!(
        "You are number {position} on the waiting list. Places are offered in the order of the list. Waiting is never charged."
    );
    (position > 0).then(|| view! { <InsetText>{text}</InsetText> }.into_any())
}

/// An offer to answer, or on the last day a free place to take.
fn take_view(details: &BookingDetails, taken: Result<IfTaken, Refusal>, action: &str) -> AnyView {
    let taken = match taken {
        Ok(taken) => taken,
        Err(refusal) => return view! { <p class="govuk-body">{format!("{refusal}.")}</p> }.into_any(),
    };
    let (heading, sentence, button) = match details.live() {
        Some(Live::Offered(offer)) => {
            ("A place is held for you", format!("Until {}.", moment_text(offer.expires)), "Accept the place")
        }
        _ => (
            "Take a free place",
            "The first person to take a free place has it.".to_owned(),
            "Take a place if one is free",
        ),
    };
    let hidden = vec![("move".to_owned(), "accept".to_owned()), shown_field(&taken.shown)];
    view! {
        <Heading text=heading level=2 size=Size::M/>
        <p class="govuk-body">{sentence}</p>
        {if_taken_view(&taken)}
        <PostButton action=action.to_owned() text=button hidden=hidden/>
    }
    .into_any()
}

/// The other dates of the course, as on the page of whoever is signed in.
fn move_view(details: &BookingDetails, dates: DatesToMoveTo, action: &str, form: &FormState) -> AnyView {
    let choose = if dates.is_empty() {
        view! {
            <p class="govuk-body">"No other date has free places at the moment. You keep your place on this date."</p>
            {other_dates(&details.session)}
        }
        .into_any()
    } else {
        let hidden = vec![
            ("move".to_owned(), "other-date".to_owned()),
            ("request_id".to_owned(), form.value("request_id").to_owned()),
        ];
        dates.form(action.to_owned(), hidden, true)
    };
    view! {
        <Heading text="Move to another date" level=2 size=Size::M/>
        {choose}
    }
    .into_any()
}

fn colleague_view(details: &BookingDetails, action: &str, form: &FormState, now: DateTime<Utc>) -> Option<AnyView> {
    let Some(Live::Booked(_)) = details.live() else { return None };
    if now >= details.session.starts_at {
        return None;
    }
    let hidden = vec![
        ("move".to_owned(), "colleague".to_owned()),
        ("request_id".to_owned(), form.value("request_id").to_owned()),
        shown_field(&shown_of_session(details)),
    ];
    let view = view! {
        <Heading text="Send a colleague instead" level=2 size=Size::M/>
        <p class="govuk-body">"Your colleague gets the place. Nothing is charged for your booking."</p>
        <PostForm action=action.to_owned() hidden=hidden>
            <TextInput label="Your colleague’s full name" name="name"/>
            <TextInput label="Your colleague’s email address" name="email" kind="email"/>
            <Button text="Give my place to this colleague" kind=ButtonKind::Secondary/>
        </PostForm>
    };
    Some(view.into_any())
}
