//! Asking before a session is called off.

use crate::{
    calendar::rules::{day_text, london_day},
    sessions::{
        rules::{SessionId, TrainerState, cancel_refusal},
        store,
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

/// GET /office/sessions/{id}/cancel
pub async fn cancel_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    cancel_page_again(visit, SessionId(id), FormState::default()).await
}

/// The question, as answered so far: how many people will be told, and why.
pub async fn cancel_page_again(visit: Visit, id: SessionId, form: FormState) -> PageResult {
    let details = store::session_details(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    if let Some(sentence) = cancel_refusal(&details, visit.now) {
        return Err(PageError::Conflict(sentence));
    }
    let (places, waiting) = store::participant_counts(id, visit.db()).await?;
    let asked = |state| matches!(state, TrainerState::Offered | TrainerState::Accepted);
    let trainers = details.trainers.iter().filter(|trainer| asked(trainer.state)).count() as u64;
    let back = format!("/office/sessions/{id}");
    let title = format!("Cancel “{}” on {}?", details.course_title, day_text(london_day(details.starts_at)));
    Ok(visit.page(Page::new(title.clone()).back(back.clone(), "The session").form(form), move || {
        let people = |count: u64, one: &str, many: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {many}"),
        };
        let told = vec![
            people(places, "person with a place", "people with a place"),
            people(waiting, "person on the waiting list", "people on the waiting list"),
            people(trainers, "trainer", "trainers"),
        ];
        let told: Vec<_> = told.into_iter().map(|text| view! { <li>{text}</li> }).collect();
        view! {
            <Heading text=title/>
            <p class="govuk-body">"These people are told by e-mail, with the reason:"</p>
            <ul class="govuk-list govuk-list--bullet">{told}</ul>
            <p class="govuk-body">
                "Their bookings end and nobody is charged. A cancelled session cannot be brought back, but you can copy it to a new date."
            </p>
            <PostForm action=format!("{back}/cancel")>
                <TextArea label="Reason" name="reason" hint="Everybody who is told reads this. Do not name anybody’s health or family reasons." rows=3/>
                <ButtonGroup>
                    <Button text="Cancel the session and tell everybody" kind=ButtonKind::Warning/>
                    <a class="govuk-link" href=back.clone()>"Keep the session"</a>
                </ButtonGroup>
            </PostForm>
        }
        .into_any()
    }))
}
