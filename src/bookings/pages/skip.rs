//! The office asks for a reason before somebody is skipped.

use super::{booking_of_viewer, session_rows};
use crate::{
    bookings::{
        rules::{BookingState, Refusal},
        store::waiting_position,
    },
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

/// GET /office/bookings/{reference}/skip
pub async fn skip_page(visit: Visit, Path(reference): Path<String>) -> PageResult {
    skip_page_with(&visit, &reference, FormState::default()).await
}

/// The page with the form's values and errors.
pub async fn skip_page_with(visit: &Visit, reference: &str, form: FormState) -> PageResult {
    let details = booking_of_viewer(visit, reference).await?;
    if details.booking.state != BookingState::Waitlisted {
        return Err(PageError::Conflict(format!("{}.", Refusal::NotWaiting)));
    }
    let position = waiting_position(&details.booking, visit.db()).await?;
    let since = details.booking.waiting_since.map(|since| since.to_rfc3339()).unwrap_or_default();
    let back = format!("/bookings/{reference}");
    let title = "Move to the end of the waiting list?";
    let page = Page::new(title).back(back.clone(), "The booking").form(form);
    Ok(visit.page(page, move || {
        let mut rows = vec![
            SummaryRow::new("Who", details.person_name.clone()),
            SummaryRow::new("Position now", position.to_string()),
        ];
        rows.extend(session_rows(&details.session));
        view! {
            <Heading text=title caption=details.session.course_title.clone()/>
            <WarningText text="Nobody is skipped without a reason. They read it, and it is kept with your name."/>
            <SummaryList rows/>
            <PostForm action=format!("/office/bookings/{}/skip", details.booking.reference) hidden=vec![("since".to_owned(), since)]>
                <TextInput label="Why are they skipped?" name="reason"/>
                <ButtonGroup>
                    <Button text="Move to the end of the list" kind=ButtonKind::Warning/>
                    <a class="govuk-link" href=back>"Leave the list as it is"</a>
                </ButtonGroup>
            </PostForm>
        }
        .into_any()
    }))
}
