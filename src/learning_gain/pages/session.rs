//! A session's learning gain, for its own trainers and the office. Never a named answer.

use super::item::{data_view, item_view};
use crate::{
    calendar::rules::span_text,
    learning_gain::store,
    reports::store::is_trainer_of,
    sessions::rules::SessionId,
    surveys::{
        rules::Wave,
        store::{finished_count, times_of},
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

/// GET /training/sessions/{id}/gain
pub async fn session_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let id = SessionId(id);
    let (session, course) = store::session_with_course(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let is_theirs = visit.viewer.is_office() || is_trainer_of(visit.person()?.id, id, visit.db()).await?;
    if !is_theirs {
        return Err(PageError::NotFound);
    }
    let items = store::session_items(&session, visit.db()).await?;
    let (before, places) = finished_count(id, Wave::Before, visit.db()).await?;
    let (after, _) = finished_count(id, Wave::After, visit.db()).await?;
    let is_open = visit.now < times_of(&session).after_closes();
    let page =
        Page::new(format!("Learning gain: {}", course.title)).back(format!("/training/sessions/{id}"), "The session");
    Ok(visit.page(page, move || {
        let heading = (!items.is_empty()).then(|| view! { <Heading text="Each statement" level=2 size=Size::M/> });
        let base = format!("/training/sessions/{id}/gain");
        let data = (!items.is_empty()).then(|| {
            view! {
                {data_view(&base, "", "These figures")}
                {data_view(&format!("/training/sessions/{id}/spread"), "", "Answers before and after")}
            }
        });
        let nothing = items.is_empty().then(|| {
            let next = if is_open {
                "It appears when five people who attended have answered both before and after. Showing the code again, or a word at the end of the session, helps most."
            } else {
                "Fewer than five people who attended answered both before and after. Their answers count in the course's gain once enough others are added."
            };
            view! {
                <EmptyState heading="Not enough answers yet"><p class="govuk-body">{next}</p></EmptyState>
            }
        });
        let items: Vec<_> = items.iter().map(|item| item_view(item, None)).collect();
        let code = session.after_code.clone().filter(|_| is_open).map(|code| {
            SummaryRow::new("Code for the end", format!("{code}, at /answer"))
        });
        let mut rows = vec![
            SummaryRow::new("Answered before", format!("{before} of {places} with a place")),
            SummaryRow::new("Answered after", format!("{after} of {places} with a place")),
        ];
        rows.extend(code);
        view! {
            <Heading text="Learning gain" caption=course.title.clone()/>
            <p class="govuk-body">{span_text(session.starts_at, session.ends_at)}</p>
            <SummaryList rows/>
            {nothing}
            {heading}
            {items}
            {data}
            <p class="govuk-body">
                "One session says little about a course: the next group can be quite different. "
                <a class="govuk-link" href="/learning-gain/how">"How learning gain is computed"</a>
            </p>
        }
        .into_any()
    }))
}
