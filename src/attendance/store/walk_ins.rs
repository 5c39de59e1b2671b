//! People who come without a place. They are looked for first, so that nobody gets a second record.

use super::{
    RegisterError,
    marks::{MarkWrite, Marker, mark_save_in_txn},
};
use crate::{
    accounts::{
        rules::{PersonId, PersonKind},
        store::{NewPerson, address_by_text, address_insert_in_txn, person_insert_in_txn},
    },
    agencies::{
        rules::AgencyId,
        store::{NewMembership, agency_get, membership_insert_in_txn, memberships_current},
    },
    attendance::rules::{Mark, MarkRequest},
    audit::store::{Subject, audit_insert_in_txn},
    bookings::rules::{BookingId, BookingState},
    calendar::rules::london_day,
    charges::store::policy_version_on,
    entity::{agency, booking, membership, person, session, session_date},
    server::{
        database::holding,
        secrets::{Secrets, random_reference},
    },
    sessions::rules::{SessionDateId, SessionId},
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func},
};
use std::collections::{HashMap, HashSet};

/// A search shows at most so many people: it is for finding one, not for reading the address book.
const MOST_CANDIDATES: u64 = 10;
/// Shorter searches find nobody, except by a whole e-mail address.
const SHORTEST_SEARCH: usize = 3;

/// Somebody who may be the one who came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Where they work now; tells two people of one name apart.
    pub agency: Option<String>,
    /// Whether they have a place on this session already.
    pub on_register: bool,
}

/// Somebody whom nobody here knows yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWalkIn {
    /// Their name.
    pub name: String,
    /// Their address, where they gave one: without it they get no survey and no certificate by mail.
    pub email: Option<String>,
    /// What they do.
    pub job_role: String,
    /// For whom they work, where they said so; it counts once confirmed.
    pub agency: Option<AgencyId>,
}

