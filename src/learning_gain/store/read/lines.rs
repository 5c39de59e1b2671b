//! Whole courses, topics and years in their core statement.

use super::*;
use crate::{
    courses::rules::{CourseKind, slug_of},
    learning_gain::suppression::{
        Audience,
        line::{decide_line, shown_line},
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
    /// The version of the core statement that they are about, and its scale.
    pub asked: Option<(ItemVersion, Scale)>,
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
    Ok(course_lines_with_hidden(board_year, db).await?.0)
}

/// The same, with what whoever shows more of these courses has to know.
pub async fn course_lines_with_hidden(
    board_year: i32,
    db: &impl ConnectionTrait,
) -> Result<(Vec<CourseLine>, HiddenCourses), DbErr> {
    Ok(YearOfCourses::read(board_year, db).await?.lines())
}

/// The board's one number: the core statement over all courses of one board year.
pub async fn board_line(board_year: i32, db: &impl ConnectionTrait) -> Result<MaybeLine, DbErr> {
    let year = YearOfCourses::read(board_year, db).await?;
    Ok(year.together(&year.decide(decide_line).1))
}

/// The board's one number, and what every course adds to it, by title.
pub async fn board_and_course_lines(
    board_year: i32,
    db: &impl ConnectionTrait,
) -> Result<(MaybeLine, Vec<CourseLine>), DbErr> {
    let year = YearOfCourses::read(board_year, db).await?;
    let (lines, hidden) = year.lines();
    Ok((year.together(&hidden), lines))
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
    hidden: &HiddenCourses,
    db: &impl ConnectionTrait,
) -> Result<Option<ItemGain>, DbErr> {
    let board_year = hidden.board_year();
    let cells = Condition::all()
        .add(course_cell::Column::BoardYear.eq(board_year))
        .add(course_cell::Column::CourseId.is_in(courses.iter().copied()));
    let sums = Condition::all()
        .add(course_session_sum::Column::BoardYear.eq(board_year))
        .add(course_session_sum::Column::CourseId.is_in(courses.iter().copied()));
    let core = CoreAnswers::read(cells, sums, db).await?;
    let mut gain = together(&core);
    if !hidden.allow(&courses.iter().copied().collect()) {
        protect(gain.iter_mut().map(|gain| &mut gain.line));
    }
    Ok(gain)
}

fn together(core: &CoreAnswers) -> Option<ItemGain> {
    let histogram = core.histograms_by(|_| ()).remove(&())?;
    let sessions = core.sums_by(|_| ()).remove(&place_of((), &histogram));
    let sessions = sessions.unwrap_or_else(|| SessionList::beside(&histogram));
    let asked = core.items.values().find(|item| version_of(item) == *histogram.item());
    asked.map(|item| ItemGain {
        item: item.id,
        kind: item.kind,
        key: item.key.clone(),
        text: "Overall confidence".to_owned(),
        low_label: item.low_label.clone(),
        high_label: item.high_label.clone(),
        line: shown_line(&histogram, Some(&sessions), Audience::Board),
        histogram,
    })
}

/// The core statement of some courses together, year by year, oldest first.
pub async fn year_lines(courses: &[CourseId], db: &impl ConnectionTrait) -> Result<Vec<YearLine>, DbErr> {
    let cells = course_cell::Column::CourseId.is_in(courses.iter().copied());
    let sums = course_session_sum::Column::CourseId.is_in(courses.iter().copied());
    let core = CoreAnswers::read(cells, sums, db).await?;
    let total: BTreeSet<CourseId> = courses.iter().copied().collect();
    lines_by_year(&core, |hidden| hidden.allow(&total), db).await
}

/// The core statement of all courses together, year by year, oldest first.
pub async fn board_year_lines(db: &impl ConnectionTrait) -> Result<Vec<YearLine>, DbErr> {
    let core = CoreAnswers::read(Condition::all(), Condition::all(), db).await?;
    lines_by_year(&core, HiddenCourses::allow_all, db).await
}

/// The lines of these answers by year. Only the years in which some course may be hidden are looked at course by course.
async fn lines_by_year(
    core: &CoreAnswers,
    allows: impl Fn(&HiddenCourses) -> bool,
    db: &impl ConnectionTrait,
) -> Result<Vec<YearLine>, DbErr> {
    let mut lines = core.lines_by_year();
    let mut looked_up = core.years_with_hidden();
    let all: Vec<i32> = lines.iter().map(|year| year.board_year).collect();
    looked_up.extend(years_that_tell(&all, &core.items, db).await?);
    for year in lines.iter_mut().filter(|year| looked_up.contains(&year.board_year)) {
        if !allows(&hidden_courses(year.board_year, db).await?) {
            protect([&mut year.line]);
        }
    }
    Ok(lines)
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
