//! Single statements: of a course, of a session, of a learning point.

use super::*;
use crate::{
    courses::rules::LearningPointId,
    entity::{course_learning_point, item_learning_point, learning_point},
    learning_gain::suppression::{
        Audience,
        inside::{Split, gives_away},
        line::shown_line,
        spread::{Group, decide_spread},
    },
};
use sea_orm::QueryOrder;
use std::collections::BTreeSet;

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
    /// Released answers. Never shown as they are: views take `line` and `spread()`.
    pub histogram: JointHistogram,
    /// The line, if it may be shown.
    pub line: MaybeLine,
}

impl ItemGain {
    /// How its answers were spread, as far as that may be shown; never of a hidden line.
    pub fn spread(&self) -> Option<Vec<Group>> {
        let scale = self.histogram.scale();
        self.line.as_ref().ok()?;
        let (before, after) = (self.histogram.before_margin(), self.histogram.after_margin());
        decide_spread(&before, &after, scale.min(), scale.max(), Audience::Board)
    }
}

/// A lesson from case reviews, the courses that teach it, and the statements that measure it.
#[derive(Clone, Debug)]
pub struct LearningPointGain {
    /// Which learning point.
    pub id: LearningPointId,
    /// Its words.
    pub title: String,
    /// How many courses teach it.
    pub taught_by: usize,
    /// The statements tagged with it that have answers, with the title and address of their course.
    pub items: Vec<(course::Model, ItemGain)>,
}

/// A course's items in the board year of `hidden`, in their order on the questionnaire.
pub async fn course_items(
    course: CourseId,
    hidden: &HiddenCourses,
    db: &impl ConnectionTrait,
) -> Result<Vec<ItemGain>, DbErr> {
    let mut courses = items_by_course(course_cell::Column::CourseId.eq(course), hidden, db).await?;
    Ok(courses.remove(&course).unwrap_or_default())
}

/// The learning points in their order, with the gain of every statement that is tagged with them in one board year:
/// statements of other courses never add to it.
pub async fn learning_point_gains(board_year: i32, db: &impl ConnectionTrait) -> Result<Vec<LearningPointGain>, DbErr> {
    let tags = item_learning_point::Entity::find().all(db).await?;
    let tagged: BTreeSet<ItemId> = tags.iter().map(|tag| tag.item_id).collect();
    let hidden = hidden_courses(board_year, db).await?;
    let gains = items_by_course(course_cell::Column::ItemId.is_in(tagged), &hidden, db).await?;
    let courses = course::Entity::find()
        .filter(course::Column::Id.is_in(gains.keys().copied()))
        .order_by_asc(course::Column::Title)
        .all(db)
        .await?;
    let taught = course_learning_point::Entity::find().all(db).await?;
    let points = learning_point::Entity::find().order_by_asc(learning_point::Column::Position).all(db).await?;
    Ok(points
        .into_iter()
        .map(|point| {
            let mine: BTreeSet<ItemId> =
                tags.iter().filter(|tag| tag.learning_point_id == point.id).map(|tag| tag.item_id).collect();
            let items = courses
                .iter()
                .flat_map(|course| gains[&course.id].iter().map(move |item| (course, item)))
                .filter(|(_, item)| mine.contains(&item.item))
                .map(|(course, item)| (course.clone(), item.clone()))
                .collect();
            let taught_by = taught.iter().filter(|row| row.learning_point_id == point.id).count();
            LearningPointGain { id: point.id, title: point.title, taught_by, items }
        })
        .collect())
}

