//! Which learners of a file have been seen, and with which items, in at most 32 bytes a learner.
//!
//! A slot is one 128-bit number: 96 bits of keyed hash of (course, session, learner, page) and 32 bits that say which
//! of the page's 32 items were answered. Two of a thousand million learners share 96 bits with a chance of 1 in 10¹¹,
//! and the key is drawn at random, so nobody can prepare a file whose learners do.

use std::hash::{BuildHasher, RandomState};

/// Items that one slot covers.
pub(super) const ITEMS_PER_PAGE: usize = 32;
/// Small tables grow one at a time, so that growing needs no more than one of them twice.
const SHARDS: usize = 32;
/// Slots come in chunks that are never given back: tables that grew by moving would leave behind memory that is too
/// small for the next one.
const CHUNK: usize = 64;
/// Filled up to four fifths (a fuller table is slow to search) and then grown by a fifth, a table is never less than
/// two thirds full: 24 bytes a slot at most, and half a byte to spare for a shard that grows.
const FULL_NUMERATOR: usize = 4;
const FULL_DENOMINATOR: usize = 5;

/// The keys of one reading; without them nobody can say which names share a hash.
pub(super) struct PageKeys([u64; 2]);

/// 96 bits that stand for one learner of a course and session, with a page of items. Never 0.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct PageKey(u128);

/// The set of (learner, page), with the items answered.
pub(super) struct LearnerTable {
    shards: Vec<Shard>,
    /// Where the entries of a shard wait while it grows.
    spare: Vec<u128>,
}

#[derive(Default)]
struct Shard {
    slots: Slots,
    used: usize,
}

/// Slots by their number; 0 is a free one.
#[derive(Default)]
#[expect(clippy::vec_box, reason = "a table that grows moves the addresses of its chunks, not the chunks")]
struct Slots(Vec<Box<[u128; CHUNK]>>);

/// Where a learner's page lies; valid until the next one is looked up.
#[derive(Clone, Copy)]
pub(super) struct Place {
    shard: usize,
    slot: usize,
}

impl PageKeys {
    /// Keys that no other reading has.
    pub(super) fn random() -> Self {
        Self([RandomState::new().hash_one(1), RandomState::new().hash_one(2)])
    }

    /// Two lanes of folded multiplication over eight bytes at a time, as in wyhash; 96 bits of the result, never 0.
    pub(super) fn of(&self, course: u32, session: u32, page: usize, learner: &[u8]) -> PageKey {
        /// Odd constants with mixed bits: the fractional digits of the golden ratio and of π.
        const MIX: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0x243F_6A88_85A3_08D3];
        let mut lanes = self.0;
        let mut absorb = |word: u64| {
            for (lane, mix) in lanes.iter_mut().zip(MIX) {
                *lane = folded_product(*lane ^ word, mix).wrapping_add(*lane);
            }
        };
        absorb(u64::from(course) << 32 | u64::from(session));
        absorb((page as u64) << 32 | learner.len() as u64);
        for chunk in learner.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            absorb(u64::from_le_bytes(word));
        }
        let high = folded_product(lanes[0] ^ self.0[1], MIX[1]);
        let low = folded_product(lanes[1] ^ self.0[0], MIX[0]);
        PageKey(((u128::from(high) << 32) | u128::from(low >> 32)).max(1))
    }
}

impl LearnerTable {
    pub(super) fn new() -> Self {
        Self { shards: (0..SHARDS).map(|_| Shard::default()).collect(), spare: Vec::new() }
    }

    /// Finds a learner's page or makes it. The items answered are those of [`LearnerTable::items`]: none if it is new.
    /// The flag says whether it was there.
    pub(super) fn find_or_insert(&mut self, page: PageKey) -> (Place, bool) {
        let hash = page.0;
        let shard = (hash & (SHARDS as u128 - 1)) as usize;
        let (slot, was_there) = self.shards[shard].find_or_insert(hash, &mut self.spare);
        (Place { shard, slot }, was_there)
    }

