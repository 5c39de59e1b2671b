//! What the demonstration's pages look up.

use crate::{
    accounts::rules::PersonId,
    bookings::rules::BookingState,
    demo::rules::clock::Span,
    entity::{booking, session, session_trainer},
    sessions::rules::{SessionStatus, TrainerState},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, sea_query::Query,
};

/// From when to when the sessions last that somebody is booked on or trains; cancelled ones do not count.
pub async fn own_session_spans(person: PersonId, db: &impl ConnectionTrait) -> Result<Vec<Span>, DbErr> {
    let booked = Query::select()
        .column(booking::Column::SessionId)
        .from(booking::Entity)
        .and_where(booking::Column::PersonId.eq(person))
        .and_where(booking::Column::State.eq(BookingState::Booked))
        .to_owned();
    let trained = Query::select()
        .column(session_trainer::Column::SessionId)
        .from(session_trainer::Entity)
        .and_where(session_trainer::Column::PersonId.eq(person))
        .and_where(session_trainer::Column::State.eq(TrainerState::Accepted))
        .to_owned();
    let is_own =
        Condition::any().add(session::Column::Id.in_subquery(booked)).add(session::Column::Id.in_subquery(trained));
    let rows = session::Entity::find()
        .select_only()
        .column(session::Column::StartsAt)
        .column(session::Column::EndsAt)
        .filter(session::Column::Status.eq(SessionStatus::Published))
        .filter(is_own)
        .into_tuple::<(chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>)>()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(starts, ends)| Span { starts, ends }).collect())
}
