//! People change their own account.

use super::{
    new_person::{AgencyAnswer, parse_agency},
    sign_in::{check_code_in_txn, confirm_by_mail_in_txn, send_code},
};
use crate::{
    accounts::{
        guard::{self, ADDING_ADDRESS},
        pages,
        rules::{AddressId, CODE_MINUTES, PersonId, PersonKind, parse_address, parse_code, parse_name},
        store::{self, NewPerson},
    },
    agencies::{self, rules::MembershipId, store::NewMembership},
    audit::store::{Subject, audit_insert_in_txn},
    calendar::rules::{london_day, parse_day, short_day_text},
    messages,
    web::{
        client::ClientNetwork,
        components::CHANGED_MEANWHILE,
        error::{PageError, PageResult},
        form::FormState,
        submitted::Submitted,
        visit::Visit,
    },
};
use axum::{extract::Path, response::IntoResponse};
use axum_extra::extract::CookieJar;
use chrono::{Duration, NaiveDate};

const CODE_PURPOSE: &str = "add-address code";

pub(super) fn about(person: PersonId) -> Subject {
    Subject { kind: "person", id: person.0 }
}

/// Name, kind and whether somebody is under 18, as the office and people themselves type them.
pub(super) fn parse_details(mut form: FormState) -> Result<NewPerson, FormState> {
    let name = parse_name(form.value("name"));
    let kind = PersonKind::parse(form.value("kind"));
    let under_18 = match form.value("under_18") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    if let (Ok(name), Some(kind), Some(under_18)) = (&name, kind, under_18) {
        return Ok(NewPerson { name: name.clone(), kind, under_18 });
    }
    if let Err(problem) = name {
        form = form.with_error("name", problem);
    }
    if kind.is_none() {
        form = form.with_error("kind", "Choose one of these");
    }
    if under_18.is_none() {
        form = form.with_error("under_18", "Choose yes or no");
    }
    Err(form)
}

