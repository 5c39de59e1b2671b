//! A booking with everything that its pages and mails say.

use super::Arrangements;
use crate::{
    accounts::rules::{PersonId, PersonKind},
    agencies::rules::AgencyId,
    bookings::rules::{Booked, BookingState, Live, Offered, Requested, Waiting},
    charges::rules::PolicyTerms,
    entity::{address, agency, booking, person, policy_version, session},
    sessions::{
        rules::{SessionDetails, SessionId},
        store::session_details_list,
    },
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
    sea_query::{Expr, ExprTrait, IntoCondition},
};
use std::{collections::HashMap, sync::Arc};

/// A booking with its session, its person and its policy.
#[derive(Clone, Debug)]
pub struct BookingDetails {
    /// The row.
    pub booking: booking::Model,
    /// The session.
    pub session: Arc<SessionDetails>,
    /// Whose booking it is.
    pub person_name: String,
    /// Where their mail goes; None for people without an address that works.
    pub address: Option<String>,
    /// Whether they were erased: nobody is left to write to.
    pub is_erased: bool,
    /// The agency that they come for.
    pub agency_name: Option<String>,
    /// The policy that was accepted.
    pub policy: PolicyTerms,
    /// The training lead who booked it for them.
    pub booked_by_name: Option<String>,
}

impl BookingDetails {
    /// What can still be done with it; None once it is over.
    pub fn live(&self) -> Option<Live> {
        live_of(&self.booking, self.session.starts_at, self.session.moved_at)
    }

    /// Whether its person would pay a charge themselves and has not accepted the policy yet.
    pub fn asks_to_accept(&self) -> bool {
        let pays = matches!(self.booking.person_kind, PersonKind::SelfEmployed | PersonKind::Childminder);
        pays && !self.booking.policy_accepted && self.booking.state.is_live()
    }

    /// Whether the board changed the session after they asked for a place.
    pub fn was_moved(&self) -> bool {
        was_moved(&self.booking, self.session.moved_at)
    }

    /// Until when the place can be cancelled free of charge, for every page and mail that says so.
    pub fn free_until(&self) -> DateTime<Utc> {
        booked_of(&self.booking, self.session.starts_at, self.session.moved_at).free_until()
    }
}

/// Whether the board changed the session after somebody asked for a place. Whoever waited then was told the same: that
/// the place can be cancelled free until the start.
pub fn was_moved(booking: &booking::Model, moved_at: Option<DateTime<Utc>>) -> bool {
    moved_since(booking.created_at, moved_at)
}

/// Whether the board changed the session after this moment, at which somebody asked for a place.
pub fn moved_since(asked: DateTime<Utc>, moved_at: Option<DateTime<Utc>>) -> bool {
    moved_at.is_some_and(|moved| moved > asked)
}

/// A place as the rules see it.
pub(super) fn booked_of(booking: &booking::Model, starts: DateTime<Utc>, moved_at: Option<DateTime<Utc>>) -> Booked {
    Booked { cancel_by: booking.cancel_by, starts, moved: was_moved(booking, moved_at) }
}

/// A row as a state that can still change.
pub fn live_of(booking: &booking::Model, starts: DateTime<Utc>, moved_at: Option<DateTime<Utc>>) -> Option<Live> {
    // Who walked in has no counted place to give back.
    if booking.walk_in {
        return None;
    }
    match booking.state {
        BookingState::Requested => {
            Some(Live::Requested(Requested { until: booking.approval_until.unwrap_or(starts), starts }))
        }
        BookingState::Waitlisted => Some(Live::Waiting(Waiting { starts })),
        BookingState::Offered => {
            Some(Live::Offered(Offered { expires: booking.offer_expires_at.unwrap_or(starts), starts }))
        }
        BookingState::Booked => Some(Live::Booked(booked_of(booking, starts, moved_at))),
        _ => None,
    }
}

/// A row with its locked session as a state that can still change.
pub fn live_in(booking: &booking::Model, session: &session::Model) -> Option<Live> {
    live_of(booking, session.starts_at, session.moved_at)
}

/// One booking with everything.
pub async fn booking_details(
    booking: booking::Model,
    db: &impl ConnectionTrait,
) -> Result<Option<BookingDetails>, DbErr> {
    Ok(booking_details_list(vec![booking], db).await?.pop())
}

/// The same where its session and its policy are at hand, as they are in the transaction that makes it.
pub(super) async fn booking_details_with(
    booking: booking::Model,
    session: SessionDetails,
    policy: PolicyTerms,
    db: &impl ConnectionTrait,
) -> Result<BookingDetails, DbErr> {
    let named = Named::load(std::slice::from_ref(&booking), db).await?;
    Ok(named.details(booking, Arc::new(session), policy))
}

