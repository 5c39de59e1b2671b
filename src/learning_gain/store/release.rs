//! Releasing: finished answers of people who attended, added to the histograms in batches, in one transaction with
//! the mark that says so.

use crate::{
    agencies::rules::AgencyType,
    calendar::rules::{board_year, london_day},
    courses::rules::CourseId,
    entity::{answer, course_cell, course_session_sum, response, session, session_cell},
    learning_gain::suppression::batches::{SessionStep, decide_session, is_pool_released},
    sessions::rules::SessionId,
    surveys::{
        rules::{ItemId, Wave},
        store::{responses_finish_in_txn, times_of},
    },
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveEnum,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Iterable, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use std::collections::{BTreeMap, BTreeSet};

/// In the tables of cells: not answered in that wave.
pub const NOT_ANSWERED: i32 = -1;
/// In the course's cells: no agency known.
pub const NO_AGENCY: &str = "none";
/// Keys named in one statement; SQLite takes 32,766 values in one.
const KEYS_AT_ONCE: usize = 5_000;

/// One person's answers to one item.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pair {
    key: String,
    session: SessionId,
    agency_type: Option<AgencyType>,
    before: Option<i32>,
    after: Option<i32>,
}

impl Pair {
    fn is_matched(&self) -> bool {
        self.before.is_some() && self.after.is_some()
    }
}

/// Who waits together: matched pairs, and people with only one of the two answers, each for one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    item: ItemId,
    has_before: bool,
    has_after: bool,
}

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
    let groups = waiting(&[session], db).await?;
    let year = board_year(london_day(row.starts_at));
    let mut released = Vec::new();
    for (group, pairs) in groups {
        let may_grow = !group.has_before || !group.has_after;
        if may_grow && !is_closed {
            continue;
        }
        if decide_session(pairs.len(), is_closed) == SessionStep::Release {
            released.push((group, pairs));
        }
    }
    session_cells_add(session, &released, db).await?;
    course_cells_add(row.course_id, year, &released, db).await?;
    mark(&released, true, db).await
}

