//! Booking: from the details to the place.

use super::change_by;
use crate::{
    accounts::rules::PersonId,
    agencies::{
        rules::AgencyId,
        store::{NewMembership, agency_list_open, membership_insert_in_txn, memberships_current},
    },
    bookings::{
        pages::{check_page, details_page_with, full_page, load_screen, refused_page},
        rules::{Details, ForWhom, TypedDetails, Wrong, is_request_id, parse_details},
        store::{
            Arrangements, PlaceRequest, Placed, arrangements_kept, made_as_shown_in_txn,
            request_place_as_arranged_in_txn,
        },
    },
    calendar::rules::london_day,
    sessions::{rules::SessionId, store::session_details},
    web::{
        error::{PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;
use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr};

/// Names that an error proposes.
const PROPOSED_MOST: usize = 3;

/// POST /sessions/{id}/book/details: back from the check, with everything still there.
pub async fn change_details(visit: Visit, Path(id): Path<i64>, Submitted(form): Submitted) -> PageResult {
    details_page_with(&visit, id, form).await
}

/// GET /sessions/{id}/book/check: a bookmark or a reload without the answers.
pub async fn back_to_start(visit: Visit, Path(id): Path<i64>) -> PageResult {
    visit.see_other(format!("/sessions/{id}/book"))
}

/// POST /sessions/{id}/book/check
pub async fn check_details(visit: Visit, Path(id): Path<i64>, Submitted(form): Submitted) -> PageResult {
    let (details, employer) = match understand(&visit, &form).await? {
        Ok(understood) => understood,
        Err(wrong) => return details_page_with(&visit, id, with_errors(form, wrong)).await,
    };
    match load_screen(&visit, id).await? {
        Ok(screen) => Ok(check_page(&visit, screen, details, employer.name, form)),
        Err((session, refusal)) => refused_page(&visit, &session, &refusal).await,
    }
}

/// POST /sessions/{id}/book
pub async fn request_place(visit: Visit, Path(id): Path<i64>, Submitted(form): Submitted) -> PageResult {
    let person = visit.person()?.id;
    let (details, employer) = match understand(&visit, &form).await? {
        Ok(understood) => understood,
        Err(wrong) => return details_page_with(&visit, id, with_errors(form, wrong)).await,
    };
    if !is_request_id(form.value("request_id")) {
        return Err(PageError::Conflict("This form is too old to be used. Start the booking again.".into()));
    }
    if form.value("accept") != "yes" {
        let form = form.with_error("accept", "Tick the box to say that you accept the cancellation rule");
        return match load_screen(&visit, id).await? {
            Ok(screen) => Ok(check_page(&visit, screen, details, employer.name, form)),
            Err((session, refusal)) => refused_page(&visit, &session, &refusal).await,
        };
    }
    let change = change_by(&visit, person);
    let request = PlaceRequest {
        request_id: form.value("request_id").to_owned(),
        session: SessionId(id),
        person,
        agency: employer.agency,
        agency_confirmed: employer.is_confirmed,
        agency_given: match &details.for_whom {
            ForWhom::NotListed(name) => Some(name.clone()),
            _ => None,
        },
        job_role: details.job_role.clone(),
        person_kind: details.person_kind,
        access_needs: details.access_needs.clone(),
        policy_accepted: true,
        may_wait: form.value("join") == "waiting",
        substitute_for: None,
        booked_by_lead: None,
    };
    // It locks the session and the person; hundreds of people may ask at the same moment.
    let txn = visit.app.db.write_beside_others().await?;
    let arrangements = arrangements_kept(SessionId(id), change.now, &visit.app.db, &txn).await?;
    let terms = Option::as_ref(&arrangements).map(Arrangements::terms);
    let asked = (SessionId(id), form.value("request_id"));
    if let Err(refusal) = made_as_shown_in_txn(asked, &form.values("version"), terms, change.now, &txn).await? {
        drop(txn);
        let form = form.replacing("accept", "").with_error("accept", refusal.to_string());
        return match load_screen(&visit, id).await? {
            Ok(screen) => Ok(check_page(&visit, screen, details, employer.name, form)),
            Err((session, refusal)) => refused_page(&visit, &session, &refusal).await,
        };
    }
    let outcome = request_place_as_arranged_in_txn(request, Option::as_ref(&arrangements), &change, &txn).await?;
    if let Ok(Placed::Done(booking)) = &outcome {
        if employer.is_new {
            claim_membership_in_txn(person, employer.agency, &details.job_role, london_day(visit.now), &txn).await?;
        }
        txn.commit().await?;
        visit.app.outbox_bell.notify_one();
        return visit.see_other(format!("/bookings/{}?done=booking-made", booking.reference));
    }
    drop(txn);
    let session = session_details(SessionId(id), visit.db()).await?.ok_or(PageError::NotFound)?;
    match outcome {
        Ok(Placed::Full { waiting }) => Ok(full_page(&visit, &session, waiting, &form)),
        Ok(Placed::Done(_)) => Err(PageError::Failed("a booking was made and not answered".into())),
        Err(refusal) => refused_page(&visit, &session, &refusal).await,
    }
}

/// For whom somebody comes, as the database knows it.
#[derive(Clone, Debug, Default)]
struct Employer {
    agency: Option<AgencyId>,
    name: Option<String>,
    is_confirmed: bool,
    /// Claimed with this booking.
    is_new: bool,
}

/// Reads the details screen's fields and finds the agency behind them.
async fn understand(visit: &Visit, form: &FormState) -> Result<Result<(Details, Employer), Vec<Wrong>>, PageError> {
    let typed = TypedDetails {
        agency: form.value("agency"),
        agency_name: form.value("agency_name"),
        job_role: form.value("job_role"),
        person_kind: form.value("person_kind"),
        access_needs: form.value("access_needs"),
    };
    let details = match parse_details(&typed) {
        Ok(details) => details,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let person = visit.person()?.id;
    let employer = find_employer(person, &details.for_whom, london_day(visit.now), visit.db()).await?;
    Ok(employer.map(|employer| (details, employer)).map_err(|wrong| vec![wrong]))
}

async fn find_employer(
    person: PersonId,
    for_whom: &ForWhom,
    today: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<Result<Employer, Wrong>, DbErr> {
    match for_whom {
        ForWhom::Myself | ForWhom::NotListed(_) => Ok(Ok(Employer::default())),
        ForWhom::Membership(id) => {
            let known = known_employer(person, *id, today, db).await?;
            Ok(known.ok_or_else(|| ("agency", "Select the organisation that you are coming for".to_owned())))
        }
        ForWhom::Named(name) => {
            let wanted = name.to_lowercase();
            let all = agency_list_open(db).await?;
            if let Some(agency) = all.iter().find(|agency| agency.name.to_lowercase() == wanted) {
                let new = Employer {
                    agency: Some(agency.id),
                    name: Some(agency.name.clone()),
                    is_confirmed: false,
                    is_new: true,
                };
                return Ok(Ok(known_employer(person, agency.id, today, db).await?.unwrap_or(new)));
            }
            let like: Vec<String> = all
                .into_iter()
                .map(|agency| agency.name)
                .filter(|name| name.to_lowercase().contains(&wanted))
                .take(PROPOSED_MOST)
                .map(|name| format!("“{name}”"))
                .collect();
            let sentence = if like.is_empty() {
                format!(
                    "We do not know “{name}”. Check the spelling, or choose “An organisation that we do not know yet”"
                )
            } else {
                format!("We do not know “{name}”. Did you mean {}? Type the whole name", like.join(" or "))
            };
            Ok(Err(("agency_name", sentence)))
        }
    }
}

/// An agency that somebody works for, as far as is known.
async fn known_employer(
    person: PersonId,
    agency: AgencyId,
    today: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<Option<Employer>, DbErr> {
    let memberships = memberships_current(person, today, db).await?;
    let known = memberships.into_iter().find(|(membership, _)| membership.agency_id == agency);
    Ok(known.map(|(membership, agency)| Employer {
        agency: Some(membership.agency_id),
        name: Some(agency.name),
        is_confirmed: membership.confirmed_at.is_some(),
        is_new: false,
    }))
}

async fn claim_membership_in_txn(
    person: PersonId,
    agency: Option<AgencyId>,
    job_role: &str,
    from: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let Some(agency) = agency else { return Ok(()) };
    let is_member = memberships_current(person, from, db).await?.iter().any(|(row, _)| row.agency_id == agency);
    if is_member {
        return Ok(());
    }
    let claim = NewMembership { person, agency, job_role: job_role.to_owned(), from, to: None, confirmed: None };
    membership_insert_in_txn(claim, db).await?;
    Ok(())
}

/// The form with what is wrong in it.
pub(super) fn with_errors(form: FormState, wrong: Vec<Wrong>) -> FormState {
    wrong.into_iter().fold(form, |form, (field, sentence)| form.with_error(field, sentence))
}
