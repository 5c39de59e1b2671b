//! Whom a session's changes are told to.

use super::{LIVE_STATES, office::trainer_state_put};
use crate::{
    accounts::rules::PersonId,
    bookings::rules::BookingState,
    charges::rules::{ChargeId, ChargeState},
    entity::{address, booking, charge, person, session_trainer},
    sessions::rules::{SessionId, TrainerState},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, IntoCondition},
};

/// Somebody with a live booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their main address, if they have one.
    pub address: Option<String>,
    /// Their booking's reference.
    pub reference: String,
    /// Their booking's state.
    pub state: BookingState,
}

/// Everybody with a live booking: a place, a request, an offer or a place on the waiting list.
pub async fn participant_list(id: SessionId, db: &impl ConnectionTrait) -> Result<Vec<Participant>, DbErr> {
    let rows: Vec<(PersonId, String, Option<String>, String, BookingState)> = booking::Entity::find()
        .join(
            JoinType::InnerJoin,
            booking::Entity::belongs_to(person::Entity).from(booking::Column::PersonId).to(person::Column::Id).into(),
        )
        .join(
            JoinType::LeftJoin,
            main_address_of(booking::Entity::belongs_to(address::Entity).from(booking::Column::PersonId)),
        )
        .filter(booking::Column::SessionId.eq(id))
        .filter(booking::Column::State.is_in(LIVE_STATES))
        .select_only()
        .column(booking::Column::PersonId)
        .column(person::Column::Name)
        .column(address::Column::Address)
        .column(booking::Column::Reference)
        .column(booking::Column::State)
        .order_by_asc(booking::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(person, name, address, reference, state)| Participant { person, name, address, reference, state })
        .collect())
}

fn main_address_of<E: EntityTrait>(relation: sea_orm::RelationBuilder<E, address::Entity>) -> sea_orm::RelationDef {
    let relation: sea_orm::RelationDef = relation.to(address::Column::PersonId).into();
    relation.on_condition(|_, addresses| Expr::col((addresses, address::Column::Main)).eq(true).into_condition())
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

/// Voids what was proposed, notified or confirmed for a session that the board calls off: no charge can arise from it.
/// Returns which charges were voided.
pub async fn session_charges_void_in_txn(
    id: SessionId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<Vec<ChargeId>, DbErr> {
    let open = [ChargeState::Proposed, ChargeState::Notified, ChargeState::Confirmed];
    let ids: Vec<ChargeId> = charge::Entity::find()
        .filter(charge::Column::SessionId.eq(id))
        .filter(charge::Column::State.is_in(open))
        .select_only()
        .column(charge::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    if !ids.is_empty() {
        charge::Entity::update_many()
            .col_expr(charge::Column::State, Expr::value(ChargeState::Void))
            .col_expr(charge::Column::DecidedAt, Expr::value(now))
            .col_expr(charge::Column::Version, Expr::col(charge::Column::Version).add(1))
            .filter(charge::Column::Id.is_in(ids.iter().copied()))
            .exec(db)
            .await?;
    }
    Ok(ids)
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
