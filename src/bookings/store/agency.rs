//! What an agency's training lead sees and books: bookings made under confirmed memberships of that agency, and its
//! own staff.

use super::{BOOKINGS_PER_PAGE, BookingDetails, BookingFilter, booking_details_list, lists::filtered};
use crate::{
    accounts::{
        rules::{PersonId, PersonKind},
        store::{NewPerson, address_by_text, address_insert_in_txn, main_addresses, person_get, person_insert_in_txn},
    },
    agencies::{
        rules::{AgencyId, Confirmation},
        store::{NewMembership, agency_get, membership_confirm_in_txn, membership_insert_in_txn, memberships_current},
    },
    audit::store::{Subject, audit_insert_in_txn},
    bookings::rules::Colleague,
    calendar::rules::london_day,
    entity::{address, booking, membership, person},
    server::database::{holding, rows_before},
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, Query, SelectStatement},
};
use std::collections::HashMap;

/// Staff that one search shows; a name narrows it down.
pub const STAFF_SHOWN_MOST: u64 = 20;

/// Bookings that these agencies' leads may see: for the agency, by somebody whose membership was confirmed when they
/// booked or has been since.
fn in_view(agencies: &[AgencyId]) -> Condition {
    let mut any = Condition::any();
    for agency in agencies {
        let theirs = booking::Column::AgencyId.eq(*agency);
        let confirmed = Condition::any()
            .add(booking::Column::AgencyConfirmed.eq(true))
            .add(booking::Column::PersonId.in_subquery(confirmed_members(*agency)));
        any = any.add(Condition::all().add(theirs).add(confirmed));
    }
    // An empty list of agencies sees nothing, and an empty condition would see everything.
    any.add(Expr::val(1).eq(0))
}

fn confirmed_members(agency: AgencyId) -> SelectStatement {
    Query::select()
        .column(membership::Column::PersonId)
        .from(membership::Entity)
        .and_where(membership::Column::AgencyId.eq(agency))
        .and_where(membership::Column::ConfirmedAt.is_not_null())
        .to_owned()
}

/// One page of the bookings of these agencies' staff, the newest first, and how many there are.
pub async fn booking_list_of_agencies(
    agencies: &[AgencyId],
    filter: &BookingFilter,
    page: u64,
    db: &impl ConnectionTrait,
) -> Result<(Vec<BookingDetails>, u64), DbErr> {
    let query = filtered(filter).filter(in_view(agencies));
    let total = query.clone().count(db).await?;
    let rows = query
        .order_by_desc(booking::Column::Id)
        .offset(rows_before(page, total, BOOKINGS_PER_PAGE))
        .limit(BOOKINGS_PER_PAGE)
        .all(db)
        .await?;
    Ok((booking_details_list(rows, db).await?, total))
}

/// Whether these agencies' leads may see a booking.
pub async fn is_in_agencys_view(
    booking: &booking::Model,
    agencies: &[AgencyId],
    db: &impl ConnectionTrait,
) -> Result<bool, DbErr> {
    let found = booking::Entity::find().filter(booking::Column::Id.eq(booking.id)).filter(in_view(agencies));
    Ok(found.count(db).await? > 0)
}

/// Somebody who works for an agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their main address.
    pub address: String,
    /// What they do there.
    pub job_role: String,
    /// How they work with children.
    pub kind: PersonKind,
}

/// Confirmed staff of an agency whose name holds this text, by name, and how many there are.
pub async fn staff_search(
    agency: AgencyId,
    text: &str,
    day: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<(Vec<Staff>, u64), DbErr> {
    let open = Condition::any().add(membership::Column::ToDate.is_null()).add(membership::Column::ToDate.gte(day));
    let mut members = membership::Entity::find()
        .filter(membership::Column::AgencyId.eq(agency))
        .filter(membership::Column::ConfirmedAt.is_not_null())
        .filter(membership::Column::FromDate.lte(day))
        .filter(open);
    let mut named = Query::select();
    named.column(person::Column::Id).from(person::Entity).and_where(person::Column::ErasedAt.is_null());
    let text = text.trim().to_lowercase();
    if !text.is_empty() {
        named.and_where(Expr::expr(Func::lower(Expr::col(person::Column::Name))).like(holding(&text)));
    }
    members = members.filter(membership::Column::PersonId.in_subquery(named));
    let rows = members.all(db).await?;
    let mut staff = staff_of(rows, db).await?;
    staff.sort_by(|one, other| one.name.cmp(&other.name).then(one.person.cmp(&other.person)));
    let total = staff.len() as u64;
    staff.truncate(STAFF_SHOWN_MOST as usize);
    Ok((staff, total))
}

async fn staff_of(rows: Vec<membership::Model>, db: &impl ConnectionTrait) -> Result<Vec<Staff>, DbErr> {
    let ids: Vec<PersonId> = rows.iter().map(|row| row.person_id).collect();
    let addresses = main_addresses(&ids, db).await?;
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    let mut staff: Vec<Staff> = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(person) = people.iter().find(|person| person.id == row.person_id) else { continue };
        if staff.iter().any(|known| known.person == person.id) {
            continue;
        }
        staff.push(Staff {
            person: person.id,
            name: person.name.clone(),
            address: addresses.get(&person.id).cloned().unwrap_or_default(),
            job_role: row.job_role,
            kind: person.kind,
        });
    }
    Ok(staff)
}

