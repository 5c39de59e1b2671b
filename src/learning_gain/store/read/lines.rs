//! Whole courses, topics and years in their core statement.

use super::*;
use crate::{
    courses::rules::{CourseKind, slug_of},
    learning_gain::suppression::{
        Audience,
        line::{shown_line, tells_by_itself},
        neighbours::{Part, hide_beside},
        totals::HiddenParts,
    },
};
use sea_orm::{Condition, QueryOrder};
use std::collections::BTreeSet;

/// One course among all.
#[derive(Clone, Debug)]
pub struct CourseLine {
    /// Which course.
    pub course: CourseId,
    /// Its address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its topic.
    pub topic: String,
    /// The line of the core statement, if it may be shown.
    pub line: MaybeLine,
    /// n, Σd and Σd² behind a shown line, for comparisons.
    pub sums: Option<SessionSums>,
}

/// A course by its address.
pub async fn course_by_slug(slug: &str, db: &impl ConnectionTrait) -> Result<Option<course::Model>, DbErr> {
    course::Entity::find().filter(course::Column::Slug.eq(slug)).one(db).await
}

/// A session with its course.
pub async fn session_with_course(
    session: SessionId,
    db: &impl ConnectionTrait,
) -> Result<Option<(session::Model, course::Model)>, DbErr> {
    let Some(session) = session::Entity::find_by_id(session).one(db).await? else { return Ok(None) };
    let course = course::Entity::find_by_id(session.course_id).one(db).await?;
    Ok(course.map(|course| (session, course)))
}

/// Board years that have released answers, newest first.
pub async fn gain_year_list(db: &impl ConnectionTrait) -> Result<Vec<i32>, DbErr> {
    course_cell::Entity::find()
        .select_only()
        .column(course_cell::Column::BoardYear)
        .distinct()
        .order_by_desc(course_cell::Column::BoardYear)
        .into_tuple()
        .all(db)
        .await
}

/// Every course that asks before and after, with the gain in its core statement in one board year, by title.
pub async fn course_lines(board_year: i32, db: &impl ConnectionTrait) -> Result<Vec<CourseLine>, DbErr> {
    Ok(courses_beside_each_other(board_year, db).await?.0)
}

/// The lines of all courses, and whether a total of those that are hidden may be shown.
async fn courses_beside_each_other(
    board_year: i32,
    db: &impl ConnectionTrait,
) -> Result<(Vec<CourseLine>, bool), DbErr> {
    let items = core_items(db).await?;
    let cells = core_cells(course_cell::Column::BoardYear.eq(board_year), &items, db).await?;
    let rows = core_sums(course_session_sum::Column::BoardYear.eq(board_year), &items, db).await?;
    let sums = sums_by(rows, &items, |row| row.course_id);
    let histograms = histograms_by(&cells, &items, |cell| cell.course_id);
    let asks = Condition::any()
        .add(course::Column::InstrumentId.is_not_null())
        .add(course::Column::Id.is_in(histograms.keys().copied()));
    let courses = course::Entity::find()
        .filter(asks)
        .filter(course::Column::Kind.eq(CourseKind::Live))
        .order_by_asc(course::Column::Title)
        .all(db)
        .await?;
    let none = SessionList::default();
    let mut lines: Vec<CourseLine> = courses
        .into_iter()
        .map(|course| {
            let histogram = histograms.get(&course.id);
            let line = histogram.map_or(Err(Hidden::TooFew), |found| {
                shown_line(found, Some(sums.get(&place_of(course.id, found)).unwrap_or(&none)), Audience::Board)
            });
            let sums = histogram.map(SessionSums::of);
            CourseLine { course: course.id, slug: course.slug, title: course.title, topic: course.topic, line, sums }
        })
        .collect();
    let parts = lines.iter_mut().filter_map(|line| {
        let histogram = histograms.get(&line.course)?;
        Some(Part { histogram, line: &mut line.line })
    });
    let is_total_shown = hide_beside(parts);
    lines.iter_mut().filter(|line| line.line.is_err()).for_each(|line| line.sums = None);
    Ok((lines, is_total_shown))
}

