//! Answers to core statements, read once for everything that is made of them.

use super::*;
use crate::{
    courses::rules::CourseKind,
    entity::part_cell,
    learning_gain::suppression::{
        Audience,
        inside::Split,
        line::{decide_line, shown_line, tells_by_itself},
        neighbours::{Part, hide_beside},
    },
};
use sea_orm::{Condition, QueryOrder};
use std::collections::BTreeSet;

/// One cell of a core statement.
#[derive(FromQueryResult)]
pub(super) struct CoreCell {
    course_id: CourseId,
    board_year: i32,
    at_the_door: bool,
    item_id: ItemId,
    before: i32,
    after: i32,
    people: i64,
}

/// The core statement of some courses together in one board year.
#[derive(Clone, Debug)]
pub struct YearLine {
    /// "2024" for 2024/25.
    pub board_year: i32,
    /// The line.
    pub line: MaybeLine,
    /// The version of the statement that most people answered in that year.
    pub item: ItemVersion,
    /// Its scale.
    pub scale: Scale,
}

impl YearLine {
    /// Whether both years asked the same words on the same scale: else their gains do not make one line.
    pub fn asks_as(&self, other: &Self) -> bool {
        self.item == other.item && self.scale == other.scale
    }
}

/// What a session's own batches add.
#[derive(FromQueryResult)]
pub(super) struct CoreSum {
    course_id: CourseId,
    board_year: i32,
    session_id: SessionId,
    item_id: ItemId,
    people: i64,
    sum_gain: i64,
    sum_gain_squared: i64,
    tells: bool,
}

/// Answers to the core statements of some courses in some board years.
pub(super) struct CoreAnswers {
    pub(super) items: BTreeMap<ItemId, item::Model>,
    cells: Vec<CoreCell>,
    sums: Vec<CoreSum>,
}

/// What the caller asks for, the version of the core statement, and its scale: only answers that agree in all of
/// them add.
pub(super) type VersionPlace<K> = (K, ItemVersion, (i32, i32));

pub(super) fn place_of<K>(key: K, histogram: &JointHistogram) -> VersionPlace<K> {
    (key, histogram.item().clone(), (histogram.scale().min(), histogram.scale().max()))
}

pub(super) async fn core_items(db: &impl ConnectionTrait) -> Result<BTreeMap<ItemId, item::Model>, DbErr> {
    let items = item::Entity::find().filter(item::Column::Kind.eq(ItemKind::Core)).all(db).await?;
    Ok(items.into_iter().map(|item| (item.id, item)).collect())
}

impl CoreAnswers {
    pub(super) async fn read(
        cells: impl IntoCondition,
        sums: impl IntoCondition,
        db: &impl ConnectionTrait,
    ) -> Result<Self, DbErr> {
        let items = core_items(db).await?;
        let cells = core_cells(cells, &items, db).await?;
        let sums = core_sums(sums, &items, db).await?;
        Ok(Self { items, cells, sums })
    }

    /// The session sums by what the caller asks for.
    pub(super) fn sums_by<K: Ord>(&self, key_of: impl Fn(&CoreSum) -> K) -> BTreeMap<VersionPlace<K>, SessionList> {
        let places: BTreeMap<ItemId, JointHistogram> = self.items.iter().map(|(id, item)| (*id, empty(item))).collect();
        let mut lists: BTreeMap<VersionPlace<K>, SessionList> = BTreeMap::new();
        for row in &self.sums {
            let Some(empty) = places.get(&row.item_id) else { continue };
            let sums =
                SessionSums { n: row.people.unsigned_abs(), s1: row.sum_gain.into(), s2: row.sum_gain_squared.into() };
            let list = lists.entry(place_of(key_of(row), empty)).or_insert_with(|| SessionList::beside(empty));
            list.add(session_number(row.session_id), sums);
        }
        lists
    }

