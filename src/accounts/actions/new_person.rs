//! Somebody new creates their account.

use super::sign_in::confirm_by_mail_in_txn;
use crate::{
    accounts::{
        guard::{self, SIGNING_IN},
        pages,
        rules::{PersonKind, own_site_path, parse_name, parse_text},
        store::{self, NewPerson},
    },
    agencies::{
        self,
        rules::{AGENCY_NAME_LONGEST, AgencyId, JOB_ROLE_LONGEST},
        store::NewMembership,
    },
    audit::store::{Subject, audit_insert_in_txn},
    calendar::rules::london_day,
    messages,
    web::{error::PageResult, form::FormState, submitted::Submitted, visit::Visit},
};
use axum::response::IntoResponse;
use axum_extra::extract::CookieJar;

/// What somebody says about their agency.
pub(super) enum AgencyAnswer {
    None,
    Listed { agency: AgencyId, job_role: String },
    Missing { name: String },
}

/// Reads the agency's fields. `is_needed` refuses an empty choice.
pub(super) fn parse_agency(form: FormState, is_needed: bool) -> Result<AgencyAnswer, FormState> {
    match form.value("agency") {
        "" if is_needed => Err(form.with_error("agency", "Choose the agency that you work for")),
        "" => Ok(AgencyAnswer::None),
        pages::NOT_LISTED => match parse_text("Name of your agency", form.value("agency_name"), AGENCY_NAME_LONGEST) {
            Ok(name) => Ok(AgencyAnswer::Missing { name }),
            Err(problem) => Err(form.with_error("agency_name", problem)),
        },
        id => {
            let agency = id.parse().map(AgencyId);
            let job_role = parse_text("Job or role", form.value("job_role"), JOB_ROLE_LONGEST);
            match (agency, job_role) {
                (Ok(agency), Ok(job_role)) => Ok(AgencyAnswer::Listed { agency, job_role }),
                (Ok(_), Err(problem)) => Err(form.with_error("job_role", problem)),
                (Err(_), _) => Err(form.with_error("agency", "Choose an agency from the list")),
            }
        }
    }
}

/// POST /account/new
pub async fn create_person(visit: Visit, jar: CookieJar, Submitted(form): Submitted) -> PageResult {
    if visit.viewer.person().is_some() {
        return visit.see_other("/account");
    }
    let fields = guard::open_sealed(&visit.app, SIGNING_IN, &jar, visit.now).unwrap_or_default();
    let [address, return_to, proven] = fields.as_slice() else { return visit.see_other("/sign-in?again=code") };
    if proven != "proven" {
        return visit.see_other("/sign-in/code");
    }
    let (person, agency) = match parse_person(form.clone()) {
        Ok(parsed) => parsed,
        Err(refused) => return pages::new_person_view(&visit, refused, address).await,
    };
    let name = person.name.clone();
    let txn = visit.app.db.write().await?;
    if store::address_by_text(address, &txn).await?.is_some() {
        // The same form sent twice: the first one made the account.
        return visit.see_other("/sign-in");
    }
    let id = store::person_insert_in_txn(person, visit.now, &txn).await?;
    store::address_insert_in_txn(id, address, Some(visit.now), &txn).await?;
    let subject = Subject { kind: "person", id: id.0 };
    audit_insert_in_txn(Some(id), subject, "Created their own account.", visit.now, &txn).await?;
    match agency {
        AgencyAnswer::None => {}
        AgencyAnswer::Listed { agency, job_role } => {
            let is_open = agencies::store::agency_get(agency, &txn).await?.is_some_and(|row| row.closed_at.is_none());
            if !is_open {
                drop(txn);
                let refused = form.with_error("agency", "Choose an agency from the list");
                return pages::new_person_view(&visit, refused, address).await;
            }
            let from = london_day(visit.now);
            let membership = NewMembership { person: id, agency, job_role, from, to: None, confirmed: None };
            agencies::store::membership_insert_in_txn(membership, &txn).await?;
            confirm_by_mail_in_txn(&visit, id, &txn).await?;
        }
        AgencyAnswer::Missing { name: agency } => {
            let board = visit.app.board.current();
            if let Some(contact) = &board.contact {
                let mail = messages::accounts::agency_missing(contact, &name, &agency, &board);
                messages::store::outbox_insert_in_txn(mail, visit.now, &txn).await?;
            }
        }
    }
    let token = store::login_insert_in_txn(id, visit.now, &txn).await?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    let jar = jar.add(guard::login_cookie(&visit.app, token)).add(guard::sealed_removal(&visit.app, SIGNING_IN));
    let target = own_site_path(return_to).unwrap_or("/?done=account-created");
    Ok((jar, visit.see_other(target)?).into_response())
}

fn parse_person(mut form: FormState) -> Result<(NewPerson, AgencyAnswer), FormState> {
    let name = parse_name(form.value("name"));
    if let Err(problem) = &name {
        form = form.with_error("name", problem.clone());
    }
    let kind = PersonKind::parse(form.value("kind"));
    if kind.is_none() {
        form = form.with_error("kind", "Choose how you work or volunteer");
    }
    let under_18 = match form.value("under_18") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    if under_18.is_none() {
        form = form.with_error("under_18", "Say whether you are under 18");
    }
    let needs_agency = matches!(kind, Some(PersonKind::Employed | PersonKind::FosterCarer));
    let agency = parse_agency(form.clone(), needs_agency)?;
    match (name, kind, under_18) {
        (Ok(name), Some(kind), Some(under_18)) => Ok((NewPerson { name, kind, under_18 }, agency)),
        _ => Err(form),
    }
}
