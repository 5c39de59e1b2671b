//! The office's bookings: search, answer requests, book for somebody.

use super::{FILTERED_STATES, state_tag};
use crate::{
    accounts::{
        rules::PersonId,
        store::{address_by_text, person_get, person_main_address},
    },
    agencies::store::employers_current,
    bookings::{
        rules::{BookingState, Shown, for_whom},
        store::{BOOKINGS_PER_PAGE, BookingDetails, BookingFilter, BookingOrder, booking_list_for_office},
    },
    calendar::rules::{day_text, london_day, short_day_text, short_moment_text},
    entity::agency,
    server::database::Count,
    sessions::{
        rules::SessionId,
        store::{UpcomingFilter, session_details, session_list_upcoming},
    },
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

const ORDERS: [(&str, BookingOrder); 4] = [
    ("asked", BookingOrder::Asked),
    ("name", BookingOrder::Name),
    ("course", BookingOrder::Course),
    ("starts", BookingOrder::Starts),
];

/// GET /office/bookings
pub async fn office_bookings_page(visit: Visit, jar: CookieJar) -> PageResult {
    let words = Search::of(&visit, &jar).words;
    let filter = BookingFilter {
        search: words.clone(),
        state: FILTERED_STATES.iter().find(|(_, word)| *word == visit.parameter("state")).map(|(state, _)| *state),
        session: visit.parameter("session").parse().ok().map(SessionId),
        person: visit.parameter("person").parse().ok().map(PersonId),
    };
    let whose = match filter.person {
        Some(person) => person_get(person, visit.db()).await?.map(|person| person.name),
        None => None,
    };
    let which = match filter.session {
        Some(session) => session_details(session, visit.db())
            .await?
            .map(|session| format!("“{}” on {}", session.course_title, day_text(london_day(session.starts_at)))),
        None => None,
    };
    let sorting = Sorting::read(&visit, &ORDERS, BookingOrder::Asked, true);
    let number = visit.page_number();
    let order = (sorting.by, sorting.descending);
    let (list, total) = booking_list_for_office(&filter, order, number, visit.db()).await?;
    let href = visit.address_without(&["page"]);
    let form = FormState::new(visit.parameters()).replacing(WORDS, words);
    let page = Page::new("Bookings").back("/office", "Office").form(form).wide();
    Ok(visit.page(page, move || {
        let pages = total.counted().div_ceil(BOOKINGS_PER_PAGE);
        office_body(
            list,
            total,
            &filter,
            (whose, which),
            &sorting,
            view! { <Pagination href=href page=number pages=pages/> }.into_any(),
        )
    }))
}

fn office_body(
    list: Vec<BookingDetails>,
    total: Count,
    filter: &BookingFilter,
    (whose, which): (Option<String>, Option<String>),
    sorting: &Sorting<BookingOrder>,
    pagination: AnyView,
) -> AnyView {
    let states = FILTERED_STATES.iter().map(|(state, word)| Choice::new(*word, state.text())).collect();
    let session = filter.session.map(|session| view! { <Hidden name="session" value=session.to_string()/> });
    let only_session = filter.session.map(|_| {
        let which = which.unwrap_or_else(|| "a session that there is not".to_owned());
        view! {
            <p class="govuk-body">
                {format!("Only of {which}. ")}<a class="govuk-link" href="/office/bookings">"Show all"</a>
            </p>
        }
    });
    let person = filter.person.map(|person| view! { <Hidden name="person" value=person.to_string()/> });
    let only_person = whose.map(|name| {
        view! {
            <p class="govuk-body">
                {format!("Only of {name}. ")}<a class="govuk-link" href="/office/bookings">"Show all"</a>
            </p>
        }
    });
    let chosen_order = sorting.fields();
    view! {
        <Heading text="Bookings"/>
        {only_session}
        {only_person}
        <FilterPanel action="/office/bookings" open=true button="Search" post=true>
            {session}
            {person}
            {chosen_order}
            <TextInput label="Reference or name" name=WORDS kind="search" width=Width::Chars20/>
            <Select label="State" name="state" options=states empty="All"/>
        </FilterPanel>
        <p class="govuk-body">
            {found_text(total)}" "<a class="govuk-link" href="/office/bookings/new">"Book for somebody"</a>
        </p>
        {if list.is_empty() {
            view! {
                <EmptyState heading="No bookings match">
                    <p class="govuk-body">"Search for a reference, such as K7M2PQ4X, or a part of a name."</p>
                </EmptyState>
            }.into_any()
        } else {
            office_table(list, sorting)
        }}
        {pagination}
    }
    .into_any()
}

fn found_text(total: Count) -> String {
    match total {
        Count::Exactly(count) => format!("{} found.", thousands(count)),
        Count::MoreThan(count) => {
            format!("More than {} found. Search for a name or choose a state to see the others.", thousands(count))
        }
    }
}

fn office_table(list: Vec<BookingDetails>, sorting: &Sorting<BookingOrder>) -> AnyView {
    let rows = list
        .into_iter()
        .map(|details| {
            let booking = &details.booking;
            let base = format!("/office/bookings/{}", booking.reference);
            let name = details.person_name.clone();
            let actions = (booking.state == BookingState::Requested).then(|| {
                view! {
                    <ButtonGroup>
                        <PostButton action=format!("{base}/approve") text="Approve" about=name.clone()/>
                        <PostButton action=format!("{base}/decline") text="Decline" about=name kind=ButtonKind::Warning asks="Their request ends, the place is free again, and we tell them." reason="Reason (optional). It is kept with the booking for whoever is asked why"/>
                    </ButtonGroup>
                }
            });
            vec![
                Cell::link(format!("/bookings/{}", booking.reference), booking.reference.clone()),
                Cell::text(details.person_name.clone()),
                Cell::text(details.agency_name.clone().or(booking.agency_given.clone()).unwrap_or_default()),
                Cell::link(format!("/sessions/{}", details.session.id), details.session.course_title.clone()),
                Cell::text(short_moment_text(details.session.starts_at)),
                Cell::text(short_day_text(london_day(booking.created_at))),
                Cell::view(view! { {state_tag(booking.state)} {actions} }),
            ]
        })
        .collect();
    let head = vec![
        Head::text("Reference"),
        sorting.head(Head::text("Name"), BookingOrder::Name),
        Head::text("Organisation"),
        sorting.head(Head::text("Course"), BookingOrder::Course),
        sorting.head(Head::text("Starts"), BookingOrder::Starts),
        sorting.head_latest(Head::text("Asked"), BookingOrder::Asked),
        Head::text("State"),
    ];
    view! { <Table caption="Bookings found" caption_hidden=true head=head rows=rows stacked=true/> }.into_any()
}

/// GET /office/bookings/new
pub async fn office_book_page(visit: Visit) -> PageResult {
    let mut form = FormState::default()
        .with_value("request_id", visit.new_request_id()?)
        .with_value("session", visit.parameter("session"));
    // Somebody who was added on the way; their address does not stand in ours.
    if let Ok(person) = visit.parameter("person").parse().map(PersonId) {
        form = form.with_value("email", person_main_address(person, visit.db()).await?.unwrap_or_default());
    }
    office_book_page_with(&visit, form).await
}

/// Where somebody new is added on the way to this form, which then has the session that was chosen.
fn add_person_address(session: Option<SessionId>) -> String {
    let back = match session {
        Some(session) => format!("/office/bookings/new?session={session}"),
        None => "/office/bookings/new".to_owned(),
    };
    let query = serde_urlencoded::to_string([("return", back)]).unwrap_or_default();
    format!("/office/people/new?{query}")
}

/// The session that is chosen: by its number in an address, with the version that was shown in the form itself.
fn chosen_session(text: &str) -> Option<SessionId> {
    let number = text.split('.').next().unwrap_or_default();
    number.parse().ok().map(SessionId)
}

/// The form for booking on behalf, with its values and errors.
pub async fn office_book_page_with(visit: &Visit, form: FormState) -> PageResult {
    let sessions = session_list_upcoming(&UpcomingFilter::default(), visit.now, visit.db()).await?;
    let chosen = chosen_session(form.value("session"));
    // Each choice says which version of its session it shows; one that was chosen before is shown as it is now.
    let mut now_chosen = String::new();
    let choices: Vec<Choice> = sessions
        .into_iter()
        .map(|session| {
            let free = (session.capacity - session.held - session.reserved).max(0);
            let text = format!("{}, {} ({free} free)", session.course_title, short_moment_text(session.starts_at));
            let value = Shown { session: session.id, version: session.version, rule: None }.to_string();
            if chosen == Some(session.id) {
                now_chosen.clone_from(&value);
            }
            Choice::new(value, text)
        })
        .collect();
    let known = match address_by_text(form.value("email"), visit.db()).await? {
        Some(address) => {
            let employers = employers_current(address.person_id, london_day(visit.now), visit.db()).await?;
            Some((address.person_id, employers.into_iter().map(|(_, agency)| agency).collect::<Vec<_>>()))
        }
        None => None,
    };
    let is_about_them = |person: &PersonId| form.value("asked_of") == person.to_string();
    let is_asked_anew = !known.as_ref().is_some_and(|(person, _)| is_about_them(person));
    let mut form = form.replacing("session", now_chosen);
    if is_asked_anew {
        form = form.replacing("agency", "");
    }
    let page = Page::new("Book for somebody").back("/office/bookings", "Bookings").form(form.clone());
    Ok(visit.page(page, move || {
        let add = add_person_address(chosen);
        let mut hidden = vec![("request_id".to_owned(), form.value("request_id").to_owned())];
        let employers = known.map(|(person, employers)| {
            hidden.push(("asked_of".to_owned(), person.to_string()));
            employers_view(employers, &form, &mut hidden)
        });
        view! {
            <Heading text="Book for somebody"/>
            <p class="govuk-body">
                "The same rules hold as when people book themselves. They get the confirmation. They have not accepted the charging policy themselves."
            </p>
            <p class="govuk-body">
                "Somebody whom the office does not know yet: "
                <a class="govuk-link" href=add>"Add a person"</a>" first. You come back here."
            </p>
            <PostForm action="/office/bookings/new" hidden=hidden>
                <TextInput label="Their email address" name="email" kind="email"
                    hint="They must have an account, or be known to the office. If they work for several organisations, you choose one next"/>
                {employers}
                <Select label="Session" name="session" options=choices empty="Choose a session"/>
                <Tick name="wait" label="If it is full, put them on the waiting list"/>
                <Button text="Book"/>
            </PostForm>
        }
        .into_any()
    }))
}

/// For whom somebody comes: said where there is one answer, asked where there are several.
fn employers_view(employers: Vec<agency::Model>, form: &FormState, hidden: &mut Vec<(String, String)>) -> AnyView {
    let is_asked = employers.len() > 1 || form.error("agency").is_some();
    if !is_asked {
        let sentence = match employers.into_iter().next() {
            Some(agency) => {
                hidden.push(("agency".to_owned(), agency.id.to_string()));
                format!("They come for {}.", agency.name)
            }
            None => "No organisation is known that they work for.".to_owned(),
        };
        return view! { <InsetText>{sentence}</InsetText> }.into_any();
    }
    let mut choices: Vec<Choice> =
        employers.into_iter().map(|agency| Choice::new(agency.id.to_string(), agency.name)).collect();
    choices.push(Choice::new(for_whom::MYSELF, "None: they work for themselves"));
    view! {
        <Radios
            legend="Which organisation do they come for?"
            name="agency"
            options=choices
            hint="Ask them where you are not sure: a charge would go to it"
        />
    }
    .into_any()
}
