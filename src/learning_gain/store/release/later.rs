//! Counting released people in further ways: by agency type, and by what they answered three months later. Whether
//! that may be is decided by [`partitions`](crate::learning_gain::suppression::partitions) over everybody who is
//! counted already.

use super::{
    KEYS_AT_ONCE, NOT_ANSWERED,
    cells::{add_up, comparison_cells_add},
    telling::telling_parts_note,
    waiting::counted_value,
};
use crate::{
    courses::rules::CourseId,
    entity::{answer, item, part_cell, released_pair, response},
    learning_gain::suppression::{
        batches::is_pool_released,
        partitions::{Counted, decide_parts, may_enter_later},
    },
    sessions::rules::SessionId,
    surveys::rules::{Comparison, ItemId, ItemKind, Wave},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, IntoCondition},
};
use std::collections::{BTreeMap, BTreeSet};

/// Everybody whose pair is in a course's figures of one board year, in the order of their keys.
async fn released(course: CourseId, year: i32, db: &impl ConnectionTrait) -> Result<Vec<released_pair::Model>, DbErr> {
    released_pair::Entity::find()
        .filter(released_pair::Column::CourseId.eq(course))
        .filter(released_pair::Column::BoardYear.eq(year))
        .order_by_asc(released_pair::Column::PairingKey)
        .all(db)
        .await
}

fn counted(pair: &released_pair::Model) -> Counted {
    Counted { batch: pair.batch, part: pair.part_block.zip(pair.part.clone()), later: pair.later_block }
}

/// Counts by agency type those who are not counted so yet, as soon as types can be told apart.
pub(super) async fn parts_release(course: CourseId, year: i32, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let pairs = released(course, year, db).await?;
    let waiting: Vec<usize> = (0..pairs.len()).filter(|&place| pairs[place].part.is_none()).collect();
    if !is_pool_released(waiting.len()) {
        return Ok(());
    }
    let people: Vec<Counted> = pairs.iter().map(counted).collect();
    let types: Vec<&str> = waiting.iter().map(|&place| pairs[place].agency_type.as_str()).collect();
    let Some(parts) = decide_parts(&people, &waiting, &types) else { return Ok(()) };
    let block = 1 + pairs.iter().filter_map(|pair| pair.part_block).max().unwrap_or_default();
    let part_of: BTreeMap<&str, &str> =
        waiting.iter().zip(&parts).map(|(&place, part)| (pairs[place].pairing_key.as_str(), part.as_str())).collect();
    let core = item::Entity::find().filter(item::Column::Kind.eq(ItemKind::Core)).all(db).await?;
    let core: BTreeSet<ItemId> = core.into_iter().map(|item| item.id).collect();
    let mut answers: BTreeMap<(String, ItemId), [Option<i32>; 2]> = BTreeMap::new();
    let keys: Vec<&str> = part_of.keys().copied().collect();
    let of_core = answer::Column::ItemId.is_in(core);
    for answer in answers_of(&keys, &[Wave::Before, Wave::After], of_core.into_condition(), db).await? {
        let place = usize::from(answer.wave == Wave::After);
        answers.entry((answer.pairing_key, answer.item_id)).or_default()[place] = Some(answer.value);
    }
    let mut cells: BTreeMap<(&str, ItemId, i32, i32), i64> = BTreeMap::new();
    for ((key, item), pair) in &answers {
        if let ([Some(before), Some(after)], Some(part)) = (pair, part_of.get(key.as_str())) {
            *cells.entry((part, *item, *before, *after)).or_default() += 1;
        }
    }
    let rows = cells.into_iter().map(|((part, item, before, after), people)| part_cell::ActiveModel {
        course_id: Set(course),
        board_year: Set(year),
        part: Set(part.to_owned()),
        item_id: Set(item),
        before: Set(before),
        after: Set(after),
        people: Set(people),
        tells: Set(false),
    });
    add_up(rows.collect(), &[part_cell::Column::People], db).await?;
    telling_parts_note(course, year, db).await?;
    for part in parts.iter().collect::<BTreeSet<_>>() {
        let keys: Vec<&str> = part_of.iter().filter(|(_, own)| *own == part).map(|(key, _)| *key).collect();
        for keys in keys.chunks(KEYS_AT_ONCE) {
            released_pair::Entity::update_many()
                .col_expr(released_pair::Column::Part, Expr::value(part.as_str()))
                .col_expr(released_pair::Column::PartBlock, Expr::value(block))
                .filter(released_pair::Column::PairingKey.is_in(keys.iter().copied()))
                .exec(db)
                .await?;
        }
    }
    Ok(())
}

