//! The histograms as views read them: a report costs cells, not learners, and a few queries, not one per row.

use super::NOT_ANSWERED;
use crate::{
    calendar::rules::board_year_span,
    courses::rules::{CourseId, CourseKind},
    entity::{course, course_cell, course_session_sum, item, session, session_cell},
    learning_gain::{
        rules::{ItemVersion, JointHistogram, Scale, SessionList, SessionSums},
        suppression::line::{Hidden, ShownLine, shown_line},
    },
    sessions::rules::SessionId,
    surveys::rules::{ItemId, ItemKind},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use std::collections::{BTreeMap, BTreeSet};

/// One course on the board's page.
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
    pub line: Result<ShownLine, Hidden>,
}

/// One item of a course or session.
#[derive(Clone, Debug)]
pub struct ItemGain {
    /// Which item.
    pub item: ItemId,
    /// What kind.
    pub kind: ItemKind,
    /// Its stable key.
    pub key: String,
    /// Its words.
    pub text: String,
    /// What the lowest rating says.
    pub low_label: String,
    /// What the highest says.
    pub high_label: String,
    /// Released answers. Never shown as they are: views take `line` and `suppression::spread`.
    pub histogram: JointHistogram,
    /// The line, if it may be shown.
    pub line: Result<ShownLine, Hidden>,
}

/// One session of a course.
#[derive(Clone, Debug)]
pub struct SessionGain {
    /// Which session.
    pub session: session::Model,
    /// The line of the core statement, if it may be shown.
    pub line: Result<ShownLine, Hidden>,
}

#[derive(FromQueryResult)]
struct CourseCellSum {
    course_id: CourseId,
    board_year: i32,
    item_id: ItemId,
    before: i32,
    after: i32,
    people: i64,
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
    let cells = core_cells(course_cell::Column::BoardYear.eq(board_year), db).await?;
    let mut sums = core_sums(board_year, db).await?;
    let items = core_items(db).await?;
    let mut histograms = histograms_by(cells, &items, |cell| cell.course_id);
    let asks = Condition::any()
        .add(course::Column::InstrumentId.is_not_null())
        .add(course::Column::Id.is_in(histograms.keys().copied()));
    let courses = course::Entity::find()
        .filter(asks)
        .filter(course::Column::Kind.eq(CourseKind::Live))
        .order_by_asc(course::Column::Title)
        .all(db)
        .await?;
    Ok(courses
        .into_iter()
        .map(|course| {
            let histogram = histograms.remove(&course.id);
            let sessions = sums.remove(&course.id).unwrap_or_default();
            let line = histogram.map_or(Err(Hidden::TooFew), |histogram| shown_line(&histogram, Some(&sessions)));
            CourseLine { course: course.id, slug: course.slug, title: course.title, topic: course.topic, line }
        })
        .collect())
}

/// The board's one number: the core statement over all courses of one board year.
pub async fn board_line(board_year: i32, db: &impl ConnectionTrait) -> Result<Result<ShownLine, Hidden>, DbErr> {
    let cells = core_cells(course_cell::Column::BoardYear.eq(board_year), db).await?;
    let items = core_items(db).await?;
    let mut sessions = SessionList::default();
    for list in core_sums(board_year, db).await?.values() {
        sessions.merge(list);
    }
    let histogram = histograms_by(cells, &items, |_| ()).remove(&());
    Ok(histogram.map_or(Err(Hidden::TooFew), |histogram| shown_line(&histogram, Some(&sessions))))
}

/// A course's core statement year by year, oldest first.
pub async fn course_year_lines(
    course: CourseId,
    db: &impl ConnectionTrait,
) -> Result<Vec<(i32, Result<ShownLine, Hidden>)>, DbErr> {
    let cells = core_cells(course_cell::Column::CourseId.eq(course), db).await?;
    let items = core_items(db).await?;
    let years = histograms_by(cells, &items, |cell| cell.board_year);
    Ok(years.into_iter().map(|(year, histogram)| (year, shown_line(&histogram, None))).collect())
}

