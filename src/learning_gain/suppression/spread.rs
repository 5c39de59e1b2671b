//! How the answers were spread, with neighbouring answers put together until each group is nobody or enough people.

use super::Audience;

/// One group of neighbouring answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The lowest answer in it.
    pub from: i32,
    /// The highest.
    pub to: i32,
    /// People before.
    pub before: u64,
    /// People after.
    pub after: u64,
}

/// Groups the answers of the same people before and after, alike in both. None when only one group would be left, or
/// everybody is in one group in either wave: that would tell each person's answer.
pub fn decide_spread(
    before: &[(i32, u64)],
    after: &[(i32, u64)],
    min: i32,
    max: i32,
    audience: Audience,
) -> Option<Vec<Group>> {
    let count = |answers: &[(i32, u64)], rating: i32| {
        answers.iter().find(|(answer, _)| *answer == rating).map_or(0, |(_, people)| *people)
    };
    let mut groups: Vec<Group> = (min..=max)
        .map(|rating| Group { from: rating, to: rating, before: count(before, rating), after: count(after, rating) })
        .collect();
    let is_small = |group: &Group| !audience.is_countable(group.before) || !audience.is_countable(group.after);
    while let Some(small) = groups.iter().position(is_small) {
        if groups.len() == 1 {
            return None;
        }
        let people = |place: usize| groups[place].before + groups[place].after;
        let has_left = small > 0;
        let has_right = small + 1 < groups.len();
        let left = if has_left && (!has_right || people(small - 1) <= people(small + 1)) { small - 1 } else { small };
        let right = groups.remove(left + 1);
        let kept = &mut groups[left];
        kept.to = right.to;
        kept.before += right.before;
        kept.after += right.after;
    }
    let everybody_alike = |of: fn(&Group) -> u64| groups.iter().filter(|group| of(group) > 0).count() < 2;
    let is_telling = everybody_alike(|group| group.before) || everybody_alike(|group| group.after);
    (!is_telling).then_some(groups)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decide(before: &[(i32, u64)], after: &[(i32, u64)]) -> Option<Vec<Group>> {
        decide_spread(before, after, 1, 5, Audience::Board)
    }

    #[test]
    fn what_is_published_groups_ten_people() {
        let answers = [(1, 8), (2, 9), (3, 20), (4, 6), (5, 10)];
        let ends = |audience| -> Vec<(i32, i32)> {
            let groups = decide_spread(&answers, &answers, 1, 5, audience).unwrap();
            groups.iter().map(|group| (group.from, group.to)).collect()
        };
        assert_eq!(ends(Audience::Board), [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]);
        assert_eq!(ends(Audience::Published), [(1, 2), (3, 3), (4, 5)]);
    }

    #[test]
    fn neighbours_are_put_together_until_nobody_stands_out() {
        let before = [(1, 2), (2, 9), (3, 20), (4, 6)];
        let after = [(2, 5), (3, 6), (4, 14), (5, 12)];
        let groups = decide(&before, &after).unwrap();
        let ends: Vec<(i32, i32)> = groups.iter().map(|group| (group.from, group.to)).collect();
        assert_eq!(ends, [(1, 2), (3, 3), (4, 4), (5, 5)]);
        assert_eq!(groups[0].before, 11);
    }

    #[test]
    fn five_people_are_never_spread() {
        assert_eq!(decide(&[(2, 2), (3, 3)], &[(4, 5)]), None);
        assert_eq!(decide(&[(2, 5)], &[(4, 5)]), None, "that would tell each person's answer");
    }

    proptest! {
        #[test]
        fn every_group_is_nobody_or_at_least_five_and_nobody_is_lost(
            before in prop::collection::vec(0_u64..9, 5), after in prop::collection::vec(0_u64..9, 5),
        ) {
            let counted = |people: &[u64]| -> Vec<(i32, u64)> { (1..).zip(people.iter().copied()).collect() };
            if let Some(groups) = decide(&counted(&before), &counted(&after)) {
                prop_assert!(groups.iter().all(|group| Audience::Board.is_countable(group.before) && Audience::Board.is_countable(group.after)));
                prop_assert_eq!(groups.iter().map(|group| group.before).sum::<u64>(), before.iter().sum::<u64>());
                prop_assert_eq!(groups.iter().map(|group| group.after).sum::<u64>(), after.iter().sum::<u64>());
            }
        }
    }
}