/// The board's one number: the core statement over all courses of one board year.
pub async fn board_line(board_year: i32, db: &impl ConnectionTrait) -> Result<MaybeLine, DbErr> {
    let cells = course_cell::Column::BoardYear.eq(board_year);
    let sums = course_session_sum::Column::BoardYear.eq(board_year);
    let years = lines_of_all_courses(cells, sums, db).await?;
    Ok(years.into_iter().next().map_or(Err(Hidden::TooFew), |(_, line)| line))
}

/// The courses of a topic, by the topic's part of an address: the topic as it is written, and the courses' ids.
pub async fn topic_courses(address: &str, db: &impl ConnectionTrait) -> Result<Option<(String, Vec<CourseId>)>, DbErr> {
    let courses: Vec<(CourseId, String)> = course::Entity::find()
        .select_only()
        .columns([course::Column::Id, course::Column::Topic])
        .filter(course::Column::Kind.eq(CourseKind::Live))
        .order_by_asc(course::Column::Title)
        .into_tuple()
        .all(db)
        .await?;
    let found: Vec<_> = courses.into_iter().filter(|(_, topic)| slug_of(topic) == address).collect();
    Ok(found
        .first()
        .map(|(_, topic)| topic.clone())
        .map(|topic| (topic, found.into_iter().map(|(id, _)| id).collect())))
}

/// The core statement of several courses together in one board year. None without any answer.
pub async fn courses_together(
    courses: &[CourseId],
    board_year: i32,
    db: &impl ConnectionTrait,
) -> Result<Option<ItemGain>, DbErr> {
    let cells = Condition::all()
        .add(course_cell::Column::BoardYear.eq(board_year))
        .add(course_cell::Column::CourseId.is_in(courses.iter().copied()));
    let sums = Condition::all()
        .add(course_session_sum::Column::BoardYear.eq(board_year))
        .add(course_session_sum::Column::CourseId.is_in(courses.iter().copied()));
    let mut gain = together(cells, sums, db).await?;
    if !hidden_courses(board_year, db).await?.allow(&courses.iter().copied().collect()) {
        protect(gain.iter_mut().map(|gain| &mut gain.line));
    }
    Ok(gain)
}

async fn together(
    cells: impl IntoCondition,
    sums: impl IntoCondition,
    db: &impl ConnectionTrait,
) -> Result<Option<ItemGain>, DbErr> {
    let items = core_items(db).await?;
    let cells = core_cells(cells, &items, db).await?;
    let mut sums = sums_by(core_sums(sums, &items, db).await?, &items, |_| ());
    let Some(histogram) = histograms_by(&cells, &items, |_| ()).remove(&()) else { return Ok(None) };
    let sessions = sums.remove(&place_of((), &histogram)).unwrap_or_default();
    let asked = items.values().find(|item| version_of(item) == *histogram.item());
    Ok(asked.map(|item| ItemGain {
        item: item.id,
        kind: item.kind,
        key: item.key.clone(),
        text: "Overall confidence".to_owned(),
        low_label: item.low_label.clone(),
        high_label: item.high_label.clone(),
        line: shown_line(&histogram, Some(&sessions), Audience::Board),
        histogram,
    }))
}

/// The core statement of some courses together, year by year, oldest first.
pub async fn year_lines(courses: &[CourseId], db: &impl ConnectionTrait) -> Result<Vec<(i32, MaybeLine)>, DbErr> {
    let cells = course_cell::Column::CourseId.is_in(courses.iter().copied());
    let sums = course_session_sum::Column::CourseId.is_in(courses.iter().copied());
    let mut years = lines_by_year(cells, sums, db).await?;
    let total: BTreeSet<CourseId> = courses.iter().copied().collect();
    for (year, line, _) in &mut years {
        if !hidden_courses(*year, db).await?.allow(&total) {
            protect([line]);
        }
    }
    Ok(without_hints(years))
}

