//! An attack over everything that is shown of a small board at one moment.
//!
//! What it proves, for boards of up to three courses in up to two topics, with up to three sessions of five to seven
//! people who answered two statements both times, and who are of two kinds besides (two agency types, or at the door and
//! not): whoever sees every shown mean (of sessions, kinds, courses, topics and the year, of both statements, of the
//! composite and of looking back), knows how many people are in each group and which groups all answered alike, and solves
//! for the whole numbers that fit, finds more than one answer for each such group. All of that holds for sums; what
//! spreads add is looked at where parts of a total are hidden ([`neighbours`](super::neighbours)). Looking at two moments
//! is attacked in [`batches`](super::batches), and adding and subtracting groups in [`partitions`](super::partitions).
//!
//! `board` does what `store/read` does with the same functions; that the views do so is tested on boards with answers.

mod board;
mod solver;

use super::{
    Audience,
    line::Hidden,
    partitions::{Counted, is_safe},
};
use board::{ALL_RULES, Board, Rules};
use proptest::prelude::*;

const WAVES: usize = 2;
const ITEMS: usize = 2;
const KINDS: usize = 2;
/// The core statement; the other is 1.
const CORE: usize = 0;

/// One person's answers: by item, before and after.
type Person = [[i32; WAVES]; ITEMS];

#[derive(Clone, Debug)]
struct Course {
    topic: usize,
    sessions: Vec<Vec<Person>>,
}

/// Of which kind somebody is: every second person of a session.
fn kind_of(session: usize, place: usize) -> usize {
    (session + place) % KINDS
}

impl Course {
    /// The people of each kind; None where the kinds are not told apart.
    fn kinds(&self) -> Option<[Vec<Person>; KINDS]> {
        let mut groups: [Vec<Person>; KINDS] = Default::default();
        let mut counted = Vec::new();
        for (session, people) in self.sessions.iter().enumerate() {
            for (place, person) in people.iter().enumerate() {
                let kind = kind_of(session, place);
                groups[kind].push(*person);
                counted.push(Counted { batch: session as i32, part: Some((1, kind.to_string())), later: None });
            }
        }
        let are_enough = groups.iter().all(|people| Audience::Board.is_countable(people.len() as u64));
        (are_enough && is_safe(&counted)).then_some(groups)
    }
}

fn leak_of(courses: &[Course], rules: Rules) -> Option<String> {
    Board::of(courses, rules).leak()
}

/// Answers from 1 to 5 in turn, from somewhere on.
fn mixed(people: usize, from: i32) -> Vec<Person> {
    (0..people as i32)
        .map(|place| [[1 + (place + from) % 5, 1 + (2 * place + from) % 5], [1 + place % 4, 2 + place % 3]])
        .collect()
}

#[test]
fn the_attack_finds_what_each_protection_is_for() {
    let alike = |people: usize| mixed(people, 0).into_iter().map(|[_, other]| [[2, 4], other]).collect::<Vec<Person>>();
    let course = |topic, sessions| Course { topic, sessions };
    let two_sessions = [course(0, vec![alike(5), mixed(7, 1), mixed(6, 2)])];
    assert!(leak_of(&two_sessions, Rules { beside: false, ..ALL_RULES }).is_some());
    assert_eq!(leak_of(&two_sessions, ALL_RULES), None);
    let two_alike = [
        course(0, vec![alike(5)]),
        course(0, vec![mixed(6, 0).iter().map(|_| [[3, 5], [2, 4]]).collect()]),
        course(1, vec![mixed(7, 1)]),
    ];
    assert!(leak_of(&two_alike, Rules { beside: false, ..ALL_RULES }).is_some());
    assert_eq!(leak_of(&two_alike, ALL_RULES), None);
    // The course's other statement and its composite are shown, so the core statement could be had.
    let composite = [course(0, vec![alike(7)]), course(1, vec![mixed(7, 1)]), course(1, vec![mixed(6, 3)])];
    assert!(leak_of(&composite, Rules { composites: false, ..ALL_RULES }).is_some());
    assert_eq!(leak_of(&composite, ALL_RULES), None);
}

