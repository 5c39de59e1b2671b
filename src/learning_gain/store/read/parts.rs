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

/// The version of the statement, and its scale, that most people answered: types that answered different ones do not
/// stand beside each other.
fn most_answered<K>(parts: &BTreeMap<VersionPlace<K>, JointHistogram>) -> Option<(ItemVersion, (i32, i32))> {
    let mut people: BTreeMap<(&ItemVersion, (i32, i32)), u64> = BTreeMap::new();
    for ((_, version, scale), histogram) in parts {
        *people.entry((version, *scale)).or_default() += histogram.n();
    }
    let most = people.into_iter().max_by_key(|(_, people)| *people);
    most.map(|((version, scale), _)| (version.clone(), scale))
}

/// The core statement by agency type in the board year of `hidden`, of all courses or some; types in their usual
/// order, those that are told together last. Of one version and scale, that which most people answered.
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
    let mut parts: BTreeMap<VersionPlace<(usize, String)>, JointHistogram> = BTreeMap::new();
    for cell in cells {
        let Some(empty) = items.get(&cell.item_id).map(empty) else { continue };
        let order = AgencyType::ALL.iter().position(|kind| kind.value() == cell.part && cell.part != OTHER);
        let place = place_of((order.unwrap_or(usize::MAX), cell.part), &empty);
        add_cell(parts.entry(place).or_insert(empty), cell.before, cell.after, cell.people);
    }
    let Some(asked) = most_answered(&parts) else { return Ok(Vec::new()) };
    let (mut gains, histograms): (Vec<PartGain>, Vec<JointHistogram>) = parts
        .into_iter()
        .filter(|((_, version, scale), _)| (version, scale) == (&asked.0, &asked.1))
        .map(|(((_, part), ..), histogram)| {
            let name = match AgencyType::parse(&part) {
                Some(kind) if part != OTHER => kind.label(),
                _ => "Other types, told together",
            };
            let line = shown_line(&histogram, None, Audience::Board);
            (PartGain { name: name.to_owned(), value: part, line }, histogram)
        })
        .unzip();
    // Where the other parts do not suffice, all of them are hidden, and the course's own line is too.
    hide_beside(gains.iter_mut().zip(&histograms).map(|(gain, histogram)| Part::new(histogram, &mut gain.line)));
    let is_allowed =
        courses.map_or_else(|| hidden.allow_all(), |courses| hidden.allow(&courses.iter().copied().collect()));
    if !is_allowed {
        protect(gains.iter_mut().map(|gain| &mut gain.line));
    }
    Ok(gains)
}