/// Releases a course's pool of one board year if it is large enough: what was left of sessions that take no more
/// answers. To be called after a session's last wave has closed.
pub async fn course_pool_release_in_txn(
    course: CourseId,
    year: i32,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let Some((from, to)) = crate::calendar::rules::board_year_span(year) else { return Ok(()) };
    let closed: Vec<SessionId> = session::Entity::find()
        .filter(session::Column::CourseId.eq(course))
        .filter(session::Column::StartsAt.gte(from))
        .filter(session::Column::StartsAt.lt(to))
        .lock_exclusive()
        .all(db)
        .await?
        .into_iter()
        .filter(|session| now >= times_of(session).last_wave_closes())
        .map(|session| session.id)
        .collect();
    let groups = waiting(&closed, db).await?;
    let released: Vec<(Group, Vec<Pair>)> =
        groups.into_iter().filter(|(_, pairs)| is_pool_released(pairs.len())).collect();
    course_cells_add(course, year, &released, db).await?;
    mark(&released, false, db).await
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

/// What waits in these sessions: answers of finished responses of people who attended, by item and by which of the
/// two answers there are.
async fn waiting(sessions: &[SessionId], db: &impl ConnectionTrait) -> Result<BTreeMap<Group, Vec<Pair>>, DbErr> {
    if sessions.is_empty() {
        return Ok(BTreeMap::new());
    }
    let responses = response::Entity::find()
        .filter(response::Column::SessionId.is_in(sessions.iter().copied()))
        .filter(response::Column::Wave.is_in([Wave::Before, Wave::After]))
        .filter(response::Column::Finished.eq(true))
        .filter(response::Column::Attended.eq(true))
        .all(db)
        .await?;
    let by_key: BTreeMap<(&str, bool), &response::Model> =
        responses.iter().map(|row| ((row.pairing_key.as_str(), row.wave == Wave::After), row)).collect();
    let keys: BTreeSet<&str> = responses.iter().map(|row| row.pairing_key.as_str()).collect();
    let keys: Vec<&str> = keys.into_iter().collect();
    let mut pairs: BTreeMap<(ItemId, String), Pair> = BTreeMap::new();
    for keys in keys.chunks(KEYS_AT_ONCE) {
        let answers = answer::Entity::find()
            .filter(answer::Column::PairingKey.is_in(keys.iter().copied()))
            .filter(answer::Column::Wave.is_in([Wave::Before, Wave::After]))
            .filter(answer::Column::CourseReleased.eq(false))
            .all(db)
            .await?;
        for answer in answers {
            let is_after = answer.wave == Wave::After;
            // An answer whose own response is not finished does not count yet.
            let Some(response) = by_key.get(&(answer.pairing_key.as_str(), is_after)) else { continue };
            let pair = pairs.entry((answer.item_id, answer.pairing_key.clone())).or_insert_with(|| Pair {
                key: answer.pairing_key.clone(),
                session: response.session_id,
                agency_type: None,
                before: None,
                after: None,
            });
            // Where the agency changed its type in between, the later one counts.
            if is_after || pair.agency_type.is_none() {
                pair.agency_type = response.agency_type.or(pair.agency_type);
            }
            *(if is_after { &mut pair.after } else { &mut pair.before }) = Some(answer.value);
        }
    }
    let mut groups: BTreeMap<Group, Vec<Pair>> = BTreeMap::new();
    for ((item, _), pair) in pairs {
        let group = Group { item, has_before: pair.before.is_some(), has_after: pair.after.is_some() };
        groups.entry(group).or_default().push(pair);
    }
    Ok(groups)
}

/// The agency type as the course's cells name it.
fn agency_text(agency_type: Option<AgencyType>) -> String {
    agency_type.map_or_else(|| NO_AGENCY.to_owned(), |kind| kind.to_value())
}

async fn session_cells_add(
    session: SessionId,
    released: &[(Group, Vec<Pair>)],
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let mut cells: BTreeMap<(ItemId, i32, i32), i64> = BTreeMap::new();
    for (group, pairs) in released {
        for pair in pairs {
            *cells.entry((group.item, rating(pair.before), rating(pair.after))).or_default() += 1;
        }
    }
    if cells.is_empty() {
        return Ok(());
    }
    let rows = cells.into_iter().map(|((item, before, after), people)| session_cell::ActiveModel {
        session_id: Set(session),
        item_id: Set(item),
        before: Set(before),
        after: Set(after),
        people: Set(people),
    });
    let key = session_cell::Column::iter().filter(|column| !matches!(column, session_cell::Column::People));
    let add = OnConflict::columns(key)
        .value(session_cell::Column::People, grown(session_cell::Entity, session_cell::Column::People))
        .to_owned();
    session_cell::Entity::insert_many(rows).on_conflict(add).exec_without_returning(db).await?;
    Ok(())
}

async fn course_cells_add(
    course: CourseId,
    year: i32,
    released: &[(Group, Vec<Pair>)],
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let mut cells: BTreeMap<(String, ItemId, i32, i32), i64> = BTreeMap::new();
    let mut sums: BTreeMap<(SessionId, ItemId), (i64, i64, i64)> = BTreeMap::new();
    for (group, pairs) in released {
        for pair in pairs {
            let place = (agency_text(pair.agency_type), group.item, rating(pair.before), rating(pair.after));
            *cells.entry(place).or_default() += 1;
            if let (Some(before), Some(after)) = (pair.before, pair.after) {
                let gain = i64::from(after - before);
                let sum = sums.entry((pair.session, group.item)).or_default();
                *sum = (sum.0 + 1, sum.1 + gain, sum.2 + gain * gain);
            }
        }
    }
    if !cells.is_empty() {
        let rows = cells.into_iter().map(|((agency_type, item, before, after), people)| course_cell::ActiveModel {
            course_id: Set(course),
            board_year: Set(year),
            agency_type: Set(agency_type),
            item_id: Set(item),
            before: Set(before),
            after: Set(after),
            people: Set(people),
        });
        let key = course_cell::Column::iter().filter(|column| !matches!(column, course_cell::Column::People));
        let add = OnConflict::columns(key)
            .value(course_cell::Column::People, grown(course_cell::Entity, course_cell::Column::People))
            .to_owned();
        course_cell::Entity::insert_many(rows).on_conflict(add).exec_without_returning(db).await?;
    }
    if !sums.is_empty() {
        use course_session_sum::{Column, Entity};
        let rows = sums.into_iter().map(|((session, item), (people, gain, squared))| course_session_sum::ActiveModel {
            course_id: Set(course),
            board_year: Set(year),
            session_id: Set(session),
            item_id: Set(item),
            people: Set(people),
            sum_gain: Set(gain),
            sum_gain_squared: Set(squared),
        });
        let add = OnConflict::columns([Column::CourseId, Column::BoardYear, Column::SessionId, Column::ItemId])
            .value(Column::People, grown(Entity, Column::People))
            .value(Column::SumGain, grown(Entity, Column::SumGain))
            .value(Column::SumGainSquared, grown(Entity, Column::SumGainSquared))
            .to_owned();
        Entity::insert_many(rows).on_conflict(add).exec_without_returning(db).await?;
    }
    Ok(())
}

fn rating(answer: Option<i32>) -> i32 {
    answer.unwrap_or(NOT_ANSWERED)
}

/// The column as it is, plus what the refused insert brought.
fn grown<E: EntityTrait>(table: E, column: impl ColumnTrait + Copy) -> sea_orm::sea_query::SimpleExpr {
    use sea_orm::sea_query::{Alias, IntoIden};
    Expr::col((table, column)).add(Expr::col((Alias::new("excluded").into_iden(), column)))
}

/// Marks answers as released: into the course's figures, and into the session's where the batch was its own.
async fn mark(released: &[(Group, Vec<Pair>)], of_session: bool, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    for (group, pairs) in released {
        let keys: Vec<&str> = pairs.iter().map(|pair| pair.key.as_str()).collect();
        for keys in keys.chunks(KEYS_AT_ONCE) {
            answer::Entity::update_many()
                .col_expr(answer::Column::CourseReleased, Expr::value(true))
                .col_expr(answer::Column::SessionReleased, Expr::value(of_session))
                .filter(answer::Column::PairingKey.is_in(keys.iter().copied()))
                .filter(answer::Column::ItemId.eq(group.item))
                .filter(answer::Column::Wave.is_in(waves_of(*group)))
                .exec(db)
                .await?;
        }
        debug_assert!(pairs.iter().all(|pair| pair.is_matched() == (group.has_before && group.has_after)));
    }
    Ok(())
}

fn waves_of(group: Group) -> Vec<Wave> {
    let waves = [(group.has_before, Wave::Before), (group.has_after, Wave::After)];
    waves.into_iter().filter_map(|(there, wave)| there.then_some(wave)).collect()
}
