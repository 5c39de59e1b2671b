//! Groups inside a total that all answered alike: sessions of a course, those who answered at the door, agency types. Pure.
//!
//! Their own lines are hidden, and others beside them, but the total stands. Whoever knows how many people are in each
//! group, and which groups were all alike, tries which answers of these groups make the total. Everybody else in it can
//! have answered anything that their number allows. A group is kept where some other answer of all its people is
//! possible: by what everybody else could have answered, or by what other groups that are alike could have. (5a + 6b
//! has one solution, 16a + 16b + 16c has many.) Else the total gives it away.
//!
//! What this leaves: groups that are hidden because few in them answered otherwise count as everybody else; the reason
//! alone says how few they are.

use super::composites::AnswerSums;
use super::neighbours::{is_change_kept, is_possible};
use crate::learning_gain::rules::{JointHistogram, Scale};

/// One way in which a total is divided: those of its groups that are hidden because of what their people answered.
pub type Split = Vec<JointHistogram>;

/// So many other groups are tried with other answers at the same time; the rest are taken as known. Each has five
/// answers, and four of them make any total that more would.
const TRIED_TOGETHER: usize = 4;

/// Whether a total that is divided in these ways tells what all of one of the groups answered.
pub fn gives_away(total: &JointHistogram, inside: &[Split]) -> bool {
    !are_groups_kept(total, inside, Sums::default())
}

/// Whether everybody else in a total, and those beside it, hide each group.
pub(super) fn are_groups_kept(total: &JointHistogram, inside: &[Split], beside: Sums) -> bool {
    let scale = total.scale();
    inside.iter().filter(|groups| !groups.is_empty()).all(|groups| {
        let everybody = Sums::of([total]).and(beside);
        let alike = |margin: fn(&JointHistogram) -> Vec<(i32, u64)>| -> Vec<(i32, u64)> {
            let margins = groups.iter().map(margin);
            margins.filter_map(|answers| <[_; 1]>::try_from(answers).ok()).map(|[alike]| alike).collect()
        };
        are_answers_kept(&alike(JointHistogram::before_margin), everybody.before, scale)
            && are_answers_kept(&alike(JointHistogram::after_margin), everybody.after, scale)
            && are_changes_kept(groups, everybody, scale)
    })
}

/// Whether each of these groups, of which all gave one answer, could have given another.
fn are_answers_kept(groups: &[(i32, u64)], everybody: AnswerSums, scale: Scale) -> bool {
    let Some(others) = everybody.without(AnswerSums::of(groups)) else { return false };
    (0..groups.len()).all(|own| {
        tried(groups, own, scale.min(), scale.max()).into_iter().any(|answers| {
            let left = everybody.without(AnswerSums::of(&answers));
            left.is_some_and(|left| if others.people == 0 { left == others } else { is_possible(left, scale) })
        })
    })
}

/// The same of groups that all moved by one amount.
fn are_changes_kept(groups: &[JointHistogram], everybody: Sums, scale: Scale) -> bool {
    // Where the answers before were alike too, so were those after, and both were looked at.
    let moved: Vec<&JointHistogram> =
        groups.iter().filter(|group| group.differences().len() == 1 && group.before_margin().len() > 1).collect();
    let Some(others) = everybody.without(Sums::of(moved.iter().copied())) else { return false };
    let changes: Vec<(i32, u64)> = moved.iter().flat_map(|group| group.differences()).collect();
    let span = scale.max() - scale.min();
    (0..moved.len()).all(|own| {
        let by_others = others.after.people > 0 && is_change_kept(moved[own], others.after, scale);
        let sum = AnswerSums::of(&changes).total;
        by_others || tried(&changes, own, -span, span).iter().any(|tried| AnswerSums::of(tried).total == sum)
    })
}

/// All groups with another value for one of them, and any values for a few others.
fn tried(groups: &[(i32, u64)], own: usize, least: i32, most: i32) -> Vec<Vec<(i32, u64)>> {
    let with = |tried: &[(i32, u64)], place: usize, value: i32| {
        let mut tried = tried.to_vec();
        tried[place].0 = value;
        tried
    };
    let others = (0..groups.len()).filter(|place| *place != own).take(TRIED_TOGETHER);
    let other_values = (least..=most).filter(|value| *value != groups[own].0);
    let mut all: Vec<Vec<(i32, u64)>> = other_values.map(|value| with(groups, own, value)).collect();
    for place in others {
        all = all.iter().flat_map(|tried| (least..=most).map(|value| with(tried, place, value))).collect();
    }
    all
}

