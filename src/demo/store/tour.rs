//! What the demonstration's pages look up.

use crate::{
    accounts::rules::PersonId,
    bookings::rules::BookingState,
    demo::rules::{
        catalogue::PREPARED_COURSE,
        clock::{PREPARED_STARTS, Span, moment},
    },
    entity::{booking, course, session, session_trainer},
    sessions::rules::{SessionStatus, TrainerState},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
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

/// The places of these people on the prepared session.
pub async fn prepared_bookings(people: &[PersonId], db: &impl ConnectionTrait) -> Result<Vec<booking::Model>, DbErr> {
    let prepared = Query::select()
        .column((session::Entity, session::Column::Id))
        .from(session::Entity)
        .inner_join(
            course::Entity,
            Expr::col((course::Entity, course::Column::Id)).equals((session::Entity, session::Column::CourseId)),
        )
        .and_where(course::Column::Slug.eq(PREPARED_COURSE))
        .and_where(session::Column::StartsAt.eq(moment(PREPARED_STARTS)))
        .to_owned();
    booking::Entity::find()
        .filter(booking::Column::SessionId.in_subquery(prepared))
        .filter(booking::Column::PersonId.is_in(people.iter().copied()))
        .filter(booking::Column::State.eq(BookingState::Booked))
        .order_by_asc(booking::Column::Id)
        .all(db)
        .await
}
