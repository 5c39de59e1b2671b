//! Sessions as the interval between sessions takes them, so that no interval tells about one to four people. Pure.
//!
//! The interval is a second equation beside the mean. Where only one or two sessions' sums are unknown, it gives them
//! away, as far as whole numbers go even from a rounded interval. So it may be made of nothing but sums that can be had
//! by adding and subtracting shown figures anyway: of each session its own batches, which its own line is made of, and
//! the rest of the figure, which came from pools, as one more cluster ([`batches`](super::batches)). Two kinds of
//! sessions have a hidden line ([`neighbours`](super::neighbours)): those whose people all answered alike, and the smallest
//! beside them, until there are as many people in these. They are one cluster together, whose sum is known from the
//! others. (Where only the answers before, or after, were alike, a session stays a cluster of its own: the sum of the
//! changes tells nobody's. And a line that is hidden because the smallest stand too near an end of the scale is a
//! cluster of its own still: the interval is one equation about two or more of those.)
//!
//! Where a figure leaves people out (those who answered at the door), its sums per session are the session's own less
//! theirs. Both are whole batches, but neither has a line of its own, so a session is told together with others where
//! either of the two answered alike, and wherever the figure of everybody tells it together: else the two intervals
//! side by side would take apart what each of them hides.
//!
//! Taking several sessions as one cluster makes the interval no narrower than it should be: whoever is left over of a
//! session, at most four people, is taken as independent of the session's others, and nobody else is.

use crate::learning_gain::rules::{JointHistogram, SessionList, SessionSums};
use std::collections::BTreeSet;

/// The number of the cluster that is made of no session alone.
const TOGETHER: u64 = u64::MAX;

/// The clusters of a figure about `everybody`, of whom `sessions` are counted by session. None where those are not a
/// part of everybody, or answered another version of the item: then nothing is known between sessions.
pub fn clusters(everybody: &JointHistogram, sessions: &SessionList) -> Option<SessionList> {
    if !sessions.stands_beside(everybody) {
        return None;
    }
    gathered(SessionSums::of(everybody), sessions, &told_together(sessions, |_, sums| is_alike(sums)))
}

/// The clusters of a figure about some people, `some`: everybody but those who are `left_out`. `sessions` are
/// everybody's sums by session and `left_out` those of who is left out.
pub fn clusters_without(some: &JointHistogram, sessions: &SessionList, left_out: &SessionList) -> Option<SessionList> {
    if !sessions.stands_beside(some) || !left_out.stands_beside(some) {
        return None;
    }
    rest_of(SessionSums::of(some), sessions, left_out)
}

fn rest_of(some: SessionSums, sessions: &SessionList, left_out: &SessionList) -> Option<SessionList> {
    let out_of = |session: u64| left_out.iter().find(|(other, _)| *other == session).map(|(_, sums)| sums);
    let mut rest = sessions.emptied();
    for (session, mut sums) in sessions.iter() {
        sums.remove(out_of(session).unwrap_or_default()).ok()?;
        rest.add(session, sums);
    }
    let is_told = |session: u64, sums: SessionSums| {
        is_alike(sums) || out_of(session).is_some_and(|out| out.n > 0 && is_alike(out))
    };
    let mut together = told_together(sessions, |_, sums| is_alike(sums));
    together.extend(told_together(&rest, is_told));
    gathered(some, &rest, &together)
}

/// The sessions that must not be clusters of their own: those that would tell what each of their people answered, and
/// with them the smallest of the others, until these have as many people.
fn told_together(sessions: &SessionList, is_telling: impl Fn(u64, SessionSums) -> bool) -> BTreeSet<u64> {
    let (telling, others): (Vec<_>, Vec<_>) =
        sessions.iter().filter(|(_, sums)| sums.n > 0).partition(|(session, sums)| is_telling(*session, *sums));
    if telling.is_empty() {
        return BTreeSet::new();
    }
    let needed: u64 = telling.iter().map(|(_, sums)| sums.n).sum();
    let mut sizes: Vec<u64> = others.iter().map(|(_, sums)| sums.n).collect();
    sizes.sort_unstable();
    let mut people = 0;
    let largest = sizes.into_iter().find(|size| {
        people += size;
        people >= needed
    });
    // Of several that are as large, the figure may hide any.
    let beside = others.iter().filter(|(_, sums)| largest.is_none_or(|largest| sums.n <= largest));
    telling.iter().chain(beside).map(|(session, _)| *session).collect()
}

