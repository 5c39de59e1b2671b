//! Booking in four screens: the session, who and what they need, check your answers, and the confirmation, which is
//! the booking's own page. Answers travel in hidden fields of posted forms, never in addresses.

use super::{session_rows, shown_field};
use crate::{
    agencies::store::memberships_current,
    bookings::{
        rules::{
            Decision, Details, ForWhom, PERSON_KINDS, Refusal, Shown, decide_request, for_whom, person_kind_text,
            person_kind_value, still_trained,
        },
        store::{self, Arrangements, Asking, RequestFacts},
    },
    calendar::{
        notice,
        rules::{london_day, moment_text},
    },
    charges::rules::charge_sentence_until,
    entity::{agency, membership, person, session},
    privacy::{rules::days_after, store::retention_get},
    sessions::rules::{SessionDetails, SessionId},
    web::{
        components::*,
        error::{PageError, PageResult},
        form::FormState,
        page::Page,
        visit::Visit,
    },
};
use axum::{extract::Path, http::StatusCode};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use sea_orm::EntityTrait;

/// The fields that travel from screen to screen.
pub const CARRIED: [&str; 7] =
    ["request_id", "agency", "agency_name", "job_role", "person_kind", "access_needs", "join"];

/// What the screens know before anything is answered.
pub struct BookingScreen {
    /// The session.
    pub session: SessionDetails,
    /// The course's validity, for the warning.
    pub validity_months: Option<i32>,
    /// The facts of a request made now.
    pub facts: RequestFacts,
    /// What a request made now would lead to.
    pub decision: Decision,
    /// Whether nobody is charged for this session.
    pub suspended: bool,
    /// What the form carries of what the screens show.
    pub shown: Shown,
    /// Where the person works.
    pub memberships: Vec<(membership::Model, agency::Model)>,
    /// When the screen was asked for.
    pub now: DateTime<Utc>,
}

impl BookingScreen {
    fn is_full(&self) -> bool {
        matches!(self.decision, Decision::Wait { .. })
    }

    /// Until when the place could be given back free, if it were confirmed now.
    fn cancel_by(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        notice::or_grace(self.facts.terms.cancel_by, now, self.facts.terms.starts)
    }

    fn address(&self) -> String {
        format!("/sessions/{}/book", self.session.id)
    }
}

/// Loads what the screens show. The inner error is the sentence why this person cannot book, with the session.
pub async fn load_screen(
    visit: &Visit,
    id: i64,
) -> Result<Result<BookingScreen, (Box<SessionDetails>, Refusal)>, PageError> {
    let person = visit.person()?.id;
    let db = visit.db();
    let kept = store::arrangements_kept(SessionId(id), visit.now, &visit.app.db, db).await?;
    let arrangements = Option::as_ref(&kept).ok_or(PageError::NotFound)?;
    let row = session::Entity::find_by_id(SessionId(id)).one(db).await?.ok_or(PageError::NotFound)?;
    let session = arrangements.details_of(&row);
    // For which agency they come is asked on the next screen; until then their own is meant.
    let memberships = memberships_current(person, london_day(visit.now), db).await?;
    let own = memberships.first().map(|(membership, _)| membership);
    let asking = Asking {
        person,
        agency: own.map(|membership| membership.agency_id),
        agency_confirmed: own.is_some_and(|membership| membership.confirmed_at.is_some()),
        instead_of: None,
        is_agencys: false,
    };
    let conditions = arrangements.conditions.as_ref();
    let decided = match store::request_facts_under(conditions, &row, asking, visit.now, db).await? {
        Ok(facts) => {
            decide_request(&facts.seats, &facts.terms, &facts.applicant, visit.now).map(|decision| (facts, decision))
        }
        Err(refusal) => Err(refusal),
    };
    let (facts, decision) = match decided {
        Ok(decided) => decided,
        Err(Refusal::NotPublished) => return Err(PageError::NotFound),
        Err(refusal) => return Ok(Err((Box::new(session), refusal))),
    };
    let Arrangements { validity_months, is_free_of_charges: suspended, .. } = *arrangements;
    let shown = store::shown_under(&arrangements.terms(), session.id, session.version, session.starts_at);
    Ok(Ok(BookingScreen { session, validity_months, facts, decision, suspended, shown, memberships, now: visit.now }))
}

