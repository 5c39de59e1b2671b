//! Which waiting answers may enter the shown figures now, decided as data. Pure.
//!
//! Every figure that is ever shown is a sum of whole *batches*, and a batch is never smaller than [`SMALLEST_BATCH`]
//! people. So no figure rests on fewer, neither directly, nor as a difference of two figures, nor as a difference of
//! the same figure at two moments: whatever is computed from sums of batches is made of whole batches again.
//!
//! A session's own batch enters the session's and the course's figures together. What is left of sessions that take
//! no more answers waits in a pool per course and board year; a batch from there enters the course's figures only,
//! never a session's, so the rest of a course beside its shown sessions is made of whole batches too.
//!
//! Batches are of one kind: people who answered everything both times, people who left something out, people with only
//! one of the two answers, and, of the first two, those whose first answers were given at the door. So a composite, the
//! gain without answers at the door and a looking back are sums of whole batches like everything else.
//!
//! What batches do not prevent: a batch whose people all answered alike. Its own line is hidden, and others beside it
//! ([`neighbours`](super::neighbours)), as long as nobody in the same group answers otherwise. When others do, the lines
//! are shown again, and whoever kept the total of the time before can take from it what is shown now and has not grown,
//! and has the old group. Such a batch does not wait for others, because of what would have to wait with it. People who
//! answered everything enter with all their answers at once, or the composite and the statements would not be about the
//! same people; so one question that everybody got right, the usual case, would hold back all figures of a session,
//! often for good. And were only the one statement held back, the composite less the others would be that very group.

/// Fewer people than this are never behind a shown figure.
pub const SMALLEST_BATCH: usize = 5;

/// What to do with what waits for one item of one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionStep {
    /// A batch of its own, into the session's and the course's figures.
    Release,
    /// More may come: wait.
    Wait,
    /// No more can come, and it is too small alone: to the course's pool.
    Pool,
}

/// Decides about `waiting` people of one session. `is_closed`: the session's last wave has closed.
pub fn decide_session(waiting: usize, is_closed: bool) -> SessionStep {
    match waiting {
        _ if waiting >= SMALLEST_BATCH => SessionStep::Release,
        _ if is_closed => SessionStep::Pool,
        _ => SessionStep::Wait,
    }
}

/// Whether a course's pool of so many people is released, all of it at once.
pub fn is_pool_released(waiting: usize) -> bool {
    waiting >= SMALLEST_BATCH
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn four_wait_and_the_fifth_releases_them() {
        assert_eq!(decide_session(4, false), SessionStep::Wait);
        assert_eq!(decide_session(5, false), SessionStep::Release);
        assert_eq!(decide_session(4, true), SessionStep::Pool);
        assert!(!is_pool_released(4));
    }

    /// What somebody sees who looks after every step: people per session, and in the course.
    #[derive(Clone, Default, PartialEq, Debug)]
    struct Shown {
        sessions: [usize; 3],
        course: usize,
    }

    #[derive(Clone, Default)]
    struct Board {
        waiting: [usize; 3],
        closed: [bool; 3],
        shown: Shown,
    }

    impl Board {
        fn release(&mut self) {
            for session in 0..3 {
                if decide_session(self.waiting[session], self.closed[session]) == SessionStep::Release {
                    self.shown.sessions[session] += self.waiting[session];
                    self.shown.course += self.waiting[session];
                    self.waiting[session] = 0;
                }
            }
            let pool: usize = (0..3).filter(|&session| self.closed[session]).map(|session| self.waiting[session]).sum();
            if is_pool_released(pool) {
                self.shown.course += pool;
                (0..3).filter(|&session| self.closed[session]).for_each(|session| self.waiting[session] = 0);
            }
        }
    }

    proptest! {
        /// Replays histories of people answering and sessions closing, and takes every difference that somebody
        /// could take: between moments, and between the course and any choice of its sessions.
        #[test]
        fn no_difference_is_made_of_one_to_four_people(steps in prop::collection::vec((0..3_usize, prop::bool::weighted(0.1)), 1..120)) {
            let mut board = Board::default();
            let mut seen = vec![Shown::default()];
            for (session, closes) in steps {
                if closes {
                    board.closed[session] = true;
                } else if !board.closed[session] {
                    board.waiting[session] += 1;
                }
                board.release();
                seen.push(board.shown.clone());
            }
            seen.dedup();
            for (earlier, first) in seen.iter().enumerate() {
                for then in &seen[earlier..] {
                    for session in 0..3 {
                        prop_assert!(is_hidden(then.sessions[session] - first.sessions[session]));
                    }
                    for choice in 0..8_usize {
                        let of = |shown: &Shown| -> usize {
                            (0..3).filter(|session| choice >> session & 1 == 1).map(|session| shown.sessions[session]).sum()
                        };
                        prop_assert!(is_hidden(then.course - of(then)));
                        prop_assert!(is_hidden((then.course - of(then)).abs_diff(first.course - of(first))));
                    }
                }
            }
        }
    }

    fn is_hidden(people: usize) -> bool {
        people == 0 || people >= SMALLEST_BATCH
    }
}
