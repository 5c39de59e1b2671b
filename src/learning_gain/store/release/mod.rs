//! Releasing: finished answers of people who attended, added to the histograms in batches, in one transaction with
//! the mark that says so.
//!
//! [`waiting`] sorts the people who wait, [`cells`] adds a batch to every figure that it belongs to, [`later`] counts
//! released people in further ways: by agency type, and three months later, [`telling`] notes what is hidden.

mod cells;
mod later;
mod telling;
mod waiting;

use crate::{
    calendar::rules::{board_year, board_year_span, london_day},
    courses::rules::CourseId,
    entity::{response, session},
    learning_gain::suppression::batches::{SessionStep, decide_session, is_pool_released},
    sessions::rules::SessionId,
    surveys::{
        rules::Wave,
        store::{responses_finish_in_txn, times_of},
    },
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use std::collections::BTreeSet;
use waiting::{Batch, waiting};

/// In the tables of cells: not answered in that wave.
pub const NOT_ANSWERED: i32 = -1;
/// Keys named in one statement; SQLite takes 32,766 values in one.
const KEYS_AT_ONCE: usize = 5_000;

/// Releases what is enough in one session: matched pairs while its waves are open, and people with only one answer
/// once the last wave has closed. To be called in the transaction that finished a response, submitted a register or
/// closed a wave.
pub async fn session_release_in_txn(
    session: SessionId,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let Some(row) = session::Entity::find_by_id(session).lock_exclusive().one(db).await? else { return Ok(()) };
    let times = times_of(&row);
    if now >= times.before_closes() {
        responses_finish_in_txn(session, Wave::Before, db).await?;
    }
    let is_closed = now >= times.last_wave_closes();
    if is_closed {
        responses_finish_in_txn(session, Wave::After, db).await?;
    }
    let waiting = waiting(&[session], db).await?;
    let released: Vec<Batch<'_>> = waiting
        .batches()
        .filter(|batch| is_closed || !batch.group.may_grow())
        .filter(|batch| decide_session(batch.people.len(), is_closed) == SessionStep::Release)
        .collect();
    cells::session_cells_add(session, &released, db).await?;
    let year = board_year(london_day(row.starts_at));
    cells::course_figures_add(row.course_id, year, &released, &waiting.items, db).await?;
    cells::session_sums_add(row.course_id, year, &released, &waiting.items, db).await?;
    if !released.is_empty() {
        telling::telling_session_note(row.course_id, year, session, db).await?;
    }
    cells::mark(&released, true, db).await
}

/// Releases a course's pool of one board year if it is large enough: what was left of sessions that take no more
/// answers. Then counts by agency type, and three months later, whoever may be counted so. To be called after one of a
/// session's waves has closed.
pub async fn course_pool_release_in_txn(
    course: CourseId,
    year: i32,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let Some((from, to)) = board_year_span(year) else { return Ok(()) };
    let sessions = session::Entity::find()
        .filter(session::Column::CourseId.eq(course))
        .filter(session::Column::StartsAt.gte(from))
        .filter(session::Column::StartsAt.lt(to))
        .lock_exclusive()
        .all(db)
        .await?;
    let closed_by = |closes: fn(&session::Model) -> DateTime<Utc>| -> Vec<SessionId> {
        sessions.iter().filter(|session| now >= closes(session)).map(|session| session.id).collect()
    };
    let closed = closed_by(|session| times_of(session).last_wave_closes());
    let waiting = waiting(&closed, db).await?;
    let released: Vec<Batch<'_>> = waiting.batches().filter(|batch| is_pool_released(batch.people.len())).collect();
    cells::course_figures_add(course, year, &released, &waiting.items, db).await?;
    cells::mark(&released, false, db).await?;
    later::parts_release(course, year, db).await?;
    let long_closed = closed_by(|session| times_of(session).follow_up_closes());
    later::follow_up_release(course, year, &long_closed, db).await?;
    later::managers_release(course, year, &long_closed, db).await
}

/// Releases everything that can be released: for the demonstration board and for imports.
pub async fn everything_release_in_txn(now: DateTime<Utc>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let waiting: Vec<SessionId> = response::Entity::find()
        .select_only()
        .column(response::Column::SessionId)
        .distinct()
        .into_tuple()
        .all(db)
        .await?;
    let sessions = session::Entity::find().filter(session::Column::Id.is_in(waiting)).all(db).await?;
    let mut pools = BTreeSet::new();
    for session in sessions {
        session_release_in_txn(session.id, now, db).await?;
        pools.insert((session.course_id, board_year(london_day(session.starts_at))));
    }
    for (course, year) in pools {
        course_pool_release_in_txn(course, year, now, db).await?;
    }
    Ok(())
}