/// GET /sessions/{id}/book
pub async fn start_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let screen = match load_screen(&visit, id).await? {
        Ok(screen) => screen,
        Err((session, refusal)) => return refused_page(&visit, &session, &refusal).await,
    };
    let title = if screen.is_full() { "Join the waiting list" } else { "Book a place" };
    let page = Page::new(title).back(format!("/sessions/{id}"), "The session");
    let today = london_day(visit.now);
    let warning = still_trained(screen.facts.applicant.trained_on, screen.validity_months, today);
    let cancel_by = screen.cancel_by(visit.now);
    Ok(visit.page(page, move || {
        let mut rows = session_rows(&screen.session);
        rows.push(SummaryRow::new("Places", places_text(&screen)));
        rows.push(SummaryRow::new("Cancel free of charge until", moment_text(cancel_by)));
        let next = format!("{}/details", screen.address());
        view! {
            <Heading text=title caption=screen.session.course_title.clone()/>
            {warning.map(|text| view! { <WarningText text=format!("{text} You can still book.")/> })}
            <SummaryList rows=rows/>
            {match screen.decision {
                Decision::Wait { position } => view! {
                    <InsetText>
                        {format!("This session is full. You would be number {position} on the waiting list. Waiting is never charged, and you can leave the list at any time.")}
                    </InsetText>
                }.into_any(),
                Decision::Approve { until } => view! {
                    <InsetText>
                        {format!("A place here needs approval. We hold it for you until {} while you wait for the answer.", moment_text(until))}
                    </InsetText>
                }.into_any(),
                Decision::Book { .. } => ().into_any(),
            }}
            <ButtonLink href=next text="Continue"/>
        }
        .into_any()
    }))
}

fn places_text(screen: &BookingScreen) -> String {
    let seats = &screen.facts.seats;
    if seats.has_kept(screen.facts.terms.starts, screen.now) {
        return format!("{} of {} are kept for your organisation", seats.kept.free, seats.capacity);
    }
    match (screen.is_full(), seats.free()) {
        (true, _) => format!("None left, {} on the waiting list", seats.waiting),
        (false, 1) => format!("1 of {} left", seats.capacity),
        (false, free) => format!("{free} of {} left", seats.capacity),
    }
}

/// Why somebody cannot book, and what they can do.
pub async fn refused_page(visit: &Visit, session: &SessionDetails, refusal: &Refusal) -> PageResult {
    let title = match refusal {
        Refusal::AlreadyOffered => "A place is offered to you",
        _ => "You cannot book this session",
    };
    let page = Page::new(title).back(format!("/sessions/{}", session.id), "The session").status(StatusCode::CONFLICT);
    let has_booking = matches!(
        refusal,
        Refusal::AlreadyBooked | Refusal::AlreadyOffered | Refusal::AlreadyRequested | Refusal::AlreadyWaiting
    );
    let theirs = match has_booking {
        true => store::booking_live_of(session.id, visit.person()?.id, visit.db()).await?,
        false => None,
    };
    let offered_until =
        theirs.as_ref().and_then(|theirs| theirs.offer_expires_at).filter(|_| *refusal == Refusal::AlreadyOffered);
    let sentence = match offered_until {
        Some(until) => format!("A place on this session is held for you until {}.", moment_text(until)),
        None => format!("{refusal}."),
    };
    let theirs = theirs.map(|theirs| format!("/bookings/{}", theirs.reference));
    let course = session.course_title.clone();
    let other_dates = format!("/courses/{}", session.course_slug);
    Ok(visit.page(page, move || {
        view! {
            <Heading text=title caption=course/>
            <p class="govuk-body">{sentence}</p>
            {theirs.map(|href| match offered_until {
                Some(_) => view! { <ButtonLink href=href text="Accept or decline the place"/> }.into_any(),
                None => view! { <p class="govuk-body"><a class="govuk-link" href=href>"See your booking of this session"</a></p> }.into_any(),
            })}
            <p class="govuk-body">
                <a class="govuk-link" href=other_dates>"See other dates of this course"</a>" or "
                <a class="govuk-link" href="/bookings">"your bookings"</a>"."
            </p>
        }
        .into_any()
    }))
}

