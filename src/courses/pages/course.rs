//! One course: what it teaches, for whom, and when.

use crate::{
    accounts::rules::Role,
    calendar::rules::{duration_text, london_day, london_time, start_of_day, time_text},
    courses::{
        rules::{CourseKind, CourseStatus},
        store::{self, CourseDetails},
    },
    sessions::{
        rules::{BookingDoor, SessionSummary},
        store::{UpcomingFilter, session_list_upcoming},
    },
    web::{
        components::*,
        error::{PageError, PageResult},
        page::Page,
        visit::Visit,
    },
};
use axum::extract::Path;
use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use sea_orm::{ConnectionTrait, DbErr};

/// What everybody sees on one day: the course, and its sessions from that day's start on.
type Shown = (CourseDetails, Vec<SessionSummary>);

async fn shown_load(slug: &str, today: NaiveDate, db: &impl ConnectionTrait) -> Result<Option<Shown>, DbErr> {
    let details = store::course_by_slug(slug, db).await?;
    let Some(details) = details.filter(|details| details.course.status != CourseStatus::Draft) else { return Ok(None) };
    let filter = UpcomingFilter { courses: vec![details.course.id], ..Default::default() };
    let sessions = session_list_upcoming(&filter, start_of_day(today), db).await?;
    Ok(Some((details, sessions)))
}

/// GET /courses/{slug}
pub async fn course_page(visit: Visit, Path(slug): Path<String>) -> PageResult {
    let today = london_day(visit.now);
    let shown = visit.app.db.kept(format!("{slug} on {today}"), shown_load(&slug, today, visit.db())).await?;
    let (details, mut sessions) = Option::clone(&shown).ok_or(PageError::NotFound)?;
    sessions.retain(|session| session.starts_at > visit.now);
    let is_office = visit.viewer.person().is_some_and(|person| person.has_role(Role::Administrator));
    let now = visit.now;
    let page = Page::new(details.course.title.clone()).back("/courses", "All courses");
    Ok(visit.page(page, move || course_body(details, sessions, is_office, now)))
}

fn course_body(details: CourseDetails, sessions: Vec<SessionSummary>, is_office: bool, now: DateTime<Utc>) -> AnyView {
    let course = details.course;
    let is_retired = course.status == CourseStatus::Retired;
    let kind = course.kind;
    let paragraphs: Vec<_> = course
        .description
        .split("\n\n")
        .filter(|paragraph| !paragraph.trim().is_empty())
        .map(|paragraph| view! { <p class="govuk-body">{paragraph.trim().to_owned()}</p> })
        .collect();
    let mut facts = vec![
        SummaryRow::new("Topic", course.topic),
        SummaryRow::new("Level", course.level),
        SummaryRow::new("Takes", duration_text(course.duration_minutes)),
        SummaryRow::new("How", kind_text(kind)),
    ];
    if let Some(months) = course.validity_months {
        facts.push(SummaryRow::new("Refresh", format!("Take it again after {}", months_text(months))));
    }
    if !details.audiences.is_empty() {
        facts.push(SummaryRow::view("For", bullets(details.audiences)));
    }
    if !details.prerequisites.is_empty() {
        let links: Vec<_> = details
            .prerequisites
            .into_iter()
            .map(|link| {
                let href = format!("/courses/{}", link.slug);
                view! { <li><a class="govuk-link" href=href>{link.title}</a></li> }
            })
            .collect();
        facts.push(SummaryRow::view("Complete first", view! { <ul class="govuk-list">{links}</ul> }));
    }
    if let Some(priority) = course.board_priority {
        facts.push(SummaryRow::new("Board priority", priority));
    }
    let outcomes = (!details.outcomes.is_empty()).then(|| {
        view! {
            <Heading text="Afterwards you can" level=2 size=Size::M/>
            {bullets(details.outcomes)}
        }
    });
    let points: Vec<String> = details.learning_points.into_iter().map(|point| point.title).collect();
    let points = (!points.is_empty()).then(|| {
        view! {
            <Heading text="From case reviews" level=2 size=Size::M/>
            <p class="govuk-body">"This course teaches what reviews of cases have shown:"</p>
            {bullets(points)}
        }
    });
    let dates = match (is_retired, kind) {
        (true, _) => view! {
            <InsetText>"This course is no longer taught. "<a class="govuk-link" href="/courses">"Find another course"</a></InsetText>
        }
        .into_any(),
        (false, CourseKind::Live) => session_cards(sessions, now),
        (false, _) => on_demand(kind, course.resource_url),
    };
    let edit = is_office.then(|| {
        let href = format!("/office/courses/{}", course.id);
        view! { <p class="govuk-body"><a class="govuk-link" href=href>"Change this course"</a></p> }
    });
    view! {
        <Heading text=course.title/>
        <p class="govuk-body-l">{course.summary}</p>
        {dates}
        {paragraphs}
        {outcomes}
        <Heading text="About the course" level=2 size=Size::M/>
        <SummaryList rows=facts/>
        {points}
        {edit}
    }
    .into_any()
}

