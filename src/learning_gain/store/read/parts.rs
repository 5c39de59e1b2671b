//! Agency types beside each other.

use super::*;
use crate::{
    agencies::rules::AgencyType,
    entity::part_cell,
    learning_gain::suppression::{
        Audience,
        line::shown_line,
        neighbours::{Part, hide_beside},
        partitions::OTHER,
    },
};
use sea_orm::Condition;
use std::collections::btree_map::Entry;

/// One agency type, or those that are told together.
#[derive(Clone, Debug)]
pub struct PartGain {
    /// Its value in addresses and exports.
    pub value: String,
    /// Its name.
    pub name: String,
    /// The line of the core statement.
    pub line: MaybeLine,
}

/// The people of each agency type on one course who answered the version of the statement, on the scale, that most of
/// its people did. Types in their usual order, those that are told together last.
type CourseParts = BTreeMap<(usize, String), JointHistogram>;

/// The core statement by agency type on one course, in the board year of `hidden`.
pub async fn course_parts(
    course: CourseId,
    hidden: &HiddenCourses,
    db: &impl ConnectionTrait,
) -> Result<Vec<PartGain>, DbErr> {
    let of_course = part_cell::Column::CourseId.eq(course);
    let mut parts = parts_by_course(of_course.into_condition(), hidden, db).await?;
    Ok(parts.remove(&course).map(|parts| gains_of(&parts, !hidden.contain(course))).unwrap_or_default())
}

/// The core statement by agency type in one board year: of a topic's courses, or of all when the topic is empty.
///
/// A total of what the pages of the courses show, and of nothing else: a course on which a type is hidden adds to none,
/// or that type could be had by taking the other courses from the total. Where none adds to it, the hidden types say why.
/// Of the version and scale that most people answered, because types that answered different ones do not stand beside
/// each other.
pub async fn topic_parts(topic: &str, board_year: i32, db: &impl ConnectionTrait) -> Result<Vec<PartGain>, DbErr> {
    let hidden = hidden_courses(board_year, db).await?;
    let mut filter = Condition::all();
    if !topic.is_empty() {
        let courses: Vec<CourseId> = course::Entity::find()
            .select_only()
            .column(course::Column::Id)
            .filter(course::Column::Topic.eq(topic))
            .into_tuple()
            .all(db)
            .await?;
        filter = filter.add(part_cell::Column::CourseId.is_in(courses));
    }
    let mut courses = parts_by_course(filter, &hidden, db).await?;
    let mut hidden_types: BTreeMap<(usize, String), PartGain> = BTreeMap::new();
    courses.retain(|course, parts| {
        let gains = gains_of(parts, !hidden.contain(*course));
        let are_shown = gains.iter().all(|gain| gain.line.is_ok());
        let own = parts.keys().cloned().zip(gains);
        hidden_types.extend(own.filter(|(_, gain)| gain.line.is_err()));
        are_shown
    });
    if courses.is_empty() {
        return Ok(hidden_types.into_values().collect());
    }
    let mut wordings: BTreeMap<VersionPlace<()>, CourseParts> = BTreeMap::new();
    for (part, people) in courses.into_values().flatten() {
        let together = wordings.entry(place_of((), &people)).or_default();
        match together.entry(part) {
            Entry::Vacant(free) => drop(free.insert(people)),
            Entry::Occupied(mut taken) => {
                let merged = taken.get_mut().merge(&people);
                debug_assert!(merged.is_ok(), "of one version and scale");
            }
        }
    }
    Ok(most_answered(wordings).map(|parts| gains_of(&parts, true)).unwrap_or_default())
}

async fn parts_by_course(
    filter: Condition,
    hidden: &HiddenCourses,
    db: &impl ConnectionTrait,
) -> Result<BTreeMap<CourseId, CourseParts>, DbErr> {
    let items = core_items(db).await?;
    let in_year = part_cell::Column::BoardYear.eq(hidden.board_year());
    let cells = part_cell::Entity::find().filter(filter).filter(in_year).all(db).await?;
    let mut courses: BTreeMap<CourseId, BTreeMap<VersionPlace<()>, CourseParts>> = BTreeMap::new();
    for cell in cells {
        let Some(empty) = items.get(&cell.item_id).map(empty) else { continue };
        let order = AgencyType::ALL.iter().position(|kind| kind.value() == cell.part && cell.part != OTHER);
        let wordings = courses.entry(cell.course_id).or_default();
        let parts = wordings.entry(place_of((), &empty)).or_default();
        let people = parts.entry((order.unwrap_or(usize::MAX), cell.part)).or_insert(empty);
        add_cell(people, cell.before, cell.after, cell.people);
    }
    Ok(courses.into_iter().filter_map(|(course, wordings)| Some((course, most_answered(wordings)?))).collect())
}

fn most_answered(wordings: BTreeMap<VersionPlace<()>, CourseParts>) -> Option<CourseParts> {
    let people = |parts: &CourseParts| parts.values().map(JointHistogram::n).sum::<u64>();
    wordings.into_values().max_by_key(people)
}

/// The line of each part, as far as the others allow it.
fn gains_of(parts: &CourseParts, is_allowed: bool) -> Vec<PartGain> {
    let gain_of = |((_, part), people): (&(usize, String), &JointHistogram)| {
        let name = match AgencyType::parse(part) {
            Some(kind) if part != OTHER => kind.label(),
            _ => "Other types, told together",
        };
        PartGain { name: name.to_owned(), value: part.clone(), line: shown_line(people, None, Audience::Board) }
    };
    let mut gains: Vec<PartGain> = parts.iter().map(gain_of).collect();
    // Where the other parts do not suffice, all of them are hidden, and the course's own line is too.
    hide_beside(gains.iter_mut().zip(parts.values()).map(|(gain, people)| Part::new(people, &mut gain.line)));
    if !is_allowed {
        protect(gains.iter_mut().map(|gain| &mut gain.line));
    }
    gains
}