/// GET /sessions/{id}/book/details
pub async fn details_page(visit: Visit, Path(id): Path<i64>) -> PageResult {
    let form = FormState::default().with_value("request_id", visit.new_request_id()?);
    details_page_with(&visit, id, form).await
}

/// The details screen with a form's values and errors.
pub async fn details_page_with(visit: &Visit, id: i64, form: FormState) -> PageResult {
    let screen = match load_screen(visit, id).await? {
        Ok(screen) => screen,
        Err((session, refusal)) => return refused_page(visit, &session, &refusal).await,
    };
    let person = person::Entity::find_by_id(visit.person()?.id).one(visit.db()).await?.ok_or(PageError::NotFound)?;
    let kept = retention_get(visit.db()).await?;
    let title = "Who is coming";
    let page = Page::new(title).back(screen.address(), "The session").form(form.clone());
    let name = person.name.clone();
    Ok(visit.page(page, move || {
        let hidden = vec![
            ("request_id".to_owned(), form.value("request_id").to_owned()),
            ("join".to_owned(), form.value("join").to_owned()),
        ];
        let first = screen.memberships.first().map(|(membership, _)| membership.clone());
        let chosen = first.as_ref().map(|first| first.agency_id.to_string()).unwrap_or_default();
        let job_role = first.map(|first| first.job_role).unwrap_or_default();
        let kinds = PERSON_KINDS.iter().map(|(_, value, text)| Choice::new(*value, *text)).collect();
        view! {
            <Heading text=title caption=screen.session.course_title.clone()/>
            <p class="govuk-body">{format!("You are booking for yourself, {name}.")}</p>
            <PostForm action=format!("{}/check", screen.address()) hidden=hidden>
                <Radios
                    legend="Which organisation are you coming for?"
                    name="agency"
                    options=agency_choices(screen.memberships)
                    chosen=chosen
                />
                <TextInput
                    label="Name of the organisation"
                    name="agency_name"
                    hint="Only if you chose another organisation, or one that is not listed"
                    autocomplete="organization"
                />
                <TextInput label="Your job role" name="job_role" autocomplete="organization-title" value=job_role/>
                <Radios
                    legend="How do you work with children and families?"
                    name="person_kind"
                    options=kinds
                    chosen=person_kind_value(person.kind)
                />
                <TextArea
                    label="Is there anything you need to take part? (optional)"
                    name="access_needs"
                    hint="For example step-free access, a sign-language interpreter, large print, or captions"
                />
                <Details summary="Who sees what you need">
                    <p class="govuk-body">
                        {format!("Only the training team and, from two weeks before, your trainers see it. It is kept with this booking only, never printed or mailed, and erased {}.", days_after(kept.access_needs_days))}
                    </p>
                </Details>
                <Button text="Continue"/>
            </PostForm>
        }
        .into_any()
    }))
}

fn agency_choices(memberships: Vec<(membership::Model, agency::Model)>) -> Vec<Choice> {
    let mut choices: Vec<Choice> =
        memberships.into_iter().map(|(_, agency)| Choice::new(agency.id.to_string(), agency.name)).collect();
    choices.push(Choice::new(for_whom::OTHER, "Another organisation").hint("Type its name below"));
    choices
        .push(Choice::new(for_whom::NOT_LISTED, "An organisation that we do not know yet").hint("Type its name below"));
    choices.push(Choice::new(for_whom::MYSELF, "None: I work for myself"));
    choices
}

/// The form's fields as hidden ones of the next screen.
pub fn carried(form: &FormState) -> Vec<(String, String)> {
    CARRIED.iter().map(|name| ((*name).to_owned(), form.value(name).to_owned())).collect()
}

