//! Parts of a shown total, of which some are hidden because of what their people answered. Pure.
//!
//! Such a part could be had by taking the other parts from the total, so more of them are hidden beside it: the
//! smallest first, until what is hidden can be shared between them in more than one way. Whoever looks knows how many
//! people are in each part and that all of the hidden part answered alike, so its sum is one of few numbers; what is
//! left over must be possible for the others each time, in its sum and in its sum of squares (a shown spread tells
//! that), or only one number fits. Near an end of the scale that takes more people than in its middle. Where two parts
//! are alike, neither hides the other: 5a + 6b has one solution.
//!
//! A total is a part of larger ones in turn. Where all its parts together do not suffice to hide one of them (its
//! sessions, or those who first answered at the door and the others), the total is what gives that one away: it is
//! hidden too, and more parts of the larger total with it, until the group inside it could have answered otherwise.
//!
//! What this leaves: squares are compared with their bounds, not with every way to give the answers, and the two times
//! are looked at one by one.

use super::composites::AnswerSums;
use super::inside::{Split, Sums, are_groups_kept, gives_away};
use super::line::Hidden;
use crate::learning_gain::rules::{JointHistogram, Scale, SessionSums};

/// One part of a total.
pub struct Part<'a, T> {
    histogram: &'a JointHistogram,
    line: &'a mut Result<T, Hidden>,
    inside: &'a [Split],
}

impl<'a, T> Part<'a, T> {
    /// Its answers, and its line, or only whether it is shown; it is hidden if need be.
    pub fn new(histogram: &'a JointHistogram, line: &'a mut Result<T, Hidden>) -> Self {
        Self { histogram, line, inside: &[] }
    }

    /// The same part, divided again in these ways.
    #[must_use]
    pub fn divided(self, inside: &'a [Split]) -> Self {
        Self { inside, ..self }
    }

    fn is_telling(&self) -> bool {
        self.line.as_ref().is_err_and(|why| why.is_about_answers()) || gives_away(self.histogram, self.inside)
    }

    /// Whether these others hide it, and every group inside it.
    fn is_kept_by(&self, beside: &[&JointHistogram]) -> bool {
        let beside = Sums::of(beside.iter().copied().filter(|part| do_add(self.histogram, part)));
        let is_whole_kept =
            !self.line.as_ref().is_err_and(|why| why.is_about_answers()) || is_kept(self.histogram, beside);
        is_whole_kept && are_groups_kept(self.histogram, self.inside, beside)
    }
}

/// Hides what would give away hidden parts of a total, or hidden groups inside its parts. Returns whether the total may
/// be shown: false where all other parts together do not suffice, and they are all hidden then.
pub fn hide_beside<'a, T: 'a>(parts: impl IntoIterator<Item = Part<'a, T>>) -> bool {
    let (mut telling, mut others): (Vec<Part<'_, T>>, Vec<Part<'_, T>>) =
        parts.into_iter().partition(|part| part.is_telling());
    if telling.is_empty() {
        return true;
    }
    telling.iter_mut().filter(|part| part.line.is_ok()).for_each(|part| *part.line = Err(Hidden::Protecting));
    others.retain(|part| {
        let may_help = part.line.is_ok() || matches!(part.line, Err(Hidden::Protecting));
        may_help && telling.iter().any(|hidden| do_add(hidden.histogram, part.histogram))
    });
    others.sort_by_key(|part| (part.line.is_ok(), part.histogram.n()));
    let mut hidden_beside: Vec<&JointHistogram> = Vec::new();
    let suffice = |beside: &[&JointHistogram]| !beside.is_empty() && telling.iter().all(|part| part.is_kept_by(beside));
    for part in others {
        if part.line.is_ok() && suffice(&hidden_beside) {
            return true;
        }
        *part.line = Err(Hidden::Protecting);
        hidden_beside.push(part.histogram);
    }
    suffice(&hidden_beside)
}

/// Whether two parts stand in one total: answers to two wordings, or on two scales, never add.
fn do_add(one: &JointHistogram, other: &JointHistogram) -> bool {
    one.item() == other.item() && one.scale() == other.scale()
}

