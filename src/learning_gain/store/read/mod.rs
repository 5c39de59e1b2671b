//! The histograms as views read them: a report costs cells, not learners, and a few queries, not one per row.

mod beside;
mod core_answers;
mod hidden;
mod items;
mod lines;
mod parts;
mod sessions;

pub use beside::*;
pub use core_answers::YearLine;
pub use hidden::*;
pub use items::*;
pub use lines::*;
pub use parts::*;
pub use sessions::{SessionGain, course_sessions, session_items};

use super::NOT_ANSWERED;
use crate::{
    courses::rules::CourseId,
    entity::{course, course_cell, course_session_sum, item, session},
    learning_gain::{
        rules::{ItemVersion, JointHistogram, Scale, SessionList, SessionSums},
        suppression::line::{Hidden, ShownLine},
    },
    sessions::rules::SessionId,
    surveys::rules::{ItemId, ItemKind},
};
use core_answers::{CoreAnswers, VersionPlace, YearOfCourses, core_items, place_of};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::{Expr, IntoCondition},
};
use sessions::telling_sessions;
use std::collections::BTreeMap;

/// A line if it may be shown, or why it may not.
pub type MaybeLine = Result<ShownLine, Hidden>;

/// One cell, summed over whatever else the table tells apart.
#[derive(FromQueryResult)]
struct CourseCellSum {
    course_id: CourseId,
    item_id: ItemId,
    before: i32,
    after: i32,
    people: i64,
}

fn session_number(session: SessionId) -> u64 {
    session.0.unsigned_abs()
}

fn sums_of(row: &course_session_sum::Model) -> SessionSums {
    SessionSums { n: row.people.unsigned_abs(), s1: row.sum_gain.into(), s2: row.sum_gain_squared.into() }
}

fn version_of(item: &item::Model) -> ItemVersion {
    ItemVersion::new(item.key.clone(), item.version.unsigned_abs())
}

/// The scale of an item's histograms: knowledge is counted as wrong or right.
fn scale_of(item: &item::Model) -> Scale {
    if item.kind == ItemKind::Knowledge {
        return Scale::WRONG_OR_RIGHT;
    }
    Scale::new(item.scale_min, item.scale_max).unwrap_or(Scale::ONE_TO_FIVE)
}

pub(super) fn empty(item: &item::Model) -> JointHistogram {
    JointHistogram::new(version_of(item), scale_of(item))
}

pub(super) fn add_cell(histogram: &mut JointHistogram, before: i32, after: i32, people: i64) {
    let rating = |value: i32| (value != NOT_ANSWERED).then_some(value);
    // What is kept was checked against the item's scale when it was answered.
    let added = histogram.add_answers(rating(before), rating(after), people.unsigned_abs());
    debug_assert!(added.is_ok(), "a kept rating lies outside its scale");
}
