//! The statistics engine from memory: no file, no database.

use super::row;
use learning_gain::learning_gain::rules::{
    GainStatistics, ItemVersion, JointHistogram, Scale, SessionList, SessionSums,
};
use std::{hint::black_box, time::Instant};

/// As the goal is stated.
const SESSIONS: u64 = 10_000;
/// As the goal is stated.
const ITEMS: usize = 20;
/// A full session of 25 people with an empty chair or two.
const PEOPLE: u64 = 23;
/// The lowest rating that counts as confident on 1 to 5.
const CONFIDENT: i32 = 4;

/// Merges every session's histograms into one per item and computes all statistics of each, BCa excepted.
pub fn run() {
    let scale = Scale::new(1, 5).unwrap();
    let items: Vec<ItemVersion> = (0..ITEMS).map(|item| ItemVersion::new(format!("item-{item}"), 1)).collect();
    let sessions: Vec<Vec<JointHistogram>> = (0..SESSIONS)
        .map(|session| items.iter().map(|item| session_histogram(item, scale, session)).collect())
        .collect();

    let started = Instant::now();
    let empty = |item: &ItemVersion| (JointHistogram::new(item.clone(), scale), SessionList::new(item.clone(), scale));
    let mut merged: Vec<_> = items.iter().map(empty).collect();
    // Session by session, as they lie in memory.
    for (number, session) in (0_u64..).zip(&sessions) {
        for ((histogram, sums), part) in merged.iter_mut().zip(session) {
            histogram.merge(part).unwrap();
            sums.add(number, SessionSums::of(part));
        }
    }
    for (histogram, sums) in &merged {
        black_box(GainStatistics::of(black_box(histogram), CONFIDENT));
        black_box(sums.clustered_gain().unwrap());
    }
    row("10,000 sessions into 20 items, all statistics", started.elapsed().as_secs_f64() * 1e3, "ms", "at most 50 ms");
}

/// Ratings of a session that differ from person to person and from session to session.
fn session_histogram(item: &ItemVersion, scale: Scale, session: u64) -> JointHistogram {
    let mut histogram = JointHistogram::new(item.clone(), scale);
    for person in 0..PEOPLE {
        let before = 1 + ((session * 7 + person * 3) % 4) as i32;
        let after = (before + ((session + person * 5) % 3) as i32).min(5);
        histogram.add_pairs(before, after, 1).unwrap();
    }
    histogram
}
