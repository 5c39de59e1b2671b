//! The office adds and changes people and their roles.

use super::{
    account::{about, parse_details, parse_from},
    new_person::{AgencyAnswer, parse_agency},
};
use crate::{
    accounts::{
        guard, pages,
        rules::{PersonId, Role, parse_address},
        store,
    },
    agencies::{
        self,
        rules::{AgencyId, Confirmation},
        store::NewMembership,
    },
    audit::store::audit_insert_in_txn,
    calendar::rules::london_day,
    messages,
    web::{
        components::CHANGED_MEANWHILE,
        error::{PageError, PageResult},
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::{extract::Path, response::IntoResponse};
use axum_extra::extract::CookieJar;
use sea_orm::{DatabaseTransaction, DbErr};

/// POST /office/people/new
pub async fn create_in_office(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let actor = visit.person()?.id;
    let address = parse_address(form.value("email"));
    let details = parse_details(form.clone());
    let agency = parse_agency(form.clone(), false);
    let (address, details, agency) = match (address, details, agency) {
        (Ok(address), Ok(details), Ok(agency)) => (address, details, agency),
        (address, details, agency) => {
            let form = details.err().or(agency.err()).unwrap_or(form);
            let form = match address {
                Err(problem) => form.with_error("email", problem),
                Ok(_) => form,
            };
            return pages::new_in_office_view(&visit, form).await;
        }
    };
    let (agency, job_role) = match agency {
        AgencyAnswer::None => (None, String::new()),
        AgencyAnswer::Listed { agency, job_role } => (Some(agency), job_role),
        AgencyAnswer::Missing { .. } => {
            let problem = "Add the agency under Agencies first, or leave this empty";
            return pages::new_in_office_view(&visit, form.with_error("agency", problem)).await;
        }
    };
    let txn = visit.app.db.write().await?;
    if let Some(row) = store::address_by_text(&address, &txn).await? {
        let holder = store::person_get(row.person_id, &txn).await?;
        drop(txn);
        let holder = holder.map_or_else(|| "somebody".to_owned(), |person| person.name);
        let problem = format!("This address already belongs to {holder}");
        return pages::new_in_office_view(&visit, form.with_error("email", problem)).await;
    }
    let id = store::person_insert_in_txn(details, visit.now, &txn).await?;
    store::address_insert_in_txn(id, &address, None, &txn).await?;
    if let Some(agency) = agency {
        if agencies::store::agency_get(agency, &txn).await?.is_none_or(|row| row.closed_at.is_some()) {
            drop(txn);
            let refused = form.with_error("agency", "Choose an agency from the list");
            return pages::new_in_office_view(&visit, refused).await;
        }
        let confirmed = Some((Confirmation::Office, visit.now));
        let membership =
            NewMembership { person: id, agency, job_role, from: london_day(visit.now), to: None, confirmed };
        agencies::store::membership_insert_in_txn(membership, &txn).await?;
    }
    audit_insert_in_txn(Some(actor), about(id), "Added by the office.", visit.now, &txn).await?;
    txn.commit().await?;
    match pages::return_of(&form) {
        Some(path) => {
            let joint = if path.contains('?') { '&' } else { '?' };
            visit.see_other(format!("{path}{joint}person={id}&done=person-added"))
        }
        None => visit.see_other(format!("/office/people/{id}?done=person-added")),
    }
}

/// POST /office/people/{id}/edit
pub async fn save_person(visit: Visit, Path(id): Path<PersonId>, Submitted(form): Submitted) -> PageResult {
    let actor = visit.person()?.id;
    store::person_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let details = match parse_details(form.clone()) {
        Ok(details) => details,
        Err(refused) => return Ok(pages::edit_person_view(&visit, id, refused, None)),
    };
    let version = form.value("version").parse().unwrap_or_default();
    let txn = visit.app.db.write().await?;
    if !store::person_update_in_txn(id, version, details, &txn).await? {
        drop(txn);
        let theirs = store::person_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
        let form = form.replacing("version", theirs.version.to_string()).with_error("", CHANGED_MEANWHILE);
        return Ok(pages::edit_person_view(&visit, id, form, Some(theirs)));
    }
    audit_insert_in_txn(Some(actor), about(id), "Details changed by the office.", visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other(format!("/office/people/{id}?done=person-saved"))
}

/// POST /office/people/{id}/agencies/new
pub async fn add_membership_in_office(
    visit: Visit,
    Path(id): Path<PersonId>,
    Submitted(form): Submitted,
) -> PageResult {
    let actor = visit.person()?.id;
    store::person_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let from = match parse_from(&form, london_day(visit.now)) {
        Ok(from) => from,
        Err(problem) => {
            return pages::new_membership_in_office_view(&visit, id, form.with_error("from", problem)).await;
        }
    };
    let (agency, job_role) = match parse_agency(form.clone(), true) {
        Ok(AgencyAnswer::Listed { agency, job_role }) => (agency, job_role),
        Ok(_) => {
            let refused = form.with_error("agency", "Add the agency under Agencies first");
            return pages::new_membership_in_office_view(&visit, id, refused).await;
        }
        Err(refused) => return pages::new_membership_in_office_view(&visit, id, refused).await,
    };
    let txn = visit.app.db.write().await?;
    let row = agencies::store::agency_get(agency, &txn).await?.filter(|row| row.closed_at.is_none());
    let held = agencies::store::memberships_of(id, &txn).await?;
    let is_held = held.iter().any(|(held, _)| held.agency_id == agency && held.to_date.is_none());
    let Some(row) = row.filter(|_| !is_held) else {
        drop(txn);
        let problem = if is_held { "They are already linked to this agency" } else { "Choose an agency from the list" };
        return pages::new_membership_in_office_view(&visit, id, form.with_error("agency", problem)).await;
    };
    let confirmed = Some((Confirmation::Office, visit.now));
    let membership = NewMembership { person: id, agency, job_role, from, to: None, confirmed };
    agencies::store::membership_insert_in_txn(membership, &txn).await?;
    audit_insert_in_txn(Some(actor), about(id), format!("Linked to {} by the office.", row.name), visit.now, &txn)
        .await?;
    txn.commit().await?;
    visit.see_other(format!("/office/people/{id}?done=membership-added"))
}

/// POST /office/people/{id}/addresses/new. The address proves itself when its owner signs in with it.
pub async fn add_address_in_office(visit: Visit, Path(id): Path<PersonId>, Submitted(form): Submitted) -> PageResult {
    let actor = visit.person()?.id;
    store::person_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let address = match parse_address(form.value("email")) {
        Ok(address) => address,
        Err(problem) => {
            return pages::new_address_in_office_view(&visit, id, form.with_error("email", problem)).await;
        }
    };
    let txn = visit.app.db.write().await?;
    if let Some(row) = store::address_by_text(&address, &txn).await? {
        let holder = store::person_get(row.person_id, &txn).await?;
        drop(txn);
        let problem = match holder {
            Some(holder) if holder.id == id => "This address is already theirs".to_owned(),
            Some(holder) => format!("This address already belongs to {}", holder.name),
            None => "This address already belongs to somebody".to_owned(),
        };
        return pages::new_address_in_office_view(&visit, id, form.with_error("email", problem)).await;
    }
    if let Some(main) = store::person_main_address(id, &txn).await? {
        let mail = messages::accounts::address_added(&main, &visit.app.board.current());
        messages::store::outbox_insert_in_txn(mail, visit.now, &txn).await?;
    }
    store::address_insert_in_txn(id, &address, None, &txn).await?;
    audit_insert_in_txn(Some(actor), about(id), "The office added an email address.", visit.now, &txn).await?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    visit.see_other(format!("/office/people/{id}?done=person-saved"))
}

/// POST /office/people/{id}/roles
pub async fn give_role(
    visit: Visit,
    jar: CookieJar,
    Path(id): Path<PersonId>,
    Submitted(form): Submitted,
) -> PageResult {
    let actor = visit.person()?.id;
    store::person_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    let Some(role) = Role::parse(form.value("role")) else {
        return pages::roles_view(&visit, id, form.with_error("role", "Choose a role")).await;
    };
    let txn = visit.app.db.write().await?;
    let agency = match (role.is_for_an_agency(), form.value("agency").parse().map(AgencyId)) {
        (false, _) => None,
        (true, Ok(agency)) => agencies::store::agency_get(agency, &txn).await?,
        (true, Err(_)) => None,
    };
    if role.is_for_an_agency() && agency.is_none() {
        drop(txn);
        let refused = form.with_error("agency", "Choose the agency for which they have this role");
        return pages::roles_view(&visit, id, refused).await;
    }
    let changed = store::role_insert_in_txn(id, role, agency.as_ref().map(|row| row.id), &txn).await?;
    let mut token = None;
    if changed {
        let place = agency.map(|row| format!(" for {}", row.name)).unwrap_or_default();
        let sentence = format!("Given the role of {}{place}.", role.label().to_lowercase());
        audit_insert_in_txn(Some(actor), about(id), sentence, visit.now, &txn).await?;
        token = sign_out_after_change(&visit, id, &txn).await?;
    }
    txn.commit().await?;
    let jar = token.into_iter().fold(jar, |jar, token| jar.add(guard::login_cookie(&visit.app, token)));
    Ok((jar, visit.see_other(format!("/office/people/{id}?done=role-changed"))?).into_response())
}

/// POST /office/people/{id}/roles/{role}/remove. A board always keeps one administrator.
pub async fn take_role(visit: Visit, jar: CookieJar, Path((id, role)): Path<(PersonId, i64)>) -> PageResult {
    let actor = visit.person()?.id;
    let txn = visit.app.db.write().await?;
    let held = store::roles_of(id, &txn).await?.into_iter().find(|row| row.id == role).ok_or(PageError::NotFound)?;
    if held.role == Role::Administrator && store::administrator_count(&txn).await? <= 1 {
        return Err(PageError::Conflict(
            "This is the only administrator, so the role stays. Make somebody else an administrator first.".into(),
        ));
    }
    store::role_remove_in_txn(id, held.role, held.agency_id, &txn).await?;
    let sentence = format!("The role of {} was taken away.", held.role.label().to_lowercase());
    audit_insert_in_txn(Some(actor), about(id), sentence, visit.now, &txn).await?;
    let token = sign_out_after_change(&visit, id, &txn).await?;
    txn.commit().await?;
    let jar = token.into_iter().fold(jar, |jar, token| jar.add(guard::login_cookie(&visit.app, token)));
    let is_own_office = id == actor && held.role == Role::Administrator;
    let target = if is_own_office { "/".to_owned() } else { format!("/office/people/{id}?done=role-changed") };
    Ok((jar, visit.see_other(target)?).into_response())
}

/// Ends all logins of somebody whose roles changed. Whoever changes their own gets a new login, returned here.
async fn sign_out_after_change(
    visit: &Visit,
    person: PersonId,
    txn: &DatabaseTransaction,
) -> Result<Option<String>, DbErr> {
    store::logins_end_all_in_txn(person, visit.now, txn).await?;
    let is_own = visit.viewer.person().is_some_and(|viewer| viewer.id == person);
    if is_own { store::login_insert_in_txn(person, visit.now, txn).await.map(Some) } else { Ok(None) }
}
