//! The courses of one board year side by side, by their core statement: pure, and of shown lines only.

use super::{
    rules::{CourseComparison, CourseStanding, Figure, ItemVersion, Scale, Undefined, benjamini_hochberg},
    store::CourseLine,
};
use crate::courses::rules::CourseId;
use std::collections::BTreeMap;

/// Courses beside their average.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Mean, limits and standings, in the order of `courses`.
    pub comparison: CourseComparison,
    courses: Vec<CourseId>,
    /// Of every course with a shown line.
    q: Vec<(CourseId, Figure)>,
}

/// Compares the courses that have a shown line; the others are left out, so nothing can be had about them. An average
/// is of one wording on one scale: where courses ask different ones, those that most people answered are compared.
pub fn compare_courses(lines: &[CourseLine]) -> Compared {
    let shown: Vec<_> = lines.iter().filter_map(|line| Some((line, line.line.as_ref().ok()?))).collect();
    let p: Vec<Figure> = shown.iter().map(|(_, line)| line.whole().p).collect();
    let mut people: BTreeMap<&ItemVersion, BTreeMap<(i32, i32), u64>> = BTreeMap::new();
    for line in lines {
        if let (Some((item, scale)), Some(sums)) = (&line.asked, line.sums) {
            *people.entry(item).or_default().entry(ends(*scale)).or_default() += sums.n;
        }
    }
    let scales = people.into_iter().flat_map(|(item, scales)| scales.into_iter().map(move |(ends, n)| (n, item, ends)));
    let most = scales.max_by_key(|(people, ..)| *people);
    let is_compared = |line: &&CourseLine| {
        line.asked
            .as_ref()
            .is_some_and(|(item, scale)| most.is_some_and(|(_, of, on)| of == item && on == ends(*scale)))
    };
    let compared: Vec<_> =
        lines.iter().filter(is_compared).filter_map(|line| Some((line.course, line.sums?))).collect();
    let sums: Vec<_> = compared.iter().map(|(_, sums)| *sums).collect();
    Compared {
        comparison: CourseComparison::of(&sums),
        courses: compared.iter().map(|(course, _)| *course).collect(),
        q: shown.iter().map(|(line, _)| line.course).zip(benjamini_hochberg(&p)).collect(),
    }
}

fn ends(scale: Scale) -> (i32, i32) {
    (scale.min(), scale.max())
}

impl Compared {
    /// How a course stands; None where it is not compared.
    pub fn standing(&self, course: CourseId) -> Option<&CourseStanding> {
        let place = self.courses.iter().position(|compared| *compared == course)?;
        self.comparison.courses.get(place)
    }

    /// Its p-value adjusted for all courses of the year (Benjamini and Hochberg).
    pub fn q(&self, course: CourseId) -> Figure {
        let found = self.q.iter().find(|(shown, _)| *shown == course);
        found.map_or(Err(Undefined::NoLearners), |(_, q)| *q)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning_gain::{
        rules::{JointHistogram, SessionSums},
        suppression::{Audience, line::shown_line},
    };

    fn course(number: i64, version: u32, scale: Scale, pairs: &[(i32, i32, u64)]) -> CourseLine {
        let mut histogram = JointHistogram::new(ItemVersion::new("core", version), scale);
        pairs.iter().for_each(|&(before, after, people)| histogram.add_pairs(before, after, people).unwrap());
        CourseLine {
            course: CourseId(number),
            slug: String::new(),
            title: String::new(),
            topic: String::new(),
            line: shown_line(&histogram, None, Audience::Board),
            sums: Some(SessionSums::of(&histogram)),
            asked: Some((histogram.item().clone(), scale)),
        }
    }

    #[test]
    fn answers_to_two_wordings_or_on_two_scales_have_no_average() {
        let five = Scale::ONE_TO_FIVE;
        let usual = [course(1, 1, five, &[(1, 3, 6), (2, 3, 5)]), course(2, 1, five, &[(2, 4, 8), (3, 3, 4)])];
        let mut all = usual.to_vec();
        all.push(course(3, 2, five, &[(1, 5, 5), (2, 4, 4)]));
        all.push(course(4, 1, Scale::ONE_TO_TEN, &[(1, 9, 5), (2, 8, 4)]));
        let (compared, alone) = (compare_courses(&all), compare_courses(&usual));
        assert_eq!(compared.comparison, alone.comparison);
        assert_eq!(compared.comparison.n, 23);
        assert!(compared.standing(CourseId(2)).is_some());
        for other in [CourseId(3), CourseId(4)] {
            assert!(compared.standing(other).is_none() && compared.q(other).is_ok(), "{other:?}");
        }
    }
}
