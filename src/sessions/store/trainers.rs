//! Who is asked to train, and what clashes with a session.

use crate::{
    accounts::rules::{PersonId, Role},
    entity::{course, person, role, session, session_date, session_trainer},
    sessions::rules::{OtherDate, SessionId, SessionStatus, Span, TrainerState, VenueId},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use std::collections::HashMap;

/// Everybody who can be asked to train, by name.
pub async fn trainer_choices(db: &impl ConnectionTrait) -> Result<Vec<(PersonId, String)>, DbErr> {
    person::Entity::find()
        .join(
            JoinType::InnerJoin,
            person::Entity::belongs_to(role::Entity).from(person::Column::Id).to(role::Column::PersonId).into(),
        )
        .filter(role::Column::Role.eq(Role::Trainer))
        .filter(person::Column::ErasedAt.is_null())
        .select_only()
        .column(person::Column::Id)
        .column(person::Column::Name)
        .distinct()
        .order_by_asc(person::Column::Name)
        .into_tuple()
        .all(db)
        .await
}

/// Who is newly asked and who is no longer needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrainerChanges {
    /// Newly asked.
    pub asked: Vec<PersonId>,
    /// Asked or accepted before, and no longer chosen.
    pub released: Vec<PersonId>,
}

/// Asks those who are chosen and not asked yet (or said no before), and releases those who are no longer chosen.
pub async fn session_trainers_put_in_txn(
    id: SessionId,
    chosen: &[PersonId],
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<TrainerChanges, DbErr> {
    let rows = session_trainer::Entity::find().filter(session_trainer::Column::SessionId.eq(id)).all(db).await?;
    let mut states: HashMap<PersonId, TrainerState> = rows.iter().map(|row| (row.person_id, row.state)).collect();
    let mut changes = TrainerChanges::default();
    for person in chosen {
        match states.remove(person) {
            Some(TrainerState::Offered | TrainerState::Accepted) => continue,
            Some(TrainerState::Declined | TrainerState::Withdrawn) => {
                trainer_state_put(id, *person, TrainerState::Offered, None, db).await?;
            }
            None => {
                let row = session_trainer::ActiveModel {
                    session_id: Set(id),
                    person_id: Set(*person),
                    state: Set(TrainerState::Offered),
                    asked_at: Set(now),
                    answered_at: Set(None),
                    ..Default::default()
                };
                session_trainer::Entity::insert(row).exec_without_returning(db).await?;
            }
        }
        changes.asked.push(*person);
    }
    for (person, state) in states {
        if matches!(state, TrainerState::Offered | TrainerState::Accepted) {
            trainer_state_put(id, person, TrainerState::Withdrawn, Some(now), db).await?;
            changes.released.push(person);
        }
    }
    Ok(changes)
}

pub(super) async fn trainer_state_put(
    id: SessionId,
    person: PersonId,
    state: TrainerState,
    answered_at: Option<DateTime<Utc>>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    session_trainer::Entity::update_many()
        .col_expr(session_trainer::Column::State, Expr::value(state))
        .col_expr(session_trainer::Column::AnsweredAt, Expr::value(answered_at))
        .filter(session_trainer::Column::SessionId.eq(id))
        .filter(session_trainer::Column::PersonId.eq(person))
        .exec(db)
        .await?;
    Ok(())
}

/// A date with its session, room and title.
type DateRow = (SessionId, DateTime<Utc>, DateTime<Utc>, Option<VenueId>, String);

/// The dates of other drafts and published sessions that lie between the first start and the last end of these.
pub async fn other_dates(
    own: Option<SessionId>,
    dates: &[Span],
    db: &impl ConnectionTrait,
) -> Result<Vec<OtherDate>, DbErr> {
    let (Some(first), Some(last)) =
        (dates.iter().map(|date| date.starts_at).min(), dates.iter().map(|date| date.ends_at).max())
    else {
        return Ok(Vec::new());
    };
    let mut query = session_date::Entity::find()
        .join(
            JoinType::InnerJoin,
            session_date::Entity::belongs_to(session::Entity)
                .from(session_date::Column::SessionId)
                .to(session::Column::Id)
                .into(),
        )
        .join(
            JoinType::InnerJoin,
            session::Entity::belongs_to(course::Entity).from(session::Column::CourseId).to(course::Column::Id).into(),
        )
        .filter(session::Column::Status.is_in([SessionStatus::Draft, SessionStatus::Published]))
        .filter(session_date::Column::StartsAt.lt(last))
        .filter(session_date::Column::EndsAt.gt(first));
    if let Some(own) = own {
        query = query.filter(session_date::Column::SessionId.ne(own));
    }
    let rows: Vec<DateRow> = query
        .select_only()
        .column(session_date::Column::SessionId)
        .column(session_date::Column::StartsAt)
        .column(session_date::Column::EndsAt)
        .column(session::Column::VenueId)
        .column(course::Column::Title)
        .into_tuple()
        .all(db)
        .await?;
    let asked: Vec<(SessionId, PersonId, String)> = session_trainer::Entity::find()
        .join(
            JoinType::InnerJoin,
            session_trainer::Entity::belongs_to(person::Entity)
                .from(session_trainer::Column::PersonId)
                .to(person::Column::Id)
                .into(),
        )
        .filter(session_trainer::Column::SessionId.is_in(rows.iter().map(|row| row.0)))
        .filter(session_trainer::Column::State.is_in([TrainerState::Offered, TrainerState::Accepted]))
        .select_only()
        .column(session_trainer::Column::SessionId)
        .column(session_trainer::Column::PersonId)
        .column(person::Column::Name)
        .into_tuple()
        .all(db)
        .await?;
    let trainers_of =
        |id: SessionId| asked.iter().filter(|row| row.0 == id).map(|row| (row.1, row.2.clone())).collect::<Vec<_>>();
    Ok(rows
        .into_iter()
        .map(|(session, starts_at, ends_at, venue, title)| OtherDate {
            session,
            title,
            venue,
            span: Span { starts_at, ends_at },
            trainers: trainers_of(session),
        })
        .collect())
}
