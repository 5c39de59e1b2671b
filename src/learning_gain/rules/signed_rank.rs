//! Wilcoxon's signed rank test (1945) and its kin, from the counts per difference.
//!
//! On a five-point scale nearly all learners share their |difference| with others and many do not change at all, so
//! the textbook's exact test almost never applies. The tie-aware exact test does, and is the one to show.

use super::tails::{fair_coin_two_sided_p, normal_two_sided_log10_p, normal_two_sided_p};
use super::{Figure, Undefined};

/// The most changed learners for the tie-aware exact test: beyond, the normal approximation agrees to three digits.
pub const MOST_FOR_TIE_AWARE_EXACT: u64 = 100;
/// The most changed learners for the textbook's exact test, as scipy and R have it.
pub const MOST_FOR_TEXTBOOK_EXACT: u64 = 50;

/// The signed rank statistics. Ranks have no unit; W⁺ belongs to rises.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedRank {
    /// Learners who changed.
    pub n_nonzero: u64,
    /// Learners who did not.
    pub n_zero: u64,
    /// Σ(t³ − t) over groups of t equal |differences|.
    pub tie_sum: i128,
    /// Sum of the ranks of rises.
    pub w_plus: Figure,
    /// Sum of the ranks of falls.
    pub w_minus: Figure,
    /// The smaller of the two sums.
    pub statistic: Figure,
    /// (W⁺ − E)/√Var, signed, without continuity correction; for m changed learners E = m(m+1)/4 and
    /// Var = m(m+1)(2m+1)/24 − Σ(t³ − t)/48 (Lehmann 1975).
    pub z: Figure,
    /// 2Φ(−|z|).
    pub p: Figure,
    /// log₁₀ of it, which does not underflow.
    pub log10_p: Figure,
    /// With continuity correction ½ (none when W⁺ equals its mean), as R's `wilcox.test`: a sensitivity value.
    pub p_continuity: Figure,
    /// With Pratt's treatment of zeros (1959), which ranks them and then drops them: a sensitivity value.
    pub p_pratt: Figure,
    /// The textbook's exact p: no ties, no zeros, at most [`MOST_FOR_TEXTBOOK_EXACT`].
    pub p_exact: Figure,
    /// Exact given the ties (zeros dropped): min(1, 2·smaller tail), by the shift algorithm of Streitberg and Röhmel
    /// (1986). Equals exactRankTests' `wilcox.exact`.
    pub p_exact_conditional: Figure,
    /// Binomial test of rises against falls (Dixon and Mood 1946).
    pub sign_test_p: Figure,
    /// (W⁺ − W⁻)/(W⁺ + W⁻), −1 to 1 (Kerby 2014).
    pub rank_biserial: Figure,
}

/// Learners whose difference has the same size.
struct Level {
    rises: u64,
    falls: u64,
    /// Twice their midrank among the changed, an integer.
    doubled_rank: i128,
}

impl Level {
    fn ties(&self) -> i128 {
        i128::from(self.rises) + i128::from(self.falls)
    }
}

