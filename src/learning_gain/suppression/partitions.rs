//! The same people counted in several ways at once: in batches, by agency type, and among those who answered again
//! three months later. Each way alone is made of groups of at least five; here it is made sure that adding and
//! subtracting groups of different ways finds nobody either.
//!
//! Why it holds. Whatever can be worked out by adding and subtracting gives each person the number
//! a(batch) + b(part) + c(later), and a figure about few people is one where this is nought for everybody but one to
//! four. Take those few away. For each later group at least five pairs of people stand in the same batch and part, one
//! in the group and one not ([`is_safe`], second half), so a pair is left and c is the same as for people in no group.
//! What remains, a(batch) + b(part), is nought along every remaining link between batches and parts; to be anything
//! else somewhere, the few must be a cut through the graph of batches and parts, and every cut has at least five people
//! (first half). So there are no such figures.

use super::{Audience, FEWEST};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Where one released person is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The batch in which the person entered the course's figures.
    pub batch: i32,
    /// The block and the part (an agency type, or "other") in which they entered the figures by agency type.
    pub part: Option<(i32, String)>,
    /// The block in which they entered the figures of three months later.
    pub later: Option<i32>,
}

/// A part of one block, or none.
type Part<'a> = Option<&'a (i32, String)>;
/// People by batch and part.
type Links<'a> = BTreeMap<(i32, Part<'a>), u64>;

/// The part of those whose own would be too small, and of those who belong to none.
pub const OTHER: &str = "other";

/// Whether nothing about one to four people can be worked out from figures that count people so.
pub fn is_safe(people: &[Counted]) -> bool {
    let mut links = Links::new();
    let mut again: BTreeMap<i32, Links<'_>> = BTreeMap::new();
    let mut not_again = Links::new();
    for person in people {
        let place = (person.batch, person.part.as_ref());
        *links.entry(place).or_default() += 1;
        match person.later {
            Some(block) => *again.entry(block).or_default().entry(place).or_default() += 1,
            None => *not_again.entry(place).or_default() += 1,
        }
    }
    let has_pairs = again.values().all(|places| {
        let pairs = places.iter().map(|(place, count)| (*count).min(not_again.get(place).copied().unwrap_or_default()));
        pairs.sum::<u64>() >= FEWEST
    });
    has_pairs && has_no_small_cut(&links)
}

/// Decides in which parts the people in `waiting` (places in `people`) enter the figures by agency type, given each
/// person's agency type: types with too few people go together as [`OTHER`], until everything is safe. None when
/// nothing is left to tell apart; then they wait for more.
pub fn decide_parts(people: &[Counted], waiting: &[usize], types: &[&str]) -> Option<Vec<String>> {
    let block = 1 + people.iter().filter_map(|person| person.part.as_ref()).map(|(block, _)| *block).max().unwrap_or(0);
    let mut sizes: BTreeMap<&str, u64> = BTreeMap::new();
    for kind in types {
        *sizes.entry(kind).or_default() += 1;
    }
    sizes.remove(OTHER);
    let mut named: BTreeSet<&str> =
        sizes.iter().filter(|(_, count)| Audience::Board.is_countable(**count)).map(|(kind, _)| *kind).collect();
    while !named.is_empty() {
        let parts: Vec<String> =
            types.iter().map(|kind| if named.contains(kind) { *kind } else { OTHER }.to_owned()).collect();
        if parts.iter().all(|part| part == &parts[0]) {
            return None;
        }
        let mut then = people.to_vec();
        for (&place, part) in waiting.iter().zip(&parts) {
            then[place].part = Some((block, part.clone()));
        }
        if is_safe(&then) {
            return Some(parts);
        }
        let smallest = named.iter().copied().min_by_key(|kind| sizes[kind])?;
        named.remove(smallest);
    }
    None
}

/// Whether the people in `waiting`, who answered again, may enter the figures of three months later as one block.
pub fn may_enter_later(people: &[Counted], waiting: &[usize]) -> bool {
    let block = 1 + people.iter().filter_map(|person| person.later).max().unwrap_or(0);
    let mut then = people.to_vec();
    for &place in waiting {
        then[place].later = Some(block);
    }
    waiting.len() as u64 >= FEWEST && is_safe(&then)
}

/// Whether every set of links whose removal divides a connected piece of the graph has at least five people.
fn has_no_small_cut(links: &Links<'_>) -> bool {
    let batches: BTreeSet<i32> = links.keys().map(|(batch, _)| *batch).collect();
    let parts: BTreeSet<Part<'_>> = links.keys().map(|(_, part)| *part).collect();
    let batch_node: BTreeMap<i32, usize> = batches.iter().copied().zip(0..).collect();
    let part_node: BTreeMap<Part<'_>, usize> = parts.iter().copied().zip(batches.len()..).collect();
    let mut graph = Graph::new(batches.len() + parts.len());
    for ((batch, part), people) in links {
        graph.link(batch_node[batch], part_node[part], *people);
    }
    let mut seen = vec![false; graph.ends.len()];
    for root in 0..seen.len() {
        if seen[root] {
            continue;
        }
        for node in graph.reached_from(root) {
            seen[node] = true;
            if node != root && !graph.carries_five(root, node) {
                return false;
            }
        }
    }
    true
}

