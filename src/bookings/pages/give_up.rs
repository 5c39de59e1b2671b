//! The pages that ask before something is given up or changed.

use super::{booking_of_viewer, conflict, is_free_of_charges, session_rows, shown_field};
use crate::{
    bookings::{
        rules::{Cancelled, Live, Refusal, Shown},
        store::{BookingDetails, GivingUp, decide_give_up},
    },
    calendar::rules::moment_text,
    charges::rules::charge_sentence_until,
    web::{components::*, error::PageResult, form::FormState, page::Page, visit::Visit},
};
use axum::extract::Path;
use leptos::prelude::*;

/// What giving up would mean, in words: the question, the consequence, and the button.
pub(super) fn give_up_words(details: &BookingDetails, meaning: GivingUp, suspended: bool) -> [String; 3] {
    let [question, button] = match meaning {
        GivingUp::Place(_) => ["Cancel your place?", "Cancel this place"],
        GivingUp::Request => ["Take your request back?", "Take the request back"],
        GivingUp::WaitingList => ["Leave the waiting list?", "Leave the waiting list"],
        GivingUp::Offer => ["Decline the place?", "Decline the place"],
    };
    let printed = moment_text(details.free_until());
    let consequence = match meaning {
        GivingUp::Place(Cancelled::InTime) => {
            format!("You are in time: you can cancel free of charge until {printed}. Nothing is charged.")
        }
        GivingUp::Place(Cancelled::FreeBecauseMoved) => {
            "We changed this session after you booked, so nothing is charged.".to_owned()
        }
        GivingUp::Place(Cancelled::Late) if suspended => {
            format!(
                "The time to cancel free of charge ended at {printed}, but charging is suspended for sessions on this day: nothing is charged."
            )
        }
        GivingUp::Place(Cancelled::Late) => format!(
            "This is a late cancellation: the time to cancel free of charge ended at {printed}. {} You can tell us what happened, and you can still send a colleague instead, free of charge.",
            charge_sentence_until(&details.policy, details.booking.cancel_by, details.booking.person_kind)
        ),
        GivingUp::Request => "The place that we hold goes to somebody else. Nothing is charged.".to_owned(),
        GivingUp::WaitingList => {
            "You lose your position. You can join again at the end. Nothing is charged.".to_owned()
        }
        GivingUp::Offer => {
            "Somebody else can have the place, and you leave the waiting list. Nothing is charged.".to_owned()
        }
    };
    [question.to_owned(), consequence, button.to_owned()]
}

/// The same for a training lead who gives up what one of their staff has.
pub(super) fn give_up_words_about(details: &BookingDetails, meaning: GivingUp, suspended: bool) -> [String; 3] {
    let name = &details.person_name;
    let printed = moment_text(details.free_until());
    let [question, consequence, button] = match meaning {
        GivingUp::Place(Cancelled::InTime) => [
            format!("Cancel the place of {name}?"),
            format!("It can be cancelled free of charge until {printed}. Nothing is charged, and we tell {name}."),
            "Cancel this place".to_owned(),
        ],
        GivingUp::Place(Cancelled::FreeBecauseMoved) => [
            format!("Cancel the place of {name}?"),
            format!("We changed this session after it was booked, so nothing is charged. We tell {name}."),
            "Cancel this place".to_owned(),
        ],
        GivingUp::Place(Cancelled::Late) if suspended => [
            format!("Cancel the place of {name}?"),
            format!(
                "The time to cancel free of charge ended at {printed}, but charging is suspended for sessions on this day: nothing is charged."
            ),
            "Cancel this place".to_owned(),
        ],
        GivingUp::Place(Cancelled::Late) => [
            format!("Cancel the place of {name}?"),
            format!(
                "This is a late cancellation: the time to cancel free of charge ended at {printed}. {} You can still send a colleague instead, free of charge.",
                charge_sentence_until(&details.policy, details.booking.cancel_by, details.booking.person_kind)
            ),
            "Cancel this place".to_owned(),
        ],
        GivingUp::Request => [
            format!("Take the request of {name} back?"),
            "The place that is held goes to somebody else. Nothing is charged.".to_owned(),
            "Take the request back".to_owned(),
        ],
        GivingUp::WaitingList => [
            format!("Take {name} off the waiting list?"),
            "They lose their position and can join again at the end. Nothing is charged.".to_owned(),
            "Take them off the list".to_owned(),
        ],
        GivingUp::Offer => [
            format!("Decline the place for {name}?"),
            "Somebody else can have the place, and they leave the waiting list. Nothing is charged.".to_owned(),
            "Decline the place".to_owned(),
        ],
    };
    [question, consequence, button]
}

