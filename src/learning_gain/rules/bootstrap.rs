//! The BCa bootstrap interval of the mean gain (Efron 1987), from counts: a resample of learners is a multinomial
//! draw of counts, so its cost is the number of distinct gains, not of learners.

use super::tails::{NORMAL_975, normal_cdf, normal_quantile};
use super::{Figure, Interval, JointHistogram, Undefined};

/// Resamples. Efron and Tibshirani (1993, §14) ask for at least 1,000 for BCa; ten times as many settle its ends.
pub const RESAMPLES: usize = 10_000;
/// Below this many learners the interval is too narrow to show (its coverage is well under 95%).
pub const SHOWN_FROM: u64 = 8;
/// A resample costs a draw for each different gain, so this is ten million draws. Ratings and totals of a questionnaire
/// have far fewer gains; the widest scale has forty thousand.
pub const GAINS_MOST: usize = 1_000;
/// Fixed, so that the same answers give the same interval everywhere and always.
const SEED: u64 = 20_250_303;

/// The 95% BCa interval of the mean gain, in points, where enough learners are behind it to be shown.
///
/// # Errors
/// [`Undefined`] where there is none, or with fewer than eight learners.
pub fn shown_bca_interval(histogram: &JointHistogram) -> Figure<Interval> {
    match histogram.n() {
        n if (2..SHOWN_FROM).contains(&n) => Err(Undefined::FewerThanEight),
        _ => bca_interval(histogram),
    }
}

/// The 95% BCa interval of the mean gain, in points, however few learners there are. Views and exports take
/// [`shown_bca_interval`].
///
/// # Errors
/// [`Undefined`] without learners, with one learner, when all gains are equal, or with more than [`GAINS_MOST`] different
/// ones.
pub fn bca_interval(histogram: &JointHistogram) -> Figure<Interval> {
    let gains = histogram.differences();
    let n = histogram.n();
    match (n, gains.len()) {
        (0, _) => return Err(Undefined::NoLearners),
        (1, _) => return Err(Undefined::FewerThanTwo),
        (_, 1) => return Err(Undefined::SdGainZero),
        (_, different) if different > GAINS_MOST => return Err(Undefined::TooManyGains),
        _ => {}
    }
    let sum: i128 = gains.iter().map(|&(gain, count)| i128::from(gain) * i128::from(count)).sum();
    let mut resampled = resampled_sums(&gains, n);
    resampled.sort_unstable();

    let bias = bias_correction(&resampled, sum);
    let acceleration = acceleration(&gains, sum as f64 / n as f64);
    let end = |z: f64| {
        let shifted = bias + z;
        let share = normal_cdf(bias + shifted / (1.0 - acceleration * shifted));
        quantile(&resampled, share) / n as f64
    };
    Ok(Interval { low: end(-NORMAL_975), high: end(NORMAL_975) })
}

/// Sums of gains of [`RESAMPLES`] samples of n learners drawn with replacement: Multinomial(n, counts/n), one
/// binomial draw after the other.
fn resampled_sums(gains: &[(i32, u64)], n: u64) -> Vec<i128> {
    let mut random = SplitMix::new(SEED);
    (0..RESAMPLES)
        .map(|_| {
            let (mut draws, mut weight, mut sum) = (n, n, 0);
            for &(gain, count) in gains {
                let drawn = if count == weight { draws } else { random.binomial(draws, count as f64 / weight as f64) };
                sum += i128::from(gain) * i128::from(drawn);
                draws -= drawn;
                weight -= count;
            }
            sum
        })
        .collect()
}

/// z₀: how far the median of the resamples lies from the estimate. Equal values count half, as in scipy.
fn bias_correction(sorted: &[i128], estimate: i128) -> f64 {
    let below = sorted.partition_point(|&sum| sum < estimate);
    let up_to = sorted.partition_point(|&sum| sum <= estimate);
    let size = sorted.len() as f64;
    let share = (below + up_to) as f64 / (2.0 * size);
    normal_quantile(share.clamp(0.5 / size, 1.0 - 0.5 / size))
}

/// The acceleration from the jackknife: leaving out a learner with gain d moves the mean by (d − mean)/(n − 1), so
/// one term per gain serves all learners who have it.
fn acceleration(gains: &[(i32, u64)], mean: f64) -> f64 {
    let moment = |power: i32| -> f64 {
        gains.iter().map(|&(gain, count)| count as f64 * (f64::from(gain) - mean).powi(power)).sum()
    };
    moment(3) / (6.0 * moment(2).powf(1.5))
}

/// The value below which a share of the sorted values lies, straight between neighbours.
fn quantile(sorted: &[i128], share: f64) -> f64 {
    let position = share.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let part = position - below as f64;
    sorted[below] as f64 * (1.0 - part) + sorted[above] as f64 * part
}

/// SplitMix64 (Steele, Lea and Flood 2014): small, fast, passes BigCrush; a resample needs no more.
struct SplitMix {
    state: u64,
}

impl SplitMix {
    fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Uniform on (0, 1), both ends left out.
    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        ((bits >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Binomial(n, p) for 0 < p < 1.
    fn binomial(&mut self, n: u64, p: f64) -> u64 {
        /// From this mean on Hörmann's rejection is valid; below, counting up is quick.
        const REJECTION_FROM: f64 = 10.0;
        if n == 0 {
            return 0;
        }
        let mirrored = p > 0.5;
        let q = if mirrored { 1.0 - p } else { p };
        let drawn = if n as f64 * q < REJECTION_FROM {
            self.binomial_by_counting(n, q)
        } else {
            self.binomial_by_rejection(n, q)
        };
        if mirrored { n - drawn } else { drawn }
    }

    /// Inversion: walks up the probabilities until they exceed a uniform number.
    fn binomial_by_counting(&mut self, n: u64, p: f64) -> u64 {
        let odds = p / (1.0 - p);
        let mut probability = (n as f64 * (-p).ln_1p()).exp();
        let mut left = self.uniform();
        let mut k = 0;
        while left > probability && k < n {
            left -= probability;
            probability *= (n - k) as f64 / (k + 1) as f64 * odds;
            k += 1;
        }
        k
    }

    /// Hörmann's BTRS (1993): transformed rejection with a squeeze, its constants from the paper.
    fn binomial_by_rejection(&mut self, n: u64, p: f64) -> u64 {
        let count = n as f64;
        let spread = (count * p * (1.0 - p)).sqrt();
        let b = 1.15 + 2.53 * spread;
        let a = -0.0873 + 0.0248 * b + 0.01 * p;
        let centre = count * p + 0.5;
        let accept_below = 0.92 - 4.2 / b;
        let alpha = (2.83 + 5.1 / b) * spread;
        let ln_odds = (p / (1.0 - p)).ln();
        let mode = ((count + 1.0) * p).floor();
        let ln_mode = libm::lgamma(mode + 1.0) + libm::lgamma(count - mode + 1.0);
        loop {
            let u = self.uniform() - 0.5;
            let v = self.uniform();
            let from_end = 0.5 - u.abs();
            let k = ((2.0 * a / from_end + b) * u + centre).floor();
            if k < 0.0 || k > count {
                continue;
            }
            if from_end >= 0.07 && v <= accept_below {
                return k as u64;
            }
            let height = (v * alpha / (a / (from_end * from_end) + b)).ln();
            let ln_ratio = ln_mode - libm::lgamma(k + 1.0) - libm::lgamma(count - k + 1.0) + (k - mode) * ln_odds;
            if height <= ln_ratio {
                return k as u64;
            }
        }
    }
}