/// Whether the people beside it could have made the same total if all of this part had answered otherwise: before,
/// after, and in how far they moved.
fn is_kept(telling: &JointHistogram, beside: Sums) -> bool {
    let scale = telling.scale();
    is_time_kept(&telling.before_margin(), beside.before, scale)
        && is_time_kept(&telling.after_margin(), beside.after, scale)
        && is_change_kept(telling, beside.after, scale)
}

fn is_time_kept(answers: &[(i32, u64)], beside: AnswerSums, scale: Scale) -> bool {
    let own = AnswerSums::of(answers);
    let is_two_valued = scale.span() == 1;
    let mut others: Vec<AnswerSums> = Vec::new();
    if answers.len() == 1 {
        let alike = (scale.min()..=scale.max()).filter(|other| *other != answers[0].0);
        others.extend(alike.map(|other| AnswerSums::of(&[(other, own.people)])));
    } else if is_two_valued {
        let top = |people: u64| AnswerSums::of(&[(scale.min(), own.people - people), (scale.max(), people)]);
        others.extend((0..=own.people).map(top).filter(|other| *other != own));
    } else {
        return true;
    }
    others.into_iter().any(|other| {
        let left = AnswerSums {
            people: beside.people,
            total: beside.total + own.total - other.total,
            squares: beside.squares + own.squares - other.squares,
        };
        is_possible(left, scale)
    })
}

/// Where everybody moved by the same amount, another amount must be possible: the same answers before, and others
/// after, for this part and for those beside it.
pub(super) fn is_change_kept(telling: &JointHistogram, beside_after: AnswerSums, scale: Scale) -> bool {
    let changes = telling.differences();
    let [(change, people)] = changes[..] else { return true };
    if telling.before_margin().len() == 1 {
        // Then the answers after are alike too, and were looked at.
        return true;
    }
    let after = AnswerSums::of(&telling.after_margin());
    let span = scale.max() - scale.min();
    (-span..=span).filter(|other| *other != change).any(|other| {
        let moved = i128::from(other - change) * i128::from(people);
        is_sum_possible(after.people, after.total + moved, scale)
            && is_sum_possible(beside_after.people, beside_after.total - moved, scale)
    })
}

fn is_sum_possible(people: u64, sum: i128, scale: Scale) -> bool {
    let people = i128::from(people);
    (people * i128::from(scale.min())..=people * i128::from(scale.max())).contains(&sum)
}

/// Whether so many people can have given answers with this sum and about this spread: their squares add up to the
/// least where all are as equal as whole numbers allow, and to the most where all but one stand at an end.
pub(super) fn is_possible(sums: AnswerSums, scale: Scale) -> bool {
    if sums.people == 0 || !is_sum_possible(sums.people, sums.total, scale) {
        return false;
    }
    let people = i128::from(sums.people);
    let (min, max) = (i128::from(scale.min()), i128::from(scale.max()));
    let (low, higher) = (sums.total.div_euclid(people), sums.total.rem_euclid(people));
    let least = (people - higher) * low * low + higher * (low + 1) * (low + 1);
    let above = sums.total - people * min;
    let (at_top, between) = (above / (max - min), min + above % (max - min));
    let others = (people - at_top - 1).max(0);
    let most =
        if at_top == people { people * max * max } else { at_top * max * max + between * between + others * min * min };
    (least..=most).contains(&sums.squares)
}

