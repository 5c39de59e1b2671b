//! The courses of one board year side by side, by their core statement: pure, and of shown lines only.

use super::{
    rules::{CourseComparison, CourseStanding, Figure, Undefined, benjamini_hochberg},
    store::CourseLine,
};
use crate::courses::rules::CourseId;

/// Courses beside their average.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Mean, limits and standings, in the order of `courses`.
    pub comparison: CourseComparison,
    courses: Vec<CourseId>,
    q: Vec<Figure>,
}

/// Compares the courses that have a shown line; the others are left out, so nothing can be had about them.
pub fn compare_courses(lines: &[CourseLine]) -> Compared {
    let shown: Vec<_> = lines.iter().filter_map(|line| Some((line, line.line.as_ref().ok()?, line.sums?))).collect();
    let sums: Vec<_> = shown.iter().map(|(_, _, sums)| *sums).collect();
    let p: Vec<Figure> = shown.iter().map(|(_, line, _)| line.whole().p).collect();
    Compared {
        comparison: CourseComparison::of(&sums),
        courses: shown.iter().map(|(line, ..)| line.course).collect(),
        q: benjamini_hochberg(&p),
    }
}

impl Compared {
    /// How a course stands; None where it is not shown.
    pub fn standing(&self, course: CourseId) -> Option<&CourseStanding> {
        let place = self.courses.iter().position(|shown| *shown == course)?;
        self.comparison.courses.get(place)
    }

    /// Its p-value adjusted for all courses of the year (Benjamini and Hochberg).
    pub fn q(&self, course: CourseId) -> Figure {
        let place = self.courses.iter().position(|shown| *shown == course);
        place.and_then(|place| self.q.get(place).copied()).unwrap_or(Err(Undefined::NoLearners))
    }
}