/// One of an agency's confirmed staff; None where the person is not one, or not any more.
pub async fn staff_get(
    agency: AgencyId,
    person: PersonId,
    day: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<Option<Staff>, DbErr> {
    let rows = memberships_current(person, day, db).await?;
    let confirmed = rows.into_iter().map(|(row, _)| row);
    let confirmed = confirmed.filter(|row| row.agency_id == agency && row.confirmed_at.is_some()).collect();
    Ok(staff_of(confirmed, db).await?.pop())
}

/// Finds one of an agency's staff by their address, or takes them on: somebody who is not known yet becomes known, and
/// the lead's word confirms that they work here. A name that is known already is not changed.
pub async fn staff_by_address_in_txn(
    agency: AgencyId,
    colleague: &Colleague,
    lead: PersonId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Option<Staff>, DbErr> {
    let today = london_day(now);
    let person = match address_by_text(&colleague.address, db).await? {
        Some(known) => known.person_id,
        None => {
            let new = NewPerson { name: colleague.name.clone(), kind: PersonKind::Employed, under_18: false };
            let id = person_insert_in_txn(new, now, db).await?;
            address_insert_in_txn(id, &colleague.address, None, db).await?;
            id
        }
    };
    if person_get(person, db).await?.is_none() {
        return Ok(None);
    }
    let current = memberships_current(person, today, db).await?;
    let here = current.iter().map(|(row, _)| row).find(|row| row.agency_id == agency);
    let is_new = match here {
        Some(row) => membership_confirm_in_txn(row.id, Confirmation::TrainingLead, now, db).await?,
        None => {
            let membership = NewMembership {
                person,
                agency,
                job_role: String::new(),
                from: today,
                to: None,
                confirmed: Some((Confirmation::TrainingLead, now)),
            };
            membership_insert_in_txn(membership, db).await?;
            true
        }
    };
    let staff = staff_get(agency, person, today, db).await?;
    if let Some(staff) = staff.as_ref().filter(|_| is_new) {
        note_taken_on_in_txn(agency, staff, lead, now, db).await?;
    }
    Ok(staff)
}

/// Writes down, for the office, on whose word somebody counts as an agency's staff: with the person and with the agency.
async fn note_taken_on_in_txn(
    agency: AgencyId,
    staff: &Staff,
    lead: PersonId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let lead_name = person_get(lead, db).await?.map_or_else(|| "A training lead".to_owned(), |lead| lead.name);
    let agency_name = agency_get(agency, db).await?.map(|agency| agency.name).unwrap_or_default();
    let person = Subject { kind: "person", id: staff.person.0 };
    let sentence = format!("{lead_name}, training lead, said that they work at {agency_name}.");
    audit_insert_in_txn(Some(lead), person, sentence, now, db).await?;
    let agency = Subject { kind: "agency", id: agency.0 };
    let sentence = format!("{lead_name}, training lead, said that {} works here.", staff.name);
    audit_insert_in_txn(Some(lead), agency, sentence, now, db).await
}

/// Whose addresses these are, in lower case; those of nobody are left out.
pub async fn people_by_address(
    addresses: &[&str],
    db: &impl ConnectionTrait,
) -> Result<HashMap<String, PersonId>, DbErr> {
    let addresses = addresses.iter().map(|address| address.trim().to_lowercase());
    let rows = address::Entity::find().filter(address::Column::Address.is_in(addresses)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.address, row.person_id)).collect())
}