impl SignedRank {
    /// Computes all of them from (difference, learners) in order of the difference.
    pub fn of(differences: &[(i32, u64)]) -> Self {
        let n_zero = differences.iter().find(|difference| difference.0 == 0).map_or(0, |difference| difference.1);
        let levels = rank_levels(differences);
        let m: i128 = levels.iter().map(Level::ties).sum();
        let tie_sum: i128 = levels.iter().map(|level| level.ties().pow(3) - level.ties()).sum();

        let changed = match (m, n_zero) {
            (0, 0) => Err(Undefined::NoLearners),
            (0, _) => Err(Undefined::NoNonzeroDifferences),
            _ => Ok(()),
        };
        // All rank sums are kept doubled and all distances fourfold, so that they stay integers.
        let doubled_plus: i128 = levels.iter().map(|level| level.doubled_rank * i128::from(level.rises)).sum();
        let doubled_minus: i128 = levels.iter().map(|level| level.doubled_rank * i128::from(level.falls)).sum();
        let fourfold_distance = 2 * doubled_plus - m * (m + 1);
        let variance = (2 * m * (m + 1) * (2 * m + 1) - tie_sum) as f64 / 48.0;
        let z = fourfold_distance as f64 / 4.0 / variance.sqrt();
        let z_continuity = (fourfold_distance.abs() - 2).max(0) as f64 / 4.0 / variance.sqrt();
        let rises: u64 = levels.iter().map(|level| level.rises).sum();
        let falls: u64 = levels.iter().map(|level| level.falls).sum();
        let has_ties = tie_sum > 0;

        Self {
            n_nonzero: rises + falls,
            n_zero,
            tie_sum,
            w_plus: changed.map(|()| doubled_plus as f64 / 2.0),
            w_minus: changed.map(|()| doubled_minus as f64 / 2.0),
            statistic: changed.map(|()| doubled_plus.min(doubled_minus) as f64 / 2.0),
            z: changed.map(|()| z),
            p: changed.map(|()| normal_two_sided_p(z)),
            log10_p: changed.map(|()| normal_two_sided_log10_p(z)),
            p_continuity: changed.map(|()| normal_two_sided_p(z_continuity)),
            p_pratt: changed.map(|()| normal_two_sided_p(pratt_z(&levels, i128::from(n_zero), m, tie_sum))),
            p_exact: changed.and_then(|()| match (has_ties, n_zero > 0) {
                (true, true) => Err(Undefined::TiesAndZerosPresent),
                (true, false) => Err(Undefined::TiesPresent),
                (false, true) => Err(Undefined::ZerosPresent),
                (false, false) if m > i128::from(MOST_FOR_TEXTBOOK_EXACT) => Err(Undefined::TooManyForExact),
                (false, false) => Ok(exact_p(&levels, doubled_plus.min(doubled_minus))),
            }),
            p_exact_conditional: changed.and_then(|()| {
                if m > i128::from(MOST_FOR_TIE_AWARE_EXACT) {
                    return Err(Undefined::TooManyForExact);
                }
                Ok(exact_p(&levels, doubled_plus.min(doubled_minus)))
            }),
            sign_test_p: changed.map(|()| fair_coin_two_sided_p(rises.min(falls), rises.max(falls))),
            rank_biserial: changed
                .map(|()| (doubled_plus - doubled_minus) as f64 / (doubled_plus + doubled_minus) as f64),
        }
    }
}

/// Groups by |difference|, smallest first, with doubled midranks: a group of t after c others has (2c + t + 1)/2.
fn rank_levels(differences: &[(i32, u64)]) -> Vec<Level> {
    let mut by_size: Vec<(u32, u64, u64)> = Vec::new();
    for &(difference, count) in differences.iter().filter(|difference| difference.0 != 0 && difference.1 != 0) {
        let (rises, falls) = if difference > 0 { (count, 0) } else { (0, count) };
        by_size.push((difference.unsigned_abs(), rises, falls));
    }
    by_size.sort_unstable_by_key(|level| level.0);
    by_size.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            earlier.1 += later.1;
            earlier.2 += later.2;
        }
        same
    });
    let mut ranked = 0;
    by_size
        .into_iter()
        .map(|(_, rises, falls)| {
            let mut level = Level { rises, falls, doubled_rank: 0 };
            level.doubled_rank = 2 * ranked + level.ties() + 1;
            ranked += level.ties();
            level
        })
        .collect()
}

/// z with zeros ranked first and then dropped. With n₀ zeros every changed learner's rank rises by n₀; mean and
/// variance lose the part that the zeros' ranks 1..n₀ had (Pratt 1959, Cureton 1967; scipy's `zero_method="pratt"`).
fn pratt_z(levels: &[Level], zeros: i128, changed: i128, tie_sum: i128) -> f64 {
    let n = zeros + changed;
    let doubled_plus: i128 =
        levels.iter().map(|level| (level.doubled_rank + 2 * zeros) * i128::from(level.rises)).sum();
    let fourfold_distance = 2 * doubled_plus - (n * (n + 1) - zeros * (zeros + 1));
    let variance_48 = 2 * (n * (n + 1) * (2 * n + 1) - zeros * (zeros + 1) * (2 * zeros + 1)) - tie_sum;
    fourfold_distance as f64 / 4.0 / (variance_48 as f64 / 48.0).sqrt()
}

/// The permutation distribution of W⁺ given the ties: the level with t learners of midrank r contributes
/// r·Binomial(t, ½), and the levels are independent. Twice the probability of a sum up to the smaller one.
fn exact_p(levels: &[Level], doubled_smaller: i128) -> f64 {
    let reach = |doubled: i128| usize::try_from(doubled).unwrap_or(usize::MAX);
    let smaller = reach(doubled_smaller);
    // Only sums up to the smaller rank sum matter, and it lies below the middle.
    let mut probability = vec![0.0_f64; smaller + 1];
    probability[0] = 1.0;
    for level in levels {
        let rank = reach(level.doubled_rank);
        // Learner by learner, each rank is in the sum or not; from above, so that none enters twice.
        for _ in 0..level.ties() {
            for sum in (0..=smaller).rev() {
                let without = probability[sum];
                let with = if sum >= rank { probability[sum - rank] } else { 0.0 };
                probability[sum] = 0.5 * (without + with);
            }
        }
    }
    (2.0 * probability.iter().sum::<f64>()).min(1.0)
}