    /// In which ways each course of a board year is divided into groups that tell by themselves what their people
    /// answered: into sessions, into those who first answered at the door and the others, and into agency types.
    async fn splits(
        &self,
        board_year: i32,
        courses: &BTreeMap<CourseId, JointHistogram>,
        db: &impl ConnectionTrait,
    ) -> Result<BTreeMap<CourseId, [Split; 3]>, DbErr> {
        let mut splits: BTreeMap<CourseId, [Split; 3]> = BTreeMap::new();
        let adds = |course: CourseId, group: &JointHistogram| {
            courses.get(&course).is_some_and(|whole| whole.item() == group.item() && whole.scale() == group.scale())
        };
        let telling = self.sums.iter().filter(|row| row.tells);
        let of_course: BTreeMap<_, _> = telling.map(|row| ((row.session_id, row.item_id), row.course_id)).collect();
        for (place, session) in telling_sessions(&of_course, &self.items, db).await? {
            let course = of_course[&place];
            if adds(course, &session) {
                splits.entry(course).or_default()[0].push(session);
            }
        }
        let doors: BTreeSet<CourseId> =
            self.cells.iter().filter(|cell| cell.at_the_door).map(|cell| cell.course_id).collect();
        let mut groups: BTreeMap<(CourseId, bool), JointHistogram> = BTreeMap::new();
        for cell in self.cells.iter().filter(|cell| doors.contains(&cell.course_id)) {
            let empty = self.items.get(&cell.item_id).map(empty).filter(|empty| adds(cell.course_id, empty));
            if let Some(empty) = empty {
                let group = groups.entry((cell.course_id, cell.at_the_door)).or_insert(empty);
                add_cell(group, cell.before, cell.after, cell.people);
            }
        }
        for ((course, _), group) in groups {
            if tells_by_itself(&group, Audience::Board) {
                splits.entry(course).or_default()[1].push(group);
            }
        }
        let cells = part_cell::Entity::find()
            .filter(is_noted((part_cell::Entity, part_cell::Column::Tells)))
            .filter(part_cell::Column::BoardYear.eq(board_year))
            .all(db)
            .await?;
        let mut parts: BTreeMap<(CourseId, String), JointHistogram> = BTreeMap::new();
        for cell in cells {
            let empty = self.items.get(&cell.item_id).map(empty).filter(|empty| adds(cell.course_id, empty));
            if let Some(empty) = empty {
                let part = parts.entry((cell.course_id, cell.part)).or_insert(empty);
                add_cell(part, cell.before, cell.after, cell.people);
            }
        }
        parts.into_iter().for_each(|((course, _), part)| splits.entry(course).or_default()[2].push(part));
        Ok(splits)
    }

