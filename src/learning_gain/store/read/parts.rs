//! Agency types beside each other.

use super::*;
use crate::{
    agencies::rules::AgencyType,
    entity::part_cell,
    learning_gain::suppression::{
        Audience,
        inside::Split,
        line::{shown_line, tells_by_itself},
        neighbours::{Part, hide_beside},
        partitions::OTHER,
    },
};
use sea_orm::Condition;
use std::collections::BTreeSet;

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

/// The core statement by agency type in one board year: of a topic's courses, or of all when the topic is empty.
pub async fn topic_parts(topic: &str, board_year: i32, db: &impl ConnectionTrait) -> Result<Vec<PartGain>, DbErr> {
    let hidden = hidden_courses(board_year, db).await?;
    if topic.is_empty() {
        return part_gains(None, &hidden, db).await;
    }
    let courses: Vec<CourseId> = course::Entity::find()
        .select_only()
        .column(course::Column::Id)
        .filter(course::Column::Topic.eq(topic))
        .into_tuple()
        .all(db)
        .await?;
    part_gains(Some(&courses), &hidden, db).await
}

/// The people of one agency type: on each course.
type OfCourses = BTreeMap<CourseId, JointHistogram>;

/// The version of the statement, and its scale, that most people answered: types that answered different ones do not
/// stand beside each other.
fn most_answered<K>(parts: &BTreeMap<VersionPlace<K>, OfCourses>) -> Option<(ItemVersion, (i32, i32))> {
    let mut people: BTreeMap<(&ItemVersion, (i32, i32)), u64> = BTreeMap::new();
    for ((_, version, scale), courses) in parts {
        *people.entry((version, *scale)).or_default() += courses.values().map(JointHistogram::n).sum::<u64>();
    }
    let most = people.into_iter().max_by_key(|(_, people)| *people);
    most.map(|((version, scale), _)| (version.clone(), scale))
}

/// One agency type on all its courses, and those of them on which it tells by itself what its people answered.
fn together(courses: &OfCourses) -> Option<(JointHistogram, [Split; 1])> {
    let mut histograms = courses.values();
    let mut whole = histograms.next()?.clone();
    for other in histograms {
        let merged = whole.merge(other);
        debug_assert!(merged.is_ok(), "of one version and scale");
    }
    let telling = courses.values().filter(|course| tells_by_itself(course, Audience::Board)).cloned().collect();
    Some((whole, [telling]))
}

/// The core statement by agency type in the board year of `hidden`, of all courses or some; types in their usual
/// order, those that are told together last. Of one version and scale, that which most people answered.
///
/// On some courses nobody is told apart by type, so types together are a total over the others: it must be made of all
/// hidden courses or of none, like every other total. And a type that would tell what all its people on one course
/// answered is hidden, and another with it.
pub async fn part_gains(
    courses: Option<&[CourseId]>,
    hidden: &HiddenCourses,
    db: &impl ConnectionTrait,
) -> Result<Vec<PartGain>, DbErr> {
    let items = core_items(db).await?;
    let mut filter = Condition::all().add(part_cell::Column::BoardYear.eq(hidden.board_year()));
    if let Some(courses) = courses {
        filter = filter.add(part_cell::Column::CourseId.is_in(courses.iter().copied()));
    }
    let cells = part_cell::Entity::find().filter(filter).all(db).await?;
    let mut parts: BTreeMap<VersionPlace<(usize, String)>, OfCourses> = BTreeMap::new();
    for cell in cells {
        let Some(empty) = items.get(&cell.item_id).map(empty) else { continue };
        let order = AgencyType::ALL.iter().position(|kind| kind.value() == cell.part && cell.part != OTHER);
        let place = place_of((order.unwrap_or(usize::MAX), cell.part), &empty);
        let course = parts.entry(place).or_default().entry(cell.course_id).or_insert(empty);
        add_cell(course, cell.before, cell.after, cell.people);
    }
    let Some(asked) = most_answered(&parts) else { return Ok(Vec::new()) };
    parts.retain(|(_, version, scale), _| (&*version, &*scale) == (&asked.0, &asked.1));
    let counted: BTreeSet<CourseId> = parts.values().flat_map(OfCourses::keys).copied().collect();
    let (mut gains, people): (Vec<PartGain>, Vec<(JointHistogram, [Split; 1])>) = parts
        .into_iter()
        .filter_map(|(((_, part), ..), courses)| {
            let (histogram, telling) = together(&courses)?;
            let name = match AgencyType::parse(&part) {
                Some(kind) if part != OTHER => kind.label(),
                _ => "Other types, told together",
            };
            let line = shown_line(&histogram, None, Audience::Board);
            Some((PartGain { name: name.to_owned(), value: part, line }, (histogram, telling)))
        })
        .unzip();
    // Where the other parts do not suffice, all of them are hidden, and the course's own line is too.
    let own = gains.iter_mut().zip(&people);
    hide_beside(own.map(|(gain, (histogram, telling))| Part::new(histogram, &mut gain.line).divided(telling)));
    if !hidden.allow(&counted) {
        protect(gains.iter_mut().map(|gain| &mut gain.line));
    }
    Ok(gains)
}