/// Check your answers. `agency_name` is the organisation as it was understood.
pub fn check_page(
    visit: &Visit,
    screen: BookingScreen,
    details: Details,
    agency_name: Option<String>,
    form: FormState,
) -> axum::response::Response {
    let page = Page::new("Check your answers").form(form.clone());
    let cancel_by = screen.cancel_by(visit.now);
    visit.page(page, move || {
        let mut rows = session_rows(&screen.session);
        let organisation = agency_name.unwrap_or_else(|| match &details.for_whom {
            ForWhom::NotListed(name) => format!("{name} (not in our list yet)"),
            _ => "None".to_owned(),
        });
        rows.push(SummaryRow::new("Organisation", organisation));
        rows.push(SummaryRow::new("Job role", details.job_role));
        rows.push(SummaryRow::new("Kind of work", person_kind_text(details.person_kind)));
        let needs = details.access_needs.unwrap_or_else(|| "Nothing".to_owned());
        rows.push(SummaryRow::view("What you need", view! { <NotPrinted text=needs/> }));
        let change = format!("{}/details", screen.address());
        let is_full = screen.is_full();
        let mut hidden = carried(&form);
        hidden.push(shown_field(&screen.shown));
        if is_full {
            hidden.retain(|(name, _)| name != "join");
            hidden.push(("join".to_owned(), "waiting".to_owned()));
        }
        let rule = if screen.suspended {
            "Charging is suspended for sessions on this day: nothing is charged if you do not come. Please still cancel, so that somebody else can have the place.".to_owned()
        } else {
            charge_sentence_until(&screen.facts.policy.terms, cancel_by, details.person_kind)
        };
        view! {
            <Heading text="Check your answers" caption=screen.session.course_title.clone()/>
            <SummaryList rows=rows/>
            <PostButton action=change text="Change your answers" kind=ButtonKind::Secondary hidden=carried(&form)/>
            <Heading text="If you cannot come" level=2 size=Size::M/>
            <p class="govuk-body">
                "You can cancel free of charge until "<strong>{moment_text(cancel_by)}</strong>". "{rule}
            </p>
            <p class="govuk-body">"You can also send a colleague instead, until the session starts. Nothing is charged then."</p>
            {is_full.then(|| view! {
                <InsetText>"This session is full, so you join its waiting list. Waiting is never charged. If a place is offered to you and you take it, the cancel-by time is shown to you again."</InsetText>
            })}
            <PostForm action=screen.address() hidden=hidden>
                <Tick name="accept" label="I have read this and accept it"/>
                <Button text=if is_full { "Join the waiting list" } else { "Book this place" }/>
            </PostForm>
        }
        .into_any()
    })
}

/// The last place went while somebody was filling the form in: the waiting list is one click away, with everything
/// that they typed.
pub fn full_page(visit: &Visit, session: &SessionDetails, waiting: i32, form: &FormState) -> axum::response::Response {
    let title = "The last place has just gone";
    let page = Page::new(title).back(format!("/sessions/{}", session.id), "The session").status(StatusCode::CONFLICT);
    let address = format!("/sessions/{}/book", session.id);
    let other_dates = format!("/courses/{}", session.course_slug);
    let course = session.course_title.clone();
    let mut hidden = carried(form);
    hidden.retain(|(name, _)| name != "join");
    hidden.push(("join".to_owned(), "waiting".to_owned()));
    let told = ["accept", "version"].into_iter().filter(|name| form.holds(name));
    hidden.extend(told.map(|name| (name.to_owned(), form.value(name).to_owned())));
    visit.page(page, move || {
        view! {
            <Heading text=title caption=course/>
            <p class="govuk-body">
                {format!("This session is now full. Nothing was booked. You would be number {} on the waiting list; waiting is never charged, and we keep your answers.", waiting + 1)}
            </p>
            <PostForm action=address hidden=hidden>
                <ButtonGroup>
                    <Button text="Join the waiting list"/>
                    <a class="govuk-link" href=other_dates>"See other dates"</a>
                </ButtonGroup>
            </PostForm>
        }
        .into_any()
    })
}