/// Links with people on them; link 2k leads there and link 2k + 1 back.
struct Graph {
    ends: Vec<Vec<usize>>,
    leads_to: Vec<usize>,
    people: Vec<u64>,
}

impl Graph {
    fn new(nodes: usize) -> Self {
        Self { ends: vec![Vec::new(); nodes], leads_to: Vec::new(), people: Vec::new() }
    }

    fn link(&mut self, from: usize, to: usize, people: u64) {
        for (from, to) in [(from, to), (to, from)] {
            self.ends[from].push(self.leads_to.len());
            self.leads_to.push(to);
            self.people.push(people);
        }
    }

    fn reached_from(&self, root: usize) -> Vec<usize> {
        let mut reached = BTreeSet::from([root]);
        let mut next = VecDeque::from([root]);
        while let Some(node) = next.pop_front() {
            for &link in &self.ends[node] {
                if reached.insert(self.leads_to[link]) {
                    next.push_back(self.leads_to[link]);
                }
            }
        }
        reached.into_iter().collect()
    }

    /// Whether no cut of fewer than five people divides the two: a flow of five fits through (Ford and Fulkerson).
    fn carries_five(&self, from: usize, to: usize) -> bool {
        let mut free = self.people.clone();
        let mut carried = 0;
        while carried < FEWEST {
            let mut came_by: Vec<Option<usize>> = vec![None; self.ends.len()];
            let mut next = VecDeque::from([from]);
            while let Some(node) = next.pop_front() {
                for &link in &self.ends[node] {
                    let there = self.leads_to[link];
                    if free[link] > 0 && there != from && came_by[there].is_none() {
                        came_by[there] = Some(link);
                        next.push_back(there);
                    }
                }
            }
            let mut way = Vec::new();
            let mut node = to;
            while let Some(link) = came_by[node] {
                way.push(link);
                node = self.leads_to[link ^ 1];
            }
            let Some(fits) = way.iter().map(|&link| free[link]).min() else { return false };
            for link in way {
                free[link] -= fits;
                free[link ^ 1] += fits;
            }
            carried += fits;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counted(batch: i32, part: Option<&str>, later: Option<i32>) -> Counted {
        Counted { batch, part: part.map(|part| (1, part.to_owned())), later }
    }

    #[test]
    fn one_teacher_among_police_officers_who_all_came_together_is_found_and_hidden() {
        // The batch of six less the five police officers would be one teacher.
        let mut people: Vec<Counted> = (0..5).map(|_| counted(1, Some("police"), None)).collect();
        people.push(counted(1, Some("school"), None));
        people.extend((0..8).map(|_| counted(2, Some("school"), None)));
        assert!(!is_safe(&people));
        let bare: Vec<Counted> = people.iter().map(|person| counted(person.batch, None, None)).collect();
        let types: Vec<&str> = people.iter().map(|person| person.part.as_ref().unwrap().1.as_str()).collect();
        let all: Vec<usize> = (0..bare.len()).collect();
        assert_eq!(decide_parts(&bare, &all, &types), None, "each split would tell of the one teacher");
    }

    #[test]
    fn groups_that_are_mixed_enough_are_shown() {
        let mut people = Vec::new();
        for batch in 1..4 {
            people.extend((0..6).map(|_| counted(batch, None, None)));
            people.extend((0..6).map(|_| counted(batch, None, None)));
        }
        let types: Vec<&str> =
            (0..people.len()).map(|place| if place % 2 == 0 { "health" } else { "school" }).collect();
        let all: Vec<usize> = (0..people.len()).collect();
        let parts = decide_parts(&people, &all, &types).unwrap();
        assert!(parts.iter().zip(&types).all(|(part, kind)| part == kind));
    }

    #[test]
    fn those_who_answered_again_are_not_told_from_the_few_who_did_not() {
        let people: Vec<Counted> = (0..12).map(|_| counted(1, None, None)).collect();
        assert!(!may_enter_later(&people, &(0..10).collect::<Vec<_>>()), "two did not answer");
        assert!(may_enter_later(&people, &(0..6).collect::<Vec<_>>()));
        assert!(!may_enter_later(&people, &[0, 1, 2, 3]));
    }

    /// The rank of rows, modulo a large prime: exact enough for rows of noughts and ones.
    fn rank(mut rows: Vec<Vec<i128>>) -> usize {
        const PRIME: i128 = 2_147_483_647;
        let inverse = |value: i128| {
            let (mut power, mut base, mut exponent) = (1, value.rem_euclid(PRIME), PRIME - 2);
            while exponent > 0 {
                if exponent & 1 == 1 {
                    power = power * base % PRIME;
                }
                base = base * base % PRIME;
                exponent >>= 1;
            }
            power
        };
        let columns = rows.first().map_or(0, Vec::len);
        let mut found = 0;
        for column in 0..columns {
            let Some(pivot) = (found..rows.len()).find(|&row| rows[row][column] != 0) else { continue };
            rows.swap(found, pivot);
            let scale = inverse(rows[found][column]);
            let kept: Vec<i128> = rows[found].iter().map(|value| value * scale % PRIME).collect();
            for row in rows.iter_mut().skip(found + 1) {
                let factor = row[column];
                for (value, kept) in row.iter_mut().zip(&kept) {
                    *value = (*value - factor * kept).rem_euclid(PRIME);
                }
            }
            found += 1;
        }
        found
    }

    /// Whether somebody is in a group.
    type Group = Box<dyn Fn(&Counted) -> bool>;

    /// Solves the linear system: is there a sum and difference of shown groups that is nought for all but one to four
    /// people? People who are counted alike always get the same number, so whole classes of them are tried.
    fn leaks(people: &[Counted]) -> bool {
        let mut classes: BTreeMap<String, (Counted, usize)> = BTreeMap::new();
        for person in people {
            classes.entry(format!("{person:?}")).or_insert((person.clone(), 0)).1 += 1;
        }
        let classes: Vec<(Counted, usize)> = classes.into_values().collect();
        let mut groups: Vec<Group> = Vec::new();
        for batch in people.iter().map(|person| person.batch).collect::<BTreeSet<_>>() {
            groups.push(Box::new(move |person| person.batch == batch));
        }
        for part in people.iter().filter_map(|person| person.part.clone()).collect::<BTreeSet<_>>() {
            groups.push(Box::new(move |person| person.part.as_ref() == Some(&part)));
        }
        for later in people.iter().filter_map(|person| person.later).collect::<BTreeSet<_>>() {
            groups.push(Box::new(move |person| person.later == Some(later)));
        }
        let rows = |left_out: &[usize]| -> Vec<Vec<i128>> {
            let kept = |place: &usize| !left_out.contains(place);
            groups
                .iter()
                .map(|is_in| {
                    (0..classes.len()).filter(kept).map(|place| i128::from(is_in(&classes[place].0))).collect()
                })
                .collect()
        };
        let full = rank(rows(&[]));
        let small: Vec<usize> = (0..classes.len()).filter(|&place| classes[place].1 < 5).collect();
        let mut tried: Vec<Vec<usize>> = vec![Vec::new()];
        while let Some(chosen) = tried.pop() {
            let from = chosen.last().map_or(0, |last| last + 1);
            for &next in small.iter().filter(|&&place| place >= from) {
                let mut more = chosen.clone();
                more.push(next);
                if more.iter().map(|&place| classes[place].1).sum::<usize>() < 5 {
                    if rank(rows(&more)) < full {
                        return true;
                    }
                    tried.push(more);
                }
            }
        }
        false
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// Replays histories: batches enter, some people are counted by agency type, some answer again; after each
        /// step everything that was ever shown is one system of equations, which is solved.
        #[test]
        fn no_history_tells_of_one_to_four_people(
            rounds in prop::collection::vec(
                (prop::collection::vec(prop::collection::vec((0..4_u8, prop::bool::weighted(0.4)), 5..9), 1..3), any::<bool>(), any::<bool>()),
                1..4,
            ),
        ) {
            let kinds = ["health", "school", "police", "other"];
            let mut people: Vec<Counted> = Vec::new();
            let mut facts: Vec<(&str, bool)> = Vec::new();
            let mut batch = 0;
            for (batches, parts_first, asks_again) in rounds {
                for people_of_batch in batches {
                    batch += 1;
                    for (kind, again) in people_of_batch {
                        people.push(counted(batch, None, None));
                        facts.push((kinds[usize::from(kind)], again));
                    }
                }
                for step in [parts_first, !parts_first] {
                    if step {
                        let waiting: Vec<usize> = (0..people.len()).filter(|&place| people[place].part.is_none()).collect();
                        let types: Vec<&str> = waiting.iter().map(|&place| facts[place].0).collect();
                        if let Some(parts) = decide_parts(&people, &waiting, &types) {
                            let block = batch;
                            for (place, part) in waiting.into_iter().zip(parts) {
                                people[place].part = Some((block, part));
                            }
                        }
                    } else if asks_again {
                        let waiting: Vec<usize> =
                            (0..people.len()).filter(|&place| people[place].later.is_none() && facts[place].1).collect();
                        if may_enter_later(&people, &waiting) {
                            waiting.into_iter().for_each(|place| people[place].later = Some(batch));
                        }
                    }
                    prop_assert!(is_safe(&people));
                    prop_assert!(!leaks(&people), "{people:?}");
                }
            }
        }
    }

    #[test]
    fn the_solver_finds_what_it_should() {
        let mut people: Vec<Counted> = (0..5).map(|_| counted(1, Some("police"), None)).collect();
        people.push(counted(1, Some("school"), None));
        people.extend((0..8).map(|_| counted(2, Some("school"), None)));
        assert!(leaks(&people));
    }
}
