//! All courses.

use crate::{
    calendar::rules::duration_text,
    courses::{
        rules::{CourseKind, CourseStatus},
        store::{COURSES_PER_PAGE, CourseListFilter, CourseOrder, course_list},
    },
    entity::course,
    web::{
        components::*,
        error::PageResult,
        form::FormState,
        page::Page,
        search::{Search, WORDS},
        sorting::Sorting,
        visit::Visit,
    },
};
use axum_extra::extract::CookieJar;
use leptos::prelude::*;

const ORDERS: [(&str, CourseOrder); 4] = [
    ("title", CourseOrder::Title),
    ("topic", CourseOrder::Topic),
    ("takes", CourseOrder::Duration),
    ("state", CourseOrder::State),
];

/// GET /office/courses
pub async fn course_list_page(visit: Visit, jar: CookieJar) -> PageResult {
    let words = Search::of(&visit, &jar).words;
    let form = FormState::new(visit.parameters()).replacing(WORDS, words.clone());
    let status = match form.value("status") {
        "draft" => Some(CourseStatus::Draft),
        "live" => Some(CourseStatus::Live),
        "retired" => Some(CourseStatus::Retired),
        _ => None,
    };
    let sorting = Sorting::read(&visit, &ORDERS, CourseOrder::Title, false);
    let filter = CourseListFilter { text: words, status, order: sorting.by, descending: sorting.descending };
    let active = status.is_some() || !filter.text.is_empty();
    let page = visit.page_number();
    let (courses, total) = course_list(&filter, page, visit.db()).await?;
    let pages = total.div_ceil(COURSES_PER_PAGE);
    let address = visit.address_without(&["page"]);
    Ok(visit.page(Page::new("Courses").back("/office", "Office").form(form).wide(), move || {
        let list = if courses.is_empty() {
            empty(active)
        } else {
            view! { {table(courses, &sorting)} <Pagination href=address page=page pages=pages/> }.into_any()
        };
        view! {
            <Heading text="Courses"/>
            <ButtonGroup>
                <ButtonLink href="/office/courses/new" text="Add a course"/>
                <a class="govuk-link" href="/office/sessions">"Sessions"</a>
                <a class="govuk-link" href="/office/venues">"Venues"</a>
            </ButtonGroup>
            <FilterPanel action="/office/courses" summary="Filter courses" active=active post=true>
                {sorting.fields()}
                <TextInput label="Title or topic" name=WORDS kind="search"/>
                <Select
                    label="State"
                    name="status"
                    options=vec![
                        Choice::new("draft", "Draft"),
                        Choice::new("live", "Shown to everyone"),
                        Choice::new("retired", "Retired"),
                    ]
                    empty="Any state"
                />
            </FilterPanel>
            {list}
        }
        .into_any()
    }))
}

fn empty(active: bool) -> AnyView {
    if active {
        return view! {
            <EmptyState heading="No course matches">
                <p class="govuk-body">"Try fewer words, or "<a class="govuk-link" href="/office/courses">"see all courses"</a>"."</p>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState heading="No courses yet">
            <p class="govuk-body">"Add the first course. After that you can give it dated sessions."</p>
        </EmptyState>
    }
    .into_any()
}

fn table(courses: Vec<course::Model>, sorting: &Sorting<CourseOrder>) -> impl IntoView + use<> {
    let head = vec![
        sorting.head(Head::text("Title"), CourseOrder::Title),
        sorting.head(Head::text("Topic"), CourseOrder::Topic),
        Head::text("How"),
        sorting.head(Head::text("Takes"), CourseOrder::Duration),
        sorting.head(Head::text("State"), CourseOrder::State),
    ];
    let rows: Vec<Vec<Cell>> = courses
        .into_iter()
        .map(|course| {
            let how = match course.kind {
                CourseKind::Live => "Live sessions",
                CourseKind::Recording => "Recording",
                CourseKind::ELearning => "E-learning",
            };
            let (state, colour) = status_tag(course.status);
            vec![
                Cell::link(format!("/office/courses/{}", course.id), course.title),
                Cell::text(course.topic),
                Cell::text(how),
                Cell::text(duration_text(course.duration_minutes)),
                Cell::view(view! { <Tag text=state colour=colour/> }),
            ]
        })
        .collect();
    view! { <Table caption="All courses" caption_hidden=true head=head rows=rows stacked=true/> }
}

/// A course's state in a word.
pub(super) fn status_tag(status: CourseStatus) -> (&'static str, Colour) {
    match status {
        CourseStatus::Draft => ("Draft", Colour::Grey),
        CourseStatus::Live => ("Shown", Colour::Green),
        CourseStatus::Retired => ("Retired", Colour::Orange),
    }
}
