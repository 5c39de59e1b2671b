//! Where the gains lie and which way they point: shares, medians, superiority.

use super::{Figure, JointHistogram, Undefined};

/// Shares (0 to 1) and order statistics (points of the scale).
#[derive(Debug, Clone, PartialEq)]
pub struct Location {
    /// Learners who rose.
    pub improved: u64,
    /// Learners who stayed.
    pub same: u64,
    /// Learners who fell.
    pub declined: u64,
    /// Share who rose.
    pub prop_improved: Figure,
    /// Share who stayed.
    pub prop_same: Figure,
    /// Share who fell.
    pub prop_declined: Figure,
    /// Median of after − before.
    pub median_gain: Figure,
    /// Median of the n(n+1)/2 Walsh averages over all differences (Hodges and Lehmann 1963).
    pub hodges_lehmann: Figure,
    /// (rises + ½ unchanged)/n: how probably a learner ends higher (Grissom 1994, for pairs).
    pub prob_superiority: Figure,
    /// (rises − falls)/n (Cliff 1993, dominance within pairs).
    pub dominance_paired: Figure,
    /// Cliff's delta (1993) of the two margins, as if they were different people: P(after > before) − P(after < before).
    pub cliff_delta_marginal: Figure,
    /// Share at the top of the scale before: the ceiling.
    pub prop_before_at_max: Figure,
    /// Share at the top after.
    pub prop_after_at_max: Figure,
    /// Share at the bottom before.
    pub prop_before_at_min: Figure,
}

impl Location {
    /// Computes all of them.
    pub fn of(histogram: &JointHistogram) -> Self {
        let differences = histogram.differences();
        let (before, after) = (histogram.before_margin(), histogram.after_margin());
        let n = histogram.n();
        let some = if n == 0 { Err(Undefined::NoLearners) } else { Ok(()) };
        let share = |count: u64| some.map(|()| count as f64 / n as f64);
        let count_where = |wanted: fn(i32) -> bool| {
            differences.iter().filter(|difference| wanted(difference.0)).map(|difference| difference.1).sum::<u64>()
        };
        let at = |margin: &[(i32, u64)], rating: i32| {
            margin.iter().find(|entry| entry.0 == rating).map_or(0, |entry| entry.1)
        };
        let improved = count_where(|d| d > 0);
        let same = count_where(|d| d == 0);
        let declined = count_where(|d| d < 0);
        let (min, max) = (histogram.scale().min(), histogram.scale().max());
        Self {
            improved,
            same,
            declined,
            prop_improved: share(improved),
            prop_same: share(same),
            prop_declined: share(declined),
            median_gain: some.map(|()| median(&differences, n)),
            hodges_lehmann: some.map(|()| hodges_lehmann(&differences, n)),
            prob_superiority: some.map(|()| (2 * improved + same) as f64 / (2 * n) as f64),
            dominance_paired: some.map(|()| (improved as f64 - declined as f64) / n as f64),
            cliff_delta_marginal: some.map(|()| dominance(&after, &before) / (n as f64 * n as f64)),
            prop_before_at_max: share(at(&before, max)),
            prop_after_at_max: share(at(&after, max)),
            prop_before_at_min: share(at(&before, min)),
        }
    }
}

/// The middle of the sorted values, or the mean of the two in the middle.
fn median(values: &[(i32, u64)], n: u64) -> f64 {
    let value_at = |position: u64| {
        let mut passed = 0;
        for &(value, count) in values {
            passed += count;
            if passed > position {
                return f64::from(value);
            }
        }
        0.0
    };
    (value_at((n - 1) / 2) + value_at(n / 2)) / 2.0
}

/// The median of (dᵢ + dⱼ)/2 over i ≤ j, found by counting the pairs up to a sum and halving the range of sums.
fn hodges_lehmann(differences: &[(i32, u64)], n: u64) -> f64 {
    let pairs = u128::from(n) * (u128::from(n) + 1) / 2;
    let (lowest, highest) = match (differences.first(), differences.last()) {
        (Some(first), Some(last)) => (2 * first.0, 2 * last.0),
        _ => return 0.0,
    };
    let sum_at = |position: u128| {
        let (mut low, mut high) = (lowest, highest);
        while low < high {
            let middle = low + (high - low) / 2;
            if pairs_up_to(differences, middle) > position {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        f64::from(low)
    };
    // The mean of two sums, and each sum is twice its average.
    (sum_at((pairs - 1) / 2) + sum_at(pairs / 2)) / 4.0
}

/// How many pairs i ≤ j of learners have dᵢ + dⱼ ≤ `sum`. Ordered pairs are counted with two fingers; adding the
/// learners paired with themselves and halving leaves the unordered ones.
fn pairs_up_to(differences: &[(i32, u64)], sum: i32) -> u128 {
    let mut partners: u128 = differences.iter().map(|difference| u128::from(difference.1)).sum();
    let mut upper = differences.len();
    let mut ordered = 0_u128;
    let mut with_self = 0_u128;
    for &(difference, count) in differences {
        while upper > 0 && differences[upper - 1].0 + difference > sum {
            upper -= 1;
            partners -= u128::from(differences[upper].1);
        }
        ordered += u128::from(count) * partners;
        if 2 * difference <= sum {
            with_self += u128::from(count);
        }
    }
    (ordered + with_self) / 2
}

/// Pairs (one of `upper`, one of `lower`) where the first is larger, minus those where it is smaller.
fn dominance(upper: &[(i32, u64)], lower: &[(i32, u64)]) -> f64 {
    let all: i128 = lower.iter().map(|entry| i128::from(entry.1)).sum();
    let mut below = 0_i128;
    let mut next = 0;
    let mut sum = 0_i128;
    for &(value, count) in upper {
        while next < lower.len() && lower[next].0 < value {
            below += i128::from(lower[next].1);
            next += 1;
        }
        let equal = if next < lower.len() && lower[next].0 == value { i128::from(lower[next].1) } else { 0 };
        let above = all - below - equal;
        sum += i128::from(count) * (below - above);
    }
    sum as f64
}