    /// The items answered so far, one bit each.
    pub(super) fn items(&self, place: Place) -> u32 {
        self.shards[place.shard].slots.get(place.slot) as u32
    }

    pub(super) fn set_items(&mut self, place: Place, items: u32) {
        let slots = &mut self.shards[place.shard].slots;
        slots.set(place.slot, (slots.get(place.slot) >> 32 << 32) | u128::from(items));
    }
}

fn folded_product(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product >> 64) as u64 ^ product as u64
}

impl Slots {
    fn len(&self) -> usize {
        self.0.len() * CHUNK
    }

    fn get(&self, slot: usize) -> u128 {
        self.0[slot / CHUNK][slot % CHUNK]
    }

    fn set(&mut self, slot: usize, entry: u128) {
        self.0[slot / CHUNK][slot % CHUNK] = entry;
    }

    fn grow(&mut self) {
        let chunks = (self.0.len() * 6 / 5).max(self.0.len() + 1);
        self.0.reserve_exact(chunks - self.0.len());
        self.0.resize_with(chunks, || Box::new([0; CHUNK]));
    }
}

impl Shard {
    fn find_or_insert(&mut self, hash: u128, spare: &mut Vec<u128>) -> (usize, bool) {
        if self.used * FULL_DENOMINATOR >= self.slots.len() * FULL_NUMERATOR {
            self.grow(spare);
        }
        let (slot, entry) = self.slot_of(hash);
        let was_there = entry != 0;
        if !was_there {
            self.slots.set(slot, hash << 32);
            self.used += 1;
        }
        (slot, was_there)
    }

    /// The slot that holds a hash, or the free one where it belongs, with what is in it.
    fn slot_of(&self, hash: u128) -> (usize, u128) {
        let size = self.slots.len();
        // The upper half of the hash, stretched over the size; the lowest bits chose the shard.
        let mut slot = ((((hash >> 32) as u64 as u128) * size as u128) >> 64) as usize;
        loop {
            let entry = self.slots.get(slot);
            if entry == 0 || entry >> 32 == hash {
                return (slot, entry);
            }
            slot = if slot + 1 == size { 0 } else { slot + 1 };
        }
    }

    fn grow(&mut self, spare: &mut Vec<u128>) {
        spare.reserve_exact(self.used);
        for chunk in &mut self.slots.0 {
            spare.extend(chunk.iter().filter(|&&entry| entry != 0));
            chunk.fill(0);
        }
        self.slots.grow();
        for entry in spare.drain(..) {
            let (slot, _) = self.slot_of(entry >> 32);
            self.slots.set(slot, entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learners_are_found_again_with_their_items() {
        let keys = PageKeys::random();
        let mut table = LearnerTable::new();
        for round in 0..2_u32 {
            for learner in 0..20_000_u32 {
                let name = learner.to_string();
                let (place, was_there) = table.find_or_insert(keys.of(learner % 3, learner % 7, 0, name.as_bytes()));
                assert_eq!(was_there, round == 1);
                assert_eq!(table.items(place), if round == 0 { 0 } else { learner });
                table.set_items(place, learner);
            }
        }
    }

    #[test]
    fn a_learner_costs_at_most_32_bytes() {
        let keys = PageKeys::random();
        let mut table = LearnerTable::new();
        for learner in 0..200_000_u64 {
            table.find_or_insert(keys.of(0, 0, 0, &learner.to_le_bytes()));
            if learner % 10_000 == 9_999 {
                let slots: usize = table.shards.iter().map(|shard| shard.slots.len()).sum();
                let chunks: usize = table.shards.iter().map(|shard| shard.slots.0.capacity()).sum();
                let bytes = 16 * (slots + table.spare.capacity()) + 8 * chunks;
                assert!(bytes as u64 <= 32 * (learner + 1), "{bytes} bytes for {learner}");
            }
        }
    }
}