    /// Adds up the cells by what the caller asks for. Core statements of one version and scale add; should versions
    /// differ, the one with the most people is kept, because answers to two wordings never add.
    pub(super) fn histograms_by<K: Ord + Copy>(&self, key_of: impl Fn(&CoreCell) -> K) -> BTreeMap<K, JointHistogram> {
        let mut versions: BTreeMap<VersionPlace<K>, JointHistogram> = BTreeMap::new();
        for cell in &self.cells {
            let Some(item) = self.items.get(&cell.item_id) else { continue };
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

    /// The line of each year, oldest first, whatever others would give away.
    pub(super) fn lines_by_year(&self) -> Vec<YearLine> {
        let sums = self.sums_by(|row| row.board_year);
        let years = self.histograms_by(|cell| cell.board_year).into_iter();
        let line_of = |(year, histogram): (i32, JointHistogram)| {
            let none = SessionList::beside(&histogram);
            let sessions = sums.get(&place_of(year, &histogram)).unwrap_or(&none);
            let line = shown_line(&histogram, Some(sessions), Audience::Board);
            YearLine { board_year: year, line, item: histogram.item().clone(), scale: histogram.scale() }
        };
        years.map(line_of).collect()
    }

    /// Years in which one of these courses is hidden by itself, for another reason than that too few answered.
    pub(super) fn years_with_hidden(&self) -> BTreeSet<i32> {
        let sums = self.sums_by(|row| (row.board_year, row.course_id));
        let courses = self.histograms_by(|cell| (cell.board_year, cell.course_id));
        let is_hidden = |(place, histogram): &(&(i32, CourseId), &JointHistogram)| {
            let decided = decide_line(histogram, sums.get(&place_of(**place, histogram)), Audience::Board);
            decided.is_err_and(|why| why != Hidden::TooFew)
        };
        courses.iter().filter(is_hidden).map(|((year, _), _)| *year).collect()
    }
}

/// The cells of core statements.
async fn core_cells(
    filter: impl IntoCondition,
    items: &BTreeMap<ItemId, item::Model>,
    db: &impl ConnectionTrait,
) -> Result<Vec<CoreCell>, DbErr> {
    use course_cell::Column;
    course_cell::Entity::find()
        .select_only()
        .columns([Column::CourseId, Column::BoardYear, Column::ItemId, Column::Before, Column::After])
        .column(Column::AtTheDoor)
        .column(Column::People)
        .filter(filter.into_condition())
        .filter(Column::ItemId.is_in(items.keys().copied()))
        .into_model()
        .all(db)
        .await
}

/// The session sums of core statements.
async fn core_sums(
    filter: impl IntoCondition,
    items: &BTreeMap<ItemId, item::Model>,
    db: &impl ConnectionTrait,
) -> Result<Vec<CoreSum>, DbErr> {
    course_session_sum::Entity::find()
        .filter(filter.into_condition())
        .filter(course_session_sum::Column::ItemId.is_in(items.keys().copied()))
        .into_model()
        .all(db)
        .await
}

/// What a list of courses says of one.
#[derive(FromQueryResult)]
struct CourseHead {
    id: CourseId,
    slug: String,
    title: String,
    topic: String,
}

/// The courses of one board year beside each other.
pub(super) struct YearOfCourses {
    board_year: i32,
    core: CoreAnswers,
    /// Those that ask before and after, by title.
    courses: Vec<CourseHead>,
    histograms: BTreeMap<CourseId, JointHistogram>,
    splits: BTreeMap<CourseId, [Split; 3]>,
}

impl YearOfCourses {
    pub(super) async fn read(board_year: i32, db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let cells = course_cell::Column::BoardYear.eq(board_year);
        let core = CoreAnswers::read(cells, course_session_sum::Column::BoardYear.eq(board_year), db).await?;
        let histograms = core.histograms_by(|cell| cell.course_id);
        let asks = Condition::any()
            .add(course::Column::InstrumentId.is_not_null())
            .add(course::Column::Id.is_in(histograms.keys().copied()));
        let courses = course::Entity::find()
            .select_only()
            .columns([course::Column::Id, course::Column::Slug, course::Column::Title, course::Column::Topic])
            .filter(asks)
            .filter(course::Column::Kind.eq(CourseKind::Live))
            .order_by_asc(course::Column::Title)
            .into_model()
            .all(db)
            .await?;
        let splits = core.splits(board_year, &histograms, db).await?;
        Ok(Self { board_year, core, courses, histograms, splits })
    }

    /// What `line_of` says of each course, as far as others allow it, in the order of the courses.
    pub(super) fn decide<T>(
        &self,
        line_of: impl Fn(&JointHistogram, Option<&SessionList>, Audience) -> Result<T, Hidden>,
    ) -> (Vec<Result<T, Hidden>>, HiddenCourses) {
        let sums = self.core.sums_by(|row| row.course_id);
        let decide = |course: &CourseHead| {
            let Some(histogram) = self.histograms.get(&course.id) else { return Err(Hidden::TooFew) };
            let none = SessionList::beside(histogram);
            let sessions = sums.get(&place_of(course.id, histogram)).unwrap_or(&none);
            line_of(histogram, Some(sessions), Audience::Board)
        };
        let mut decided: Vec<Result<T, Hidden>> = self.courses.iter().map(decide).collect();
        let parts = self.courses.iter().zip(&mut decided).filter_map(|(course, line)| {
            let histogram = self.histograms.get(&course.id)?;
            let inside = self.splits.get(&course.id).map_or(&[][..], <[Split; 3]>::as_slice);
            Some(Part::new(histogram, line).divided(inside))
        });
        let suffice = hide_beside(parts);
        let by_course = self.courses.iter().map(|course| course.id).zip(&decided);
        let hidden = HiddenCourses::of(self.board_year, by_course, suffice);
        (decided, hidden)
    }

    /// The line of each course.
    pub(super) fn lines(&self) -> (Vec<CourseLine>, HiddenCourses) {
        let (lines, hidden) = self.decide(shown_line);
        let lines = self.courses.iter().zip(lines).map(|(course, line)| {
            let behind = line.as_ref().ok().and_then(|_| self.histograms.get(&course.id));
            CourseLine {
                course: course.id,
                slug: course.slug.clone(),
                title: course.title.clone(),
                topic: course.topic.clone(),
                sums: behind.map(SessionSums::of),
                asked: behind.map(|histogram| (histogram.item().clone(), histogram.scale())),
                line,
            }
        });
        (lines.collect(), hidden)
    }

    /// The line of all courses together: they are made of all that are hidden, so it is shown unless these do not
    /// suffice.
    pub(super) fn together(&self, hidden: &HiddenCourses) -> MaybeLine {
        let mut years = self.core.lines_by_year();
        let mut line = years.pop().map_or(Err(Hidden::TooFew), |year| year.line);
        if !hidden.allow_all() {
            protect([&mut line]);
        }
        line
    }
}
