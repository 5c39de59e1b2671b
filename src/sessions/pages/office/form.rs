//! Adding and changing a session.

use crate::{
    accounts::rules::PersonId,
    calendar::rules::{london_time, time_field},
    courses::store::{CourseLink, course_links},
    entity::venue,
    sessions::{
        rules::{MOST_DATES, Mode, SessionDetails, SessionId, SessionStatus, TrainerState, date_fields},
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
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// What the form offers to choose from.
struct Choices {
    courses: Vec<CourseLink>,
    venues: Vec<venue::Model>,
    trainers: Vec<(PersonId, String)>,
}

async fn choices(visit: &Visit, details: Option<&SessionDetails>) -> Result<Choices, PageError> {
    let own_venue = details.and_then(|details| details.venue.as_ref()).map(|venue| venue.id);
    let mut venues = store::venue_list(visit.db()).await?;
    venues.retain(|venue| venue.closed_at.is_none() || Some(venue.id) == own_venue);
    let mut courses = course_links(visit.db()).await?;
    if let Some(details) = details
        && !courses.iter().any(|link| link.id == details.course_id)
    {
        courses.push(CourseLink {
            id: details.course_id,
            slug: details.course_slug.clone(),
            title: details.course_title.clone(),
        });
    }
    Ok(Choices { courses, venues, trainers: store::trainer_choices(visit.db()).await? })
}

/// GET /office/sessions/new, with ?course= to propose one, or ?copy= to take everything but the dates from another.
pub async fn new_session_page(visit: Visit) -> PageResult {
    let form = match visit.parameter("copy").parse() {
        Ok(id) => {
            let details = store::session_details(SessionId(id), visit.db()).await?.ok_or(PageError::NotFound)?;
            copied(&details)
        }
        Err(_) => match visit.parameter("course").as_str() {
            "" => FormState::default(),
            course => FormState::default().with_value("course", course),
        },
    };
    let form = form.with_value("request_id", visit.new_request_id()?);
    new_session_again(visit, form).await
}

/// The page for a new session, as typed so far.
pub async fn new_session_again(visit: Visit, form: FormState) -> PageResult {
    let choices = choices(&visit, None).await?;
    let dates = date_fields(form.value("dates"));
    let hidden = vec![("dates".into(), dates.to_string()), ("request_id".into(), form.value("request_id").to_owned())];
    let page = Page::new("Add a session").back("/office/sessions", "Sessions").form(form);
    Ok(visit.page(page, move || {
        if choices.courses.is_empty() {
            return view! {
                <Heading text="Add a session"/>
                <EmptyState heading="No courses yet">
                    <p class="govuk-body">"A session is a dated run of a course: "<a class="govuk-link" href="/office/courses/new">"add the course first"</a>"."</p>
                </EmptyState>
            }
            .into_any();
        }
        view! {
            <Heading text="Add a session"/>
            <PostForm action="/office/sessions/new" hidden=hidden enter=("do", "save")>
                {fields(choices, dates)}
                <ButtonGroup>
                    <Button text="Save and publish" name="do" value="publish"/>
                    <Button text="Save as draft" kind=ButtonKind::Secondary name="do" value="save"/>
                </ButtonGroup>
            </PostForm>
        }
        .into_any()
    }))
}

/// GET /office/sessions/{id}/edit
pub async fn change_session_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let details = store::session_details(SessionId(id), visit.db()).await?.ok_or(PageError::NotFound)?;
    let form = filled_in(&details);
    changed_session(visit, details, form).await
}

/// The page for a session that is being changed, as typed so far, over what is stored now.
pub async fn changed_session_again(visit: Visit, id: SessionId, form: FormState) -> PageResult {
    let details = store::session_details(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    changed_session(visit, details, form).await
}

async fn changed_session(visit: Visit, details: SessionDetails, form: FormState) -> PageResult {
    if matches!(details.status, SessionStatus::Cancelled | SessionStatus::Archived) {
        return Err(PageError::Conflict(
            "This session is cancelled or archived, so it can no longer be changed. You can copy it to a new date."
                .into(),
        ));
    }
    let choices = choices(&visit, Some(&details)).await?;
    let dates = date_fields(form.value("dates"));
    let back = format!("/office/sessions/{}", details.id);
    let page = Page::new(format!("Change {}", details.course_title)).back(back.clone(), "The session").form(form);
    Ok(visit.page(page, move || {
        let is_draft = details.status == SessionStatus::Draft;
        let hidden =
            vec![("version".into(), details.version.to_string()), ("dates".into(), dates.to_string())];
        let buttons = if is_draft {
            view! {
                <Button text="Save and publish" name="do" value="publish"/>
                <Button text="Save as draft" kind=ButtonKind::Secondary name="do" value="save"/>
            }
            .into_any()
        } else {
            view! { <Button text="Save changes" name="do" value="save"/> }.into_any()
        };
        view! {
            <Heading text=details.course_title.clone() caption="Change a session"/>
            {(!is_draft).then(|| view! {
                <InsetText>
                    "This session is published. If you change its date, time, venue or mode, everybody with a place is told by e-mail and may cancel free of charge until the start."
                </InsetText>
            })}
            <PostForm action=format!("{back}/edit") hidden=hidden enter=("do", "save")>
                {fields(choices, dates)}
                <ButtonGroup>{buttons}</ButtonGroup>
            </PostForm>
        }
        .into_any()
    }))
}

fn with_day(form: FormState, field: &str, moment: DateTime<Utc>) -> FormState {
    let local = london_time(moment);
    form.with_value(&format!("{field}-day"), local.format("%-d").to_string())
        .with_value(&format!("{field}-month"), local.format("%-m").to_string())
        .with_value(&format!("{field}-year"), local.format("%Y").to_string())
}

/// Everything but the dates and what follows from them; the times of day stay.
fn copied(details: &SessionDetails) -> FormState {
    let text = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
    let mut form = FormState::default()
        .with_value("course", details.course_id.to_string())
        .with_value("mode", if details.mode == Mode::Online { "online" } else { "venue" })
        .with_value("venue", details.venue.as_ref().map(|venue| venue.id.to_string()).unwrap_or_default())
        .with_value("link", details.online_link.clone().unwrap_or_default())
        .with_value("instructions", details.joining_instructions.clone())
        .with_value("capacity", details.capacity.to_string())
        .with_value("minimum", text(details.minimum))
        .with_value("dates", details.dates.len().max(1).to_string());
    if details.needs_approval {
        form = form.with_value("approval", "yes");
    }
    for (date, number) in details.dates.iter().zip(1..) {
        let time = |moment| time_field(london_time(moment).time());
        form = form
            .with_value(&format!("date{number}-from"), time(date.starts_at))
            .with_value(&format!("date{number}-to"), time(date.ends_at));
    }
    let asked = details.trainers.iter().filter(|trainer| trainer.state != TrainerState::Declined);
    for trainer in asked.filter(|trainer| trainer.state != TrainerState::Withdrawn) {
        form = form.with_value("trainers", trainer.person.to_string());
    }
    form
}

fn filled_in(details: &SessionDetails) -> FormState {
    let mut form = copied(details);
    for (date, number) in details.dates.iter().zip(1..) {
        form = with_day(form, &format!("date{number}"), date.starts_at);
    }
    if let Some(moment) = details.go_no_go_at {
        form = with_day(form, "go", moment);
    }
    let moments = [
        ("opens", Some(details.booking_opens_at)),
        ("closes", (details.booking_closes_at != details.starts_at).then_some(details.booking_closes_at)),
    ];
    for (field, moment) in moments {
        if let Some(moment) = moment {
            form = with_day(form, field, moment);
            form = form.with_value(&format!("{field}-time"), time_field(london_time(moment).time()));
        }
    }
    form
}

fn fields(choices: Choices, dates: usize) -> impl IntoView {
    let courses: Vec<Choice> =
        choices.courses.into_iter().map(|link| Choice::new(link.id.to_string(), link.title)).collect();
    let venues: Vec<Choice> = choices
        .venues
        .into_iter()
        .map(|venue| Choice::new(venue.id.to_string(), format!("{} (up to {} people)", venue.name, venue.capacity)))
        .collect();
    let no_venues = venues.is_empty();
    let trainers: Vec<Choice> =
        choices.trainers.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    let modes = vec![Choice::new("venue", "In a room"), Choice::new("online", "Online, by video call")];
    let form = FormState::current();
    let special = ["minimum", "go", "opens", "opens-time", "closes", "closes-time"];
    let has_special_terms = special.iter().any(|field| form.error(field).is_some())
        || form.is_chosen("approval", "yes")
        || ["minimum", "go-day", "closes-day"].iter().any(|field| !form.value(field).is_empty());
    let date_groups: Vec<_> = (1..=dates).map(|number| date_group(number, dates)).collect();
    view! {
        <Select label="Course" name="course" options=courses empty="Choose a course"/>
        {date_groups}
        {(dates < MOST_DATES).then(|| view! {
            <Button text="Add another date" kind=ButtonKind::Secondary name="do" value="date"/>
        })}
        <Radios legend="Where does it take place?" name="mode" options=modes/>
        <Select label="Venue (in a room)" name="venue" options=venues empty="Choose a venue"/>
        {no_venues.then(|| view! {
            <p class="govuk-body">"No venue is open. "<a class="govuk-link" href="/office/venues/new">"Add a venue"</a></p>
        })}
        <TextInput label="Link (online)" name="link" kind="url" hint="Only people with a place see it. You can add it later."/>
        <TextArea label="Joining instructions (optional)" name="instructions" hint="What people with a place should know or bring." rows=4/>
        <TextInput label="Places" name="capacity" inputmode="numeric" width=Width::Chars4/>
        {trainer_fields(trainers)}
        <Details summary="Minimum, booking times and approval" open=has_special_terms>
            <TextInput label="Minimum number of people (optional)" name="minimum" hint="With fewer you may call the session off." inputmode="numeric" width=Width::Chars4/>
            <DateInput legend="When is that decided? (optional)" name="go"/>
            <DateInput legend="Booking opens on (optional)" name="opens" hint="Leave it empty to open at once when published."/>
            <TimeInput label="Booking opens at" name="opens-time" hint="Leave it empty for midnight."/>
            <DateInput legend="Booking closes on (optional)" name="closes" hint="Leave it empty to close when the session starts."/>
            <TimeInput label="Booking closes at" name="closes-time" hint="Leave it empty for 11:59pm."/>
            <Tick label="The office approves each booking" name="approval"/>
        </Details>
    }
}

fn date_group(number: usize, dates: usize) -> impl IntoView {
    let legend = if dates == 1 { "Date".to_owned() } else { format!("Date {number}") };
    let hint = if dates == 1 {
        "For example, 31 3 2026"
    } else {
        "Leave day, month and year empty if this date is not needed."
    };
    let name = |part: &str| format!("date{number}-{part}");
    let of = if dates == 1 { String::new() } else { format!(" of date {number}") };
    view! {
        <DateInput legend=legend name=format!("date{number}") hint=hint/>
        <TimeInput label=format!("Start{of}") name=name("from")/>
        <TimeInput label=format!("End{of}") name=name("to")/>
    }
}

fn trainer_fields(trainers: Vec<Choice>) -> AnyView {
    if trainers.is_empty() {
        return view! {
            <p class="govuk-body">
                "No trainers yet. Give people the role of a trainer under "
                <a class="govuk-link" href="/office/people">"People"</a>
                ", then choose them here."
            </p>
        }
        .into_any();
    }
    let open = trainers.len() <= 12;
    let hint = "They are asked by e-mail when you save, and say yes or no.";
    view! {
        <Details summary="Trainers" open=open>
            <Checkboxes legend="Who is asked to train?" name="trainers" options=trainers hint=hint small=true/>
        </Details>
    }
    .into_any()
}
