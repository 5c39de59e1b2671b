//! Booking for one's staff, one by one.

use super::{led_agencies, led_agency, list::no_agency_view};
use crate::{
    bookings::{
        pages::{is_free_of_charges, session_rows, shown_field},
        rules::Shown,
        store::{STAFF_SHOWN_MOST, Staff, kept_for_agency, shown_under, staff_search},
    },
    calendar::{
        notice::or_grace,
        rules::{london_day, moment_text},
    },
    charges::rules::{SUSPENDED, charge_sentence_until},
    entity::{agency, session},
    sessions::{
        rules::{BookingDoor, SessionDetails, SessionId, SessionStatus},
        store::{session_details, session_terms},
    },
    web::{
        components::*,
        error::{PageError, PageResult},
        form::FormState,
        page::Page,
        search::{Search, WORDS},
        visit::Visit,
    },
};
use axum::extract::Path;
use axum_extra::extract::CookieJar;
use leptos::prelude::*;
use sea_orm::EntityTrait;

/// The value of the choice that stands for somebody who is not in the list of staff.
pub const SOMEBODY_NEW: &str = "new";

/// What both ways of booking for staff show of the session.
pub struct StaffScreen {
    /// The session.
    pub session: SessionDetails,
    /// The agencies that the viewer leads.
    pub agencies: Vec<agency::Model>,
    /// What is said of places, the cancel-by moment and charges.
    pub rows: Vec<(&'static str, String)>,
    /// Free places that are kept for these agencies.
    pub kept: i32,
    /// What the forms carry of what is said.
    pub shown: Shown,
}

/// Loads what the pages show. A session that cannot be booked answers with the sentence why.
pub async fn load_staff_screen(visit: &Visit, id: i64) -> Result<StaffScreen, PageError> {
    let agencies = led_agencies(visit).await?;
    let session = session_details(SessionId(id), visit.db()).await?.ok_or(PageError::NotFound)?;
    if session.status == SessionStatus::Draft {
        return Err(PageError::NotFound);
    }
    let closed = |sentence: &str| Err(PageError::Conflict(sentence.to_owned()));
    let places = match session.door(visit.now) {
        BookingDoor::Hidden => return Err(PageError::NotFound),
        BookingDoor::Cancelled => return closed("This session was cancelled. Choose another date."),
        BookingDoor::Started => return closed("This session has already begun or is over. Choose another date."),
        BookingDoor::Closed => return closed("Booking for this session has closed. Choose another date."),
        BookingDoor::NotYetOpen(opens) => {
            return closed(&format!("Booking for this session opens at {}.", moment_text(opens)));
        }
        BookingDoor::Open { free } => format!("{free} of {} left", session.capacity),
        BookingDoor::WaitingList { waiting } => format!("None left, {waiting} on the waiting list"),
    };
    let terms = session_terms(session.starts_at, visit.now, visit.db()).await?;
    let kept = kept_for_viewer(visit, session.id, &agencies).await?;
    let mut rows = vec![("Places", places)];
    if kept > 0 {
        rows.push(("Kept for your agency", kept.to_string()));
    }
    if let (Some(policy), Some(Ok(cut_off))) = (terms.policy, terms.cancel_by(session.starts_at)) {
        let printed = or_grace(cut_off, visit.now, session.starts_at);
        rows.push(("Cancel free of charge until", moment_text(printed)));
        let charge = if is_free_of_charges(&session, visit.db()).await? {
            SUSPENDED.to_owned()
        } else {
            charge_sentence_until(&policy, printed, crate::accounts::rules::PersonKind::Employed)
        };
        rows.push(("Charge", charge));
    }
    let shown = shown_under(&terms, session.id, session.version, session.starts_at);
    Ok(StaffScreen { session, agencies, rows, kept, shown })
}

async fn kept_for_viewer(visit: &Visit, id: SessionId, agencies: &[agency::Model]) -> Result<i32, PageError> {
    let row = session::Entity::find_by_id(id).one(visit.db()).await?.ok_or(PageError::NotFound)?;
    let mut kept = 0;
    for agency in agencies {
        kept += kept_for_agency(&row, Some(agency.id), visit.db()).await?.1.free;
    }
    Ok(kept)
}

impl StaffScreen {
    /// The session and its terms as rows.
    pub(super) fn summary(&self) -> Vec<SummaryRow> {
        let mut rows = session_rows(&self.session);
        rows.extend(self.rows.iter().map(|(key, value)| SummaryRow::new(*key, value.clone())));
        rows
    }

