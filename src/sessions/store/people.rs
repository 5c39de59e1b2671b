//! Whom a session's changes are told to.

use super::{LIVE_STATES, session_summaries, trainers::trainer_state_put};
use crate::{
    accounts::rules::PersonId,
    bookings::rules::BookingState,
    entity::{address, booking, person, session, session_trainer},
    sessions::rules::{SessionId, SessionStatus, SessionSummary, TrainerState},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;

/// How many people have a place (or a request or an offer), and how many wait.
pub async fn participant_counts(id: SessionId, db: &impl ConnectionTrait) -> Result<(u64, u64), DbErr> {
    let states: Vec<BookingState> = booking::Entity::find()
        .filter(booking::Column::SessionId.eq(id))
        .filter(booking::Column::State.is_in(LIVE_STATES))
        .select_only()
        .column(booking::Column::State)
        .into_tuple()
        .all(db)
        .await?;
    let waiting = states.iter().filter(|state| **state == BookingState::Waitlisted).count() as u64;
    Ok((states.len() as u64 - waiting, waiting))
}

/// Names and main addresses of some people, for mails; people without an address are left out.
pub async fn address_list(
    people: &[PersonId],
    db: &impl ConnectionTrait,
) -> Result<Vec<(PersonId, String, String)>, DbErr> {
    person::Entity::find()
        .join(
            JoinType::InnerJoin,
            person::Entity::belongs_to(address::Entity).from(person::Column::Id).to(address::Column::PersonId).into(),
        )
        .filter(person::Column::Id.is_in(people.iter().copied()))
        .filter(address::Column::Main.eq(true))
        .select_only()
        .column(person::Column::Id)
        .column(person::Column::Name)
        .column(address::Column::Address)
        .order_by_asc(person::Column::Id)
        .into_tuple()
        .all(db)
        .await
}

/// What a trainer said to a session, if they were asked.
pub async fn trainer_state(
    id: SessionId,
    person: PersonId,
    db: &impl ConnectionTrait,
) -> Result<Option<TrainerState>, DbErr> {
    Ok(session_trainer::Entity::find()
        .filter(session_trainer::Column::SessionId.eq(id))
        .filter(session_trainer::Column::PersonId.eq(person))
        .one(db)
        .await?
        .map(|row| row.state))
}

/// Writes down what a trainer answers.
pub async fn trainer_answer_in_txn(
    id: SessionId,
    person: PersonId,
    answer: TrainerState,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    trainer_state_put(id, person, answer, Some(now), db).await
}

/// One session that somebody was asked to train.
pub type AskedSession = (SessionSummary, TrainerState);

/// The sessions that somebody was asked to train and did not decline, drafts too, latest first. Cancelled ones stay
/// until they would have ended.
pub async fn session_list_of_trainer(
    person: PersonId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Vec<AskedSession>, DbErr> {
    let rows = session_trainer::Entity::find()
        .filter(session_trainer::Column::PersonId.eq(person))
        .filter(session_trainer::Column::State.is_in([TrainerState::Offered, TrainerState::Accepted]))
        .all(db)
        .await?;
    let states: HashMap<SessionId, TrainerState> = rows.into_iter().map(|row| (row.session_id, row.state)).collect();
    let sessions: Vec<SessionSummary> = session_summaries()
        .filter(session::Column::Id.is_in(states.keys().copied()))
        .filter(
            Condition::any()
                .add(session::Column::Status.ne(SessionStatus::Cancelled))
                .add(session::Column::EndsAt.gt(now)),
        )
        .order_by_desc(session::Column::StartsAt)
        .into_model()
        .all(db)
        .await?;
    Ok(sessions.into_iter().filter_map(|row| states.get(&row.id).map(|state| (row, *state))).collect())
}