/// The items of courses in the board year of `hidden`, by course.
async fn items_by_course(
    filter: impl IntoCondition,
    hidden: &HiddenCourses,
    db: &impl ConnectionTrait,
) -> Result<BTreeMap<CourseId, Vec<ItemGain>>, DbErr> {
    use course_cell::Column;
    let board_year = hidden.board_year();
    let cells: Vec<CourseCellSum> = course_cell::Entity::find()
        .select_only()
        .columns([Column::CourseId, Column::ItemId, Column::Before, Column::After])
        .column_as(Expr::cust("CAST(SUM(people) AS BIGINT)"), "people")
        .filter(filter.into_condition())
        .filter(Column::BoardYear.eq(board_year))
        .group_by(Column::CourseId)
        .group_by(Column::ItemId)
        .group_by(Column::Before)
        .group_by(Column::After)
        .into_model()
        .all(db)
        .await?;
    let items = items_asked(cells.iter().map(|cell| cell.item_id), db).await?;
    let courses: BTreeSet<CourseId> = cells.iter().map(|cell| cell.course_id).collect();
    let rows = course_session_sum::Entity::find()
        .filter(course_session_sum::Column::CourseId.is_in(courses.iter().copied()))
        .filter(course_session_sum::Column::BoardYear.eq(board_year))
        .filter(course_session_sum::Column::ItemId.is_in(items.iter().map(|item| item.id)))
        .all(db)
        .await?;
    let known: BTreeMap<ItemId, item::Model> = items.iter().map(|item| (item.id, item.clone())).collect();
    let telling = rows.iter().filter(|row| row.tells);
    let noted: BTreeMap<_, _> = telling.map(|row| ((row.session_id, row.item_id), row.course_id)).collect();
    let mut splits: BTreeMap<(CourseId, ItemId), [Split; 1]> = BTreeMap::new();
    for ((session, item), histogram) in telling_sessions(&noted, &known, db).await? {
        splits.entry((noted[&(session, item)], item)).or_default()[0].push(histogram);
    }
    let mut sums: BTreeMap<(CourseId, ItemId), SessionList> = BTreeMap::new();
    for row in rows {
        if let Some(item) = known.get(&row.item_id) {
            let list = sums.entry((row.course_id, row.item_id)).or_insert_with(|| SessionList::beside(&empty(item)));
            list.add(session_number(row.session_id), sums_of(&row));
        }
    }
    Ok(courses
        .into_iter()
        .map(|course| {
            let own = cells.iter().filter(|cell| cell.course_id == course);
            let own = own.map(|cell| (cell.item_id, cell.before, cell.after, cell.people));
            let mut gains = item_gains(&items, own, |histogram, item| {
                let none = SessionList::beside(histogram);
                let sessions = sums.get(&(course, item)).unwrap_or(&none);
                let line = shown_line(histogram, Some(sessions), Audience::Board);
                let mut line = line.map(ShownLine::with_those_who_answered_once);
                // Nothing else is made of several courses' answers to a statement that is not the core statement.
                if splits.get(&(course, item)).is_some_and(|inside| gives_away(histogram, inside)) {
                    protect([&mut line]);
                }
                line
            });
            if hidden.contain(course) {
                let core = gains.iter_mut().filter(|gain| gain.kind == ItemKind::Core);
                protect(core.map(|gain| &mut gain.line));
            }
            (course, gains)
        })
        .collect())
}

pub(super) async fn items_asked(
    asked: impl Iterator<Item = ItemId>,
    db: &impl ConnectionTrait,
) -> Result<Vec<item::Model>, DbErr> {
    item::Entity::find()
        .filter(item::Column::Id.is_in(asked.collect::<BTreeSet<_>>()))
        .order_by_asc(item::Column::InstrumentId)
        .order_by_asc(item::Column::Position)
        .all(db)
        .await
}

/// The gains of those of the items that have cells.
pub(super) fn item_gains(
    items: &[item::Model],
    cells: impl Iterator<Item = (ItemId, i32, i32, i64)>,
    line_of: impl Fn(&JointHistogram, ItemId) -> MaybeLine,
) -> Vec<ItemGain> {
    let known: BTreeMap<ItemId, &item::Model> = items.iter().map(|item| (item.id, item)).collect();
    let mut histograms: BTreeMap<ItemId, JointHistogram> = BTreeMap::new();
    for (id, before, after, people) in cells {
        if let Some(item) = known.get(&id) {
            add_cell(histograms.entry(id).or_insert_with(|| empty(item)), before, after, people);
        }
    }
    items
        .iter()
        .filter_map(|item| {
            let histogram = histograms.remove(&item.id)?;
            let line = line_of(&histogram, item.id);
            Some(ItemGain {
                item: item.id,
                kind: item.kind,
                key: item.key.clone(),
                text: item.text.clone(),
                low_label: item.low_label.clone(),
                high_label: item.high_label.clone(),
                histogram,
                line,
            })
        })
        .collect()
}