/// Whether every session of a figure moved by one amount each, with nobody else in it: then the figure's sum is made of
/// few whole numbers only, and gives them away.
pub fn are_all_alike(everybody: SessionSums, sessions: impl Iterator<Item = SessionSums>) -> bool {
    let mut rest = everybody;
    let mut count = 0;
    for sums in sessions.filter(|sums| sums.n > 0) {
        if i128::from(sums.n) * sums.s2 != sums.s1 * sums.s1 || rest.remove(sums).is_err() {
            return false;
        }
        count += 1;
    }
    count > 0 && rest.n == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning_gain::{
        rules::ItemVersion,
        suppression::{
            Audience,
            line::{ShownLine, shown_line},
        },
    };
    use proptest::prelude::*;

    fn histogram(pairs: &[(i32, i32, u64)]) -> JointHistogram {
        let mut histogram = JointHistogram::new(ItemVersion::new("core", 1), Scale::ONE_TO_FIVE);
        for &(before, after, people) in pairs {
            histogram.add_pairs(before, after, people).unwrap();
        }
        histogram
    }

    /// Which parts are shown, and whether the total is.
    fn shown(parts: &[JointHistogram]) -> (Vec<bool>, bool) {
        let mut lines: Vec<_> = parts.iter().map(|part| shown_line(part, None, Audience::Board)).collect();
        let hide = |lines: &mut Vec<Result<ShownLine, Hidden>>| {
            hide_beside(parts.iter().zip(lines.iter_mut()).map(|(histogram, line)| Part::new(histogram, line)))
        };
        let is_total_shown = hide(&mut lines);
        let once = lines.clone();
        assert_eq!(hide(&mut lines), is_total_shown, "hiding twice is hiding once");
        assert_eq!(once, lines);
        (lines.iter().map(Result::is_ok).collect(), is_total_shown)
    }

    #[test]
    fn beside_one_that_is_all_alike_the_smallest_that_suffices_is_hidden() {
        let alike = histogram(&[(2, 4, 5)]);
        let small = histogram(&[(1, 2, 2), (3, 5, 2), (4, 3, 1), (5, 4, 1), (2, 1, 1)]);
        let large = histogram(&[(2, 4, 8), (3, 5, 4), (4, 4, 1)]);
        assert_eq!(shown(&[alike.clone(), large.clone(), small.clone()]), (vec![false, true, false], true));
        assert_eq!(shown(&[large.clone(), small]), (vec![true, true], true));
        // Forty who are alike cannot be hidden by thirteen: any other answer of theirs would move the total too far.
        assert_eq!(shown(&[histogram(&[(2, 4, 40)]), large]), (vec![false, false], false));
    }

    #[test]
    fn two_that_are_alike_do_not_hide_each_other() {
        let (five, six) = (histogram(&[(2, 4, 5)]), histogram(&[(3, 4, 6)]));
        assert_eq!(shown(&[five.clone(), six.clone()]), (vec![false, false], false), "5a + 6b has one solution");
        let third = histogram(&[(1, 2, 2), (3, 5, 2), (4, 3, 1), (5, 4, 1), (2, 1, 1)]);
        assert_eq!(shown(&[five, third, six]), (vec![false, false, false], true));
    }

    #[test]
    fn at_the_end_of_the_scale_more_are_hidden() {
        let alike = histogram(&[(3, 5, 6)]);
        // Nobody beside them has room for six points more, so that the six could have answered 4.
        let near_the_top = histogram(&[(2, 5, 5), (3, 5, 1), (3, 4, 2)]);
        let in_the_middle = histogram(&[(2, 3, 5), (3, 4, 4), (4, 4, 2)]);
        assert_eq!(shown(&[alike.clone(), near_the_top.clone()]), (vec![false, false], false));
        assert_eq!(shown(&[alike, near_the_top, in_the_middle]), (vec![false, false, false], true));
    }

    #[test]
    fn sessions_that_each_moved_as_one_are_all_alike() {
        let sums = |n, s1, s2| SessionSums { n, s1, s2 };
        let two = [sums(5, 10, 20), sums(6, 6, 6)];
        assert!(are_all_alike(sums(11, 16, 26), two.into_iter()));
        assert!(!are_all_alike(sums(17, 18, 36), two.into_iter()), "six more came from a pool");
        assert!(!are_all_alike(sums(11, 16, 28), [sums(5, 10, 20), sums(6, 6, 8)].into_iter()));
    }

    proptest! {
        /// The bounds of the squares hold for every way to answer.
        #[test]
        fn what_people_answered_is_possible(answers in prop::collection::vec(1..6_i32, 1..30)) {
            let answers: Vec<(i32, u64)> = answers.into_iter().map(|answer| (answer, 1)).collect();
            let sums = AnswerSums::of(&answers);
            prop_assert!(is_possible(sums, Scale::ONE_TO_FIVE));
            let people = i128::from(sums.people);
            let (wide, high) =
                (AnswerSums { squares: 25 * people + 1, ..sums }, AnswerSums { total: 5 * people + 1, ..sums });
            prop_assert!(!is_possible(wide, Scale::ONE_TO_FIVE) && !is_possible(high, Scale::ONE_TO_FIVE));
        }
    }
}
