//! Adding and changing a course.

use super::list::status_tag;
use crate::{
    courses::{
        rules::{CourseId, CourseKind, CourseStatus},
        store::{self, CourseChoices, CourseDetails},
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

/// GET /office/courses/new
pub async fn new_course_page(visit: Visit) -> PageResult {
    new_course_again(visit, FormState::default()).await
}

/// The page for a new course, as typed so far.
pub async fn new_course_again(visit: Visit, form: FormState) -> PageResult {
    let choices = store::course_choices(visit.db()).await?;
    let page = Page::new("Add a course").back("/office/courses", "Courses").form(form);
    Ok(visit.page(page, move || {
        view! {
            <Heading text="Add a course"/>
            <PostForm action="/office/courses/new">
                {fields(choices, None)}
                <ButtonGroup>
                    <Button text="Save and show to everyone" name="status" value="live"/>
                    <Button text="Save as draft" kind=ButtonKind::Secondary name="status" value="draft"/>
                </ButtonGroup>
            </PostForm>
        }
        .into_any()
    }))
}

/// GET /office/courses/{id}
pub async fn change_course_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let details = store::course_details(CourseId(id), visit.db()).await?.ok_or(PageError::NotFound)?;
    let form = filled_in(&details);
    changed_course(visit, details, form).await
}

/// The page for a course that is being changed, as typed so far, over what is stored now.
pub async fn changed_course_again(visit: Visit, id: CourseId, form: FormState) -> PageResult {
    let details = store::course_details(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    changed_course(visit, details, form).await
}

async fn changed_course(visit: Visit, details: CourseDetails, form: FormState) -> PageResult {
    let choices = store::course_choices(visit.db()).await?;
    let page = Page::new(format!("Change {}", details.course.title)).back("/office/courses", "Courses").form(form);
    Ok(visit.page(page, move || {
        let course = details.course;
        let action = format!("/office/courses/{}", course.id);
        let (state, colour) = status_tag(course.status);
        let public = (course.status != CourseStatus::Draft).then(|| {
            let href = format!("/courses/{}", course.slug);
            view! { <a class="govuk-link" href=href>"See it as visitors do"</a> }
        });
        let new_session = (course.status == CourseStatus::Live && course.kind == CourseKind::Live).then(|| {
            let href = format!("/office/sessions/new?course={}", course.id);
            view! { <a class="govuk-link" href=href>"Add a session"</a> }
        });
        view! {
            <Heading text=course.title.clone() caption="Change a course"/>
            <p class="govuk-body"><Tag text=state colour=colour/>" "{public}" "{new_session}</p>
            <PostForm action=action.clone() hidden=vec![("version".into(), course.version.to_string())]>
                {fields(choices, Some(course.id))}
                {saving(course.status)}
            </PostForm>
            {(course.status == CourseStatus::Live).then(|| retiring(&action))}
        }
        .into_any()
    }))
}

/// The form's buttons. What visitors do not see yet can be saved and shown in one step, so that nothing that was typed
/// is left behind.
fn saving(status: CourseStatus) -> AnyView {
    let (state, show) = match status {
        CourseStatus::Draft => ("Visitors do not see this course yet.", "Save and show to everyone"),
        CourseStatus::Retired => {
            ("This course is retired and not in the catalogue.", "Save and show to everyone again")
        }
        CourseStatus::Live => return view! { <Button text="Save changes"/> }.into_any(),
    };
    view! {
        <p class="govuk-body">{state}</p>
        <ButtonGroup>
            <Button text="Save changes"/>
            <Button text=show kind=ButtonKind::Secondary name="status" value="live"/>
        </ButtonGroup>
    }
    .into_any()
}

fn retiring(action: &str) -> impl IntoView + use<> {
    view! {
        <Heading text="Retire this course" level=2 size=Size::M/>
        <p class="govuk-body">"A retired course leaves the catalogue. Its history stays, and you can bring it back."</p>
        <ButtonLink href=format!("{action}/retire") text="Retire" kind=ButtonKind::Secondary/>
    }
}

fn filled_in(details: &CourseDetails) -> FormState {
    let course = &details.course;
    let kind = match course.kind {
        CourseKind::Live => "live",
        CourseKind::Recording => "recording",
        CourseKind::ELearning => "e_learning",
    };
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let mut form = FormState::default()
        .with_value("title", &course.title)
        .with_value("summary", &course.summary)
        .with_value("description", &course.description)
        .with_value("topic", &course.topic)
        .with_value("level", &course.level)
        .with_value("kind", kind)
        .with_value("hours", (course.duration_minutes / 60).to_string())
        .with_value("minutes", (course.duration_minutes % 60).to_string())
        .with_value("validity", number(course.validity_months.map(i64::from)))
        .with_value("priority", course.board_priority.clone().unwrap_or_default())
        .with_value("resource", course.resource_url.clone().unwrap_or_default())
        .with_value("instrument", number(course.instrument_id.map(|id| id.0)))
        .with_value("outcomes", details.outcomes.join("\n"))
        .with_value("audiences", details.audiences.join("\n"));
    for required in &details.prerequisites {
        form = form.with_value("prerequisites", required.id.to_string());
    }
    for point in &details.learning_points {
        form = form.with_value("learning-points", point.id.to_string());
    }
    form
}

fn fields(choices: CourseChoices, own: Option<CourseId>) -> impl IntoView {
    let courses: Vec<Choice> = choices
        .courses
        .into_iter()
        .filter(|link| Some(link.id) != own)
        .map(|link| Choice::new(link.id.to_string(), link.title))
        .collect();
    let points: Vec<Choice> =
        choices.learning_points.into_iter().map(|point| Choice::new(point.id.to_string(), point.title)).collect();
    let instruments: Vec<Choice> = choices
        .instruments
        .into_iter()
        .map(|row| Choice::new(row.id.to_string(), format!("{}, version {}", row.title, row.version)))
        .collect();
    let kinds = vec![
        Choice::new("live", "Live, in dated sessions"),
        Choice::new("recording", "A recording, at any time"),
        Choice::new("e_learning", "E-learning, at one’s own pace"),
    ];
    view! {
        <TextInput label="Title" name="title"/>
        <TextArea label="Summary" name="summary" hint="One or two sentences, shown in the catalogue." rows=3/>
        <TextArea label="Description (optional)" name="description" hint="What people read before they book. Leave an empty line between paragraphs." rows=8/>
        <TextInput label="Topic" name="topic" hint="For example, Neglect. Courses with the same topic are found together." width=Width::TwoThirds/>
        <TextInput label="Level" name="level" hint="For example, Foundation or Specialist" width=Width::TwoThirds/>
        <Radios legend="How is it taken?" name="kind" options=kinds chosen="live"/>
        <Fieldset legend="How long does it take?">
            <TextInput label="Hours" name="hours" inputmode="numeric" width=Width::Chars3/>
            <TextInput label="Minutes" name="minutes" inputmode="numeric" width=Width::Chars3/>
        </Fieldset>
        <TextInput label="Web address of the recording or e-learning (only for these)" name="resource" kind="url" hint="Starts with https://"/>
        <TextArea label="Who needs it, by role (optional)" name="audiences" hint="One role per line, for example: Designated safeguarding lead. Visitors find courses by these." rows=5/>
        <TextArea label="What people can do afterwards (optional)" name="outcomes" hint="One learning outcome per line." rows=5/>
        {(!courses.is_empty()).then(|| view! {
            <Details summary="What must be attended before">
                <Checkboxes legend="Must be attended before" name="prerequisites" options=courses small=true/>
            </Details>
        })}
        {(!points.is_empty()).then(|| view! {
            <Details summary="Lessons from case reviews that it teaches">
                <Checkboxes legend="Lessons from case reviews" name="learning-points" options=points small=true/>
            </Details>
        })}
        <TextInput label="Refresh after (optional)" name="validity" hint="After how many months people should take it again" inputmode="numeric" width=Width::Chars3 suffix="months"/>
        <TextInput label="Board priority that it serves (optional)" name="priority" width=Width::TwoThirds/>
        <Select
            label="What is asked before and after"
            name="instrument"
            options=instruments
            empty="Five statements about confidence, made for the topic"
            hint="The same statements before and after: from them the learning gain is measured."
        />
    }
}