/// A course's items in one board year, in their order on the questionnaire.
pub async fn course_items(
    course: CourseId,
    board_year: i32,
    db: &impl ConnectionTrait,
) -> Result<Vec<ItemGain>, DbErr> {
    let cells = course_cell::Entity::find()
        .filter(course_cell::Column::CourseId.eq(course))
        .filter(course_cell::Column::BoardYear.eq(board_year))
        .all(db)
        .await?;
    let cells: Vec<(ItemId, i32, i32, i64)> =
        cells.into_iter().map(|cell| (cell.item_id, cell.before, cell.after, cell.people)).collect();
    let mut sums: BTreeMap<ItemId, SessionList> = BTreeMap::new();
    let rows = course_session_sum::Entity::find()
        .filter(course_session_sum::Column::CourseId.eq(course))
        .filter(course_session_sum::Column::BoardYear.eq(board_year))
        .all(db)
        .await?;
    for row in rows {
        sums.entry(row.item_id).or_default().add(session_number(row.session_id), sums_of(&row));
    }
    item_gains(cells, Some(sums), db).await
}

/// A session's items, in their order on the questionnaire.
pub async fn session_items(session: SessionId, db: &impl ConnectionTrait) -> Result<Vec<ItemGain>, DbErr> {
    let cells = session_cell::Entity::find().filter(session_cell::Column::SessionId.eq(session)).all(db).await?;
    let cells = cells.into_iter().map(|cell| (cell.item_id, cell.before, cell.after, cell.people)).collect();
    item_gains(cells, None, db).await
}

/// The sessions of a course in one board year with the gain in the core statement, earliest first.
pub async fn course_sessions(
    course: CourseId,
    board_year: i32,
    db: &impl ConnectionTrait,
) -> Result<Vec<SessionGain>, DbErr> {
    let Some((from, to)) = board_year_span(board_year) else { return Ok(Vec::new()) };
    let sessions = session::Entity::find()
        .filter(session::Column::CourseId.eq(course))
        .filter(session::Column::StartsAt.gte(from))
        .filter(session::Column::StartsAt.lt(to))
        .filter(session::Column::CancelledAt.is_null())
        .order_by_asc(session::Column::StartsAt)
        .all(db)
        .await?;
    let items = core_items(db).await?;
    let cells = session_cell::Entity::find()
        .filter(session_cell::Column::SessionId.is_in(sessions.iter().map(|session| session.id)))
        .filter(session_cell::Column::ItemId.is_in(items.keys().copied()))
        .all(db)
        .await?;
    let mut histograms: BTreeMap<SessionId, JointHistogram> = BTreeMap::new();
    for cell in cells {
        if let Some(item) = items.get(&cell.item_id) {
            let histogram = histograms.entry(cell.session_id).or_insert_with(|| empty(item));
            add_cell(histogram, cell.before, cell.after, cell.people);
        }
    }
    let mut gains: Vec<SessionGain> = sessions
        .into_iter()
        .map(|session| {
            let histogram = histograms.remove(&session.id);
            let line = histogram.map_or(Err(Hidden::TooFew), |histogram| shown_line(&histogram, None));
            SessionGain { session, line }
        })
        .collect();
    hide_a_second(&mut gains);
    Ok(gains)
}

/// Where one session is hidden because everybody answered alike, it could be had by taking the others from the
/// course's total; hiding the smallest of the others prevents that.
fn hide_a_second(gains: &mut [SessionGain]) {
    if gains.iter().filter(|gain| gain.line == Err(Hidden::AllAlike)).count() != 1 {
        return;
    }
    let smallest = gains
        .iter_mut()
        .filter_map(|gain| gain.line.as_ref().ok().map(|line| line.whole().n).map(|n| (n, gain)))
        .min_by_key(|(n, _)| *n);
    if let Some((_, gain)) = smallest {
        gain.line = Err(Hidden::Protecting);
    }
}

async fn core_items(db: &impl ConnectionTrait) -> Result<BTreeMap<ItemId, item::Model>, DbErr> {
    let items = item::Entity::find().filter(item::Column::Kind.eq(ItemKind::Core)).all(db).await?;
    Ok(items.into_iter().map(|item| (item.id, item)).collect())
}

/// The cells of core statements, agency types added up.
async fn core_cells(
    filter: impl sea_orm::sea_query::IntoCondition,
    db: &impl ConnectionTrait,
) -> Result<Vec<CourseCellSum>, DbErr> {
    use course_cell::Column;
    let core: BTreeSet<ItemId> = core_items(db).await?.into_keys().collect();
    course_cell::Entity::find()
        .select_only()
        .columns([Column::CourseId, Column::BoardYear, Column::ItemId, Column::Before, Column::After])
        .column_as(Expr::cust("CAST(SUM(people) AS BIGINT)"), "people")
        .filter(filter.into_condition())
        .filter(Column::ItemId.is_in(core))
        .group_by(Column::CourseId)
        .group_by(Column::BoardYear)
        .group_by(Column::ItemId)
        .group_by(Column::Before)
        .group_by(Column::After)
        .into_model()
        .all(db)
        .await
}

