//! People who come without a place. They are looked for first, so that nobody gets a second record.

use super::{
    RegisterError,
    comes_for::{ComesFor, employer_in_txn},
    marker_for,
    marks::{MarkWrite, Marker, kept_nonce, mark_save_in_txn},
};
use crate::{
    accounts::{
        rules::{PersonId, PersonKind},
        store::{NewPerson, address_by_text, address_insert_in_txn, person_insert_in_txn},
    },
    agencies::{
        rules::AgencyId,
        store::{NewMembership, agency_get, membership_insert_in_txn},
    },
    attendance::rules::{Mark, MarkRequest, decide_mark, register_state},
    audit::store::{Subject, audit_insert_in_txn},
    bookings::{
        rules::{BookingId, BookingState},
        store::{cut_off_of, subject},
    },
    calendar::{notice::or_grace, rules::london_day},
    charges::store::policy_version_on,
    entity::{booking, mark_history, person, session, session_date},
    server::secrets::{Secrets, random_reference},
    sessions::rules::{SessionDateId, SessionStatus},
    web::viewer::CurrentPerson,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, ExprTrait},
};

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
    /// They work for several agencies, and nobody has said for which they have come.
    #[error("Choose who they have come for")]
    ForWhom,
    /// Nobody comes to a session that was called off.
    #[error("This session was cancelled, so it has no register")]
    Cancelled,
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

/// Somebody who is on the register now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkedIn {
    /// Their booking.
    pub booking: BookingId,
    /// Their name.
    pub name: String,
}

/// Who adds people to a date's register: whoever may mark somebody present there now. Fails with `NotFound` for
/// everybody else.
pub async fn walk_in_marker(
    date: SessionDateId,
    person: &CurrentPerson,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(session_date::Model, Marker), WalkInRefused> {
    let marker = marker_for(date, person, db).await?.ok_or(RegisterError::NotFound)?;
    let date = session_date::Entity::find_by_id(date).one(db).await?.ok_or(RegisterError::NotFound)?;
    session_of(&date, db).await?;
    let state = register_state(date.starts_at, date.submitted_at, date.locked_at, now);
    decide_mark(state, marker.is_office, &came(), Mark::Unmarked).map_err(RegisterError::from)?;
    Ok((date, marker))
}

/// The date's session, unless it was called off.
async fn session_of(date: &session_date::Model, db: &impl ConnectionTrait) -> Result<session::Model, WalkInRefused> {
    let session = session::Entity::find_by_id(date.session_id).one(db).await?.ok_or(RegisterError::NotFound)?;
    if session.status == SessionStatus::Cancelled { Err(WalkInRefused::Cancelled) } else { Ok(session) }
}

fn came() -> MarkRequest {
    MarkRequest { mark: Mark::Present, minutes_late: None, reason: Some("Walked in".into()) }
}

/// One wish to add somebody. It is made once and may arrive again: then nobody is added a second time.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// To which register.
    pub date: SessionDateId,
    /// Made where the wish was made.
    pub request: &'a str,
    /// By whom.
    pub marker: Marker,
}

impl Wish<'_> {
    /// The nonce of the mark that comes of it. What was asked for is part of it, because a page that is gone back to
    /// asks for somebody else with the same request; signed, because a history holds no names.
    fn nonce(&self, who: &[&str], secrets: &Secrets) -> String {
        let mut parts = vec![self.request.as_bytes()];
        parts.extend(who.iter().map(|part| part.as_bytes()));
        format!("walk-in:{}", secrets.sign("walk-in", &parts))
    }

    /// What came of it when it arrived before.
    async fn earlier(&self, nonce: &str, db: &impl ConnectionTrait) -> Result<Option<WalkedIn>, DbErr> {
        let kept = kept_nonce(self.marker, &date_nonce(nonce, self.date));
        let mark = mark_history::Entity::find().filter(mark_history::Column::Nonce.eq(kept)).one(db).await?;
        let Some(mark) = mark else { return Ok(None) };
        let booking = booking::Entity::find_by_id(mark.booking_id).one(db).await?;
        let Some(booking) = booking else { return Ok(None) };
        let person = person::Entity::find_by_id(booking.person_id).one(db).await?;
        Ok(person.map(|person| WalkedIn { booking: booking.id, name: person.name }))
    }
}

fn date_nonce(nonce: &str, date: SessionDateId) -> String {
    format!("{nonce}:{date}")
}

