//! The bookings of one's own staff.

use super::led_agencies;
use crate::{
    bookings::{
        pages::{FILTERED_STATES, outcome_or_state, state_word},
        rules::BookingState,
        store::{BOOKINGS_PER_PAGE, BookingDetails, BookingFilter, booking_list_of_agencies},
    },
    calendar::rules::short_moment_text,
    sessions::{
        rules::{BookingDoor, SessionId},
        store::{UpcomingFilter, session_list_upcoming},
    },
    web::{
        components::*,
        error::PageResult,
        form::FormState,
        page::Page,
        search::{Search, WORDS},
        visit::Visit,
    },
};
use axum_extra::extract::CookieJar;
use leptos::prelude::*;

/// GET /agency/bookings
pub async fn agency_bookings_page(visit: Visit, jar: CookieJar) -> PageResult {
    let Search { words, .. } = Search::of(&visit, &jar);
    let agencies = led_agencies(&visit).await?;
    let filter = BookingFilter {
        search: words.clone(),
        state: FILTERED_STATES.iter().find(|(_, word)| *word == visit.parameter("state")).map(|(state, _)| *state),
        session: visit.parameter("session").parse().ok().map(SessionId),
        person: None,
    };
    let ids: Vec<_> = agencies.iter().map(|agency| agency.id).collect();
    let waiting = BookingFilter { state: Some(BookingState::Requested), ..BookingFilter::default() };
    let (_, requests) = booking_list_of_agencies(&ids, &waiting, 1, visit.db()).await?;
    let number = visit.page_number();
    let (list, total) = booking_list_of_agencies(&ids, &filter, number, visit.db()).await?;
    let href = visit.address_without(&["page"]);
    let names = agencies.iter().map(|agency| agency.name.clone()).collect::<Vec<_>>().join(", ");
    let is_filtered = !filter.search.trim().is_empty() || filter.state.is_some() || filter.session.is_some();
    let form = FormState::new(visit.parameters()).replacing(WORDS, words);
    let page = Page::new("Bookings of your staff").form(form).wide();
    Ok(visit.page(page, move || {
        if ids.is_empty() {
            return no_agency_view();
        }
        let states = FILTERED_STATES.iter().map(|(state, word)| Choice::new(*word, state.text())).collect();
        let session = filter.session.map(|session| view! { <Hidden name="session" value=session.to_string()/> });
        let asked = (requests > 0 && filter.state != Some(BookingState::Requested)).then(|| {
            let text = match requests {
                1 => "1 booking waits for approval".to_owned(),
                more => format!("{more} bookings wait for approval"),
            };
            let href = format!("/agency/bookings?state={}", state_word(BookingState::Requested));
            view! { <InsetText><a class="govuk-link" href=href>{text}</a></InsetText> }
        });
        view! {
            <Heading text="Bookings of your staff" caption=names/>
            {asked}
            <ButtonGroup>
                <ButtonLink href="/agency/bookings/new" text="Book for your staff"/>
                <a class="govuk-link" href="/agency/staff">"Who your staff are"</a>
            </ButtonGroup>
            <FilterPanel action="/agency/bookings" button="Search" active=is_filtered post=true>
                {session}
                <TextInput label="Reference or name" name=WORDS kind="search" width=Width::Chars20/>
                <Select label="State" name="state" options=states empty="All"/>
            </FilterPanel>
            {if list.is_empty() { empty_view(is_filtered) } else { table(list, total) }}
            <Pagination href=href page=number pages=total.div_ceil(BOOKINGS_PER_PAGE)/>
        }
        .into_any()
    }))
}

/// For administrators, who may open a lead's pages but lead no agency.
pub(super) fn no_agency_view() -> AnyView {
    view! {
        <Heading text="Bookings of your staff"/>
        <EmptyState heading="You are not the training lead of an agency">
            <p class="govuk-body">
                "The training team gives this role for an agency. The office sees every booking under "
                <a class="govuk-link" href="/office/bookings">"Bookings"</a>"."
            </p>
        </EmptyState>
    }
    .into_any()
}

