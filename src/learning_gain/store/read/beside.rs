//! What stands beside a course's gains: the composite, the gain without answers given at the door, looking back,
//! three months later, and the manager's view.

use super::*;
use crate::{
    entity::{alpha_sum, comparison_cell, comparison_session_sum, composite_cell, composite_session_sum},
    learning_gain::{
        rules::{AlphaSums, CompositeHistogram, Figure, Interval, Undefined, mean_interval},
        suppression::{
            Audience,
            composites::{AnswerSums, Statement, gives_one_away},
            line::{refuse_mean, shown_composite_line, shown_line, shown_line_without},
            neighbours::{Part, hide_beside},
        },
    },
    surveys::rules::{Comparison, InstrumentId, Wave},
};
use sea_orm::QueryOrder;

/// The composite of a questionnaire's statements of confidence.
#[derive(Clone, Debug)]
pub struct CompositeGain {
    /// How many statements it is made of.
    pub statements: u32,
    /// Its line, on the scale of the statements.
    pub line: MaybeLine,
    /// How many of this questionnaire answered its core statement both times; None where that is not shown.
    pub answered_core: Option<u64>,
    /// Cronbach's alpha before and after; of shown composites only.
    pub alpha: Option<(Figure, Figure)>,
}

impl CompositeGain {
    /// Of those who answered the core statement both times, the share who answered everything: 0..=1. None where one of
    /// the two is not shown.
    pub fn share_answered_everything(&self) -> Option<f64> {
        let complete = self.line.as_ref().ok()?.whole().n;
        Some(complete as f64 / self.answered_core? as f64)
    }
}

/// Another pair of answers to an item.
#[derive(Clone, Debug)]
pub struct ComparedItem {
    /// The item that it is about.
    pub kind: ItemKind,
    /// Its words.
    pub text: String,
    /// The line of the other pair.
    pub line: MaybeLine,
}

/// What managers answered about one item.
#[derive(Clone, Debug, PartialEq)]
pub struct ManagersView {
    /// The item's words.
    pub text: String,
    /// How many managers.
    pub managers: u64,
    /// Their mean, where it may be shown.
    pub mean: Result<f64, Hidden>,
    /// The interval of a shown mean, between managers.
    pub ci95: Figure<Interval>,
    /// The scale.
    pub scale: Scale,
}

/// Everything beside a course's gains in one board year.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The composite of the questionnaire with the most people.
    pub composite: Option<CompositeGain>,
    /// The core statement without answers given at the door, and how many of those there are; None where there are none.
    pub without_door: Option<(MaybeLine, u64)>,
    /// Confidence before as people see it afterwards, and after.
    pub looking_back: Vec<ComparedItem>,
    /// Before, and three months later.
    pub follow_up: Vec<ComparedItem>,
    /// What managers see three months later.
    pub managers: Vec<ManagersView>,
}

/// What stands beside a course's gains in one board year, `gains`: what would give away one that is hidden is hidden too.
pub async fn course_beside(
    course: CourseId,
    board_year: i32,
    gains: &[ItemGain],
    db: &impl ConnectionTrait,
) -> Result<Beside, DbErr> {
    let sums = compared_sums(course, board_year, db).await?;
    let mut beside = Beside {
        composite: composite(course, board_year, gains, db).await?,
        without_door: without_door(course, board_year, gains, &sums, db).await?,
        ..Beside::default()
    };
    let cells = comparison_cell::Entity::find()
        .filter(comparison_cell::Column::CourseId.eq(course))
        .filter(comparison_cell::Column::BoardYear.eq(board_year))
        .all(db)
        .await?;
    let asked: Vec<ItemId> = cells.iter().map(|cell| cell.item_id).collect();
    let items = item::Entity::find()
        .filter(item::Column::Id.is_in(asked))
        .order_by_asc(item::Column::InstrumentId)
        .order_by_asc(item::Column::Position)
        .all(db)
        .await?;
    for item in &items {
        let of = |comparison: Comparison| {
            cells.iter().filter(move |cell| cell.item_id == item.id && cell.comparison == comparison)
        };
        for (comparison, list) in
            [(Comparison::LookingBack, &mut beside.looking_back), (Comparison::FollowUp, &mut beside.follow_up)]
        {
            let mut histogram = empty(item);
            of(comparison).for_each(|cell| add_cell(&mut histogram, cell.earlier, cell.later, cell.people));
            if histogram.n() > 0 {
                // Who answers again is too few in most sessions for an interval between them.
                let sessions = (comparison == Comparison::LookingBack).then(|| session_list(item, comparison, &sums));
                let mut line = shown_line(&histogram, sessions.as_ref(), Audience::Board);
                if comparison == Comparison::LookingBack && gives_back(item, &histogram, gains) {
                    protect([&mut line]);
                }
                list.push(ComparedItem { kind: item.kind, text: item.text.clone(), line });
            }
        }
        let answers: Vec<(i32, u64)> =
            of(Comparison::Manager).map(|cell| (cell.later, cell.people.unsigned_abs())).collect();
        beside.managers.extend(managers_view(item, &answers));
    }
    Ok(beside)
}