/// Adds somebody who is known, and marks them present. Somebody who waited for a place gets one, for whom they asked
/// for it; everybody else comes for whom they say, where they work for several agencies.
pub async fn walk_in_add_in_txn(
    wish: Wish<'_>,
    person: PersonId,
    said: Option<ComesFor>,
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<WalkedIn, WalkInRefused> {
    let nonce = wish.nonce(&[&person.to_string()], secrets);
    match wish.earlier(&nonce, db).await? {
        Some(earlier) => Ok(earlier),
        None => add(wish, &nonce, (person, said), secrets, now, db).await,
    }
}

async fn add(
    wish: Wish<'_>,
    nonce: &str,
    (person, said): (PersonId, Option<ComesFor>),
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<WalkedIn, WalkInRefused> {
    let date = session_date::Entity::find_by_id(wish.date).one(db).await?.ok_or(RegisterError::NotFound)?;
    let session = session_of(&date, db).await?;
    let found = person::Entity::find_by_id(person).filter(person::Column::ErasedAt.is_null()).one(db).await?;
    let person = found.ok_or(RegisterError::NotFound)?;
    let (booking, how) = place_give(&date, &session, (&person, said), now, db).await?;
    audit_insert_in_txn(Some(wish.marker.by), subject(booking), how, now, db).await?;
    mark_as_come(&date, booking, nonce, wish.marker, secrets, now, db).await?;
    let on_session = Subject { kind: "session", id: date.session_id.0 };
    let sentence = "Somebody who walked in was added to the register";
    audit_insert_in_txn(Some(wish.marker.by), on_session, sentence, now, db).await?;
    Ok(WalkedIn { booking, name: person.name })
}

/// Adds somebody whom nobody here knows yet.
pub async fn walk_in_new_in_txn(
    wish: Wish<'_>,
    new: NewWalkIn,
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<WalkedIn, WalkInRefused> {
    let nonce = wish.nonce(&[&new.name, new.email.as_deref().unwrap_or_default()], secrets);
    if let Some(earlier) = wish.earlier(&nonce, db).await? {
        return Ok(earlier);
    }
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
    let said = new.agency.map(ComesFor::Agency);
    let added = add(wish, &nonce, (person, said), secrets, now, db).await?;
    if !new.job_role.is_empty() {
        booking::Entity::update_many()
            .set(booking::ActiveModel { job_role: Set(new.job_role), ..Default::default() })
            .filter(booking::Column::Id.eq(added.booking))
            .exec(db)
            .await?;
    }
    Ok(added)
}

/// A place for somebody who stands in the room, and how they came by it, for the booking's history. Places of walk-ins
/// are counted apart, so `sessions.held` stays.
async fn place_give(
    date: &session_date::Model,
    session: &session::Model,
    (person, said): (&person::Model, Option<ComesFor>),
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(BookingId, &'static str), WalkInRefused> {
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
        return place_confirm(row, session, &person.name, now, db).await;
    }
    let today = london_day(now);
    let policy = policy_version_on(today, db).await?.ok_or(WalkInRefused::NoPolicy)?;
    let employer = employer_in_txn(person.id, said, today, db).await?;
    let random = |length| random_reference(length).map_err(|error| DbErr::Custom(error.to_string()));
    let row = booking::ActiveModel {
        reference: Set(random(8)?),
        request_id: Set(format!("walk-in-{}", random(24)?)),
        session_id: Set(date.session_id),
        person_id: Set(person.id),
        agency_id: Set(employer.agency),
        agency_confirmed: Set(employer.is_confirmed),
        person_kind: Set(person.kind),
        job_role: Set(employer.job_role),
        state: Set(BookingState::Booked),
        policy_version_id: Set(policy.id),
        policy_accepted: Set(false),
        cancel_by: Set(date.starts_at),
        created_at: Set(now),
        changed_at: Set(now),
        booked_at: Set(Some(now)),
        held_since: Set(Some(now)),
        walk_in: Set(true),
        ..Default::default()
    };
    let id = booking::Entity::insert(row).exec(db).await?.last_insert_id;
    Ok((id, "Came without a booking and was added to the register"))
}

/// Somebody who waited, was offered a place or had asked for one has come: the place is theirs. It is confirmed late, so
/// it can be given back free until the start, as every place that is confirmed so late.
async fn place_confirm(
    row: booking::Model,
    session: &session::Model,
    name: &str,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(BookingId, &'static str), WalkInRefused> {
    let how = match row.state {
        BookingState::Requested => "Came before the request was answered, so the place is theirs",
        BookingState::Offered => "Came before answering the offer, so the place is theirs",
        BookingState::Waitlisted => "Came from the waiting list and was added to the register",
        _ => return Err(WalkInRefused::OnRegister(name.to_owned())),
    };
    let (id, waited) = (row.id, row.state == BookingState::Waitlisted);
    let cut_off = cut_off_of(&row, session, db).await?.unwrap_or(row.cancel_by);
    let held_since = row.held_since.or(Some(now));
    if waited {
        session::Entity::update_many()
            .col_expr(session::Column::Waiting, Expr::col(session::Column::Waiting).sub(1))
            .filter(session::Column::Id.eq(session.id))
            .filter(session::Column::Waiting.gt(0))
            .exec(db)
            .await?;
    }
    let mut row = row.into_active_model();
    row.state = Set(BookingState::Booked);
    row.walk_in = Set(waited);
    row.changed_at = Set(now);
    row.booked_at = Set(Some(now));
    row.held_since = Set(held_since);
    row.cancel_by = Set(or_grace(cut_off, now, session.starts_at));
    row.waiting_since = Set(None);
    row.offer_expires_at = Set(None);
    row.update(db).await?;
    Ok((id, how))
}

/// Present today; not there on earlier dates, whose registers may be submitted already.
async fn mark_as_come(
    date: &session_date::Model,
    booking: BookingId,
    nonce: &str,
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
        let request = MarkRequest { mark, ..came() };
        let write = MarkWrite { nonce: date_nonce(nonce, each.id), date: each.id, booking, request };
        match mark_save_in_txn(&write, marker, secrets, now, db).await {
            Err(RegisterError::Refused(_)) if each.id != date.id => {}
            other => {
                other?;
            }
        }
    }
    Ok(())
}
