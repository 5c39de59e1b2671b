//! The catalogue: finding a course.

use crate::{
    accounts::rules::Role,
    calendar::rules::{day_text, duration_text, london_day, start_of_day, time_text},
    courses::{
        rules::{CatalogueCourse, CatalogueFilter, CourseKind, FoundCourse, catalogue_search},
        store,
    },
    sessions::rules::{BookingDoor, SessionSummary},
    web::{components::*, error::PageResult, form::FormState, page::Page, visit::Visit},
};
use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::{BTreeMap, BTreeSet};

/// Courses on one page of the catalogue: a few swipes on a phone.
const COURSES_PER_PAGE: usize = 12;
/// Dates shown with each course; the rest is on the course's own page.
const DATES_SHOWN: usize = 3;

/// What the filters offer: only what some live course has.
#[derive(Default)]
struct Offers {
    topics: BTreeSet<String>,
    levels: BTreeSet<String>,
    audiences: BTreeSet<String>,
    venues: BTreeMap<String, String>,
}

impl Offers {
    fn of(courses: &[CatalogueCourse]) -> Self {
        let mut offers = Self::default();
        for course in courses {
            offers.topics.insert(course.topic.clone());
            offers.levels.insert(course.level.clone());
            offers.audiences.extend(course.audiences.iter().cloned());
            let venues = course.upcoming.iter().filter_map(|session| session.venue_id.zip(session.venue_name.clone()));
            offers.venues.extend(venues.map(|(id, name)| (name, id.to_string())));
        }
        offers
    }

    fn places(&self) -> Vec<Choice> {
        let mut places = vec![
            Choice::new("online", "Online"),
            Choice::new("room", "In a room"),
            Choice::new("any-time", "At any time: recordings and e-learning"),
        ];
        places.extend(self.venues.iter().map(|(name, id)| Choice::new(id.clone(), format!("In {name}"))));
        places
    }
}

/// What everybody can choose from on one day: the courses with their sessions from that day's start on.
struct Catalogue {
    courses: Vec<CatalogueCourse>,
    offers: Offers,
}

async fn catalogue_of(today: NaiveDate, db: &impl ConnectionTrait) -> Result<Catalogue, DbErr> {
    let courses = store::catalogue_load(start_of_day(today), db).await?;
    Ok(Catalogue { offers: Offers::of(&courses), courses })
}

/// GET /courses
pub async fn catalogue_page(visit: Visit) -> PageResult {
    let mut form = FormState::new(visit.parameters());
    let (filter, problems) = CatalogueFilter::parse(|field| form.value(field));
    for (field, sentence) in problems {
        form = form.with_error(field, sentence);
    }
    let today = london_day(visit.now);
    let catalogue = visit.app.db.kept(format!("on {today}"), catalogue_of(today, visit.db())).await?;
    let Catalogue { courses, offers } = &*catalogue;
    let is_empty_board = courses.is_empty();
    let found = catalogue_search(courses, &filter, visit.now);

    let total = found.len();
    let pages = total.div_ceil(COURSES_PER_PAGE).max(1);
    let page = (visit.page_number() as usize).min(pages);
    let shown: Vec<_> = found.into_iter().skip((page - 1) * COURSES_PER_PAGE).take(COURSES_PER_PAGE).collect();

    let is_office = visit.viewer.person().is_some_and(|person| person.has_role(Role::Administrator));
    let (now, active) = (visit.now, filter.is_active());
    let address = visit.address_without(&["page"]);
    let title = if active { "Courses found" } else { "Courses" };
    Ok(visit.page(Page::new(title).form(form).wide(), move || {
        let list = match (is_empty_board, shown.is_empty()) {
            (true, _) => empty_board(is_office),
            (false, true) => nothing_found(),
            (false, false) => {
                let cards: Vec<_> = shown.iter().map(|found| course_card(found, now)).collect();
                view! {
                    <p class="govuk-body" role="status">{count_text(total, active)}</p>
                    <CardList>{cards}</CardList>
                    <Pagination href=address page=page as u64 pages=pages as u64/>
                }
                .into_any()
            }
        };
        if is_empty_board {
            return view! { <Heading text="Courses"/> {list} }.into_any();
        }
        view! {
            <Heading text="Courses"/>
            <Split aside=filters(offers, active).into_any()>{list}</Split>
        }
        .into_any()
    }))
}

fn count_text(total: usize, active: bool) -> String {
    let courses = if total == 1 { "course" } else { "courses" };
    if active { format!("{total} {courses} found") } else { format!("{total} {courses}") }
}

