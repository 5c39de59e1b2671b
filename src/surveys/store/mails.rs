//! Who is to be asked, or reminded, and noting that it was done.

use super::times_of;
use crate::{
    bookings::rules::{BookingId, BookingState, Outcome},
    entity::{address, booking, course, participation, person, session},
    server::secrets::Secrets,
    sessions::rules::{SessionId, SessionStatus},
    surveys::{
        links::LinkToken,
        rules::{
            Wave,
            waves::{AFTER_CLOSES_DAY, BEFORE_REMINDER_DAYS},
        },
    },
};
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict,
};
use std::collections::BTreeMap;

/// Somebody to ask.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Their place.
    pub booking: booking::Model,
    /// Their name.
    pub name: String,
    /// Their main address.
    pub address: String,
    /// Their personal link.
    pub token: LinkToken,
    /// Whether they were asked before.
    pub is_reminder: bool,
    /// How often they will have been asked.
    pub times: i32,
}

/// Published sessions that ask a wave's questionnaire about now, with their courses' titles: those that start within
/// the first reminder's days, or ended within the after wave's.
pub async fn session_list_asking(
    wave: Wave,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Vec<(session::Model, String)>, DbErr> {
    let published = session::Entity::find().filter(session::Column::Status.eq(SessionStatus::Published));
    let asking = match wave {
        Wave::Before => published
            .filter(session::Column::StartsAt.gt(now))
            .filter(session::Column::StartsAt.lte(now + Duration::days(BEFORE_REMINDER_DAYS[0]))),
        Wave::After => published
            .filter(session::Column::EndsAt.gt(now - Duration::days(AFTER_CLOSES_DAY as i64 + 2)))
            .filter(session::Column::EndsAt.lte(now + crate::surveys::rules::waves::AFTER_OPENS_BEFORE_END)),
        Wave::FollowUp | Wave::Manager => return Ok(Vec::new()),
    };
    let sessions = asking.order_by_asc(session::Column::StartsAt).all(db).await?;
    let courses: BTreeMap<_, _> = course::Entity::find()
        .filter(course::Column::Id.is_in(sessions.iter().map(|session| session.course_id)))
        .filter(course::Column::InstrumentId.is_not_null())
        .all(db)
        .await?
        .into_iter()
        .map(|course| (course.id, course.title))
        .collect();
    Ok(sessions
        .into_iter()
        .filter_map(|session| courses.get(&session.course_id).map(|title| (session.clone(), title.clone())))
        .collect())
}

/// Who of a session is due to be asked for a wave now: people with a place (or who walked in) who have not finished
/// and were asked less often than the calendar says. Who is known not to have come is not asked after.
pub async fn asked_list_due(
    session: &session::Model,
    wave: Wave,
    salt: &[u8],
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Vec<Asked>, DbErr> {
    let bookings = booking::Entity::find()
        .filter(booking::Column::SessionId.eq(session.id))
        .filter(booking::Column::State.eq(BookingState::Booked))
        .all(db)
        .await?;
    let participations: BTreeMap<BookingId, participation::Model> = participation::Entity::find()
        .filter(participation::Column::BookingId.is_in(bookings.iter().map(|booking| booking.id)))
        .filter(participation::Column::Wave.eq(wave))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.booking_id, row))
        .collect();
    let due: Vec<(booking::Model, i32, i32, i32)> = bookings
        .into_iter()
        .filter_map(|booking| {
            let done = participations.get(&booking.id);
            // The booking's confirmation asks for the wave before; it is not counted in the table.
            let asked = done.map_or(0, |row| row.asked).max(i32::from(wave == Wave::Before));
            let since = booking.booked_at.unwrap_or(booking.created_at);
            let wanted = times_of(session).times_asked_by(wave, since, now);
            let stayed_away =
                wave == Wave::After && booking.outcome.is_some_and(|outcome| outcome != Outcome::Attended);
            let is_finished = done.is_some_and(|row| row.finished);
            let edition = done.map_or(0, |row| row.link_edition);
            (wanted > asked && !is_finished && !stayed_away).then_some((booking, wanted, asked, edition))
        })
        .collect();
    let people: Vec<_> = due.iter().map(|(booking, ..)| booking.person_id).collect();
    let names: BTreeMap<_, _> = person::Entity::find()
        .filter(person::Column::Id.is_in(people.clone()))
        .filter(person::Column::ErasedAt.is_null())
        .all(db)
        .await?
        .into_iter()
        .map(|person| (person.id, person.name))
        .collect();
    let addresses: BTreeMap<_, _> = address::Entity::find()
        .filter(address::Column::PersonId.is_in(people))
        .filter(address::Column::Main.eq(true))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.person_id, row.address))
        .collect();
    Ok(due
        .into_iter()
        .filter_map(|(booking, times, asked, edition)| {
            let name = names.get(&booking.person_id)?.clone();
            let address = addresses.get(&booking.person_id)?.clone();
            let token = LinkToken::of(&booking.reference, wave, edition, salt, secrets);
            Some(Asked { booking, name, address, token, is_reminder: asked > 0, times })
        })
        .collect())
}

/// Notes that these people have now been asked.
pub async fn asked_note_in_txn(asked: &[Asked], wave: Wave, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if asked.is_empty() {
        return Ok(());
    }
    let rows = asked.iter().map(|asked| participation::ActiveModel {
        booking_id: Set(asked.booking.id),
        wave: Set(wave),
        finished: Set(false),
        asked: Set(asked.times),
        link_edition: Set(asked.token.edition),
    });
    let count = OnConflict::columns([participation::Column::BookingId, participation::Column::Wave])
        .update_column(participation::Column::Asked)
        .to_owned();
    participation::Entity::insert_many(rows).on_conflict(count).exec_without_returning(db).await?;
    Ok(())
}

/// How many people with a place have finished a wave, and how many have a place: "14 of 18 have answered". Who they
/// are is not said.
pub async fn finished_count(session: SessionId, wave: Wave, db: &impl ConnectionTrait) -> Result<(u64, u64), DbErr> {
    use sea_orm::PaginatorTrait;
    let booked = booking::Entity::find()
        .filter(booking::Column::SessionId.eq(session))
        .filter(booking::Column::State.eq(BookingState::Booked));
    let everyone = booked.clone().count(db).await?;
    let of_session = sea_orm::sea_query::Query::select()
        .column(booking::Column::Id)
        .from(booking::Entity)
        .and_where(booking::Column::SessionId.eq(session))
        .and_where(booking::Column::State.eq(BookingState::Booked))
        .to_owned();
    let finished = participation::Entity::find()
        .filter(participation::Column::Wave.eq(wave))
        .filter(participation::Column::Finished.eq(true))
        .filter(participation::Column::BookingId.in_subquery(of_session))
        .count(db)
        .await?;
    Ok((finished, everyone))
}