/// Why somebody was not added.
#[derive(Debug, thiserror::Error)]
pub enum WalkInRefused {
    /// They are on the register.
    #[error("{0} is on the register already")]
    OnRegister(String),
    /// The address is somebody's.
    #[error("This address belongs to {0}, who is known here. Search for them and add them.")]
    AddressKnown(String),
    /// The agency is closed or was never there.
    #[error("Choose an agency from the list, or leave it empty")]
    AgencyUnknown,
    /// A booking needs a policy version.
    #[error("There is no charging policy yet, so nobody can be given a place. Ask the office.")]
    NoPolicy,
    /// The register does not take them.
    #[error(transparent)]
    Register(#[from] RegisterError),
}

impl From<DbErr> for WalkInRefused {
    fn from(error: DbErr) -> Self {
        Self::Register(error.into())
    }
}

/// People by part of their name, or by a whole e-mail address. At most ten.
pub async fn candidates_find(
    search: &str,
    session: SessionId,
    today: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<Vec<Candidate>, DbErr> {
    let search = search.trim().to_lowercase();
    let people = if search.contains('@') {
        match address_by_text(&search, db).await? {
            Some(address) => {
                person::Entity::find_by_id(address.person_id).filter(person::Column::ErasedAt.is_null()).all(db).await?
            }
            None => Vec::new(),
        }
    } else if search.chars().count() < SHORTEST_SEARCH {
        Vec::new()
    } else {
        let mut query = person::Entity::find().filter(person::Column::ErasedAt.is_null());
        for word in search.split_whitespace() {
            query = query.filter(Expr::expr(Func::lower(Expr::col(person::Column::Name))).like(holding(word)));
        }
        query.order_by_asc(person::Column::Name).limit(MOST_CANDIDATES).all(db).await?
    };
    let ids: Vec<PersonId> = people.iter().map(|row| row.id).collect();
    let agencies = agency_names_of(&ids, today, db).await?;
    let present: HashSet<PersonId> = booking::Entity::find()
        .filter(booking::Column::SessionId.eq(session))
        .filter(booking::Column::State.eq(BookingState::Booked))
        .filter(booking::Column::PersonId.is_in(ids))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.person_id)
        .collect();
    let candidates = people.into_iter().map(|row| Candidate {
        person: row.id,
        agency: agencies.get(&row.id).cloned(),
        on_register: present.contains(&row.id),
        name: row.name,
    });
    Ok(candidates.collect())
}

async fn agency_names_of(
    people: &[PersonId],
    today: NaiveDate,
    db: &impl ConnectionTrait,
) -> Result<HashMap<PersonId, String>, DbErr> {
    let memberships = membership::Entity::find()
        .filter(membership::Column::PersonId.is_in(people.iter().copied()))
        .filter(membership::Column::FromDate.lte(today))
        .order_by_asc(membership::Column::FromDate)
        .all(db)
        .await?;
    let agencies: HashMap<_, _> = agency::Entity::find()
        .filter(agency::Column::Id.is_in(memberships.iter().map(|row| row.agency_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let current = memberships.into_iter().filter(|row| row.to_date.is_none_or(|to| to >= today));
    Ok(current.filter_map(|row| Some((row.person_id, agencies.get(&row.agency_id)?.clone()))).collect())
}

/// Adds somebody who is known, marks them present, and returns their name. Somebody who waited for a place gets one.
pub async fn walk_in_add_in_txn(
    date: SessionDateId,
    person: PersonId,
    marker: Marker,
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<String, WalkInRefused> {
    let date = session_date::Entity::find_by_id(date).one(db).await?.ok_or(RegisterError::NotFound)?;
    let found = person::Entity::find_by_id(person).filter(person::Column::ErasedAt.is_null()).one(db).await?;
    let person = found.ok_or(RegisterError::NotFound)?;
    let booking = place_give(&date, &person, now, db).await?;
    mark_as_come(&date, booking, marker, secrets, now, db).await?;
    let subject = Subject { kind: "session", id: date.session_id.0 };
    audit_insert_in_txn(Some(marker.by), subject, "Somebody who walked in was added to the register", now, db).await?;
    Ok(person.name)
}

/// Adds somebody whom nobody here knows yet.
pub async fn walk_in_new_in_txn(
    date: SessionDateId,
    new: NewWalkIn,
    marker: Marker,
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<String, WalkInRefused> {
    if let Some(email) = &new.email
        && let Some(known) = address_by_text(email, db).await?
    {
        let name = person::Entity::find_by_id(known.person_id).one(db).await?.map_or_else(String::new, |row| row.name);
        return Err(WalkInRefused::AddressKnown(name));
    }
    if let Some(agency) = new.agency
        && agency_get(agency, db).await?.is_none_or(|row| row.closed_at.is_some())
    {
        return Err(WalkInRefused::AgencyUnknown);
    }
    let person = NewPerson { name: new.name, kind: PersonKind::Employed, under_18: false };
    let person = person_insert_in_txn(person, now, db).await?;
    if let Some(agency) = new.agency {
        let (job_role, from) = (new.job_role.clone(), london_day(now));
        let membership = NewMembership { person, agency, job_role, from, to: None, confirmed: None };
        membership_insert_in_txn(membership, db).await?;
    }
    if let Some(email) = &new.email {
        address_insert_in_txn(person, email, None, db).await?;
    }
    let name = walk_in_add_in_txn(date, person, marker, secrets, now, db).await?;
    let row = booking::Entity::find().filter(booking::Column::PersonId.eq(person)).one(db).await?;
    if let Some(row) = row.filter(|_| !new.job_role.is_empty()) {
        let mut row = row.into_active_model();
        row.job_role = Set(new.job_role);
        row.update(db).await?;
    }
    Ok(name)
}

/// A place for somebody who stands in the room. Places of walk-ins are counted apart, so `sessions.held` stays.
async fn place_give(
    date: &session_date::Model,
    person: &person::Model,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<BookingId, WalkInRefused> {
    let live = booking::Entity::find()
        .filter(booking::Column::SessionId.eq(date.session_id))
        .filter(booking::Column::PersonId.eq(person.id))
        .filter(booking::Column::State.is_in([
            BookingState::Requested,
            BookingState::Waitlisted,
            BookingState::Offered,
            BookingState::Booked,
        ]))
        .one(db)
        .await?;
    if let Some(row) = live {
        return place_confirm(row, date.session_id, &person.name, now, db).await;
    }
    let today = london_day(now);
    let policy = policy_version_on(today, db).await?.ok_or(WalkInRefused::NoPolicy)?;
    let membership = memberships_current(person.id, today, db).await?.into_iter().next().map(|(row, _)| row);
    let random = |length| random_reference(length).map_err(|error| DbErr::Custom(error.to_string()));
    let row = booking::ActiveModel {
        reference: Set(random(8)?),
        request_id: Set(format!("walk-in-{}", random(24)?)),
        session_id: Set(date.session_id),
        person_id: Set(person.id),
        agency_id: Set(membership.as_ref().map(|row| row.agency_id)),
        agency_confirmed: Set(membership.as_ref().is_some_and(|row| row.confirmed_at.is_some())),
        person_kind: Set(person.kind),
        job_role: Set(membership.map_or_else(String::new, |row| row.job_role)),
        state: Set(BookingState::Booked),
        policy_version_id: Set(policy.id),
        policy_accepted: Set(false),
        cancel_by: Set(date.starts_at),
        created_at: Set(now),
        changed_at: Set(now),
        booked_at: Set(Some(now)),
        walk_in: Set(true),
        ..Default::default()
    };
    Ok(booking::Entity::insert(row).exec(db).await?.last_insert_id)
}

/// Somebody who waited, was offered a place or had asked for one has come: the place is theirs.
async fn place_confirm(
    row: booking::Model,
    session: SessionId,
    name: &str,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<BookingId, WalkInRefused> {
    if row.state == BookingState::Booked {
        return Err(WalkInRefused::OnRegister(name.to_owned()));
    }
    let (id, waited) = (row.id, row.state == BookingState::Waitlisted);
    if waited {
        session::Entity::update_many()
            .col_expr(session::Column::Waiting, Expr::col(session::Column::Waiting).sub(1))
            .filter(session::Column::Id.eq(session))
            .filter(session::Column::Waiting.gt(0))
            .exec(db)
            .await?;
    }
    let mut row = row.into_active_model();
    row.state = Set(BookingState::Booked);
    row.walk_in = Set(waited);
    row.changed_at = Set(now);
    row.booked_at = Set(Some(now));
    row.waiting_since = Set(None);
    row.offer_expires_at = Set(None);
    row.update(db).await?;
    Ok(id)
}

/// Present today; not there on earlier dates, whose registers may be submitted already.
async fn mark_as_come(
    date: &session_date::Model,
    booking: BookingId,
    marker: Marker,
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), RegisterError> {
    let earlier = session_date::Entity::find()
        .filter(session_date::Column::SessionId.eq(date.session_id))
        .filter(session_date::Column::Position.lte(date.position))
        .all(db)
        .await?;
    for each in earlier {
        let mark = if each.id == date.id { Mark::Present } else { Mark::DidNotAttend };
        let write = MarkWrite {
            nonce: format!("walk-in:{}:{booking}", each.id),
            date: each.id,
            booking,
            request: MarkRequest { mark, minutes_late: None, reason: Some("Walked in".into()) },
        };
        match mark_save_in_txn(&write, marker, secrets, now, db).await {
            Err(RegisterError::Refused(_)) if each.id != date.id => {}
            other => {
                other?;
            }
        }
    }
    Ok(())
}
