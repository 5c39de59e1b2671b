//! Moving to another date of the same course, signed in or behind a personal link.

use super::{booking_of_viewer, conflict, shown_field};
use crate::{
    bookings::{
        rules::{Live, Refusal, Shown},
        store::{BookingDetails, sessions_to_move_to, shown_under},
    },
    calendar::{
        notice,
        rules::{moment_text, span_text},
    },
    charges::rules::{SUSPENDED, charge_sentence_until},
    sessions::store::session_terms_list,
    web::{
        components::*,
        error::{PageError, PageResult},
        form::FormState,
        page::Page,
        visit::Visit,
    },
};
use axum::extract::Path;
use leptos::prelude::*;

/// The other dates on which somebody can have a place now.
pub(super) struct DatesToMoveTo {
    choices: Vec<Choice>,
    shown: Vec<Shown>,
}

impl DatesToMoveTo {
    /// Loads them for a booking, each with the moment and the rule that a move would bring.
    pub(super) async fn load(visit: &Visit, details: &BookingDetails) -> Result<Self, PageError> {
        let course = details.session.course_id;
        let others = sessions_to_move_to(&details.booking, course, visit.now, visit.db()).await?;
        let starts: Vec<_> = others.iter().map(|other| other.starts_at).collect();
        let terms = session_terms_list(&starts, visit.now, visit.db()).await?;
        let (mut choices, mut shown) = (Vec::new(), Vec::new());
        for (other, terms) in others.into_iter().zip(terms) {
            // Where the moment cannot be worked out nothing can be booked either.
            let (Some(Ok(cut_off)), Some(policy)) = (terms.cancel_by(other.starts_at), terms.policy) else { continue };
            let cancel_by = notice::or_grace(cut_off, visit.now, other.starts_at);
            shown.push(shown_under(&terms, other.id, other.version, other.starts_at));
            let place = other.venue_name.unwrap_or_else(|| "Online".to_owned());
            let rule = if terms.suspended {
                SUSPENDED.to_owned()
            } else {
                charge_sentence_until(&policy, cancel_by, details.booking.person_kind)
            };
            let hint = format!("{place}. You can cancel free of charge until {}. {rule}", moment_text(cancel_by));
            choices.push(Choice::new(other.id.to_string(), span_text(other.starts_at, other.ends_at)).hint(hint));
        }
        Ok(Self { choices, shown })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.choices.is_empty()
    }

    /// The form that moves the place. Only the person themselves is asked to accept the rule of the new date.
    pub(super) fn form(self, action: String, mut hidden: Vec<(String, String)>, is_own: bool) -> AnyView {
        hidden.extend(self.shown.iter().map(shown_field));
        view! {
            <PostForm action=action hidden=hidden>
                <Radios legend="Which date suits you?" name="session" options=self.choices/>
                {is_own.then(|| view! {
                    <Tick name="accept" label="I have read the cancellation rule of the new date and accept it"/>
                })}
                <Button text="Move to this date"/>
            </PostForm>
        }
        .into_any()
    }
}

/// GET /bookings/{reference}/move
pub async fn move_page(visit: Visit, Path(reference): Path<String>) -> PageResult {
    let form = FormState::default().with_value("request_id", visit.new_request_id()?);
    move_page_with(&visit, &reference, form).await
}

/// The other dates of the course, with a form's values and errors.
pub async fn move_page_with(visit: &Visit, reference: &str, form: FormState) -> PageResult {
    let details = booking_of_viewer(visit, reference).await?;
    let back = format!("/bookings/{reference}");
    let Some(Live::Booked(place)) = details.live() else { return Err(conflict(&Refusal::NotLive, back)) };
    if let Err(refusal) = place.transfer(visit.now) {
        return Err(conflict(&refusal, back));
    }
    let dates = DatesToMoveTo::load(visit, &details).await?;
    let is_own = visit.person()?.id == details.booking.person_id;
    let page = Page::new("Move to another date").back(back.clone(), "The booking").form(form.clone());
    Ok(visit.page(page, move || {
        let hidden = vec![("request_id".to_owned(), form.value("request_id").to_owned())];
        let choose = if dates.is_empty() {
            view! {
                <EmptyState heading="No other date has free places">
                    <p class="govuk-body">"You keep your place on this date. Look again later, or send a colleague."</p>
                </EmptyState>
            }
            .into_any()
        } else {
            dates.form(format!("{back}/move"), hidden, is_own)
        };
        view! {
            <Heading text="Move to another date" caption=details.session.course_title.clone()/>
            {choose}
        }
        .into_any()
    }))
}