/// Whether looking back would tell what must not be known of the statement that it looks back on: the same people
/// answered both after the course.
fn gives_back(looking_back: &item::Model, histogram: &JointHistogram, gains: &[ItemGain]) -> bool {
    let Some(about) = gains.iter().find(|gain| Some(gain.item) == looking_back.looks_back_on) else { return true };
    let after = (AnswerSums::of(&about.histogram.after_margin()), AnswerSums::of(&histogram.after_margin()));
    gives_one_away(&[Statement { is_hidden: about.line.is_err(), times: vec![after] }])
}

/// Sums per session by comparison and item.
type ComparedSums = BTreeMap<(Comparison, ItemId), Vec<(u64, SessionSums)>>;

/// Of one version of an item, as every item is.
fn session_list(item: &item::Model, comparison: Comparison, sums: &ComparedSums) -> SessionList {
    let mut list = SessionList::beside(&empty(item));
    let own = sums.get(&(comparison, item.id)).into_iter().flatten();
    own.for_each(|(session, sums)| list.add(*session, *sums));
    list
}

async fn compared_sums(course: CourseId, board_year: i32, db: &impl ConnectionTrait) -> Result<ComparedSums, DbErr> {
    let rows = comparison_session_sum::Entity::find()
        .filter(comparison_session_sum::Column::CourseId.eq(course))
        .filter(comparison_session_sum::Column::BoardYear.eq(board_year))
        .all(db)
        .await?;
    let mut lists = ComparedSums::new();
    for row in rows {
        let sums =
            SessionSums { n: row.people.unsigned_abs(), s1: row.sum_gain.into(), s2: row.sum_gain_squared.into() };
        lists.entry((row.comparison, row.item_id)).or_default().push((session_number(row.session_id), sums));
    }
    Ok(lists)
}

fn managers_view(item: &item::Model, answers: &[(i32, u64)]) -> Option<ManagersView> {
    if answers.is_empty() {
        return None;
    }
    let managers: u64 = answers.iter().map(|(_, people)| people).sum();
    let mean = refuse_mean(answers, scale_of(item), Audience::Board).map(|()| {
        let sum: i64 = answers.iter().map(|(value, people)| i64::from(*value) * people.cast_signed()).sum();
        sum as f64 / managers as f64
    });
    let ci95 = mean_interval(answers);
    Some(ManagersView { text: item.text.clone(), managers, mean, ci95, scale: scale_of(item) })
}

async fn composite(
    course: CourseId,
    board_year: i32,
    gains: &[ItemGain],
    db: &impl ConnectionTrait,
) -> Result<Option<CompositeGain>, DbErr> {
    let cells = composite_cell::Entity::find()
        .filter(composite_cell::Column::CourseId.eq(course))
        .filter(composite_cell::Column::BoardYear.eq(board_year))
        .all(db)
        .await?;
    let mut people: BTreeMap<InstrumentId, i64> = BTreeMap::new();
    for cell in &cells {
        *people.entry(cell.instrument_id).or_default() += cell.people;
    }
    // Totals over different questionnaires never add; the one with the most people is shown.
    let Some(instrument) = people.iter().max_by_key(|(_, people)| **people).map(|(instrument, _)| *instrument) else {
        return Ok(None);
    };
    let items = item::Entity::find()
        .filter(item::Column::InstrumentId.eq(instrument))
        .filter(item::Column::Kind.is_in([ItemKind::Core, ItemKind::Confidence]))
        .all(db)
        .await?;
    let Some(scale) = items.first().map(scale_of).filter(|scale| items.iter().all(|item| scale_of(item) == *scale))
    else {
        return Ok(None);
    };
    let statements = u32::try_from(items.len()).unwrap_or(u32::MAX);
    // Each version of a questionnaire is one of its own.
    let name = ItemVersion::new(format!("instrument-{instrument}"), 1);
    let Ok(mut histogram) = CompositeHistogram::new(name, statements, scale) else { return Ok(None) };
    for cell in cells.iter().filter(|cell| cell.instrument_id == instrument) {
        let added = histogram.add_totals(cell.before, cell.after, cell.people.unsigned_abs());
        debug_assert!(added.is_ok(), "a kept total lies outside its scale");
    }
    let rows = composite_session_sum::Entity::find()
        .filter(composite_session_sum::Column::CourseId.eq(course))
        .filter(composite_session_sum::Column::BoardYear.eq(board_year))
        .filter(composite_session_sum::Column::InstrumentId.eq(instrument))
        .all(db)
        .await?;
    let mut sessions = SessionList::beside(histogram.totals());
    for row in rows {
        let sums =
            SessionSums { n: row.people.unsigned_abs(), s1: row.sum_gain.into(), s2: row.sum_gain_squared.into() };
        sessions.add(session_number(row.session_id), sums);
    }
    let mut line = shown_composite_line(&histogram, Some(&sessions), Audience::Board);
    let sums = alpha_sum::Entity::find()
        .filter(alpha_sum::Column::CourseId.eq(course))
        .filter(alpha_sum::Column::BoardYear.eq(board_year))
        .filter(alpha_sum::Column::InstrumentId.eq(instrument))
        .all(db)
        .await?;
    let behind: Vec<Statement> = items.iter().map(|item| statement_behind(item, gains, &sums)).collect();
    if gives_one_away(&behind) {
        protect([&mut line]);
    }
    let alpha = line.is_ok().then(|| {
        let totals = histogram.totals();
        let of = |wave: Wave, totals: &[(i32, u64)]| alpha_of(&histogram, &sums, wave, totals);
        (of(Wave::Before, &totals.before_margin()), of(Wave::After, &totals.after_margin()))
    });
    let core = gains.iter().find(|gain| gain.kind == ItemKind::Core && items.iter().any(|item| item.id == gain.item));
    let answered_core = core.filter(|gain| gain.line.is_ok()).map(|gain| gain.histogram.n());
    Ok(Some(CompositeGain { statements, line, answered_core, alpha }))
}

