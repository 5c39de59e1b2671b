//! Courses of a history that are not known, and what they ask.

use super::import::{Facts, USUAL_MINUTES};
use crate::{
    courses::rules::{CourseId, CourseKind, CourseStatus, free_slug, slug_of},
    entity::{course, instrument, item},
    imports::rules::{History, Problem, column_of},
    server::bulk::{insert_all, largest_id},
    surveys::rules::{InstrumentId, ItemKind, Wave, statements},
};
use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::Expr};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Which items a course's rows have answers to.
fn items_of(history: &History) -> HashMap<String, BTreeSet<usize>> {
    let mut used: HashMap<String, BTreeSet<usize>> = HashMap::new();
    for row in &history.rows {
        used.entry(row.course.to_lowercase()).or_default().extend(row.ratings.iter().map(|(_, item, _)| *item));
    }
    used
}

/// Adds courses that are not known, as drafts, with the questionnaire that the file implies; and a questionnaire to
/// known courses that ask nothing yet.
pub(super) async fn courses_add(
    history: &History,
    facts: &mut Facts,
    now: DateTime<Utc>,
    db: &impl ConnectionTrait,
) -> Result<usize, DbErr> {
    let used = items_of(history);
    let mut titles: BTreeMap<String, &str> = BTreeMap::new();
    for row in &history.rows {
        titles.entry(row.course.to_lowercase()).or_insert(&row.course);
    }
    let mut taken: Vec<String> = facts.courses.values().map(|course| course.slug.clone()).collect();
    let mut added = 0;
    for (key, title) in titles {
        let asked: Vec<usize> = used.get(&key).into_iter().flatten().copied().collect();
        let instrument = match facts.courses.get(&key).and_then(|course| course.instrument_id) {
            Some(instrument) => Some(instrument),
            None if asked.is_empty() => None,
            None => Some(instrument_add(title, &asked, history, facts, db).await?),
        };
        if let Some(course) = facts.courses.get_mut(&key) {
            if course.instrument_id != instrument {
                course.instrument_id = instrument;
                course::Entity::update_many()
                    .col_expr(course::Column::InstrumentId, Expr::value(instrument.map(|id| id.0)))
                    .filter(course::Column::Id.eq(course.id))
                    .exec(db)
                    .await?;
            }
            continue;
        }
        let slug = free_slug(title, &taken);
        taken.push(slug.clone());
        let row = course::ActiveModel {
            slug: Set(slug),
            title: Set(title.to_owned()),
            summary: Set("Taken over from the board's earlier records.".to_owned()),
            description: Set(String::new()),
            topic: Set("Other".to_owned()),
            level: Set("Not stated".to_owned()),
            kind: Set(CourseKind::Live),
            status: Set(CourseStatus::Draft),
            duration_minutes: Set(USUAL_MINUTES),
            instrument_id: Set(instrument),
            created_at: Set(now),
            version: Set(1),
            ..Default::default()
        };
        let id: CourseId = course::Entity::insert(row).exec(db).await?.last_insert_id;
        let Some(course) = course::Entity::find_by_id(id).one(db).await? else { continue };
        facts.courses.insert(key, course);
        added += 1;
    }
    Ok(added)
}

async fn instrument_add(
    title: &str,
    asked: &[usize],
    history: &History,
    facts: &mut Facts,
    db: &impl ConnectionTrait,
) -> Result<InstrumentId, DbErr> {
    let key = format!("imported-{}-{}", slug_of(title), largest_id("instruments", db).await? + 1);
    let row = instrument::ActiveModel {
        key: Set(key),
        version: Set(1),
        title: Set(format!("Confidence: {title}")),
        ..Default::default()
    };
    let id: InstrumentId = instrument::Entity::insert(row).exec(db).await?.last_insert_id;
    let core = if asked.contains(&history.core) { history.core } else { asked[0] };
    let mut order: Vec<usize> = asked.to_vec();
    order.sort_by_key(|item| *item != core);
    let rows: Vec<item::ActiveModel> = order
        .into_iter()
        .zip(1..)
        .map(|(item, position)| item::ActiveModel {
            instrument_id: Set(id),
            key: Set(if item == core { statements::CORE_KEY.to_owned() } else { format!("statement-{}", item + 1) }),
            version: Set(1),
            kind: Set(if item == core { ItemKind::Core } else { ItemKind::Confidence }),
            text: Set(history.items[item].clone()),
            position: Set(position),
            scale_min: Set(statements::SCALE_MIN),
            scale_max: Set(statements::SCALE_MAX),
            low_label: Set(statements::LOW_LABEL.to_owned()),
            high_label: Set(statements::HIGH_LABEL.to_owned()),
            ..Default::default()
        })
        .collect();
    insert_all(rows, db).await?;
    let items = item::Entity::find().filter(item::Column::InstrumentId.eq(id)).all(db).await?;
    facts.items.insert(id, items);
    Ok(id)
}

/// What the file asks and its courses do not, or not then, or not as a rating from 1 to 5. Each column once a course.
pub(super) fn items_check(history: &History, facts: &Facts) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen: BTreeSet<(String, Wave, usize)> = BTreeSet::new();
    for row in &history.rows {
        for (wave, item, _) in &row.ratings {
            if !seen.insert((row.course.to_lowercase(), *wave, *item)) {
                continue;
            }
            let name = &history.items[*item];
            if let Err(why) = facts.item(&row.course, *item, history).map_or(Err(NOT_ASKED), |item| takes(item, *wave))
            {
                let sentence = format!("“{}” does not ask “{name}” {why}", row.course);
                problems.push(Problem::new(row.line, &column_of(*wave, name), sentence));
            }
        }
    }
    problems
}

const NOT_ASKED: &str = "at all: use the key or the words of one of its statements";

/// Whether an item takes a history's ratings in this wave, or why not.
fn takes(item: &item::Model, wave: Wave) -> Result<(), &'static str> {
    if (item.scale_min, item.scale_max) != (statements::SCALE_MIN, statements::SCALE_MAX) {
        return Err("as a rating from 1 to 5, and a history takes no other answers");
    }
    if !item.kind.is_asked_in(wave) {
        return Err(match wave {
            Wave::Before => "before the session",
            Wave::After => "after the session",
            Wave::FollowUp => "three months later",
            Wave::Manager => "of managers",
        });
    }
    Ok(())
}