/// Seven who all answered 5 afterwards, and five beside them who stand so near the top that nobody else could have:
/// the course's total says so, and the year's less the other courses'.
#[test]
fn a_course_that_gives_one_of_its_sessions_away_is_hidden_and_others_with_it() {
    let after = |people: Vec<Person>, after: &[i32]| -> Vec<Person> {
        let own = people.into_iter().zip(after.iter().cycle());
        own.map(|([[before, _], other], after)| [[before, *after], other]).collect()
    };
    let course = |topic, sessions| Course { topic, sessions };
    let told = course(0, vec![after(mixed(7, 0), &[5]), after(mixed(5, 2), &[4, 4, 4, 4, 5])]);
    for others in [vec![], vec![course(0, vec![mixed(7, 1)])], vec![course(1, vec![mixed(6, 1), mixed(7, 3)])]] {
        let board: Vec<Course> = [told.clone()].into_iter().chain(others).collect();
        assert!(leak_of(&board, Rules { inside: false, ..ALL_RULES }).is_some());
        assert_eq!(leak_of(&board, ALL_RULES), None);
        assert_eq!(Board::of(&board, ALL_RULES).lines[0][CORE], Err(Hidden::Protecting));
    }
}

/// Every second person, which is one agency type, answered 5 afterwards, and the others stand so near the top that nobody
/// else could have: the course's total says so.
#[test]
fn a_course_that_gives_one_of_its_kinds_away_is_hidden() {
    let people = |session: usize, count: usize| -> Vec<Person> {
        let with = |place: usize, [[before, _], other]: Person| {
            let after = if kind_of(session, place) == 0 { 5 } else { 4 + i32::from(place % 8 == 1) };
            [[before, after], other]
        };
        mixed(count, session as i32).into_iter().enumerate().map(|(place, person)| with(place, person)).collect()
    };
    let told = Course { topic: 0, sessions: vec![people(0, 7), people(1, 7)] };
    assert!(told.kinds().is_some());
    for others in [vec![], vec![Course { topic: 0, sessions: vec![mixed(7, 1), mixed(6, 2)] }]] {
        let board: Vec<Course> = [told.clone()].into_iter().chain(others).collect();
        assert!(leak_of(&board, Rules { inside: false, ..ALL_RULES }).is_some());
        assert_eq!(leak_of(&board, ALL_RULES), None);
        assert_eq!(Board::of(&board, ALL_RULES).lines[0][CORE], Err(Hidden::Protecting));
    }
}

/// One kind of a course all answered 2 and is hidden there, with the other beside it. The kinds of the topic, less those
/// that the other course shows, would be just these.
#[test]
fn a_course_with_a_hidden_kind_adds_to_the_kinds_of_no_topic() {
    let with = |after: [[i32; 6]; 2]| -> Course {
        let session = |after: [i32; 6]| {
            mixed(6, 0).into_iter().zip(after).map(|([[before, _], other], after)| [[before, after], other]).collect()
        };
        Course { topic: 0, sessions: after.map(session).to_vec() }
    };
    let board = [with([[5, 2, 1, 2, 5, 2], [2, 1, 2, 5, 2, 3]]), with([[1, 3, 2, 4, 5, 1], [2, 1, 4, 5, 2, 3]])];
    assert!(leak_of(&board, Rules { kinds: false, ..ALL_RULES }).is_some());
    assert_eq!(leak_of(&board, ALL_RULES), None);
}

fn session() -> impl Strategy<Value = Vec<Person>> {
    let answer = || 1..6_i32;
    let person = move || [[answer(), answer()], [answer(), answer()]];
    (prop::collection::vec(person(), 5..8), prop::array::uniform4(prop::option::weighted(0.2, 1..6_i32))).prop_map(
        |(mut people, alike)| {
            for (place, answer) in alike.into_iter().enumerate() {
                if let Some(answer) = answer {
                    people.iter_mut().for_each(|person| person[place / 2][place % 2] = answer);
                }
            }
            people
        },
    )
}

/// A course of which sometimes a whole kind answered alike.
fn course() -> impl Strategy<Value = Course> {
    let kinds = prop::array::uniform4(prop::option::weighted(0.1, 1..6_i32));
    (0..2_usize, prop::collection::vec(session(), 1..4), kinds).prop_map(|(topic, mut sessions, alike)| {
        for (session, people) in sessions.iter_mut().enumerate() {
            for (place, person) in people.iter_mut().enumerate() {
                for wave in 0..WAVES {
                    if let Some(answer) = alike[kind_of(session, place) * WAVES + wave] {
                        person[CORE][wave] = answer;
                    }
                }
            }
        }
        Course { topic, sessions }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_group_that_answered_alike_can_be_solved_for(courses in prop::collection::vec(course(), 1..4)) {
        prop_assert_eq!(leak_of(&courses, ALL_RULES), None);
    }
}
