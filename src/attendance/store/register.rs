//! Loads a register with everybody on it.

use crate::{
    attendance::rules::{Mark, RegisterState, register_state},
    bookings::rules::{BookingId, BookingState},
    entity::{agency, booking, mark, person, session_date},
    sessions::rules::{SessionDateId, SessionId},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;

/// One date's register.
#[derive(Clone, Debug)]
pub struct Register {
    /// The date.
    pub date: session_date::Model,
    /// How many dates the session has.
    pub dates: usize,
    /// Everybody on it, by name.
    pub people: Vec<RegisterPerson>,
}

/// One person on a register.
#[derive(Clone, Debug)]
pub struct RegisterPerson {
    /// Their booking.
    pub booking: BookingId,
    /// Their name.
    pub name: String,
    /// Where they work.
    pub agency: Option<String>,
    /// What they do there.
    pub job_role: String,
    /// What they need; shown on the trainer's page from 14 days before and nowhere else.
    pub access_needs: Option<String>,
    /// Added on the day.
    pub walk_in: bool,
    /// What the register says.
    pub mark: Mark,
    /// How late, where that is known.
    pub minutes_late: Option<i32>,
}

impl Register {
    /// Where it stands.
    pub fn state(&self, now: DateTime<Utc>) -> RegisterState {
        register_state(self.date.starts_at, self.date.submitted_at, self.date.locked_at, now)
    }

    /// How many people have a mark.
    pub fn marked(&self) -> usize {
        self.people.iter().filter(|person| person.mark != Mark::Unmarked).count()
    }
}

#[derive(FromQueryResult)]
struct PersonRow {
    booking: BookingId,
    name: String,
    agency: Option<String>,
    job_role: String,
    access_needs: Option<String>,
    walk_in: bool,
}

/// The register of a session's date with this position.
pub async fn register_load(
    session: SessionId,
    position: i32,
    db: &impl ConnectionTrait,
) -> Result<Option<Register>, DbErr> {
    let dates = session_date::Entity::find().filter(session_date::Column::SessionId.eq(session)).all(db).await?;
    let count = dates.len();
    let Some(date) = dates.into_iter().find(|date| date.position == position) else { return Ok(None) };
    let people = session_people(session, Some(date.id), db).await?;
    Ok(Some(Register { date, dates: count, people }))
}

/// Everybody who has a place on a session, by name, with their marks of one date.
pub async fn session_people(
    session: SessionId,
    date: Option<SessionDateId>,
    db: &impl ConnectionTrait,
) -> Result<Vec<RegisterPerson>, DbErr> {
    let rows = booking::Entity::find()
        .filter(booking::Column::SessionId.eq(session))
        .filter(booking::Column::State.eq(BookingState::Booked))
        .join(
            JoinType::InnerJoin,
            booking::Entity::belongs_to(person::Entity).from(booking::Column::PersonId).to(person::Column::Id).into(),
        )
        .join(
            JoinType::LeftJoin,
            booking::Entity::belongs_to(agency::Entity).from(booking::Column::AgencyId).to(agency::Column::Id).into(),
        )
        .select_only()
        .column_as(booking::Column::Id, "booking")
        .column_as(person::Column::Name, "name")
        .column_as(agency::Column::Name, "agency")
        .column_as(booking::Column::JobRole, "job_role")
        .column_as(booking::Column::AccessNeeds, "access_needs")
        .column_as(booking::Column::WalkIn, "walk_in")
        .order_by_asc(person::Column::Name)
        .order_by_asc(booking::Column::Id)
        .into_model::<PersonRow>()
        .all(db)
        .await?;
    let mut marks: HashMap<BookingId, mark::Model> = HashMap::new();
    if let Some(date) = date {
        let found = mark::Entity::find().filter(mark::Column::SessionDateId.eq(date)).all(db).await?;
        marks.extend(found.into_iter().map(|row| (row.booking_id, row)));
    }
    let people = rows.into_iter().map(|row| {
        let mark = marks.remove(&row.booking);
        RegisterPerson {
            booking: row.booking,
            name: row.name,
            agency: row.agency,
            job_role: row.job_role,
            access_needs: row.access_needs.filter(|needs| !needs.trim().is_empty()),
            walk_in: row.walk_in,
            mark: mark.as_ref().map_or(Mark::Unmarked, |mark| mark.mark),
            minutes_late: mark.and_then(|mark| mark.minutes_late),
        }
    });
    Ok(people.collect())
}