/// POST /account/details
pub async fn save_details(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let me = visit.person()?.id;
    let details = match parse_details(form.clone()) {
        Ok(details) => details,
        Err(refused) => return Ok(pages::details_view(&visit, refused, None)),
    };
    let version = form.value("version").parse().unwrap_or_default();
    let txn = visit.app.db.write().await?;
    if !store::person_update_in_txn(me, version, details, &txn).await? {
        drop(txn);
        let theirs = store::person_get(me, visit.db()).await?.ok_or(PageError::NotFound)?;
        let form = form.replacing("version", theirs.version.to_string()).with_error("", CHANGED_MEANWHILE);
        return Ok(pages::details_view(&visit, form, Some(theirs)));
    }
    audit_insert_in_txn(Some(me), about(me), "Changed their own details.", visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other("/account?done=account-saved")
}

/// POST /account/addresses/new
pub async fn ask_for_address_code(
    visit: Visit,
    network: ClientNetwork,
    jar: CookieJar,
    Submitted(form): Submitted,
) -> PageResult {
    let me = visit.person()?.id;
    let address = match parse_address(form.value("email")) {
        Ok(address) => address,
        Err(problem) => return Ok(pages::new_address_view(&visit, form.with_error("email", problem))),
    };
    let mine = store::addresses_of(me, visit.db()).await?;
    if mine.iter().any(|row| row.address == address && row.proven_at.is_some()) {
        let problem = "This address is already one of yours";
        return Ok(pages::new_address_view(&visit, form.with_error("email", problem)));
    }
    if !send_code(&visit, CODE_PURPOSE, &address, &network).await? {
        let problem = "We have sent several codes to this address. Use the newest one, or wait 15 minutes";
        return Ok(pages::new_address_view(&visit, form.with_error("email", problem)));
    }
    let expires = visit.now + Duration::minutes(2 * CODE_MINUTES);
    let pending = guard::sealed_cookie(&visit.app, ADDING_ADDRESS, &[&address, &me.to_string()], expires);
    Ok((jar.add(pending), visit.see_other("/account/addresses/code")?).into_response())
}

/// POST /account/addresses/{id}/works: mail to one of one's own addresses arrives again. Twice is the same as once.
pub async fn address_works(visit: Visit, Path(id): Path<AddressId>) -> PageResult {
    let me = visit.person()?.id;
    let mine = store::addresses_of(me, visit.db()).await?;
    if !mine.iter().any(|row| row.id == id) {
        return Err(PageError::NotFound);
    }
    let txn = visit.app.db.write().await?;
    if store::address_works_in_txn(id, &txn).await? {
        audit_insert_in_txn(Some(me), about(me), "Says that an address works again.", visit.now, &txn).await?;
    }
    txn.commit().await?;
    visit.see_other("/account?done=own-address-works")
}

/// POST /account/addresses/code
pub async fn add_address(
    visit: Visit,
    network: ClientNetwork,
    jar: CookieJar,
    Submitted(form): Submitted,
) -> PageResult {
    let me = visit.person()?.id;
    let fields = guard::open_sealed(&visit.app, ADDING_ADDRESS, &jar, visit.now).unwrap_or_default();
    let [address, owner] = fields.as_slice() else { return visit.see_other("/account/addresses/new") };
    if *owner != me.to_string() {
        return visit.see_other("/account/addresses/new");
    }
    let refuse = |problem: &str| {
        let form = form.clone().with_error("code", problem);
        Ok(pages::address_code_view(&visit, form, address.clone()))
    };
    let code = match parse_code(form.value("code")) {
        Ok(code) => code,
        Err(problem) => return refuse(&problem),
    };
    let txn = visit.app.db.write().await?;
    if let Err(problem) = check_code_in_txn(&visit, CODE_PURPOSE, address, &code, &network, &txn).await? {
        txn.commit().await?;
        return refuse(problem);
    }
    match store::address_by_text(address, &txn).await? {
        Some(row) if row.person_id != me => {
            txn.commit().await?;
            return Err(PageError::Conflict(
                "This address is yours, but it belongs to another record here: you have been signed up twice. Ask the training team to bring the two together. Nothing was changed.".into(),
            ));
        }
        Some(row) => store::address_prove_in_txn(row.id, visit.now, &txn).await?,
        None => {
            let board = visit.app.board.current();
            if let Some(main) = store::person_main_address(me, &txn).await? {
                let mail = messages::accounts::address_added(&main, &board);
                messages::store::outbox_insert_in_txn(mail, visit.now, &txn).await?;
            }
            store::address_insert_in_txn(me, address, Some(visit.now), &txn).await?;
        }
    }
    confirm_by_mail_in_txn(&visit, me, &txn).await?;
    audit_insert_in_txn(Some(me), about(me), "Added an email address.", visit.now, &txn).await?;
    txn.commit().await?;
    visit.app.outbox_bell.notify_one();
    let jar = jar.add(guard::sealed_removal(&visit.app, ADDING_ADDRESS));
    Ok((jar, visit.see_other("/account?done=address-added")?).into_response())
}

/// POST /account/addresses/{id}/main
pub async fn make_address_main(visit: Visit, Path(id): Path<AddressId>) -> PageResult {
    let me = visit.person()?.id;
    if pages::own_address(&visit, id).await?.proven_at.is_none() {
        return Err(PageError::Conflict("This address is not proven yet, so it cannot be the main one.".into()));
    }
    let txn = visit.app.db.write().await?;
    store::address_make_main_in_txn(me, id, &txn).await?;
    audit_insert_in_txn(Some(me), about(me), "Chose another main email address.", visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other("/account?done=account-saved")
}

/// POST /account/addresses/{id}/remove. The last one stays: without it nobody could sign in any more.
pub async fn remove_address(visit: Visit, Path(id): Path<AddressId>) -> PageResult {
    let me = visit.person()?.id;
    pages::own_address(&visit, id).await?;
    let txn = visit.app.db.write().await?;
    let rest: Vec<_> = store::addresses_of(me, &txn).await?.into_iter().filter(|row| row.id != id).collect();
    let next_main = rest.iter().find(|row| row.main).or_else(|| rest.iter().find(|row| row.proven_at.is_some()));
    let Some(next_main) = next_main else {
        return Err(PageError::Conflict(
            "This is your only proven address, so it stays: without it you could not sign in any more. Add another one first.".into(),
        ));
    };
    store::address_delete_in_txn(id, &txn).await?;
    store::address_make_main_in_txn(me, next_main.id, &txn).await?;
    audit_insert_in_txn(Some(me), about(me), "Removed an email address.", visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other("/account?done=address-removed")
}

/// POST /account/devices: signs out all devices but this one.
pub async fn sign_out_others(visit: Visit) -> PageResult {
    let me = visit.person()?.clone();
    let txn = visit.app.db.write().await?;
    store::logins_end_others_in_txn(me.id, me.login, visit.now, &txn).await?;
    audit_insert_in_txn(Some(me.id), about(me.id), "Signed out all other devices.", visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other("/account?done=devices-signed-out")
}

/// POST /account/agencies/new
pub async fn add_membership(visit: Visit, Submitted(form): Submitted) -> PageResult {
    let me = visit.person()?.clone();
    let from = match parse_from(&form, london_day(visit.now)) {
        Ok(from) => from,
        Err(problem) => return pages::new_membership_view(&visit, form.with_error("from", problem)).await,
    };
    let answer = match parse_agency(form.clone(), true) {
        Ok(answer) => answer,
        Err(refused) => return pages::new_membership_view(&visit, refused).await,
    };
    let txn = visit.app.db.write().await?;
    match answer {
        AgencyAnswer::None => Err(PageError::NotFound),
        AgencyAnswer::Missing { name } => {
            let board = visit.app.board.current();
            if let Some(contact) = &board.contact {
                let mail = messages::accounts::agency_missing(contact, &me.name, &name, &board);
                messages::store::outbox_insert_in_txn(mail, visit.now, &txn).await?;
            }
            txn.commit().await?;
            visit.app.outbox_bell.notify_one();
            visit.see_other("/account?done=agency-asked")
        }
        AgencyAnswer::Listed { agency, job_role } => {
            let row = agencies::store::agency_get(agency, &txn).await?.filter(|row| row.closed_at.is_none());
            let Some(row) = row else {
                drop(txn);
                let refused = form.with_error("agency", "Choose an agency from the list");
                return pages::new_membership_view(&visit, refused).await;
            };
            let current = agencies::store::memberships_of(me.id, &txn).await?;
            if current.iter().any(|(held, _)| held.agency_id == agency && held.to_date.is_none()) {
                drop(txn);
                let refused = form.with_error("agency", "You are already linked to this agency");
                return pages::new_membership_view(&visit, refused).await;
            }
            let membership = NewMembership { person: me.id, agency, job_role, from, to: None, confirmed: None };
            agencies::store::membership_insert_in_txn(membership, &txn).await?;
            confirm_by_mail_in_txn(&visit, me.id, &txn).await?;
            let sentence = format!("Said that they work for {}.", row.name);
            audit_insert_in_txn(Some(me.id), about(me.id), sentence, visit.now, &txn).await?;
            txn.commit().await?;
            visit.see_other("/account?done=agency-added")
        }
    }
}

/// The first day at an agency: today unless said otherwise, never in the future.
pub(super) fn parse_from(form: &FormState, today: NaiveDate) -> Result<NaiveDate, String> {
    let parts = ["from-day", "from-month", "from-year"].map(|name| form.value(name).to_owned());
    if parts.iter().all(|part| part.trim().is_empty()) {
        return Ok(today);
    }
    let from = parse_day("the first day", &parts[0], &parts[1], &parts[2])?;
    if from > today { Err("First day must not be in the future".into()) } else { Ok(from) }
}

/// POST /account/agencies/{id}/end
pub async fn end_membership(visit: Visit, Path(id): Path<MembershipId>, Submitted(form): Submitted) -> PageResult {
    let me = visit.person()?.id;
    let (membership, agency) = agencies::store::membership_get(id, visit.db()).await?.ok_or(PageError::NotFound)?;
    if membership.person_id != me {
        return Err(PageError::NotFound);
    }
    let to = parse_day("your last day", form.value("to-day"), form.value("to-month"), form.value("to-year"));
    let to = match to {
        Ok(day) if day < membership.from_date => {
            Err(format!("Your last day must not be before {}", short_day_text(membership.from_date)))
        }
        other => other,
    };
    let to = match to {
        Ok(day) => day,
        Err(problem) => return pages::end_membership_view(&visit, id, form.with_error("to", problem)).await,
    };
    let txn = visit.app.db.write().await?;
    if !agencies::store::membership_end_in_txn(id, to, &txn).await? {
        return Err(PageError::Conflict(format!("Your time at {} has already been ended.", agency.name)));
    }
    let sentence = format!("Said that they leave {} on {}.", agency.name, short_day_text(to));
    audit_insert_in_txn(Some(me), about(me), sentence, visit.now, &txn).await?;
    txn.commit().await?;
    visit.see_other("/account?done=account-saved")
}