    /// Whether newcomers wait.
    pub(super) fn is_full(&self, now: chrono::DateTime<chrono::Utc>) -> bool {
        matches!(self.session.door(now), BookingDoor::WaitingList { .. }) && self.kept == 0
    }
}

/// GET /agency/sessions/{id}/book
pub async fn agency_book_page(visit: Visit, jar: CookieJar, Path(id): Path<i64>) -> PageResult {
    let form = FormState::default()
        .with_value("request_id", visit.new_request_id()?)
        .with_value(WORDS, Search::of(&visit, &jar).words)
        .with_value("agency", visit.parameter("agency"));
    agency_book_page_with(&visit, id, form).await
}

/// The form with its values and errors.
pub async fn agency_book_page_with(visit: &Visit, id: i64, form: FormState) -> PageResult {
    let screen = load_staff_screen(visit, id).await?;
    let agency = led_agency(visit, form.value("agency")).await?;
    let (staff, total) = match &agency {
        Some(agency) => staff_search(agency.id, form.value(WORDS), london_day(visit.now), visit.db()).await?,
        None => (Vec::new(), 0),
    };
    let now = visit.now;
    let title = "Book for your staff";
    let page = Page::new(title).back("/agency/bookings/new", "Which session?").form(form.clone());
    Ok(visit.page(page, move || {
        if screen.agencies.is_empty() {
            return no_agency_view();
        }
        let here = format!("/agency/sessions/{id}");
        let Some(agency) = agency else { return choose_agency_view(&screen, format!("{here}/book")) };
        let hidden = vec![
            ("request_id".to_owned(), form.value("request_id").to_owned()),
            (WORDS.to_owned(), form.value(WORDS).to_owned()),
            ("agency".to_owned(), agency.id.to_string()),
            shown_field(&screen.shown),
        ];
        let full = screen.is_full(now);
        view! {
            <Heading text=title caption=screen.session.course_title.clone()/>
            <SummaryList rows=screen.summary()/>
            <p class="govuk-body">
                "Several people at once? "
                <a class="govuk-link" href=format!("{here}/list?agency={}", agency.id)>"Paste or upload a list"</a>
            </p>
            {staff_search_view(format!("{here}/book/search"), total, STAFF_SHOWN_MOST)}
            <PostForm action=format!("{here}/book") hidden=hidden>
                {staff_fields("Who is the place for?", staff)}
                {full.then(|| view! { <Tick name="wait" label="Put them on the waiting list: the session is full"/> })}
                <p class="govuk-body">
                    "They get an email with everything. Where they would pay a charge themselves, they are asked to accept the cancellation rule."
                </p>
                <Button text="Book for them"/>
            </PostForm>
        }
        .into_any()
    }))
}

/// Which of several agencies a lead books for.
pub(super) fn choose_agency_view(screen: &StaffScreen, address: String) -> AnyView {
    let items: Vec<_> = screen
        .agencies
        .iter()
        .map(|agency| {
            let href = format!("{address}?agency={}", agency.id);
            view! { <li><a class="govuk-link" href=href>{agency.name.clone()}</a></li> }
        })
        .collect();
    view! {
        <Heading text="For which agency?" caption=screen.session.course_title.clone()/>
        <ul class="govuk-list govuk-list--spaced">{items}</ul>
    }
    .into_any()
}

/// A search in one's staff, where one list does not show all.
pub(super) fn staff_search_view(action: String, total: u64, shown: u64) -> Option<AnyView> {
    let form = FormState::current();
    let is_searched = !form.value(WORDS).is_empty();
    if total <= shown && !is_searched {
        return None;
    }
    let agency = form.value("agency").to_owned();
    let hidden = (!agency.is_empty()).then(|| view! { <Hidden name="agency" value=agency/> });
    let found = match total {
        0 => "Nobody of your staff has this name.".to_owned(),
        total if total > shown => format!("{total} found; the first {shown} are shown. Search for a name."),
        total => format!("{total} found."),
    };
    let view = view! {
        <FilterPanel action=action summary="Search your staff" button="Search" open=true post=true>
            {hidden}
            <TextInput label="Part of their name" name=WORDS kind="search" width=Width::Chars20/>
        </FilterPanel>
        <p class="govuk-body">{found}</p>
    };
    Some(view.into_any())
}

/// Who: one of the staff, or somebody new by name and address.
pub(super) fn staff_fields(legend: &'static str, staff: Vec<Staff>) -> AnyView {
    let mut options: Vec<Choice> = staff
        .into_iter()
        .map(|person| {
            let about = [person.job_role, person.address].into_iter().filter(|text| !text.is_empty());
            let hint = about.collect::<Vec<_>>().join(", ");
            Choice::new(person.person.to_string(), person.name).hint(hint)
        })
        .collect();
    let has_staff = !options.is_empty();
    options.push(Choice::new(SOMEBODY_NEW, "Somebody who is not in this list").hint("Enter name and address below"));
    let chosen = if has_staff { "" } else { SOMEBODY_NEW };
    view! {
        <Radios legend=legend name="staff" options=options chosen=chosen/>
        <TextInput label="Their full name" name="name" hint="Only if they are not in the list" autocomplete="off"/>
        <TextInput label="Their email address" name="email" kind="email" hint="Only if they are not in the list" autocomplete="off"/>
    }
    .into_any()
}
