//! The office adds, changes and closes agencies, and confirms memberships.

use super::{
    pages,
    rules::{AGENCY_NAME_LONGEST, AgencyId, AgencyType, Confirmation, MembershipId, parse_mail_domain},
    store::{self, AgencyLines},
};
use crate::{
    accounts::rules::{Role, own_site_path, parse_text},
    audit::store::{Subject, audit_insert_in_txn},
    calendar::rules::{london_day, short_day_text},
    entity::{agency, membership},
    web::{
        error::{PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::extract::Path;

/// The longest billing address.
const BILLING_LONGEST: usize = 500;

fn about(agency: AgencyId) -> Subject {
    Subject { kind: "agency", id: agency.0 }
}

fn parse_lines(form: FormState) -> Result<AgencyLines, FormState> {
    let name = parse_text("Name", form.value("name"), AGENCY_NAME_LONGEST);
    let agency_type = AgencyType::parse(form.value("type")).ok_or("Choose a kind".to_owned());
    let mail_domain = parse_mail_domain(form.value("mail_domain"));
    let optional = |field: &str, what: &str, longest: usize| match form.value(field).trim() {
        "" => Ok(None),
        text => parse_text(what, text, longest).map(Some),
    };
    let sector = optional("sector", "Sector", 60);
    let billing_name = optional("billing_name", "Invoices go to", 120);
    let cost_code = optional("cost_code", "Cost code", 40);
    let billing_address = match form.value("billing_address").trim() {
        "" => Ok(None),
        text if text.chars().count() > BILLING_LONGEST => {
            Err(format!("Billing address must be {BILLING_LONGEST} characters or fewer"))
        }
        text => Ok(Some(text.replace("\r\n", "\n"))),
    };
    let problems = [
        ("name", name.as_ref().err()),
        ("type", agency_type.as_ref().err()),
        ("sector", sector.as_ref().err()),
        ("mail_domain", mail_domain.as_ref().err()),
        ("billing_name", billing_name.as_ref().err()),
        ("billing_address", billing_address.as_ref().err()),
        ("cost_code", cost_code.as_ref().err()),
    ];
    let problems: Vec<(&str, String)> =
        problems.into_iter().filter_map(|(field, problem)| problem.map(|text| (field, text.clone()))).collect();
    let read = || -> Option<AgencyLines> {
        let agency_type = agency_type.ok()?;
        Some(AgencyLines {
            name: name.ok()?,
            agency_type,
            sector: sector.ok()?.unwrap_or_else(|| agency_type.label().to_owned()),
            mail_domain: mail_domain.ok()?,
            billing_name: billing_name.ok()?,
            billing_address: billing_address.ok()?,
            cost_code: cost_code.ok()?,
            same_legal_body: form.is_chosen("same_legal_body", "yes"),
            needs_approval: form.is_chosen("needs_approval", "yes"),
            copy_leads: form.is_chosen("copy_leads", "yes"),
        })
    };
    match read() {
        Some(lines) => Ok(lines),
        None => Err(problems.into_iter().fold(form, |form, (field, problem)| form.with_error(field, problem))),
    }
}

/// POST /office/agencies/new
pub async fn create_agency(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let actor = visit.person()?.id;
    let lines = match parse_lines(form.clone()) {
        Ok(lines) => lines,
        Err(refused) => return Ok(pages::agency_form_view(&visit, None, refused)),
    };
    let txn = visit.app.db.write().await?;
    if let Some(same) = store::agency_by_name(&lines.name, &txn).await? {
        drop(txn);
        return Ok(pages::agency_form_view(&visit, None, form.with_error("name", taken(&same))));
    }
    let sentence = format!("Added {}.", lines.name);
    let id = store::agency_insert_in_txn(lines, &txn).await?;
    audit_insert_in_txn(Some(actor), about(id), sentence, visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other(format!("/office/agencies/{id}?done=agency-saved"))
}

fn taken(same: &agency::Model) -> String {
    let closed = if same.closed_at.is_some() { ", which is closed and can be opened again" } else { "" };
    format!("There is already an agency with this name: {}{closed}", same.name)
}

/// POST /office/agencies/{id}/edit
pub async fn save_agency(visit: Visit, Path(id): Path<AgencyId>, Submitted(form): Submitted) -> PageResult {
    let actor = visit.person()?.id;
    let before = store::agency_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let lines = match parse_lines(form.clone()) {
        Ok(lines) => lines,
        Err(refused) => return Ok(pages::agency_form_view(&visit, Some(id), refused)),
    };
    let version: i32 = form.value("version").parse().unwrap_or_default();
    let txn = visit.app.db.write().await?;
    if let Some(same) = store::agency_by_name(&lines.name, &txn).await?.filter(|same| same.id != id) {
        drop(txn);
        return Ok(pages::agency_form_view(&visit, Some(id), form.with_error("name", taken(&same))));
    }
    let renamed = (before.name != lines.name).then(|| format!(" It was called {} before.", before.name));
    let sentence = format!("Changed {}.{}", lines.name, renamed.unwrap_or_default());
    if !store::agency_update_in_txn(id, version, lines, &txn).await? {
        drop(txn);
        let now = store::agency_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
        return Ok(pages::agency_form_view(&visit, Some(id), changed_meanwhile(&form, &now)));
    }
    audit_insert_in_txn(Some(actor), about(id), sentence, visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other(format!("/office/agencies/{id}?done=agency-saved"))
}

/// What was typed, with a sentence that says what the other person made of it, and the version that lets this one
/// overwrite it knowingly.
fn changed_meanwhile(form: &FormState, now: &agency::Model) -> FormState {
    let fields = [
        "name",
        "type",
        "sector",
        "mail_domain",
        "billing_name",
        "billing_address",
        "cost_code",
        "same_legal_body",
        "needs_approval",
        "copy_leads",
    ];
    let mut kept = FormState::default();
    for field in fields {
        for value in form.values(field) {
            kept = kept.with_value(field, value);
        }
    }
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    kept.with_value("version", now.version.to_string()).with_error(
        "name",
        format!(
            "Somebody else has changed this agency while you were typing. It now says: {}, {}, mail domain {}, invoices to {}. Nothing of yours was saved. Save again to replace theirs with what stands here",
            now.name,
            now.agency_type.label(),
            or_none(&now.mail_domain),
            or_none(&now.billing_name),
        ),
    )
}

/// POST /office/agencies/{id}/close. Twice is the same as once.
pub async fn close_agency(visit: Visit, Path(id): Path<AgencyId>) -> PageResult {
    set_closed(visit, id, true).await
}

/// POST /office/agencies/{id}/reopen. Twice is the same as once.
pub async fn reopen_agency(visit: Visit, Path(id): Path<AgencyId>) -> PageResult {
    set_closed(visit, id, false).await
}

async fn set_closed(visit: Visit, id: AgencyId, close: bool) -> PageResult {
    let actor = visit.person()?.id;
    let agency = store::agency_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let txn = visit.app.db.write().await?;
    if store::agency_set_closed_in_txn(id, close.then_some(visit.now), &txn).await? {
        let sentence = format!("{} {}.", if close { "Closed" } else { "Opened again:" }, agency.name);
        audit_insert_in_txn(Some(actor), about(id), sentence, visit.now, &txn).await?;
    }
    txn.commit().await?;
    let done = if close { "agency-closed" } else { "agency-open" };
    visit.see_other(format!("/office/agencies/{id}?done={done}"))
}

/// POST /office/memberships/{id}/confirm
pub async fn confirm_membership(visit: Visit, Path(id): Path<MembershipId>, Submitted(form): Submitted) -> PageResult {
    let actor = visit.person()?.id;
    let (membership, agency) = store::membership_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let txn = visit.app.db.write().await?;
    if store::membership_confirm_in_txn(id, Confirmation::Office, visit.now, &txn).await? {
        let sentence = format!("Confirmed the membership of {}.", agency.name);
        let subject = Subject { kind: "person", id: membership.person_id.0 };
        audit_insert_in_txn(Some(actor), subject, sentence, visit.now, &txn).await?;
    }
    txn.commit().await?;
    back(&visit, &form, "membership-confirmed")
}

/// POST /office/memberships/{id}/end: today is the last day.
pub async fn end_membership(visit: Visit, Path(id): Path<MembershipId>, Submitted(form): Submitted) -> PageResult {
    let (membership, agency) = store::membership_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    end_today(&visit, &membership, &agency).await?;
    back(&visit, &form, "membership-ended")
}

async fn end_today(visit: &Visit, membership: &membership::Model, agency: &agency::Model) -> Result<(), PageError> {
    let actor = visit.person()?.id;
    let today = london_day(visit.now);
    let txn = visit.app.db.write().await?;
    if store::membership_end_in_txn(membership.id, today, &txn).await? {
        let sentence = format!("Ended the membership of {} on {}.", agency.name, short_day_text(today));
        let subject = Subject { kind: "person", id: membership.person_id.0 };
        audit_insert_in_txn(Some(actor), subject, sentence, visit.now, &txn).await?;
    }
    Ok(txn.commit().await?)
}

/// A claimed or confirmed membership of an agency that the viewer leads; any other does not exist.
async fn membership_of_lead(visit: &Visit, id: MembershipId) -> Result<(membership::Model, agency::Model), PageError> {
    let led = visit.person()?.agencies_as(Role::TrainingLead);
    let found = store::membership_get(id, visit.db()).await?;
    found.filter(|(membership, _)| led.contains(&membership.agency_id)).ok_or(PageError::NotFound)
}

/// POST /agency/staff/{id}/confirm. Twice is the same as once.
pub async fn confirm_staff(visit: Visit, Path(id): Path<MembershipId>) -> PageResult {
    let actor = visit.person()?.id;
    let (membership, agency) = membership_of_lead(&visit, id).await?;
    if membership.to_date.is_some() {
        return Err(PageError::Conflict("This person no longer says that they work here. Nothing was changed.".into()));
    }
    let txn = visit.app.db.write().await?;
    if store::membership_confirm_in_txn(id, Confirmation::TrainingLead, visit.now, &txn).await? {
        let sentence = format!("Confirmed the membership of {} as its training lead.", agency.name);
        let subject = Subject { kind: "person", id: membership.person_id.0 };
        audit_insert_in_txn(Some(actor), subject, sentence, visit.now, &txn).await?;
    }
    txn.commit().await?;
    visit.see_other("/agency/staff?done=membership-confirmed")
}

/// POST /agency/staff/{id}/end: today is the last day.
pub async fn end_staff(visit: Visit, Path(id): Path<MembershipId>) -> PageResult {
    let (membership, agency) = membership_of_lead(&visit, id).await?;
    end_today(&visit, &membership, &agency).await?;
    visit.see_other("/agency/staff?done=membership-ended")
}

/// To the page that the button was on: the person's, or the list.
fn back(visit: &Visit, form: &FormState, done: &str) -> PageResult {
    let from = own_site_path(form.value("from")).filter(|path| path.starts_with("/office/people/"));
    let page = from.filter(|path| !path.contains('?')).unwrap_or("/office/memberships");
    visit.see_other(format!("{page}?done={done}"))
}