/// Sums of some people's answers before and after.
#[derive(Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) before: AnswerSums,
    pub(super) after: AnswerSums,
}

impl Sums {
    pub(super) fn of<'a>(parts: impl IntoIterator<Item = &'a JointHistogram>) -> Self {
        parts.into_iter().fold(Self::default(), |sums, part| {
            let [before, after] = [part.before_margin(), part.after_margin()].map(|answers| AnswerSums::of(&answers));
            sums.and(Self { before, after })
        })
    }

    fn and(self, other: Self) -> Self {
        Self { before: self.before.and(other.before), after: self.after.and(other.after) }
    }

    /// None where they are no part of these.
    fn without(self, some: Self) -> Option<Self> {
        Some(Self { before: self.before.without(some.before)?, after: self.after.without(some.after)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning_gain::rules::ItemVersion;

    fn histogram(scale: Scale, pairs: &[(i32, i32, u64)]) -> JointHistogram {
        let mut histogram = JointHistogram::new(ItemVersion::new("core", 1), scale);
        pairs.iter().for_each(|&(before, after, people)| histogram.add_pairs(before, after, people).unwrap());
        histogram
    }

    /// Whether the sum of these groups gives one away; the last ones are not alike.
    fn gives(scale: Scale, alike: &[&[(i32, i32, u64)]], others: &[(i32, i32, u64)]) -> bool {
        let mut total = histogram(scale, others);
        let groups: Split = alike.iter().map(|pairs| histogram(scale, pairs)).collect();
        groups.iter().for_each(|group| total.merge(group).unwrap());
        gives_away(&total, &[groups])
    }

    #[test]
    fn a_group_is_given_away_where_nobody_else_could_have_answered_otherwise() {
        let five = Scale::ONE_TO_FIVE;
        let seven: &[_] = &[(1, 5, 3), (3, 5, 4)];
        assert!(gives(five, &[seven], &[(1, 4, 2), (2, 4, 2), (3, 5, 1)]));
        assert!(!gives(five, &[seven], &[(1, 2, 4), (2, 4, 4), (3, 5, 2), (1, 1, 2)]));
        assert!(!gives(five, &[], &[(1, 4, 2), (2, 4, 2)]), "nobody was alike");
    }

    #[test]
    fn groups_that_are_alike_hide_each_other_where_more_than_one_sum_fits() {
        let five = Scale::ONE_TO_FIVE;
        let wide: &[(i32, i32, u64)] = &[(2, 1, 1), (2, 3, 2), (2, 5, 2)];
        let six: &[_] = &[(3, 1, 2), (3, 3, 2), (3, 5, 2)];
        assert!(gives(five, &[wide, six], &[]), "5a + 6b has one solution");
        let sixteen = |before: i32| [(before, 1, 6), (before, 3, 5), (before, 5, 5)];
        let (one, two, three) = (sixteen(1), sixteen(2), sixteen(3));
        assert!(!gives(five, &[&one, &two, &three], &[]), "any of the three may be the one that answered 1");
        let (moved, more): (&[_], &[_]) = (&[(1, 2, 3), (3, 4, 2)], &[(1, 3, 3), (3, 5, 3)]);
        assert!(gives(five, &[moved, more], &[]), "5 and 6 people who moved by 1 and 2");
    }

    #[test]
    fn a_question_that_everybody_in_a_group_got_right_needs_as_many_who_could_have() {
        let answers = Scale::WRONG_OR_RIGHT;
        let right: &[_] = &[(0, 1, 4), (1, 1, 4)];
        assert!(gives(answers, &[right], &[(0, 1, 9), (1, 1, 8), (0, 0, 6)]), "six were wrong, not eight");
        assert!(!gives(answers, &[right], &[(0, 1, 9), (1, 1, 8), (0, 0, 9)]));
    }
}
