//! Totals over courses, when some courses of a year are hidden. Pure.
//!
//! A course whose people all answered alike is hidden, and others with it ([`neighbours`](super::neighbours)), or it
//! could be had by taking the other courses from the year's total. The same holds for every other way to add courses
//! up: a topic that has only one of the hidden would give it away, and so would the sessions, the agency types or the
//! years of one that is hidden for protection, which add up to it. So a total is shown if it is made of none of the
//! hidden courses, or of all of them; and if all of them together do not suffice to hide what they should, it is shown
//! only if it is made of none.

use std::collections::BTreeSet;

/// The courses of a year that must not be had from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HiddenParts<K> {
    /// Which.
    pub parts: BTreeSet<K>,
    /// Whether a total of all of them may be shown.
    pub suffice: bool,
}

impl<K: Ord> HiddenParts<K> {
    /// Whether a total over these courses may be shown, or anything that adds up to it.
    pub fn allow(&self, total: &BTreeSet<K>) -> bool {
        let inside = self.parts.intersection(total).count();
        inside == 0 || (self.suffice && inside == self.parts.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn all_or_none_of_the_hidden_are_in_a_total() {
        let is_shown = |total: &[i32], suffice: bool| {
            HiddenParts { parts: BTreeSet::from([2, 5]), suffice }.allow(&total.iter().copied().collect())
        };
        assert!(is_shown(&[1, 3], true) && is_shown(&[1, 2, 5], true) && is_shown(&[], true));
        assert!(!is_shown(&[2], true) && !is_shown(&[1, 5, 7], true));
        assert!(is_shown(&[1, 3], false) && !is_shown(&[1, 2, 5], false), "they do not hide each other");
    }

    /// Whether the sum that has only this course can be had by adding and subtracting the sums that are shown:
    /// Gauss and Jordan's elimination, in whole numbers modulo a prime.
    fn is_derivable(course: usize, courses: usize, mut shown: Vec<Vec<i64>>) -> bool {
        const PRIME: i64 = 1_000_003;
        let inverse = |value: i64| {
            let (mut power, mut base, mut left) = (1, value, PRIME - 2);
            while left > 0 {
                power = if left & 1 == 1 { power * base % PRIME } else { power };
                base = base * base % PRIME;
                left >>= 1;
            }
            power
        };
        let mut row = 0;
        for column in 0..courses {
            let Some(pivot) = (row..shown.len()).find(|&place| shown[place][column] != 0) else { continue };
            shown.swap(row, pivot);
            let scale = inverse(shown[row][column]);
            shown[row].iter_mut().for_each(|value| *value = *value * scale % PRIME);
            let kept = shown[row].clone();
            for other in (0..shown.len()).filter(|&place| place != row) {
                let factor = shown[other][column];
                for (value, kept) in shown[other].iter_mut().zip(&kept) {
                    *value = (*value - factor * kept).rem_euclid(PRIME);
                }
            }
            row += 1;
        }
        shown.iter().any(|sum| (0..courses).all(|place| (sum[place] != 0) == (place == course)))
    }

    proptest! {
        /// Courses with one to three that are hidden, in topics of any size: whoever adds and subtracts courses, topics
        /// and the year's total finds none of the hidden.
        #[test]
        fn no_sum_of_shown_totals_is_one_hidden_course(
            topics in prop::collection::vec(0..3_usize, 2..8), alike in prop::collection::btree_set(0..8_usize, 1..4),
        ) {
            let courses = topics.len();
            let mut hidden: BTreeSet<usize> = alike.into_iter().filter(|course| *course < courses).collect();
            // As `hide_beside` does, whichever is the smallest.
            let beside = (0..courses).find(|course| !hidden.is_empty() && !hidden.contains(course));
            hidden.extend(beside);
            let rule = HiddenParts { parts: hidden.clone(), suffice: hidden.is_empty() || beside.is_some() };
            let mut totals: Vec<BTreeSet<usize>> = (0..courses).map(|course| BTreeSet::from([course])).collect();
            totals.push((0..courses).collect());
            totals.extend((0..3).map(|topic| (0..courses).filter(|&course| topics[course] == topic).collect()));
            let shown: Vec<Vec<i64>> = totals
                .iter()
                .filter(|total| rule.allow(total))
                .map(|total| (0..courses).map(|course| i64::from(total.contains(&course))).collect())
                .collect();
            for course in &hidden {
                prop_assert!(!is_derivable(*course, courses, shown.clone()), "{} of {:?}", course, hidden);
            }
        }
    }
}