fn empty_view(is_filtered: bool) -> AnyView {
    if is_filtered {
        return view! {
            <EmptyState heading="No bookings match">
                <p class="govuk-body"><a class="govuk-link" href="/agency/bookings">"Show all bookings of your staff"</a></p>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState heading="None of your staff has booked yet">
            <p class="govuk-body">
                "You see bookings that people made for your agency, once it is confirmed that they work there."
            </p>
        </EmptyState>
    }
    .into_any()
}

fn table(list: Vec<BookingDetails>, total: u64) -> AnyView {
    let rows = list
        .into_iter()
        .map(|details| {
            let booking = &details.booking;
            vec![
                Cell::link(format!("/agency/bookings/{}", booking.reference), booking.reference.clone()),
                Cell::text(details.person_name.clone()),
                Cell::link(format!("/sessions/{}", details.session.id), details.session.course_title.clone()),
                Cell::text(short_moment_text(details.session.starts_at)),
                Cell::text(match booking.state {
                    BookingState::Booked if booking.outcome.is_none() => short_moment_text(details.free_until()),
                    _ => String::new(),
                }),
                Cell::view(outcome_or_state(booking)),
            ]
        })
        .collect();
    let head = vec![
        Head::text("Reference"),
        Head::text("Name"),
        Head::text("Course"),
        Head::text("Starts"),
        Head::text("Cancel free until"),
        Head::text("State"),
    ];
    view! {
        <p class="govuk-body">{format!("{} found", thousands(total))}</p>
        <Table caption="Bookings of your staff" caption_hidden=true head=head rows=rows stacked=true/>
    }
    .into_any()
}

/// Sessions shown to choose from; a course narrows them down.
const SESSIONS_SHOWN_MOST: usize = 60;

/// GET /agency/bookings/new: which session?
pub async fn agency_choose_session_page(visit: Visit, jar: CookieJar) -> PageResult {
    let Search { words, .. } = Search::of(&visit, &jar);
    let is_lead = !led_agencies(&visit).await?.is_empty();
    let search = words.to_lowercase();
    let mut sessions = session_list_upcoming(&UpcomingFilter::default(), visit.now, visit.db()).await?;
    let now = visit.now;
    sessions.retain(|session| {
        let can_be_booked = matches!(session.door(now), BookingDoor::Open { .. } | BookingDoor::WaitingList { .. });
        can_be_booked && session.course_title.to_lowercase().contains(&search)
    });
    let total = sessions.len();
    sessions.truncate(SESSIONS_SHOWN_MOST);
    let page = Page::new("Which session?").back("/agency/bookings", "Bookings of your staff");
    let page = page.form(FormState::default().with_value(WORDS, words));
    Ok(visit.page(page, move || {
        if !is_lead {
            return no_agency_view();
        }
        let items: Vec<_> = sessions
            .into_iter()
            .map(|session| {
                let places = match session.door(now) {
                    BookingDoor::Open { free: 1 } => "1 place left".to_owned(),
                    BookingDoor::Open { free } => format!("{free} places left"),
                    BookingDoor::WaitingList { waiting } => format!("full, {waiting} waiting"),
                    _ => String::new(),
                };
                let text = format!("{}, {}", session.course_title, short_moment_text(session.starts_at));
                let about = format!(" ({}, {places})", session.place_text());
                let href = format!("/agency/sessions/{}/book", session.id);
                view! { <li><a class="govuk-link" href=href>{text}</a>{about}</li> }
            })
            .collect();
        view! {
            <Heading text="Which session?"/>
            <FilterPanel action="/agency/bookings/new" summary="Find a course" button="Search" open=true post=true>
                <TextInput label="Part of the course’s title" name=WORDS kind="search"/>
            </FilterPanel>
            {if items.is_empty() {
                view! {
                    <EmptyState heading="No session can be booked">
                        <p class="govuk-body"><a class="govuk-link" href="/agency/bookings/new">"Show all sessions"</a></p>
                    </EmptyState>
                }.into_any()
            } else {
                view! { <ul class="govuk-list govuk-list--spaced">{items}</ul> }.into_any()
            }}
            {(total > SESSIONS_SHOWN_MOST).then(|| view! {
                <p class="govuk-body">{format!("{} more: search for a course.", total - SESSIONS_SHOWN_MOST)}</p>
            })}
        }
        .into_any()
    }))
}
