//! Which courses of a board year must not be had from others. Whoever reads statements, sessions or totals has to
//! bring it, so that it is worked out once for everything that one page shows.

use super::*;
use crate::learning_gain::suppression::{FEWEST, line::decide_line, totals::HiddenParts};
use sea_orm::{Condition, JoinType, sea_query::ExprTrait};
use std::collections::BTreeSet;

/// The courses of one board year that must not be had from others: see
/// [`totals`](crate::learning_gain::suppression::totals).
#[derive(Clone, Debug)]
pub struct HiddenCourses {
    board_year: i32,
    courses: HiddenParts<CourseId>,
}

impl HiddenCourses {
    /// From what was decided of each course, and whether a total of all that are hidden may be shown.
    pub(super) fn of<'a, T: 'a>(
        board_year: i32,
        decided: impl Iterator<Item = (CourseId, &'a Result<T, Hidden>)>,
        suffice: bool,
    ) -> Self {
        let is_hidden = |line: &Result<T, Hidden>| {
            line.as_ref().is_err_and(|why| why.is_about_answers() || *why == Hidden::Protecting)
        };
        let parts = decided.filter(|(_, line)| is_hidden(line)).map(|(course, _)| course).collect();
        Self { board_year, courses: HiddenParts { parts, suffice } }
    }

    /// The board year that it is about.
    pub fn board_year(&self) -> i32 {
        self.board_year
    }

    /// Whether a course is one of them.
    pub(super) fn contain(&self, course: CourseId) -> bool {
        self.courses.parts.contains(&course)
    }

    /// Whether a total over some courses may be shown, or anything that adds up to it.
    pub(super) fn allow(&self, total: &BTreeSet<CourseId>) -> bool {
        self.courses.allow(total)
    }

    /// Whether a total over all courses may be shown.
    pub(super) fn allow_all(&self) -> bool {
        self.courses.suffice
    }
}

/// Works them out for one board year.
pub async fn hidden_courses(board_year: i32, db: &impl ConnectionTrait) -> Result<HiddenCourses, DbErr> {
    Ok(YearOfCourses::read(board_year, db).await?.decide(decide_line).1)
}

/// Hides what would add up to a course that must stay hidden.
pub(super) fn protect<'a>(lines: impl IntoIterator<Item = &'a mut MaybeLine>) {
    lines.into_iter().filter(|line| line.is_ok()).for_each(|line| *line = Err(Hidden::Protecting));
}

/// Those of the board years in which answers to the core statement of some course may be such that it is hidden, and
/// others because of it. Few years have any, and the others need not be looked at course by course; a year too many
/// does no harm, so people are not counted here, and each wording stands for itself.
pub(super) async fn years_that_tell(
    years: &[i32],
    items: &BTreeMap<ItemId, item::Model>,
    db: &impl ConnectionTrait,
) -> Result<BTreeSet<i32>, DbErr> {
    use course_cell::Column;
    let [before, after] = [Column::Before, Column::After].map(|column| Expr::col((course_cell::Entity, column)));
    let are_alike = |answer: Expr| answer.clone().min().eq(answer.max());
    let people = || Expr::col((course_cell::Entity, Column::People));
    let are_few = |away: Expr| people().mul(away).sum().lt(FEWEST.cast_signed());
    let [low, high] = [item::Column::ScaleMin, item::Column::ScaleMax].map(|column| Expr::col((item::Entity, column)));
    let tells = Condition::any()
        .add(are_alike(before.clone()))
        .add(are_alike(after.clone()))
        .add(are_alike(after.clone().sub(before.clone())))
        .add(are_few(before.clone().sub(low.clone())))
        .add(are_few(high.clone().sub(before)))
        .add(are_few(after.clone().sub(low)))
        .add(are_few(high.sub(after)));
    let of_item = course_cell::Entity::belongs_to(item::Entity).from(Column::ItemId).to(item::Column::Id);
    let in_cells: Vec<i32> = course_cell::Entity::find()
        .join(JoinType::InnerJoin, of_item.into())
        .select_only()
        .column(Column::BoardYear)
        .filter(Column::BoardYear.is_in(years.iter().copied()))
        .filter(Column::ItemId.is_in(items.keys().copied()))
        .filter(Column::Before.ne(NOT_ANSWERED))
        .filter(Column::After.ne(NOT_ANSWERED))
        .group_by(Column::BoardYear)
        .group_by(Column::ItemId)
        .group_by(Column::CourseId)
        .having(tells)
        .into_tuple()
        .all(db)
        .await?;
    let in_sessions: Vec<i32> = course_session_sum::Entity::find()
        .select_only()
        .distinct()
        .column(course_session_sum::Column::BoardYear)
        // In words, not as a value: so it is the condition of the index that holds only these.
        .filter(Expr::col((course_session_sum::Entity, course_session_sum::Column::Tells)).eq(Expr::cust("TRUE")))
        .filter(course_session_sum::Column::BoardYear.is_in(years.iter().copied()))
        .filter(course_session_sum::Column::ItemId.is_in(items.keys().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(in_cells.into_iter().chain(in_sessions).collect())
}