/// Per course, the session sums of core statements in one board year.
async fn core_sums(board_year: i32, db: &impl ConnectionTrait) -> Result<BTreeMap<CourseId, SessionList>, DbErr> {
    let core: BTreeSet<ItemId> = core_items(db).await?.into_keys().collect();
    let rows = course_session_sum::Entity::find()
        .filter(course_session_sum::Column::BoardYear.eq(board_year))
        .filter(course_session_sum::Column::ItemId.is_in(core))
        .all(db)
        .await?;
    let mut courses: BTreeMap<CourseId, SessionList> = BTreeMap::new();
    for row in rows {
        courses.entry(row.course_id).or_default().add(session_number(row.session_id), sums_of(&row));
    }
    Ok(courses)
}

fn session_number(session: SessionId) -> u64 {
    session.0.unsigned_abs()
}

fn sums_of(row: &course_session_sum::Model) -> SessionSums {
    SessionSums { n: row.people.unsigned_abs(), s1: row.sum_gain.into(), s2: row.sum_gain_squared.into() }
}

/// Adds up cells of core statements by what the caller asks for. Core statements of one version and scale add;
/// should versions differ, the one with the most people is kept, because answers to two wordings never add.
fn histograms_by<K: Ord + Copy>(
    cells: Vec<CourseCellSum>,
    items: &BTreeMap<ItemId, item::Model>,
    key_of: impl Fn(&CourseCellSum) -> K,
) -> BTreeMap<K, JointHistogram> {
    let mut versions: BTreeMap<(K, ItemVersion, i32, i32), JointHistogram> = BTreeMap::new();
    for cell in cells {
        let Some(item) = items.get(&cell.item_id) else { continue };
        let place = (key_of(&cell), version_of(item), item.scale_min, item.scale_max);
        let histogram = versions.entry(place).or_insert_with(|| empty(item));
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

async fn item_gains(
    cells: Vec<(ItemId, i32, i32, i64)>,
    sums: Option<BTreeMap<ItemId, SessionList>>,
    db: &impl ConnectionTrait,
) -> Result<Vec<ItemGain>, DbErr> {
    let asked: BTreeSet<ItemId> = cells.iter().map(|(item, ..)| *item).collect();
    let items = item::Entity::find()
        .filter(item::Column::Id.is_in(asked))
        .order_by_asc(item::Column::InstrumentId)
        .order_by_asc(item::Column::Position)
        .all(db)
        .await?;
    let mut histograms: BTreeMap<ItemId, JointHistogram> = items.iter().map(|item| (item.id, empty(item))).collect();
    for (item, before, after, people) in cells {
        if let Some(histogram) = histograms.get_mut(&item) {
            add_cell(histogram, before, after, people);
        }
    }
    Ok(items
        .into_iter()
        .filter_map(|item| {
            let histogram = histograms.remove(&item.id)?;
            let sessions = sums.as_ref().map(|sums| sums.get(&item.id).cloned().unwrap_or_default());
            let line = shown_line(&histogram, sessions.as_ref());
            Some(ItemGain {
                item: item.id,
                kind: item.kind,
                key: item.key,
                text: item.text,
                low_label: item.low_label,
                high_label: item.high_label,
                histogram,
                line,
            })
        })
        .collect())
}

fn version_of(item: &item::Model) -> ItemVersion {
    ItemVersion::new(item.key.clone(), item.version.unsigned_abs())
}

fn empty(item: &item::Model) -> JointHistogram {
    let scale = Scale::new(item.scale_min, item.scale_max).unwrap_or(Scale::ONE_TO_FIVE);
    JointHistogram::new(version_of(item), scale)
}

fn add_cell(histogram: &mut JointHistogram, before: i32, after: i32, people: i64) {
    let rating = |value: i32| (value != NOT_ANSWERED).then_some(value);
    // What is kept was checked against the item's scale when it was answered.
    let added = histogram.add_answers(rating(before), rating(after), people.unsigned_abs());
    debug_assert!(added.is_ok(), "a kept rating lies outside its scale");
}
