//! Numbers that look random and are the same at every run.

/// SplitMix64 (Steele, Lea and Flood, 2014): one addition and three mixes per number; good enough for invented people,
/// useless for secrets.
#[derive(Clone, Debug)]
pub struct Dice {
    state: u64,
}

/// The golden ratio in 64 bits, SplitMix64's step.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Dice {
    /// Dice of their own for one part of the demonstration, so that a change in one part leaves the others as they are.
    pub fn for_part(part: &str) -> Self {
        // FNV-1a spreads the name over the 64 bits of the seed.
        let seed = part
            .bytes()
            .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3));
        Self { state: seed }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to `limit`, without it; 0 when `limit` is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        // The high half of a product is uniform enough for limits that are tiny beside 2^64.
        ((u128::from(self.bits()) * limit as u128) >> 64) as usize
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// True this many times in a thousand.
    pub fn per_mille(&mut self, chance: u32) -> bool {
        self.below(1000) < chance as usize
    }

    /// From 0 up to 1, without it.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Roughly normal around 0 with standard deviation 1: the sum of twelve uniform numbers less six.
    pub fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// One of the list. The list must not be empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// An index, each as often as its weight says.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: u32 = weights.iter().sum();
        let mut left = self.below(total as usize) as u32;
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    /// Puts the list into another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }

    /// `length` letters and digits that are easily read out: no I, L, O or U.
    pub fn reference(&mut self, length: usize) -> String {
        const LETTERS: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        (0..length).map(|_| LETTERS[self.below(LETTERS.len())] as char).collect()
    }

    /// `digits` hexadecimal digits.
    pub fn hex(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 16);
        while text.len() < digits {
            text.push_str(&format!("{:016x}", self.bits()));
        }
        text.truncate(digits);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_part_gives_the_same_numbers_and_another_part_others() {
        let numbers = |part: &str| -> Vec<u64> {
            let mut dice = Dice::for_part(part);
            (0..4).map(|_| dice.bits()).collect()
        };
        assert_eq!(numbers("people"), numbers("people"));
        assert_ne!(numbers("people"), numbers("answers"));
    }

    #[test]
    fn the_generator_is_splitmix64() {
        // The first outputs for seed 1234567 of the reference implementation.
        let mut dice = Dice { state: 1_234_567 };
        assert_eq!(dice.bits(), 6_457_827_717_110_365_317);
        assert_eq!(dice.bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn ranges_are_kept_and_reached() {
        let mut dice = Dice::for_part("ranges");
        let seen: std::collections::BTreeSet<i64> = (0..500).map(|_| dice.between(-1, 2)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [-1, 0, 1, 2]);
        assert_eq!(dice.below(0), 0);
    }

    #[test]
    fn shuffling_loses_nothing() {
        let mut list: Vec<u32> = (0..50).collect();
        Dice::for_part("shuffle").shuffle(&mut list);
        assert_ne!(list, (0..50).collect::<Vec<_>>());
        list.sort_unstable();
        assert_eq!(list, (0..50).collect::<Vec<_>>());
    }
}