fn filters(offers: &Offers, active: bool) -> impl IntoView + use<> {
    let choices = |values: &BTreeSet<String>| -> Vec<Choice> {
        values.iter().map(|value| Choice::new(value.clone(), value.clone())).collect()
    };
    let places = offers.places();
    let has_audiences = !offers.audiences.is_empty();
    let audiences = choices(&offers.audiences);
    let (topics, levels) = (choices(&offers.topics), choices(&offers.levels));
    view! {
        <FilterPanel action="/courses" summary="Find a course" button="Show courses" active=active wide_open=true>
            <TextInput label="Search" name="q" kind="search" hint="For example, neglect or online safety"/>
            {has_audiences.then(|| view! {
                <Select label="Which course do I need? My role" name="role" options=audiences empty="Any role"/>
            })}
            <Select label="Topic" name="topic" options=topics empty="Any topic"/>
            <Select label="Level" name="level" options=levels empty="Any level"/>
            <Select label="Where" name="place" options=places empty="Anywhere"/>
            <DateInput legend="On or after" name="from" hint="For example, 31 3 2021"/>
            <DateInput legend="On or before" name="to" hint="For example, 30 4 2021"/>
            <Tick label="Only with free places" name="free"/>
            <Select
                label="Sort by"
                name="sort"
                options=vec![
                    Choice::new("date", "Next date"),
                    Choice::new("title", "Title"),
                    Choice::new("duration", "Shortest first"),
                ]
                chosen="date"
            />
        </FilterPanel>
    }
}

fn course_card(found: &FoundCourse, now: DateTime<Utc>) -> impl IntoView + use<> {
    let FoundCourse { course, upcoming } = found;
    let (title, summary) = (course.title.clone(), course.summary.clone());
    let href = format!("/courses/{}", course.slug);
    let facts = vec![course.topic.clone(), course.level.clone(), duration_text(course.duration_minutes)];
    let tags = match course.kind {
        CourseKind::Live => Vec::new(),
        CourseKind::Recording => vec![("Recording, at any time".to_owned(), Colour::Purple)],
        CourseKind::ELearning => vec![("E-learning, at any time".to_owned(), Colour::Purple)],
    };
    let more = upcoming.len().saturating_sub(DATES_SHOWN);
    let has_dates = !upcoming.is_empty();
    let dates: Vec<_> = upcoming.iter().take(DATES_SHOWN).map(|session| date_line(session, now)).collect();
    let no_dates = course.kind == CourseKind::Live && !has_dates;
    view! {
        <Card title=title.clone() href=href.clone() tags=tags facts=facts>
            <p class="govuk-body">{summary}</p>
            {has_dates.then(|| view! { <ul class="govuk-list">{dates}</ul> })}
            {no_dates.then(|| view! { <p class="govuk-body govuk-hint">"No dates at present"</p> })}
            {(more > 0).then(|| view! {
                <MoreLink href=href text=format!("{more} more {}", if more == 1 { "date" } else { "dates" }) about=title/>
            })}
        </Card>
    }
}

fn date_line(session: &SessionSummary, now: DateTime<Utc>) -> impl IntoView + use<> {
    let href = format!("/sessions/{}", session.id);
    let when = format!("{}, {}", day_text(london_day(session.starts_at)), time_text(session.starts_at));
    let rest = format!(", {}: {}", session.place_text(), door_text(session.door(now)));
    view! { <li><a class="govuk-link" href=href>{when}</a>{rest}</li> }
}

/// "3 places left", "full, 2 waiting".
fn door_text(door: BookingDoor) -> String {
    match door {
        BookingDoor::Open { free: 1 } => "1 place left".to_owned(),
        BookingDoor::Open { free } => format!("{free} places left"),
        BookingDoor::WaitingList { waiting: 0 } => "full".to_owned(),
        BookingDoor::WaitingList { waiting } => format!("full, {waiting} waiting"),
        BookingDoor::NotYetOpen(_) => "booking not open yet".to_owned(),
        BookingDoor::Closed | BookingDoor::Started => "booking closed".to_owned(),
        BookingDoor::Cancelled | BookingDoor::Hidden => "cancelled".to_owned(),
    }
}

fn empty_board(is_office: bool) -> AnyView {
    view! {
        <EmptyState heading="No courses yet">
            <p class="govuk-body">
                "Courses appear here as soon as the training team publishes them. Come back in a few days."
            </p>
            {is_office.then(|| view! { <ButtonLink href="/office/courses/new" text="Add the first course"/> })}
        </EmptyState>
    }
    .into_any()
}

fn nothing_found() -> AnyView {
    view! {
        <EmptyState heading="No course matches">
            <p class="govuk-body">
                "Try fewer words, a longer span of dates or any place, or "
                <a class="govuk-link" href="/courses">"see all courses"</a>
                ". On a full session you can join the waiting list: untick “Only with free places” to see them."
            </p>
        </EmptyState>
    }
    .into_any()
}