/// The core statement of all courses together, year by year, oldest first.
pub async fn board_year_lines(db: &impl ConnectionTrait) -> Result<Vec<(i32, MaybeLine)>, DbErr> {
    lines_of_all_courses(Condition::all(), Condition::all(), db).await
}

/// All courses together are made of all that are hidden, so they are shown unless these do not suffice.
async fn lines_of_all_courses(
    cells: impl IntoCondition,
    sums: impl IntoCondition,
    db: &impl ConnectionTrait,
) -> Result<Vec<(i32, MaybeLine)>, DbErr> {
    let mut years = lines_by_year(cells, sums, db).await?;
    // Looked up only where it can matter: most years have no course that must be hidden.
    for (year, line, _) in years.iter_mut().filter(|(_, _, some_tell)| *some_tell) {
        if !hidden_courses(*year, db).await?.suffice {
            protect([line]);
        }
    }
    Ok(without_hints(years))
}

fn without_hints(years: Vec<(i32, MaybeLine, bool)>) -> Vec<(i32, MaybeLine)> {
    years.into_iter().map(|(year, line, _)| (year, line)).collect()
}

/// The line of each year, and whether some course in it is hidden because of what its people answered.
async fn lines_by_year(
    cells: impl IntoCondition,
    sums: impl IntoCondition,
    db: &impl ConnectionTrait,
) -> Result<Vec<(i32, MaybeLine, bool)>, DbErr> {
    let items = core_items(db).await?;
    let cells = core_cells(cells, &items, db).await?;
    let rows = core_sums(sums, &items, db).await?;
    let sums = sums_by(rows, &items, |row| row.board_year);
    let years = histograms_by(&cells, &items, |cell| cell.board_year);
    let courses = histograms_by(&cells, &items, |cell| (cell.board_year, cell.course_id));
    let telling: BTreeSet<i32> = courses
        .iter()
        .filter(|(_, histogram)| tells_by_itself(histogram, Audience::Board))
        .map(|((year, _), _)| *year)
        .collect();
    let none = SessionList::default();
    let line_of = |(year, histogram): (i32, JointHistogram)| {
        let sessions = sums.get(&place_of(year, &histogram)).unwrap_or(&none);
        let line = shown_line(&histogram, Some(sessions), Audience::Board);
        (year, line, telling.contains(&year))
    };
    Ok(years.into_iter().map(line_of).collect())
}

/// The courses of one board year that must not be had from others: see
/// [`totals`](crate::learning_gain::suppression::totals).
pub(super) async fn hidden_courses(board_year: i32, db: &impl ConnectionTrait) -> Result<HiddenParts<CourseId>, DbErr> {
    let is_hidden =
        |line: &CourseLine| line.line.as_ref().is_err_and(|why| why.is_about_answers() || *why == Hidden::Protecting);
    let (lines, suffice) = courses_beside_each_other(board_year, db).await?;
    Ok(HiddenParts { parts: lines.into_iter().filter(is_hidden).map(|line| line.course).collect(), suffice })
}

/// Hides what would add up to a course that must stay hidden.
pub(super) fn protect<'a>(lines: impl IntoIterator<Item = &'a mut MaybeLine>) {
    lines.into_iter().filter(|line| line.is_ok()).for_each(|line| *line = Err(Hidden::Protecting));
}

pub(super) async fn core_items(db: &impl ConnectionTrait) -> Result<BTreeMap<ItemId, item::Model>, DbErr> {
    let items = item::Entity::find().filter(item::Column::Kind.eq(ItemKind::Core)).all(db).await?;
    Ok(items.into_iter().map(|item| (item.id, item)).collect())
}

