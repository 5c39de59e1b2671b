//! All sessions.

use super::state_tag;
use crate::{
    calendar::rules::{parse_day, short_moment_text, start_of_day},
    courses::{rules::CourseId, store::course_links},
    sessions::{
        rules::{SessionState, SessionSummary},
        store::{SESSIONS_PER_PAGE, SessionListFilter, SessionOrder, session_list},
    },
    web::{components::*, error::PageResult, form::FormState, page::Page, visit::Visit},
};
use chrono::NaiveDate;
use leptos::prelude::*;

const STATES: [(&str, &str, SessionState); 6] = [
    ("draft", "Draft", SessionState::Draft),
    ("published", "Published, booking open or to open", SessionState::Published),
    ("closed", "Booking closed, not delivered yet", SessionState::Closed),
    ("delivered", "Delivered", SessionState::Delivered),
    ("cancelled", "Cancelled", SessionState::Cancelled),
    ("archived", "Archived", SessionState::Archived),
];

/// GET /office/sessions
pub async fn session_list_page(visit: Visit) -> PageResult {
    let mut form = FormState::new(visit.parameters());
    let mut day = |field: &str, what: &str| -> Option<NaiveDate> {
        let parts = ["day", "month", "year"].map(|part| form.value(&format!("{field}-{part}")).to_owned());
        if parts.iter().all(|part| part.trim().is_empty()) {
            return None;
        }
        match parse_day(what, &parts[0], &parts[1], &parts[2]) {
            Ok(day) => Some(day),
            Err(sentence) => {
                form = form.clone().with_error(field, sentence);
                None
            }
        }
    };
    let (from, to) = (day("from", "the first date"), day("to", "the last date"));
    let chosen = form.value("state");
    let filter = SessionListFilter {
        state: STATES.iter().find(|(word, _, _)| *word == chosen).map(|(_, _, state)| *state),
        course: form.value("course").parse().ok().map(CourseId),
        from: from.map(start_of_day),
        before: to.and_then(|day| day.succ_opt()).map(start_of_day),
        order: match form.value("sort") {
            "course" => SessionOrder::Course,
            "free" => SessionOrder::Free,
            _ => SessionOrder::Date,
        },
        // The next to come first is asked for with ?way=up; the newest first shows what was just added.
        descending: form.value("way") != "up",
    };
    let active = filter.state.is_some() || filter.course.is_some() || from.is_some() || to.is_some();
    let page = visit.page_number();
    let (sessions, total) = session_list(&filter, page, visit.now, visit.db()).await?;
    let courses = course_links(visit.db()).await?;
    let pages = total.div_ceil(SESSIONS_PER_PAGE);
    let address = visit.address_without(&["page"]);
    let unsorted = visit.address_without(&["page", "sort", "way"]);
    let (order, descending) = (filter.order, filter.descending);
    Ok(visit.page(Page::new("Sessions").back("/office", "Office").form(form).wide(), move || {
        let courses: Vec<Choice> =
            courses.into_iter().map(|link| Choice::new(link.id.to_string(), link.title)).collect();
        let states = STATES.map(|(word, label, _)| Choice::new(word, label)).to_vec();
        let list = if sessions.is_empty() {
            empty(active)
        } else {
            view! {
                {table(sessions, &unsorted, order, descending)}
                <Pagination href=address page=page pages=pages/>
            }
            .into_any()
        };
        view! {
            <Heading text="Sessions"/>
            <ButtonLink href="/office/sessions/new" text="Add a session"/>
            <FilterPanel action="/office/sessions" summary="Filter sessions" active=active>
                <Select label="State" name="state" options=states empty="Any state but archived"/>
                <Select label="Course" name="course" options=courses empty="Any course"/>
                <DateInput legend="On or after" name="from"/>
                <DateInput legend="On or before" name="to"/>
            </FilterPanel>
            {list}
        }
        .into_any()
    }))
}

fn empty(active: bool) -> AnyView {
    if active {
        return view! {
            <EmptyState heading="No session matches">
                <p class="govuk-body">
                    "Try another state or a longer span of dates, or "
                    <a class="govuk-link" href="/office/sessions">"see all sessions"</a>"."
                </p>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState heading="No sessions yet">
            <p class="govuk-body">"Add a session to give a course its first date. It stays a draft until you publish it."</p>
        </EmptyState>
    }
    .into_any()
}

fn table(
    sessions: Vec<(SessionSummary, SessionState)>,
    unsorted: &str,
    order: SessionOrder,
    descending: bool,
) -> impl IntoView + use<> {
    let joint = if unsorted.contains('?') { '&' } else { '?' };
    let sortable = |head: Head, word: &str, by: SessionOrder| {
        let now = (order == by).then_some(if descending { Direction::Descending } else { Direction::Ascending });
        let way = if order == by && descending { "up" } else { "down" };
        head.sortable(format!("{unsorted}{joint}sort={word}&way={way}"), now)
    };
    let head = vec![
        sortable(Head::text("Course"), "course", SessionOrder::Course),
        sortable(Head::text("Starts"), "date", SessionOrder::Date),
        Head::text("Where"),
        sortable(Head::number("Places taken"), "free", SessionOrder::Free),
        Head::number("Waiting"),
        Head::text("State"),
    ];
    let rows: Vec<Vec<Cell>> = sessions
        .into_iter()
        .map(|(session, state)| {
            let (text, colour) = state_tag(state);
            let place = session.place_text();
            vec![
                Cell::link(format!("/office/sessions/{}", session.id), session.course_title),
                Cell::text(short_moment_text(session.starts_at)),
                Cell::text(place),
                Cell::number(format!("{} of {}", session.held, session.capacity)),
                Cell::number(session.waiting),
                Cell::view(view! { <Tag text=text colour=colour/> }),
            ]
        })
        .collect();
    view! { <Table caption="Sessions found" caption_hidden=true head=head rows=rows stacked=true/> }
}
