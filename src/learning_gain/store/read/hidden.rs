//! Which courses of a board year must not be had from others. Whoever reads statements, sessions or totals has to
//! bring it, so that it is worked out once for everything that one page shows.

use super::*;
use crate::{
    entity::part_cell,
    learning_gain::suppression::{line::decide_line, totals::HiddenParts},
};
use sea_orm::Select;
use sea_orm::sea_query::{ExprTrait, IntoColumnRef};
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

/// Those of the board years in which some course may be hidden, and others because of it, because of what its people
/// answered to the core statement, or those of a group inside it. Few years have any, and the others need not be looked
/// at course by course. Where a course as a whole tells, so do those at the door and the others.
pub(super) async fn years_that_tell(
    years: &[i32],
    items: &BTreeMap<ItemId, item::Model>,
    db: &impl ConnectionTrait,
) -> Result<BTreeSet<i32>, DbErr> {
    use course_cell::Column as Cell;
    use course_session_sum::Column as Sum;
    use part_cell::Column as Part;
    let asked = || items.keys().copied();
    let in_courses = course_cell::Entity::find().filter(Cell::ItemId.is_in(asked()));
    let in_sessions = course_session_sum::Entity::find().filter(Sum::ItemId.is_in(asked()));
    let mut found = years_noted(in_courses, Cell::BoardYear, Cell::Tells, years, db).await?;
    found.extend(years_noted(in_sessions, Sum::BoardYear, Sum::Tells, years, db).await?);
    found.extend(years_noted(part_cell::Entity::find(), Part::BoardYear, Part::Tells, years, db).await?);
    Ok(found)
}

/// Those of the years in which some of these people are noted as telling.
async fn years_noted<E: EntityTrait>(
    people: Select<E>,
    year: E::Column,
    tells: E::Column,
    years: &[i32],
    db: &impl ConnectionTrait,
) -> Result<BTreeSet<i32>, DbErr> {
    let noted = people.filter(is_noted(tells.as_column_ref())).filter(year.is_in(years.iter().copied()));
    let found: Vec<i32> = noted.select_only().distinct().column(year).into_tuple().all(db).await?;
    Ok(found.into_iter().collect())
}

/// That people are noted as telling. In words, not as a value: so it is the condition of the index that holds only these.
pub(super) fn is_noted(column: impl IntoColumnRef) -> Expr {
    Expr::col(column).eq(Expr::cust("TRUE"))
}
