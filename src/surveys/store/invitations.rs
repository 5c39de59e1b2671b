//! The salt of a session, the links that hang on it, and what a link opens.

use crate::{
    bookings::rules::{BookingId, BookingState, Outcome},
    entity::{answer, booking, course, participation, response, session},
    server::secrets::{Secrets, SecretsError, random_bytes, random_reference},
    sessions::rules::{SessionId, SessionStatus},
    surveys::{
        links::{LinkToken, pairing_key},
        rules::{
            InstrumentId, ItemId, Wave,
            answers::Question,
            waves::{SessionTimes, WaveState},
        },
    },
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, sea_query::OnConflict,
};

/// Letters of the code that a trainer shows: 30 bits, tried with a booking's reference or by somebody signed in,
/// and only a few times.
const CODE_LETTERS: usize = 6;

fn no_randomness(error: SecretsError) -> DbErr {
    DbErr::Custom(error.to_string())
}

/// The moments that a session's surveys hang on.
pub fn times_of(session: &session::Model) -> SessionTimes {
    SessionTimes { starts_at: session.starts_at, ends_at: session.ends_at }
}

/// The session's salt; made at first need. None once the last wave has closed, and for a session that is not there.
pub async fn survey_salt_in_txn(
    session: SessionId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Option<Vec<u8>>, DbErr> {
    let Some(row) = session::Entity::find_by_id(session).lock_exclusive().one(db).await? else { return Ok(None) };
    salt_of_row_in_txn(row, now, db).await
}

async fn salt_of_row_in_txn(
    row: session::Model,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Option<Vec<u8>>, DbErr> {
    if row.survey_salt.is_some() {
        return Ok(row.survey_salt);
    }
    if now >= times_of(&row).last_wave_closes() {
        return Ok(None);
    }
    let salt = random_bytes::<32>().map_err(no_randomness)?.to_vec();
    let mut row = row.into_active_model();
    row.survey_salt = Set(Some(salt.clone()));
    row.update(db).await?;
    Ok(Some(salt))
}

/// The code that the trainer shows at the end, made at first need. None once the after wave has closed.
pub async fn after_code_in_txn(
    session: SessionId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Option<String>, DbErr> {
    let Some(row) = session::Entity::find_by_id(session).lock_exclusive().one(db).await? else { return Ok(None) };
    if row.after_code.is_some() || now >= times_of(&row).after_closes() {
        return Ok(row.after_code);
    }
    let code = random_reference(CODE_LETTERS).map_err(no_randomness)?;
    let mut row = row.into_active_model();
    row.after_code = Set(Some(code.clone()));
    row.update(db).await?;
    Ok(Some(code))
}

/// Published sessions whose course asks questions, that end within the span and have no code yet.
pub async fn session_list_without_code(
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Vec<SessionId>, DbErr> {
    let asking = sea_orm::sea_query::Query::select()
        .column(course::Column::Id)
        .from(course::Entity)
        .and_where(course::Column::InstrumentId.is_not_null())
        .to_owned();
    session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::Status.eq(SessionStatus::Published))
        .filter(session::Column::AfterCode.is_null())
        .filter(session::Column::EndsAt.gt(from))
        .filter(session::Column::EndsAt.lte(to))
        .filter(session::Column::CourseId.in_subquery(asking))
        .into_tuple()
        .all(db)
        .await
}

/// The session that a shown code belongs to.
pub async fn session_by_after_code(code: &str, db: &impl ConnectionTrait) -> Result<Option<session::Model>, DbErr> {
    session::Entity::find().filter(session::Column::AfterCode.eq(code)).one(db).await
}

/// A person's place on a session: what answers hang on.
pub async fn booking_of_person(
    session: SessionId,
    person: crate::accounts::rules::PersonId,
    db: &impl ConnectionTrait,
) -> Result<Option<booking::Model>, DbErr> {
    booking::Entity::find()
        .filter(booking::Column::SessionId.eq(session))
        .filter(booking::Column::PersonId.eq(person))
        .filter(booking::Column::State.eq(BookingState::Booked))
        .one(db)
        .await
}

/// The place with this reference on this session.
pub async fn booking_of_reference(
    session: SessionId,
    reference: &str,
    db: &impl ConnectionTrait,
) -> Result<Option<booking::Model>, DbErr> {
    booking::Entity::find()
        .filter(booking::Column::SessionId.eq(session))
        .filter(booking::Column::Reference.eq(reference))
        .filter(booking::Column::State.eq(BookingState::Booked))
        .one(db)
        .await
}

/// The token of a booking's personal link; None where nothing is asked of this booking, or no longer.
pub async fn link_token_in_txn(
    booking: BookingId,
    wave: Wave,
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Option<LinkToken>, DbErr> {
    let Some(booking) = booking::Entity::find_by_id(booking).one(db).await? else { return Ok(None) };
    let Some(session) = session::Entity::find_by_id(booking.session_id).lock_exclusive().one(db).await? else {
        return Ok(None);
    };
    if instrument_of(&session, db).await?.is_none() {
        return Ok(None);
    }
    let Some(salt) = salt_while_asked_in_txn(session, wave, now, db).await? else { return Ok(None) };
    let edition = link_edition(booking.id, wave, db).await?;
    Ok(Some(LinkToken::of(&booking.reference, wave, edition, &salt, secrets)))
}

/// The token of the first edition, for a booking that was just made on a session with questions, whose row is locked;
/// None where they are over.
pub async fn first_link_token_in_txn(
    booking: &booking::Model,
    session: session::Model,
    wave: Wave,
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Option<LinkToken>, DbErr> {
    let salt = salt_while_asked_in_txn(session, wave, now, db).await?;
    Ok(salt.map(|salt| LinkToken::of(&booking.reference, wave, 0, &salt, secrets)))
}

async fn salt_while_asked_in_txn(
    session: session::Model,
    wave: Wave,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Option<Vec<u8>>, DbErr> {
    let is_over = matches!(times_of(&session).state_of(wave, now), WaveState::Closed | WaveState::NotAsked);
    if is_over || session.status == SessionStatus::Cancelled {
        return Ok(None);
    }
    salt_of_row_in_txn(session, now, db).await
}

/// The personal link to the questions that a booking's person can answer now; None where there are none, or they
/// have finished. Makes nothing: before anybody was asked there is no link.
pub async fn link_open_now(
    booking: &booking::Model,
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Option<LinkToken>, DbErr> {
    let stayed_away = booking.outcome.is_some_and(|outcome| outcome != Outcome::Attended);
    if booking.state != BookingState::Booked || stayed_away {
        return Ok(None);
    }
    let Some(session) = session::Entity::find_by_id(booking.session_id).one(db).await? else { return Ok(None) };
    let times = times_of(&session);
    let is_open = |wave: &Wave| matches!(times.state_of(*wave, now), WaveState::Open { .. });
    // When the questions after the session are open, those before it are not asked any more.
    let (Some(wave), Some(salt)) = ([Wave::After, Wave::Before].into_iter().find(is_open), session.survey_salt) else {
        return Ok(None);
    };
    let done = participation::Entity::find_by_id((booking.id, wave)).one(db).await?;
    if done.as_ref().is_some_and(|row| row.finished) {
        return Ok(None);
    }
    let edition = done.map_or(0, |row| row.link_edition);
    Ok(Some(LinkToken::of(&booking.reference, wave, edition, &salt, secrets)))
}

/// How often the personal link of a booking and wave was made anew.
pub async fn link_edition(booking: BookingId, wave: Wave, db: &impl ConnectionTrait) -> Result<i32, DbErr> {
    let row = participation::Entity::find_by_id((booking, wave)).one(db).await?;
    Ok(row.map_or(0, |row| row.link_edition))
}

/// Ends a personal link, and every earlier one of its booking and wave, and makes the next. None where it is not
/// genuine, or the last wave has closed, so that nothing can be checked.
pub async fn link_renew_in_txn(
    token: &LinkToken,
    secrets: &Secrets,
    db: &impl ConnectionTrait,
) -> Result<Option<LinkToken>, DbErr> {
    let by_reference = booking::Entity::find().filter(booking::Column::Reference.eq(&token.reference));
    let Some(booking) = by_reference.one(db).await? else { return Ok(None) };
    let session = session::Entity::find_by_id(booking.session_id).lock_exclusive().one(db).await?;
    let Some(salt) = session.and_then(|session| session.survey_salt) else { return Ok(None) };
    if !token.is_genuine(&salt, secrets) {
        return Ok(None);
    }
    let edition = link_edition(booking.id, token.wave, db).await?.max(token.edition).saturating_add(1);
    let row = participation::ActiveModel {
        booking_id: Set(booking.id),
        wave: Set(token.wave),
        finished: Set(false),
        asked: Set(0),
        link_edition: Set(edition),
    };
    let renew = OnConflict::columns([participation::Column::BookingId, participation::Column::Wave])
        .update_column(participation::Column::LinkEdition)
        .to_owned();
    participation::Entity::insert(row).on_conflict(renew).exec_without_returning(db).await?;
    Ok(Some(LinkToken::of(&token.reference, token.wave, edition, &salt, secrets)))
}

async fn instrument_of(session: &session::Model, db: &impl ConnectionTrait) -> Result<Option<InstrumentId>, DbErr> {
    let course = course::Entity::find_by_id(session.course_id).one(db).await?;
    Ok(course.and_then(|course| course.instrument_id))
}

/// What a personal link opens.
#[derive(Clone, Debug)]
pub enum Opened {
    /// The questionnaire.
    Open(Box<Invitation>),
    /// It was finished; nothing is shown of it.
    Finished(Surroundings),
    /// It opens at that moment.
    NotYet(Surroundings, DateTime<Utc>),
    /// It no longer takes answers.
    Closed(Surroundings),
    /// The board called the session off.
    SessionCancelled(Surroundings),
    /// The person has no place on the session any more.
    NoPlace(Surroundings),
    /// A newer mail carries a newer link.
    Replaced,
    /// The last wave has closed, and with it everything by which a link could be checked.
    Over,
    /// Not a link of ours, or cut off.
    Unknown,
}

/// What a questionnaire is about.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The course's title.
    pub course: String,
    /// The session.
    pub session: session::Model,
    /// Which questionnaire.
    pub wave: Wave,
}

/// An open questionnaire.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// What it is about.
    pub about: Surroundings,
    /// Whose place it hangs on.
    pub booking: booking::Model,
    /// Under which the answers are kept.
    pub pairing_key: String,
    /// What is asked.
    pub instrument: InstrumentId,
    /// In order.
    pub questions: Vec<Question>,
    /// What was saved so far.
    pub saved: Vec<(ItemId, i32)>,
    /// The first moment at which it no longer takes answers.
    pub until: DateTime<Utc>,
    /// The session has begun.
    pub at_the_door: bool,
}

/// Reads what a link opens. Changes nothing: mail scanners open links too.
pub async fn open_link(
    token: &LinkToken,
    secrets: &Secrets,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Opened, DbErr> {
    let by_reference = booking::Entity::find().filter(booking::Column::Reference.eq(&token.reference));
    let Some(booking) = by_reference.one(db).await? else { return Ok(Opened::Unknown) };
    let Some(session) = session::Entity::find_by_id(booking.session_id).one(db).await? else {
        return Ok(Opened::Unknown);
    };
    let Some(course) = course::Entity::find_by_id(session.course_id).one(db).await? else {
        return Ok(Opened::Unknown);
    };
    let about = Surroundings { course: course.title, session, wave: token.wave };
    let Some(salt) = about.session.survey_salt.clone() else {
        let is_over = now >= times_of(&about.session).last_wave_closes();
        return Ok(if is_over { Opened::Over } else { Opened::Unknown });
    };
    if !token.is_genuine(&salt, secrets) {
        return Ok(Opened::Unknown);
    }
    let participation = participation::Entity::find_by_id((booking.id, token.wave)).one(db).await?;
    // A later edition than the row knows is one of ours too: of a board that was restored from an older backup.
    if participation.as_ref().is_some_and(|row| token.edition < row.link_edition) {
        return Ok(Opened::Replaced);
    }
    if about.session.status == SessionStatus::Cancelled {
        return Ok(Opened::SessionCancelled(about));
    }
    if participation.is_some_and(|row| row.finished) {
        return Ok(Opened::Finished(about));
    }
    if booking.state != BookingState::Booked {
        return Ok(Opened::NoPlace(about));
    }
    let (until, at_the_door) = match times_of(&about.session).state_of(token.wave, now) {
        WaveState::Open { until, at_the_door } => (until, at_the_door),
        WaveState::NotYet(moment) => return Ok(Opened::NotYet(about, moment)),
        WaveState::Closed | WaveState::NotAsked => return Ok(Opened::Closed(about)),
    };
    let pairing_key = pairing_key(&booking.reference, &salt, secrets);
    // The same version of the questionnaire before and after, even where the course has a newer one by now.
    let earlier = response::Entity::find().filter(response::Column::PairingKey.eq(&pairing_key)).one(db).await?;
    let Some(instrument) = earlier.map(|response| response.instrument_id).or(course.instrument_id) else {
        return Ok(Opened::Closed(about));
    };
    let questions = super::question_list(instrument, token.wave, db).await?;
    let saved = answer::Entity::find()
        .filter(answer::Column::PairingKey.eq(&pairing_key))
        .filter(answer::Column::Wave.eq(token.wave))
        .all(db)
        .await?;
    let saved = saved.into_iter().map(|answer| (answer.item_id, answer.value)).collect();
    Ok(Opened::Open(Box::new(Invitation {
        about,
        booking,
        pairing_key,
        instrument,
        questions,
        saved,
        until,
        at_the_door,
    })))
}
