//! Sessions as the interval between sessions takes them, so that no interval tells about one to four people. Pure.
//!
//! The interval is a second equation beside the mean. Where only one or two sessions' sums are unknown, it gives them
//! away, as far as whole numbers go even from a rounded interval. So it may be made of nothing but sums that can be had
//! by adding and subtracting shown figures anyway: of each session its own batches, which its own line is made of, and
//! the rest of the figure, which came from pools, as one more cluster ([`batches`](super::batches)). Two kinds of
//! sessions have a hidden line ([`hide_a_second`](super::line::hide_a_second)): those whose people all answered alike,
//! and the smallest beside them. They are one cluster together, whose sum is known from the others.
//!
//! Taking several sessions as one cluster makes the interval no narrower than it should be: whoever is left over of a
//! session, at most four people, is taken as independent of the session's others, and nobody else is.

use crate::learning_gain::rules::{SessionList, SessionSums};

/// The number of the cluster that is made of no session alone.
const TOGETHER: u64 = u64::MAX;

/// The clusters of a figure about `everybody`, of whom `sessions` are counted by session. None where those are not a
/// part of everybody: then nothing is known between sessions.
pub fn clusters(everybody: SessionSums, sessions: &SessionList) -> Option<SessionList> {
    let answered = || sessions.iter().filter(|(_, sums)| sums.n > 0);
    let counted = sessions.total();
    let mut together = everybody;
    together.remove(counted).ok()?;
    let smallest = answered().filter(|(_, sums)| !is_alike(*sums)).map(|(_, sums)| sums.n).min();
    let some_are_alike = answered().any(|(_, sums)| is_alike(sums));
    let mut clusters = SessionList::default();
    for (session, sums) in answered() {
        let is_alone = !some_are_alike || (!is_alike(sums) && Some(sums.n) != smallest);
        if is_alone {
            clusters.add(session, sums);
        } else {
            together.add(sums);
        }
    }
    if together.n > 0 {
        clusters.add(TOGETHER, together);
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

    fn list(sessions: &[(u64, SessionSums)]) -> SessionList {
        let mut list = SessionList::default();
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
        one.merge(&list(&[(1, sums(3, 3, 4)), (2, sums(2, 0, 3))]));
        other.merge(&list(&[(1, sums(3, 0, 3)), (2, sums(2, 3, 4))]));
        assert_ne!(one.clustered_gain(), other.clustered_gain(), "by session it would tell them apart");
        assert_ne!(Ok(interval), one.clustered_gain());
    }

    #[test]
    fn more_people_by_session_than_there_are_give_nothing() {
        assert_eq!(clusters(sums(5, 4, 6), &list(&[(1, sums(6, 4, 6))])), None);
        assert_eq!(clusters(SessionSums::default(), &SessionList::default()), Some(SessionList::default()));
    }
}