fn session_cards(sessions: Vec<SessionSummary>, now: DateTime<Utc>) -> AnyView {
    if sessions.is_empty() {
        return view! {
            <EmptyState heading="No dates at present">
                <p class="govuk-body">
                    "New dates appear here as soon as they are published. Meanwhile you can "
                    <a class="govuk-link" href="/courses">"look for a similar course"</a>"."
                </p>
            </EmptyState>
        }
        .into_any();
    }
    let cards: Vec<_> = sessions.into_iter().map(|session| session_card(session, now)).collect();
    view! {
        <Heading text="Dates" level=2 size=Size::M/>
        <CardList>{cards}</CardList>
    }
    .into_any()
}

fn session_card(session: SessionSummary, now: DateTime<Utc>) -> impl IntoView {
    let start = london_time(session.starts_at);
    let last_day = london_day(session.ends_at);
    let several_days = last_day != start.date();
    let leaf = DayLeaf::new(start.format("%a").to_string(), start.format("%-d"), start.format("%b %Y").to_string());
    let title = start.format("%A %-d %B %Y").to_string();
    let time = if several_days {
        format!("from {}, until {}", time_text(session.starts_at), last_day.format("%-d %B"))
    } else {
        format!("{} to {}", time_text(session.starts_at), time_text(session.ends_at))
    };
    let tag = match session.door(now) {
        BookingDoor::Open { free: 1 } => ("1 place left".to_owned(), Colour::Yellow),
        BookingDoor::Open { free } => (format!("{free} places left"), Colour::Green),
        BookingDoor::WaitingList { waiting: 0 } => ("Full: join the waiting list".to_owned(), Colour::Orange),
        BookingDoor::WaitingList { waiting } => (format!("Full: {waiting} on the waiting list"), Colour::Orange),
        BookingDoor::NotYetOpen(opens) => {
            (format!("Booking opens on {}", london_day(opens).format("%-d %B")), Colour::Grey)
        }
        BookingDoor::Closed | BookingDoor::Started | BookingDoor::Hidden => ("Booking closed".into(), Colour::Grey),
        BookingDoor::Cancelled => ("Cancelled".to_owned(), Colour::Red),
    };
    view! {
        <Card
            title=title
            href=format!("/sessions/{}", session.id)
            level=3
            day=Some(leaf)
            tags=vec![tag]
            facts=vec![time, session.place_text()]
        />
    }
}

fn on_demand(kind: CourseKind, address: Option<String>) -> AnyView {
    let text = match kind {
        CourseKind::Recording => "Watch the recording",
        _ => "Start the e-learning",
    };
    match address {
        Some(address) => view! {
            <p class="govuk-body">"You can take this at any time. It needs no booking and is free of charge."</p>
            <ButtonLink href=address text=text/>
        }
        .into_any(),
        None => view! { <InsetText>"The link appears here soon."</InsetText> }.into_any(),
    }
}

fn kind_text(kind: CourseKind) -> &'static str {
    match kind {
        CourseKind::Live => "Live, in dated sessions",
        CourseKind::Recording => "A recording, at any time",
        CourseKind::ELearning => "E-learning, at your own pace",
    }
}

/// "3 years", "18 months".
fn months_text(months: i32) -> String {
    match (months / 12, months % 12) {
        (1, 0) => "1 year".to_owned(),
        (years, 0) => format!("{years} years"),
        _ if months == 1 => "1 month".to_owned(),
        _ => format!("{months} months"),
    }
}

fn bullets(lines: Vec<String>) -> impl IntoView {
    let items: Vec<_> = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect();
    view! { <ul class="govuk-list govuk-list--bullet">{items}</ul> }
}
