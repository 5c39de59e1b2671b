//! Answers kept, finished, and marked with what the register says.

use super::{Invitation, survey_salt_in_txn, times_of};
use crate::{
    agencies::rules::AgencyType,
    bookings::rules::{BookingId, BookingState, Outcome},
    calendar::rules::{board_year, london_day},
    entity::{agency, answer, booking, participation, response, session},
    learning_gain::store::{course_pool_release_in_txn, session_release_in_txn},
    server::{bulk::insert_all, secrets::Secrets},
    sessions::rules::SessionId,
    surveys::{
        links::pairing_key,
        rules::{ItemId, Wave, answers::Intent},
    },
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, UpdateResult,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use std::collections::BTreeMap;

/// What became of sent answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// They are kept; more can follow.
    Saved,
    /// They are kept, and that was all.
    Finished,
    /// They were finished before; nothing changed.
    AlreadyFinished,
}

/// Keeps the ratings of one sent questionnaire, which `open_link` opened with the same transaction. Ratings that
/// were saved before and not sent again stay.
pub async fn response_save_in_txn(
    invitation: &Invitation,
    ratings: &[(ItemId, i32)],
    intent: Intent,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Kept, DbErr> {
    let wave = invitation.about.wave;
    let booking = &invitation.booking;
    let earlier = participation::Entity::find_by_id((booking.id, wave)).lock_exclusive().one(db).await?;
    if earlier.is_some_and(|row| row.finished) {
        return Ok(Kept::AlreadyFinished);
    }
    let finished = intent == Intent::Finish;
    let row = response::ActiveModel {
        pairing_key: Set(invitation.pairing_key.clone()),
        wave: Set(wave),
        session_id: Set(booking.session_id),
        instrument_id: Set(invitation.instrument),
        agency_type: Set(agency_type_of(booking, db).await?),
        day: Set(london_day(now)),
        finished: Set(finished),
        at_the_door: Set(invitation.at_the_door),
        attended: Set(booking.outcome.map(|outcome| outcome == Outcome::Attended)),
    };
    let newest = OnConflict::columns([response::Column::PairingKey, response::Column::Wave])
        .update_columns([response::Column::Day, response::Column::Finished, response::Column::AtTheDoor])
        .to_owned();
    response::Entity::insert(row).on_conflict(newest).exec_without_returning(db).await?;
    if !ratings.is_empty() {
        let rows = ratings.iter().map(|&(item, value)| answer::ActiveModel {
            pairing_key: Set(invitation.pairing_key.clone()),
            wave: Set(wave),
            item_id: Set(item),
            value: Set(value),
            session_released: Set(false),
            course_released: Set(false),
        });
        let replace = OnConflict::columns([answer::Column::PairingKey, answer::Column::Wave, answer::Column::ItemId])
            .update_column(answer::Column::Value)
            .to_owned();
        answer::Entity::insert_many(rows).on_conflict(replace).exec_without_returning(db).await?;
    }
    let row = participation::ActiveModel {
        booking_id: Set(booking.id),
        wave: Set(wave),
        finished: Set(finished),
        asked: Set(0),
        link_edition: Set(0),
    };
    let note = OnConflict::columns([participation::Column::BookingId, participation::Column::Wave])
        .update_column(participation::Column::Finished)
        .to_owned();
    participation::Entity::insert(row).on_conflict(note).exec_without_returning(db).await?;
    if finished && wave == Wave::After {
        session_release_in_txn(booking.session_id, now, db).await?;
    }
    Ok(if finished { Kept::Finished } else { Kept::Saved })
}

async fn agency_type_of(booking: &booking::Model, db: &impl ConnectionTrait) -> Result<Option<AgencyType>, DbErr> {
    let Some(agency) = booking.agency_id else { return Ok(None) };
    Ok(agency::Entity::find_by_id(agency).one(db).await?.map(|agency| agency.agency_type))
}

/// Copies what the register says onto the answers of these bookings, and releases what is then enough into the
/// gains. Answers that were told before stay as they are: later corrections of the register no longer reach them.
/// To be called in the transaction that submits the last register of a session. Does nothing once the last wave has
/// closed, because nobody can join answers to bookings then.
pub async fn attendance_copied_in_txn(
    session: SessionId,
    attended: &[(BookingId, bool)],
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let Some(salt) = survey_salt_in_txn(session, now, db).await? else { return Ok(()) };
    copy_attendance(session, attended, &salt, secrets, db).await?;
    session_release_in_txn(session, now, db).await
}

async fn copy_attendance(
    session: SessionId,
    attended: &[(BookingId, bool)],
    salt: &[u8],
    secrets: &Secrets,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let references: BTreeMap<BookingId, String> = booking::Entity::find()
        .select_only()
        .columns([booking::Column::Id, booking::Column::Reference])
        .filter(booking::Column::SessionId.eq(session))
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .collect();
    for is_there in [true, false] {
        let keys: Vec<String> = attended
            .iter()
            .filter(|(_, there)| *there == is_there)
            .filter_map(|(booking, _)| references.get(booking))
            .map(|reference| pairing_key(reference, salt, secrets))
            .collect();
        if keys.is_empty() {
            continue;
        }
        response::Entity::update_many()
            .col_expr(response::Column::Attended, Expr::value(is_there))
            .filter(response::Column::PairingKey.is_in(keys))
            .filter(response::Column::Attended.is_null())
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Ends the surveys of a session whose last wave has closed: answers that were saved and never finished count, what
/// the register says is copied for the last time, what is enough is released, and the salt is deleted, so that from
/// now on nobody can join answers to people.
pub async fn session_surveys_end_in_txn(
    session: SessionId,
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let Some(row) = session::Entity::find_by_id(session).lock_exclusive().one(db).await? else { return Ok(()) };
    if now < times_of(&row).last_wave_closes() {
        return Ok(());
    }
    if let Some(salt) = &row.survey_salt {
        let outcomes: Vec<(BookingId, Option<Outcome>)> = booking::Entity::find()
            .select_only()
            .columns([booking::Column::Id, booking::Column::Outcome])
            .filter(booking::Column::SessionId.eq(session))
            .filter(booking::Column::State.eq(BookingState::Booked))
            .into_tuple()
            .all(db)
            .await?;
        let attended: Vec<(BookingId, bool)> = outcomes
            .into_iter()
            .filter_map(|(booking, outcome)| outcome.map(|outcome| (booking, outcome == Outcome::Attended)))
            .collect();
        copy_attendance(session, &attended, salt, secrets, db).await?;
    }
    session::Entity::update_many()
        .col_expr(session::Column::SurveySalt, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(session::Column::AfterCode, Expr::value(Option::<String>::None))
        .filter(session::Column::Id.eq(session))
        .exec(db)
        .await?;
    session_release_in_txn(session, now, db).await?;
    let year = board_year(london_day(row.starts_at));
    course_pool_release_in_txn(row.course_id, year, now, db).await?;
    arrival_forget_in_txn(session, db).await
}

/// PostgreSQL keeps with each row which transaction wrote it, and rows lie as they came: both would join answers to the
/// participations that were written with them. So all answers of the session are written anew, in the order of their
/// random keys. SQLite's tables have neither.
async fn arrival_forget_in_txn(session: SessionId, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if db.get_database_backend() != DatabaseBackend::Postgres {
        return Ok(());
    }
    let responses = response::Entity::find()
        .filter(response::Column::SessionId.eq(session))
        .order_by_asc(response::Column::PairingKey)
        .order_by_asc(response::Column::Wave)
        .all(db)
        .await?;
    let is_theirs = answer::Column::PairingKey.is_in(responses.iter().map(|row| row.pairing_key.clone()));
    let answers = answer::Entity::find()
        .filter(is_theirs.clone())
        .order_by_asc(answer::Column::PairingKey)
        .order_by_asc(answer::Column::Wave)
        .order_by_asc(answer::Column::ItemId)
        .all(db)
        .await?;
    answer::Entity::delete_many().filter(is_theirs).exec(db).await?;
    response::Entity::delete_many().filter(response::Column::SessionId.eq(session)).exec(db).await?;
    insert_all(responses.into_iter().map(|row| row.into_active_model().reset_all()).collect(), db).await?;
    insert_all(answers.into_iter().map(|row| row.into_active_model().reset_all()).collect(), db).await
}

/// Sessions whose salt should be gone by now: the earliest `limit`.
pub async fn session_list_to_end(
    now: DateTime<Utc>,
    limit: u64,
    db: &impl ConnectionTrait,
) -> Result<Vec<SessionId>, DbErr> {
    let candidates = session::Entity::find()
        .filter(session::Column::SurveySalt.is_not_null())
        .filter(
            session::Column::EndsAt
                .lt(now - chrono::Duration::days(crate::surveys::rules::waves::AFTER_CLOSES_DAY as i64)),
        )
        .order_by_asc(session::Column::EndsAt)
        .limit(limit)
        .all(db)
        .await?;
    Ok(candidates
        .into_iter()
        .filter(|session| now >= times_of(session).last_wave_closes())
        .map(|session| session.id)
        .collect())
}

/// Counts saved answers of a closed wave as finished.
pub async fn responses_finish_in_txn(
    session: SessionId,
    wave: Wave,
    db: &impl ConnectionTrait,
) -> Result<UpdateResult, DbErr> {
    let answered = Query::select()
        .column((answer::Entity, answer::Column::PairingKey))
        .from(answer::Entity)
        .and_where(
            Expr::col((answer::Entity, answer::Column::PairingKey))
                .equals((response::Entity, response::Column::PairingKey)),
        )
        .and_where(answer::Column::Wave.eq(wave))
        .to_owned();
    response::Entity::update_many()
        .col_expr(response::Column::Finished, Expr::value(true))
        .filter(response::Column::SessionId.eq(session))
        .filter(response::Column::Wave.eq(wave))
        .filter(response::Column::Finished.eq(false))
        .filter(Expr::exists(answered))
        .exec(db)
        .await
}
