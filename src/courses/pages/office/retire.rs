//! Asking before a course is retired.

use crate::{
    courses::{
        rules::{CourseId, CourseStatus},
        store,
    },
    sessions::store::{UpcomingFilter, session_list_upcoming},
    web::{
        components::*,
        error::{PageError, PageResult},
        page::Page,
        visit::Visit,
    },
};
use axum::extract::Path;
use leptos::prelude::*;

/// GET /office/courses/{id}/retire
pub async fn retire_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let details = store::course_details(CourseId(id), visit.db()).await?.ok_or(PageError::NotFound)?;
    let course = details.course;
    if course.status != CourseStatus::Live {
        return Err(PageError::Conflict(format!(
            "“{}” is not shown to visitors, so it cannot be retired.",
            course.title
        )));
    }
    let filter = UpcomingFilter { courses: vec![course.id], ..Default::default() };
    let upcoming = session_list_upcoming(&filter, visit.now, visit.db()).await?.len();
    let action = format!("/office/courses/{id}/retire");
    let back = format!("/office/courses/{id}");
    let title = format!("Retire “{}”?", course.title);
    Ok(visit.page(Page::new(title.clone()).back(back.clone(), course.title), move || {
        let sessions = match upcoming {
            0 => "It has no upcoming sessions.".to_owned(),
            1 => "It has 1 upcoming session. People with a place keep it, but nobody finds it in the catalogue any more. Cancel the session if it will not take place.".to_owned(),
            count => format!("It has {count} upcoming sessions. People with a place keep it, but nobody finds them in the catalogue any more. Cancel those that will not take place."),
        };
        view! {
            <Heading text=title/>
            <p class="govuk-body">"The course leaves the catalogue. Its history stays, and you can bring it back at any time."</p>
            <p class="govuk-body">{sessions}</p>
            <PostForm action=action>
                <ButtonGroup>
                    <Button text="Retire this course" kind=ButtonKind::Warning/>
                    <a class="govuk-link" href=back>"Keep it"</a>
                </ButtonGroup>
            </PostForm>
        }
        .into_any()
    }))
}