/// The same where its session's arrangements are at hand.
pub async fn booking_details_as_arranged(
    booking: booking::Model,
    arrangements: &Arrangements,
    db: &impl ConnectionTrait,
) -> Result<Option<BookingDetails>, DbErr> {
    let Some(session) = session::Entity::find_by_id(booking.session_id).one(db).await? else { return Ok(None) };
    let in_force = arrangements.conditions.as_ref().map(|conditions| conditions.policy);
    let policy = match in_force.filter(|policy| policy.id == booking.policy_version_id) {
        Some(policy) => policy.terms,
        None => policy_of(&booking, db).await?,
    };
    booking_details_with(booking, arrangements.details_of(&session), policy, db).await.map(Some)
}

async fn policy_of(booking: &booking::Model, db: &impl ConnectionTrait) -> Result<PolicyTerms, DbErr> {
    let version = policy_version::Entity::find_by_id(booking.policy_version_id).one(db).await?;
    Ok(version.map(PolicyTerms::from).unwrap_or_default())
}

/// Bookings with everything, in the same order: a few queries, however many they are.
pub async fn booking_details_list(
    bookings: Vec<booking::Model>,
    db: &impl ConnectionTrait,
) -> Result<Vec<BookingDetails>, DbErr> {
    let named = Named::load(&bookings, db).await?;
    let policies: HashMap<_, PolicyTerms> = policy_version::Entity::find()
        .filter(policy_version::Column::Id.is_in(bookings.iter().map(|row| row.policy_version_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.into()))
        .collect();
    let sessions = session_details_list(bookings.iter().map(|row| row.session_id), db).await?;
    let sessions: HashMap<SessionId, Arc<SessionDetails>> =
        sessions.into_iter().map(|(id, session)| (id, Arc::new(session))).collect();
    let mut list = Vec::with_capacity(bookings.len());
    for booking in bookings {
        let Some(session) = sessions.get(&booking.session_id).cloned() else { continue };
        let policy = policies.get(&booking.policy_version_id).copied().unwrap_or_default();
        list.push(named.details(booking, session, policy));
    }
    Ok(list)
}

/// Somebody whom a booking is about.
#[derive(Clone, Default)]
struct NamedPerson {
    name: String,
    /// Their main address, where mail reaches them.
    address: Option<String>,
    is_erased: bool,
}

/// The names of those whom bookings are about.
struct Named {
    people: HashMap<PersonId, NamedPerson>,
    agencies: HashMap<AgencyId, String>,
}

impl Named {
    async fn load(bookings: &[booking::Model], db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let people = bookings.iter().flat_map(|row| [Some(row.person_id), row.booked_by_lead]).flatten().collect();
        Ok(Self { people: people_with_address(people, db).await?, agencies: agency_names(bookings, db).await? })
    }

    fn details(&self, booking: booking::Model, session: Arc<SessionDetails>, policy: PolicyTerms) -> BookingDetails {
        let person = self.people.get(&booking.person_id).cloned().unwrap_or_default();
        BookingDetails {
            session,
            person_name: person.name,
            address: person.address,
            is_erased: person.is_erased,
            booked_by_name: booking.booked_by_lead.and_then(|id| self.people.get(&id)).map(|lead| lead.name.clone()),
            agency_name: booking.agency_id.and_then(|id| self.agencies.get(&id).cloned()),
            policy,
            booking,
        }
    }
}

async fn people_with_address(
    people: Vec<PersonId>,
    db: &impl ConnectionTrait,
) -> Result<HashMap<PersonId, NamedPerson>, DbErr> {
    let theirs: RelationDef =
        person::Entity::belongs_to(address::Entity).from(person::Column::Id).to(address::Column::PersonId).into();
    let works = |_, address| Expr::col((address, address::Column::BouncedAt)).is_null().into_condition();
    let rows = person::Entity::find()
        .select_only()
        .columns([person::Column::Id, person::Column::Name, person::Column::ErasedAt])
        .column(address::Column::Address)
        .join(JoinType::LeftJoin, theirs.on_condition(works))
        .filter(person::Column::Id.is_in(people))
        .order_by_asc(address::Column::Main)
        .order_by_asc(address::Column::Id)
        .into_tuple::<(PersonId, String, Option<DateTime<Utc>>, Option<String>)>()
        .all(db)
        .await?;
    // The last one wins: main addresses come last.
    let named = |(id, name, erased_at, address): (PersonId, String, Option<DateTime<Utc>>, Option<String>)| {
        (id, NamedPerson { name, address, is_erased: erased_at.is_some() })
    };
    Ok(rows.into_iter().map(named).collect())
}

async fn agency_names(
    bookings: &[booking::Model],
    db: &impl ConnectionTrait,
) -> Result<HashMap<AgencyId, String>, DbErr> {
    let ids: Vec<AgencyId> = bookings.iter().filter_map(|row| row.agency_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = agency::Entity::find()
        .select_only()
        .column(agency::Column::Id)
        .column(agency::Column::Name)
        .filter(agency::Column::Id.is_in(ids))
        .into_tuple::<(AgencyId, String)>()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}