/// A statement behind a composite: everybody who answered it, and those who answered everything.
fn statement_behind(item: &item::Model, gains: &[ItemGain], complete: &[alpha_sum::Model]) -> Statement {
    let Some(gain) = gains.iter().find(|gain| gain.item == item.id) else {
        return Statement { is_hidden: true, times: Vec::new() };
    };
    let in_wave = |wave: Wave| {
        let sum = complete.iter().find(|sum| sum.item_id == item.id && sum.wave == wave);
        sum.map_or_else(AnswerSums::default, |sum| AnswerSums {
            people: sum.people.unsigned_abs(),
            total: sum.total.into(),
            squares: sum.squares.into(),
        })
    };
    let everybody = [gain.histogram.before_margin(), gain.histogram.after_margin()];
    let everybody = everybody.iter().map(|answers| AnswerSums::of(answers));
    let times = everybody.zip([Wave::Before, Wave::After].map(in_wave)).collect();
    Statement { is_hidden: gain.line.is_err(), times }
}

fn alpha_of(composite: &CompositeHistogram, sums: &[alpha_sum::Model], wave: Wave, totals: &[(i32, u64)]) -> Figure {
    let of_wave = sums.iter().filter(|sum| sum.wave == wave);
    let items = of_wave.map(|sum| (i128::from(sum.total), i128::from(sum.squares))).collect();
    if totals.is_empty() { Err(Undefined::NoLearners) } else { AlphaSums::of_totals(composite, items, totals).alpha() }
}

/// The core statement without the pairs whose first answer was given at the door.
async fn without_door(
    course: CourseId,
    board_year: i32,
    gains: &[ItemGain],
    compared: &ComparedSums,
    db: &impl ConnectionTrait,
) -> Result<Option<(MaybeLine, u64)>, DbErr> {
    use course_cell::Column;
    let items = core_items(db).await?;
    let cells = course_cell::Entity::find()
        .filter(Column::CourseId.eq(course))
        .filter(Column::BoardYear.eq(board_year))
        .filter(Column::ItemId.is_in(items.keys().copied()))
        .all(db)
        .await?;
    let Some(item) = cells.iter().find(|cell| cell.at_the_door).and_then(|cell| items.get(&cell.item_id)) else {
        return Ok(None);
    };
    let of = |at_the_door: bool| {
        let mut histogram = empty(item);
        for cell in cells.iter().filter(|cell| cell.at_the_door == at_the_door && cell.item_id == item.id) {
            add_cell(&mut histogram, cell.before, cell.after, cell.people);
        }
        histogram
    };
    let rows = course_session_sum::Entity::find()
        .filter(course_session_sum::Column::CourseId.eq(course))
        .filter(course_session_sum::Column::BoardYear.eq(board_year))
        .filter(course_session_sum::Column::ItemId.eq(item.id))
        .all(db)
        .await?;
    let mut sessions = SessionList::beside(&empty(item));
    rows.iter().for_each(|row| sessions.add(session_number(row.session_id), sums_of(row)));
    let at_the_door = session_list(item, Comparison::AtTheDoor, compared);
    let door = of(true);
    // The others taken from everybody are those at the door.
    let others = of(false);
    let mut without = shown_line_without(&others, &sessions, &at_the_door, Audience::Board);
    let mut at_it = shown_line(&door, None, Audience::Board);
    // Where the others do not suffice they are hidden, and everybody's own line is too.
    hide_beside([Part::new(&others, &mut without), Part::new(&door, &mut at_it)]);
    if gains.iter().any(|gain| gain.item == item.id && gain.line.is_err()) {
        protect([&mut without]);
    }
    Ok(Some((without, door.n())))
}