/// The cells of core statements.
async fn core_cells(
    filter: impl IntoCondition,
    items: &BTreeMap<ItemId, item::Model>,
    db: &impl ConnectionTrait,
) -> Result<Vec<CourseCellSum>, DbErr> {
    use course_cell::Column;
    course_cell::Entity::find()
        .select_only()
        .columns([Column::CourseId, Column::BoardYear, Column::ItemId, Column::Before, Column::After])
        .column_as(Expr::cust("CAST(SUM(people) AS BIGINT)"), "people")
        .filter(filter.into_condition())
        .filter(Column::ItemId.is_in(items.keys().copied()))
        .group_by(Column::CourseId)
        .group_by(Column::BoardYear)
        .group_by(Column::ItemId)
        .group_by(Column::Before)
        .group_by(Column::After)
        .into_model()
        .all(db)
        .await
}

/// The session sums of core statements.
async fn core_sums(
    filter: impl IntoCondition,
    items: &BTreeMap<ItemId, item::Model>,
    db: &impl ConnectionTrait,
) -> Result<Vec<course_session_sum::Model>, DbErr> {
    course_session_sum::Entity::find()
        .filter(filter.into_condition())
        .filter(course_session_sum::Column::ItemId.is_in(items.keys().copied()))
        .all(db)
        .await
}

/// What the caller asks for, the version of the core statement, and its scale: only answers that agree in all of
/// them add.
type VersionPlace<K> = (K, ItemVersion, (i32, i32));

fn place_of<K>(key: K, histogram: &JointHistogram) -> VersionPlace<K> {
    (key, histogram.item().clone(), (histogram.scale().min(), histogram.scale().max()))
}

fn sums_by<K: Ord>(
    rows: Vec<course_session_sum::Model>,
    items: &BTreeMap<ItemId, item::Model>,
    key_of: impl Fn(&course_session_sum::Model) -> K,
) -> BTreeMap<VersionPlace<K>, SessionList> {
    let places: BTreeMap<ItemId, JointHistogram> = items.iter().map(|(id, item)| (*id, empty(item))).collect();
    let mut lists: BTreeMap<VersionPlace<K>, SessionList> = BTreeMap::new();
    for row in rows {
        let Some(empty) = places.get(&row.item_id) else { continue };
        let list = lists.entry(place_of(key_of(&row), empty)).or_default();
        list.add(session_number(row.session_id), sums_of(&row));
    }
    lists
}

/// Adds up cells of core statements by what the caller asks for. Core statements of one version and scale add;
/// should versions differ, the one with the most people is kept, because answers to two wordings never add.
fn histograms_by<K: Ord + Copy>(
    cells: &[CourseCellSum],
    items: &BTreeMap<ItemId, item::Model>,
    key_of: impl Fn(&CourseCellSum) -> K,
) -> BTreeMap<K, JointHistogram> {
    let mut versions: BTreeMap<VersionPlace<K>, JointHistogram> = BTreeMap::new();
    for cell in cells {
        let Some(item) = items.get(&cell.item_id) else { continue };
        let empty = empty(item);
        let histogram = versions.entry(place_of(key_of(cell), &empty)).or_insert(empty);
        add_cell(histogram, cell.before, cell.after, cell.people);
    }
    let mut kept: BTreeMap<K, JointHistogram> = BTreeMap::new();
    for ((key, ..), histogram) in versions {
        match kept.get(&key) {
            Some(other) if other.n() >= histogram.n() => {}
            _ => {
                kept.insert(key, histogram);
            }
        }
    }
    kept
}

/// Every topic that has a course, in order.
pub async fn topic_list(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let topics: BTreeSet<String> = course::Entity::find()
        .select_only()
        .column(course::Column::Topic)
        .filter(course::Column::Kind.eq(CourseKind::Live))
        .filter(course::Column::InstrumentId.is_not_null())
        .into_tuple::<String>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    Ok(topics.into_iter().collect())
}