/// Each session as a cluster, but those that are told `together`: they are one with whoever of `people` is counted in
/// no session.
fn gathered(people: SessionSums, sessions: &SessionList, together: &BTreeSet<u64>) -> Option<SessionList> {
    let mut rest = people;
    rest.remove(sessions.total()).ok()?;
    let mut clusters = sessions.emptied();
    for (session, sums) in sessions.iter().filter(|(_, sums)| sums.n > 0) {
        if together.contains(&session) {
            rest.add(sums);
        } else {
            clusters.add(session, sums);
        }
    }
    if rest.n > 0 {
        clusters.add(TOGETHER, rest);
    }
    Some(clusters)
}

/// Whether everybody in a session changed by the same amount, as they did if they all answered alike.
fn is_alike(sums: SessionSums) -> bool {
    i128::from(sums.n) * sums.s2 == sums.s1 * sums.s1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning_gain::rules::{ItemVersion, Scale};
    use proptest::prelude::*;

    fn nobody() -> SessionList {
        SessionList::new(ItemVersion::new("core", 1), Scale::ONE_TO_FIVE)
    }

    fn clusters(everybody: SessionSums, sessions: &SessionList) -> Option<SessionList> {
        gathered(everybody, sessions, &told_together(sessions, |_, sums| is_alike(sums)))
    }

    fn list(sessions: &[(u64, SessionSums)]) -> SessionList {
        let mut list = nobody();
        sessions.iter().for_each(|(session, sums)| list.add(*session, *sums));
        list
    }

    fn sums(n: u64, s1: i128, s2: i128) -> SessionSums {
        SessionSums { n, s1, s2 }
    }

    #[test]
    fn whoever_is_not_counted_by_session_is_one_cluster() {
        let sessions = list(&[(3, sums(8, 9, 15)), (4, sums(6, 2, 8)), (5, SessionSums::default())]);
        let made = clusters(sums(19, 14, 30), &sessions).unwrap();
        assert_eq!(made, list(&[(3, sums(8, 9, 15)), (4, sums(6, 2, 8)), (TOGETHER, sums(5, 3, 7))]));
        let all = clusters(sums(14, 11, 23), &sessions).unwrap();
        assert_eq!(all.answered(), 2);
    }

    #[test]
    fn sessions_with_a_hidden_line_are_one_cluster() {
        let alike = sums(5, 10, 20);
        let sessions = list(&[(1, alike), (2, sums(7, 5, 9)), (3, sums(7, 3, 9)), (4, sums(9, 6, 12))]);
        let mut everybody = sessions.total();
        let made = clusters(everybody, &sessions).unwrap();
        assert_eq!(made, list(&[(4, sums(9, 6, 12)), (TOGETHER, sums(19, 18, 38))]), "both that may be the smallest");
        everybody.add(sums(6, 1, 5));
        let made = clusters(everybody, &sessions).unwrap();
        assert_eq!(made.iter().last(), Some((TOGETHER, sums(25, 19, 43))));
    }

    /// The interval of two clusters gives away the sum of each; with two small sessions left over it would tell three
    /// people's. Here both ways to share the pool between them give the same.
    #[test]
    fn how_a_pool_is_shared_between_its_sessions_changes_nothing() {
        let own = list(&[(1, sums(8, 9, 15)), (2, sums(6, 2, 8))]);
        let everybody = sums(19, 14, 30);
        let interval = clusters(everybody, &own).unwrap().clustered_gain().unwrap();
        let (mut one, mut other) = (own.clone(), own);
        one.merge(&list(&[(1, sums(3, 3, 4)), (2, sums(2, 0, 3))])).unwrap();
        other.merge(&list(&[(1, sums(3, 0, 3)), (2, sums(2, 3, 4))])).unwrap();
        assert_ne!(one.clustered_gain(), other.clustered_gain(), "by session it would tell them apart");
        assert_ne!(Ok(interval), one.clustered_gain());
    }

    #[test]
    fn who_is_left_out_is_taken_from_each_session() {
        let sessions = list(&[(1, sums(13, 9, 25)), (2, sums(8, 5, 11)), (3, sums(9, 6, 12))]);
        let door = list(&[(1, sums(5, 1, 7))]);
        let mut some = sessions.total();
        some.remove(door.total()).unwrap();
        let made = rest_of(some, &sessions, &door).unwrap();
        assert_eq!(made, list(&[(1, sums(8, 8, 18)), (2, sums(8, 5, 11)), (3, sums(9, 6, 12))]));
        assert_eq!(rest_of(some, &sessions, &list(&[(2, sums(9, 1, 7))])), None, "more left out than came");
    }

    #[test]
    fn a_session_is_told_together_where_either_part_of_it_is_alike() {
        let sessions = list(&[(1, sums(13, 9, 25)), (2, sums(8, 5, 11)), (3, sums(9, 6, 12))]);
        let mut some = sessions.total();
        let door = list(&[(1, sums(5, 10, 20))]);
        some.remove(door.total()).unwrap();
        let made = rest_of(some, &sessions, &door).unwrap();
        // The smallest of the others are the eight of the second session; the first has eight left.
        assert_eq!(made, list(&[(3, sums(9, 6, 12)), (TOGETHER, sums(16, 4, 16))]));
    }

    #[test]
    fn what_everybodys_figure_tells_together_stays_together_when_some_are_left_out() {
        // The first session answered alike and the second is the smallest beside it. Without the door the third is.
        let sessions = list(&[(1, sums(6, 12, 24)), (2, sums(7, 5, 11)), (3, sums(11, 6, 14)), (4, sums(9, 2, 8))]);
        let door = list(&[(3, sums(6, 1, 7))]);
        let mut some = sessions.total();
        some.remove(door.total()).unwrap();
        let made = rest_of(some, &sessions, &door).unwrap();
        assert_eq!(made, list(&[(4, sums(9, 2, 8)), (TOGETHER, sums(18, 22, 42))]));
    }

    #[test]
    fn a_large_session_that_is_alike_is_told_together_with_as_many_others() {
        let sessions = list(&[(1, sums(12, 12, 12)), (2, sums(6, 5, 11)), (3, sums(7, 6, 14)), (4, sums(9, 2, 8))]);
        let made = clusters(sessions.total(), &sessions).unwrap();
        assert_eq!(made, list(&[(4, sums(9, 2, 8)), (TOGETHER, sums(25, 23, 37))]));
    }

    proptest! {
        /// A session of which a part answered alike is no cluster of its own and not alone in one, and neither is one
        /// that the figure of everybody tells together with others.
        #[test]
        fn no_interval_tells_what_everybody_in_a_part_of_a_session_answered(
            parts in prop::collection::vec(((5_u64..9, -4_i128..5, 0_i128..3), (prop::bool::ANY, 5_u64..7, -4_i128..5, 0_i128..3)), 3..7),
        ) {
            // Spread 0 is everybody alike: n·s2 = s1².
            let part = |n: u64, gain: i128, spread: i128| {
                let people = i128::from(n);
                sums(n, people * gain + spread, people * gain * gain + 2 * gain * spread + 3 * spread)
            };
            let (mut everybody, mut door) = (nobody(), nobody());
            for (session, ((n, gain, spread), (has_door, m, other, wide))) in (1..).zip(&parts) {
                everybody.add(session, part(*n, *gain, *spread));
                if *has_door {
                    everybody.add(session, part(*m, *other, *wide));
                    door.add(session, part(*m, *other, *wide));
                }
            }
            let mut some = everybody.total();
            some.remove(door.total()).unwrap();
            let made = rest_of(some, &everybody, &door).unwrap();
            let alone: BTreeSet<u64> = made.iter().map(|(session, _)| session).collect();
            let everybodys: BTreeSet<u64> =
                clusters(everybody.total(), &everybody).unwrap().iter().map(|(session, _)| session).collect();
            for (session, ((_, _, spread), (has_door, _, _, wide))) in (1..).zip(&parts) {
                let is_alike = *spread == 0 || (*has_door && *wide == 0);
                prop_assert!(!is_alike || !alone.contains(&session), "{} of {:?}", session, made);
                prop_assert!(everybodys.contains(&session) || !alone.contains(&session));
            }
            prop_assert_eq!(made.total(), some);
            let together = (1..=parts.len() as u64).filter(|session| !alone.contains(session)).count();
            prop_assert_ne!(together, 1);
        }
    }

    #[test]
    fn sessions_of_another_version_or_scale_are_not_known() {
        let (one, four_points) = (Scale::ONE_TO_FIVE, Scale::new(1, 4).unwrap());
        let mut everybody = JointHistogram::new(ItemVersion::new("core", 1), one);
        everybody.add_pairs(2, 3, 8).unwrap();
        everybody.add_pairs(2, 4, 6).unwrap();
        for (version, scale, is_known) in [(1, one, true), (2, one, false), (1, four_points, false)] {
            let mut sessions = SessionList::new(ItemVersion::new("core", version), scale);
            sessions.add(1, sums(7, 9, 13));
            let nobody = sessions.emptied();
            assert_eq!(super::clusters(&everybody, &sessions).is_some(), is_known, "{version}, {scale}");
            assert_eq!(clusters_without(&everybody, &sessions, &nobody).is_some(), is_known, "{version}, {scale}");
        }
    }

    #[test]
    fn more_people_by_session_than_there_are_give_nothing() {
        assert_eq!(clusters(sums(5, 4, 6), &list(&[(1, sums(6, 4, 6))])), None);
        assert_eq!(clusters(SessionSums::default(), &nobody()), Some(nobody()));
    }
}