/// Counts three months later those who answered everything again, of sessions whose last questions are closed.
pub(super) async fn follow_up_release(
    course: CourseId,
    year: i32,
    closed: &[SessionId],
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let again = finished_keys(closed, Wave::FollowUp, db).await?;
    if again.is_empty() {
        return Ok(());
    }
    let pairs = released(course, year, db).await?;
    let keys: Vec<&str> = pairs
        .iter()
        .filter(|pair| pair.complete && pair.later_block.is_none() && again.contains(&pair.pairing_key))
        .map(|pair| pair.pairing_key.as_str())
        .collect();
    let items = item::Entity::find().all(db).await?;
    let items: BTreeMap<ItemId, item::Model> = items.into_iter().map(|item| (item.id, item)).collect();
    let mut answers: BTreeMap<String, BTreeMap<ItemId, [Option<i32>; 2]>> = BTreeMap::new();
    let any = sea_orm::Condition::all();
    for answer in answers_of(&keys, &[Wave::Before, Wave::FollowUp], any, db).await? {
        let Some(item) = items.get(&answer.item_id).filter(|item| item.kind.has_gain()) else { continue };
        let pair = answers.entry(answer.pairing_key).or_default().entry(item.id).or_default();
        pair[usize::from(answer.wave == Wave::FollowUp)] = Some(counted_value(item, answer.value));
    }
    answers.retain(|_, items| items.values().all(|pair| pair.iter().all(Option::is_some)));
    let waiting: Vec<usize> =
        (0..pairs.len()).filter(|&place| answers.contains_key(&pairs[place].pairing_key)).collect();
    let people: Vec<Counted> = pairs.iter().map(counted).collect();
    if !may_enter_later(&people, &waiting) {
        return Ok(());
    }
    let block = 1 + pairs.iter().filter_map(|pair| pair.later_block).max().unwrap_or_default();
    let mut cells: BTreeMap<(ItemId, i32, i32), i64> = BTreeMap::new();
    for (item, pair) in answers.values().flatten() {
        if let [Some(before), Some(later)] = pair {
            *cells.entry((*item, *before, *later)).or_default() += 1;
        }
    }
    comparison_cells_add(course, year, Comparison::FollowUp, cells, db).await?;
    let keys: Vec<&str> = answers.keys().map(String::as_str).collect();
    for keys in keys.chunks(KEYS_AT_ONCE) {
        released_pair::Entity::update_many()
            .col_expr(released_pair::Column::LaterBlock, Expr::value(block))
            .filter(released_pair::Column::PairingKey.is_in(keys.iter().copied()))
            .exec(db)
            .await?;
        mark_wave(keys, Wave::FollowUp, None, db).await?;
    }
    Ok(())
}

/// Adds what managers answered. Their ratings are of their own kind and never stand beside the same people's answers
/// one by one, so only their number matters.
pub(super) async fn managers_release(
    course: CourseId,
    year: i32,
    closed: &[SessionId],
    db: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    let keys = finished_keys(closed, Wave::Manager, db).await?;
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let waiting = answer::Column::CourseReleased.eq(false).into_condition();
    let mut by_item: BTreeMap<ItemId, Vec<answer::Model>> = BTreeMap::new();
    for answer in answers_of(&keys, &[Wave::Manager], waiting, db).await? {
        by_item.entry(answer.item_id).or_default().push(answer);
    }
    for (item, answers) in by_item.into_iter().filter(|(_, answers)| is_pool_released(answers.len())) {
        let mut cells: BTreeMap<(ItemId, i32, i32), i64> = BTreeMap::new();
        for answer in &answers {
            *cells.entry((item, NOT_ANSWERED, answer.value)).or_default() += 1;
        }
        comparison_cells_add(course, year, Comparison::Manager, cells, db).await?;
        let keys: Vec<&str> = answers.iter().map(|answer| answer.pairing_key.as_str()).collect();
        for keys in keys.chunks(KEYS_AT_ONCE) {
            mark_wave(keys, Wave::Manager, Some(item), db).await?;
        }
    }
    Ok(())
}

/// Keys of finished responses of people who attended, in one wave.
async fn finished_keys(
    sessions: &[SessionId],
    wave: Wave,
    db: &impl ConnectionTrait,
) -> Result<BTreeSet<String>, DbErr> {
    if sessions.is_empty() {
        return Ok(BTreeSet::new());
    }
    let responses = response::Entity::find()
        .filter(response::Column::SessionId.is_in(sessions.iter().copied()))
        .filter(response::Column::Wave.eq(wave))
        .filter(response::Column::Finished.eq(true))
        .filter(response::Column::Attended.eq(true))
        .all(db)
        .await?;
    Ok(responses.into_iter().map(|row| row.pairing_key).collect())
}

async fn answers_of(
    keys: &[&str],
    waves: &[Wave],
    filter: sea_orm::Condition,
    db: &impl ConnectionTrait,
) -> Result<Vec<answer::Model>, DbErr> {
    let mut answers = Vec::new();
    for keys in keys.chunks(KEYS_AT_ONCE) {
        let some = answer::Entity::find()
            .filter(answer::Column::PairingKey.is_in(keys.iter().copied()))
            .filter(answer::Column::Wave.is_in(waves.iter().copied()))
            .filter(filter.clone())
            .all(db)
            .await?;
        answers.extend(some);
    }
    Ok(answers)
}

async fn mark_wave(keys: &[&str], wave: Wave, item: Option<ItemId>, db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let mut update = answer::Entity::update_many()
        .col_expr(answer::Column::CourseReleased, Expr::value(true))
        .filter(answer::Column::PairingKey.is_in(keys.iter().copied()))
        .filter(answer::Column::Wave.eq(wave));
    if let Some(item) = item {
        update = update.filter(answer::Column::ItemId.eq(item));
    }
    update.exec(db).await?;
    Ok(())
}