/// GET /bookings/{reference}/cancel
pub async fn cancel_page(visit: Visit, Path(reference): Path<String>) -> PageResult {
    cancel_page_with(&visit, &reference, FormState::default()).await
}

/// The question with a form's errors. What was read goes with the answer, as the meaning's word.
pub async fn cancel_page_with(visit: &Visit, reference: &str, form: FormState) -> PageResult {
    let details = booking_of_viewer(visit, reference).await?;
    let back = format!("/bookings/{reference}");
    let meaning = match decide_give_up(details.live(), visit.now) {
        Ok(meaning) => meaning,
        Err(Refusal::NotLive) => return visit.see_other(back),
        Err(refusal) => return Err(conflict(&refusal, back)),
    };
    let suspended = is_free_of_charges(&details.session, visit.db()).await?;
    let [question, consequence, button] = give_up_words(&details, meaning, suspended);
    let page = Page::new(question.trim_end_matches('?')).back(back.clone(), "The booking").form(form);
    Ok(visit.page(page, move || {
        let course = details.session.course_title.clone();
        view! {
            <Heading text=question caption=course/>
            <GiveUpQuestion meaning consequence rows=session_rows(&details.session) button back/>
        }
        .into_any()
    }))
}

/// What follows from giving up; nobody overlooks what may cost something.
pub(super) fn consequence_view(meaning: GivingUp, consequence: String) -> AnyView {
    if meaning == GivingUp::Place(Cancelled::Late) {
        view! { <WarningText text=consequence/> }.into_any()
    } else {
        view! { <p class="govuk-body">{consequence}</p> }.into_any()
    }
}

/// What giving a booking up means, and the button that does it.
#[component]
pub(super) fn GiveUpQuestion(
    meaning: GivingUp,
    consequence: String,
    rows: Vec<SummaryRow>,
    button: String,
    /// The booking's page.
    back: String,
) -> impl IntoView {
    // What the button was said to do: it does nothing else, whatever has become of the booking meanwhile.
    let hidden = vec![("meaning".to_owned(), meaning.word().to_owned())];
    view! {
        {consequence_view(meaning, consequence)}
        <SummaryList rows/>
        <PostForm action=format!("{back}/cancel") hidden>
            <ButtonGroup>
                <Button text=button kind=ButtonKind::Warning/>
                <a class="govuk-link" href=back>"Keep it"</a>
            </ButtonGroup>
        </PostForm>
    }
}

/// What a form shows that hands a place on as it is: the session, and no rule to accept.
pub(super) fn shown_of_session(details: &BookingDetails) -> Shown {
    Shown { session: details.session.id, version: details.session.version, rule: None }
}

/// GET /bookings/{reference}/colleague
pub async fn colleague_page(visit: Visit, Path(reference): Path<String>) -> PageResult {
    let form = FormState::default().with_value("request_id", visit.new_request_id()?);
    colleague_page_with(&visit, &reference, form).await
}

/// The substitute form with its values and errors.
pub async fn colleague_page_with(visit: &Visit, reference: &str, form: FormState) -> PageResult {
    let details = booking_of_viewer(visit, reference).await?;
    let back = format!("/bookings/{reference}");
    let Some(Live::Booked(_)) = details.live() else { return Err(conflict(&Refusal::NotLive, back)) };
    let shown = shown_of_session(&details);
    let page = Page::new("Send a colleague instead").back(back.clone(), "The booking").form(form.clone());
    Ok(visit.page(page, move || {
        let hidden =
            vec![("request_id".to_owned(), form.value("request_id").to_owned()), shown_field(&shown)];
        view! {
            <Heading text="Send a colleague instead" caption=details.session.course_title.clone()/>
            <p class="govuk-body">
                "Your colleague gets the place and an email with everything. You can do this until the session starts. Nothing is charged for your booking."
            </p>
            <SummaryList rows=session_rows(&details.session)/>
            <PostForm action=format!("{back}/colleague") hidden=hidden>
                <TextInput label="Your colleague’s full name" name="name"/>
                <TextInput label="Your colleague’s email address" name="email" kind="email"/>
                <Button text="Give my place to this colleague"/>
            </PostForm>
        }
        .into_any()
    }))
}
